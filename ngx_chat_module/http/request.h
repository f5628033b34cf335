
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A request under way: its body, the job that a thread does for it, and what
 * follows when the job is done or the client has gone.  Event loop.
 *
 * Steps return what ngx_http_finalize_request() wants, or NGX_DONE when the
 * request goes on later.
 */

#ifndef NGX_HTTP_CHAT_REQUEST_H
#define NGX_HTTP_CHAT_REQUEST_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/identity.h"
#include "http/session.h"
#include "store/job.h"


#define NGX_HTTP_CHAT_BODY_MAX  65536


/* what became of a job: which of its .outcomes is counted */

typedef enum {
    NGX_HTTP_CHAT_NEW = 0,
    NGX_HTTP_CHAT_REPEATED,
    NGX_HTTP_CHAT_REFUSED,
    NGX_HTTP_CHAT_FAILED
} ngx_http_chat_outcome_e;


typedef struct ngx_http_chat_ctx_s   ngx_http_chat_ctx_t;
typedef struct ngx_http_chat_wait_s  ngx_http_chat_wait_t;

typedef ngx_int_t (*ngx_http_chat_then_pt)(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
typedef ngx_int_t (*ngx_http_chat_step_pt)(ngx_http_chat_ctx_t *ctx);


struct ngx_http_chat_ctx_s {
    ngx_http_request_t        *request;
    ngx_chat_job_t            *job;         /* with a thread now */
    ngx_http_chat_then_pt      then;        /* when it is done */
    ngx_pool_cleanup_t        *held;        /* of the last job that was */
    ngx_http_chat_step_pt      body;        /* when the body is there */
    ngx_str_t                  text;        /* the body, len == 0: none */
    size_t                     size;        /* of the memory for it */
    void                      *route;       /* the API's */
    ngx_http_chat_wait_t      *wait;        /* when it waits for events */
    int64_t                    id;          /* in the path, 0: none */

    ngx_http_chat_origin_e     origin;
    ngx_str_t                  origin_value;

    u_char                     uid[NGX_CHAT_UID_LEN];
    u_char                     token[NGX_CHAT_VISITOR_TOKEN_LEN];
    unsigned                   visitor:1;   /* .uid is valid */
    unsigned                   fresh:1;     /* .token was made just now */
    unsigned                   ghost:1;     /* blocked, and must not know */

    u_char                     session[NGX_CHAT_SESSION_HASH_LEN];
    ngx_http_chat_identity_t   identity;    /* the operator's */
    ngx_uint_t                 generation;  /* session_generation() */
};


/*
 * Takes over the request from the content handler: reads the body into
 * ctx->text, never through a file, then goes on with body(ctx).  One that has
 * more than NGX_HTTP_CHAT_BODY_MAX bytes is answered 413 as soon as that is
 * seen.
 */
ngx_int_t ngx_http_chat_request_start(ngx_http_request_t *r,
    ngx_http_chat_ctx_t *ctx, ngx_http_chat_step_pt body);

/*
 * Hands the job to the store; then(ctx, job) follows unless the client goes
 * away meanwhile (what was written stays written).  The job lives as long as
 * the request.  Returns NGX_DONE, or has answered 503 when the queue is full.
 */
ngx_int_t ngx_http_chat_request_write(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job, ngx_http_chat_then_pt then);
ngx_int_t ngx_http_chat_request_read(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job, ngx_http_chat_then_pt then);

/* from visits.db, where something is tracked */
ngx_int_t ngx_http_chat_request_read_visits(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job, ngx_http_chat_then_pt then);

/* the same, but a full queue is NGX_BUSY and the job is gone: for those who
   have sent their header already */
ngx_int_t ngx_http_chat_request_try_read(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job, ngx_http_chat_then_pt then);

/* answers, when a step has come from outside of nginx's own handlers */
void ngx_http_chat_request_finish(ngx_http_request_t *r, ngx_int_t rc);


/*
 * In then(): hands the same job to the writer, for a second step that works
 * on what the first has found.
 */
ngx_int_t ngx_http_chat_request_again(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job, ngx_chat_job_run_pt run,
    ngx_http_chat_then_pt then);

/* in then(): the job goes now, as a stream would gather them, and a client who
   is slow would hold it */
void ngx_http_chat_request_drop(ngx_http_chat_ctx_t *ctx);


#endif /* NGX_HTTP_CHAT_REQUEST_H */
