
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/pace.h"


ngx_uint_t
ngx_chat_pace(ngx_chat_pace_t *pace, uint64_t who, ngx_uint_t most,
    ngx_msec_t window, ngx_msec_t now)
{
    ngx_chat_pace_slot_t  *s;

    s = &pace->slots[who % NGX_CHAT_PACE_SLOTS];

    if (s->n == 0 || s->who != who || now - s->since >= window) {
        s->who = who;
        s->since = now;
        s->n = 0;
    }

    /* stays above and does not wrap */

    if (s->n <= most) {
        s->n++;
    }

    return s->n <= most;
}
