
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Operators' own affairs: first account, log-in, password, presence.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/events.h"
#include "api/guess.h"
#include "api/operator.h"
#include "api/route.h"
#include "http/conf.h"
#include "http/reply.h"
#include "http/worker.h"


#define arg(field)  ngx_http_chat_operator_arg(field)


static ngx_int_t ngx_http_chat_operator_prepare_setup(
    ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_operator_prepare_login(
    ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_operator_prepare_password(
    ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_operator_hashed_setup(
    ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_operator_verified_login(
    ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_operator_verified_password(
    ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_operator_set_up(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static void ngx_http_chat_operator_wrong(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job, const char *what);
static ngx_int_t ngx_http_chat_operator_logged_in(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_operator_logged_out(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_operator_chosen(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


typedef struct {
    ngx_chat_operator_args_t    operator;
    ngx_http_chat_guess_t       guess;
    u_char                      token[NGX_CHAT_SESSION_TOKEN_LEN];
} ngx_http_chat_operator_more_t;


static ngx_chat_field_t  ngx_http_chat_operator_setup_fields[] = {

    { ngx_string("code"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_REQUIRED,
      0, 64, arg(code), NULL, NULL, NULL },

    ngx_http_chat_operator_login_field,

    ngx_http_chat_operator_name_field(NGX_CHAT_FIELD_REQUIRED),

    ngx_http_chat_operator_password_field,

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_operator_login_fields[] = {

    { ngx_string("login"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_REQUIRED,
      1, 64, arg(login), NULL, NULL, NULL },

    { ngx_string("password"), NGX_CHAT_FIELD_SECRET, NGX_CHAT_FIELD_REQUIRED,
      0, 200, arg(current), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_operator_change_fields[] = {

    { ngx_string("current"), NGX_CHAT_FIELD_SECRET, NGX_CHAT_FIELD_REQUIRED,
      0, 200, arg(current), NULL, NULL, NULL },

    ngx_http_chat_operator_password_field,

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_chat_field_t  ngx_http_chat_operator_password_fields[] = {

    ngx_http_chat_operator_password_field,

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_operator_presence_fields[] = {

    { ngx_string("status"), NGX_CHAT_FIELD_ENUM, NGX_CHAT_FIELD_REQUIRED,
      0, 0, arg(status), ngx_chat_status_names, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_http_chat_route_t  ngx_http_chat_operator_routes[] = {

    { NGX_HTTP_POST, ngx_string("operator/setup"), NGX_HTTP_CHAT_ANYBODY,
      NGX_HTTP_CHAT_HEAVY, sizeof(ngx_http_chat_operator_more_t),
      ngx_http_chat_operator_setup_fields, NULL,
      ngx_chat_operator_verify, ngx_http_chat_operator_prepare_setup,
      ngx_http_chat_operator_hashed_setup },

    { NGX_HTTP_POST, ngx_string("operator/session"), NGX_HTTP_CHAT_ANYBODY,
      NGX_HTTP_CHAT_HEAVY, sizeof(ngx_http_chat_operator_more_t),
      ngx_http_chat_operator_login_fields, NULL,
      ngx_chat_operator_verify, ngx_http_chat_operator_prepare_login,
      ngx_http_chat_operator_verified_login },

    { NGX_HTTP_GET, ngx_string("operator/session"), NGX_HTTP_CHAT_AGENT,
      0, sizeof(ngx_http_chat_operator_more_t),
      NULL, NULL,
      ngx_chat_operator_session, ngx_http_chat_operator_prepare, NULL },

    { NGX_HTTP_DELETE, ngx_string("operator/session"), NGX_HTTP_CHAT_AGENT,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_http_chat_operator_more_t),
      NULL, NULL,
      ngx_chat_operator_logout, ngx_http_chat_operator_prepare,
      ngx_http_chat_operator_logged_out },

    { NGX_HTTP_PUT, ngx_string("operator/password"), NGX_HTTP_CHAT_AGENT,
      NGX_HTTP_CHAT_HEAVY, sizeof(ngx_http_chat_operator_more_t),
      ngx_http_chat_operator_change_fields, NULL,
      ngx_chat_operator_verify, ngx_http_chat_operator_prepare_password,
      ngx_http_chat_operator_verified_password },

    { NGX_HTTP_PUT, ngx_string("operator/presence"), NGX_HTTP_CHAT_AGENT,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_http_chat_operator_more_t),
      ngx_http_chat_operator_presence_fields, NULL,
      ngx_chat_operator_status, ngx_http_chat_operator_prepare,
      ngx_http_chat_operator_chosen },

    { NGX_HTTP_GET, ngx_string("operator/operators"), NGX_HTTP_CHAT_AGENT,
      0, sizeof(ngx_http_chat_operator_more_t),
      NULL, NULL,
      ngx_chat_operator_list, ngx_http_chat_operator_prepare, NULL },

    { NGX_HTTP_GET, ngx_string("operator/events"), NGX_HTTP_CHAT_AGENT,
      0, sizeof(ngx_http_chat_events_t),
      NULL, ngx_http_chat_events_query,
      NULL, ngx_http_chat_events_prepare, ngx_http_chat_events },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


ngx_int_t
ngx_http_chat_operator_prepare(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_str_t                  hash;
    ngx_chat_operator_args_t  *args;

    args = job->args;

    args->operator = ctx->identity.operator;
    args->id = ctx->id;
    args->now = ngx_http_chat_now();
    args->presence = ngx_http_chat_worker->zone->presence;

    /* who is "Lea" on one keyboard is "lea" on a phone */

    ngx_strlow(args->login.data, args->login.data, args->login.len);

    hash.data = ctx->session;
    hash.len = NGX_CHAT_SESSION_HASH_LEN;

    return ngx_chat_job_copy(job, &args->session, &hash) == NGX_OK
           ? NGX_DECLINED : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


static ngx_int_t
ngx_http_chat_operator_prepare_setup(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_int_t                       rc;
    ngx_http_chat_operator_more_t  *more;

    more = job->args;

    rc = ngx_http_chat_guess(ctx, &more->guess, "setup", NULL);

    return rc == NGX_DECLINED ? ngx_http_chat_operator_prepare(ctx, job) : rc;
}


static ngx_int_t
ngx_http_chat_operator_prepare_login(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_int_t                       rc;
    ngx_http_chat_operator_more_t  *more;

    more = job->args;

    /* first, for it folds the case of the login, which must count once */

    rc = ngx_http_chat_operator_prepare(ctx, job);

    return rc == NGX_DECLINED ? ngx_http_chat_guess(ctx, &more->guess,
                                                    "login",
                                                    &more->operator.login)
                              : rc;
}


static ngx_int_t
ngx_http_chat_operator_prepare_password(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    u_char                          text[NGX_INT64_LEN];
    ngx_int_t                       rc;
    ngx_str_t                       who;
    ngx_http_chat_operator_more_t  *more;

    more = job->args;

    who.data = text;
    who.len = ngx_sprintf(text, "%L", ctx->identity.operator) - text;

    rc = ngx_http_chat_guess(ctx, &more->guess, "password", &who);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    rc = ngx_http_chat_operator_prepare(ctx, job);

    more->operator.id = ctx->identity.operator;

    return rc;
}


static ngx_int_t
ngx_http_chat_operator_hashed_setup(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    if (job->rc != NGX_OK) {
        return ngx_http_chat_route_answer(ctx, job);
    }

    return ngx_http_chat_request_again(ctx, job, ngx_chat_operator_setup,
                                       ngx_http_chat_operator_set_up);
}


static ngx_int_t
ngx_http_chat_operator_set_up(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_http_chat_operator_more_t  *more;

    more = job->args;

    if (job->rc == NGX_OK) {
        ngx_http_chat_guess_right(&more->guess);

    } else if (job->result == NGX_CHAT_RESULT_CODE) {
        ngx_log_error(NGX_LOG_WARN, ctx->request->connection->log, 0,
                      "chat set-up failed: wrong one-time code");
    }

    return ngx_http_chat_route_answer(ctx, job);
}


static ngx_int_t
ngx_http_chat_operator_verified_login(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_str_t                       hash;
    u_char                          secret[NGX_CHAT_SESSION_HASH_LEN];
    ngx_http_chat_operator_more_t  *more;

    if (job->rc != NGX_OK) {
        ngx_http_chat_operator_wrong(ctx, job, "log-in");
        return ngx_http_chat_route_answer(ctx, job);
    }

    more = job->args;

    /* the browser's own session, if it has one, ends with this one */

    more->operator.replaced = more->operator.session;

    ngx_http_chat_guess_right(&more->guess);
    ngx_chat_auth_session_new(more->token, secret);

    hash.data = secret;
    hash.len = NGX_CHAT_SESSION_HASH_LEN;

    if (ngx_chat_job_copy(job, &more->operator.session, &hash) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    more->operator.expires_at = ngx_http_chat_now()
                                + (int64_t) ngx_http_chat_worker->conf->session
                                  * 1000;

    return ngx_http_chat_request_again(ctx, job, ngx_chat_operator_login,
                                       ngx_http_chat_operator_logged_in);
}


/*
 * Names the account as it is stored, of letters that mean nothing to a log.
 * What was typed in place of a login is not repeated: now and then it is a
 * password.
 */

static void
ngx_http_chat_operator_wrong(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job,
    const char *what)
{
    ngx_log_t            *log;
    ngx_chat_operator_t  *op;

    log = ctx->request->connection->log;
    op = &((ngx_http_chat_operator_more_t *) job->args)->operator.found;

    if (job->rc != NGX_DECLINED) {
        return;
    }

    if (op->id == 0) {
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "chat %s failed: no such account", what);
        return;
    }

    ngx_log_error(NGX_LOG_WARN, log, 0,
                  op->disabled ? "chat %s failed: \"%V\" is disabled"
                               : "chat %s failed: wrong password for \"%V\"",
                  what, &op->login);
}


static ngx_int_t
ngx_http_chat_operator_logged_in(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_str_t                       token;
    ngx_http_chat_operator_more_t  *more;

    more = job->args;

    token.data = more->token;
    token.len = NGX_CHAT_SESSION_TOKEN_LEN;

    if (job->rc == NGX_OK
        && ngx_http_chat_operator_cookie(ctx->request, &token,
                                       ngx_http_chat_worker->conf->session)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_chat_route_answer(ctx, job);
}


static ngx_int_t
ngx_http_chat_operator_logged_out(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_str_t                       none;
    ngx_http_chat_operator_more_t  *more;

    more = job->args;

    ngx_str_null(&none);

    if (job->rc != NGX_OK) {
        return ngx_http_chat_route_answer(ctx, job);
    }

    /* unless another browser of theirs goes on */

    if (!more->operator.others
        && ngx_chat_presence_leave(ngx_http_chat_worker->zone->presence,
                                   ctx->identity.operator))
    {
        ngx_http_chat_publish_presence(ctx->identity.operator,
                                       &ctx->identity.name,
                                       ctx->identity.status, 0);
    }

    if (ngx_http_chat_operator_cookie(ctx->request, &none, 0) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_chat_route_answer(ctx, job);
}


static ngx_int_t
ngx_http_chat_operator_verified_password(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_http_chat_operator_more_t  *more;

    more = job->args;

    if (job->rc == NGX_OK) {
        ngx_http_chat_guess_right(&more->guess);

    } else {
        ngx_http_chat_operator_wrong(ctx, job, "password change");
    }

    return ngx_http_chat_operator_hashed_password(ctx, job);
}


ngx_int_t
ngx_http_chat_operator_hashed_password(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    if (job->rc != NGX_OK) {
        return ngx_http_chat_route_answer(ctx, job);
    }

    return ngx_http_chat_request_again(ctx, job, ngx_chat_operator_password,
                                       ngx_http_chat_route_answer);
}


static ngx_int_t
ngx_http_chat_operator_chosen(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    int64_t                         now;
    ngx_chat_presence_t            *presence;
    ngx_http_chat_operator_more_t  *more;

    more = job->args;
    now = ngx_http_chat_now();
    presence = ngx_http_chat_worker->zone->presence;

    if (job->rc != NGX_OK) {
        return ngx_http_chat_route_answer(ctx, job);
    }

    (void) ngx_chat_presence_choose(presence, ctx->identity.operator,
                                    (ngx_chat_status_e) more->operator.status,
                                    now);

    ngx_http_chat_publish_presence(ctx->identity.operator,
                             &ctx->identity.name,
                             (ngx_chat_status_e) more->operator.status,
                             ngx_chat_presence_of(presence,
                                                  ctx->identity.operator,
                                                  now));

    return ngx_http_chat_route_answer(ctx, job);
}
