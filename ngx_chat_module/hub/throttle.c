
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/throttle.h"


static int64_t ngx_chat_throttle_since(ngx_chat_throttle_entry_t *e,
    int64_t window, int64_t now);
static ngx_chat_throttle_entry_t *ngx_chat_throttle_room(
    ngx_chat_throttle_t *t, uint64_t key, int64_t now);
static ngx_chat_throttle_entry_t *ngx_chat_throttle_find(
    ngx_chat_throttle_t *t, uint64_t key);


int64_t
ngx_chat_throttle_wait(ngx_chat_throttle_t *t, uint64_t key, ngx_uint_t limit,
    int64_t window, int64_t now)
{
    int64_t                     age;
    ngx_chat_throttle_entry_t  *e;

    e = ngx_chat_throttle_find(t, key);
    age = ngx_chat_throttle_since(e, window, now);

    return age < 0 || e->failures < limit ? 0 : window - age;
}


int64_t
ngx_chat_throttle_age(ngx_chat_throttle_t *t, uint64_t key, int64_t window,
    int64_t now)
{
    return ngx_chat_throttle_since(ngx_chat_throttle_find(t, key), window,
                                   now);
}


/* a clock that was set back must not lock anybody out */

static int64_t
ngx_chat_throttle_since(ngx_chat_throttle_entry_t *e, int64_t window,
    int64_t now)
{
    return e && now >= e->since && now < e->since + window
           ? now - e->since : -1;
}


void
ngx_chat_throttle_failed(ngx_chat_throttle_t *t, uint64_t key, int64_t window,
    int64_t now)
{
    ngx_chat_throttle_entry_t  *e;

    e = ngx_chat_throttle_find(t, key);

    if (ngx_chat_throttle_since(e, window, now) >= 0) {
        e->failures++;
        return;
    }

    if (e == NULL) {
        e = ngx_chat_throttle_room(t, key, now);
    }

    e->key = key;
    e->since = now;
    e->failures = 1;
    e->window = (uint32_t) ngx_min(window, UINT32_MAX);
}


void
ngx_chat_throttle_begin(ngx_chat_throttle_t *t, uint64_t key, int64_t window,
    int64_t now)
{
    if (ngx_chat_throttle_age(t, key, window, now) < 0) {
        ngx_chat_throttle_failed(t, key, window, now);
    }
}


/* of equals the oldest */

static ngx_chat_throttle_entry_t *
ngx_chat_throttle_room(ngx_chat_throttle_t *t, uint64_t key, int64_t now)
{
    ngx_uint_t                  i;
    ngx_chat_throttle_entry_t  *e, *room, *bucket;

    bucket = t->entries[key % NGX_CHAT_THROTTLE_BUCKETS];
    room = NULL;

    for (i = 0; i < NGX_CHAT_THROTTLE_WAYS; i++) {
        e = &bucket[i];

        /* workers' clocks differ a little, and one may be set back */

        if (e->key == 0 || now >= e->since + e->window
            || now + e->window < e->since)
        {
            return e;
        }

        if (room == NULL
            || e->failures < room->failures
            || (e->failures == room->failures && e->since < room->since))
        {
            room = e;
        }
    }

    return room;
}


void
ngx_chat_throttle_forgive(ngx_chat_throttle_t *t, uint64_t key)
{
    ngx_chat_throttle_entry_t  *e;

    e = ngx_chat_throttle_find(t, key);

    if (e && e->failures) {
        e->failures--;
    }
}


void
ngx_chat_throttle_clear(ngx_chat_throttle_t *t, uint64_t key)
{
    ngx_chat_throttle_entry_t  *e;

    e = ngx_chat_throttle_find(t, key);

    if (e) {
        ngx_memzero(e, sizeof(ngx_chat_throttle_entry_t));
    }
}


static ngx_chat_throttle_entry_t *
ngx_chat_throttle_find(ngx_chat_throttle_t *t, uint64_t key)
{
    ngx_uint_t                  i;
    ngx_chat_throttle_entry_t  *bucket;

    bucket = t->entries[key % NGX_CHAT_THROTTLE_BUCKETS];

    for (i = 0; i < NGX_CHAT_THROTTLE_WAYS; i++) {
        if (bucket[i].key == key) {
            return &bucket[i];
        }
    }

    return NULL;
}
