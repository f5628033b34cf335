
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The form before a chat, for administrators.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/route.h"
#include "command/form.h"
#include "http/reply.h"
#include "http/worker.h"


static ngx_int_t ngx_http_chat_form_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


ngx_http_chat_route_t  ngx_http_chat_form_routes[] = {

    { NGX_HTTP_GET, ngx_string("admin/form"), NGX_HTTP_CHAT_ADMIN,
      0, sizeof(ngx_chat_form_args_t),
      NULL, NULL,
      ngx_chat_form_show, NULL, NULL },

    { NGX_HTTP_PUT, ngx_string("admin/form"), NGX_HTTP_CHAT_ADMIN,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_chat_form_args_t),
      ngx_chat_form_fields, NULL,
      ngx_chat_form_put, ngx_http_chat_form_prepare, NULL },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


static ngx_int_t
ngx_http_chat_form_prepare(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_chat_form_args_t    *args;
    ngx_chat_field_error_t   err;

    args = job->args;

    args->operator = ctx->identity.operator;
    args->now = ngx_http_chat_now();

    if (ngx_chat_form_complete(job->pool, &args->form, &err) == NGX_OK) {
        return NGX_DECLINED;
    }

    return err.status == 500
           ? NGX_HTTP_INTERNAL_SERVER_ERROR
           : ngx_http_chat_reply_problem(ctx->request, NGX_HTTP_CHAT_FIELD,
                                         &err.detail, &err.field, 0);
}
