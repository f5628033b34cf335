
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * How often somebody does something that need not be done each time.  A small
 * table without chains: who falls onto the place of another begins anew, so it
 * never grows and never holds up somebody who did nothing.  Event loop.
 */

#ifndef NGX_CHAT_PACE_H
#define NGX_CHAT_PACE_H


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CHAT_PACE_SLOTS  1024


typedef struct {
    uint64_t     who;
    ngx_msec_t   since;
    ngx_uint_t   n;
} ngx_chat_pace_slot_t;


/* zeroed by its owner */

typedef struct {
    ngx_chat_pace_slot_t   slots[NGX_CHAT_PACE_SLOTS];
} ngx_chat_pace_t;


/*
 * Counts once more.  True for the first "most" times within a window, which
 * begins with the first of them; who must be spread well (a hash); now and
 * window in ms.
 */
ngx_uint_t ngx_chat_pace(ngx_chat_pace_t *pace, uint64_t who, ngx_uint_t most,
    ngx_msec_t window, ngx_msec_t now);


#endif /* NGX_CHAT_PACE_H */
