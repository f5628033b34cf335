
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Jobs on their way back to the event loop, in the order in which they were
 * finished.  Threads add, the loop takes.
 */

#ifndef NGX_CHAT_FINISHED_H
#define NGX_CHAT_FINISHED_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <pthread.h>
#include "store/job.h"
#include "store/store.h"


typedef struct {
    pthread_mutex_t           mutex;
    ngx_chat_jobs_t           jobs;
    ngx_chat_store_conf_t    *conf;         /* notify, ctx */
} ngx_chat_finished_t;


ngx_int_t ngx_chat_finished_init(ngx_chat_finished_t *finished,
    ngx_chat_store_conf_t *conf);
void ngx_chat_finished_destroy(ngx_chat_finished_t *finished);

/* empties jobs; one notification for all of them, none when there are none */
void ngx_chat_finished_add(ngx_chat_finished_t *finished,
    ngx_chat_jobs_t *jobs);
void ngx_chat_finished_take(ngx_chat_finished_t *finished,
    ngx_chat_jobs_t *jobs);


#endif /* NGX_CHAT_FINISHED_H */
