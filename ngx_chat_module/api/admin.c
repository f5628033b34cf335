
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What an administrator may do to accounts.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/operator.h"
#include "api/route.h"
#include "http/worker.h"


#define arg(field)  ngx_http_chat_operator_arg(field)


static ngx_int_t ngx_http_chat_admin_prepare_list(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_admin_hashed_create(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_admin_updated(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


static ngx_chat_field_t  ngx_http_chat_admin_create_fields[] = {

    ngx_http_chat_operator_login_field,

    ngx_http_chat_operator_name_field(NGX_CHAT_FIELD_REQUIRED),

    { ngx_string("role"), NGX_CHAT_FIELD_ENUM, NGX_CHAT_FIELD_REQUIRED,
      0, 0, arg(role), ngx_chat_role_names, NULL, NULL },

    ngx_http_chat_operator_password_field,

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_admin_update_fields[] = {

    ngx_http_chat_operator_name_field(0),

    { ngx_string("role"), NGX_CHAT_FIELD_ENUM, 0,
      0, 0, arg(role), ngx_chat_role_names, NULL, NULL },

    { ngx_string("disabled"), NGX_CHAT_FIELD_BOOL, 0,
      0, 0, arg(disabled), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_http_chat_route_t  ngx_http_chat_admin_routes[] = {

    { NGX_HTTP_GET, ngx_string("admin/operators"), NGX_HTTP_CHAT_ADMIN,
      0, sizeof(ngx_chat_operator_args_t),
      NULL, NULL,
      ngx_chat_operator_list, ngx_http_chat_admin_prepare_list, NULL },

    { NGX_HTTP_POST, ngx_string("admin/operators"), NGX_HTTP_CHAT_ADMIN,
      NGX_HTTP_CHAT_HEAVY, sizeof(ngx_chat_operator_args_t),
      ngx_http_chat_admin_create_fields, NULL,
      ngx_chat_operator_verify, ngx_http_chat_operator_prepare,
      ngx_http_chat_admin_hashed_create },

    { NGX_HTTP_PATCH, ngx_string("admin/operators/:id"), NGX_HTTP_CHAT_ADMIN,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_chat_operator_args_t),
      ngx_http_chat_admin_update_fields, NULL,
      ngx_chat_operator_update, ngx_http_chat_operator_prepare,
      ngx_http_chat_admin_updated },

    { NGX_HTTP_PUT, ngx_string("admin/operators/:id/password"),
      NGX_HTTP_CHAT_ADMIN, NGX_HTTP_CHAT_HEAVY,
      sizeof(ngx_chat_operator_args_t),
      ngx_http_chat_operator_password_fields, NULL,
      ngx_chat_operator_verify, ngx_http_chat_operator_prepare,
      ngx_http_chat_operator_hashed_password },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


static ngx_int_t
ngx_http_chat_admin_prepare_list(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_int_t                  rc;
    ngx_chat_operator_args_t  *args;

    rc = ngx_http_chat_operator_prepare(ctx, job);

    args = job->args;
    args->id = -1;

    return rc;
}


static ngx_int_t
ngx_http_chat_admin_hashed_create(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    if (job->rc != NGX_OK) {
        return ngx_http_chat_route_answer(ctx, job);
    }

    return ngx_http_chat_request_again(ctx, job, ngx_chat_operator_create,
                                       ngx_http_chat_route_answer);
}


/* who was disabled takes nobody any more, without the minute of grace */

static ngx_int_t
ngx_http_chat_admin_updated(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_str_t                  name;
    ngx_chat_operator_args_t  *args;

    args = job->args;

    if (job->rc == NGX_OK && args->disabled == NGX_CHAT_TRUE) {
        ngx_str_null(&name);

        (void) ngx_chat_presence_choose(ngx_http_chat_worker->zone->presence,
                                        args->id, NGX_CHAT_STATUS_OFFLINE,
                                        ngx_http_chat_now());

        ngx_http_chat_publish_presence(args->id, &name,
                                       NGX_CHAT_STATUS_OFFLINE, 0);
    }

    return ngx_http_chat_route_answer(ctx, job);
}
