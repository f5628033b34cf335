
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a visitor writes: visitor.h.  Store threads, inside a job.  A visitor
 * has at most one open conversation, and it is the newest one: writing opens
 * another only when that is closed, and writers are serialised.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/visitor.h"


static ngx_int_t ngx_chat_visitor_brake(ngx_chat_job_t *job);
static ngx_int_t ngx_chat_visitor_come(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c);
static ngx_int_t ngx_chat_visitor_say(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c);
static ngx_int_t ngx_chat_visitor_repeat(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_visitor_t *visitor);
static ngx_int_t ngx_chat_visitor_join(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx);
static ngx_int_t ngx_chat_visitor_sent(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_event_t *event, ngx_chat_conversation_t *c,
    ngx_chat_result_e result);


ngx_int_t
ngx_chat_visitor_send(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_effects_t       fx;
    ngx_chat_visitor_t       visitor;
    ngx_chat_conversation_t  c;

    if (ngx_chat_visitor_enter(job) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (ngx_chat_effects_init(&fx, job->pool, a->now) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_chat_visitor_come(job, db, &visitor, &c);

    if (rc != NGX_OK) {
        return rc;
    }

    /* without a conversation there is nothing to repeat */

    rc = c.id ? ngx_chat_visitor_repeat(job, db, &visitor) : NGX_DECLINED;

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_chat_visitor_say(job, db, &visitor, &c) != NGX_OK
        || ngx_chat_visitor_join(job, db, &visitor, &c, &fx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_chat_conversation_ask(&c, &a->client_id, &a->text, &fx);

    if (rc != NGX_OK) {
        return ngx_chat_command_refuse(job, rc);
    }

    if (a->hit.mode == NGX_CHAT_BLOCK_GHOST) {
        ngx_chat_effects_ghost(&fx);
    }

    if (ngx_chat_command_apply(db, &c, &fx) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_chat_visitor_sent(job, db, ngx_chat_command_message(&fx), &c,
                                 NGX_CHAT_RESULT_CREATED);
}


/* what only who knows that it is the first message can decide */

static ngx_int_t
ngx_chat_visitor_brake(ngx_chat_job_t *job)
{
    ngx_chat_visitor_args_t *a = job->args;

    int64_t  wait;

    a->brake.first = 1;

    return ngx_chat_brake(&a->brake, &wait) == NGX_CHAT_BRAKE_NONE
           ? NGX_OK : ngx_chat_command_decline(job, NGX_CHAT_RESULT_BRAKED);
}


/* the first result again; NGX_DECLINED: this was not sent before */

static ngx_int_t
ngx_chat_visitor_repeat(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_event_t         event;
    ngx_chat_conversation_t  c;

    rc = ngx_chat_db_event_by_client_id(db, job->pool,
                                        NGX_CHAT_AUTHOR_VISITOR, visitor->id,
                                        &a->client_id, &event);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_chat_db_conversation(db, job->pool, event.conversation, &c)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_visitor_sent(job, db, &event, &c,
                                 ngx_chat_command_repeated(job, &event,
                                                           a->now));
}


/*
 * The visitor's row, made at the first message, and newest conversation.
 * NGX_DECLINED: a brake holds it.
 */

static ngx_int_t
ngx_chat_visitor_come(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t  rc;

    rc = ngx_chat_db_visitor_conversation(db, job->pool, &a->uid, visitor, c);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    /* before anything is written, so that there is nothing to take back */

    if (ngx_chat_visitor_brake(job) != NGX_OK) {
        return NGX_DECLINED;
    }

    visitor->uid = a->uid;
    visitor->topic = a->topic;
    visitor->locale = a->locale;
    visitor->created_at = a->now;

    return ngx_chat_db_visitor_add(db, visitor) == NGX_OK ? NGX_OK
                                                          : NGX_ERROR;
}


/*
 * What the page says now counts; what it does not say stays as it was.  What a
 * ghost says of itself is text, too, and only for itself; who was one is called
 * from then on as it called itself meanwhile.
 */

static ngx_int_t
ngx_chat_visitor_say(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_uint_t  changed;

    changed = ngx_chat_visitor_learn(visitor, &a->said_name, &a->said_email,
                                     &a->said_facts);

    if (a->hit.mode == NGX_CHAT_BLOCK_GHOST) {
        c->visitor_name = visitor->name;

        return changed ? ngx_chat_db_visitor_ghost(db, visitor) : NGX_OK;
    }

    changed |= ngx_chat_visitor_prove(visitor, &a->claim);
    changed |= c->id && !ngx_chat_visitor_called(visitor, &c->visitor_name);

    if (!changed) {
        return NGX_OK;
    }

    c->visitor_name = visitor->name;
    c->visitor_email = visitor->email;
    c->visitor_facts = visitor->facts;
    c->user_id = visitor->user_id;
    c->user_name = visitor->user_name;
    c->user_email = visitor->user_email;

    return ngx_chat_db_visitor_say(db, visitor);
}


/* the open conversation, or a new one with the page that it began on */

static ngx_int_t
ngx_chat_visitor_join(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_uint_t  ghost;

    ghost = a->hit.mode == NGX_CHAT_BLOCK_GHOST;

    if (c->id && c->state != NGX_CHAT_CONVERSATION_CLOSED) {
        return c->ghost && !ghost ? ngx_chat_conversation_appear(c, fx)
                                  : NGX_OK;
    }

    if (ngx_chat_conversation_open(c, visitor, fx) != NGX_OK) {
        return NGX_ERROR;
    }

    c->ghost = ghost;
    c->page_url = a->page_url;
    c->page_title = a->page_title;
    c->invited = a->invited;

    if (a->locale.len) {
        c->locale = a->locale;
    }

    return ngx_chat_db_conversation_add(db, c) == NGX_OK ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_chat_visitor_sent(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_event_t *event, ngx_chat_conversation_t *c,
    ngx_chat_result_e result)
{
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL || event == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);

    if (ngx_chat_command_event(job, db, o, event) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_chat_conversation_visitor_json(o, "conversation", c);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, result);
}
