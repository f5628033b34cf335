
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Jobs and lists of them.  No locks: a job has one owner at a time, and so
 * has a list.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/job.h"


#define NGX_CHAT_JOB_POOL  2048


ngx_chat_job_t *
ngx_chat_job_create(ngx_chat_job_run_pt run, ngx_chat_job_done_pt done,
    size_t size, ngx_log_t *log)
{
    ngx_pool_t      *pool;
    ngx_chat_job_t  *job;

    pool = ngx_create_pool(NGX_CHAT_JOB_POOL, log);
    if (pool == NULL) {
        return NULL;
    }

    job = ngx_pcalloc(pool, sizeof(ngx_chat_job_t));
    if (job == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    job->args = ngx_pcalloc(pool, size);
    if (job->args == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    job->pool = pool;
    job->run = run;
    job->done = done;

    return job;
}


void
ngx_chat_job_destroy(ngx_chat_job_t *job)
{
    ngx_destroy_pool(job->pool);
}


ngx_uint_t
ngx_chat_job_room(ngx_chat_job_t *job, ngx_uint_t queued, ngx_uint_t limit)
{
    return queued < (job->guest ? limit - limit / 4 : limit);
}


ngx_int_t
ngx_chat_job_copy(ngx_chat_job_t *job, ngx_str_t *dst, ngx_str_t *src)
{
    if (src->data == NULL) {
        ngx_str_null(dst);
        return NGX_OK;
    }

    dst->data = ngx_pnalloc(job->pool, src->len + 1);
    if (dst->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(dst->data, src->data, src->len);
    dst->data[src->len] = '\0';
    dst->len = src->len;

    return NGX_OK;
}


void
ngx_chat_jobs_init(ngx_chat_jobs_t *jobs)
{
    jobs->first = NULL;
    jobs->last = &jobs->first;
    jobs->n = 0;
}


void
ngx_chat_jobs_add(ngx_chat_jobs_t *jobs, ngx_chat_job_t *job)
{
    job->next = NULL;

    *jobs->last = job;
    jobs->last = &job->next;
    jobs->n++;
}


void
ngx_chat_jobs_move(ngx_chat_jobs_t *to, ngx_chat_jobs_t *from, ngx_uint_t n)
{
    ngx_chat_job_t  *job;

    if (n < from->n) {

        while (n--) {

            job = ngx_chat_jobs_take(from);
            if (job == NULL) {
                break;
            }

            ngx_chat_jobs_add(to, job);
        }

        return;
    }

    if (from->n == 0) {
        return;
    }

    *to->last = from->first;
    to->last = from->last;
    to->n += from->n;

    ngx_chat_jobs_init(from);
}


ngx_chat_job_t *
ngx_chat_jobs_take(ngx_chat_jobs_t *jobs)
{
    ngx_chat_job_t  *job;

    job = jobs->first;

    if (job == NULL) {
        return NULL;
    }

    jobs->first = job->next;
    jobs->n--;

    if (jobs->first == NULL) {
        jobs->last = &jobs->first;
    }

    job->next = NULL;

    return job;
}
