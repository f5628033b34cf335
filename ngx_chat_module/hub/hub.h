
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who waits for what in one worker.  The hub pulls new records from the ring
 * and gives them to topics; a topic (a visitor's conversations, or the
 * operators' inbox) has waiters and a short window of recent items.  An item
 * is one rendered event, shared by reference count however many wait for it.
 *
 * Event loop only; one hub a worker, no lock.
 *
 * A waiter registers first and catches up from the database second, and ids
 * remove what comes twice, so nothing falls between.  Waiters pull: a slow
 * one holds no queue of its own, only its place in the window, and when the
 * window has moved on it is told so (its cursor brings it back).
 */

#ifndef NGX_CHAT_HUB_H
#define NGX_CHAT_HUB_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/item.h"
#include "hub/ring.h"
#include "hub/topic.h"


#define NGX_CHAT_INBOX  0               /* the topic of all operators */


typedef struct ngx_chat_hub_s     ngx_chat_hub_t;
typedef struct ngx_chat_waiter_s  ngx_chat_waiter_t;


struct ngx_chat_waiter_s {
    ngx_queue_t         queue;          /* in the topic */
    ngx_queue_t         ready;          /* in the hub, when .woken */
    ngx_chat_topic_t   *topic;          /* NULL: not registered */
    int64_t             after;          /* newest durable id that it has */
    uint64_t            place;          /* newest place in the window */
    unsigned            woken:1;
    unsigned            catching:1;     /* up, from the database */
};


typedef struct {
    ngx_chat_ring_t   *ring;
    ngx_log_t         *log;
    ngx_chat_lane_t   *lane;            /* of metrics; or NULL */
    ngx_uint_t         window;          /* items at most in a topic's window */
    ngx_uint_t         inbox;           /* the same for the inbox */
    ngx_uint_t         turn;            /* waiters served in one go */

    /* there is something to pull, or the waiter has become .catching and
       must be brought up from the database again */
    void             (*wake)(ngx_chat_waiter_t *waiter);

    /* a record for workers, body is empty; NULL: some may have been missed */
    void             (*worker)(void *ctx, ngx_chat_ring_record_t *record);
    void              *ctx;
} ngx_chat_hub_conf_t;


/* NULL when memory is out; copies conf */
ngx_chat_hub_t *ngx_chat_hub_create(ngx_chat_hub_conf_t *conf);

/* no waiter may be registered any more */
void ngx_chat_hub_destroy(ngx_chat_hub_t *hub);

/*
 * Takes what the ring has; waiters become ready, none is called yet.
 * NGX_AGAIN when ngx_chat_hub_serve() has work.
 */
ngx_int_t ngx_chat_hub_drain(ngx_chat_hub_t *hub);

/*
 * Wakes up to conf.turn ready waiters.  NGX_AGAIN when some are left: other
 * events first, then again.
 */
ngx_int_t ngx_chat_hub_serve(ngx_chat_hub_t *hub);

/*
 * Registers a waiter that has everything up to waiter->after.
 *   NGX_OK        the window has something for it: pull
 *   NGX_AGAIN     there is nothing: it waits
 *   NGX_DECLINED  the window can't tell what it lacks: .catching is set;
 *                 read the database, then ngx_chat_hub_caught_up()
 *   NGX_ERROR     no memory; not registered
 */
ngx_int_t ngx_chat_hub_wait(ngx_chat_hub_t *hub, uint64_t topic,
    ngx_chat_waiter_t *waiter);

/*
 * The database has given everything up to cursor, its newest id.  NGX_OK,
 * NGX_AGAIN or NGX_DECLINED as above.
 */
ngx_int_t ngx_chat_hub_caught_up(ngx_chat_hub_t *hub,
    ngx_chat_waiter_t *waiter, int64_t cursor);

/*
 * The next item for this waiter, with a reference that the caller releases;
 * NULL when it has all.
 */
ngx_chat_item_t *ngx_chat_hub_next(ngx_chat_hub_t *hub,
    ngx_chat_waiter_t *waiter);

/* waits no more; also when it did not */
void ngx_chat_hub_leave(ngx_chat_hub_t *hub, ngx_chat_waiter_t *waiter);

/*
 * Where a waiter stands that has pulled all it can: everything up to there
 * has been delivered or was not meant for it.
 */
int64_t ngx_chat_hub_cursor(ngx_chat_hub_t *hub, ngx_chat_waiter_t *waiter);

/* the waiters of a topic: an ngx_queue_t of ngx_chat_waiter_t.queue, or
   NULL */
ngx_queue_t *ngx_chat_hub_waiters(ngx_chat_hub_t *hub, uint64_t topic);

/* once a second: forgets topics that nobody waited for in a while; now is in
   ms of a clock that is not set */
void ngx_chat_hub_expire(ngx_chat_hub_t *hub, int64_t now);

ngx_uint_t ngx_chat_hub_count(ngx_chat_hub_t *hub);


#endif /* NGX_CHAT_HUB_H */
