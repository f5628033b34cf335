
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Catching up: events.h.  Reader threads, inside a job.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/events.h"


static ngx_int_t ngx_chat_events_render(ngx_chat_job_t *job,
    ngx_array_t *rows);


ngx_int_t
ngx_chat_events_after(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_events_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_array_t              rows;
    ngx_chat_visitor_t       visitor;
    ngx_chat_event_query_t   query;

    ngx_memzero(&query, sizeof(ngx_chat_event_query_t));

    query.after = a->after;
    query.limit = NGX_CHAT_EVENTS_PAGE;
    query.audience = a->uid.len ? NGX_CHAT_TO_VISITOR : NGX_CHAT_TO_OPERATORS;

    if (ngx_array_init(&rows, job->pool, 4, sizeof(ngx_chat_event_t))
        != NGX_OK
        || ngx_chat_db_snapshot(db) != NGX_OK
        || ngx_chat_db_cursor(db, &a->cursor) != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = NGX_OK;

    if (a->uid.len) {
        rc = ngx_chat_db_visitor_by_uid(db, job->pool, &a->uid, &visitor);

        if (rc == NGX_OK) {
            query.visitor = visitor.id;
        }
    }

    /* a visitor who never wrote has no events */

    if (rc == NGX_OK) {
        rc = ngx_chat_db_events(db, job->pool, &query, &rows);
    }

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    return ngx_chat_events_render(job, &rows);
}


static ngx_int_t
ngx_chat_events_render(ngx_chat_job_t *job, ngx_array_t *rows)
{
    ngx_chat_events_args_t *a = job->args;

    size_t              bytes;
    ngx_uint_t          i, n;
    ngx_chat_event_t   *events;
    ngx_chat_record_t  *record;

    events = rows->elts;
    n = ngx_min(rows->nelts, NGX_CHAT_EVENTS_PAGE);

    if (ngx_array_init(&a->records, job->pool, n + 1,
                       sizeof(ngx_chat_record_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    bytes = 0;

    for (i = 0; i < n && bytes < NGX_CHAT_PAGE_BYTES; i++) {

        record = ngx_array_push(&a->records);
        if (record == NULL
            || ngx_chat_event_render(&events[i], job->pool, record) != NGX_OK)
        {
            return NGX_ERROR;
        }

        bytes += record->body.len;
    }

    a->more = rows->nelts > i;

    if (a->more) {
        a->cursor = events[i - 1].id;
    }

    job->result = NGX_CHAT_RESULT_OK;

    return NGX_OK;
}
