
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The chat's looks, for administrators.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/route.h"
#include "command/brand.h"
#include "http/reply.h"
#include "http/worker.h"


static ngx_int_t ngx_http_chat_brand_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


ngx_http_chat_route_t  ngx_http_chat_brand_routes[] = {

    { NGX_HTTP_GET, ngx_string("admin/brand"), NGX_HTTP_CHAT_ADMIN,
      0, sizeof(ngx_chat_brand_args_t),
      NULL, NULL,
      ngx_chat_brand_show, NULL, NULL },

    { NGX_HTTP_PUT, ngx_string("admin/brand"), NGX_HTTP_CHAT_ADMIN,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_chat_brand_args_t),
      ngx_chat_brand_fields, NULL,
      ngx_chat_brand_put, ngx_http_chat_brand_prepare, NULL },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


static ngx_int_t
ngx_http_chat_brand_prepare(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_str_t              *field;
    ngx_chat_brand_args_t  *args;

    static ngx_str_t  why = ngx_string("has a value that is not allowed");

    args = job->args;

    args->operator = ctx->identity.operator;
    args->now = ngx_http_chat_now();

    field = ngx_chat_brand_wrong(&args->brand);

    return field ? ngx_http_chat_reply_problem(ctx->request,
                                               NGX_HTTP_CHAT_FIELD, &why,
                                               field, 0)
                 : NGX_DECLINED;
}
