
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/brake.h"


ngx_str_t  ngx_chat_brake_names[] = {
    ngx_string("none"),
    ngx_string("visitor"),
    ngx_string("address"),
    ngx_string("repeat"),
    ngx_string("delay"),
    ngx_string("links"),
    ngx_string("form"),
    ngx_string("words")
};


ngx_chat_brake_e
ngx_chat_brake(ngx_chat_brake_facts_t *facts, int64_t *wait)
{
    ngx_uint_t        i;
    ngx_chat_brake_e  brake;

    struct {
        ngx_chat_brake_e    brake;
        int64_t             wait;
    } brakes[] = {
        { NGX_CHAT_BRAKE_VISITOR, facts->visitor },
        { NGX_CHAT_BRAKE_ADDRESS, facts->address },
        { NGX_CHAT_BRAKE_REPEAT, facts->repeat },
        { NGX_CHAT_BRAKE_DELAY, facts->first ? facts->delay : 0 }
    };

    *wait = 0;
    brake = NGX_CHAT_BRAKE_NONE;

    /* no time makes such a message better */

    if (facts->first && facts->links_max && facts->links > facts->links_max) {
        return NGX_CHAT_BRAKE_LINKS;
    }

    for (i = 0; i < sizeof(brakes) / sizeof(brakes[0]); i++) {

        if (brakes[i].wait <= 0) {
            continue;
        }

        if (brake == NGX_CHAT_BRAKE_NONE) {
            brake = brakes[i].brake;
        }

        *wait = ngx_max(*wait, brakes[i].wait);
    }

    return brake;
}


ngx_uint_t
ngx_chat_brake_links(ngx_str_t *text)
{
    u_char      *p, *last;
    ngx_uint_t   i, n, start;

    static ngx_str_t  marks[] = {
        ngx_string("http://"),
        ngx_string("https://"),
        ngx_string("www.")
    };

    n = 0;
    start = 1;
    last = text->data + text->len;

    for (p = text->data; p < last; p++) {

        for (i = 0; start && i < sizeof(marks) / sizeof(marks[0]); i++) {

            if ((size_t) (last - p) > marks[i].len
                && ngx_strncasecmp(p, marks[i].data, marks[i].len) == 0)
            {
                n++;
                p += marks[i].len - 1;
                break;
            }
        }

        /* "https://www." is one */

        start = !((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z')
                  || (*p >= 'A' && *p <= 'Z') || *p == '/' || *p == '.'
                  || *p >= 0x80);
    }

    return n;
}
