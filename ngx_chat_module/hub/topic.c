
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/topic.h"


static void ngx_chat_topic_pop(ngx_chat_topic_t *topic, ngx_chat_lane_t *lane);


ngx_chat_topic_t *
ngx_chat_topic_create(uint64_t key, int64_t base, ngx_chat_lane_t *lane,
    ngx_log_t *log)
{
    ngx_chat_topic_t  *topic;

    topic = ngx_calloc(sizeof(ngx_chat_topic_t), log);
    if (topic == NULL) {
        return NULL;
    }

    topic->node.key = (ngx_rbtree_key_t) key;
    topic->base = base;

    ngx_queue_init(&topic->waiters);
    ngx_queue_init(&topic->window);

    ngx_chat_metric_add(lane, NGX_CHAT_METRIC_TOPICS, 1);

    return topic;
}


ngx_chat_topic_t *
ngx_chat_topic_find(ngx_rbtree_t *topics, uint64_t key)
{
    ngx_rbtree_key_t    k;
    ngx_rbtree_node_t  *node;

    k = (ngx_rbtree_key_t) key;
    node = topics->root;

    while (node != topics->sentinel) {

        if (node->key == k) {
            return (ngx_chat_topic_t *) node;
        }

        node = k < node->key ? node->left : node->right;
    }

    return NULL;
}


void
ngx_chat_topic_destroy(ngx_chat_topic_t *topic, ngx_chat_lane_t *lane)
{
    ngx_chat_metric_add(lane, NGX_CHAT_METRIC_TOPICS, -1);

    ngx_chat_topic_reset(topic, 0, lane);
    ngx_free(topic);
}


ngx_int_t
ngx_chat_topic_push(ngx_chat_topic_t *topic, ngx_chat_item_t *item,
    uint64_t place, ngx_uint_t limit, ngx_chat_lane_t *lane, ngx_log_t *log)
{
    ngx_chat_place_t  *p;

    p = ngx_alloc(sizeof(ngx_chat_place_t), log);
    if (p == NULL) {
        return NGX_ERROR;
    }

    p->place = place;
    p->item = item;
    item->refs++;

    ngx_queue_insert_tail(&topic->window, &p->queue);
    topic->count++;
    topic->bytes += item->len;

    ngx_chat_metric_add(lane, NGX_CHAT_METRIC_WINDOW_BYTES, item->len);

    while (topic->count > limit
           || topic->bytes > limit * NGX_CHAT_TOPIC_ITEM)
    {
        ngx_chat_topic_pop(topic, lane);
    }

    return NGX_OK;
}


void
ngx_chat_topic_reset(ngx_chat_topic_t *topic, int64_t base,
    ngx_chat_lane_t *lane)
{
    while (topic->count) {
        ngx_chat_topic_pop(topic, lane);
    }

    topic->base = base;
}


static void
ngx_chat_topic_pop(ngx_chat_topic_t *topic, ngx_chat_lane_t *lane)
{
    ngx_queue_t       *q;
    ngx_chat_place_t  *p;

    q = ngx_queue_head(&topic->window);
    p = ngx_queue_data(q, ngx_chat_place_t, queue);

    if (p->item->id > topic->base) {
        topic->base = p->item->id;
    }

    ngx_queue_remove(q);
    topic->count--;
    topic->bytes -= p->item->len;

    ngx_chat_metric_add(lane, NGX_CHAT_METRIC_WINDOW_BYTES, -p->item->len);

    ngx_chat_item_release(p->item);
    ngx_free(p);
}


/* from the newest back: a waiter lacks few of many */

ngx_chat_place_t *
ngx_chat_topic_next(ngx_chat_topic_t *topic, uint64_t place, int64_t after)
{
    ngx_queue_t       *q;
    ngx_chat_place_t  *p, *found;

    found = NULL;

    for (q = ngx_queue_last(&topic->window);
         q != ngx_queue_sentinel(&topic->window);
         q = ngx_queue_prev(q))
    {
        p = ngx_queue_data(q, ngx_chat_place_t, queue);

        if (p->place <= place) {
            break;
        }

        if (p->item->id == 0 || p->item->id > after) {
            found = p;
        }
    }

    return found;
}


ngx_chat_place_t *
ngx_chat_topic_since(ngx_chat_topic_t *topic, int64_t after)
{
    ngx_queue_t       *q;
    ngx_chat_place_t  *p, *found;

    found = NULL;

    for (q = ngx_queue_last(&topic->window);
         q != ngx_queue_sentinel(&topic->window);
         q = ngx_queue_prev(q))
    {
        p = ngx_queue_data(q, ngx_chat_place_t, queue);

        if (p->item->id && p->item->id <= after) {
            break;
        }

        if (p->item->id) {
            found = p;
        }
    }

    return found;
}
