
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Words that messages may not have, for administrators.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/route.h"
#include "command/words.h"
#include "http/reply.h"
#include "http/words.h"
#include "http/worker.h"


static ngx_int_t ngx_http_chat_words_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_words_written(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


ngx_http_chat_route_t  ngx_http_chat_words_routes[] = {

    { NGX_HTTP_GET, ngx_string("admin/words"), NGX_HTTP_CHAT_ADMIN,
      0, sizeof(ngx_chat_words_args_t),
      NULL, NULL,
      ngx_chat_words_show, NULL, NULL },

    { NGX_HTTP_PUT, ngx_string("admin/words"), NGX_HTTP_CHAT_ADMIN,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_chat_words_args_t),
      ngx_chat_words_fields, NULL,
      ngx_chat_words_put, ngx_http_chat_words_prepare,
      ngx_http_chat_words_written },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


static ngx_int_t
ngx_http_chat_words_prepare(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_str_t               why;
    const char             *wrong;
    ngx_chat_words_args_t  *args;

    static ngx_str_t  field = ngx_string("list");

    args = job->args;

    args->operator = ctx->identity.operator;
    args->now = ngx_http_chat_now();

    wrong = ngx_chat_words_wrong(&args->words);

    if (wrong == NULL) {
        return NGX_DECLINED;
    }

    why.data = (u_char *) wrong;
    why.len = ngx_strlen(wrong);

    return ngx_http_chat_reply_problem(ctx->request, NGX_HTTP_CHAT_FIELD,
                                       &why, &field, 0);
}


static ngx_int_t
ngx_http_chat_words_written(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    if (job->rc == NGX_OK) {
        ngx_http_chat_words_changed();
    }

    return ngx_http_chat_route_answer(ctx, job);
}
