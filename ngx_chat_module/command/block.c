
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Blocking and lifting: block.h.  Store threads, inside a job.  The zone has
 * the change before the lock is free again, and workers are told to look at
 * those who wait (BLOCKED).
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/block.h"


static ngx_int_t ngx_chat_block_pattern(ngx_chat_job_t *job,
    ngx_str_t *pattern);
static ngx_int_t ngx_chat_block_of_visitor(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_block_t *block);
static ngx_int_t ngx_chat_block_replace(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_block_t *block);
static ngx_int_t ngx_chat_block_end(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_block_t *block);
static ngx_int_t ngx_chat_block_tell(ngx_chat_db_t *db,
    ngx_chat_block_t *block, int64_t now);
static ngx_int_t ngx_chat_block_answer(ngx_chat_job_t *job,
    ngx_chat_db_t *db, int64_t id, ngx_chat_result_e result);


ngx_int_t
ngx_chat_block_list(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_block_args_t *a = job->args;

    ngx_uint_t               i;
    ngx_array_t              rows;
    ngx_chat_block_t        *blocks;
    ngx_chat_json_out_t     *o;
    ngx_chat_block_query_t   query;

    query.which = a->which;
    query.visitor = a->visitor;
    query.before = a->before;
    query.now = a->now;
    query.limit = a->limit;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL
        || ngx_array_init(&rows, job->pool, a->limit + 1,
                          sizeof(ngx_chat_block_t))
           != NGX_OK
        || ngx_chat_block_pattern(job, &query.search) != NGX_OK
        || ngx_chat_db_blocks(db, job->pool, &query, &rows) != NGX_OK)
    {
        return NGX_ERROR;
    }

    blocks = rows.elts;

    ngx_chat_json_open(o, NULL);
    ngx_chat_json_open_array(o, "blocks");

    for (i = 0; i < rows.nelts && i < a->limit; i++) {
        ngx_chat_block_json(o, NULL, &blocks[i],
                            ngx_chat_blocks_count(a->blocks, &blocks[i].key,
                                                  blocks[i].id),
                            a->now);
    }

    ngx_chat_json_close_array(o);
    ngx_chat_json_int(o, "room", (int64_t) ngx_chat_blocks_room(a->blocks));
    ngx_chat_json_bool(o, "more", rows.nelts > a->limit);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


/* what LIKE takes for more than itself is escaped */

static ngx_int_t
ngx_chat_block_pattern(ngx_chat_job_t *job, ngx_str_t *pattern)
{
    ngx_chat_block_args_t *a = job->args;

    u_char      *p;
    ngx_uint_t   i;

    ngx_str_null(pattern);

    if (a->search.len == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(job->pool, 2 * a->search.len + 2);
    if (p == NULL) {
        return NGX_ERROR;
    }

    pattern->data = p;
    *p++ = '%';

    for (i = 0; i < a->search.len; i++) {

        if (ngx_strchr("%_!", a->search.data[i])) {
            *p++ = '!';
        }

        *p++ = a->search.data[i];
    }

    *p++ = '%';
    pattern->len = p - pattern->data;

    return NGX_OK;
}


ngx_int_t
ngx_chat_block_add(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_block_args_t *a = job->args;

    ngx_int_t            rc;
    ngx_chat_block_t     block;
    ngx_chat_operator_t  op;

    ngx_memzero(&block, sizeof(ngx_chat_block_t));

    block.kind = a->network ? NGX_CHAT_BLOCK_NETWORK : NGX_CHAT_BLOCK_VISITOR;
    block.mode = (ngx_chat_block_mode_e) a->mode;
    block.key = a->key;
    block.reason = a->reason;
    block.author = a->operator;
    block.created_at = a->now;
    block.expires_at = a->expires_in ? a->now + a->expires_in * 1000 : 0;

    rc = ngx_chat_command_operator(job, db, a->operator, NGX_CHAT_ROLE_AGENT,
                                   &op);

    if (rc == NGX_OK && !ngx_chat_block_allowed(op.role, block.kind)) {
        rc = ngx_chat_command_decline(job, NGX_CHAT_RESULT_ROLE);
    }

    if (rc == NGX_OK && a->conversation) {
        rc = ngx_chat_block_of_visitor(job, db, &block);
    }

    if (rc == NGX_OK) {
        rc = ngx_chat_block_replace(job, db, &block);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_chat_db_block_add(db, &block) != NGX_OK
        || ngx_chat_block_tell(db, &block, a->now) != NGX_OK
        || ngx_chat_db_audit(db, a->now, op.id, "block.add", block.id, NULL)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_block_answer(job, db, block.id, NGX_CHAT_RESULT_CREATED);
}


static ngx_int_t
ngx_chat_block_of_visitor(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_block_t *block)
{
    ngx_chat_block_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_visitor_t       visitor;
    ngx_chat_conversation_t  c;

    rc = ngx_chat_db_conversation(db, job->pool, a->conversation, &c);

    if (rc == NGX_OK && c.ghost) {
        rc = NGX_DECLINED;
    }

    if (rc == NGX_OK) {
        rc = ngx_chat_db_visitor(db, job->pool, c.visitor, &visitor);
    }

    if (rc != NGX_OK) {
        return ngx_chat_command_missing(job, rc, NGX_CHAT_RESULT_NOT_FOUND);
    }

    block->visitor = visitor.id;
    block->topic = visitor.topic;
    block->conversation = c.id;

    ngx_chat_block_key_bytes(&block->key, visitor.uid.data,
                             NGX_CHAT_BLOCK_WHOLE);

    return NGX_OK;
}


/* the one that there is ends, or there must be room for one more */

static ngx_int_t
ngx_chat_block_replace(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_block_t *block)
{
    ngx_chat_block_args_t *a = job->args;

    ngx_int_t         rc;
    ngx_chat_block_t  old;

    rc = ngx_chat_db_block_by_key(db, job->pool, &block->key, &old);

    if (rc == NGX_OK) {
        return ngx_chat_block_end(job, db, &old);
    }

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_chat_blocks_room_at(a->blocks, a->now)
        <= ngx_chat_db_blocks_added(db))
    {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_BLOCKS_FULL);
    }

    return NGX_OK;
}


ngx_int_t
ngx_chat_block_lift(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_block_args_t *a = job->args;

    ngx_int_t            rc;
    ngx_chat_block_t     block;
    ngx_chat_operator_t  op;

    rc = ngx_chat_command_operator(job, db, a->operator, NGX_CHAT_ROLE_AGENT,
                                   &op);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_chat_db_block(db, job->pool, a->id, &block);

    if (rc != NGX_OK) {
        return ngx_chat_command_missing(job, rc, NGX_CHAT_RESULT_NOT_FOUND);
    }

    if (!ngx_chat_block_allowed(op.role, block.kind)) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_ROLE);
    }

    if (block.lifted_at == 0
        && (ngx_chat_block_end(job, db, &block) != NGX_OK
            || ngx_chat_db_audit(db, a->now, op.id, "block.lift", block.id,
                                 NULL)
               != NGX_OK))
    {
        return NGX_ERROR;
    }

    return ngx_chat_block_answer(job, db, block.id, NGX_CHAT_RESULT_OK);
}


static ngx_int_t
ngx_chat_block_end(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_block_t *block)
{
    ngx_chat_block_args_t *a = job->args;

    block->lifted_at = a->now;
    block->lifted_by = a->operator;

    return ngx_chat_db_block_lift(db, block) == NGX_OK ? NGX_OK : NGX_ERROR;
}


/* who waits: a visitor is found by topic, of a network it may be anybody */

static ngx_int_t
ngx_chat_block_tell(ngx_chat_db_t *db, ngx_chat_block_t *block, int64_t now)
{
    ngx_chat_event_t  event;

    ngx_memzero(&event, sizeof(ngx_chat_event_t));

    event.type = NGX_CHAT_EVENT_BLOCKED;
    event.at = now;
    event.author = NGX_CHAT_AUTHOR_SYSTEM;
    event.value = (int64_t) block->topic;

    return ngx_chat_db_event_add(db, &event);
}


static ngx_int_t
ngx_chat_block_answer(ngx_chat_job_t *job, ngx_chat_db_t *db, int64_t id,
    ngx_chat_result_e result)
{
    ngx_chat_block_args_t *a = job->args;

    ngx_chat_block_t      block;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL || ngx_chat_db_block(db, job->pool, id, &block) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_block_json(o, "block", &block,
                        ngx_chat_blocks_count(a->blocks, &block.key,
                                              block.id),
                        a->now);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, result);
}
