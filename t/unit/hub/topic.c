
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "hub/topic.h"


static ngx_int_t topic_put(ngx_chat_topic_t *topic, int64_t id, size_t len,
    ngx_log_t *log);


static ngx_int_t
topic_put(ngx_chat_topic_t *topic, int64_t id, size_t len, ngx_log_t *log)
{
    ngx_int_t         rc;
    ngx_chat_item_t  *item;

    item = ngx_chat_item_create(id, len, log);

    rc = ngx_chat_topic_push(topic, item, (uint64_t) id, 8, NULL,
                             log);

    ngx_chat_item_release(item);

    return rc;
}


UNIT_TEST(a_window_has_an_end)
{
    int64_t            id;
    ngx_chat_topic_t  *topic;

    topic = ngx_chat_topic_create(1, 0, NULL, log);

    for (id = 1; id <= 20; id++) {
        is_int(topic_put(topic, id, 10, log), NGX_OK, "short");
    }

    is_int(topic->count, 8, "so many of them");
    is_int(topic->base, 12, "complete above those that went");

    ngx_chat_topic_destroy(topic, NULL);
}


UNIT_TEST(large_items_are_fewer)
{
    int64_t            id;
    ngx_chat_topic_t  *topic;

    topic = ngx_chat_topic_create(1, 0, NULL, log);

    for (id = 1; id <= 20; id++) {
        is_int(topic_put(topic, id, 3000, log), NGX_OK, "long");
    }

    is_int(topic->count, 2, "for they fill it");
    is_int(topic->base, 18, "complete above those that went");

    is_int(topic_put(topic, 21, 9000, log), NGX_OK, "too long for any");
    is_int(topic->count, 0, "nothing is kept");
    is_int(topic->base, 21, "the database has it");
    is_int(topic->bytes, 0, "and counted");

    is_int(topic_put(topic, 22, 10, log), NGX_OK, "the next");
    is_int(topic->count, 1, "is");

    ngx_chat_topic_destroy(topic, NULL);
}
