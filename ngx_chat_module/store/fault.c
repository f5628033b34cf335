
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A disk that is nearly full lets one commit through and fails the next: an
 * outage is over only when nothing has failed for a second, so that the log
 * gets two lines a second at worst.  Of two readers one may still have a file
 * open that is gone, and read on while the other one can't: that one must have
 * read again.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/fault.h"


#define NGX_CHAT_FAULT_QUIET  1000      /* ms */


static ngx_uint_t ngx_chat_fault_place(ngx_chat_fault_t *fault);


ngx_int_t
ngx_chat_fault_init(ngx_chat_fault_t *fault, const char *what, ngx_log_t *log)
{
    fault->log = log;
    fault->logged = 0;
    fault->last = 0;
    fault->n = 0;
    fault->what = what;
    fault->lane = NULL;

    return pthread_mutex_init(&fault->mutex, NULL) == 0 ? NGX_OK : NGX_ERROR;
}


void
ngx_chat_fault_count(ngx_chat_fault_t *fault, ngx_chat_lane_t *lane,
    ngx_chat_metric_e outages, ngx_chat_metric_e down)
{
    fault->lane = lane;
    fault->outages = outages;
    fault->down = down;
}


void
ngx_chat_fault_destroy(ngx_chat_fault_t *fault)
{
    (void) pthread_mutex_destroy(&fault->mutex);
}


ngx_uint_t
ngx_chat_fault_raise(ngx_chat_fault_t *fault, ngx_uint_t cause)
{
    uint64_t    bit;
    ngx_uint_t  i, first;

    bit = (uint64_t) 1 << (cause & 63);

    (void) pthread_mutex_lock(&fault->mutex);

    first = (fault->logged & bit) == 0;

    if (fault->logged == 0) {
        ngx_chat_metric_add(fault->lane, fault->outages, 1);
        ngx_chat_metric_set(fault->lane, fault->down, 1);
    }

    fault->logged |= bit;
    fault->last = ngx_chat_fault_now();

    i = ngx_chat_fault_place(fault);

    if (i == fault->n && i < NGX_CHAT_FAULT_THREADS) {
        fault->failing[fault->n++] = pthread_self();
    }

    (void) pthread_mutex_unlock(&fault->mutex);

    return first;
}


/* this thread's, or the number of them; with the mutex */

static ngx_uint_t
ngx_chat_fault_place(ngx_chat_fault_t *fault)
{
    ngx_uint_t  i;

    for (i = 0; i < fault->n; i++) {
        if (pthread_equal(fault->failing[i], pthread_self())) {
            break;
        }
    }

    return i;
}


void
ngx_chat_fault_over(ngx_chat_fault_t *fault, const char *path)
{
    ngx_uint_t  i, over;

    (void) pthread_mutex_lock(&fault->mutex);

    i = ngx_chat_fault_place(fault);

    if (i < fault->n) {
        fault->failing[i] = fault->failing[--fault->n];
    }

    over = fault->logged != 0
           && fault->n == 0
           && ngx_chat_fault_now() - fault->last >= NGX_CHAT_FAULT_QUIET;

    if (over) {
        fault->logged = 0;
        ngx_chat_metric_set(fault->lane, fault->down, 0);
    }

    (void) pthread_mutex_unlock(&fault->mutex);

    if (over) {
        ngx_log_error(NGX_LOG_WARN, fault->log, 0,
                      "chat: %s of \"%s\" work again", fault->what, path);
    }
}


ngx_uint_t
ngx_chat_fault_stands(ngx_chat_fault_t *fault)
{
    ngx_uint_t  stands;

    (void) pthread_mutex_lock(&fault->mutex);

    stands = fault->logged != 0;

    (void) pthread_mutex_unlock(&fault->mutex);

    return stands;
}


ngx_msec_t
ngx_chat_fault_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (ngx_msec_t) ts.tv_sec * 1000 + (ngx_msec_t) (ts.tv_nsec / 1000000);
}
