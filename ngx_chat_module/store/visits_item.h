
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What the event loop hands to the thread of visits.db: a page view, copied
 * into one block, or that a visitor is to be kept.  Made by the loop, freed by
 * the thread.
 */

#ifndef NGX_CHAT_VISITS_ITEM_H
#define NGX_CHAT_VISITS_ITEM_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/visit.h"


typedef struct ngx_chat_visits_item_s  ngx_chat_visits_item_t;

struct ngx_chat_visits_item_s {
    ngx_chat_visits_item_t    *next;
    ngx_chat_view_t            view;
    ngx_uint_t                 keep;        /* no view: .view.key stays */
    ngx_uint_t                 views;       /* of a crawler, may be many */
    int64_t                    visits;      /* out: a visit began */
};


/* a list has one item for all views of crawlers that differ in nothing kept */

#define NGX_CHAT_VISITS_CRAWLERS  4

typedef struct {
    ngx_chat_visits_item_t    *first;
    ngx_chat_visits_item_t   **last;
    ngx_uint_t                 n;
    ngx_chat_visits_item_t    *crawlers[NGX_CHAT_VISITS_CRAWLERS];
    ngx_uint_t                 next;        /* of these */
} ngx_chat_visits_list_t;


/* an empty list; and to its end, which makes the item the list's */
void ngx_chat_visits_list_init(ngx_chat_visits_list_t *list);
void ngx_chat_visits_list_add(ngx_chat_visits_list_t *list,
    ngx_chat_visits_item_t *item);

/* NGX_OK: counted; NGX_DECLINED: it needs an item of its own */
ngx_int_t ngx_chat_visits_list_crawler(ngx_chat_visits_list_t *list,
    ngx_chat_view_t *view);

/* a copy of a view, and a visitor to keep; NULL when memory is out */
ngx_chat_visits_item_t *ngx_chat_visits_item_view(ngx_chat_view_t *view,
    ngx_log_t *log);
ngx_chat_visits_item_t *ngx_chat_visits_item_keep(uint64_t key,
    ngx_log_t *log);

/* all items of the list, which is of no use then */
void ngx_chat_visits_items_free(ngx_chat_visits_list_t *list);


#endif /* NGX_CHAT_VISITS_ITEM_H */
