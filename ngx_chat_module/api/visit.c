
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Visits: who is on the site, and the page that a script reports.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/route.h"
#include "command/visit.h"
#include "http/reply.h"
#include "http/visit.h"
#include "http/worker.h"


#define visit(field)  offsetof(ngx_chat_visit_args_t, field)


static ngx_int_t ngx_http_chat_visit_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_visit_reported(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


static ngx_chat_field_t  ngx_http_chat_visit_list_query[] = {

    { ngx_string("limit"), NGX_CHAT_FIELD_INT, 0, 1, 500,
      visit(limit), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_visit_page_fields[] = {

    { ngx_string("url"), NGX_CHAT_FIELD_LINE,
      NGX_CHAT_FIELD_REQUIRED|NGX_CHAT_FIELD_FILLED, 1, 2000,
      visit(url), NULL, NULL, NULL },

    { ngx_string("title"), NGX_CHAT_FIELD_LINE, 0, 0, 300,
      visit(title), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_http_chat_route_t  ngx_http_chat_visit_routes[] = {

    { NGX_HTTP_POST, ngx_string("visitor/page"), NGX_HTTP_CHAT_ANYBODY,
      0, sizeof(ngx_chat_visit_args_t),
      ngx_http_chat_visit_page_fields, NULL,
      NULL, NULL, ngx_http_chat_visit_reported },

    { NGX_HTTP_GET, ngx_string("operator/visits"), NGX_HTTP_CHAT_AGENT,
      0, sizeof(ngx_chat_visit_args_t),
      NULL, ngx_http_chat_visit_list_query,
      ngx_chat_visit_list, ngx_http_chat_visit_prepare, NULL },

    { NGX_HTTP_GET, ngx_string("operator/visits/:id"), NGX_HTTP_CHAT_AGENT,
      NGX_HTTP_CHAT_VISITS, sizeof(ngx_chat_visit_args_t),
      NULL, NULL,
      ngx_chat_visit_show, ngx_http_chat_visit_prepare, NULL },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


static ngx_int_t
ngx_http_chat_visit_prepare(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_chat_visit_args_t  *args;

    args = job->args;

    args->visits = ngx_http_chat_worker->zone->visits;
    args->mutex = ngx_http_chat_worker->zone->mutex;
    args->now = ngx_http_chat_now();
    args->id = ctx->id;
    args->stored = ngx_http_chat_worker->conf->tracked;

    if (args->limit == 0) {
        args->limit = 200;
    }

    return NGX_DECLINED;
}


/* what the browser knows of itself counts, as on a page's request */

static ngx_int_t
ngx_http_chat_visit_reported(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_http_request_t      *r;
    ngx_chat_visit_args_t   *args;
    ngx_http_chat_viewer_t  *page;

    r = ctx->request;
    args = job->args;

    /* a ghost may not write to the team by way of a title, either */

    if (ngx_http_chat_tracked(r) && !ctx->ghost) {
        page = ngx_http_chat_viewer(r);

        /* on another origin the visitor has a token and no cookie */

        if (page && !page->known && ctx->visitor) {
            ngx_http_chat_viewer_is(page, ctx->uid);
        }

        ngx_http_chat_visit_record(r, &args->url, &args->title);
    }

    return ngx_http_chat_reply_empty(r);
}
