
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What handlers of accounts share.
 */

#ifndef NGX_HTTP_CHAT_OPERATOR_H
#define NGX_HTTP_CHAT_OPERATOR_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/field.h"
#include "command/operator.h"
#include "http/request.h"


#define ngx_http_chat_operator_arg(field)                                     \
    offsetof(ngx_chat_operator_args_t, field)


/* what of an account is the same wherever it is set */

#define ngx_http_chat_operator_login_field                                    \
    { ngx_string("login"), NGX_CHAT_FIELD_TOKEN, NGX_CHAT_FIELD_REQUIRED,     \
      1, 64, ngx_http_chat_operator_arg(login), NULL, "._@+-", NULL }

#define ngx_http_chat_operator_name_field(required)                           \
    { ngx_string("name"), NGX_CHAT_FIELD_LINE,                                \
      (required)|NGX_CHAT_FIELD_FILLED, 1, 100,                               \
      ngx_http_chat_operator_arg(name), NULL, NULL, NULL }

#define ngx_http_chat_operator_password_field                                 \
    { ngx_string("password"), NGX_CHAT_FIELD_SECRET,                          \
      NGX_CHAT_FIELD_REQUIRED, 10, 200,                                       \
      ngx_http_chat_operator_arg(password), NULL, NULL, NULL }


/* who asks, when, of which account */
ngx_int_t ngx_http_chat_operator_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);

/* a password alone: {"password":...} */
extern ngx_chat_field_t  ngx_http_chat_operator_password_fields[];

/* after the hash: .hash becomes the password of .id */
ngx_int_t ngx_http_chat_operator_hashed_password(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


#endif /* NGX_HTTP_CHAT_OPERATOR_H */
