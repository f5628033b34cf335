
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Which operators are there: a table in the shared zone, written by the
 * event loops of all workers, read by any thread without a lock.  An operator
 * is present while the chosen status is online and a poll or stream was open
 * within NGX_CHAT_PRESENCE_GRACE.
 */

#ifndef NGX_CHAT_PRESENCE_H
#define NGX_CHAT_PRESENCE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/operator.h"


#define NGX_CHAT_PRESENCE_MAX    512        /* operators seen at one time */
#define NGX_CHAT_PRESENCE_GRACE  45000      /* ms */


typedef struct ngx_chat_presence_s  ngx_chat_presence_t;


/* bytes that the table needs in the zone; the memory must be zeroed */
size_t ngx_chat_presence_size(void);

/*
 * Event loop.  _choose: the operator has made this choice.  _touch: the
 * operator has a poll or stream open now; status is the stored choice, for a
 * zone that has not seen this operator before.  Both return 1 when the
 * operator was not present before and is now, or the other way round; the
 * caller publishes it.
 */
ngx_uint_t ngx_chat_presence_choose(ngx_chat_presence_t *p, int64_t operator,
    ngx_chat_status_e status, int64_t now);
ngx_uint_t ngx_chat_presence_touch(ngx_chat_presence_t *p, int64_t operator,
    ngx_chat_status_e status, int64_t now);

/* the same: the operator has left, and there is no grace */
ngx_uint_t ngx_chat_presence_leave(ngx_chat_presence_t *p, int64_t operator);

/* any thread: the choice as the zone knows it, or otherwise */
ngx_chat_status_e ngx_chat_presence_status(ngx_chat_presence_t *p,
    int64_t operator, ngx_chat_status_e otherwise);

/* any thread: is this operator present; would it be, with this choice; is
   anybody */
ngx_uint_t ngx_chat_presence_of(ngx_chat_presence_t *p, int64_t operator,
    int64_t now);
ngx_uint_t ngx_chat_presence_with(ngx_chat_presence_t *p, int64_t operator,
    ngx_chat_status_e status, int64_t now);
ngx_uint_t ngx_chat_presence_any(ngx_chat_presence_t *p, int64_t now);

/* any thread: does any operator listen, present or not */
ngx_uint_t ngx_chat_presence_heard(ngx_chat_presence_t *p, int64_t now);

/* any thread: how many are */
ngx_uint_t ngx_chat_presence_count(ngx_chat_presence_t *p, int64_t now);


typedef struct {
    int64_t              operator;
    ngx_chat_status_e    status;
    ngx_uint_t           present;
} ngx_chat_presence_change_t;

/*
 * Event loop, about once a second by whichever worker comes first: those
 * whose grace ended since the last sweep, up to n of them, are marked gone
 * and stand in changes.  Returns their number.
 */
ngx_uint_t ngx_chat_presence_sweep(ngx_chat_presence_t *p, int64_t now,
    ngx_chat_presence_change_t *changes, ngx_uint_t n);


#endif /* NGX_CHAT_PRESENCE_H */
