
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/events.h"
#include "base/header.h"
#include "http/conf.h"
#include "http/reply.h"
#include "http/wait.h"


static ngx_str_t  ngx_http_chat_events_type = ngx_string("text/event-stream");


ngx_chat_field_t  ngx_http_chat_events_query[] = {

    { ngx_string("after"), NGX_CHAT_FIELD_INT, NGX_CHAT_FIELD_REQUIRED,
      0, NGX_MAX_INT_T_VALUE, offsetof(ngx_http_chat_events_t, after),
      NULL, NULL, NULL },

    { ngx_string("wait"), NGX_CHAT_FIELD_INT, 0,
      0, 3600, offsetof(ngx_http_chat_events_t, wait),
      NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


/* the query is read already: only what it left open has a default here */

ngx_int_t
ngx_http_chat_events_prepare(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_int_t                n;
    ngx_str_t               *last, unused;
    ngx_http_chat_events_t  *args;

    static ngx_str_t  wrong = ngx_string("Last-Event-ID is not an event id");

    args = job->args;

    if (ngx_http_arg(ctx->request, (u_char *) "wait", 4, &unused) != NGX_OK) {
        args->wait = 3600;
    }

    last = ngx_http_chat_header(ctx->request, "last-event-id");

    if (last && last->len) {
        n = ngx_atoi(last->data, last->len);

        if (n == NGX_ERROR) {
            return ngx_http_chat_reply_problem(ctx->request,
                                               NGX_HTTP_CHAT_FIELD, &wrong,
                                               NULL, 0);
        }

        args->after = n;
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_http_chat_events(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_http_request_t         *r;
    ngx_http_chat_events_t     *args;
    ngx_http_chat_loc_conf_t   *clcf;
    ngx_http_chat_wait_conf_t   conf;

    r = ctx->request;
    args = job->args;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    ngx_memzero(&conf, sizeof(ngx_http_chat_wait_conf_t));

    conf.after = args->after;
    conf.wait = ngx_min((ngx_msec_t) args->wait * 1000, clcf->poll_timeout);
    conf.stream = ngx_chat_header_weight(ngx_http_chat_header(r, "accept"),
                                         &ngx_http_chat_events_type) > 0;

    if (r->method == NGX_HTTP_HEAD) {

        /* of the answer that there is now */

        conf.wait = 0;
        conf.stream = 0;
    }

    conf.topic = NGX_CHAT_INBOX;

    if (ctx->visitor) {
        conf.topic = ngx_chat_auth_visitor_topic(ctx->uid);
        conf.uid.data = ctx->uid;
        conf.uid.len = NGX_CHAT_UID_LEN;
    }

    /* what was in the query is in .conf: nobody waits with it */

    ngx_http_chat_request_drop(ctx);

    return ngx_http_chat_wait(ctx, &conf);
}
