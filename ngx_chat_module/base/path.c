
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "base/path.h"


ngx_uint_t
ngx_chat_path_match(ngx_str_t *pattern, ngx_str_t *path, int64_t *id)
{
    u_char     *p, *s, *plast, *slast, *digits;
    ngx_int_t   n;

    n = 0;
    p = pattern->data;
    plast = p + pattern->len;
    s = path->data;
    slast = s + path->len;

    while (p < plast && s < slast) {

        if (*p != ':') {

            if (*p++ != *s++) {
                return 0;
            }

            continue;
        }

        p += sizeof(":id") - 1;

        for (digits = s; s < slast && *s >= '0' && *s <= '9'; s++) {
            /* void */
        }

        n = ngx_atoi(digits, s - digits);

        if (n <= 0) {
            return 0;
        }
    }

    if (p < plast || s < slast) {
        return 0;
    }

    if (n) {
        *id = n;
    }

    return 1;
}


ngx_uint_t
ngx_chat_path_safe(ngx_str_t *path)
{
    size_t  i;
    u_char  c, last;

    last = '/';

    for (i = 0; i < path->len; i++) {
        c = path->data[i];

        if (c == '.' && last == '/') {
            return 0;
        }

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.' || c == '-' || c == '_' || c == '/'))
        {
            return 0;
        }

        last = c;
    }

    return 1;
}
