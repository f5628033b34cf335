
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What all commands share: command.h.  Store threads, inside a job.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"


static ngx_int_t ngx_chat_command_event(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_json_out_t *o, ngx_chat_event_t *event);


static struct {
    ngx_int_t            refusal;
    ngx_chat_result_e    result;
} ngx_chat_command_refusals[] = {
    { NGX_CHAT_REFUSED_CLOSED, NGX_CHAT_RESULT_CLOSED },
    { NGX_CHAT_REFUSED_TAKEN, NGX_CHAT_RESULT_TAKEN },
    { NGX_CHAT_REFUSED_ROLE, NGX_CHAT_RESULT_ROLE },
    { 0, NGX_CHAT_RESULT_OK }
};


ngx_int_t
ngx_chat_command_apply(ngx_chat_db_t *db, ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx)
{
    ngx_uint_t         i, moved, ghost;
    ngx_chat_event_t  *events;

    events = fx->events.elts;
    moved = 0;
    ghost = c->ghost_event != 0;

    for (i = 0; i < fx->events.nelts; i++) {

        moved |= ngx_chat_conversation_moves(&events[i]);

        /* a conversation that is new has its id only now */

        events[i].conversation = c->id;

        if (ngx_chat_db_event_add(db, &events[i]) != NGX_OK) {
            return NGX_ERROR;
        }

        if (events[i].id) {
            ngx_chat_conversation_applied(c, &events[i]);
        }

        ghost |= events[i].ghost;
    }

    if (fx->events.nelts == 0) {
        return NGX_OK;
    }

    /* it was read in this transaction: it must be there */

    if (moved && ngx_chat_db_conversation_move(db, c) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ghost && ngx_chat_db_conversation_ghost(db, c) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_chat_db_conversation_update(db, c) == NGX_OK ? NGX_OK
                                                            : NGX_ERROR;
}


ngx_int_t
ngx_chat_command_refuse(ngx_chat_job_t *job, ngx_int_t refusal)
{
    ngx_uint_t  i;

    for (i = 0; ngx_chat_command_refusals[i].refusal; i++) {
        if (ngx_chat_command_refusals[i].refusal == refusal) {
            return ngx_chat_command_decline(job,
                                          ngx_chat_command_refusals[i].result);
        }
    }

    return NGX_ERROR;
}


ngx_int_t
ngx_chat_command_decline(ngx_chat_job_t *job, ngx_chat_result_e result)
{
    job->result = result;

    return NGX_DECLINED;
}


ngx_int_t
ngx_chat_command_missing(ngx_chat_job_t *job, ngx_int_t rc,
    ngx_chat_result_e result)
{
    if (rc != NGX_DECLINED) {
        return NGX_ERROR;
    }

    return ngx_chat_command_decline(job, result);
}


ngx_int_t
ngx_chat_command_operator(ngx_chat_job_t *job, ngx_chat_db_t *db, int64_t id,
    ngx_chat_role_e role, ngx_chat_operator_t *op)
{
    ngx_int_t  rc;

    rc = ngx_chat_db_operator(db, job->pool, id, op);

    if (rc != NGX_OK) {
        return ngx_chat_command_missing(job, rc, NGX_CHAT_RESULT_CREDENTIALS);
    }

    if (op->disabled) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_CREDENTIALS);
    }

    if (op->role < role) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_ROLE);
    }

    return NGX_OK;
}


ngx_int_t
ngx_chat_command_answer(ngx_chat_job_t *job, ngx_chat_json_out_t *o,
    ngx_chat_result_e result)
{
    job->result = result;

    return ngx_chat_json_end(o, &job->body);
}


ngx_int_t
ngx_chat_command_page(ngx_chat_job_t *job, ngx_chat_json_out_t *o,
    ngx_array_t *rows, ngx_uint_t limit)
{
    size_t              bytes;
    ngx_uint_t          i, n;
    ngx_chat_event_t   *events;
    ngx_chat_record_t   record;

    events = rows->elts;
    limit = ngx_min(limit, rows->nelts);
    bytes = 0;

    for (n = 0; n < limit && bytes < NGX_CHAT_PAGE_BYTES; n++) {
        bytes += events[n].text.len;
    }

    ngx_chat_json_open_array(o, "events");

    for (i = n; i > 0; i--) {

        if (ngx_chat_event_render(&events[i - 1], job->pool, &record)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        ngx_chat_json_raw(o, NULL, &record.body);
    }

    ngx_chat_json_close_array(o);
    ngx_chat_json_bool(o, "more", rows->nelts > n);

    return NGX_OK;
}


ngx_int_t
ngx_chat_command_sent(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_event_t *event, ngx_chat_conversation_t *c,
    ngx_chat_conversation_json_pt render, ngx_chat_result_e result)
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

    render(o, "conversation", c);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, result);
}


/* what was published of it already need not be rendered again */

static ngx_int_t
ngx_chat_command_event(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_str_t          body;
    ngx_chat_record_t  record;

    if (ngx_chat_db_event_body(db, event->id, &body) != NGX_OK) {

        if (ngx_chat_event_render(event, job->pool, &record) != NGX_OK) {
            return NGX_ERROR;
        }

        body = record.body;
    }

    ngx_chat_json_raw(o, "event", &body);

    return NGX_OK;
}


ngx_chat_result_e
ngx_chat_command_repeated(ngx_chat_job_t *job, ngx_chat_event_t *event,
    int64_t now)
{
    return job->again && event->at == now ? NGX_CHAT_RESULT_CREATED
                                          : NGX_CHAT_RESULT_OK;
}


ngx_chat_event_t *
ngx_chat_command_message(ngx_chat_effects_t *fx)
{
    ngx_uint_t         i;
    ngx_chat_event_t  *events;

    events = fx->events.elts;

    for (i = fx->events.nelts; i > 0; i--) {
        if (events[i - 1].type == NGX_CHAT_EVENT_MESSAGE) {
            return &events[i - 1];
        }
    }

    return NULL;
}
