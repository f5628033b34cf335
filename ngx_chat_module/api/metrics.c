
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * An outage is when the page matters most: what the database would tell is
 * left out when it does not answer, and the rest is shown.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/metrics.h"
#include "base/exposition.h"
#include "command/state.h"
#include "http/conf.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/worker.h"


static ngx_int_t ngx_http_chat_metrics_refuse(ngx_http_request_t *r,
    ngx_http_chat_problem_e problem);
static ngx_uint_t ngx_http_chat_metrics_local(ngx_http_request_t *r);
static ngx_int_t ngx_http_chat_metrics_start(ngx_http_chat_ctx_t *ctx);
static ngx_int_t ngx_http_chat_metrics_then(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_metrics_answer(ngx_http_chat_ctx_t *ctx,
    ngx_chat_state_args_t *state);
static ngx_int_t ngx_http_chat_metrics_give(ngx_pool_t *pool,
    ngx_chat_given_t *given, ngx_chat_state_args_t *state);


ngx_int_t
ngx_http_chat_metrics(ngx_http_request_t *r)
{
    ngx_http_chat_ctx_t       *ctx;
    ngx_http_chat_loc_conf_t  *clcf;

    static ngx_str_t  allow = ngx_string("GET, HEAD");

    if (ngx_http_chat_worker == NULL || r != r->main) {
        return NGX_HTTP_NOT_FOUND;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (clcf->metrics == NGX_HTTP_CHAT_OFF) {
        return ngx_http_chat_metrics_refuse(r, NGX_HTTP_CHAT_NOT_FOUND);
    }

    if (clcf->metrics == NGX_HTTP_CHAT_LOCAL
        && !ngx_http_chat_metrics_local(r))
    {
        return ngx_http_chat_metrics_refuse(r, NGX_HTTP_CHAT_NOT_LOCAL);
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        if (ngx_http_chat_reply_header(r, "Allow", &allow) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_chat_metrics_refuse(r, NGX_HTTP_CHAT_METHOD);
    }

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_chat_ctx_t));
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_set_ctx(r, ctx, ngx_http_chat_module);

    ctx->request = r;

    return ngx_http_chat_request_start(r, ctx, ngx_http_chat_metrics_start);
}


static ngx_int_t
ngx_http_chat_metrics_refuse(ngx_http_request_t *r,
    ngx_http_chat_problem_e problem)
{
    ngx_int_t  rc;

    rc = ngx_http_discard_request_body(r);

    return rc == NGX_OK
           ? ngx_http_chat_reply_problem(r, problem, NULL, NULL, 0) : rc;
}


/*
 * The address is that of the connection, as the realip module has corrected
 * it.  A proxy on this machine has a local one as well, and says whom it asks
 * for.
 */

static ngx_uint_t
ngx_http_chat_metrics_local(ngx_http_request_t *r)
{
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    if (ngx_http_chat_header(r, "x-forwarded-for")
        || ngx_http_chat_header(r, "forwarded"))
    {
        return 0;
    }

    switch (r->connection->sockaddr->sa_family) {

#if (NGX_HAVE_UNIX_DOMAIN)
    case AF_UNIX:
        return 1;
#endif

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) r->connection->sockaddr;

        return IN6_IS_ADDR_LOOPBACK(&sin6->sin6_addr)
               || (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)
                   && sin6->sin6_addr.s6_addr[12] == 127);
#endif

    case AF_INET:
        sin = (struct sockaddr_in *) r->connection->sockaddr;

        return (ntohl(sin->sin_addr.s_addr) >> 24) == 127;

    default:
        return 0;
    }
}


static ngx_int_t
ngx_http_chat_metrics_start(ngx_http_chat_ctx_t *ctx)
{
    ngx_int_t               rc;
    ngx_chat_job_t         *job;
    ngx_chat_state_args_t  *args;

    job = ngx_chat_job_create(ngx_chat_state_read, NULL,
                              sizeof(ngx_chat_state_args_t),
                              ngx_http_chat_worker->log);
    if (job == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    args = job->args;
    args->now = ngx_http_chat_now();

    rc = ngx_http_chat_request_try_read(ctx, job, ngx_http_chat_metrics_then);

    return rc == NGX_BUSY ? ngx_http_chat_metrics_answer(ctx, NULL) : rc;
}


static ngx_int_t
ngx_http_chat_metrics_then(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    return ngx_http_chat_metrics_answer(ctx,
                                        job->rc == NGX_OK ? job->args : NULL);
}


static ngx_int_t
ngx_http_chat_metrics_answer(ngx_http_chat_ctx_t *ctx,
    ngx_chat_state_args_t *state)
{
    ngx_str_t            page, *accept;
    ngx_uint_t           open;
    ngx_chat_given_t     given;
    ngx_http_request_t  *r;

    static ngx_str_t  types[] = {
        ngx_string("text/plain; version=0.0.4; charset=utf-8"),
        ngx_string("application/openmetrics-text; version=1.0.0; "
                   "charset=utf-8")
    };

    static u_char  wanted[] = "application/openmetrics-text";

    r = ctx->request;

    accept = ngx_http_chat_header(r, "accept");
    open = accept
           && ngx_strlcasestrn(accept->data, accept->data + accept->len,
                               wanted, sizeof(wanted) - 2)
              != NULL;

    if (ngx_http_chat_metrics_give(r->pool, &given, state) != NGX_OK
        || ngx_chat_exposition(r->pool, ngx_http_chat_worker->zone->metrics,
                               &given, open, &page)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_chat_reply_text(r, &types[open], &page);
}


/* what is not counted, but asked for; state: NULL, the database was silent */

static ngx_int_t
ngx_http_chat_metrics_give(ngx_pool_t *pool, ngx_chat_given_t *given,
    ngx_chat_state_args_t *state)
{
    int64_t               *values;
    ngx_http_chat_zone_t  *zone;

    zone = ngx_http_chat_worker->zone;

    ngx_chat_given_init(given);

    values = given->values;

    values[NGX_CHAT_METRIC_QUEUE_LIMIT] = ngx_http_chat_worker->conf->queue;
    values[NGX_CHAT_METRIC_ZONE_BYTES] =
            (zone->shpool->last - zone->shpool->pages) * (int64_t) ngx_pagesize;
    values[NGX_CHAT_METRIC_ZONE_FREE] = zone->shpool->pfree
                                        * (int64_t) ngx_pagesize;
    values[NGX_CHAT_METRIC_RING_BYTES] = (int64_t) zone->ring->size;
    values[NGX_CHAT_METRIC_RING_WRITTEN] =
                                   (int64_t) ngx_chat_ring_head(zone->ring);
    values[NGX_CHAT_METRIC_OPERATORS_PRESENT] =
          (int64_t) ngx_chat_presence_count(zone->presence,
                                            ngx_http_chat_now());

    values[NGX_CHAT_METRIC_BLOCKS] =
                               (int64_t) ngx_chat_blocks_used(zone->blocks);
    values[NGX_CHAT_METRIC_BLOCKS_ROOM] =
                               (int64_t) ngx_chat_blocks_room(zone->blocks);

    if (state) {
        values[NGX_CHAT_METRIC_CONVERSATIONS_WAITING] = state->waiting;
        values[NGX_CHAT_METRIC_CONVERSATIONS_ACTIVE] = state->active;
        values[NGX_CHAT_METRIC_SESSIONS] = state->sessions;
        values[NGX_CHAT_METRIC_DATABASE_BYTES] = state->file;
        values[NGX_CHAT_METRIC_DATABASE_WAL_BYTES] = state->wal;
    }

    values[NGX_CHAT_METRIC_BUILD] = 1;

    if (ngx_chat_exposition_label(pool, &given->labels, "version",
                                  NGX_CHAT_VERSION)
        != NGX_OK
        || ngx_chat_exposition_label(pool, &given->labels, "nginx",
                                     NGINX_VERSION)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_exposition_label(pool, &given->labels, "sqlite",
                                     ngx_chat_db_library());
}
