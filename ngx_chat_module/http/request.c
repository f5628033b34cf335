
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "command/command.h"
#include "http/conf.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_BODY_MIN  4096    /* of one without a length */


static void ngx_http_chat_request_have_body(ngx_http_request_t *r);
static ngx_int_t ngx_http_chat_request_gather(ngx_http_request_t *r,
    ngx_http_chat_ctx_t *ctx);
static ngx_int_t ngx_http_chat_request_append(ngx_http_request_t *r,
    ngx_http_chat_ctx_t *ctx);
static ngx_int_t ngx_http_chat_request_room(ngx_http_request_t *r,
    ngx_http_chat_ctx_t *ctx, size_t len);
static void ngx_http_chat_request_end(ngx_http_request_t *r, ngx_int_t rc);
static ngx_int_t ngx_http_chat_request_submit(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job, ngx_http_chat_then_pt then,
    ngx_int_t (*submit)(ngx_chat_store_t *store, ngx_chat_job_t *job));
static ngx_int_t ngx_http_chat_request_busy(ngx_http_chat_ctx_t *ctx,
    ngx_int_t rc);
static void ngx_http_chat_request_count(ngx_chat_job_t *job);
static void ngx_http_chat_request_done(ngx_chat_job_t *job);
static void ngx_http_chat_request_gone(void *data);
static void ngx_http_chat_request_release(void *data);


ngx_int_t
ngx_http_chat_request_start(ngx_http_request_t *r, ngx_http_chat_ctx_t *ctx,
    ngx_http_chat_step_pt body)
{
    ngx_int_t            rc;
    ngx_http_cleanup_t  *cln;

    if (r->headers_in.content_length_n > NGX_HTTP_CHAT_BODY_MAX) {
        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        return ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_TOO_LARGE, NULL,
                                           NULL, 0);
    }

    cln = ngx_http_cleanup_add(r, 0);
    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_http_chat_request_gone;
    cln->data = ctx;

    ctx->body = body;

    /* else nginx writes what is long into a file, and the event loop waits */

    r->request_body_no_buffering = 1;

    rc = ngx_http_read_client_request_body(r, ngx_http_chat_request_have_body);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


/* has come, or a part of it */

static void
ngx_http_chat_request_have_body(ngx_http_request_t *r)
{
    ngx_int_t             rc;
    ngx_http_chat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_chat_module);

    rc = ngx_http_chat_request_gather(r, ctx);

    if (rc == NGX_AGAIN) {
        r->read_event_handler = ngx_http_chat_request_have_body;
        return;
    }

    r->read_event_handler = ngx_http_block_reading;

    if (rc == NGX_DECLINED) {

        /* what is left is not waited for */

        if (r->reading_body) {
            r->keepalive = 0;
        }

        rc = ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_TOO_LARGE, NULL,
                                         NULL, 0);

    } else if (rc == NGX_OK) {
        rc = ctx->body(ctx);
    }

    ngx_http_chat_request_end(r, rc);
}


/*
 * NGX_OK: it is whole; NGX_AGAIN: more is to come; NGX_DECLINED: it is too
 * large; else a status
 */

static ngx_int_t
ngx_http_chat_request_gather(ngx_http_request_t *r, ngx_http_chat_ctx_t *ctx)
{
    ngx_int_t  rc;

    for ( ;; ) {
        rc = ngx_http_chat_request_append(r, ctx);

        if (rc != NGX_OK || !r->reading_body) {
            return rc;
        }

        rc = ngx_http_read_unbuffered_request_body(r);

        if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
            return rc;
        }

        if (rc == NGX_AGAIN && r->request_body->bufs == NULL) {
            return NGX_AGAIN;
        }
    }
}


/* takes what nginx has read, whose buffers it uses again */

static ngx_int_t
ngx_http_chat_request_append(ngx_http_request_t *r, ngx_http_chat_ctx_t *ctx)
{
    size_t        len;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        b = cl->buf;
        len = b->last - b->pos;

        if (ctx->text.len + len > NGX_HTTP_CHAT_BODY_MAX) {
            return NGX_DECLINED;
        }

        if (ngx_http_chat_request_room(r, ctx, ctx->text.len + len)
            != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ngx_memcpy(ctx->text.data + ctx->text.len, b->pos, len);

        ctx->text.len += len;
        b->pos = b->last;
    }

    r->request_body->bufs = NULL;

    return NGX_OK;
}


/* as much as is announced, or twice what there was */

static ngx_int_t
ngx_http_chat_request_room(ngx_http_request_t *r, ngx_http_chat_ctx_t *ctx,
    size_t len)
{
    u_char  *p;
    size_t   size;

    if (len <= ctx->size) {
        return NGX_OK;
    }

    size = ngx_max((size_t) NGX_HTTP_CHAT_BODY_MIN, ctx->size * 2);
    size = ngx_max(size, len);

    if (r->headers_in.content_length_n > 0) {
        size = (size_t) r->headers_in.content_length_n;
    }

    p = ngx_palloc(r->pool, size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    if (ctx->text.data) {
        ngx_memcpy(p, ctx->text.data, ctx->text.len);
        (void) ngx_pfree(r->pool, ctx->text.data);
    }

    ctx->text.data = p;
    ctx->size = size;

    return NGX_OK;
}


ngx_int_t
ngx_http_chat_request_write(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job,
    ngx_http_chat_then_pt then)
{
    return ngx_http_chat_request_busy(ctx,
                        ngx_http_chat_request_submit(ctx, job, then,
                                                     ngx_chat_store_write));
}


ngx_int_t
ngx_http_chat_request_read(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job,
    ngx_http_chat_then_pt then)
{
    return ngx_http_chat_request_busy(ctx,
                        ngx_http_chat_request_submit(ctx, job, then,
                                                     ngx_chat_store_read));
}


ngx_int_t
ngx_http_chat_request_read_visits(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job, ngx_http_chat_then_pt then)
{
    return ngx_http_chat_request_busy(ctx,
                        ngx_http_chat_request_submit(ctx, job, then,
                                                ngx_chat_store_read_visits));
}


ngx_int_t
ngx_http_chat_request_try_read(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job,
    ngx_http_chat_then_pt then)
{
    return ngx_http_chat_request_submit(ctx, job, then, ngx_chat_store_read);
}


ngx_int_t
ngx_http_chat_request_again(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job,
    ngx_chat_job_run_pt run, ngx_http_chat_then_pt then)
{
    /* the store has it again, and not the request's pool */

    ctx->held->handler = NULL;

    job->run = run;
    job->heavy = 0;
    job->rc = NGX_OK;
    job->result = 0;

    return ngx_http_chat_request_write(ctx, job, then);
}


static ngx_int_t
ngx_http_chat_request_busy(ngx_http_chat_ctx_t *ctx, ngx_int_t rc)
{
    return rc == NGX_BUSY
           ? ngx_http_chat_reply_problem(ctx->request, NGX_HTTP_CHAT_BUSY,
                                         NULL, NULL, 1)
           : rc;
}


static ngx_int_t
ngx_http_chat_request_submit(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job,
    ngx_http_chat_then_pt then,
    ngx_int_t (*submit)(ngx_chat_store_t *store, ngx_chat_job_t *job))
{
    ngx_http_request_t  *r;

    r = ctx->request;

    job->done = ngx_http_chat_request_done;
    job->data = ctx;

    if (submit(ngx_http_chat_worker->store, job) != NGX_OK) {
        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "the chat's queue is full, see \"chat_queue\"");

        ngx_chat_metric_add(ngx_http_chat_worker->lane,
                            submit == ngx_chat_store_write
                            ? NGX_CHAT_METRIC_QUEUE_FULL_WRITES
                            : NGX_CHAT_METRIC_QUEUE_FULL_READS,
                            1);

        ngx_chat_job_destroy(job);

        return NGX_BUSY;
    }

    ngx_http_chat_worker_busy();

    ctx->job = job;
    ctx->then = then;

    /* nginx notices a client that goes away; a stream has handlers already */

    if (!r->header_sent) {
        r->read_event_handler = ngx_http_test_reading;
        r->write_event_handler = ngx_http_request_empty_handler;
    }

    return NGX_DONE;
}


static void
ngx_http_chat_request_done(ngx_chat_job_t *job)
{
    ngx_http_request_t   *r;
    ngx_pool_cleanup_t   *cln;
    ngx_http_chat_ctx_t  *ctx;

    ctx = job->data;

    if (job->outcomes) {
        ngx_http_chat_request_count(job);
    }

    if (ctx == NULL) {
        ngx_chat_job_destroy(job);
        return;
    }

    r = ctx->request;
    ctx->job = NULL;

    ngx_http_set_log_request(r->connection->log, r);

    /* that of the last job, when there is none any more */

    cln = ctx->held;

    if (cln == NULL || cln->handler) {
        cln = ngx_pool_cleanup_add(r->pool, 0);
    }

    if (cln == NULL) {
        ngx_chat_job_destroy(job);
        ngx_http_chat_request_finish(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    cln->handler = ngx_http_chat_request_release;
    cln->data = job;

    ctx->held = cln;

    ngx_http_chat_request_finish(r, ctx->then(ctx, job));
}


/* also when nobody waits for it any more */

static void
ngx_http_chat_request_count(ngx_chat_job_t *job)
{
    ngx_http_chat_outcome_e  outcome;

    switch (job->rc) {

    case NGX_OK:
        outcome = job->result == NGX_CHAT_RESULT_CREATED
                  ? NGX_HTTP_CHAT_NEW : NGX_HTTP_CHAT_REPEATED;
        break;

    case NGX_DECLINED:
        outcome = NGX_HTTP_CHAT_REFUSED;
        break;

    default:
        outcome = NGX_HTTP_CHAT_FAILED;
    }

    ngx_chat_metric_add(ngx_http_chat_worker->lane, job->outcomes[outcome],
                        1);
}


void
ngx_http_chat_request_finish(ngx_http_request_t *r, ngx_int_t rc)
{
    ngx_connection_t  *c;

    c = r->connection;

    ngx_http_chat_request_end(r, rc);

    ngx_http_run_posted_requests(c);
}


/* a stream that has begun can't turn into an error page */

static void
ngx_http_chat_request_end(ngx_http_request_t *r, ngx_int_t rc)
{
    if (rc == NGX_DONE) {
        return;
    }

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE && r->header_sent) {
        rc = NGX_ERROR;
    }

    ngx_http_finalize_request(r, rc);
}


void
ngx_http_chat_request_drop(ngx_http_chat_ctx_t *ctx)
{
    ngx_chat_job_destroy(ctx->held->data);

    ctx->held->handler = NULL;
}


static void
ngx_http_chat_request_release(void *data)
{
    ngx_chat_job_destroy(data);
}


/* the thread goes on with the job, nobody waits for it any more */

static void
ngx_http_chat_request_gone(void *data)
{
    ngx_http_chat_ctx_t  *ctx = data;

    if (ctx->job) {
        ctx->job->data = NULL;
        ctx->job = NULL;
    }
}
