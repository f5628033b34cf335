
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/metrics.h"


static void ngx_chat_metrics_reset(ngx_chat_slot_t *slot);


/* us: from an answer of a cached disk to the end of anybody's patience */

static const uint64_t  ngx_chat_metrics_times[] = {
    100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000,
    500000, 1000000, 2500000, 10000000, 0
};

static const uint64_t  ngx_chat_metrics_sizes[] = {
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 0
};


#define ngx_chat_metrics_row(id, type, from, name, labels, help)              \
    { NGX_CHAT_TYPE_##type, NGX_CHAT_FROM_##from, name, labels, help },

const ngx_chat_metric_t  ngx_chat_metrics[] = {
    NGX_CHAT_METRICS(ngx_chat_metrics_row)
};


#define ngx_chat_metrics_histogram(id, unit, name, help, bounds)              \
    { NGX_CHAT_TYPE_##unit, name, help, bounds },

const ngx_chat_histogram_t  ngx_chat_histograms[] = {
    NGX_CHAT_HISTOGRAMS(ngx_chat_metrics_histogram)
};


ngx_chat_slot_t *
ngx_chat_metrics_claim(ngx_chat_metrics_t *m, ngx_pid_t pid,
    ngx_uint_t worker)
{
    ngx_uint_t        i;
    ngx_chat_slot_t  *slot;

    for (i = 0; i < m->n; i++) {
        slot = m->slots[i];

        if (ngx_chat_metrics_alive(slot)) {
            continue;
        }

        ngx_chat_metrics_reset(slot);

        __atomic_store_n(&slot->worker, (uint64_t) worker, __ATOMIC_RELAXED);
        __atomic_store_n(&slot->pid, (uint64_t) pid, __ATOMIC_RELEASE);

        return slot;
    }

    return NULL;
}


ngx_int_t
ngx_chat_metrics_extend(ngx_chat_metrics_t *m, ngx_chat_slot_t *slot)
{
    if (m->n == NGX_CHAT_METRICS_SLOTS) {
        return NGX_DECLINED;
    }

    m->slots[m->n] = slot;

    __atomic_store_n(&m->n, m->n + 1, __ATOMIC_RELEASE);

    return NGX_OK;
}


void
ngx_chat_metrics_release(ngx_chat_slot_t *slot)
{
    ngx_chat_metrics_reset(slot);

    __atomic_store_n(&slot->pid, 0, __ATOMIC_RELEASE);
}


/* another user's process counts as alive: it has the number, at least */

ngx_uint_t
ngx_chat_metrics_alive(ngx_chat_slot_t *slot)
{
    uint64_t  pid;

    pid = __atomic_load_n(&slot->pid, __ATOMIC_ACQUIRE);

    return pid != 0
           && (kill((ngx_pid_t) pid, 0) == 0 || ngx_errno != NGX_ESRCH);
}


static void
ngx_chat_metrics_reset(ngx_chat_slot_t *slot)
{
    ngx_uint_t  i, lane;

    for (i = 0; i < NGX_CHAT_METRIC_MAX; i++) {

        if (ngx_chat_metrics[i].type != NGX_CHAT_TYPE_GAUGE) {
            continue;
        }

        for (lane = 0; lane < NGX_CHAT_LANE_MAX; lane++) {
            ngx_chat_metric_set(&slot->lanes[lane], i, 0);
        }
    }
}


void
ngx_chat_metric_observe(ngx_chat_lane_t *lane, ngx_chat_histogram_e histogram,
    uint64_t value)
{
    uint64_t         *bucket, *sum;
    ngx_uint_t        i;
    const uint64_t   *bounds;

    if (lane == NULL) {
        return;
    }

    bounds = ngx_chat_histograms[histogram].bounds;

    for (i = 0; bounds[i] && value > bounds[i]; i++) { /* void */ }

    if (bounds[i] == 0) {
        i = NGX_CHAT_METRICS_BOUNDS;
    }

    bucket = &lane->histograms[histogram].buckets[i];
    sum = &lane->histograms[histogram].sum;

    __atomic_store_n(bucket, *bucket + 1, __ATOMIC_RELAXED);
    __atomic_store_n(sum, *sum + value, __ATOMIC_RELAXED);
}


uint64_t
ngx_chat_metrics_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000;
}
