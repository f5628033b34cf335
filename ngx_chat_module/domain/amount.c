
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/amount.h"


ngx_int_t
ngx_chat_amount_check(ngx_str_t *value)
{
    u_char  *p, *last, *point;

    last = value->data + value->len;
    point = NULL;

    for (p = value->data; p < last; p++) {

        if (*p == '.' && point == NULL && p > value->data) {
            point = p;

        } else if (*p < '0' || *p > '9') {
            return NGX_DECLINED;
        }
    }

    if (point == NULL) {
        return value->len <= 12 ? NGX_OK : NGX_DECLINED;
    }

    return point - value->data <= 12 && last - point >= 2 && last - point <= 4
           ? NGX_OK : NGX_DECLINED;
}


int64_t
ngx_chat_amount_thousandths(u_char *amount)
{
    int64_t     n;
    ngx_int_t   decimals;

    n = 0;
    decimals = -1;

    for ( /* void */ ; *amount; amount++) {

        if (*amount == '.') {
            decimals = 0;
            continue;
        }

        n = n * 10 + (*amount - '0');

        if (decimals >= 0) {
            decimals++;
        }
    }

    for (decimals = ngx_max(decimals, 0); decimals < 3; decimals++) {
        n *= 10;
    }

    return n;
}


void
ngx_chat_amount_decimals(int64_t thousandths, u_char *dst)
{
    if (thousandths % 10) {
        (void) ngx_sprintf(dst, "%L.%03L%Z", thousandths / 1000,
                           thousandths % 1000);

    } else {
        (void) ngx_sprintf(dst, "%L.%02L%Z", thousandths / 1000,
                           thousandths % 1000 / 10);
    }
}
