
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Store threads, inside a job: invite.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/invite.h"
#include "store/visits_db.h"


#define NGX_CHAT_INVITE_DAY  86400000       /* ms */


static ngx_int_t ngx_chat_invite_past(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_uint_t *alone);
static ngx_int_t ngx_chat_invite_peace(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_uint_t *alone);
static ngx_int_t ngx_chat_invite_rules(ngx_chat_job_t *job,
    ngx_chat_json_out_t *o, ngx_array_t *rows);
static ngx_int_t ngx_chat_invite_rule(ngx_chat_job_t *job,
    ngx_chat_json_out_t *o, ngx_chat_trigger_t *trigger);
static ngx_int_t ngx_chat_invite_by_hand(ngx_chat_job_t *job,
    ngx_chat_json_out_t *o);
static ngx_int_t ngx_chat_invite_hush(ngx_chat_job_t *job,
    ngx_chat_db_t *db);


ngx_int_t
ngx_chat_invite_offer(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_invite_args_t *a = job->args;

    ngx_uint_t            alone;
    ngx_array_t           rows;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);

    if (o == NULL
        || ngx_array_init(&rows, job->pool, 8, sizeof(ngx_chat_trigger_t))
           != NGX_OK
        || ngx_chat_db_snapshot(db) != NGX_OK
        || ngx_chat_db_triggers(db, job->pool, 1, &rows) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_invite_facts(&a->invite, &a->facts);

    alone = 0;
    a->talks = a->invite.visit.conversation != 0;

    if (ngx_chat_invite_past(job, db, &alone) != NGX_OK
        || ngx_chat_invite_peace(job, db, &alone) != NGX_OK)
    {
        return NGX_ERROR;
    }

    a->rules = rows.nelts;
    a->wanted = 0;
    a->offers = 0;
    a->facts.about.average = ngx_max(a->average, 0);

    ngx_chat_json_open(o, NULL);
    ngx_chat_json_int(o, "on_site", ngx_max(0, a->now
                                        - a->invite.visit.started_at) / 1000);
    ngx_chat_json_open_array(o, "invitations");

    if (ngx_chat_invite_by_hand(job, o) != NGX_OK
        || (!alone && ngx_chat_invite_rules(job, o, &rows) != NGX_OK))
    {
        return NGX_ERROR;
    }

    ngx_chat_json_close_array(o);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


/*
 * How many conversations there were; who had one today, or has one that is
 * open, is left alone.
 */

static ngx_int_t
ngx_chat_invite_past(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_uint_t *alone)
{
    ngx_chat_invite_args_t *a = job->args;

    int64_t                  n, last;
    ngx_int_t                rc;
    ngx_chat_visitor_t       visitor;
    ngx_chat_conversation_t  c;

    if (a->uid.len == 0) {
        return NGX_OK;
    }

    rc = ngx_chat_db_visitor_conversation(db, job->pool, &a->uid, &visitor,
                                          &c);
    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? NGX_OK : NGX_ERROR;
    }

    n = 0;
    last = 0;

    if (ngx_chat_db_visitor_chats(db, visitor.id, &n, &last) != NGX_OK) {
        return NGX_ERROR;
    }

    a->facts.about.number[NGX_CHAT_ABOUT_CHATS] = n;

    a->talks |= n && c.state != NGX_CHAT_CONVERSATION_CLOSED;

    if (a->talks || (n && last >= a->today)) {
        *alone = 1;
    }

    return NGX_OK;
}


/* so is who has said no, in whatever visit */

static ngx_int_t
ngx_chat_invite_peace(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_uint_t *alone)
{
    ngx_chat_invite_args_t *a = job->args;

    int64_t  until;

    if (a->topic == 0) {
        return NGX_OK;
    }

    if (ngx_chat_db_quiet(db, a->topic, &until) != NGX_OK) {
        return NGX_ERROR;
    }

    if (until > a->now) {
        *alone = 1;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_chat_invite_rules(ngx_chat_job_t *job, ngx_chat_json_out_t *o,
    ngx_array_t *rows)
{
    ngx_chat_invite_args_t *a = job->args;

    ngx_uint_t           i, n;
    ngx_chat_trigger_t  *trigger;

    if (!ngx_chat_invite_allowed(&a->invite.visit)) {
        return NGX_OK;
    }

    trigger = rows->elts;

    for (i = 0, n = 0; i < rows->nelts && n < NGX_CHAT_VISIT_OFFERS; i++) {

        if (a->average == -1
            && ngx_chat_conditions_average(&trigger[i].conditions))
        {
            a->wanted = 1;
        }

        if (ngx_chat_trigger_answer(&trigger[i], &a->facts)
            == NGX_CHAT_ANSWER_NO)
        {
            continue;
        }

        if (ngx_chat_invite_rule(job, o, &trigger[i]) != NGX_OK) {
            return NGX_ERROR;
        }

        a->offered[n++] = trigger[i].id;
    }

    a->offers = n;

    return NGX_OK;
}


static ngx_int_t
ngx_chat_invite_rule(ngx_chat_job_t *job, ngx_chat_json_out_t *o,
    ngx_chat_trigger_t *trigger)
{
    ngx_chat_invite_args_t *a = job->args;

    ngx_str_t  text;

    if (ngx_chat_trigger_text(job->pool, &trigger->text, &a->facts, &text)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_trigger_invitation_json(o, trigger, &a->facts, &text);

    return NGX_OK;
}


/* an operator's, which has not been seen yet */

static ngx_int_t
ngx_chat_invite_by_hand(ngx_chat_job_t *job, ngx_chat_json_out_t *o)
{
    ngx_chat_invite_args_t *a = job->args;

    ngx_str_t            text;
    ngx_chat_visit_t    *visit;
    ngx_chat_trigger_t   trigger;

    visit = &a->invite.visit;

    if (visit->invited != NGX_CHAT_INVITED_BY_HAND || visit->outcomes
        || a->talks)
    {
        return NGX_OK;
    }

    ngx_memzero(&trigger, sizeof(ngx_chat_trigger_t));

    trigger.id = NGX_CHAT_INVITED_BY_HAND;
    trigger.quiet = NGX_CHAT_INVITE_QUIET;

    text.data = visit->hand;
    text.len = ngx_strlen(visit->hand);
    trigger.sender.data = visit->sender;
    trigger.sender.len = ngx_strlen(visit->sender);

    ngx_chat_trigger_invitation_json(o, &trigger, &a->facts, &text);

    return NGX_OK;
}


ngx_int_t
ngx_chat_invite_average(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_invite_args_t *a = job->args;

    int64_t    ms;
    ngx_str_t  page;

    page.data = a->invite.page;
    page.len = a->invite.page_len;
    ms = 0;

    if (ngx_chat_visits_db_dwell(db, &page, &ms) != NGX_OK) {
        return NGX_ERROR;
    }

    a->average = (ms + 500) / 1000;
    job->result = NGX_CHAT_RESULT_EMPTY;

    return NGX_OK;
}


ngx_int_t
ngx_chat_invite_count(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_invite_args_t *a = job->args;

    job->result = NGX_CHAT_RESULT_EMPTY;

    if (a->outcome == NGX_CHAT_INVITE_DISMISSED && a->topic
        && ngx_chat_invite_hush(job, db) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (a->ghost) {
        return NGX_OK;
    }

    return ngx_chat_db_trigger_count(db, a->trigger,
                                  (ngx_chat_invite_outcome_e) a->outcome)
           == NGX_OK
           ? NGX_OK : NGX_ERROR;
}


/* as long as the rule says, or as usual when it was an operator's hand */

static ngx_int_t
ngx_chat_invite_hush(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_invite_args_t *a = job->args;

    ngx_int_t           rc;
    ngx_chat_trigger_t  trigger;

    rc = ngx_chat_db_trigger(db, job->pool, a->trigger, &trigger);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        trigger.quiet = NGX_CHAT_INVITE_QUIET;
    }

    return ngx_chat_db_quiet_put(db, a->topic,
                                 a->now + trigger.quiet * NGX_CHAT_INVITE_DAY,
                                 a->now);
}


ngx_int_t
ngx_chat_invite_order(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_invite_order_args_t *a = job->args;

    int64_t    last, opened_at;
    ngx_int_t  rc;

    job->result = NGX_CHAT_RESULT_EMPTY;

    last = 0;
    opened_at = 0;

    if (a->uid.len
        && ngx_chat_db_visitor_invited(db, &a->uid, &last, &opened_at)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    a->order.trigger = ngx_chat_invite_credited(a->followed, last, opened_at,
                                                a->order.at);
    if (a->order.trigger == 0) {
        return NGX_OK;
    }

    rc = ngx_chat_db_order_add(db, &a->order);

    if (rc == NGX_OK) {
        rc = ngx_chat_db_trigger_count(db, a->order.trigger,
                                       NGX_CHAT_INVITE_ORDER);
    }

    return rc == NGX_ERROR ? NGX_ERROR : NGX_OK;
}
