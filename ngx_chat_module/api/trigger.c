
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What an administrator may ask of rules of invitations.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/route.h"
#include "command/trigger.h"
#include "http/invite.h"
#include "http/reply.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_TRIGGER_DELAY  600        /* s, the longest */
#define NGX_HTTP_CHAT_TRIGGER_QUIET  365        /* days */


#define more(field)     offsetof(ngx_http_chat_trigger_more_t, field)
#define trigger(field)  more(args.trigger.field)


static ngx_int_t ngx_http_chat_trigger_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_trigger_prepare_rule(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_trigger_time(ngx_str_t *text,
    int64_t *minute);
static ngx_int_t ngx_http_chat_trigger_written(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


typedef struct {
    ngx_chat_trigger_args_t    args;
    ngx_chat_json_t           *conditions;
    ngx_chat_json_t           *days;
    ngx_str_t                  from;
    ngx_str_t                  to;
    ngx_chat_tristate_e        enabled;
    ngx_chat_tristate_e        attended;
} ngx_http_chat_trigger_more_t;


static ngx_int_t ngx_http_chat_trigger_hours(
    ngx_http_chat_trigger_more_t *more, ngx_str_t *field, ngx_str_t *why);
static ngx_int_t ngx_http_chat_trigger_days(ngx_chat_json_t *days,
    int64_t *mask);

/* 0 is false */

static ngx_str_t  ngx_http_chat_trigger_matches[] = {
    ngx_string("all"),
    ngx_string("any"),
    ngx_null_string
};


static ngx_chat_field_t  ngx_http_chat_trigger_hours_fields[] = {

    { ngx_string("days"), NGX_CHAT_FIELD_ARRAY, NGX_CHAT_FIELD_REQUIRED,
      1, 7, more(days), NULL, NULL, NULL },

    { ngx_string("from"), NGX_CHAT_FIELD_TOKEN, NGX_CHAT_FIELD_REQUIRED,
      5, 5, more(from), NULL, ":", NULL },

    { ngx_string("to"), NGX_CHAT_FIELD_TOKEN, NGX_CHAT_FIELD_REQUIRED,
      5, 5, more(to), NULL, ":", NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_trigger_fields[] = {

    { ngx_string("name"), NGX_CHAT_FIELD_LINE,
      NGX_CHAT_FIELD_REQUIRED|NGX_CHAT_FIELD_FILLED, 1, 100, trigger(name),
      NULL, NULL, NULL },

    { ngx_string("enabled"), NGX_CHAT_FIELD_BOOL, 0, 0, 0, more(enabled),
      NULL, NULL, NULL },

    { ngx_string("match"), NGX_CHAT_FIELD_ENUM, 0, 0, 0, trigger(any),
      ngx_http_chat_trigger_matches, NULL, NULL },

    { ngx_string("conditions"), NGX_CHAT_FIELD_ARRAY, NGX_CHAT_FIELD_REQUIRED,
      0, NGX_CHAT_CONDITIONS_MAX, more(conditions), NULL, NULL, NULL },

    { ngx_string("hours"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0, 0, NULL, NULL,
      ngx_http_chat_trigger_hours_fields },

    { ngx_string("share"), NGX_CHAT_FIELD_INT, 0, 1, 100, trigger(share),
      NULL, NULL, NULL },

    { ngx_string("attended"), NGX_CHAT_FIELD_BOOL, 0, 0, 0, more(attended),
      NULL, NULL, NULL },

    { ngx_string("text"), NGX_CHAT_FIELD_TEXT,
      NGX_CHAT_FIELD_REQUIRED|NGX_CHAT_FIELD_FILLED, 1, NGX_CHAT_INVITE_TEXT,
      trigger(text), NULL, NULL, NULL },

    { ngx_string("sender"), NGX_CHAT_FIELD_LINE, 0, 0, 100, trigger(sender),
      NULL, NULL, NULL },

    { ngx_string("delay"), NGX_CHAT_FIELD_INT, 0, 0,
      NGX_HTTP_CHAT_TRIGGER_DELAY, trigger(delay), NULL, NULL, NULL },

    { ngx_string("quiet_days"), NGX_CHAT_FIELD_INT, 0, 1,
      NGX_HTTP_CHAT_TRIGGER_QUIET, trigger(quiet), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_trigger_state_fields[] = {

    { ngx_string("enabled"), NGX_CHAT_FIELD_BOOL, 0, 0, 0,
      more(args.enabled), NULL, NULL, NULL },

    { ngx_string("position"), NGX_CHAT_FIELD_INT, 0, 1, 1000000,
      more(args.position), NULL, NULL, NULL },

    { ngx_string("deleted"), NGX_CHAT_FIELD_BOOL, 0, 0, 0,
      more(args.deleted), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_http_chat_route_t  ngx_http_chat_trigger_routes[] = {

    { NGX_HTTP_GET, ngx_string("admin/triggers"), NGX_HTTP_CHAT_ADMIN,
      0, sizeof(ngx_http_chat_trigger_more_t),
      NULL, NULL,
      ngx_chat_trigger_list, ngx_http_chat_trigger_prepare, NULL },

    { NGX_HTTP_POST, ngx_string("admin/triggers"), NGX_HTTP_CHAT_ADMIN,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_http_chat_trigger_more_t),
      ngx_http_chat_trigger_fields, NULL,
      ngx_chat_trigger_add, ngx_http_chat_trigger_prepare_rule,
      ngx_http_chat_trigger_written },

    { NGX_HTTP_PUT, ngx_string("admin/triggers/:id"), NGX_HTTP_CHAT_ADMIN,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_http_chat_trigger_more_t),
      ngx_http_chat_trigger_fields, NULL,
      ngx_chat_trigger_update, ngx_http_chat_trigger_prepare_rule,
      ngx_http_chat_trigger_written },

    { NGX_HTTP_PATCH, ngx_string("admin/triggers/:id"), NGX_HTTP_CHAT_ADMIN,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_http_chat_trigger_more_t),
      ngx_http_chat_trigger_state_fields, NULL,
      ngx_chat_trigger_state, ngx_http_chat_trigger_prepare,
      ngx_http_chat_trigger_written },

    { NGX_HTTP_DELETE, ngx_string("admin/triggers/:id"), NGX_HTTP_CHAT_ADMIN,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_http_chat_trigger_more_t),
      NULL, NULL,
      ngx_chat_trigger_delete, ngx_http_chat_trigger_prepare,
      ngx_http_chat_trigger_written },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


static ngx_int_t
ngx_http_chat_trigger_prepare(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_chat_trigger_args_t  *args;

    args = job->args;

    args->operator = ctx->identity.operator;
    args->now = ngx_http_chat_now();
    args->id = ctx->id;

    return NGX_DECLINED;
}


/* what the table of fields can't check; what was left out has its default */

static ngx_int_t
ngx_http_chat_trigger_prepare_rule(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_int_t                      rc;
    ngx_str_t                      field, why;
    ngx_chat_trigger_t            *t;
    ngx_http_chat_trigger_more_t  *more;

    more = job->args;
    t = &more->args.trigger;

    t->enabled = more->enabled != NGX_CHAT_FALSE;
    t->attended = more->attended != NGX_CHAT_FALSE;
    t->days = NGX_CHAT_WEEK;

    if (t->share == 0) {
        t->share = 100;
    }

    if (t->quiet == 0) {
        t->quiet = NGX_CHAT_INVITE_QUIET;
    }

    rc = ngx_chat_conditions_parse(job->pool, more->conditions,
                                   &t->conditions, &field, &why);
    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc == NGX_OK && more->days) {
        rc = ngx_http_chat_trigger_hours(more, &field, &why);
    }

    if (rc != NGX_OK) {
        return ngx_http_chat_reply_problem(ctx->request, NGX_HTTP_CHAT_FIELD,
                                           &why, &field, 0);
    }

    return ngx_http_chat_trigger_prepare(ctx, job);
}


static ngx_int_t
ngx_http_chat_trigger_hours(ngx_http_chat_trigger_more_t *more,
    ngx_str_t *field, ngx_str_t *why)
{
    ngx_chat_trigger_t  *t;

    t = &more->args.trigger;

    if (ngx_http_chat_trigger_days(more->days, &t->days) != NGX_OK) {
        ngx_str_set(field, "hours.days");
        ngx_str_set(why, "must be days from 1 (Monday) to 7");
        return NGX_DECLINED;
    }

    if (ngx_http_chat_trigger_time(&more->from, &t->from) != NGX_OK
        || ngx_http_chat_trigger_time(&more->to, &t->to) != NGX_OK)
    {
        ngx_str_set(field, "hours");
        ngx_str_set(why, "must have times such as \"09:00\"");
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_chat_trigger_days(ngx_chat_json_t *days, int64_t *mask)
{
    ngx_chat_json_t  *day;

    *mask = 0;

    for (day = days->first; day; day = day->next) {

        if (day->type != NGX_CHAT_JSON_INT || day->value < 1
            || day->value > 7)
        {
            return NGX_DECLINED;
        }

        *mask |= 1 << (day->value - 1);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_chat_trigger_time(ngx_str_t *text, int64_t *minute)
{
    ngx_int_t  hours, minutes;

    hours = ngx_atoi(text->data, 2);
    minutes = ngx_atoi(text->data + 3, 2);

    if (text->data[2] != ':' || hours == NGX_ERROR || minutes == NGX_ERROR
        || minutes > 59 || hours * 60 + minutes > NGX_CHAT_DAY_MINUTES)
    {
        return NGX_DECLINED;
    }

    *minute = hours * 60 + minutes;

    return NGX_OK;
}


/* pages have to ask again whether there are rules */

static ngx_int_t
ngx_http_chat_trigger_written(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    if (job->rc == NGX_OK) {
        ngx_http_chat_invite_changed();
    }

    return ngx_http_chat_route_answer(ctx, job);
}
