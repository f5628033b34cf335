
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The API as a table: what stands at which address, who may ask, what the
 * body and the query must hold, which command answers.  docs/api.yaml is the
 * contract.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_ROUTE_H
#define NGX_HTTP_CHAT_ROUTE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/field.h"
#include "http/request.h"
#include "store/job.h"


typedef enum {
    NGX_HTTP_CHAT_ANYBODY = 0,
    NGX_HTTP_CHAT_VISITOR,
    NGX_HTTP_CHAT_AGENT,                /* any operator */
    NGX_HTTP_CHAT_ADMIN
} ngx_http_chat_auth_e;


#define NGX_HTTP_CHAT_WRITE     0x01    /* the command writes */
#define NGX_HTTP_CHAT_HEAVY     0x02    /* it hashes a password */
#define NGX_HTTP_CHAT_OPTIONAL  0x04    /* no body is an empty object */
#define NGX_HTTP_CHAT_MESSAGE   0x08    /* what becomes of it is counted */
#define NGX_HTTP_CHAT_VISITS    0x10    /* it reads from visits.db, if any */


typedef struct ngx_http_chat_route_s  ngx_http_chat_route_t;

/* fills in what body and query don't hold; NGX_DECLINED to go on, or, after
   an answer, what ngx_http_finalize_request() wants */
typedef ngx_int_t (*ngx_http_chat_prepare_pt)(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


struct ngx_http_chat_route_s {
    ngx_uint_t                  method;     /* NGX_HTTP_GET, ... */
    ngx_str_t                   path;       /* ":id" stands for a number */
    ngx_http_chat_auth_e        auth;
    ngx_uint_t                  flags;
    size_t                      size;       /* of the command's arguments */
    ngx_chat_field_t           *body;       /* NULL: none is read */
    ngx_chat_field_t           *query;
    ngx_chat_job_run_pt         run;        /* NULL: .then answers at once */
    ngx_http_chat_prepare_pt    prepare;
    ngx_http_chat_then_pt       then;       /* NULL: route_answer() */
};


/* by subject; each ends with a row without path */
extern ngx_http_chat_route_t  ngx_http_chat_visitor_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_visit_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_claim_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_operator_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_conversation_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_admin_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_block_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_brand_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_form_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_words_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_trigger_routes[];
extern ngx_http_chat_route_t  ngx_http_chat_invite_routes[];


/* a request under "<prefix>api/v1/"; path is what comes after that */
ngx_int_t ngx_http_chat_route(ngx_http_request_t *r, ngx_str_t *path);

/* who asks is known and may: reads the body, runs the command */
ngx_int_t ngx_http_chat_route_run(ngx_http_chat_ctx_t *ctx);

/* the command's result as an answer */
ngx_int_t ngx_http_chat_route_answer(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);

/* hands a further job of the same request to the store */
ngx_int_t ngx_http_chat_route_submit(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job, ngx_uint_t flags, ngx_http_chat_then_pt then);


#endif /* NGX_HTTP_CHAT_ROUTE_H */
