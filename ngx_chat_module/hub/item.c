
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/item.h"


ngx_chat_item_t *
ngx_chat_item_create(int64_t id, size_t len, ngx_log_t *log)
{
    u_char           *p;
    ngx_chat_item_t  *item;

    item = ngx_alloc(offsetof(ngx_chat_item_t, data)
                     + sizeof("id: \ndata: \n\n") - 1 + NGX_INT64_LEN + len,
                     log);
    if (item == NULL) {
        return NULL;
    }

    item->refs = 1;
    item->id = id;

    p = item->data;

    if (id) {
        p = ngx_sprintf(p, "id: %L\n", id);
    }

    p = ngx_cpymem(p, "data: ", sizeof("data: ") - 1);

    item->json.data = p;
    item->json.len = len;

    p += len;

    *p++ = '\n';
    *p++ = '\n';

    item->len = p - item->data;

    return item;
}


void
ngx_chat_item_release(ngx_chat_item_t *item)
{
    if (--item->refs == 0) {
        ngx_free(item);
    }
}
