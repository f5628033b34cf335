
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a visitor does: visitor.h.  Store threads, inside a job.  A visitor
 * has at most one open conversation, and it is the newest one: writing opens
 * another only when that is closed, and writers are serialised.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/visitor.h"
#include "command/brand.h"


#define NGX_CHAT_VISITOR_PAGE  50       /* events in the first answer */


static ngx_int_t ngx_chat_visitor_welcome(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_visitor_t *visitor, ngx_chat_json_out_t *o);
static ngx_int_t ngx_chat_visitor_events(ngx_chat_job_t *job,
    ngx_chat_db_t *db, int64_t visitor, int64_t before, ngx_uint_t limit,
    ngx_chat_json_out_t *o);
static ngx_int_t ngx_chat_visitor_enter(ngx_chat_job_t *job);
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
static ngx_int_t ngx_chat_visitor_last(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_conversation_t *c);


ngx_int_t
ngx_chat_visitor_open(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t                 rc;
    ngx_chat_visitor_t        visitor;
    ngx_chat_json_out_t      *o;
    ngx_chat_conversation_t   c;

    ngx_memzero(&visitor, sizeof(ngx_chat_visitor_t));

    o = ngx_chat_json_out(job->pool);
    if (o == NULL || ngx_chat_db_snapshot(db) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_chat_db_visitor_conversation(db, job->pool, &a->uid, &visitor,
                                          &c);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);

    if (a->token.len) {
        ngx_chat_json_str(o, "token", &a->token);
    }

    if (c.id) {

        /* for the list of who is on the site: what operators may know of */

        a->conversation = c.state == NGX_CHAT_CONVERSATION_CLOSED || c.ghost
                          ? 0 : c.id;

        ngx_chat_conversation_visitor_json(o, "conversation", &c);

    } else {
        ngx_chat_json_null(o, "conversation");
    }

    if (ngx_chat_visitor_events(job, db, visitor.id, 0, NGX_CHAT_VISITOR_PAGE,
                                o)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_visitor_welcome(job, db, &visitor, o);
}


/* the rest of the first answer: what does not hang on a conversation */

static ngx_int_t
ngx_chat_visitor_welcome(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_json_out_t *o)
{
    ngx_chat_visitor_args_t *a = job->args;

    int64_t      cursor;
    ngx_str_t   *locale;
    ngx_uint_t   available;

    if (ngx_chat_db_cursor(db, &cursor) != NGX_OK) {
        return NGX_ERROR;
    }

    locale = a->locale.len ? &a->locale : &visitor->locale;
    available = a->presence && ngx_chat_presence_any(a->presence, a->now);

    if (ngx_chat_brand_welcome(job, db, locale, o) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_chat_json_int(o, "cursor", cursor);
    ngx_chat_json_bool(o, "available", available);
    ngx_chat_json_open(o, "limits");
    ngx_chat_json_int(o, "text", NGX_CHAT_TEXT_MAX);
    ngx_chat_json_close(o);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_visitor_history(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t             rc;
    ngx_chat_visitor_t    visitor;
    ngx_chat_json_out_t  *o;

    ngx_memzero(&visitor, sizeof(ngx_chat_visitor_t));

    o = ngx_chat_json_out(job->pool);
    if (o == NULL || ngx_chat_db_snapshot(db) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_chat_db_visitor_by_uid(db, job->pool, &a->uid, &visitor);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);

    if (ngx_chat_visitor_events(job, db, visitor.id, a->before, a->limit, o)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


/* of all conversations of the visitor; none for one without a row */

static ngx_int_t
ngx_chat_visitor_events(ngx_chat_job_t *job, ngx_chat_db_t *db,
    int64_t visitor, int64_t before, ngx_uint_t limit, ngx_chat_json_out_t *o)
{
    ngx_array_t              rows;
    ngx_chat_event_query_t   query;

    if (ngx_array_init(&rows, job->pool, limit + 1, sizeof(ngx_chat_event_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_memzero(&query, sizeof(ngx_chat_event_query_t));

    query.visitor = visitor;
    query.before = before;
    query.audience = NGX_CHAT_TO_VISITOR;
    query.limit = limit;
    query.newest_first = 1;

    if (visitor && ngx_chat_db_events(db, job->pool, &query, &rows) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_command_page(job, o, &rows, limit);
}


ngx_int_t
ngx_chat_visitor_typing(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_conversation_t  c;

    a->conversation = 0;

    job->result = NGX_CHAT_RESULT_EMPTY;

    if (ngx_chat_db_snapshot(db) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_chat_visitor_last(job, db, &c);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    /* one that operators don't know stays unknown until something is sent */

    if (rc == NGX_OK && c.state != NGX_CHAT_CONVERSATION_CLOSED && !c.ghost) {
        a->conversation = c.id;
        a->visitor = c.visitor;
        a->name = c.visitor_name;
    }

    return NGX_OK;
}


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
        ngx_chat_blocks_met(a->blocks, &a->hit);
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


/*
 * Looked up again here, after all blocks that were committed before this:
 * the event loop did so before the queue.
 */

static ngx_int_t
ngx_chat_visitor_enter(ngx_chat_job_t *job)
{
    ngx_chat_visitor_args_t *a = job->args;

    a->hit.mode = NGX_CHAT_BLOCK_NONE;

    if (a->blocks == NULL) {
        return NGX_OK;
    }

    (void) ngx_chat_blocks_find(a->blocks, &a->who,
                                a->where.length ? &a->where : NULL, a->now,
                                &a->hit);

    if (a->hit.mode <= NGX_CHAT_BLOCK_GHOST) {
        return NGX_OK;
    }

    ngx_chat_blocks_met(a->blocks, &a->hit);

    return ngx_chat_command_decline(job, NGX_CHAT_RESULT_BLOCKED);
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

    return ngx_chat_visitor_sent(job, db, &event, &c, NGX_CHAT_RESULT_OK);
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


/* what the page says now counts; what it does not say stays as it was */

static ngx_int_t
ngx_chat_visitor_say(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c)
{
    ngx_chat_visitor_args_t *a = job->args;

    if (!ngx_chat_visitor_learn(visitor, &a->said_name, &a->said_email,
                                &a->said_facts))
    {
        return NGX_OK;
    }

    c->visitor_name = visitor->name;
    c->visitor_email = visitor->email;
    c->visitor_facts = visitor->facts;

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


ngx_int_t
ngx_chat_visitor_read(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_effects_t       fx;
    ngx_chat_conversation_t  c;

    if (ngx_chat_visitor_enter(job) != NGX_OK) {
        return NGX_DECLINED;
    }

    job->result = NGX_CHAT_RESULT_EMPTY;

    if (ngx_chat_effects_init(&fx, job->pool, a->now) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_chat_visitor_last(job, db, &c);

    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? NGX_OK : NGX_ERROR;
    }

    if (ngx_chat_conversation_read(&c, NULL, a->up_to, &fx) != NGX_OK) {
        return NGX_ERROR;
    }

    if (fx.events.nelts == 0) {
        return NGX_OK;
    }

    if (a->hit.mode || c.ghost) {
        ngx_chat_effects_ghost(&fx);
    }

    if (ngx_chat_db_unread(db, c.id, NGX_CHAT_AUTHOR_OPERATOR, c.visitor_read,
                           &c.visitor_unread)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_command_apply(db, &c, &fx);
}


ngx_int_t
ngx_chat_visitor_close(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t                 rc;
    ngx_chat_effects_t        fx;
    ngx_chat_json_out_t      *o;
    ngx_chat_conversation_t   c;

    if (ngx_chat_visitor_enter(job) != NGX_OK) {
        return NGX_DECLINED;
    }

    o = ngx_chat_json_out(job->pool);
    if (o == NULL || ngx_chat_effects_init(&fx, job->pool, a->now) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_chat_visitor_last(job, db, &c);

    ngx_chat_json_open(o, NULL);

    switch (rc) {

    case NGX_OK:
        if (ngx_chat_conversation_close(&c, NULL, &fx) != NGX_OK) {
            return NGX_ERROR;
        }

        if (c.ghost) {
            ngx_chat_effects_ghost(&fx);
        }

        if (ngx_chat_command_apply(db, &c, &fx) != NGX_OK) {
            return NGX_ERROR;
        }

        ngx_chat_conversation_visitor_json(o, "conversation", &c);
        break;

    case NGX_DECLINED:
        ngx_chat_json_null(o, "conversation");
        break;

    default:
        return NGX_ERROR;
    }

    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


/* the visitor's newest conversation; NGX_DECLINED when there never was one */

static ngx_int_t
ngx_chat_visitor_last(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_conversation_t *c)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t           rc;
    ngx_chat_visitor_t  visitor;

    rc = ngx_chat_db_visitor_conversation(db, job->pool, &a->uid, &visitor, c);

    return rc == NGX_OK && c->id == 0 ? NGX_DECLINED : rc;
}
