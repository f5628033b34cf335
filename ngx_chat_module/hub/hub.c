
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The hub has seen every durable id up to .seen.  When it loses its place in
 * the ring, all windows start anew, and waiters catch up from the database.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/hub.h"
#include "hub/journal.h"


#define NGX_CHAT_TOPIC_IDLE   60000     /* ms that an unused topic is kept */
#define NGX_CHAT_TOPICS_IDLE  65536     /* and so many of them at most */

/* an empty window is complete from what the hub has seen on */
#define ngx_chat_hub_base(hub)                                                \
    ((hub)->seen < 0 ? NGX_MAX_INT_T_VALUE : (hub)->seen)


struct ngx_chat_hub_s {
    ngx_chat_hub_conf_t   conf;
    ngx_rbtree_t          topics;
    ngx_rbtree_node_t     sentinel;
    ngx_queue_t           ready;        /* waiters, first come first served */
    ngx_queue_t           idle;         /* topics, longest idle first */
    ngx_uint_t            idle_count;
    ngx_uint_t            waiters;
    uint64_t              pos;          /* in the ring */
    uint64_t              place;        /* the last one given out */
    uint64_t              epoch;        /* of the ids, as last seen */
    int64_t               seen;         /* -1: the ring has no base yet */
    ngx_chat_journal_t    journal;      /* up to .seen */
};


static void ngx_chat_hub_sync(ngx_chat_hub_t *hub);
static void ngx_chat_hub_lost(ngx_chat_hub_t *hub);
static ngx_int_t ngx_chat_hub_accept(ngx_chat_hub_t *hub,
    ngx_chat_ring_record_t *record);
static ngx_chat_item_t *ngx_chat_hub_item(ngx_chat_hub_t *hub,
    ngx_chat_ring_record_t *record);
static ngx_uint_t ngx_chat_hub_wanted(ngx_chat_hub_t *hub,
    ngx_chat_ring_record_t *record);
static ngx_int_t ngx_chat_hub_spread(ngx_chat_hub_t *hub,
    ngx_chat_ring_record_t *record, ngx_chat_item_t *item);
static ngx_int_t ngx_chat_hub_push(ngx_chat_hub_t *hub,
    ngx_chat_topic_t *topic, ngx_chat_item_t *item);
static void ngx_chat_hub_forget(ngx_chat_hub_t *hub, ngx_chat_topic_t *topic);
static void ngx_chat_waiter_wake(ngx_chat_hub_t *hub,
    ngx_chat_waiter_t *waiter);


ngx_chat_hub_t *
ngx_chat_hub_create(ngx_chat_hub_conf_t *conf)
{
    ngx_chat_hub_t  *hub;

    hub = ngx_calloc(sizeof(ngx_chat_hub_t), conf->log);
    if (hub == NULL) {
        return NULL;
    }

    hub->conf = *conf;
    hub->seen = -1;

    ngx_rbtree_init(&hub->topics, &hub->sentinel, ngx_rbtree_insert_value);
    ngx_queue_init(&hub->ready);
    ngx_queue_init(&hub->idle);

    ngx_chat_hub_sync(hub);

    return hub;
}


void
ngx_chat_hub_destroy(ngx_chat_hub_t *hub)
{
    while (hub->topics.root != &hub->sentinel) {
        ngx_chat_hub_forget(hub, (ngx_chat_topic_t *) hub->topics.root);
    }

    ngx_free(hub);
}


/*
 * The position first, the id second: what is appended in between comes twice
 * and is recognised by its id.  What is there with its id still to be set is
 * missed, and noticed when that is set.
 */

static void
ngx_chat_hub_sync(ngx_chat_hub_t *hub)
{
    hub->epoch = ngx_chat_ring_epoch(hub->conf.ring);
    hub->pos = ngx_chat_ring_head(hub->conf.ring);
    hub->seen = ngx_chat_ring_last(hub->conf.ring);

    ngx_chat_journal_reset(&hub->journal, hub->seen);
}


ngx_int_t
ngx_chat_hub_drain(ngx_chat_hub_t *hub)
{
    ngx_int_t               rc;
    ngx_chat_ring_record_t  record;

    if ((hub->seen < 0 && ngx_chat_ring_last(hub->conf.ring) >= 0)
        || hub->epoch != ngx_chat_ring_epoch(hub->conf.ring))
    {
        ngx_chat_hub_lost(hub);
    }

    for ( ;; ) {
        rc = ngx_chat_ring_read(hub->conf.ring, &hub->pos, &record);

        if (rc == NGX_DONE
            && !ngx_chat_ring_missed(hub->conf.ring, hub->pos, hub->seen))
        {
            break;
        }

        if (rc == NGX_OK) {
            rc = ngx_chat_hub_accept(hub, &record);
        }

        if (rc != NGX_OK) {
            ngx_chat_hub_lost(hub);
            continue;
        }

        ngx_chat_ring_skip(&hub->pos, &record);

        if (record.id > hub->seen) {
            hub->seen = record.id;
            ngx_chat_journal_add(&hub->journal, &record);
        }
    }

    return ngx_queue_empty(&hub->ready) ? NGX_OK : NGX_AGAIN;
}


/* records were missed: waiters turn to the database with their cursors */

static void
ngx_chat_hub_lost(ngx_chat_hub_t *hub)
{
    ngx_queue_t        *q;
    ngx_chat_topic_t   *topic;
    ngx_rbtree_node_t  *node;
    ngx_chat_waiter_t  *waiter;

    ngx_chat_hub_sync(hub);

    hub->conf.worker(hub->conf.ctx, NULL);

    if (hub->topics.root == &hub->sentinel) {
        return;
    }

    for (node = ngx_rbtree_min(hub->topics.root, &hub->sentinel);
         node;
         node = ngx_rbtree_next(&hub->topics, node))
    {
        topic = (ngx_chat_topic_t *) node;

        ngx_chat_topic_reset(topic, ngx_chat_hub_base(hub), hub->conf.lane);

        for (q = ngx_queue_head(&topic->waiters);
             q != ngx_queue_sentinel(&topic->waiters);
             q = ngx_queue_next(q))
        {
            waiter = ngx_queue_data(q, ngx_chat_waiter_t, queue);

            if (!waiter->catching) {
                waiter->catching = 1;
                ngx_chat_waiter_wake(hub, waiter);
            }
        }
    }
}


/* NGX_DECLINED: the record or one before it was lost */

static ngx_int_t
ngx_chat_hub_accept(ngx_chat_hub_t *hub, ngx_chat_ring_record_t *record)
{
    ngx_int_t         rc;
    ngx_chat_item_t  *item;

    if (record->id) {

        if (record->id <= hub->seen) {
            return NGX_OK;
        }

        /* ids have no gaps: one too large for the ring was left out */

        if (record->id != hub->seen + 1) {
            return NGX_DECLINED;
        }
    }

    if (record->audience & NGX_CHAT_TO_WORKERS) {
        hub->conf.worker(hub->conf.ctx, record);
    }

    if (!ngx_chat_hub_wanted(hub, record)) {
        return NGX_OK;
    }

    item = ngx_chat_hub_item(hub, record);

    if (item == NULL) {
        return NGX_DECLINED;
    }

    rc = ngx_chat_hub_spread(hub, record, item);

    ngx_chat_item_release(item);

    return rc;
}


static ngx_uint_t
ngx_chat_hub_wanted(ngx_chat_hub_t *hub, ngx_chat_ring_record_t *record)
{
    if ((record->audience & NGX_CHAT_TO_OPERATORS)
        && ngx_chat_topic_find(&hub->topics, NGX_CHAT_INBOX))
    {
        return 1;
    }

    if (!(record->audience & NGX_CHAT_TO_VISITOR)) {
        return 0;
    }

    return record->topic == 0 ? hub->topics.root != &hub->sentinel
                              : ngx_chat_topic_find(&hub->topics, record->topic)
                                != NULL;
}


static ngx_chat_item_t *
ngx_chat_hub_item(ngx_chat_hub_t *hub, ngx_chat_ring_record_t *record)
{
    ngx_chat_item_t  *item;

    item = ngx_chat_item_create(record->id, record->len, hub->conf.log);
    if (item == NULL) {
        return NULL;
    }

    if (ngx_chat_ring_body(hub->conf.ring, &hub->pos, record,
                           item->json.data)
        != NGX_OK)
    {
        ngx_free(item);
        return NULL;
    }

    return item;
}


/* to the visitor's topic or, with topic 0, to all visitors; to the inbox */

static ngx_int_t
ngx_chat_hub_spread(ngx_chat_hub_t *hub, ngx_chat_ring_record_t *record,
    ngx_chat_item_t *item)
{
    ngx_chat_topic_t   *topic;
    ngx_rbtree_node_t  *node;

    if (record->audience & NGX_CHAT_TO_OPERATORS) {
        topic = ngx_chat_topic_find(&hub->topics, NGX_CHAT_INBOX);

        if (topic && ngx_chat_hub_push(hub, topic, item) != NGX_OK) {
            return NGX_DECLINED;
        }
    }

    if (!(record->audience & NGX_CHAT_TO_VISITOR)) {
        return NGX_OK;
    }

    if (record->topic) {
        topic = ngx_chat_topic_find(&hub->topics, record->topic);
        return topic ? ngx_chat_hub_push(hub, topic, item) : NGX_OK;
    }

    if (hub->topics.root == &hub->sentinel) {
        return NGX_OK;
    }

    for (node = ngx_rbtree_min(hub->topics.root, &hub->sentinel);
         node;
         node = ngx_rbtree_next(&hub->topics, node))
    {
        topic = (ngx_chat_topic_t *) node;

        if (ngx_chat_topic_key(topic) != NGX_CHAT_INBOX
            && ngx_chat_hub_push(hub, topic, item) != NGX_OK)
        {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_chat_hub_serve(ngx_chat_hub_t *hub)
{
    ngx_uint_t          n;
    ngx_queue_t        *q;
    ngx_chat_waiter_t  *waiter;

    for (n = 0; n < hub->conf.turn; n++) {

        if (ngx_queue_empty(&hub->ready)) {
            return NGX_OK;
        }

        q = ngx_queue_head(&hub->ready);
        waiter = ngx_queue_data(q, ngx_chat_waiter_t, ready);

        ngx_queue_remove(q);
        waiter->woken = 0;

        hub->conf.wake(waiter);
    }

    return ngx_queue_empty(&hub->ready) ? NGX_OK : NGX_AGAIN;
}


ngx_int_t
ngx_chat_hub_wait(ngx_chat_hub_t *hub, uint64_t key,
    ngx_chat_waiter_t *waiter)
{
    ngx_chat_topic_t  *topic;

    /* after a reload they come with cursors of workers that were ahead */

    if (waiter->after > hub->seen) {
        (void) ngx_chat_hub_drain(hub);
    }

    topic = ngx_chat_topic_find(&hub->topics, key);

    if (topic == NULL) {
        topic = ngx_chat_topic_create(key, ngx_chat_hub_base(hub),
                                      hub->conf.lane, hub->conf.log);
        if (topic == NULL) {
            return NGX_ERROR;
        }

        ngx_rbtree_insert(&hub->topics, &topic->node);

    } else if (ngx_queue_empty(&topic->waiters)) {
        ngx_queue_remove(&topic->idle);
        hub->idle_count--;
    }

    ngx_queue_insert_tail(&topic->waiters, &waiter->queue);
    hub->waiters++;

    waiter->topic = topic;
    waiter->woken = 0;

    /*
     * Ephemeral items are for those who were waiting when they came; from
     * the window a newcomer gets only what its cursor says that it lacks.
     */

    waiter->place = hub->place;

    topic->base = ngx_chat_journal_base(&hub->journal, key, waiter->after,
                                        topic->base);

    /*
     * A cursor ahead of what this worker has seen comes from a worker that is
     * ahead, or from a database that is no more: the database tells.
     */

    if (waiter->after < topic->base || waiter->after > hub->seen) {
        waiter->catching = 1;
        return NGX_DECLINED;
    }

    return ngx_chat_hub_caught_up(hub, waiter, waiter->after);
}


ngx_int_t
ngx_chat_hub_caught_up(ngx_chat_hub_t *hub, ngx_chat_waiter_t *waiter,
    int64_t cursor)
{
    ngx_chat_place_t  *p;

    waiter->catching = 0;
    waiter->after = cursor;

    /* the window may have moved on while the database was read */

    if (waiter->after < waiter->topic->base) {
        waiter->catching = 1;
        return NGX_DECLINED;
    }

    p = ngx_chat_topic_since(waiter->topic, waiter->after);

    if (p) {
        waiter->place = ngx_min(waiter->place, p->place - 1);
        return NGX_OK;
    }

    return ngx_chat_topic_next(waiter->topic, waiter->place, waiter->after)
           ? NGX_OK : NGX_AGAIN;
}


ngx_chat_item_t *
ngx_chat_hub_next(ngx_chat_hub_t *hub, ngx_chat_waiter_t *waiter)
{
    ngx_chat_place_t  *p;

    if (waiter->catching) {
        return NULL;
    }

    /* what it has not pulled is gone from the window */

    if (waiter->after < waiter->topic->base) {
        waiter->catching = 1;
        return NULL;
    }

    p = ngx_chat_topic_next(waiter->topic, waiter->place, waiter->after);

    if (p == NULL) {
        waiter->place = hub->place;
        waiter->after = ngx_max(waiter->after, hub->seen);
        return NULL;
    }

    waiter->place = p->place;

    if (p->item->id) {
        waiter->after = p->item->id;
    }

    p->item->refs++;

    return p->item;
}


void
ngx_chat_hub_leave(ngx_chat_hub_t *hub, ngx_chat_waiter_t *waiter)
{
    ngx_chat_topic_t  *topic;

    topic = waiter->topic;

    if (topic == NULL) {
        return;
    }

    if (waiter->woken) {
        ngx_queue_remove(&waiter->ready);
        waiter->woken = 0;
    }

    ngx_queue_remove(&waiter->queue);
    waiter->topic = NULL;
    hub->waiters--;

    if (ngx_queue_empty(&topic->waiters)) {
        topic->left = (int64_t) ngx_current_msec;
        ngx_queue_insert_tail(&hub->idle, &topic->idle);
        hub->idle_count++;
    }
}


int64_t
ngx_chat_hub_cursor(ngx_chat_hub_t *hub, ngx_chat_waiter_t *waiter)
{
    if (waiter->catching
        || ngx_chat_topic_next(waiter->topic, waiter->place, waiter->after))
    {
        return waiter->after;
    }

    return ngx_max(waiter->after, hub->seen);
}


ngx_queue_t *
ngx_chat_hub_waiters(ngx_chat_hub_t *hub, uint64_t key)
{
    ngx_chat_topic_t  *topic;

    topic = ngx_chat_topic_find(&hub->topics, key);

    return topic ? &topic->waiters : NULL;
}


void
ngx_chat_hub_expire(ngx_chat_hub_t *hub, int64_t now)
{
    ngx_queue_t       *q;
    ngx_chat_topic_t  *topic;

    while (!ngx_queue_empty(&hub->idle)) {
        q = ngx_queue_head(&hub->idle);
        topic = ngx_queue_data(q, ngx_chat_topic_t, idle);

        if (hub->idle_count <= NGX_CHAT_TOPICS_IDLE
            && now >= topic->left
            && now - topic->left < NGX_CHAT_TOPIC_IDLE)
        {
            break;
        }

        ngx_chat_hub_forget(hub, topic);
    }
}


ngx_uint_t
ngx_chat_hub_count(ngx_chat_hub_t *hub)
{
    return hub->waiters;
}


static ngx_int_t
ngx_chat_hub_push(ngx_chat_hub_t *hub, ngx_chat_topic_t *topic,
    ngx_chat_item_t *item)
{
    ngx_uint_t    limit;
    ngx_queue_t  *q;

    limit = ngx_chat_topic_key(topic) == NGX_CHAT_INBOX ? hub->conf.inbox
                                                        : hub->conf.window;

    if (ngx_chat_topic_push(topic, item, ++hub->place, limit, hub->conf.lane,
                            hub->conf.log)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (q = ngx_queue_head(&topic->waiters);
         q != ngx_queue_sentinel(&topic->waiters);
         q = ngx_queue_next(q))
    {
        ngx_chat_waiter_wake(hub, ngx_queue_data(q, ngx_chat_waiter_t,
                                                 queue));
    }

    return NGX_OK;
}


static void
ngx_chat_hub_forget(ngx_chat_hub_t *hub, ngx_chat_topic_t *topic)
{
    ngx_queue_remove(&topic->idle);
    hub->idle_count--;

    ngx_rbtree_delete(&hub->topics, &topic->node);
    ngx_chat_topic_destroy(topic, hub->conf.lane);
}


static void
ngx_chat_waiter_wake(ngx_chat_hub_t *hub, ngx_chat_waiter_t *waiter)
{
    if (!waiter->woken) {
        waiter->woken = 1;
        ngx_queue_insert_tail(&hub->ready, &waiter->ready);
    }
}
