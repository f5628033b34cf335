
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/query.h"
#include "http/reply.h"


ngx_int_t
ngx_http_chat_query(ngx_http_chat_ctx_t *ctx, ngx_chat_field_t *fields,
    ngx_chat_job_t *job)
{
    ngx_int_t            rc;
    ngx_str_t            value;
    ngx_chat_field_t    *f;
    ngx_http_request_t  *r;

    static ngx_str_t  missing = ngx_string("is required in the query");
    static ngx_str_t  wrong = ngx_string("has a value that is not allowed "
                                         "in the query");

    r = ctx->request;

    for (f = fields; f && f->name.len; f++) {
        rc = ngx_http_arg(r, f->name.data, f->name.len, &value);

        if (rc != NGX_OK && !(f->flags & NGX_CHAT_FIELD_REQUIRED)) {
            continue;
        }

        if (rc != NGX_OK) {
            return ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_FIELD,
                                               &missing, &f->name, 0);
        }

        if (ngx_chat_field_argument(f, &value, job->args) != NGX_OK) {
            return ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_FIELD, &wrong,
                                               &f->name, 0);
        }
    }

    return NGX_DECLINED;
}
