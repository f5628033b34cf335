
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The shared zone: the ring, who is present, who is blocked, who failed to
 * log in.  Made by the master, kept over reloads, written by all workers.
 */

#ifndef NGX_HTTP_CHAT_ZONE_H
#define NGX_HTTP_CHAT_ZONE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/metrics.h"
#include "base/wakeup.h"
#include "hub/blocks.h"
#include "hub/presence.h"
#include "hub/ring.h"
#include "hub/throttle.h"
#include "hub/visits.h"
#include "store/desk.h"


typedef struct {
    ngx_shmtx_t           *mutex;       /* the zone's own: nginx frees it when
                                           its holder dies */
    ngx_slab_pool_t       *shpool;
    ngx_chat_metrics_t    *metrics;
    ngx_chat_ring_t       *ring;
    ngx_chat_presence_t   *presence;
    ngx_chat_throttle_t   *throttle;
    ngx_chat_throttle_t   *brakes;      /* the same, of what visitors write */
    ngx_chat_visits_t     *visits;
    ngx_chat_throttle_t   *newcomers;   /* cookies that pages gave */
    ngx_chat_blocks_t     *blocks;
    ngx_chat_desk_t       *desk;
    size_t                 tray;        /* size of a tray's pipe of jobs */
    size_t                 spare;       /* bytes that no tray may take */
    uint32_t               available;   /* somebody is present, as published */
    uint32_t               swept;       /* second of the last sweep */
    uint32_t               expired;     /* the last one of sessions, in seconds
                                           of the monotonic clock */
    uint32_t               rules;       /* http/invite.h */
    uint32_t               settled;     /* second that .rules was learned */
    uint32_t               words;       /* changes with the word list; odd: it
                                           is empty */
    uint32_t               summoned;    /* second of the last invitation by
                                           an operator's hand */
    uint32_t               woken[NGX_CHAT_WORKERS_MAX];
} ngx_http_chat_zone_t;


ngx_shm_zone_t *ngx_http_chat_zone_add(ngx_conf_t *cf, size_t size);

/*
 * Master, at the start: says at "warn" when so many workers, twice over while
 * a reload's two generations live, have no room for their metrics, and how
 * large a zone has.
 */
void ngx_http_chat_zone_enough(ngx_shm_zone_t *shm_zone, ngx_uint_t workers,
    ngx_log_t *log);

/*
 * Event loop, when the process starts: its slot of metrics, or NULL when the
 * zone has no room for one more: it works, and counts nothing.
 */
ngx_chat_slot_t *ngx_http_chat_zone_slot(ngx_http_chat_zone_t *zone,
    ngx_uint_t worker);

/* the same: its tray on the desk, or NULL, which is not logged: the worker's
   jobs stay with it then */
ngx_chat_tray_t *ngx_http_chat_zone_desk(ngx_http_chat_zone_t *zone,
    ngx_uint_t worker);

/* any thread, any worker: appends under the mutex */
void ngx_http_chat_zone_publish(ngx_http_chat_zone_t *zone,
    ngx_chat_record_t *records, ngx_uint_t n);

/* any thread, any worker: makes a worker drain the ring, unless it is about
   to do so anyway */
void ngx_http_chat_zone_wake(ngx_http_chat_zone_t *zone, ngx_uint_t worker);

/* a worker that is about to drain: what comes from now on wakes it again */
void ngx_http_chat_zone_awake(ngx_http_chat_zone_t *zone, ngx_uint_t worker);


#endif /* NGX_HTTP_CHAT_ZONE_H */
