
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What can be waited for: a visitor's conversations, or the operators'
 * inbox.  A topic has waiters and a window, a short list of recent items, in
 * which each item has a place; places grow over all topics of a hub.
 *
 * Completeness: the window holds every durable item of the topic with an id
 * above .base that the hub has seen.  Dropping an item raises the base.
 *
 * Event loop only.
 */

#ifndef NGX_CHAT_TOPIC_H
#define NGX_CHAT_TOPIC_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/metrics.h"
#include "hub/item.h"


#if (NGX_PTR_SIZE != 8)
#error "the chat module needs a 64-bit platform: topics are 64-bit tree keys"
#endif


typedef struct {
    ngx_rbtree_node_t   node;           /* key: of the topic */
    ngx_queue_t         waiters;
    ngx_queue_t         window;         /* ngx_chat_place_t, oldest first */
    ngx_uint_t          count;          /* in the window */
    size_t              bytes;          /* of these */
    int64_t             base;
    ngx_queue_t         idle;           /* the hub's, when nobody waits */
    int64_t             left;           /* ms, when the last one left */
} ngx_chat_topic_t;


typedef struct {
    ngx_queue_t        queue;
    uint64_t           place;
    ngx_chat_item_t   *item;
} ngx_chat_place_t;


#define NGX_CHAT_TOPIC_ITEM  1024       /* bytes of a full window, an item */


#define ngx_chat_topic_key(topic)  ((uint64_t) (topic)->node.key)


/*
 * NULL when memory is out.  lane, here and below: counts topics and the bytes
 * of their windows; or NULL.
 */
ngx_chat_topic_t *ngx_chat_topic_create(uint64_t key, int64_t base,
    ngx_chat_lane_t *lane, ngx_log_t *log);

/* in a tree of topics, or NULL */
ngx_chat_topic_t *ngx_chat_topic_find(ngx_rbtree_t *topics, uint64_t key);

/* out of the tree already, without waiters */
void ngx_chat_topic_destroy(ngx_chat_topic_t *topic, ngx_chat_lane_t *lane);

/*
 * A reference to the item, at this place; the oldest go when there are more
 * than limit, or when they are larger, on average, than NGX_CHAT_TOPIC_ITEM.
 * NGX_ERROR when memory is out: the window then lacks the item.
 */
ngx_int_t ngx_chat_topic_push(ngx_chat_topic_t *topic, ngx_chat_item_t *item,
    uint64_t place, ngx_uint_t limit, ngx_chat_lane_t *lane, ngx_log_t *log);

/* empties the window: it is complete from base on */
void ngx_chat_topic_reset(ngx_chat_topic_t *topic, int64_t base,
    ngx_chat_lane_t *lane);

/*
 * The first place behind this one that holds an ephemeral item, or a durable
 * one newer than after; NULL when there is none.
 */
ngx_chat_place_t *ngx_chat_topic_next(ngx_chat_topic_t *topic, uint64_t place,
    int64_t after);

/* the oldest place of a durable item newer than after, or NULL */
ngx_chat_place_t *ngx_chat_topic_since(ngx_chat_topic_t *topic,
    int64_t after);


#endif /* NGX_CHAT_TOPIC_H */
