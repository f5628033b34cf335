
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * One event as a worker has it, rendered once for all who wait for it and
 * shared by reference count: .data is an event of a stream (HTML Living
 * Standard, 9.2 Server-sent events), and the JSON in it is what a poll is
 * answered with.  Event loop only.
 */

#ifndef NGX_CHAT_ITEM_H
#define NGX_CHAT_ITEM_H


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    ngx_uint_t    refs;
    int64_t       id;                   /* 0: ephemeral */
    ngx_str_t     json;                 /* in .data */
    size_t        len;
    u_char        data[1];
} ngx_chat_item_t;


/*
 * An item with one reference and len bytes of room at .json.data, which the
 * caller fills; NULL when memory is out.
 */
ngx_chat_item_t *ngx_chat_item_create(int64_t id, size_t len,
    ngx_log_t *log);

/* gives a reference back; the last one frees it */
void ngx_chat_item_release(ngx_chat_item_t *item);


#endif /* NGX_CHAT_ITEM_H */
