
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Store threads, inside a job: trigger.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/trigger.h"


static ngx_int_t ngx_chat_trigger_get(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_trigger_t *trigger);
static ngx_int_t ngx_chat_trigger_all(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_array_t *rows);
static ngx_int_t ngx_chat_trigger_answer_with(ngx_chat_job_t *job,
    ngx_chat_db_t *db, int64_t id, ngx_chat_result_e result);
static ngx_int_t ngx_chat_trigger_render(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_json_out_t *o, const char *name,
    ngx_chat_trigger_t *trigger);
static ngx_int_t ngx_chat_trigger_audit(ngx_chat_job_t *job,
    ngx_chat_db_t *db, const char *action, int64_t id);


ngx_int_t
ngx_chat_trigger_list(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_uint_t            i;
    ngx_array_t           rows;
    ngx_chat_trigger_t   *trigger;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);

    if (o == NULL || ngx_chat_trigger_all(job, db, &rows) != NGX_OK) {
        return NGX_ERROR;
    }

    trigger = rows.elts;

    ngx_chat_json_open(o, NULL);
    ngx_chat_json_open_array(o, "triggers");

    for (i = 0; i < rows.nelts; i++) {
        if (ngx_chat_trigger_render(job, db, o, NULL, &trigger[i]) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ngx_chat_json_close_array(o);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


static ngx_int_t
ngx_chat_trigger_all(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_array_t *rows)
{
    return ngx_array_init(rows, job->pool, 8, sizeof(ngx_chat_trigger_t))
           == NGX_OK
           ? ngx_chat_db_triggers(db, job->pool, 0, rows) : NGX_ERROR;
}


ngx_int_t
ngx_chat_trigger_add(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_trigger_args_t *a = job->args;

    ngx_int_t            rc;
    ngx_array_t          rows;
    ngx_chat_operator_t  op;

    rc = ngx_chat_command_operator(job, db, a->operator, NGX_CHAT_ROLE_ADMIN,
                                   &op);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_chat_trigger_all(job, db, &rows) != NGX_OK) {
        return NGX_ERROR;
    }

    if (rows.nelts >= NGX_CHAT_TRIGGERS_MAX) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_TRIGGERS_FULL);
    }

    a->trigger.created_at = a->now;

    if (ngx_chat_db_trigger_add(db, job->pool, &a->trigger) != NGX_OK
        || ngx_chat_trigger_audit(job, db, "trigger.add", a->trigger.id)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_trigger_answer_with(job, db, a->trigger.id,
                                        NGX_CHAT_RESULT_CREATED);
}


ngx_int_t
ngx_chat_trigger_update(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_trigger_args_t *a = job->args;

    ngx_int_t           rc;
    ngx_chat_trigger_t  old;

    rc = ngx_chat_trigger_get(job, db, &old);

    if (rc == NGX_OK && old.deleted_at) {
        rc = ngx_chat_command_decline(job, NGX_CHAT_RESULT_NOT_FOUND);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    a->trigger.id = a->id;
    a->trigger.updated_at = a->now;

    if (ngx_chat_db_trigger_update(db, job->pool, &a->trigger) != NGX_OK
        || ngx_chat_trigger_audit(job, db, "trigger.update", a->id) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_trigger_answer_with(job, db, a->id, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_trigger_state(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_trigger_args_t *a = job->args;

    ngx_int_t           rc;
    ngx_chat_trigger_t  trigger;

    rc = ngx_chat_trigger_get(job, db, &trigger);

    if (rc != NGX_OK) {
        return rc;
    }

    if (a->enabled) {
        trigger.enabled = a->enabled == NGX_CHAT_TRUE;
    }

    if (a->position) {
        trigger.position = a->position;
    }

    if (a->deleted) {
        trigger.deleted_at = a->deleted == NGX_CHAT_TRUE ? a->now : 0;
    }

    trigger.updated_at = a->now;

    if (ngx_chat_db_trigger_state(db, &trigger) != NGX_OK
        || ngx_chat_trigger_audit(job, db, "trigger.state", a->id) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_trigger_answer_with(job, db, a->id, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_trigger_delete(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_trigger_args_t *a = job->args;

    ngx_int_t  rc;

    a->deleted = NGX_CHAT_TRUE;

    rc = ngx_chat_trigger_state(job, db);

    if (rc == NGX_OK) {
        job->result = NGX_CHAT_RESULT_EMPTY;
    }

    return rc;
}


/* who asks, and the rule in question */

static ngx_int_t
ngx_chat_trigger_get(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_trigger_t *trigger)
{
    ngx_chat_trigger_args_t *a = job->args;

    ngx_int_t            rc;
    ngx_chat_operator_t  op;

    rc = ngx_chat_command_operator(job, db, a->operator, NGX_CHAT_ROLE_ADMIN,
                                   &op);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_chat_db_trigger(db, job->pool, a->id, trigger);

    return rc == NGX_OK
           ? NGX_OK
           : ngx_chat_command_missing(job, rc, NGX_CHAT_RESULT_NOT_FOUND);
}


static ngx_int_t
ngx_chat_trigger_audit(ngx_chat_job_t *job, ngx_chat_db_t *db,
    const char *action, int64_t id)
{
    ngx_chat_trigger_args_t *a = job->args;

    return ngx_chat_db_audit(db, a->now, a->operator, action, id, NULL);
}


static ngx_int_t
ngx_chat_trigger_answer_with(ngx_chat_job_t *job, ngx_chat_db_t *db,
    int64_t id, ngx_chat_result_e result)
{
    ngx_chat_trigger_t    trigger;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);

    if (o == NULL
        || ngx_chat_db_trigger(db, job->pool, id, &trigger) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);

    if (ngx_chat_trigger_render(job, db, o, "trigger", &trigger) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, result);
}


/* with what its orders came to */

static ngx_int_t
ngx_chat_trigger_render(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_json_out_t *o, const char *name, ngx_chat_trigger_t *trigger)
{
    ngx_array_t  sales;

    if (ngx_array_init(&sales, job->pool, 2, sizeof(ngx_chat_sale_t))
        != NGX_OK
        || ngx_chat_db_sales(db, job->pool, trigger->id, &sales) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_trigger_json(o, name, trigger, &sales);

    return NGX_OK;
}
