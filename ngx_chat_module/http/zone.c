
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"
#include "http/zone.h"


#define NGX_HTTP_CHAT_ZONE_SMALL  (4 * 1024 * 1024)

#define NGX_HTTP_CHAT_ZONE_FIXED  (512 * 1024)      /* what no size changes */

#define NGX_HTTP_CHAT_TRAY_MIN  (16 * 1024)
#define NGX_HTTP_CHAT_TRAY_MAX  (128 * 1024)


static ngx_int_t ngx_http_chat_zone_init(ngx_shm_zone_t *shm_zone,
    void *data);
static ngx_int_t ngx_http_chat_zone_fill(ngx_http_chat_zone_t *zone,
    ngx_slab_pool_t *shpool, size_t size);
static ngx_int_t ngx_http_chat_zone_visits(ngx_http_chat_zone_t *zone,
    ngx_slab_pool_t *shpool, size_t size);
static ngx_int_t ngx_http_chat_zone_blocks(ngx_http_chat_zone_t *zone,
    ngx_slab_pool_t *shpool, size_t size);
static size_t ngx_http_chat_zone_power(size_t n, size_t limit);
static void *ngx_http_chat_zone_tray(ngx_http_chat_zone_t *zone);
static void *ngx_http_chat_zone_quietly(ngx_http_chat_zone_t *zone,
    size_t size);
static ngx_int_t ngx_http_chat_zone_ring(ngx_http_chat_zone_t *zone,
    ngx_slab_pool_t *shpool, size_t size);


ngx_shm_zone_t *
ngx_http_chat_zone_add(ngx_conf_t *cf, size_t size)
{
    ngx_str_t        name;
    ngx_shm_zone_t  *shm_zone;

    ngx_str_set(&name, "chat");

    shm_zone = ngx_shared_memory_add(cf, &name, size, &ngx_http_chat_module);
    if (shm_zone == NULL) {
        return NULL;
    }

    shm_zone->init = ngx_http_chat_zone_init;

    return shm_zone;
}


/* shm_zone->data is the ngx_http_chat_zone_t in the shared memory */

static ngx_int_t
ngx_http_chat_zone_init(ngx_shm_zone_t *shm_zone, void *data)
{
    size_t                 len;
    ngx_slab_pool_t       *shpool;
    ngx_http_chat_zone_t  *zone;

    if (data) {
        shm_zone->data = data;
        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (shm_zone->shm.exists) {
        shm_zone->data = shpool->data;
        return NGX_OK;
    }

    len = sizeof(" in chat zone \"\"") + shm_zone->shm.name.len;

    shpool->log_ctx = ngx_slab_alloc(shpool, len);
    if (shpool->log_ctx == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(shpool->log_ctx, " in chat zone \"%V\"%Z",
                &shm_zone->shm.name);

    zone = ngx_slab_calloc(shpool, sizeof(ngx_http_chat_zone_t));
    if (zone == NULL) {
        return NGX_ERROR;
    }

    zone->mutex = &shpool->mutex;
    zone->shpool = shpool;

    if (ngx_http_chat_zone_fill(zone, shpool, shm_zone->shm.size) != NGX_OK) {
        return NGX_ERROR;
    }

    /* not at every start */

    zone->expired = (uint32_t) (ngx_current_msec / 1000);

    shpool->data = zone;
    shm_zone->data = zone;

    return NGX_OK;
}


static ngx_int_t
ngx_http_chat_zone_fill(ngx_http_chat_zone_t *zone, ngx_slab_pool_t *shpool,
    size_t size)
{
    zone->spare = size / 32;
    zone->tray = ngx_http_chat_zone_power(NGX_HTTP_CHAT_TRAY_MIN,
                                 ngx_min(size / 256, NGX_HTTP_CHAT_TRAY_MAX));

    zone->metrics = ngx_slab_calloc(shpool, sizeof(ngx_chat_metrics_t));
    zone->presence = ngx_slab_calloc(shpool, ngx_chat_presence_size());
    zone->throttle = ngx_slab_calloc(shpool, sizeof(ngx_chat_throttle_t));
    zone->brakes = ngx_slab_calloc(shpool, sizeof(ngx_chat_throttle_t));
    zone->newcomers = ngx_slab_calloc(shpool, sizeof(ngx_chat_throttle_t));
    zone->desk = ngx_slab_calloc(shpool, sizeof(ngx_chat_desk_t));

    if (zone->metrics == NULL
        || zone->presence == NULL
        || zone->throttle == NULL
        || zone->brakes == NULL
        || zone->newcomers == NULL
        || zone->desk == NULL)
    {
        return NGX_ERROR;
    }

    if (ngx_http_chat_zone_visits(zone, shpool, size) != NGX_OK
        || ngx_http_chat_zone_ring(zone, shpool, size) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_chat_zone_blocks(zone, shpool, size);
}


/* an eighth: some 40 visits for each MiB of the zone */

static ngx_int_t
ngx_http_chat_zone_visits(ngx_http_chat_zone_t *zone, ngx_slab_pool_t *shpool,
    size_t size)
{
    size_t  memory;

    memory = ngx_chat_visits_memory(size / 8);

    zone->visits = ngx_slab_calloc(shpool, memory);
    if (zone->visits == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_visits_init(zone->visits, memory);

    return NGX_OK;
}


/*
 * Of the default zone, room for 100,000 and some.  A small one needs most of
 * itself for what has a constant size.
 */

static ngx_int_t
ngx_http_chat_zone_blocks(ngx_http_chat_zone_t *zone, ngx_slab_pool_t *shpool,
    size_t size)
{
    ngx_uint_t  n;

    n = ngx_chat_blocks_fit(size / 16
                            * (size < NGX_HTTP_CHAT_ZONE_SMALL ? 1 : 3));

    zone->blocks = ngx_slab_alloc(shpool, ngx_chat_blocks_memory(n));
    if (zone->blocks == NULL) {
        return NGX_ERROR;
    }

    /* who can't see it can't choose where in the table things come */

    ngx_chat_blocks_init(zone->blocks, n,
                         (uint64_t) ngx_random() << 32 ^ ngx_random()
                         ^ (uint64_t) ngx_pid << 16);

    return NGX_OK;
}


/* the largest power of two, from n on, that is not above the limit */

static size_t
ngx_http_chat_zone_power(size_t n, size_t limit)
{
    while (n * 2 <= limit) {
        n *= 2;
    }

    return n;
}


/* up to nine sixteenths of the zone */

static ngx_int_t
ngx_http_chat_zone_ring(ngx_http_chat_zone_t *zone, ngx_slab_pool_t *shpool,
    size_t size)
{
    uint64_t  n;

    n = ngx_http_chat_zone_power(64 * 1024, size / 16 * 9);

    zone->ring = ngx_slab_alloc(shpool, ngx_chat_ring_memory(n));
    if (zone->ring == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_ring_init(zone->ring, n);

    return NGX_OK;
}


void
ngx_http_chat_zone_enough(ngx_shm_zone_t *shm_zone, ngx_uint_t workers,
    ngx_log_t *log)
{
    size_t                 room, need, size;
    ngx_http_chat_zone_t  *zone;

    zone = shm_zone->data;

    need = 2 * workers * ngx_align(sizeof(ngx_chat_slot_t), ngx_pagesize);
    room = zone->shpool->pfree * ngx_pagesize
           + zone->metrics->n * ngx_align(sizeof(ngx_chat_slot_t),
                                          ngx_pagesize);

    if (room >= need) {
        return;
    }

    /* of a larger zone an eighth is left, but for what has a constant size */

    size = 8 * (need + NGX_HTTP_CHAT_ZONE_FIXED);

    ngx_log_error(NGX_LOG_WARN, log, 0,
                  "\"chat_zone\" has room for the metrics of %uz of %ui "
                  "worker processes, which are twice as many during a "
                  "reload; \"chat_zone %uzm\" has for all",
                  room * workers / need, workers,
                  (size + 1024 * 1024 - 1) / (1024 * 1024));
}


ngx_chat_slot_t *
ngx_http_chat_zone_slot(ngx_http_chat_zone_t *zone, ngx_uint_t worker)
{
    ngx_chat_slot_t  *slot, *more;

    ngx_shmtx_lock(zone->mutex);

    slot = ngx_chat_metrics_claim(zone->metrics, ngx_pid, worker);

    if (slot == NULL) {
        more = ngx_http_chat_zone_quietly(zone, sizeof(ngx_chat_slot_t));

        if (more && ngx_chat_metrics_extend(zone->metrics, more) == NGX_OK) {
            slot = ngx_chat_metrics_claim(zone->metrics, ngx_pid, worker);
        }
    }

    ngx_shmtx_unlock(zone->mutex);

    return slot;
}


ngx_chat_tray_t *
ngx_http_chat_zone_desk(ngx_http_chat_zone_t *zone, ngx_uint_t worker)
{
    void             *memory;
    ngx_chat_tray_t  *tray;

    ngx_shmtx_lock(zone->mutex);

    tray = ngx_chat_desk_claim(zone->desk, ngx_pid, worker);

    if (tray == NULL) {
        memory = ngx_http_chat_zone_tray(zone);

        if (memory
            && ngx_chat_desk_extend(zone->desk, memory, zone->tray) == NGX_OK)
        {
            tray = ngx_chat_desk_claim(zone->desk, ngx_pid, worker);
        }
    }

    ngx_shmtx_unlock(zone->mutex);

    return tray;
}


/* with the mutex; NULL when little is left, and the slots need that */

static void *
ngx_http_chat_zone_tray(ngx_http_chat_zone_t *zone)
{
    size_t  size;

    size = ngx_chat_tray_memory(zone->tray);

    return zone->shpool->pfree * ngx_pagesize < size + zone->spare
           ? NULL : ngx_http_chat_zone_quietly(zone, size);
}


/* with the mutex, and without a line in the log when there is none */

static void *
ngx_http_chat_zone_quietly(ngx_http_chat_zone_t *zone, size_t size)
{
    void             *memory;
    ngx_uint_t        log;
    ngx_slab_pool_t  *shpool;

    shpool = zone->shpool;

    log = shpool->log_nomem;
    shpool->log_nomem = 0;

    memory = ngx_slab_calloc_locked(shpool, size);

    shpool->log_nomem = log;

    return memory;
}


void
ngx_http_chat_zone_publish(ngx_http_chat_zone_t *zone,
    ngx_chat_record_t *records, ngx_uint_t n)
{
    ngx_uint_t  i;

    ngx_shmtx_lock(zone->mutex);

    for (i = 0; i < n; i++) {
        (void) ngx_chat_ring_append(zone->ring, &records[i]);
    }

    ngx_shmtx_unlock(zone->mutex);
}


/*
 * The flag is set before the descriptor is written and cleared before the
 * ring is drained, so a record is either seen by the drain or wakes again.
 * One that is left set by a process that died in between is cleared by the
 * worker's tick.
 */

void
ngx_http_chat_zone_wake(ngx_http_chat_zone_t *zone, ngx_uint_t worker)
{
    if (__atomic_exchange_n(&zone->woken[worker], 1, __ATOMIC_SEQ_CST) == 0) {
        ngx_chat_wakeup(worker);
    }
}


void
ngx_http_chat_zone_awake(ngx_http_chat_zone_t *zone, ngx_uint_t worker)
{
    __atomic_store_n(&zone->woken[worker], 0, __ATOMIC_SEQ_CST);
}
