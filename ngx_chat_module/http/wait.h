
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Waiting for events: long-poll and stream, at the same address.  A waiter
 * costs its request and some 150 bytes, and has no timer of its own: one
 * wheel of seconds serves all.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_WAIT_H
#define NGX_HTTP_CHAT_WAIT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "hub/hub.h"
#include "http/request.h"


typedef struct {
    uint64_t      topic;
    ngx_str_t     uid;              /* a visitor's; empty: an operator */
    int64_t       after;
    ngx_msec_t    wait;             /* ms */
    ngx_uint_t    stream;
} ngx_http_chat_wait_conf_t;


/* takes over the request: answers it now or later */
ngx_int_t ngx_http_chat_wait(ngx_http_chat_ctx_t *ctx,
    ngx_http_chat_wait_conf_t *conf);

/* the hub's: there is something for the waiter */
void ngx_http_chat_wait_wake(ngx_chat_waiter_t *waiter);

/* it waits for nothing more; its last answer may still be on the way */
void ngx_http_chat_wait_leave(ngx_http_chat_wait_t *w);

/*
 * The wheel's: the waiter's time has come.  What
 * ngx_http_finalize_request() wants.
 */
ngx_int_t ngx_http_chat_wait_turn(ngx_http_chat_wait_t *w);

/* an operator's sessions ended, or with 0 perhaps anybody's: their waiters
   must show who they are */
void ngx_http_chat_wait_revoke(int64_t operator);


#endif /* NGX_HTTP_CHAT_WAIT_H */
