
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/visits_db.h"
#include "store/visits_item.h"


static size_t  ngx_chat_visits_item_texts[] = {
    offsetof(ngx_chat_view_t, site),
    offsetof(ngx_chat_view_t, host),
    offsetof(ngx_chat_view_t, page),
    offsetof(ngx_chat_view_t, title),
    offsetof(ngx_chat_view_t, referrer),
    offsetof(ngx_chat_view_t, language),
    offsetof(ngx_chat_view_t, country),
    offsetof(ngx_chat_view_t, address),
    0
};


#define ngx_chat_visits_item_text(view, i)                                    \
    ((ngx_str_t *) ((u_char *) (view) + ngx_chat_visits_item_texts[i]))


void
ngx_chat_visits_list_init(ngx_chat_visits_list_t *list)
{
    ngx_memzero(list, sizeof(ngx_chat_visits_list_t));

    list->last = &list->first;
}


void
ngx_chat_visits_list_add(ngx_chat_visits_list_t *list,
    ngx_chat_visits_item_t *item)
{
    *list->last = item;
    list->last = &item->next;
    list->n++;

    if (item->view.agent.crawler) {
        list->crawlers[list->next++ % NGX_CHAT_VISITS_CRAWLERS] = item;
    }
}


ngx_int_t
ngx_chat_visits_list_crawler(ngx_chat_visits_list_t *list,
    ngx_chat_view_t *view)
{
    ngx_uint_t               i;
    ngx_chat_visits_item_t  *item;

    for (i = 0; i < NGX_CHAT_VISITS_CRAWLERS; i++) {
        item = list->crawlers[i];

        if (item
            && item->view.status == view->status
            && item->view.at / NGX_CHAT_VISITS_DAY
               == view->at / NGX_CHAT_VISITS_DAY
            && item->view.site.len == view->site.len
            && ngx_memcmp(item->view.site.data, view->site.data,
                          view->site.len)
               == 0)
        {
            item->views++;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


/* one block: the item, the facts, the texts, which need no alignment */

ngx_chat_visits_item_t *
ngx_chat_visits_item_view(ngx_chat_view_t *view, ngx_log_t *log)
{
    size_t                   size;
    u_char                  *p;
    ngx_str_t               *s;
    ngx_uint_t               i;
    ngx_chat_visits_item_t  *item;

    size = sizeof(ngx_chat_visits_item_t)
           + (view->facts ? sizeof(ngx_chat_facts_t) : 0);

    for (i = 0; ngx_chat_visits_item_texts[i]; i++) {
        size += ngx_chat_visits_item_text(view, i)->len;
    }

    item = ngx_alloc(size, log);
    if (item == NULL) {
        return NULL;
    }

    item->view = *view;
    item->next = NULL;
    item->keep = 0;
    item->views = 1;
    item->visits = 0;

    p = (u_char *) (item + 1);

    if (view->facts) {
        item->view.facts = (ngx_chat_facts_t *) p;
        p = ngx_cpymem(p, view->facts, sizeof(ngx_chat_facts_t));
    }

    for (i = 0; ngx_chat_visits_item_texts[i]; i++) {
        s = ngx_chat_visits_item_text(&item->view, i);

        p = ngx_cpymem(p, s->data, s->len);
        s->data = p - s->len;
    }

    return item;
}


ngx_chat_visits_item_t *
ngx_chat_visits_item_keep(uint64_t key, ngx_log_t *log)
{
    ngx_chat_visits_item_t  *item;

    item = ngx_calloc(sizeof(ngx_chat_visits_item_t), log);

    if (item) {
        item->view.key = key;
        item->keep = 1;
    }

    return item;
}


void
ngx_chat_visits_items_free(ngx_chat_visits_list_t *list)
{
    ngx_chat_visits_item_t  *item, *next;

    for (item = list->first; item; item = next) {
        next = item->next;
        ngx_free(item);
    }
}
