
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a visitor does: visitor.h; messages are in message.c.  Store threads,
 * inside a job.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/brand.h"
#include "command/form.h"
#include "command/visitor.h"


#define NGX_CHAT_VISITOR_PAGE  50       /* events in the first answer */


static ngx_int_t ngx_chat_visitor_welcome(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_visitor_t *visitor, ngx_chat_json_out_t *o);
static ngx_int_t ngx_chat_visitor_events(ngx_chat_job_t *job,
    ngx_chat_db_t *db, int64_t visitor, int64_t before, ngx_uint_t limit,
    ngx_chat_json_out_t *o);
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

    if (ngx_chat_brand_welcome(job, db, locale, o) != NGX_OK
        || ngx_chat_form_welcome(job, db, visitor, locale, o) != NGX_OK)
    {
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


/*
 * Looked up again here, after all blocks that were committed before this:
 * the event loop did so before the queue.
 */

ngx_int_t
ngx_chat_visitor_enter(ngx_chat_job_t *job)
{
    ngx_chat_visitor_args_t *a = job->args;

    a->hit.mode = NGX_CHAT_BLOCK_NONE;

    if (a->blocks) {
        (void) ngx_chat_blocks_find(a->blocks, &a->who,
                                    a->where.length ? &a->where : NULL, a->now,
                                    &a->hit);
    }

    if (a->hidden && a->hit.mode == NGX_CHAT_BLOCK_NONE) {
        a->hit.mode = NGX_CHAT_BLOCK_GHOST;
    }

    return a->hit.mode <= NGX_CHAT_BLOCK_GHOST
           ? NGX_OK : ngx_chat_command_decline(job, NGX_CHAT_RESULT_BLOCKED);
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
