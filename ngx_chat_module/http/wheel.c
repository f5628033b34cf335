
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/blocks.h"
#include "http/stream.h"
#include "http/wait.h"
#include "http/wheel.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_WHEEL  64         /* seconds */
#define NGX_HTTP_CHAT_BEAT   20         /* seconds between heartbeats */
#define NGX_HTTP_CHAT_DUE    256        /* waiters in one go */
#define NGX_HTTP_CHAT_STEP   10         /* ms between two, at exit */
#define NGX_HTTP_CHAT_STEPS  25         /* until all have been sent away */
#define NGX_HTTP_CHAT_FEW    64         /* in one go, at exit, at least */


static void ngx_http_chat_wheel_init(void);
static void ngx_http_chat_wheel_due(ngx_event_t *ev);
static void ngx_http_chat_wheel_step(ngx_event_t *ev);
static void ngx_http_chat_wheel_look(ngx_event_t *ev);


/* one a worker */

static struct {
    ngx_queue_t    slots[NGX_HTTP_CHAT_WHEEL];
    ngx_queue_t    due;                     /* their time has come */
    int64_t        second;                  /* the last that was looked at */
    ngx_event_t    event;
    ngx_uint_t     part;                    /* in one go */
    ngx_msec_t     next;                    /* when the next is due, at exit */
    ngx_event_t    look;
    ngx_uint_t     reviewed;                /* slots, of this time */
    ngx_uint_t     ready;
} ngx_http_chat_wheel;


void
ngx_http_chat_wheel_add(ngx_http_chat_wait_t *w)
{
    if (!ngx_http_chat_wheel.ready) {
        ngx_http_chat_wheel_init();
    }

    w->due = ngx_min(w->deadline,
                     ngx_http_chat_wheel_now() + NGX_HTTP_CHAT_BEAT);
    w->parked = 1;

    ngx_queue_insert_tail(
                &ngx_http_chat_wheel.slots[w->due % NGX_HTTP_CHAT_WHEEL],
                &w->wheel);
}


static void
ngx_http_chat_wheel_init(void)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_CHAT_WHEEL; i++) {
        ngx_queue_init(&ngx_http_chat_wheel.slots[i]);
    }

    ngx_queue_init(&ngx_http_chat_wheel.due);

    ngx_http_chat_wheel.second = ngx_http_chat_wheel_now();
    ngx_http_chat_wheel.event.handler = ngx_http_chat_wheel_due;
    ngx_http_chat_wheel.event.data = ngx_http_chat_worker;
    ngx_http_chat_wheel.event.log = ngx_http_chat_worker->log;
    ngx_http_chat_wheel.part = NGX_HTTP_CHAT_DUE;
    ngx_http_chat_wheel.look.handler = ngx_http_chat_wheel_look;
    ngx_http_chat_wheel.look.log = ngx_http_chat_worker->log;
    ngx_http_chat_wheel.ready = 1;
}


void
ngx_http_chat_wheel_remove(ngx_http_chat_wait_t *w)
{
    if (w->parked) {
        ngx_queue_remove(&w->wheel);
        w->parked = 0;
    }
}


void
ngx_http_chat_wheel_tick(void)
{
    int64_t                now;
    ngx_queue_t           *slot, *q, *next;
    ngx_http_chat_wait_t  *w;

    if (!ngx_http_chat_wheel.ready) {
        return;
    }

    now = ngx_http_chat_wheel_now();

    /* a worker that was stopped for long looks at each slot once */

    ngx_http_chat_wheel.second = ngx_max(ngx_http_chat_wheel.second,
                                         now - NGX_HTTP_CHAT_WHEEL);

    while (ngx_http_chat_wheel.second < now) {

        slot = &ngx_http_chat_wheel.slots[++ngx_http_chat_wheel.second
                                          % NGX_HTTP_CHAT_WHEEL];

        for (q = ngx_queue_head(slot); q != ngx_queue_sentinel(slot);
             q = next)
        {
            next = ngx_queue_next(q);
            w = ngx_queue_data(q, ngx_http_chat_wait_t, wheel);

            if (w->due <= now) {
                ngx_http_chat_wheel_hurry(w);
            }
        }
    }
}


void
ngx_http_chat_wheel_leave(void)
{
    ngx_uint_t    i, n;
    ngx_queue_t  *slot;

    if (!ngx_http_chat_wheel.ready) {
        return;
    }

    /* the first look decides: there are the most of them */

    if (ngx_http_chat_wheel.part == NGX_HTTP_CHAT_DUE) {
        n = ngx_chat_hub_count(ngx_http_chat_worker->hub);

        ngx_http_chat_wheel.part = ngx_max(n / NGX_HTTP_CHAT_STEPS + 1,
                                           NGX_HTTP_CHAT_FEW);
        ngx_http_chat_wheel.next = ngx_current_msec;
    }

    for (i = 0; i < NGX_HTTP_CHAT_WHEEL; i++) {
        slot = &ngx_http_chat_wheel.slots[i];

        while (!ngx_queue_empty(slot)) {
            ngx_http_chat_wheel_hurry(ngx_queue_data(ngx_queue_head(slot),
                                                    ngx_http_chat_wait_t,
                                                    wheel));
        }
    }
}


/* not now: the caller may be in the middle of a list */

void
ngx_http_chat_wheel_hurry(ngx_http_chat_wait_t *w)
{
    if (!w->parked) {
        return;
    }

    ngx_queue_remove(&w->wheel);
    ngx_queue_insert_tail(&ngx_http_chat_wheel.due, &w->wheel);

    if (!ngx_http_chat_wheel.event.posted
        && !ngx_http_chat_wheel.event.timer_set)
    {
        ngx_post_event(&ngx_http_chat_wheel.event, &ngx_posted_events);
    }
}


/*
 * A part of those whose time has come, then other events, then the next.  At
 * exit some time passes in between: all of them come back to other workers,
 * which have more to do than this one, and others want to be served there.
 */

static void
ngx_http_chat_wheel_due(ngx_event_t *ev)
{
    ngx_uint_t             n;
    ngx_queue_t           *q;
    ngx_http_chat_wait_t  *w;

    for (n = 0; n < ngx_http_chat_wheel.part; n++) {

        if (ngx_queue_empty(&ngx_http_chat_wheel.due)) {
            return;
        }

        q = ngx_queue_head(&ngx_http_chat_wheel.due);
        w = ngx_queue_data(q, ngx_http_chat_wait_t, wheel);

        ngx_queue_remove(q);
        w->parked = 0;

        ngx_http_set_log_request(w->request->connection->log, w->request);

        ngx_http_chat_request_finish(w->request,
                                     ngx_http_chat_wait_turn(w));
    }

    if (ngx_http_chat_worker->closing) {
        ngx_http_chat_wheel_step(ev);
        return;
    }

    ngx_post_event(ev, &ngx_posted_next_events);
}


/* at even times, whatever answering the last part took */

static void
ngx_http_chat_wheel_step(ngx_event_t *ev)
{
    ngx_msec_int_t  wait;

    ngx_time_update();

    ngx_http_chat_wheel.next += NGX_HTTP_CHAT_STEP;

    wait = (ngx_msec_int_t) (ngx_http_chat_wheel.next - ngx_current_msec);

    if (wait < 1) {
        wait = 1;
        ngx_http_chat_wheel.next = ngx_current_msec + 1;
    }

    ngx_add_timer(ev, (ngx_msec_t) wait);
}


void
ngx_http_chat_wheel_review(ngx_http_chat_wait_t *w)
{
    ngx_chat_blocks_hit_t  hit;

    if (w->uid.len
        && ngx_http_chat_blocks_find(w->request, w->uid.data, &hit)
           > NGX_CHAT_BLOCK_GHOST)
    {
        w->deadline = 0;
        ngx_http_chat_wheel_hurry(w);
    }
}


void
ngx_http_chat_wheel_blocked(uint64_t topic)
{
    ngx_queue_t  *q, *waiters;

    if (!ngx_http_chat_wheel.ready) {
        return;
    }

    if (topic == 0) {

        /* from the beginning, also when it is under way for another block */

        ngx_http_chat_wheel.reviewed = 0;

        if (!ngx_http_chat_wheel.look.posted) {
            ngx_post_event(&ngx_http_chat_wheel.look, &ngx_posted_events);
        }

        return;
    }

    waiters = ngx_chat_hub_waiters(ngx_http_chat_worker->hub, topic);
    if (waiters == NULL) {
        return;
    }

    for (q = ngx_queue_head(waiters);
         q != ngx_queue_sentinel(waiters);
         q = ngx_queue_next(q))
    {
        ngx_http_chat_wheel_review(ngx_queue_data(q, ngx_http_chat_wait_t,
                                                  waiter.queue));
    }
}


/* who moves to a slot that was seen already is looked at when that happens */

static void
ngx_http_chat_wheel_look(ngx_event_t *ev)
{
    ngx_queue_t  *slot, *q, *next;

    slot = &ngx_http_chat_wheel.slots[ngx_http_chat_wheel.reviewed++];

    for (q = ngx_queue_head(slot); q != ngx_queue_sentinel(slot); q = next) {
        next = ngx_queue_next(q);

        ngx_http_chat_wheel_review(ngx_queue_data(q, ngx_http_chat_wait_t,
                                                  wheel));
    }

    if (ngx_http_chat_wheel.reviewed < NGX_HTTP_CHAT_WHEEL) {
        ngx_post_event(ev, &ngx_posted_next_events);
    }
}
