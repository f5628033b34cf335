
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What operators do with conversations: conversation.h.  Store threads,
 * inside a job.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/conversation.h"


static void ngx_chat_conversation_rows(ngx_chat_json_out_t *o,
    ngx_array_t *rows, ngx_uint_t limit);
static ngx_int_t ngx_chat_conversation_load(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_conversation_t *c);
static ngx_int_t ngx_chat_conversation_enter(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_operator_t *op, ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx);
static ngx_int_t ngx_chat_conversation_finish(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_int_t rc, ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx);
static ngx_int_t ngx_chat_conversation_answer(ngx_chat_job_t *job,
    ngx_chat_conversation_t *c);
static ngx_int_t ngx_chat_conversation_known(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_operator_t *op, ngx_chat_event_t *event);


ngx_int_t
ngx_chat_conversation_list(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_conversation_args_t *a = job->args;

    int64_t                         cursor;
    ngx_array_t                     rows;
    ngx_chat_json_out_t            *o;
    ngx_chat_conversation_query_t   query;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL
        || ngx_array_init(&rows, job->pool, a->limit + 1,
                          sizeof(ngx_chat_conversation_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    query.states = a->states;
    query.operator = a->mine ? a->operator : 0;
    query.before = a->before;
    query.limit = a->limit;

    if (ngx_chat_db_snapshot(db) != NGX_OK
        || ngx_chat_db_conversations(db, job->pool, &query, &rows) != NGX_OK
        || ngx_chat_db_cursor(db, &cursor) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_conversation_rows(o, &rows, a->limit);
    ngx_chat_json_int(o, "cursor", cursor);
    ngx_chat_json_bool(o, "more", rows.nelts > a->limit);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_conversation_get(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_int_t                rc;
    ngx_chat_conversation_t  c;

    rc = ngx_chat_conversation_load(job, db, &c);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_chat_conversation_answer(job, &c);
}


ngx_int_t
ngx_chat_conversation_earlier(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_conversation_args_t *a = job->args;

    ngx_int_t                 rc;
    ngx_array_t               rows;
    ngx_chat_json_out_t      *o;
    ngx_chat_conversation_t   c;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL
        || ngx_array_init(&rows, job->pool, 4,
                          sizeof(ngx_chat_conversation_t))
           != NGX_OK
        || ngx_chat_db_snapshot(db) != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_chat_conversation_load(job, db, &c);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_chat_db_conversations_earlier(db, job->pool, &c, a->limit, &rows)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_conversation_rows(o, &rows, a->limit);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


static void
ngx_chat_conversation_rows(ngx_chat_json_out_t *o, ngx_array_t *rows,
    ngx_uint_t limit)
{
    ngx_uint_t                i;
    ngx_chat_conversation_t  *c;

    c = rows->elts;

    ngx_chat_json_open_array(o, "conversations");

    for (i = 0; i < rows->nelts && i < limit; i++) {
        ngx_chat_conversation_json(o, NULL, &c[i]);
    }

    ngx_chat_json_close_array(o);
}


ngx_int_t
ngx_chat_conversation_history(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_conversation_args_t *a = job->args;

    ngx_int_t                 rc;
    ngx_array_t               rows;
    ngx_chat_json_out_t      *o;
    ngx_chat_event_query_t    query;
    ngx_chat_conversation_t   c;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL
        || ngx_array_init(&rows, job->pool, a->limit + 1,
                          sizeof(ngx_chat_event_t))
           != NGX_OK
        || ngx_chat_db_snapshot(db) != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_chat_conversation_load(job, db, &c);

    if (rc != NGX_OK) {
        return rc;
    }

    ngx_memzero(&query, sizeof(ngx_chat_event_query_t));

    query.conversation = c.id;
    query.before = a->before;
    query.audience = NGX_CHAT_TO_OPERATORS;
    query.limit = a->limit;
    query.newest_first = 1;

    ngx_chat_json_open(o, NULL);

    if (ngx_chat_db_events(db, job->pool, &query, &rows) != NGX_OK
        || ngx_chat_command_page(job, o, &rows, a->limit) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_conversation_typing(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_conversation_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_operator_t      op;
    ngx_chat_conversation_t  c;

    if (ngx_chat_db_snapshot(db) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_chat_command_operator(job, db, a->operator, NGX_CHAT_ROLE_AGENT,
                                   &op);

    if (rc == NGX_OK) {
        rc = ngx_chat_conversation_load(job, db, &c);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    a->topic = c.topic;
    a->name = op.name;
    a->state = c.state;

    job->result = NGX_CHAT_RESULT_EMPTY;

    return NGX_OK;
}


ngx_int_t
ngx_chat_conversation_assign(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_conversation_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_effects_t       fx;
    ngx_chat_operator_t      op;
    ngx_chat_conversation_t  c;

    rc = ngx_chat_conversation_enter(job, db, &op, &c, &fx);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_chat_conversation_take(&c, &op, a->force, &fx);

    return ngx_chat_conversation_finish(job, db, rc, &c, &fx);
}


ngx_int_t
ngx_chat_conversation_end(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_int_t                rc;
    ngx_chat_effects_t       fx;
    ngx_chat_operator_t      op;
    ngx_chat_conversation_t  c;

    rc = ngx_chat_conversation_enter(job, db, &op, &c, &fx);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_chat_conversation_close(&c, &op, &fx);

    return ngx_chat_conversation_finish(job, db, rc, &c, &fx);
}


ngx_int_t
ngx_chat_conversation_mark(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_conversation_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_effects_t       fx;
    ngx_chat_operator_t      op;
    ngx_chat_conversation_t  c;

    rc = ngx_chat_conversation_enter(job, db, &op, &c, &fx);

    if (rc != NGX_OK) {
        return rc;
    }

    job->result = NGX_CHAT_RESULT_EMPTY;

    if (ngx_chat_conversation_read(&c, &op, a->up_to, &fx) != NGX_OK) {
        return NGX_ERROR;
    }

    if (fx.events.nelts == 0) {
        return NGX_OK;
    }

    if (ngx_chat_db_unread(db, c.id, NGX_CHAT_AUTHOR_VISITOR, c.operator_read,
                           &c.operator_unread)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_command_apply(db, &c, &fx);
}


ngx_int_t
ngx_chat_conversation_send(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_conversation_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_event_t         event;
    ngx_chat_effects_t       fx;
    ngx_chat_operator_t      op;
    ngx_chat_conversation_t  c;

    rc = ngx_chat_conversation_enter(job, db, &op, &c, &fx);

    if (rc != NGX_OK) {
        return rc;
    }

    /* what was said once stays said, whatever became of the conversation */

    rc = ngx_chat_conversation_known(job, db, &op, &event);

    if (rc == NGX_OK) {
        return ngx_chat_command_sent(job, db, &event, &c,
                                     ngx_chat_conversation_json,
                                     ngx_chat_command_repeated(job, &event,
                                                               fx.now));
    }

    if (rc != NGX_DONE) {
        return rc;
    }

    rc = ngx_chat_conversation_reply(&c, &op, &a->client_id, &a->text, &fx);

    if (rc != NGX_OK) {
        return ngx_chat_command_refuse(job, rc);
    }

    if (ngx_chat_command_apply(db, &c, &fx) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_chat_command_sent(job, db, ngx_chat_command_message(&fx), &c,
                                 ngx_chat_conversation_json,
                                 NGX_CHAT_RESULT_CREATED);
}


/* NGX_OK: this was sent before; NGX_DONE: it was not */

static ngx_int_t
ngx_chat_conversation_known(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_operator_t *op, ngx_chat_event_t *event)
{
    ngx_chat_conversation_args_t *a = job->args;

    ngx_int_t  rc;

    rc = ngx_chat_db_event_by_client_id(db, job->pool,
                                        NGX_CHAT_AUTHOR_OPERATOR, op->id,
                                        &a->client_id, event);

    if (rc == NGX_OK && event->conversation != a->id) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_CLIENT_ID);
    }

    return rc == NGX_DECLINED ? NGX_DONE : rc;
}


static ngx_int_t
ngx_chat_conversation_load(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_conversation_t *c)
{
    ngx_chat_conversation_args_t *a = job->args;

    ngx_int_t  rc;

    rc = ngx_chat_db_conversation(db, job->pool, a->id, c);

    /* a blocked visitor's is nobody else's */

    if (rc == NGX_OK && c->ghost) {
        rc = NGX_DECLINED;
    }

    if (rc != NGX_OK) {
        return ngx_chat_command_missing(job, rc, NGX_CHAT_RESULT_NOT_FOUND);
    }

    return NGX_OK;
}


/* what every writing command needs: who, what, and room for the effects */

static ngx_int_t
ngx_chat_conversation_enter(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_operator_t *op, ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx)
{
    ngx_chat_conversation_args_t *a = job->args;

    ngx_int_t  rc;

    if (ngx_chat_effects_init(fx, job->pool, a->now) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_chat_command_operator(job, db, a->operator, NGX_CHAT_ROLE_AGENT,
                                   op);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_chat_conversation_load(job, db, c);
}


static ngx_int_t
ngx_chat_conversation_finish(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_int_t rc, ngx_chat_conversation_t *c, ngx_chat_effects_t *fx)
{
    if (rc != NGX_OK) {
        return ngx_chat_command_refuse(job, rc);
    }

    if (ngx_chat_command_apply(db, c, fx) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_chat_conversation_answer(job, c);
}


static ngx_int_t
ngx_chat_conversation_answer(ngx_chat_job_t *job, ngx_chat_conversation_t *c)
{
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_conversation_json(o, "conversation", c);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}
