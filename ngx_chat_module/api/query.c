
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/query.h"
#include "http/reply.h"


static ngx_int_t ngx_http_chat_query_decode(ngx_pool_t *pool,
    ngx_str_t *value);


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

        if (f->type == NGX_CHAT_FIELD_LINE
            && ngx_http_chat_query_decode(job->pool, &value) != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (ngx_chat_field_argument(f, &value, job->args) != NGX_OK) {
            return ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_FIELD, &wrong,
                                               &f->name, 0);
        }
    }

    return NGX_DECLINED;
}


/* as forms write it: a plus is a space */

static ngx_int_t
ngx_http_chat_query_decode(ngx_pool_t *pool, ngx_str_t *value)
{
    u_char      *dst, *src;
    ngx_uint_t   i;

    src = ngx_pstrdup(pool, value);
    dst = ngx_pnalloc(pool, value->len);

    if (src == NULL || dst == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < value->len; i++) {
        if (src[i] == '+') {
            src[i] = ' ';
        }
    }

    value->data = dst;

    ngx_unescape_uri(&dst, &src, value->len, 0);

    value->len = dst - value->data;

    return NGX_OK;
}
