
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


static void ngx_http_chat_request_have_body(ngx_http_request_t *r);
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

    rc = ngx_http_read_client_request_body(r, ngx_http_chat_request_have_body);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static void
ngx_http_chat_request_have_body(ngx_http_request_t *r)
{
    ngx_http_chat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_chat_module);

    ngx_http_chat_request_end(r, ctx->body(ctx));
}


off_t
ngx_http_chat_request_length(ngx_http_request_t *r)
{
    off_t         len;
    ngx_chain_t  *cl;

    len = 0;

    if (r->request_body) {
        for (cl = r->request_body->bufs; cl; cl = cl->next) {
            len += ngx_buf_size(cl->buf);
        }
    }

    return len;
}


ngx_int_t
ngx_http_chat_request_body(ngx_http_request_t *r, ngx_pool_t *pool,
    ngx_str_t *body)
{
    u_char       *p;
    off_t         len;
    ssize_t       n;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    ngx_str_null(body);

    len = ngx_http_chat_request_length(r);

    if (len == 0) {
        return NGX_OK;
    }

    if (len > NGX_HTTP_CHAT_BODY_MAX) {
        return NGX_DECLINED;
    }

    p = ngx_pnalloc(pool, (size_t) len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    body->data = p;

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        b = cl->buf;

        if (!b->in_file) {
            p = ngx_cpymem(p, b->pos, b->last - b->pos);
            continue;
        }

        n = ngx_read_file(b->file, p, (size_t) (b->file_last - b->file_pos),
                          b->file_pos);

        if (n != (ssize_t) (b->file_last - b->file_pos)) {
            return NGX_ERROR;
        }

        p += n;
    }

    body->len = p - body->data;

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
