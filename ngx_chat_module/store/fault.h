
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * One log line for each cause while an outage lasts, and one when it is over,
 * however many jobs it hits.  Shared by the threads of one role: it is over
 * when each of those that failed has succeeded since.
 */

#ifndef NGX_CHAT_FAULT_H
#define NGX_CHAT_FAULT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <pthread.h>
#include "base/metrics.h"


/* causes beside SQLite's primary result codes, which are below 32 */

#define NGX_CHAT_FAULT_SCHEMA  40       /* newer, or not our database */
#define NGX_CHAT_FAULT_LOCK    41
#define NGX_CHAT_FAULT_FILE    42       /* setup code, database file */
#define NGX_CHAT_FAULT_MEMORY  43


#define NGX_CHAT_FAULT_THREADS  4       /* of a role at most */


typedef struct {
    pthread_mutex_t    mutex;
    ngx_log_t         *log;
    uint64_t           logged;          /* bit 1 << cause */
    ngx_msec_t         last;            /* of the newest failure */
    pthread_t          failing[NGX_CHAT_FAULT_THREADS];
    ngx_uint_t         n;               /* of these */
    const char        *what;            /* "writes", "reads" */
    ngx_chat_lane_t   *lane;            /* or NULL; with the mutex */
    ngx_chat_metric_e  outages;
    ngx_chat_metric_e  down;
} ngx_chat_fault_t;


ngx_int_t ngx_chat_fault_init(ngx_chat_fault_t *fault, const char *what,
    ngx_log_t *log);

/* before the threads start: where outages are counted */
void ngx_chat_fault_count(ngx_chat_fault_t *fault, ngx_chat_lane_t *lane,
    ngx_chat_metric_e outages, ngx_chat_metric_e down);

void ngx_chat_fault_destroy(ngx_chat_fault_t *fault);

/* 1 when the cause is to be logged by the caller now */
ngx_uint_t ngx_chat_fault_raise(ngx_chat_fault_t *fault, ngx_uint_t cause);

/* this thread's work succeeded; logs the end of the outage when it has been
   over for a while */
void ngx_chat_fault_over(ngx_chat_fault_t *fault, const char *path);

/* there is an outage: something of this role failed, and it is not over */
ngx_uint_t ngx_chat_fault_stands(ngx_chat_fault_t *fault);

/* monotonic milliseconds, for threads */
ngx_msec_t ngx_chat_fault_now(void);


#endif /* NGX_CHAT_FAULT_H */
