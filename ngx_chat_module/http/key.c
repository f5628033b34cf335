
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/key.h"


typedef struct {
    ngx_http_chat_worker_t    *worker;
    ngx_chat_key_t             key;
} ngx_http_chat_key_job_t;


static ngx_int_t ngx_http_chat_key_read(ngx_http_chat_worker_t *w,
    ngx_chat_key_t *key);
static ngx_int_t ngx_http_chat_key_run(ngx_chat_job_t *job,
    ngx_chat_db_t *db);
static void ngx_http_chat_key_done(ngx_chat_job_t *job);


void
ngx_http_chat_key_load(ngx_http_chat_worker_t *w)
{
    w->keyed = ngx_http_chat_key_read(w, &w->key) == NGX_OK;
}


static ngx_int_t
ngx_http_chat_key_read(ngx_http_chat_worker_t *w, ngx_chat_key_t *key)
{
    u_char  *last, path[NGX_MAX_PATH];

    last = ngx_snprintf(path, NGX_MAX_PATH - 1, "%V/chat.key",
                        &w->conf->state->name);
    *last = '\0';

    return ngx_chat_auth_load_key(key, (char *) path, w->log);
}


void
ngx_http_chat_key_look(ngx_http_chat_worker_t *w)
{
    ngx_chat_job_t           *job;
    ngx_http_chat_key_job_t  *args;

    job = ngx_chat_job_create(ngx_http_chat_key_run,
                              ngx_http_chat_key_done,
                              sizeof(ngx_http_chat_key_job_t), w->log);
    if (job == NULL) {
        return;
    }

    args = job->args;
    args->worker = w;

    if (ngx_chat_store_read(w->store, job) != NGX_OK) {
        ngx_chat_job_destroy(job);
    }
}


static ngx_int_t
ngx_http_chat_key_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_http_chat_key_job_t  *args = job->args;

    return ngx_http_chat_key_read(args->worker, &args->key) == NGX_OK
           ? NGX_OK : NGX_DECLINED;
}


static void
ngx_http_chat_key_done(ngx_chat_job_t *job)
{
    ngx_http_chat_key_job_t  *args = job->args;

    ngx_http_chat_worker_t  *w = args->worker;

    if (job->rc == NGX_OK && !w->keyed) {
        w->key = args->key;
        w->keyed = 1;
    }

    ngx_chat_auth_wipe(&args->key, sizeof(ngx_chat_key_t));
    ngx_chat_job_destroy(job);
}
