
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/wakeup.h"
#include "command/kinds.h"
#include "http/blocks.h"
#include "http/brand.h"
#include "http/key.h"
#include "http/session.h"
#include "http/visit.h"
#include "http/wait.h"
#include "http/wheel.h"
#include "http/words.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_TICK       1000       /* ms */
#define NGX_HTTP_CHAT_HOLD       10         /* ms between looks at exit */
#define NGX_HTTP_CHAT_START      3000       /* ms to open the database */
#define NGX_HTTP_CHAT_WINDOW     64         /* items of a visitor's topic */
#define NGX_HTTP_CHAT_INBOX      4096       /* items of the inbox */
#define NGX_HTTP_CHAT_VIEWS      8          /* for each job of chat_queue */
#define NGX_HTTP_CHAT_TURN       256        /* waiters in one go */


static ngx_int_t ngx_http_chat_worker_hub(ngx_http_chat_worker_t *w);
static ngx_int_t ngx_http_chat_worker_store(ngx_http_chat_worker_t *w);
static ngx_int_t ngx_http_chat_worker_listen(ngx_http_chat_worker_t *w,
    ngx_cycle_t *cycle);
static void ngx_http_chat_worker_wakeup(ngx_event_t *ev);
static void ngx_http_chat_worker_work(ngx_http_chat_worker_t *w);
static void ngx_http_chat_worker_tick(ngx_event_t *ev);
static void ngx_http_chat_worker_sweep(ngx_http_chat_worker_t *w);
static void ngx_http_chat_worker_turn(ngx_event_t *ev);
static void ngx_http_chat_worker_close(ngx_http_chat_worker_t *w);
static void ngx_http_chat_worker_hold(ngx_event_t *ev);
static void ngx_http_chat_worker_available(ngx_http_chat_worker_t *w);
static void ngx_http_chat_worker_record(void *ctx,
    ngx_chat_ring_record_t *record);
static int64_t ngx_http_chat_worker_published(void *ctx);
static void ngx_http_chat_worker_base(void *ctx, int64_t id);
static void ngx_http_chat_worker_publish(void *ctx,
    ngx_chat_record_t *records, ngx_uint_t n);
static void ngx_http_chat_worker_notify(void *ctx);
static void ngx_http_chat_worker_wake(void *ctx, ngx_uint_t worker);
static void ngx_http_chat_worker_wake_all(ngx_http_chat_worker_t *w);


ngx_http_chat_worker_t  *ngx_http_chat_worker;


ngx_int_t
ngx_http_chat_worker_init(ngx_cycle_t *cycle)
{
    ngx_http_chat_worker_t     *w;
    ngx_http_chat_main_conf_t  *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_chat_module);

    if (mcf == NULL || !mcf->enabled) {
        return NGX_OK;
    }

    if (!(ngx_event_flags & NGX_USE_CLEAR_EVENT)) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                      "the chat module requires \"use epoll\"");
        return NGX_ERROR;
    }

    if (ngx_chat_auth_init() != NGX_OK) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0, "sodium_init() failed");
        return NGX_ERROR;
    }

    w = ngx_pcalloc(cycle->pool, sizeof(ngx_http_chat_worker_t));
    if (w == NULL) {
        return NGX_ERROR;
    }

    w->conf = mcf;
    w->zone = mcf->zone->data;
    w->slot = ngx_worker;
    w->log = cycle->log;

    w->metrics = ngx_http_chat_zone_slot(w->zone, w->slot);
    w->lane = ngx_chat_metrics_lane(w->metrics, NGX_CHAT_LANE_LOOP);

    ngx_chat_metric_add(w->lane, NGX_CHAT_METRIC_WORKER_STARTS, 1);
    ngx_chat_metric_set(w->lane, NGX_CHAT_METRIC_WORKERS, 1);

    ngx_http_chat_key_load(w);
    ngx_http_chat_visit_day(w);

    if (ngx_http_chat_worker_listen(w, cycle) != NGX_OK
        || ngx_http_chat_worker_store(w) != NGX_OK
        || ngx_http_chat_worker_hub(w) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_chat_worker = w;
    ngx_http_chat_brand_tick(w);
    ngx_http_chat_words_tick(w);

    return NGX_OK;
}


static ngx_int_t
ngx_http_chat_worker_store(ngx_http_chat_worker_t *w)
{
    ngx_chat_store_conf_t  conf;

    ngx_memzero(&conf, sizeof(ngx_chat_store_conf_t));

    conf.path = w->conf->state->name;
    conf.full = w->conf->durability == NGX_HTTP_CHAT_FULL;
    conf.queue = w->conf->queue;
    conf.hold = NGX_CHAT_STORE_HOLD;
    conf.visits = w->conf->tracked ? w->conf->queue * NGX_HTTP_CHAT_VIEWS : 0;
    conf.retention = (int64_t) w->conf->retention * 1000;
    conf.visited = ngx_http_chat_visit_counted;
    conf.log = w->log;
    conf.metrics = w->metrics;
    conf.metrics_all = &w->zone->metrics->all;
    conf.desk = w->zone->desk;
    conf.tray = ngx_http_chat_zone_desk(w->zone, w->slot);
    conf.kinds = ngx_chat_command_kinds;
    conf.ctx = w;
    conf.published = ngx_http_chat_worker_published;
    conf.base = ngx_http_chat_worker_base;
    conf.publish = ngx_http_chat_worker_publish;
    conf.blocks = ngx_http_chat_blocks_seen;
    conf.block = ngx_http_chat_blocks_change;
    conf.notify = ngx_http_chat_worker_notify;
    conf.wake = ngx_http_chat_worker_wake;

    w->store = ngx_chat_store_create(&conf, NGX_HTTP_CHAT_START);

    return w->store ? NGX_OK : NGX_ERROR;
}


/* after the store, which gives the ring its base */

static ngx_int_t
ngx_http_chat_worker_hub(ngx_http_chat_worker_t *w)
{
    ngx_chat_hub_conf_t  conf;

    ngx_memzero(&conf, sizeof(ngx_chat_hub_conf_t));

    conf.ring = w->zone->ring;
    conf.lane = w->lane;
    conf.log = w->log;
    conf.window = NGX_HTTP_CHAT_WINDOW;
    conf.inbox = NGX_HTTP_CHAT_INBOX;
    conf.turn = NGX_HTTP_CHAT_TURN;
    conf.wake = ngx_http_chat_wait_wake;
    conf.worker = ngx_http_chat_worker_record;
    conf.ctx = w;

    w->hub = ngx_chat_hub_create(&conf);

    return w->hub ? NGX_OK : NGX_ERROR;
}


/*
 * The descriptor poses as an idle connection, so nginx tells it when the
 * worker is to exit; as a channel it is not missed when it stays open.
 */

static ngx_int_t
ngx_http_chat_worker_listen(ngx_http_chat_worker_t *w, ngx_cycle_t *cycle)
{
    ngx_connection_t  *c;

    c = ngx_get_connection(ngx_chat_wakeup_fd(w->slot), cycle->log);
    if (c == NULL) {
        return NGX_ERROR;
    }

    c->data = w;
    c->idle = 1;
    c->read->channel = 1;
    c->write->channel = 1;
    c->read->log = cycle->log;
    c->write->log = cycle->log;
    c->read->handler = ngx_http_chat_worker_wakeup;

    w->connection = c;

    if (ngx_add_event(c->read, NGX_READ_EVENT, NGX_CLEAR_EVENT) != NGX_OK) {
        return NGX_ERROR;
    }

    w->tick.handler = ngx_http_chat_worker_tick;
    w->tick.data = w;
    w->tick.log = cycle->log;
    w->tick.cancelable = 1;

    w->turn.handler = ngx_http_chat_worker_turn;
    w->turn.data = w;
    w->turn.log = cycle->log;

    w->hold.handler = ngx_http_chat_worker_hold;
    w->hold.data = w;
    w->hold.log = cycle->log;

    ngx_add_timer(&w->tick, NGX_HTTP_CHAT_TICK);

    return NGX_OK;
}


static void
ngx_http_chat_worker_wakeup(ngx_event_t *ev)
{
    ngx_connection_t        *c;
    ngx_http_chat_worker_t  *w;

    c = ev->data;
    w = c->data;

    if (c->close && !w->closing) {
        ngx_http_chat_worker_close(w);
    }

    ngx_http_chat_worker_work(w);
}


static void
ngx_http_chat_worker_work(ngx_http_chat_worker_t *w)
{
    ngx_http_chat_zone_awake(w->zone, w->slot);

    ngx_chat_store_reap(w->store);

    if (ngx_chat_hub_drain(w->hub) == NGX_AGAIN && !w->turn.posted) {
        ngx_http_chat_worker_turn(&w->turn);
    }
}


/* a part of the waiters, then other events, then the next part */

static void
ngx_http_chat_worker_turn(ngx_event_t *ev)
{
    ngx_http_chat_worker_t  *w = ev->data;

    if (ngx_chat_hub_serve(w->hub) == NGX_AGAIN) {
        ngx_post_event(ev, &ngx_posted_next_events);
    }
}


static void
ngx_http_chat_worker_tick(ngx_event_t *ev)
{
    int64_t                  now;
    ngx_http_chat_worker_t  *w = ev->data;

    now = ngx_http_chat_now();

    if (!w->keyed) {
        ngx_http_chat_key_look(w);
    }

    ngx_http_chat_worker_work(w);
    ngx_http_chat_worker_sweep(w);
    ngx_http_chat_brand_tick(w);
    ngx_http_chat_words_tick(w);
    ngx_http_chat_wheel_tick();
    ngx_http_chat_session_expire(now);
    ngx_chat_hub_expire(w->hub, (int64_t) ngx_current_msec);

    if (!ngx_exiting) {
        ngx_add_timer(ev, NGX_HTTP_CHAT_TICK);
    }
}


/* one worker a second looks who has gone */

static void
ngx_http_chat_worker_sweep(ngx_http_chat_worker_t *w)
{
    uint32_t                    last;
    ngx_str_t                   name;
    ngx_uint_t                  i, n;
    ngx_chat_presence_change_t  changes[16];

    last = __atomic_load_n(&w->zone->swept, __ATOMIC_ACQUIRE);

    if (last == (uint32_t) ngx_time()
        || !__atomic_compare_exchange_n(&w->zone->swept, &last,
                                        (uint32_t) ngx_time(), 0,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    {
        return;
    }

    ngx_str_null(&name);

    n = ngx_chat_presence_sweep(w->zone->presence, ngx_http_chat_now(),
                                changes, 16);

    for (i = 0; i < n; i++) {
        ngx_http_chat_publish_presence(changes[i].operator, &name,
                                       changes[i].status,
                                       changes[i].present);
    }

    ngx_http_chat_worker_available(w);
    ngx_http_chat_session_sweep();
    ngx_http_chat_visit_tick(w);
}


/* nginx closes idle connections: the worker is to exit gracefully */

static void
ngx_http_chat_worker_close(ngx_http_chat_worker_t *w)
{
    w->closing = 1;

    ngx_http_chat_wheel_leave();
    ngx_add_timer(&w->hold, NGX_HTTP_CHAT_HOLD);
}


/*
 * nginx exits when no timer is left.  What clients still wait for, answers
 * of threads and of polls, has none of its own.
 */

static void
ngx_http_chat_worker_hold(ngx_event_t *ev)
{
    ngx_http_chat_worker_t  *w = ev->data;

    ngx_http_chat_worker_work(w);

    if (ngx_chat_store_pending(w->store) || ngx_chat_hub_count(w->hub)) {
        ngx_http_chat_wheel_leave();
        ngx_add_timer(ev, NGX_HTTP_CHAT_HOLD);
    }
}


void
ngx_http_chat_worker_busy(void)
{
    ngx_http_chat_worker_t  *w;

    w = ngx_http_chat_worker;

    if (w->closing && !w->hold.timer_set) {
        ngx_add_timer(&w->hold, NGX_HTTP_CHAT_HOLD);
    }
}


void
ngx_http_chat_worker_exit(ngx_cycle_t *cycle)
{
    ngx_http_chat_worker_t  *w;

    w = ngx_http_chat_worker;

    if (w == NULL) {
        return;
    }

    ngx_chat_store_destroy(w->store);
    ngx_chat_auth_wipe(&w->key, sizeof(ngx_chat_key_t));

    if (w->look.data) {
        ngx_free(w->look.data);
    }

    if (w->metrics) {
        ngx_chat_metrics_release(w->metrics);
    }

    ngx_http_chat_worker = NULL;
}


int64_t
ngx_http_chat_now(void)
{
    ngx_time_t  *tp;

    tp = ngx_timeofday();

    return (int64_t) tp->sec * 1000 + tp->msec;
}


void
ngx_http_chat_publish(ngx_chat_event_t *event)
{
    ngx_pool_t              *pool;
    ngx_chat_record_t        record;
    ngx_http_chat_worker_t  *w;

    w = ngx_http_chat_worker;

    pool = ngx_create_pool(1024, w->log);
    if (pool == NULL) {
        return;
    }

    if (event->at == 0) {
        event->at = ngx_http_chat_now();
    }

    if (ngx_chat_event_render(event, pool, &record) == NGX_OK) {
        ngx_http_chat_zone_publish(w->zone, &record, 1);
        ngx_http_chat_worker_wake_all(w);
        ngx_http_chat_zone_wake(w->zone, w->slot);
    }

    ngx_destroy_pool(pool);
}


void
ngx_http_chat_publish_presence(int64_t operator, ngx_str_t *name,
    ngx_chat_status_e status, ngx_uint_t present)
{
    ngx_chat_event_t  event;

    ngx_memzero(&event, sizeof(ngx_chat_event_t));

    event.type = NGX_CHAT_EVENT_PRESENCE;
    event.author = NGX_CHAT_AUTHOR_OPERATOR;
    event.author_id = operator;
    event.author_name = *name;
    event.value = status;
    event.present = present ? 1 : 0;

    ngx_http_chat_publish(&event);
    ngx_http_chat_worker_available(ngx_http_chat_worker);
}


/* of all workers that see the change, one publishes it */

static void
ngx_http_chat_worker_available(ngx_http_chat_worker_t *w)
{
    uint32_t          any;
    ngx_chat_event_t  event;

    any = (uint32_t) ngx_chat_presence_any(w->zone->presence,
                                           ngx_http_chat_now());

    if (__atomic_exchange_n(&w->zone->available, any, __ATOMIC_ACQ_REL)
        == any)
    {
        return;
    }

    ngx_memzero(&event, sizeof(ngx_chat_event_t));

    event.type = NGX_CHAT_EVENT_AVAILABILITY;
    event.author = NGX_CHAT_AUTHOR_SYSTEM;
    event.value = any;

    ngx_http_chat_publish(&event);
}


static void
ngx_http_chat_worker_record(void *ctx, ngx_chat_ring_record_t *record)
{
    int64_t  operator;

    if (record == NULL || record->type == NGX_CHAT_EVENT_BLOCKED) {
        ngx_http_chat_wheel_blocked(record ? (uint64_t) record->subject : 0);
    }

    if (record && record->type != NGX_CHAT_EVENT_REVOKED) {
        return;
    }

    if (record == NULL) {
        ngx_chat_metric_add(((ngx_http_chat_worker_t *) ctx)->lane,
                            NGX_CHAT_METRIC_RESYNCS, 1);
    }

    operator = record ? record->subject : 0;

    ngx_http_chat_session_forget(operator);
    ngx_http_chat_wait_revoke(operator);
}


/* what follows runs in the store's threads */

static int64_t
ngx_http_chat_worker_published(void *ctx)
{
    ngx_http_chat_worker_t  *w = ctx;

    return ngx_chat_ring_last(w->zone->ring);
}


static void
ngx_http_chat_worker_base(void *ctx, int64_t id)
{
    ngx_http_chat_worker_t  *w = ctx;

    ngx_shmtx_lock(w->zone->mutex);
    ngx_chat_ring_base(w->zone->ring, id);
    ngx_shmtx_unlock(w->zone->mutex);
}


static void
ngx_http_chat_worker_publish(void *ctx, ngx_chat_record_t *records,
    ngx_uint_t n)
{
    ngx_http_chat_worker_t  *w = ctx;

    ngx_http_chat_visit_moved(w, records, n);
    ngx_http_chat_zone_publish(w->zone, records, n);
    ngx_http_chat_worker_wake_all(w);
}


static void
ngx_http_chat_worker_notify(void *ctx)
{
    ngx_http_chat_worker_t  *w = ctx;

    ngx_http_chat_zone_wake(w->zone, w->slot);
}


static void
ngx_http_chat_worker_wake(void *ctx, ngx_uint_t worker)
{
    ngx_http_chat_worker_t  *w = ctx;

    ngx_http_chat_zone_wake(w->zone, worker);
}


/* but oneself, who is woken with the answers of the same commit */

static void
ngx_http_chat_worker_wake_all(ngx_http_chat_worker_t *w)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_WORKERS_MAX; i++) {

        if (i == w->slot) {
            continue;
        }

        if (ngx_chat_wakeup_fd(i) == -1) {
            break;
        }

        ngx_http_chat_zone_wake(w->zone, i);
    }
}
