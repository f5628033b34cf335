
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The life of a waiter: it registers with the hub; if the hub's window does
 * not reach back to its cursor, a reader thread catches up; then it is
 * parked in the wheel until the hub wakes it or its time has come.  A poll
 * ends with its first answer, a stream (stream.c) goes on.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "command/events.h"
#include "http/reply.h"
#include "http/stream.h"
#include "http/wait.h"
#include "http/wheel.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_LIFETIME   3600       /* seconds, of a visitor's stream */
#define NGX_HTTP_CHAT_TRUST      600        /* seconds, of an operator's: a
                                               session that ended where this
                                               worker could not hear of it */


static int64_t ngx_http_chat_wait_deadline(ngx_http_chat_wait_t *w,
    ngx_http_chat_wait_conf_t *conf);
static ngx_int_t ngx_http_chat_wait_go_on(ngx_http_chat_wait_t *w,
    ngx_int_t rc);
static ngx_int_t ngx_http_chat_wait_pull(ngx_http_chat_wait_t *w);
static ngx_int_t ngx_http_chat_wait_park(ngx_http_chat_wait_t *w);
static ngx_int_t ngx_http_chat_wait_catch_up(ngx_http_chat_wait_t *w);
static ngx_int_t ngx_http_chat_wait_caught_up(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_wait_page(ngx_http_chat_wait_t *w,
    ngx_chat_events_args_t *args);
static ngx_int_t ngx_http_chat_wait_answer(ngx_http_chat_wait_t *w,
    ngx_str_t *events, ngx_uint_t n, int64_t cursor, ngx_uint_t more);
static void ngx_http_chat_wait_present(ngx_http_chat_wait_t *w);
static void ngx_http_chat_wait_count(ngx_http_chat_wait_t *w, ngx_int_t n);
static void ngx_http_chat_wait_cleanup(void *data);


ngx_int_t
ngx_http_chat_wait(ngx_http_chat_ctx_t *ctx, ngx_http_chat_wait_conf_t *conf)
{
    ngx_int_t              rc;
    ngx_http_request_t    *r;
    ngx_http_cleanup_t    *cln;
    ngx_http_chat_wait_t  *w;

    r = ctx->request;

    w = ngx_pcalloc(r->pool, sizeof(ngx_http_chat_wait_t));
    cln = ngx_http_cleanup_add(r, 0);

    if (w == NULL || cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_http_chat_wait_cleanup;
    cln->data = w;

    w->request = r;
    w->ctx = ctx;
    w->uid = conf->uid;
    w->poll = !conf->stream;
    w->waiter.after = conf->after;
    w->deadline = ngx_http_chat_wait_deadline(w, conf);

    ctx->wait = w;

    ngx_http_chat_wait_present(w);

    if (conf->stream && ngx_http_chat_stream_start(w) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_chat_hub_wait(ngx_http_chat_worker->hub, conf->topic,
                           &w->waiter);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_chat_wait_count(w, 1);

    return ngx_http_chat_wait_go_on(w, rc);
}


/* of the wheel's clock, in seconds */

static int64_t
ngx_http_chat_wait_deadline(ngx_http_chat_wait_t *w,
    ngx_http_chat_wait_conf_t *conf)
{
    int64_t  now, deadline;

    now = ngx_http_chat_wheel_now();
    deadline = now;

    if (conf->stream) {
        deadline += w->uid.len ? NGX_HTTP_CHAT_LIFETIME
                               : NGX_HTTP_CHAT_TRUST;

    } else if (conf->wait) {

        /* rounded up: the second that it is now has partly gone */

        deadline += (int64_t) (conf->wait + 1999) / 1000;
    }

    if (w->uid.len) {
        return deadline;
    }

    /* an operator must show the session again when it has ended */

    return ngx_min(deadline,
                   now + (w->ctx->identity.expires_at - ngx_http_chat_now())
                         / 1000);
}


/* rc: what the hub says of the waiter */

static ngx_int_t
ngx_http_chat_wait_go_on(ngx_http_chat_wait_t *w, ngx_int_t rc)
{
    switch (rc) {

    case NGX_OK:
        return ngx_http_chat_wait_pull(w);

    case NGX_DECLINED:
        return ngx_http_chat_wait_catch_up(w);

    default: /* NGX_AGAIN */
        return ngx_http_chat_wait_park(w);
    }
}


static ngx_int_t
ngx_http_chat_wait_pull(ngx_http_chat_wait_t *w)
{
    ngx_int_t         rc;
    ngx_str_t         events[NGX_CHAT_EVENTS_PAGE];
    ngx_uint_t        i, n;
    ngx_chat_hub_t   *hub;
    ngx_chat_item_t  *items[NGX_CHAT_EVENTS_PAGE];

    if (!w->poll) {
        rc = ngx_http_chat_stream_pull(w);

        if (rc == NGX_DECLINED) {
            return ngx_http_chat_wait_catch_up(w);
        }

        return rc == NGX_OK ? ngx_http_chat_wait_park(w) : rc;
    }

    hub = ngx_http_chat_worker->hub;

    for (n = 0; n < NGX_CHAT_EVENTS_PAGE; n++) {
        items[n] = ngx_chat_hub_next(hub, &w->waiter);

        if (items[n] == NULL) {
            break;
        }

        events[n] = items[n]->json;
    }

    if (n == 0) {
        return w->waiter.catching ? ngx_http_chat_wait_catch_up(w)
                                  : ngx_http_chat_wait_park(w);
    }

    rc = ngx_http_chat_wait_answer(w, events, n,
                                   ngx_chat_hub_cursor(hub, &w->waiter),
                                   n == NGX_CHAT_EVENTS_PAGE);

    for (i = 0; i < n; i++) {
        ngx_chat_item_release(items[i]);
    }

    return rc;
}


/* nothing there: wait, if there is time */

static ngx_int_t
ngx_http_chat_wait_park(ngx_http_chat_wait_t *w)
{
    ngx_http_request_t  *r;

    r = w->request;

    if (ngx_http_chat_worker->closing
        || w->deadline <= ngx_http_chat_wheel_now())
    {
        return ngx_http_chat_wait_turn(w);
    }

    if (w->parked) {
        return NGX_DONE;
    }

    ngx_http_chat_wheel_add(w);

    r->read_event_handler = ngx_http_test_reading;

    if (w->poll) {
        r->write_event_handler = ngx_http_request_empty_handler;
    }

    /* the client may have gone already, without a further event */

    if (r->connection->read->ready) {
        ngx_post_event(r->connection->read, &ngx_posted_events);
    }

    return NGX_DONE;
}


static ngx_int_t
ngx_http_chat_wait_catch_up(ngx_http_chat_wait_t *w)
{
    ngx_int_t                rc;
    ngx_chat_job_t          *job;
    ngx_http_chat_ctx_t     *ctx;
    ngx_chat_events_args_t  *args;

    ctx = w->ctx;

    if (ctx->job) {
        return NGX_DONE;
    }

    /* a slow one asks for the next page when the last one is out */

    if (!w->poll && ngx_http_chat_stream_full(w)) {
        return ngx_http_chat_wait_park(w);
    }

    job = ngx_chat_job_create(ngx_chat_events_after, NULL,
                              sizeof(ngx_chat_events_args_t),
                              ngx_http_chat_worker->log);
    if (job == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    job->guest = w->uid.len ? 1 : 0;

    args = job->args;
    args->after = w->waiter.after;

    ngx_chat_metric_add(ngx_http_chat_worker->lane, NGX_CHAT_METRIC_CATCH_UPS,
                        1);

    if (ngx_chat_job_copy(job, &args->uid, &w->uid) != NGX_OK) {
        ngx_chat_job_destroy(job);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (w->poll) {
        return ngx_http_chat_request_read(ctx, job,
                                          ngx_http_chat_wait_caught_up);
    }

    rc = ngx_http_chat_request_try_read(ctx, job,
                                        ngx_http_chat_wait_caught_up);

    return rc == NGX_BUSY ? ngx_http_chat_stream_end(w) : rc;
}


static ngx_int_t
ngx_http_chat_wait_caught_up(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    int64_t                  cursor;
    ngx_int_t                rc;
    ngx_uint_t               more;
    ngx_http_chat_wait_t    *w;
    ngx_chat_events_args_t  *args;

    w = ctx->wait;
    args = job->args;

    if (job->rc != NGX_OK) {
        return w->poll
               ? ngx_http_chat_reply_problem(ctx->request,
                                             NGX_HTTP_CHAT_UNAVAILABLE,
                                             NULL, NULL, 1)
               : ngx_http_chat_stream_end(w);
    }

    if (w->poll && args->records.nelts) {
        rc = ngx_http_chat_wait_page(w, args);

        ngx_http_chat_request_drop(ctx);

        return rc;
    }

    if (!w->poll && ngx_http_chat_stream_page(w, args) != NGX_OK) {
        return NGX_ERROR;
    }

    more = args->more;
    cursor = args->cursor;

    ngx_http_chat_request_drop(ctx);

    if (more) {
        w->waiter.after = cursor;

        return ngx_http_chat_wait_catch_up(w);
    }

    return ngx_http_chat_wait_go_on(w,
                           ngx_chat_hub_caught_up(ngx_http_chat_worker->hub,
                                                  &w->waiter, cursor));
}


static ngx_int_t
ngx_http_chat_wait_page(ngx_http_chat_wait_t *w, ngx_chat_events_args_t *args)
{
    ngx_str_t          *events;
    ngx_uint_t          i, n;
    ngx_chat_record_t  *records;

    n = args->records.nelts;
    records = args->records.elts;

    events = ngx_palloc(w->request->pool, n * sizeof(ngx_str_t));
    if (events == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    for (i = 0; i < n; i++) {
        events[i] = records[i].body;
    }

    return ngx_http_chat_wait_answer(w, events, n, args->cursor, args->more);
}


/*
 * {"events":[...],"cursor":N,"more":false} in one piece; a visitor's says as
 * well whether somebody is there: a change of it that came between two polls
 * was told to nobody.
 */

static ngx_int_t
ngx_http_chat_wait_answer(ngx_http_chat_wait_t *w, ngx_str_t *events,
    ngx_uint_t n, int64_t cursor, ngx_uint_t more)
{
    u_char      *p;
    size_t       len;
    ngx_str_t    body;
    ngx_uint_t   i;
    const char  *available;

    ngx_http_chat_wait_leave(w);

    ngx_chat_metric_add(ngx_http_chat_worker->lane,
                        NGX_CHAT_METRIC_DELIVERED_POLL, n);

    len = sizeof("{\"events\":[],\"available\":false,"
                 "\"cursor\":,\"more\":false}") - 1
          + NGX_INT64_LEN;

    for (i = 0; i < n; i++) {
        len += events[i].len + 1;
    }

    p = ngx_pnalloc(w->request->pool, len);
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body.data = p;

    p = ngx_cpymem(p, "{\"events\":[", sizeof("{\"events\":[") - 1);

    for (i = 0; i < n; i++) {

        if (i) {
            *p++ = ',';
        }

        p = ngx_cpymem(p, events[i].data, events[i].len);
    }

    available = "";

    if (w->uid.len) {

        /* as was published: not all operators are looked at for each answer */

        available = __atomic_load_n(&ngx_http_chat_worker->zone->available,
                                    __ATOMIC_RELAXED)
                    ? "\"available\":true," : "\"available\":false,";
    }

    p = ngx_sprintf(p, "],%s\"cursor\":%L,\"more\":%s}", available, cursor,
                    more ? "true" : "false");

    body.len = p - body.data;

    return ngx_http_chat_reply_json(w->request, NGX_HTTP_OK, &body);
}


void
ngx_http_chat_wait_wake(ngx_chat_waiter_t *waiter)
{
    ngx_int_t              rc;
    ngx_http_chat_wait_t  *w;

    w = ngx_queue_data(waiter, ngx_http_chat_wait_t, waiter);

    /* with a thread: what that brings comes first */

    if (w->ctx->job) {
        return;
    }

    ngx_http_set_log_request(w->request->connection->log, w->request);

    rc = waiter->catching ? ngx_http_chat_wait_catch_up(w)
                          : ngx_http_chat_wait_pull(w);

    ngx_http_chat_request_finish(w->request, rc);
}


/* an open poll or stream is what makes an operator present */

static void
ngx_http_chat_wait_present(ngx_http_chat_wait_t *w)
{
    int64_t                    now;
    ngx_chat_presence_t       *presence;
    ngx_http_chat_identity_t  *identity;

    if (w->uid.len) {
        return;
    }

    now = ngx_http_chat_now();
    presence = ngx_http_chat_worker->zone->presence;
    identity = &w->ctx->identity;

    if (ngx_chat_presence_touch(presence, identity->operator,
                                identity->status, now))
    {
        ngx_http_chat_publish_presence(identity->operator, &identity->name,
                         ngx_chat_presence_status(presence,
                                                  identity->operator,
                                                  identity->status),
                         ngx_chat_presence_of(presence, identity->operator,
                                              now));
    }
}


void
ngx_http_chat_wait_revoke(int64_t operator)
{
    ngx_queue_t           *q, *waiters;
    ngx_http_chat_wait_t  *w;

    waiters = ngx_chat_hub_waiters(ngx_http_chat_worker->hub,
                                   NGX_CHAT_INBOX);
    if (waiters == NULL) {
        return;
    }

    for (q = ngx_queue_head(waiters);
         q != ngx_queue_sentinel(waiters);
         q = ngx_queue_next(q))
    {
        w = ngx_queue_data(q, ngx_http_chat_wait_t, waiter.queue);

        if (operator == 0 || w->ctx->identity.operator == operator) {
            w->deadline = 0;
            ngx_http_chat_wheel_hurry(w);
        }
    }
}


/* its time has come: the end, or a sign of life */

ngx_int_t
ngx_http_chat_wait_turn(ngx_http_chat_wait_t *w)
{
    ngx_uint_t       end;
    ngx_chat_hub_t  *hub;

    ngx_http_chat_wheel_review(w);

    hub = ngx_http_chat_worker->hub;
    end = ngx_http_chat_worker->closing
          || w->deadline <= ngx_http_chat_wheel_now();

    /* with a thread: what that brings ends it, if it must end */

    if (w->ctx->job) {
        return NGX_DONE;
    }

    if (!end) {
        ngx_http_chat_wait_present(w);

        if (!w->poll && ngx_http_chat_stream_beat(w) != NGX_OK) {
            return NGX_ERROR;
        }

        ngx_http_chat_wheel_add(w);
        return NGX_DONE;
    }

    return w->poll
           ? ngx_http_chat_wait_answer(w, NULL, 0,
                                       ngx_chat_hub_cursor(hub, &w->waiter),
                                       0)
           : ngx_http_chat_stream_end(w);
}


void
ngx_http_chat_wait_leave(ngx_http_chat_wait_t *w)
{
    if (w->waiter.topic) {
        ngx_http_chat_wait_count(w, -1);
    }

    ngx_chat_hub_leave(ngx_http_chat_worker->hub, &w->waiter);

    ngx_http_chat_wheel_remove(w);
}


static void
ngx_http_chat_wait_count(ngx_http_chat_wait_t *w, ngx_int_t n)
{
    ngx_chat_metric_e  metric;

    if (w->uid.len) {
        metric = w->poll ? NGX_CHAT_METRIC_WAITERS_VISITOR_POLL
                         : NGX_CHAT_METRIC_WAITERS_VISITOR_STREAM;

    } else {
        metric = w->poll ? NGX_CHAT_METRIC_WAITERS_OPERATOR_POLL
                         : NGX_CHAT_METRIC_WAITERS_OPERATOR_STREAM;
    }

    ngx_chat_metric_add(ngx_http_chat_worker->lane, metric, (uint64_t) n);
}


/* at the end of the request, also when the client has gone */

static void
ngx_http_chat_wait_cleanup(void *data)
{
    ngx_http_chat_wait_leave(data);
}
