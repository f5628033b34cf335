
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Invitations, as the browsers of visitors ask for them and tell of them, and
 * as an operator makes one by hand.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/route.h"
#include "command/invite.h"
#include "http/invite.h"
#include "http/reply.h"
#include "http/visit.h"
#include "http/worker.h"


#define invite(field)  offsetof(ngx_http_chat_invite_more_t, field)


static ngx_int_t ngx_http_chat_invite_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_invite_none(ngx_http_chat_ctx_t *ctx,
    ngx_int_t found, ngx_chat_visit_t *visit);
static uint64_t ngx_http_chat_invite_key(ngx_http_chat_ctx_t *ctx);
static uint64_t ngx_http_chat_invite_topic(ngx_http_chat_ctx_t *ctx);
static void ngx_http_chat_invite_clock(ngx_chat_invite_args_t *args);
static ngx_int_t ngx_http_chat_invite_offered(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_invite_next(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job, ngx_chat_job_run_pt run, ngx_uint_t flags,
    ngx_http_chat_then_pt then);
static ngx_int_t ngx_http_chat_invite_averaged(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_invite_prepare_count(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_invite_counted(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_invite_hand(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


typedef struct {
    ngx_chat_invite_args_t   args;
    ngx_str_t                url;
    ngx_str_t                text;
    uint64_t                 key;       /* of the visit */
    uint32_t                 word;      /* of the rules, before */
} ngx_http_chat_invite_more_t;


static ngx_chat_field_t  ngx_http_chat_invite_query[] = {

    { ngx_string("page"), NGX_CHAT_FIELD_LINE, 0, 1, 2000, invite(url),
      NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_invite_count_fields[] = {

    { ngx_string("trigger"), NGX_CHAT_FIELD_INT, NGX_CHAT_FIELD_REQUIRED,
      NGX_CHAT_INVITED_BY_HAND, NGX_MAX_INT_T_VALUE, invite(args.trigger),
      NULL, NULL, NULL },

    { ngx_string("outcome"), NGX_CHAT_FIELD_ENUM, NGX_CHAT_FIELD_REQUIRED,
      0, 0, invite(args.outcome), ngx_chat_invite_outcome_names, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_invite_hand_fields[] = {

    { ngx_string("text"), NGX_CHAT_FIELD_LINE,
      NGX_CHAT_FIELD_REQUIRED|NGX_CHAT_FIELD_FILLED, 1, NGX_CHAT_INVITE_TEXT,
      invite(text), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_http_chat_route_t  ngx_http_chat_invite_routes[] = {

    { NGX_HTTP_GET, ngx_string("visitor/invitation"), NGX_HTTP_CHAT_ANYBODY,
      0, sizeof(ngx_http_chat_invite_more_t),
      NULL, ngx_http_chat_invite_query,
      ngx_chat_invite_offer, ngx_http_chat_invite_prepare,
      ngx_http_chat_invite_offered },

    { NGX_HTTP_POST, ngx_string("visitor/invitation"), NGX_HTTP_CHAT_ANYBODY,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_http_chat_invite_more_t),
      ngx_http_chat_invite_count_fields, NULL,
      ngx_chat_invite_count, ngx_http_chat_invite_prepare_count,
      ngx_http_chat_invite_counted },

    { NGX_HTTP_POST, ngx_string("operator/visits/:id/invite"),
      NGX_HTTP_CHAT_AGENT, 0, sizeof(ngx_http_chat_invite_more_t),
      ngx_http_chat_invite_hand_fields, NULL,
      NULL, NULL, ngx_http_chat_invite_hand },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


/*
 * Whoever talks already or is not followed has none.  A ghost has them as
 * everybody has, and what becomes of them is counted nowhere.
 */

static ngx_int_t
ngx_http_chat_invite_prepare(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    u_char                       *q, *page;
    ngx_int_t                     rc;
    ngx_str_t                     uid;
    ngx_chat_invite_t            *i;
    ngx_http_chat_invite_more_t  *more;

    more = job->args;
    i = &more->args.invite;

    more->key = ngx_http_chat_invite_key(ctx);
    more->word = ngx_http_chat_invite_word();

    rc = ngx_http_chat_visit_now(more->key, &i->visit);

    if (rc != NGX_OK || i->visit.conversation) {
        return ngx_http_chat_invite_none(ctx, rc, &i->visit);
    }

    if (ctx->visitor) {
        uid.data = ctx->uid;
        uid.len = NGX_CHAT_UID_LEN;

        if (ngx_chat_job_copy(job, &more->args.uid, &uid) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (more->url.len) {
        i->page_len = ngx_chat_visit_page(&more->url, i->page);

    } else {
        page = ngx_chat_visit_step(&i->visit, 0)->page;
        i->page_len = ngx_strlen(page);
        ngx_memcpy(i->page, page, i->page_len);
    }

    q = ngx_strlchr(i->page, i->page + i->page_len, '?');

    if (q) {
        i->page_len = q - i->page;
    }

    more->args.average = -1;
    more->args.topic = ngx_http_chat_invite_topic(ctx);
    ngx_http_chat_invite_clock(&more->args);

    return NGX_DECLINED;
}


/* the command's answer to one who has a conversation, as a ghost's also is */

static ngx_int_t
ngx_http_chat_invite_none(ngx_http_chat_ctx_t *ctx, ngx_int_t found,
    ngx_chat_visit_t *visit)
{
    int64_t    on_site;
    ngx_str_t  none;

    none.data = ngx_pnalloc(ctx->request->pool,
                            sizeof("{\"on_site\":,\"invitations\":[]}")
                            + NGX_INT64_LEN);
    if (none.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    on_site = found == NGX_OK ? ngx_http_chat_now() - visit->started_at : 0;

    none.len = ngx_sprintf(none.data, "{\"on_site\":%L,\"invitations\":[]}",
                           ngx_max(on_site, 0) / 1000)
               - none.data;

    return ngx_http_chat_reply_json(ctx->request, NGX_HTTP_OK, &none);
}


/* as page views have it */

static uint64_t
ngx_http_chat_invite_key(ngx_http_chat_ctx_t *ctx)
{
    return ctx->visitor ? ngx_chat_auth_visitor_topic(ctx->uid)
                        : ngx_http_chat_viewer_hash(ctx->request);
}


/* of whoever may be remembered: has a token, and does not refuse */

static uint64_t
ngx_http_chat_invite_topic(ngx_http_chat_ctx_t *ctx)
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(ctx->request, ngx_http_chat_module);

    return ctx->visitor
           && (clcf->consent == NULL || ngx_http_chat_consented(ctx->request))
           ? ngx_chat_auth_visitor_topic(ctx->uid) : 0;
}


static void
ngx_http_chat_invite_clock(ngx_chat_invite_args_t *args)
{
    time_t     now;
    struct tm  tm;

    now = ngx_time();
    ngx_libc_localtime(now, &tm);

    args->now = ngx_http_chat_now();
    args->facts.day = (ngx_uint_t) (tm.tm_wday + 6) % 7;
    args->facts.minute = (ngx_uint_t) tm.tm_hour * 60 + tm.tm_min;
    args->facts.attended =
        ngx_chat_presence_any(ngx_http_chat_worker->zone->presence,
                              args->now);

    args->today = args->now
                  - ((int64_t) args->facts.minute * 60 + tm.tm_sec) * 1000;
}


/* a rule may hang on the page's average, which is in the other database */

static ngx_int_t
ngx_http_chat_invite_offered(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_http_chat_invite_more_t  *more;

    more = job->args;

    if (job->rc != NGX_OK) {
        return ngx_http_chat_route_answer(ctx, job);
    }

    ngx_http_chat_invite_learned(more->word, more->args.rules);

    if (more->args.wanted && ngx_http_chat_worker->conf->tracked) {
        return ngx_http_chat_invite_next(ctx, job, ngx_chat_invite_average,
                                         NGX_HTTP_CHAT_VISITS,
                                         ngx_http_chat_invite_averaged);
    }

    ngx_http_chat_invite_offers(more->key, more->args.offered,
                                more->args.offers);

    return ngx_http_chat_route_answer(ctx, job);
}


static ngx_int_t
ngx_http_chat_invite_averaged(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_http_chat_invite_more_t  *more;

    more = job->args;

    if (job->rc != NGX_OK) {
        more->args.average = 0;
    }

    return ngx_http_chat_invite_next(ctx, job, ngx_chat_invite_offer, 0,
                                     ngx_http_chat_invite_offered);
}


/* the same question in a job of its own */

static ngx_int_t
ngx_http_chat_invite_next(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job,
    ngx_chat_job_run_pt run, ngx_uint_t flags, ngx_http_chat_then_pt then)
{
    ngx_str_t                     uid;
    ngx_chat_job_t               *next;
    ngx_http_chat_invite_more_t  *more;

    next = ngx_chat_job_create(run, NULL,
                               sizeof(ngx_http_chat_invite_more_t),
                               ngx_http_chat_worker->log);
    if (next == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    more = next->args;
    *more = *(ngx_http_chat_invite_more_t *) job->args;

    uid = more->args.uid;

    if (ngx_chat_job_copy(next, &more->args.uid, &uid) != NGX_OK) {
        ngx_chat_job_destroy(next);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_chat_route_submit(ctx, next, flags, then);
}


/* once a visit: of two tabs the first one shows it */

static ngx_int_t
ngx_http_chat_invite_prepare_count(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_int_t                     rc;
    ngx_http_chat_invite_more_t  *more;

    /* no error: browsers would tell of one in the site's console */

    static ngx_str_t  late = ngx_string("{\"show\":false}");

    more = job->args;
    more->key = ngx_http_chat_invite_key(ctx);
    more->args.topic = ngx_http_chat_invite_topic(ctx);
    more->args.now = ngx_http_chat_now();
    more->args.ghost = ctx->ghost;

    rc = ngx_http_chat_invite_note(more->key, more->args.trigger,
                          (ngx_chat_invite_outcome_e) more->args.outcome);

    if (rc == NGX_DECLINED && more->args.outcome == NGX_CHAT_INVITE_SHOWN) {
        return ngx_http_chat_reply_json(ctx->request, NGX_HTTP_OK, &late);
    }

    if (rc != NGX_OK
        || (more->args.trigger == NGX_CHAT_INVITED_BY_HAND
            && (more->args.outcome != NGX_CHAT_INVITE_DISMISSED
                || more->args.topic == 0)))
    {
        return ngx_http_chat_reply_empty(ctx->request);
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_chat_invite_counted(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_http_chat_invite_more_t  *more;

    more = job->args;

    if (job->rc != NGX_OK) {
        ngx_http_chat_invite_forget(more->key,
                          (ngx_chat_invite_outcome_e) more->args.outcome);
    }

    return ngx_http_chat_route_answer(ctx, job);
}


/* nothing is stored: durable is what is answered */

static ngx_int_t
ngx_http_chat_invite_hand(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_http_chat_invite_more_t  *more;

    more = job->args;

    switch (ngx_http_chat_invite_summon((uint64_t) ctx->id, &more->text,
                                        ctx->identity.operator,
                                        &ctx->identity.name))
    {
    case NGX_OK:
        return ngx_http_chat_reply_empty(ctx->request);

    case NGX_ABORT:
        return ngx_http_chat_reply_problem(ctx->request,
                                           NGX_HTTP_CHAT_INVITED, NULL, NULL,
                                           0);

    default:
        return ngx_http_chat_reply_problem(ctx->request,
                                           NGX_HTTP_CHAT_NOT_FOUND, NULL,
                                           NULL, 0);
    }
}
