
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The way of a request: find the row, check the origin, find out who asks,
 * read the body into the command's arguments, run the command, answer.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/access.h"
#include "api/query.h"
#include "api/route.h"
#include "base/json_in.h"
#include "base/path.h"
#include "command/command.h"
#include "http/conf.h"
#include "http/reply.h"
#include "http/worker.h"


static ngx_http_chat_route_t *ngx_http_chat_route_find(ngx_http_chat_ctx_t *ctx,
    ngx_str_t *path, ngx_uint_t *methods);
static ngx_int_t ngx_http_chat_route_missing(ngx_http_chat_ctx_t *ctx,
    ngx_str_t *path, ngx_uint_t methods);
static ngx_int_t ngx_http_chat_route_allow(ngx_http_request_t *r,
    ngx_uint_t methods);
static ngx_int_t ngx_http_chat_route_start(ngx_http_chat_ctx_t *ctx);
static void ngx_http_chat_route_release(void *data);
static ngx_int_t ngx_http_chat_route_body(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_route_field(ngx_http_chat_ctx_t *ctx,
    ngx_chat_field_error_t *err);


static ngx_http_chat_route_t  *ngx_http_chat_routes[] = {
    ngx_http_chat_visitor_routes,
    ngx_http_chat_visit_routes,
    ngx_http_chat_claim_routes,
    ngx_http_chat_operator_routes,
    ngx_http_chat_conversation_routes,
    ngx_http_chat_admin_routes,
    ngx_http_chat_brand_routes,
    ngx_http_chat_form_routes,
    ngx_http_chat_words_routes,
    ngx_http_chat_block_routes,
    ngx_http_chat_trigger_routes,
    ngx_http_chat_invite_routes,
    NULL
};


/* what a command says, as a status or a problem */

static struct {
    ngx_uint_t                 status;      /* 0: .problem */
    ngx_http_chat_problem_e    problem;
} ngx_http_chat_results[] = {
    { NGX_HTTP_OK, 0 },                             /* OK */
    { NGX_HTTP_CREATED, 0 },                        /* CREATED */
    { NGX_HTTP_NO_CONTENT, 0 },                     /* EMPTY */
    { 0, NGX_HTTP_CHAT_NOT_FOUND },                 /* NOT_FOUND */
    { 0, NGX_HTTP_CHAT_CONVERSATION_CLOSED },       /* CLOSED */
    { 0, NGX_HTTP_CHAT_CONVERSATION_TAKEN },        /* TAKEN */
    { 0, NGX_HTTP_CHAT_FORBIDDEN },                 /* ROLE */
    { 0, NGX_HTTP_CHAT_CLIENT_ID },                 /* CLIENT_ID */
    { 0, NGX_HTTP_CHAT_LOGIN_TAKEN },               /* LOGIN_TAKEN */
    { 0, NGX_HTTP_CHAT_LAST_ADMIN },                /* LAST_ADMIN */
    { 0, NGX_HTTP_CHAT_SET_UP },                    /* SET_UP */
    { 0, NGX_HTTP_CHAT_CODE },                      /* CODE */
    { 0, NGX_HTTP_CHAT_CREDENTIALS },               /* CREDENTIALS */
    { 0, NGX_HTTP_CHAT_BLOCKED },                   /* BLOCKED */
    { 0, NGX_HTTP_CHAT_BLOCKS_FULL },               /* BLOCKS_FULL */
    { 0, NGX_HTTP_CHAT_BRAKED },                    /* BRAKED */
    { 0, NGX_HTTP_CHAT_TRIGGERS_FULL },             /* TRIGGERS_FULL */
    { 0, NGX_HTTP_CHAT_FORM },                      /* FORM */
    { 0, NGX_HTTP_CHAT_FIELD }                      /* WRONG */
};


/* in the order of ngx_http_chat_outcome_e */

static const ngx_uint_t  ngx_http_chat_sent_visitor[] = {
    NGX_CHAT_METRIC_SENT_VISITOR_NEW, NGX_CHAT_METRIC_SENT_VISITOR_REPEATED,
    NGX_CHAT_METRIC_SENT_VISITOR_REFUSED, NGX_CHAT_METRIC_SENT_VISITOR_FAILED
};

static const ngx_uint_t  ngx_http_chat_sent_operator[] = {
    NGX_CHAT_METRIC_SENT_OPERATOR_NEW, NGX_CHAT_METRIC_SENT_OPERATOR_REPEATED,
    NGX_CHAT_METRIC_SENT_OPERATOR_REFUSED,
    NGX_CHAT_METRIC_SENT_OPERATOR_FAILED
};


static ngx_conf_bitmask_t  ngx_http_chat_methods[] = {
    { ngx_string("GET"), NGX_HTTP_GET },
    { ngx_string("HEAD"), NGX_HTTP_GET },
    { ngx_string("POST"), NGX_HTTP_POST },
    { ngx_string("PUT"), NGX_HTTP_PUT },
    { ngx_string("PATCH"), NGX_HTTP_PATCH },
    { ngx_string("DELETE"), NGX_HTTP_DELETE },
    { ngx_null_string, 0 }
};


ngx_int_t
ngx_http_chat_route(ngx_http_request_t *r, ngx_str_t *path)
{
    ngx_int_t               rc;
    ngx_uint_t              methods;
    ngx_http_chat_ctx_t    *ctx;
    ngx_http_chat_route_t  *route;

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_chat_ctx_t));
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_set_ctx(r, ctx, ngx_http_chat_module);

    ctx->request = r;
    ctx->origin = ngx_http_chat_origin(r, &ctx->origin_value);

    route = ngx_http_chat_route_find(ctx, path, &methods);

    if (route == NULL) {
        rc = ngx_http_discard_request_body(r);

        return rc == NGX_OK ? ngx_http_chat_route_missing(ctx, path, methods)
                            : rc;
    }

    ctx->route = route;

    if (route->flags & NGX_HTTP_CHAT_MESSAGE) {
        ngx_chat_store_expect(ngx_http_chat_worker->store);
    }

    /* before the body: a page of an allowed origin sees each answer */

    if (route->path.data[0] == 'v'
        && ngx_http_chat_cors(r, ctx->origin, &ctx->origin_value, 0) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_chat_request_start(r, ctx, ngx_http_chat_route_start);
}


/* also finds out which methods the path has, for 405 */

static ngx_http_chat_route_t *
ngx_http_chat_route_find(ngx_http_chat_ctx_t *ctx, ngx_str_t *path,
    ngx_uint_t *methods)
{
    ngx_uint_t              i, method;
    ngx_http_chat_route_t  *route;

    *methods = 0;

    method = ctx->request->method == NGX_HTTP_HEAD ? NGX_HTTP_GET
                                                   : ctx->request->method;

    for (i = 0; ngx_http_chat_routes[i]; i++) {

        for (route = ngx_http_chat_routes[i]; route->path.len; route++) {

            if (!ngx_chat_path_match(&route->path, path, &ctx->id)) {
                continue;
            }

            if (route->method == method) {
                return route;
            }

            *methods |= route->method;
        }
    }

    return NULL;
}


/* 404, 405, or the answer to a browser that asks before it sends */

static ngx_int_t
ngx_http_chat_route_missing(ngx_http_chat_ctx_t *ctx, ngx_str_t *path,
    ngx_uint_t methods)
{
    ngx_http_request_t  *r;

    r = ctx->request;

    if (methods == 0) {
        return ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_NOT_FOUND, NULL,
                                           NULL, 0);
    }

    if (r->method == NGX_HTTP_OPTIONS
        && ctx->origin == NGX_HTTP_CHAT_ORIGIN_ALLOWED
        && ngx_strncmp(path->data, "visitor/", sizeof("visitor/") - 1) == 0)
    {
        if (ngx_http_chat_cors(r, ctx->origin, &ctx->origin_value, 1)
            != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_chat_reply_empty(r);
    }

    if (ngx_http_chat_route_allow(r, methods) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_METHOD, NULL, NULL,
                                       0);
}


static ngx_int_t
ngx_http_chat_route_allow(ngx_http_request_t *r, ngx_uint_t methods)
{
    u_char              *p;
    ngx_str_t            allow;
    ngx_conf_bitmask_t  *m;

    allow.data = ngx_pnalloc(r->pool,
                             sizeof("GET, HEAD, POST, PUT, PATCH, DELETE"));
    if (allow.data == NULL) {
        return NGX_ERROR;
    }

    p = allow.data;

    for (m = ngx_http_chat_methods; m->name.len; m++) {

        if (methods & m->mask) {

            if (p != allow.data) {
                *p++ = ',';
                *p++ = ' ';
            }

            p = ngx_cpymem(p, m->name.data, m->name.len);
        }
    }

    allow.len = p - allow.data;

    return ngx_http_chat_reply_header(r, "Allow", &allow);
}


static ngx_int_t
ngx_http_chat_route_start(ngx_http_chat_ctx_t *ctx)
{
    ngx_int_t  rc;

    rc = ngx_http_chat_access(ctx);

    return rc == NGX_DECLINED ? ngx_http_chat_route_run(ctx) : rc;
}


ngx_int_t
ngx_http_chat_route_run(ngx_http_chat_ctx_t *ctx)
{
    ngx_int_t               rc;
    ngx_chat_job_t         *job;
    ngx_pool_cleanup_t     *cln;
    ngx_http_chat_route_t  *route;

    route = ctx->route;

    job = ngx_chat_job_create(route->run, NULL, route->size,
                              ngx_http_chat_worker->log);
    if (job == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (route->flags & NGX_HTTP_CHAT_MESSAGE) {
        job->outcomes = route->auth == NGX_HTTP_CHAT_VISITOR
                        ? ngx_http_chat_sent_visitor
                        : ngx_http_chat_sent_operator;
    }

    rc = ngx_http_chat_route_body(ctx, job);

    /* a poll would hold it as long as it waits */

    if (ctx->text.data) {
        (void) ngx_pfree(ctx->request->pool, ctx->text.data);
        ngx_str_null(&ctx->text);
    }

    if (rc == NGX_DECLINED) {
        rc = ngx_http_chat_query(ctx, route->query, job);
    }

    if (rc == NGX_DECLINED && route->prepare) {
        rc = route->prepare(ctx, job);
    }

    if (rc != NGX_DECLINED) {
        ngx_chat_job_destroy(job);
        return rc;
    }

    if (route->run) {
        return ngx_http_chat_route_submit(ctx, job, route->flags,
                                          route->then ? route->then
                                          : ngx_http_chat_route_answer);
    }

    cln = ngx_pool_cleanup_add(ctx->request->pool, 0);
    if (cln == NULL) {
        ngx_chat_job_destroy(job);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_http_chat_route_release;
    cln->data = job;

    ctx->held = cln;

    return route->then(ctx, job);
}


static void
ngx_http_chat_route_release(void *data)
{
    ngx_chat_job_destroy(data);
}


static ngx_int_t
ngx_http_chat_route_body(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_str_t                why;
    ngx_chat_json_t         *object;
    ngx_http_chat_route_t   *route;
    ngx_chat_field_error_t   err;

    route = ctx->route;

    if (route->body == NULL) {
        return NGX_DECLINED;
    }

    if (ctx->text.len == 0 && (route->flags & NGX_HTTP_CHAT_OPTIONAL)) {
        return NGX_DECLINED;
    }

    object = ngx_chat_json_parse(job->pool, &ctx->text, &why);

    if (object == NULL) {
        return why.len ? ngx_http_chat_reply_problem(ctx->request,
                                                     NGX_HTTP_CHAT_MALFORMED,
                                                     &why, NULL, 0)
                       : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_chat_fields_read(job->pool, object, route->body, job->args, &err)
        != NGX_OK)
    {
        return ngx_http_chat_route_field(ctx, &err);
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_chat_route_field(ngx_http_chat_ctx_t *ctx,
    ngx_chat_field_error_t *err)
{
    ngx_http_chat_problem_e  problem;

    problem = err->status == 400 ? NGX_HTTP_CHAT_MALFORMED
              : err->status == 422 ? NGX_HTTP_CHAT_FIELD
              : NGX_HTTP_CHAT_INTERNAL;

    return ngx_http_chat_reply_problem(ctx->request, problem, &err->detail,
                                       &err->field, 0);
}


ngx_int_t
ngx_http_chat_route_submit(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job,
    ngx_uint_t flags, ngx_http_chat_then_pt then)
{
    ngx_http_chat_route_t  *route;

    route = ctx->route;

    job->heavy = (flags & NGX_HTTP_CHAT_HEAVY) ? 1 : 0;

    /* who wants a visitor's token gets one */

    job->guest = route->path.data[0] == 'v';

    if ((flags & NGX_HTTP_CHAT_VISITS) && ngx_http_chat_worker->conf->tracked)
    {
        return ngx_http_chat_request_read_visits(ctx, job, then);
    }

    return (flags & NGX_HTTP_CHAT_WRITE)
           ? ngx_http_chat_request_write(ctx, job, then)
           : ngx_http_chat_request_read(ctx, job, then);
}


ngx_int_t
ngx_http_chat_route_answer(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_int_t            rc;
    ngx_str_t            body;
    ngx_uint_t           status;
    ngx_http_request_t  *r;

    r = ctx->request;

    if (job->rc == NGX_ERROR) {
        return ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_UNAVAILABLE, NULL,
                                           NULL, 1);
    }

    if (job->result == NGX_CHAT_RESULT_BLOCKED) {
        rc = ngx_http_chat_access_blocked(ctx);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    status = ngx_http_chat_results[job->result].status;

    if (status == 0) {
        return ngx_http_chat_reply_problem(r,
                                   ngx_http_chat_results[job->result].problem,
                                   NULL, NULL, 0);
    }

    if (status == NGX_HTTP_NO_CONTENT) {
        return ngx_http_chat_reply_empty(r);
    }

    /* what was read is much more than the answer that was made of it */

    body.len = job->body.len;
    body.data = ngx_pstrdup(r->pool, &job->body);
    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_chat_request_drop(ctx);

    return ngx_http_chat_reply_json(r, status, &body);
}
