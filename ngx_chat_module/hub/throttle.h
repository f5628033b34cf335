
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Counts failures by key (a login, an address) in the shared zone, to slow
 * down those who guess.  A fixed table, so memory is bounded: a new key takes
 * the place of one in its bucket whose window is over or, without one, of that
 * with the least failures, so that who is counted can't push the count out by
 * new keys.  Keys must not be foreseeable: who can choose a bucket can.  The
 * caller holds the zone's mutex.
 */

#ifndef NGX_CHAT_THROTTLE_H
#define NGX_CHAT_THROTTLE_H


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CHAT_THROTTLE_BUCKETS  256
#define NGX_CHAT_THROTTLE_WAYS     8


typedef struct {
    uint64_t     key;                   /* 0: free */
    int64_t      since;                 /* ms, of the first failure */
    uint32_t     failures;
    uint32_t     window;                /* ms */
} ngx_chat_throttle_entry_t;


typedef struct {
    ngx_chat_throttle_entry_t   entries[NGX_CHAT_THROTTLE_BUCKETS]
                                       [NGX_CHAT_THROTTLE_WAYS];
} ngx_chat_throttle_t;


/*
 * Milliseconds that this key must still wait after limit failures within the
 * window, or 0.
 */
int64_t ngx_chat_throttle_wait(ngx_chat_throttle_t *t, uint64_t key,
    ngx_uint_t limit, int64_t window, int64_t now);

/* ms since the first failure, which was within the window; -1: there is none */
int64_t ngx_chat_throttle_age(ngx_chat_throttle_t *t, uint64_t key,
    int64_t window, int64_t now);

/* one failure more; a failure after the window starts a new one */
void ngx_chat_throttle_failed(ngx_chat_throttle_t *t, uint64_t key,
    int64_t window, int64_t now);

/*
 * Something began, unless it is known that it had: it is not counted, so that
 * one of a long window makes room as soon as any other.
 */
void ngx_chat_throttle_begin(ngx_chat_throttle_t *t, uint64_t key,
    int64_t window, int64_t now);

/* one failure less: what was counted beforehand was a success */
void ngx_chat_throttle_forgive(ngx_chat_throttle_t *t, uint64_t key);

/* a success forgets the failures */
void ngx_chat_throttle_clear(ngx_chat_throttle_t *t, uint64_t key);


#endif /* NGX_CHAT_THROTTLE_H */
