
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a visitor may ask.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/brake.h"
#include "api/claim.h"
#include "api/events.h"
#include "api/query.h"
#include "api/route.h"
#include "command/form.h"
#include "http/blocks.h"
#include "http/conf.h"
#include "http/invite.h"
#include "http/reply.h"
#include "http/visit.h"
#include "http/worker.h"
#include "hub/pace.h"


/* notices of one visitor that one worker passes on, per so many ms */

#define NGX_HTTP_CHAT_TYPING_MAX     10
#define NGX_HTTP_CHAT_TYPING_WINDOW  2000


#define visitor(field)  offsetof(ngx_chat_visitor_args_t, field)


static ngx_int_t ngx_http_chat_visitor_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_visitor_prepare_open(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_visitor_prepare_typing(
    ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_visitor_available(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_visitor_leave(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_visitor_opened(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_visitor_prepare_send(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_visitor_sent(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static void ngx_http_chat_visitor_hidden(ngx_http_chat_ctx_t *ctx);
static ngx_int_t ngx_http_chat_visitor_prepare_form(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_visitor_filled(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_visitor_typed(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


typedef struct {
    ngx_chat_visitor_args_t   visitor;
    ngx_chat_tristate_e       typing;
} ngx_http_chat_visitor_typing_t;


static ngx_chat_field_t  ngx_http_chat_visitor_open_fields[] = {

    { ngx_string("locale"), NGX_CHAT_FIELD_LANGUAGE, 0, 2, 35,
      visitor(locale), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_visitor_page_fields[] = {

    { ngx_string("url"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_REQUIRED, 0,
      2000, visitor(page_url), NULL, NULL, NULL },

    { ngx_string("title"), NGX_CHAT_FIELD_LINE, 0, 0, 300,
      visitor(page_title), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_visitor_send_fields[] = {

    { ngx_string("client_id"), NGX_CHAT_FIELD_TOKEN, NGX_CHAT_FIELD_REQUIRED,
      8, 64, visitor(client_id), NULL, "_-", NULL },

    { ngx_string("text"), NGX_CHAT_FIELD_TEXT,
      NGX_CHAT_FIELD_REQUIRED|NGX_CHAT_FIELD_FILLED, 1, NGX_CHAT_TEXT_MAX,
      visitor(text), NULL, NULL, NULL },

    { ngx_string("locale"), NGX_CHAT_FIELD_LANGUAGE, 0, 2, 35,
      visitor(locale), NULL, NULL, NULL },

    { ngx_string("page"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0, 0, NULL, NULL,
      ngx_http_chat_visitor_page_fields },

    { ngx_string("name"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_FILLED,
      1, 100, visitor(said_name), NULL, NULL, NULL },

    { ngx_string("email"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_FILLED,
      3, 200, visitor(said_email), NULL, NULL, NULL },

    { ngx_string("facts"), NGX_CHAT_FIELD_TEXT, NGX_CHAT_FIELD_FILLED,
      3, 5000, visitor(said_facts), NULL, NULL, NULL },

    { ngx_string("identity"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0, 0, NULL, NULL,
      ngx_http_chat_claim_fields },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_visitor_form_fields[] = {

    { ngx_string("answers"), NGX_CHAT_FIELD_ARRAY, NGX_CHAT_FIELD_REQUIRED,
      0, NGX_CHAT_FORM_FIELDS, offsetof(ngx_chat_form_answers_t, answers),
      NULL, NULL, NULL },

    { ngx_string("locale"), NGX_CHAT_FIELD_LANGUAGE, 0, 2, 35,
      visitor(locale), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_visitor_typing_fields[] = {

    { ngx_string("typing"), NGX_CHAT_FIELD_BOOL, NGX_CHAT_FIELD_REQUIRED,
      0, 0, offsetof(ngx_http_chat_visitor_typing_t, typing), NULL, NULL,
      NULL },

    { ngx_string("text"), NGX_CHAT_FIELD_TEXT, 0, 0, NGX_CHAT_TEXT_MAX,
      visitor(text), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_visitor_read_fields[] = {

    { ngx_string("up_to"), NGX_CHAT_FIELD_INT, NGX_CHAT_FIELD_REQUIRED,
      0, NGX_MAX_INT_T_VALUE, visitor(up_to), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_visitor_history_query[] = {

    ngx_http_chat_query_page(visitor(before), visitor(limit)),

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_http_chat_route_t  ngx_http_chat_visitor_routes[] = {

    { NGX_HTTP_POST, ngx_string("visitor/session"), NGX_HTTP_CHAT_ANYBODY,
      NGX_HTTP_CHAT_OPTIONAL, sizeof(ngx_chat_visitor_args_t),
      ngx_http_chat_visitor_open_fields, NULL,
      ngx_chat_visitor_open, ngx_http_chat_visitor_prepare_open,
      ngx_http_chat_visitor_opened },

    { NGX_HTTP_DELETE, ngx_string("visitor/session"), NGX_HTTP_CHAT_ANYBODY,
      0, sizeof(ngx_chat_visitor_args_t),
      NULL, NULL,
      NULL, NULL, ngx_http_chat_visitor_leave },

    { NGX_HTTP_GET, ngx_string("visitor/availability"), NGX_HTTP_CHAT_ANYBODY,
      0, sizeof(ngx_chat_visitor_args_t),
      NULL, NULL,
      NULL, NULL, ngx_http_chat_visitor_available },

    { NGX_HTTP_GET, ngx_string("visitor/events"), NGX_HTTP_CHAT_VISITOR,
      0, sizeof(ngx_http_chat_events_t),
      NULL, ngx_http_chat_events_query,
      NULL, ngx_http_chat_events_prepare, ngx_http_chat_events },

    { NGX_HTTP_GET, ngx_string("visitor/history"), NGX_HTTP_CHAT_VISITOR,
      0, sizeof(ngx_chat_visitor_args_t),
      NULL, ngx_http_chat_visitor_history_query,
      ngx_chat_visitor_history, ngx_http_chat_visitor_prepare, NULL },

    { NGX_HTTP_POST, ngx_string("visitor/messages"), NGX_HTTP_CHAT_VISITOR,
      NGX_HTTP_CHAT_WRITE|NGX_HTTP_CHAT_MESSAGE,
      sizeof(ngx_chat_visitor_args_t),
      ngx_http_chat_visitor_send_fields, NULL,
      ngx_chat_visitor_send, ngx_http_chat_visitor_prepare_send,
      ngx_http_chat_visitor_sent },

    { NGX_HTTP_POST, ngx_string("visitor/form"), NGX_HTTP_CHAT_VISITOR,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_chat_form_answers_t),
      ngx_http_chat_visitor_form_fields, NULL,
      ngx_chat_form_fill, ngx_http_chat_visitor_prepare_form,
      ngx_http_chat_visitor_filled },

    { NGX_HTTP_POST, ngx_string("visitor/typing"), NGX_HTTP_CHAT_VISITOR,
      0, sizeof(ngx_http_chat_visitor_typing_t),
      ngx_http_chat_visitor_typing_fields, NULL,
      ngx_chat_visitor_typing, ngx_http_chat_visitor_prepare_typing,
      ngx_http_chat_visitor_typed },

    { NGX_HTTP_POST, ngx_string("visitor/read"), NGX_HTTP_CHAT_VISITOR,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_chat_visitor_args_t),
      ngx_http_chat_visitor_read_fields, NULL,
      ngx_chat_visitor_read, ngx_http_chat_visitor_prepare, NULL },

    { NGX_HTTP_POST, ngx_string("visitor/close"), NGX_HTTP_CHAT_VISITOR,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_chat_visitor_args_t),
      NULL, NULL,
      ngx_chat_visitor_close, ngx_http_chat_visitor_prepare, NULL },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


static ngx_int_t
ngx_http_chat_visitor_prepare(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_str_t                 uid;
    ngx_chat_visitor_args_t  *args;

    args = job->args;

    uid.data = ctx->uid;
    uid.len = NGX_CHAT_UID_LEN;

    if (ngx_chat_job_copy(job, &args->uid, &uid) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    args->topic = ngx_chat_auth_visitor_topic(ctx->uid);
    args->now = ngx_http_chat_now();
    args->presence = ngx_http_chat_worker->zone->presence;
    args->blocks = ngx_http_chat_worker->zone->blocks;

    ngx_http_chat_blocks_keys(ctx->request, ctx->uid, &args->who,
                              &args->where);

    if (args->limit == 0) {
        args->limit = NGX_HTTP_CHAT_QUERY_LIMIT;
    }

    return NGX_DECLINED;
}


/*
 * A new visitor gets a token: as a cookie on our own origin, in the answer
 * on another, where the cookie would not come back.
 */

static ngx_int_t
ngx_http_chat_visitor_prepare_open(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_str_t                  token, *accept;
    ngx_chat_visitor_args_t   *args;
    ngx_http_chat_loc_conf_t  *clcf;

    args = job->args;

    if (args->locale.len == 0) {
        accept = ngx_http_chat_header(ctx->request, "accept-language");

        if (accept && ngx_chat_job_copy(job, &args->locale, accept) != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (!ctx->visitor) {
        clcf = ngx_http_get_module_loc_conf(ctx->request,
                                            ngx_http_chat_module);

        ngx_chat_auth_visitor_new(&ngx_http_chat_worker->key, &clcf->site,
                                  ctx->uid, ctx->token);
        ctx->fresh = 1;

        if (ctx->origin == NGX_HTTP_CHAT_ORIGIN_ALLOWED) {
            token.data = ctx->token;
            token.len = NGX_CHAT_VISITOR_TOKEN_LEN;

            if (ngx_chat_job_copy(job, &args->token, &token) != NGX_OK) {
                return NGX_HTTP_INTERNAL_SERVER_ERROR;
            }
        }
    }

    ngx_http_chat_brake_opened(ctx);

    return ngx_http_chat_visitor_prepare(ctx, job);
}


/*
 * What nobody can read that fast is not looked up and not passed on: typing
 * is ephemeral anyway.
 */

static ngx_int_t
ngx_http_chat_visitor_prepare_typing(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    static ngx_chat_pace_t  pace;

    if (!ngx_chat_pace(&pace, ngx_chat_auth_visitor_topic(ctx->uid),
                       NGX_HTTP_CHAT_TYPING_MAX, NGX_HTTP_CHAT_TYPING_WINDOW,
                       ngx_current_msec))
    {
        return ngx_http_chat_reply_empty(ctx->request);
    }

    return ngx_http_chat_visitor_prepare(ctx, job);
}


static ngx_int_t
ngx_http_chat_visitor_opened(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    if (job->rc == NGX_OK
        && ctx->fresh
        && ctx->origin != NGX_HTTP_CHAT_ORIGIN_ALLOWED
        && ngx_http_chat_visitor_cookie(ctx->request, ctx->token) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (job->rc == NGX_OK) {
        ngx_http_chat_visit_opened(ctx->request,
                         ngx_chat_auth_visitor_topic(ctx->uid),
                         ((ngx_chat_visitor_args_t *) job->args)->conversation);
    }

    return ngx_http_chat_route_answer(ctx, job);
}


/* nothing is stored of an identity, so to give it up is the browser's part */

static ngx_int_t
ngx_http_chat_visitor_leave(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    if (ngx_http_chat_visitor_cookie_clear(ctx->request) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_chat_reply_empty(ctx->request);
}


/* for a button on a page that has been kept: nothing is looked up for it */

static ngx_int_t
ngx_http_chat_visitor_available(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_uint_t  available;

    static ngx_str_t  answers[] = {
        ngx_string("{\"available\":false}"),
        ngx_string("{\"available\":true}")
    };

    available = ngx_chat_presence_any(ngx_http_chat_worker->zone->presence,
                                      ngx_http_chat_now());

    return ngx_http_chat_reply_json(ctx->request, NGX_HTTP_OK,
                                    &answers[available]);
}


/* who has written has a profile: what is known of the visits stays */

static ngx_int_t
ngx_http_chat_visitor_prepare_send(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_int_t                 rc;
    ngx_chat_visitor_args_t  *args;

    args = job->args;

    /* a conversation knows whether an invitation led to it */

    args->invited = ngx_http_chat_invite_followed(
                                     ngx_chat_auth_visitor_topic(ctx->uid));

    rc = ngx_http_chat_visitor_prepare(ctx, job);

    if (rc == NGX_DECLINED) {
        rc = ngx_http_chat_brake_message(ctx, args);
    }

    if (rc == NGX_DECLINED) {
        rc = ngx_http_chat_brake_words(ctx, args);
    }

    return rc == NGX_DECLINED ? ngx_http_chat_claim(ctx, args) : rc;
}


static ngx_int_t
ngx_http_chat_visitor_sent(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    if (job->rc == NGX_DECLINED && job->result == NGX_CHAT_RESULT_BRAKED) {
        return ngx_http_chat_brake_first(ctx, job->args);
    }

    if (job->rc == NGX_DECLINED && job->result == NGX_CHAT_RESULT_FORM) {
        return ngx_http_chat_brake_form(ctx);
    }

    if (job->rc == NGX_OK) {
        (void) ngx_chat_store_keep(ngx_http_chat_worker->store,
                                   ngx_chat_auth_visitor_topic(ctx->uid));
    }

    if (ctx->ghost && job->result == NGX_CHAT_RESULT_CREATED) {
        ngx_http_chat_visitor_hidden(ctx);
    }

    return ngx_http_chat_route_answer(ctx, job);
}


/* the block has met one more; here, as a command may be run twice */

static void
ngx_http_chat_visitor_hidden(ngx_http_chat_ctx_t *ctx)
{
    ngx_chat_blocks_hit_t  hit;

    if (ngx_http_chat_blocks_find(ctx->request, ctx->uid, &hit)
        != NGX_CHAT_BLOCK_NONE)
    {
        ngx_chat_blocks_met(ngx_http_chat_worker->zone->blocks, &hit);
    }
}


/* counted as a message is: a form makes a visitor's row, too */

static ngx_int_t
ngx_http_chat_visitor_prepare_form(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_int_t  rc;

    rc = ngx_http_chat_visitor_prepare(ctx, job);

    return rc == NGX_DECLINED ? ngx_http_chat_brake_message(ctx, job->args)
                              : rc;
}


static ngx_int_t
ngx_http_chat_visitor_filled(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_chat_form_answers_t  *args;

    args = job->args;

    if (job->rc == NGX_DECLINED && job->result == NGX_CHAT_RESULT_WRONG) {
        return ngx_http_chat_reply_problem(ctx->request, NGX_HTTP_CHAT_FIELD,
                                           &args->err.detail,
                                           &args->err.field, 0);
    }

    return ngx_http_chat_route_answer(ctx, job);
}


static ngx_int_t
ngx_http_chat_visitor_typed(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_chat_event_t                 event;
    ngx_http_chat_visitor_typing_t  *args;

    args = job->args;

    if (job->rc == NGX_OK && args->visitor.conversation && !ctx->ghost) {
        ngx_memzero(&event, sizeof(ngx_chat_event_t));

        event.type = NGX_CHAT_EVENT_TYPING;
        event.conversation = args->visitor.conversation;
        event.visitor = args->visitor.visitor;
        event.topic = args->visitor.topic;
        event.author = NGX_CHAT_AUTHOR_VISITOR;
        event.author_id = args->visitor.visitor;
        event.author_name = args->visitor.name;
        event.text = args->visitor.text;
        event.value = args->typing == NGX_CHAT_TRUE;

        ngx_http_chat_publish(&event);
    }

    return ngx_http_chat_route_answer(ctx, job);
}
