
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "command/brand.h"
#include "http/brand.h"


#define NGX_HTTP_CHAT_BRAND_AGE  5          /* s */


static void ngx_http_chat_brand_done(ngx_chat_job_t *job);
static void ngx_http_chat_brand_keep(ngx_http_chat_worker_t *w,
    ngx_str_t *look);


void
ngx_http_chat_brand_tick(ngx_http_chat_worker_t *w)
{
    ngx_chat_job_t  *job;

    if (!w->conf->widget
        || ngx_exiting
        || ngx_time() - w->looked < NGX_HTTP_CHAT_BRAND_AGE)
    {
        return;
    }

    job = ngx_chat_job_create(ngx_chat_brand_look, ngx_http_chat_brand_done,
                              0, w->log);
    if (job == NULL) {
        return;
    }

    w->looked = ngx_time();
    job->data = w;

    if (ngx_chat_store_read(w->store, job) != NGX_OK) {
        ngx_chat_job_destroy(job);
    }
}


/* without an answer it stays as it was */

static void
ngx_http_chat_brand_done(ngx_chat_job_t *job)
{
    ngx_http_chat_worker_t  *w = job->data;

    if (job->rc == NGX_OK) {
        ngx_http_chat_brand_keep(w, &job->body);
    }

    ngx_chat_job_destroy(job);
}


static void
ngx_http_chat_brand_keep(ngx_http_chat_worker_t *w, ngx_str_t *look)
{
    u_char  *p;

    if (look->len == w->look.len
        && (look->len == 0
            || ngx_memcmp(look->data, w->look.data, look->len) == 0))
    {
        return;
    }

    p = NULL;

    if (look->len) {
        p = ngx_alloc(look->len, w->log);
        if (p == NULL) {
            return;
        }

        ngx_memcpy(p, look->data, look->len);
    }

    if (w->look.data) {
        ngx_free(w->look.data);
    }

    w->look.data = p;
    w->look.len = look->len;
}
