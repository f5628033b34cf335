
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The checks return NGX_DECLINED when the request may go on; anything else
 * means that it has been answered.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/access.h"
#include "api/route.h"
#include "base/header.h"
#include "command/operator.h"
#include "http/blocks.h"
#include "http/reply.h"
#include "http/worker.h"


static ngx_int_t ngx_http_chat_access_origin(ngx_http_chat_ctx_t *ctx);
static ngx_int_t ngx_http_chat_access_media_type(ngx_http_chat_ctx_t *ctx);
static ngx_int_t ngx_http_chat_access_who(ngx_http_chat_ctx_t *ctx);
static ngx_int_t ngx_http_chat_access_session(ngx_http_chat_ctx_t *ctx);
static ngx_int_t ngx_http_chat_access_known(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_access_allowed(ngx_http_chat_ctx_t *ctx);


ngx_int_t
ngx_http_chat_access(ngx_http_chat_ctx_t *ctx)
{
    ngx_int_t  rc;

    if (!ngx_http_chat_worker->keyed) {
        return ngx_http_chat_reply_problem(ctx->request,
                                           NGX_HTTP_CHAT_UNAVAILABLE, NULL,
                                           NULL, 1);
    }

    rc = ngx_http_chat_access_origin(ctx);

    if (rc == NGX_DECLINED) {
        rc = ngx_http_chat_access_media_type(ctx);
    }

    return rc == NGX_DECLINED ? ngx_http_chat_access_who(ctx) : rc;
}


/*
 * Visitors may come from our own pages and from allowed origins; operators'
 * cookies are worth something only to our own pages when they change
 * anything (OWASP cross-site request forgery cheat sheet, "Verifying origin
 * with standard headers").
 */

static ngx_int_t
ngx_http_chat_access_origin(ngx_http_chat_ctx_t *ctx)
{
    ngx_uint_t              allowed;
    ngx_http_request_t     *r;
    ngx_http_chat_route_t  *route;

    r = ctx->request;
    route = ctx->route;

    if (route->path.data[0] == 'v') {
        allowed = ctx->origin != NGX_HTTP_CHAT_ORIGIN_FOREIGN;

    } else if (route->method == NGX_HTTP_GET) {
        allowed = ctx->origin == NGX_HTTP_CHAT_ORIGIN_NONE
                  || ctx->origin == NGX_HTTP_CHAT_ORIGIN_SAME;

    } else {
        allowed = ngx_http_chat_own_page(r, ctx->origin);
    }

    if (allowed) {
        return NGX_DECLINED;
    }

    /* not what the header says: it may say anything */

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                  "chat refused a request of another origin");

    return ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_ORIGIN, NULL, NULL,
                                       0);
}


/*
 * application/json only: no form of another site can send that, and a
 * browser asks before a script does.
 */

static ngx_int_t
ngx_http_chat_access_media_type(ngx_http_chat_ctx_t *ctx)
{
    ngx_http_request_t     *r;
    ngx_http_chat_route_t  *route;

    static ngx_str_t  json = ngx_string("application/json");

    r = ctx->request;
    route = ctx->route;

    if (route->body == NULL
        || ((route->flags & NGX_HTTP_CHAT_OPTIONAL)
            && ctx->text.len == 0))
    {
        return NGX_DECLINED;
    }

    if (r->headers_in.content_type
        && ngx_chat_header_is(&r->headers_in.content_type->value, &json))
    {
        return NGX_DECLINED;
    }

    return ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_MEDIA_TYPE, NULL,
                                       NULL, 0);
}


static ngx_int_t
ngx_http_chat_access_who(ngx_http_chat_ctx_t *ctx)
{
    ngx_int_t               rc, blocked;
    ngx_http_chat_route_t  *route;

    route = ctx->route;

    if (route->path.data[0] == 'v') {
        rc = ngx_http_chat_visitor(ctx->request, ctx->origin, ctx->uid);
        ctx->visitor = rc == NGX_OK;

        blocked = ngx_http_chat_access_blocked(ctx);

        if (blocked != NGX_DECLINED) {
            return blocked;
        }

    } else {
        rc = ngx_http_chat_operator(ctx->request, ctx->session);
    }

    if (route->auth == NGX_HTTP_CHAT_ANYBODY) {
        return NGX_DECLINED;
    }

    if (rc != NGX_OK) {
        return ngx_http_chat_reply_problem(ctx->request,
                                           NGX_HTTP_CHAT_UNAUTHENTICATED,
                                           NULL, NULL, 0);
    }

    return route->auth == NGX_HTTP_CHAT_VISITOR
           ? NGX_DECLINED : ngx_http_chat_access_session(ctx);
}


/* operators are never: whoever blocks too much must be able to undo it */

ngx_int_t
ngx_http_chat_access_blocked(ngx_http_chat_ctx_t *ctx)
{
    ngx_int_t              rc;
    ngx_chat_blocks_hit_t  hit;

    switch (ngx_http_chat_blocks_find(ctx->request,
                                      ctx->visitor ? ctx->uid : NULL, &hit))
    {
    case NGX_CHAT_BLOCK_NONE:
        return NGX_DECLINED;

    case NGX_CHAT_BLOCK_GHOST:
        ctx->ghost = 1;

        if (ctx->request->method == NGX_HTTP_POST) {
            ngx_chat_metric_add(ngx_http_chat_worker->lane,
                                NGX_CHAT_METRIC_BLOCKED_GHOST, 1);
        }

        return NGX_DECLINED;

    default:
        rc = ngx_http_chat_blocks_refuse(ctx->request, &hit);

        return rc == NGX_HTTP_FORBIDDEN
               ? ngx_http_chat_reply_problem(ctx->request,
                                             NGX_HTTP_CHAT_BLOCKED, NULL,
                                             NULL, 0)
               : rc;
    }
}


/* from what this worker knows, else from the database */

static ngx_int_t
ngx_http_chat_access_session(ngx_http_chat_ctx_t *ctx)
{
    ngx_int_t                  rc;
    ngx_chat_job_t            *job;
    ngx_chat_operator_args_t  *args;

    rc = ngx_http_chat_session_find(ctx->session, ngx_http_chat_now(),
                                    ctx->request->pool, &ctx->identity);

    if (rc == NGX_OK) {
        return ngx_http_chat_access_allowed(ctx);
    }

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    job = ngx_chat_job_create(ngx_chat_operator_session, NULL,
                              sizeof(ngx_chat_operator_args_t),
                              ngx_http_chat_worker->log);
    if (job == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    args = job->args;
    args->now = ngx_http_chat_now();
    args->presence = ngx_http_chat_worker->zone->presence;
    args->session.data = ngx_pnalloc(job->pool, NGX_CHAT_SESSION_HASH_LEN);

    if (args->session.data == NULL) {
        ngx_chat_job_destroy(job);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    args->session.len = NGX_CHAT_SESSION_HASH_LEN;
    ngx_memcpy(args->session.data, ctx->session, NGX_CHAT_SESSION_HASH_LEN);

    /* a cookie that nobody has seen yet may be made up */

    job->guest = !ngx_http_chat_session_known(ctx->session);

    ctx->generation = ngx_http_chat_session_generation();

    return ngx_http_chat_request_read(ctx, job, ngx_http_chat_access_known);
}


static ngx_int_t
ngx_http_chat_access_known(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_int_t                  rc;
    ngx_chat_operator_args_t  *args;

    args = job->args;

    if (job->rc == NGX_DECLINED) {
        return ngx_http_chat_reply_problem(ctx->request,
                                           NGX_HTTP_CHAT_UNAUTHENTICATED,
                                           NULL, NULL, 0);
    }

    if (job->rc != NGX_OK) {
        return ngx_http_chat_reply_problem(ctx->request,
                                           NGX_HTTP_CHAT_UNAVAILABLE, NULL,
                                           NULL, 1);
    }

    /*
     * Somebody's sessions ended meanwhile, perhaps this one, and the database
     * may have been asked before that: nobody would end what begins now.
     */

    if (ctx->generation != ngx_http_chat_session_generation()) {
        ngx_http_chat_request_drop(ctx);

        rc = ngx_http_chat_access_session(ctx);

        return rc == NGX_DECLINED ? ngx_http_chat_route_run(ctx) : rc;
    }

    /* the job lives as long as the request, and so does the name */

    ctx->identity.operator = args->found.id;
    ctx->identity.role = args->found.role;
    ctx->identity.status = args->found.status;
    ctx->identity.expires_at = args->expires_at;
    ctx->identity.name = args->found.name;

    ngx_http_chat_session_keep(ctx->session, &args->found, args->expires_at,
                               ngx_http_chat_now(), ctx->generation);

    rc = ngx_http_chat_access_allowed(ctx);

    return rc == NGX_DECLINED ? ngx_http_chat_route_run(ctx) : rc;
}


static ngx_int_t
ngx_http_chat_access_allowed(ngx_http_chat_ctx_t *ctx)
{
    ngx_http_chat_route_t  *route;

    route = ctx->route;

    if (route->auth == NGX_HTTP_CHAT_ADMIN
        && ctx->identity.role < NGX_CHAT_ROLE_ADMIN)
    {
        ngx_log_error(NGX_LOG_WARN, ctx->request->connection->log, 0,
                      "chat operator %L is no administrator",
                      ctx->identity.operator);

        return ngx_http_chat_reply_problem(ctx->request,
                                           NGX_HTTP_CHAT_FORBIDDEN, NULL,
                                           NULL, 0);
    }

    return NGX_DECLINED;
}
