
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/visits.h"


#define NGX_CHAT_VISITS_DAY  86400000       /* ms */


static ngx_chat_visits_bucket_t *ngx_chat_visits_bucket(ngx_chat_visits_t *v,
    uint64_t key);
static ngx_uint_t ngx_chat_visits_way(ngx_chat_visits_bucket_t *bucket,
    uint64_t key);
static ngx_chat_visit_t *ngx_chat_visits_place(ngx_chat_visits_t *v,
    uint64_t key, int64_t now);


size_t
ngx_chat_visits_memory(size_t room)
{
    size_t  n;

    n = room > sizeof(ngx_chat_visits_t)
        ? (room - sizeof(ngx_chat_visits_t)) / sizeof(ngx_chat_visits_bucket_t)
        : 0;

    return sizeof(ngx_chat_visits_t)
           + ngx_max(n, 1) * sizeof(ngx_chat_visits_bucket_t);
}


void
ngx_chat_visits_init(ngx_chat_visits_t *v, size_t memory)
{
    v->buckets = (uint32_t) ((memory - sizeof(ngx_chat_visits_t))
                             / sizeof(ngx_chat_visits_bucket_t));
}


ngx_uint_t
ngx_chat_visits_places(ngx_chat_visits_t *v)
{
    return (ngx_uint_t) v->buckets * NGX_CHAT_VISITS_WAYS;
}


void
ngx_chat_visits_day(ngx_chat_visits_t *v, int64_t now)
{
    int64_t  day;

    day = now / NGX_CHAT_VISITS_DAY;

    if (v->day != day) {
        ngx_chat_auth_random(&v->salt, sizeof(ngx_chat_key_t));
        v->day = day;

        /* last: who has read this number has read that salt, or a later one */

        (void) __atomic_add_fetch(&v->salts, 1, __ATOMIC_RELEASE);
    }
}


ngx_chat_visit_t *
ngx_chat_visits_find(ngx_chat_visits_t *v, uint64_t key, int64_t now)
{
    ngx_uint_t                 i;
    ngx_chat_visits_bucket_t  *bucket;

    bucket = ngx_chat_visits_bucket(v, key);
    i = ngx_chat_visits_way(bucket, key);

    return i == NGX_CHAT_VISITS_WAYS
           || ngx_chat_visit_over(&bucket->visits[i], now)
           ? NULL : &bucket->visits[i];
}


static ngx_chat_visits_bucket_t *
ngx_chat_visits_bucket(ngx_chat_visits_t *v, uint64_t key)
{
    return &v->bucket[key % v->buckets];
}


/* NGX_CHAT_VISITS_WAYS: it has none there */

static ngx_uint_t
ngx_chat_visits_way(ngx_chat_visits_bucket_t *bucket, uint64_t key)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_VISITS_WAYS; i++) {
        if (bucket->keys[i] == key) {
            break;
        }
    }

    return i;
}


ngx_chat_visit_t *
ngx_chat_visits_view(ngx_chat_visits_t *v, ngx_chat_view_t *view,
    ngx_uint_t *fresh)
{
    ngx_chat_visit_t  *visit;

    visit = ngx_chat_visits_find(v, view->key, view->at);

    *fresh = visit == NULL;

    if (visit == NULL) {
        visit = ngx_chat_visits_place(v, view->key, view->at);
        ngx_chat_visit_begin(visit, view);
    }

    ngx_chat_visit_view(visit, view);

    return visit;
}


/* the key's own, a free one, or the longest idle: one that is over, if any */

static ngx_chat_visit_t *
ngx_chat_visits_place(ngx_chat_visits_t *v, uint64_t key, int64_t now)
{
    ngx_uint_t                 i, place;
    ngx_chat_visit_t          *visit;
    ngx_chat_visits_bucket_t  *bucket;

    bucket = ngx_chat_visits_bucket(v, key);
    visit = bucket->visits;
    place = ngx_chat_visits_way(bucket, key);

    if (place == NGX_CHAT_VISITS_WAYS) {
        place = ngx_chat_visits_way(bucket, 0);
    }

    if (place == NGX_CHAT_VISITS_WAYS) {
        place = 0;

        for (i = 1; i < NGX_CHAT_VISITS_WAYS; i++) {
            if (visit[i].seen_at < visit[place].seen_at) {
                place = i;
            }
        }

        if (!ngx_chat_visit_over(&visit[place], now)) {
            v->evicted++;
        }
    }

    /* who dies here leaves nobody's visit to somebody else */

    ngx_memzero(&visit[place], sizeof(ngx_chat_visit_t));

    bucket->keys[place] = key;

    return &visit[place];
}


ngx_uint_t
ngx_chat_visits_crowded(ngx_chat_visits_t *v, uint64_t key, int64_t now)
{
    ngx_uint_t                 i;
    ngx_chat_visits_bucket_t  *bucket;

    bucket = ngx_chat_visits_bucket(v, key);

    for (i = 0; i < NGX_CHAT_VISITS_WAYS; i++) {

        if (bucket->keys[i] == 0 || bucket->keys[i] == key
            || ngx_chat_visit_over(&bucket->visits[i], now))
        {
            return 0;
        }
    }

    return 1;
}


void
ngx_chat_visits_rename(ngx_chat_visits_t *v, uint64_t from, uint64_t to,
    int64_t now)
{
    ngx_chat_visit_t          *visit, *place, copy;
    ngx_chat_visits_bucket_t  *bucket;

    visit = ngx_chat_visits_find(v, from, now);

    if (visit == NULL) {
        return;
    }

    copy = *visit;
    ngx_memzero(visit, sizeof(ngx_chat_visit_t));

    bucket = ngx_chat_visits_bucket(v, from);
    bucket->keys[visit - bucket->visits] = 0;

    place = ngx_chat_visits_place(v, to, now);

    *place = copy;
    place->key = to;
    place->was = from;
    place->known = 1;
    place->dirty = 1;

    /* others may have the same address and browser, and a backend that knows */

    ngx_memzero(&place->facts, sizeof(ngx_chat_facts_t));
}


ngx_uint_t
ngx_chat_visits_copy(ngx_chat_visits_t *v, ngx_uint_t bucket, int64_t now,
    ngx_chat_visit_t *dst)
{
    ngx_uint_t         i, n;
    ngx_chat_visit_t  *visit;

    n = 0;
    visit = v->bucket[bucket].visits;

    for (i = 0; i < NGX_CHAT_VISITS_WAYS; i++) {
        if (visit[i].key && !ngx_chat_visit_over(&visit[i], now)) {
            dst[n++] = visit[i];
        }
    }

    return n;
}


ngx_uint_t
ngx_chat_visits_changed(ngx_chat_visits_t *v, ngx_uint_t bucket, int64_t now,
    ngx_chat_visit_t *dst)
{
    ngx_uint_t         i, n;
    ngx_chat_visit_t  *visit;

    n = 0;
    visit = v->bucket[bucket].visits;

    for (i = 0; i < NGX_CHAT_VISITS_WAYS; i++) {

        if (visit[i].key == 0 || !visit[i].dirty) {
            continue;
        }

        visit[i].dirty = 0;

        if (!ngx_chat_visit_over(&visit[i], now)) {
            dst[n++] = visit[i];
        }
    }

    return n;
}


ngx_uint_t
ngx_chat_visits_dirty(ngx_chat_visits_t *v, ngx_uint_t bucket)
{
    ngx_uint_t         i;
    ngx_chat_visit_t  *visit;

    visit = v->bucket[bucket].visits;

    for (i = 0; i < NGX_CHAT_VISITS_WAYS; i++) {
        if (__atomic_load_n(&visit[i].dirty, __ATOMIC_RELAXED)) {
            return 1;
        }
    }

    return 0;
}
