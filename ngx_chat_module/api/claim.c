
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A signed identity, as it comes with a message or by itself from a page.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/claim.h"
#include "api/route.h"
#include "http/conf.h"
#include "http/reply.h"
#include "http/visit.h"
#include "http/worker.h"


#define claim(field)  offsetof(ngx_chat_visitor_args_t, claim.field)

#define NGX_HTTP_CHAT_CLAIM_LAST  253402300799     /* of the year 9999 */


static ngx_int_t ngx_http_chat_claim_told(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


ngx_chat_field_t  ngx_http_chat_claim_fields[] = {

    { ngx_string("id"), NGX_CHAT_FIELD_LINE,
      NGX_CHAT_FIELD_REQUIRED|NGX_CHAT_FIELD_FILLED, 1, 100, claim(id),
      NULL, NULL, NULL },

    { ngx_string("name"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_FILLED,
      1, 100, claim(name), NULL, NULL, NULL },

    { ngx_string("email"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_FILLED,
      3, 200, claim(email), NULL, NULL, NULL },

    { ngx_string("expires"), NGX_CHAT_FIELD_INT, 0,
      1, NGX_HTTP_CHAT_CLAIM_LAST, claim(expires), NULL, NULL, NULL },

    { ngx_string("signature"), NGX_CHAT_FIELD_TOKEN, NGX_CHAT_FIELD_REQUIRED,
      64, 64, claim(signature), NULL, "", NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_claim_body[] = {

    { ngx_string("identity"), NGX_CHAT_FIELD_OBJECT, NGX_CHAT_FIELD_REQUIRED,
      0, 0, 0, NULL, NULL, ngx_http_chat_claim_fields },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_http_chat_route_t  ngx_http_chat_claim_routes[] = {

    { NGX_HTTP_POST, ngx_string("visitor/identity"), NGX_HTTP_CHAT_ANYBODY,
      0, sizeof(ngx_chat_visitor_args_t),
      ngx_http_chat_claim_body, NULL,
      NULL, NULL, ngx_http_chat_claim_told },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


/*
 * Operators see who is on the site before a word is said.  Nothing is stored:
 * a message brings it again.
 */

static ngx_int_t
ngx_http_chat_claim_told(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_int_t                 rc;
    ngx_chat_visitor_args_t  *args;

    args = job->args;
    args->now = ngx_http_chat_now();

    rc = ngx_http_chat_claim(ctx, args);

    return rc == NGX_DECLINED ? ngx_http_chat_reply_empty(ctx->request) : rc;
}


ngx_int_t
ngx_http_chat_claim(ngx_http_chat_ctx_t *ctx, ngx_chat_visitor_args_t *args)
{
    uint64_t                   key;
    ngx_chat_claim_e           found;
    ngx_http_chat_loc_conf_t  *clcf;

    static ngx_str_t  field = ngx_string("identity");

    static ngx_str_t  details[] = {
        ngx_null_string,
        ngx_string("the signature is not that of these facts"),
        ngx_string("the signature has expired"),
        ngx_string("this chat has no chat_identity_secret")
    };

    if (args->claim.id.len == 0) {
        return NGX_DECLINED;
    }

    clcf = ngx_http_get_module_loc_conf(ctx->request, ngx_http_chat_module);

    found = ngx_chat_claim_check(&args->claim, clcf->secrets, args->now);

    ngx_chat_metric_add(ngx_http_chat_worker->lane,
                        NGX_CHAT_METRIC_CLAIMS_VERIFIED + found, 1);

    if (found == NGX_CHAT_CLAIM_GOOD) {

        /* as page views have it */

        key = ctx->visitor ? ngx_chat_auth_visitor_topic(ctx->uid)
                           : ngx_http_chat_viewer_hash(ctx->request);

        ngx_http_chat_visit_proved(key, &args->claim);
        return NGX_DECLINED;
    }

    /* not whose: it names a person */

    ngx_log_error(NGX_LOG_INFO, ctx->request->connection->log, 0,
                  "chat refused a signed identity: %V",
                  &ngx_chat_claim_names[found]);

    return ngx_http_chat_reply_problem(ctx->request, NGX_HTTP_CHAT_IDENTITY,
                                       &details[found], &field, 0);
}
