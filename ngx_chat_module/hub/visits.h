
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who is on the site now: visits under way, in a plain block of shared
 * memory.  A fixed table in buckets; a new visit takes a free place, that of
 * one that is over, or that of the longest idle of its bucket, so that memory
 * is bounded whatever comes.  Keys must not be foreseeable: they are numbers
 * made with a secret.
 *
 * The caller holds the zone's mutex, also for what it does with a place that
 * it was given, but where something else is said.  Nothing here takes long:
 * who wants all visits asks bucket by bucket.
 */

#ifndef NGX_CHAT_VISITS_H
#define NGX_CHAT_VISITS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/auth.h"
#include "domain/visit.h"


#define NGX_CHAT_VISITS_WAYS  16        /* places of a bucket */


typedef struct {
    uint64_t           keys[NGX_CHAT_VISITS_WAYS];      /* of these, together:
                                           they are looked through */
    ngx_chat_visit_t   visits[NGX_CHAT_VISITS_WAYS];
} ngx_chat_visits_bucket_t;


typedef struct {
    ngx_chat_key_t     salt;            /* of visitors without a token */
    int64_t            day;             /* that it is of */
    uint64_t           salts;           /* how many there have been */
    uint32_t           buckets;
    uint32_t           next;            /* bucket: where news go on */
    uint64_t           evicted;         /* visits that had to go early */

    ngx_chat_visits_bucket_t  bucket[];
} ngx_chat_visits_t;


/* bytes of the largest table that fits, at least one bucket's */
size_t ngx_chat_visits_memory(size_t room);

/* the memory must be zeroed and as long as the function above says */
void ngx_chat_visits_init(ngx_chat_visits_t *v, size_t memory);

/* places of the table */
ngx_uint_t ngx_chat_visits_places(ngx_chat_visits_t *v);

/* a new day has a new salt, and nobody can compute the old day's keys */
void ngx_chat_visits_day(ngx_chat_visits_t *v, int64_t now);

/* the visit under way, or NULL */
ngx_chat_visit_t *ngx_chat_visits_find(ngx_chat_visits_t *v, uint64_t key,
    int64_t now);

/*
 * One more page view: of the visit under way or, with .agent filled in, of a
 * new one.  Of a new one *fresh is 1.
 */
ngx_chat_visit_t *ngx_chat_visits_view(ngx_chat_visits_t *v,
    ngx_chat_view_t *view, ngx_uint_t *fresh);

/* whether one that begins takes the place of one that is under way */
ngx_uint_t ngx_chat_visits_crowded(ngx_chat_visits_t *v, uint64_t key,
    int64_t now);

/*
 * A visit goes on under another key: a hash became a token.  What the backend
 * said of whoever had the hash is forgotten.
 */
void ngx_chat_visits_rename(ngx_chat_visits_t *v, uint64_t from, uint64_t to,
    int64_t now);

/*
 * Copies the visits under way of one bucket, or those of them that changed
 * since this was last asked; dst has NGX_CHAT_VISITS_WAYS.  Their number.
 */
ngx_uint_t ngx_chat_visits_copy(ngx_chat_visits_t *v, ngx_uint_t bucket,
    int64_t now, ngx_chat_visit_t *dst);
ngx_uint_t ngx_chat_visits_changed(ngx_chat_visits_t *v, ngx_uint_t bucket,
    int64_t now, ngx_chat_visit_t *dst);

/* without the mutex: whether it is worth asking for what changed */
ngx_uint_t ngx_chat_visits_dirty(ngx_chat_visits_t *v, ngx_uint_t bucket);


#endif /* NGX_CHAT_VISITS_H */
