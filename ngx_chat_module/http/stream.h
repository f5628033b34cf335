
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A waiter that streams: server-sent events (HTML Living Standard, 9.2).
 * Bounded: a stream pulls from the hub only what its connection takes; when
 * it falls so far behind that the window has moved on, it catches up from
 * the database like anybody.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_STREAM_H
#define NGX_HTTP_CHAT_STREAM_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "command/events.h"
#include "hub/hub.h"
#include "http/request.h"


typedef struct ngx_http_chat_frame_s  ngx_http_chat_frame_t;


struct ngx_http_chat_wait_s {
    ngx_chat_waiter_t          waiter;
    ngx_queue_t                wheel;
    ngx_http_request_t        *request;
    ngx_http_chat_ctx_t       *ctx;
    ngx_str_t                  uid;         /* a visitor's, or empty */
    int64_t                    deadline;    /* s */
    int64_t                    due;         /* s, the next look at it */
    ngx_http_chat_frame_t     *frames;      /* not sent yet, oldest first */
    ngx_http_chat_frame_t    **last;
    ngx_chain_t               *flush;       /* an empty buffer of a stream */
    unsigned                   poll:1;      /* else a stream */
    unsigned                   parked:1;    /* in the wheel */
};


/* the header and a first comment, so that proxies pass the rest on */
ngx_int_t ngx_http_chat_stream_start(ngx_http_chat_wait_t *w);

/*
 * Sends what the hub has.  NGX_OK: it has all, or the connection is full and
 * its writer goes on; NGX_DECLINED: it must catch up; NGX_ERROR.
 */
ngx_int_t ngx_http_chat_stream_pull(ngx_http_chat_wait_t *w);

/* the connection has not taken all that was sent: its writer goes on */
ngx_uint_t ngx_http_chat_stream_full(ngx_http_chat_wait_t *w);

/* sends a page from the database */
ngx_int_t ngx_http_chat_stream_page(ngx_http_chat_wait_t *w,
    ngx_chat_events_args_t *args);

/* a comment, and the cursor as it is now */
ngx_int_t ngx_http_chat_stream_beat(ngx_http_chat_wait_t *w);

/* the end, for the client to come again; what finalize_request() wants */
ngx_int_t ngx_http_chat_stream_end(ngx_http_chat_wait_t *w);


#endif /* NGX_HTTP_CHAT_STREAM_H */
