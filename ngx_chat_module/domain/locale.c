
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/header.h"
#include "domain/locale.h"


static ngx_int_t ngx_chat_locale_find(ngx_str_t *range);


/* the first is for everybody whose language is not here */

const char  *ngx_chat_locales[] = { "en", "fr", "de" };


/* a plain tag is a header with one item */

ngx_uint_t
ngx_chat_locale_for(ngx_str_t *locale)
{
    ngx_int_t   weight, best, i;
    ngx_str_t   rest, range;
    ngx_uint_t  found;

    best = 0;
    found = 0;
    rest = *locale;

    while (rest.len) {
        weight = ngx_chat_header_item(&rest, &range);

        /* the first one of equals wins, and weight 0 never does */

        if (weight <= best) {
            continue;
        }

        i = ngx_chat_locale_find(&range);

        if (i != NGX_DECLINED) {
            best = weight;
            found = i;
        }
    }

    return found;
}


/* the language must match, its regions and scripts need not */

static ngx_int_t
ngx_chat_locale_find(ngx_str_t *range)
{
    size_t     len;
    ngx_int_t  i;

    if (range->len == 1 && range->data[0] == '*') {
        return 0;
    }

    for (i = 0; i < NGX_CHAT_LOCALES; i++) {

        len = ngx_strlen(ngx_chat_locales[i]);

        if (range->len < len
            || ngx_strncasecmp(range->data, (u_char *) ngx_chat_locales[i],
                               len)
               != 0)
        {
            continue;
        }

        if (range->len == len || range->data[len] == '-') {
            return i;
        }
    }

    return NGX_DECLINED;
}
