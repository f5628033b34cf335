
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * See finished.h.  The mutex is held for moving a list only.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/finished.h"


ngx_int_t
ngx_chat_finished_init(ngx_chat_finished_t *finished,
    ngx_chat_store_conf_t *conf)
{
    ngx_chat_jobs_init(&finished->jobs);

    finished->conf = conf;

    return pthread_mutex_init(&finished->mutex, NULL) == 0 ? NGX_OK
                                                           : NGX_ERROR;
}


void
ngx_chat_finished_destroy(ngx_chat_finished_t *finished)
{
    (void) pthread_mutex_destroy(&finished->mutex);
}


void
ngx_chat_finished_add(ngx_chat_finished_t *finished, ngx_chat_jobs_t *jobs)
{
    if (jobs->n == 0) {
        return;
    }

    (void) pthread_mutex_lock(&finished->mutex);

    ngx_chat_jobs_move(&finished->jobs, jobs, jobs->n);

    (void) pthread_mutex_unlock(&finished->mutex);

    finished->conf->notify(finished->conf->ctx);
}


void
ngx_chat_finished_take(ngx_chat_finished_t *finished, ngx_chat_jobs_t *jobs)
{
    (void) pthread_mutex_lock(&finished->mutex);

    ngx_chat_jobs_move(jobs, &finished->jobs, finished->jobs.n);

    (void) pthread_mutex_unlock(&finished->mutex);
}
