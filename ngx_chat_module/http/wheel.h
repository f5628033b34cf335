
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * When to look at a waiter again: one wheel of seconds for all of a worker's
 * waiters instead of a timer each.  Those whose time has come are served in
 * parts, other events in between.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_WHEEL_H
#define NGX_HTTP_CHAT_WHEEL_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/request.h"


/* seconds that no clock set by people moves */
#define ngx_http_chat_wheel_now()  ((int64_t) (ngx_current_msec / 1000))


/* until its deadline, or the next heartbeat if that comes first */
void ngx_http_chat_wheel_add(ngx_http_chat_wait_t *w);

/* it is over; also when it was not in the wheel */
void ngx_http_chat_wheel_remove(ngx_http_chat_wait_t *w);

/* its time has come; not at once: the caller may be in the middle of a list */
void ngx_http_chat_wheel_hurry(ngx_http_chat_wait_t *w);

/* the worker is to exit: all hurry, evenly over an eighth of a second; may be
   called again for those who came meanwhile */
void ngx_http_chat_wheel_leave(void);

/* the time of a visitor who is refused now has come: to ask again */
void ngx_http_chat_wheel_review(ngx_http_chat_wait_t *w);

/*
 * Reviews who waits on a visitor's topic or, with 0, all visitors, as some
 * network was blocked: then a slot at a time, other events in between.
 */
void ngx_http_chat_wheel_blocked(uint64_t topic);

/* once a second */
void ngx_http_chat_wheel_tick(void);


#endif /* NGX_HTTP_CHAT_WHEEL_H */
