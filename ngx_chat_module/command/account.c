
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Accounts: list, create, change, disable, passwords, status.  operator.h.
 * Store threads, inside a job.
 *
 * Workers cache sessions together with the account.  A change of an account
 * tells them to look again (REVOKED), which also ends its streams.  A change
 * of the status does not: all workers have it from the shared zone.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/account.h"


#define NGX_CHAT_ACCOUNT_RELEASE  100   /* conversations at a time */


static ngx_int_t ngx_chat_account_change(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_operator_t *op);
static ngx_int_t ngx_chat_account_audit(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_operator_t *was, ngx_chat_operator_t *op);
static ngx_int_t ngx_chat_account_last_admin(ngx_chat_db_t *db,
    ngx_chat_operator_t *op, ngx_uint_t *last);
static ngx_int_t ngx_chat_account_disable(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_operator_t *op);
static ngx_int_t ngx_chat_account_release(ngx_chat_job_t *job,
    ngx_chat_db_t *db, int64_t operator);


ngx_int_t
ngx_chat_operator_status(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_int_t            rc;
    ngx_chat_operator_t  op;

    rc = ngx_chat_command_operator(job, db, a->operator, NGX_CHAT_ROLE_AGENT,
                                   &op);

    if (rc != NGX_OK) {
        return rc;
    }

    if (op.status != a->status) {
        op.status = a->status;

        if (ngx_chat_db_operator_update(db, &op) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_chat_account_answer(job, &op, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_operator_list(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_uint_t            i;
    ngx_array_t           rows;
    ngx_chat_json_out_t  *o;
    ngx_chat_operator_t  *op;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL
        || ngx_array_init(&rows, job->pool, 8, sizeof(ngx_chat_operator_t))
           != NGX_OK
        || ngx_chat_db_operators(db, job->pool, a->id != -1, &rows) != NGX_OK)
    {
        return NGX_ERROR;
    }

    op = rows.elts;

    ngx_chat_json_open(o, NULL);
    ngx_chat_json_open_array(o, "operators");

    for (i = 0; i < rows.nelts; i++) {
        ngx_chat_account_json(job, o, NULL, &op[i]);
    }

    ngx_chat_json_close_array(o);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_operator_create(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_int_t            rc;
    ngx_chat_operator_t  op;

    rc = ngx_chat_command_operator(job, db, a->operator, NGX_CHAT_ROLE_ADMIN,
                                   &op);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_chat_account_add(job, db, &op);

    if (rc != NGX_OK) {
        return ngx_chat_command_missing(job, rc, NGX_CHAT_RESULT_LOGIN_TAKEN);
    }

    if (ngx_chat_db_audit(db, a->now, a->operator, "operator.create", op.id,
                          &op.login)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_account_answer(job, &op, NGX_CHAT_RESULT_CREATED);
}


ngx_int_t
ngx_chat_account_add(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_operator_t *op)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_memzero(op, sizeof(ngx_chat_operator_t));

    op->login = a->login;
    op->name = a->name;
    op->password = a->hash;
    op->role = a->role;
    op->status = NGX_CHAT_STATUS_OFFLINE;
    op->created_at = a->now;

    return ngx_chat_db_operator_add(db, op);
}


ngx_int_t
ngx_chat_operator_update(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_int_t            rc;
    ngx_chat_operator_t  admin, op;

    rc = ngx_chat_command_operator(job, db, a->operator, NGX_CHAT_ROLE_ADMIN,
                                   &admin);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_chat_db_operator(db, job->pool, a->id, &op);

    if (rc != NGX_OK) {
        return ngx_chat_command_missing(job, rc, NGX_CHAT_RESULT_NOT_FOUND);
    }

    rc = ngx_chat_account_change(job, db, &op);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_chat_account_answer(job, &op, NGX_CHAT_RESULT_OK);
}


static ngx_int_t
ngx_chat_account_change(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_operator_t *op)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_uint_t           last;
    ngx_chat_operator_t  was;

    was = *op;

    if (a->name.len) {
        op->name = a->name;
    }

    if (a->role) {
        op->role = a->role;
    }

    if (a->disabled != NGX_CHAT_ABSENT) {
        op->disabled = a->disabled == NGX_CHAT_TRUE;
    }

    if (ngx_chat_account_last_admin(db, &was, &last) != NGX_OK) {
        return NGX_ERROR;
    }

    if (last && (op->disabled || op->role < NGX_CHAT_ROLE_ADMIN)) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_LAST_ADMIN);
    }

    if (op->disabled && !was.disabled
        && ngx_chat_account_disable(job, db, op) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_chat_db_operator_update(db, op) != NGX_OK
        || ngx_chat_account_audit(job, db, &was, op) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_account_changed(db, op->id, a->now);
}


/* "role agent to admin, disabled, renamed": what of it there was */

static ngx_int_t
ngx_chat_account_audit(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_operator_t *was, ngx_chat_operator_t *op)
{
    ngx_chat_operator_args_t *a = job->args;

    u_char     *p, text[128];
    ngx_str_t   detail;

    p = text;

    if (op->role != was->role) {
        p = ngx_sprintf(p, ", role %V to %V", &ngx_chat_role_names[was->role],
                        &ngx_chat_role_names[op->role]);
    }

    if (op->disabled != was->disabled) {
        p = ngx_sprintf(p, ", %s", op->disabled ? "disabled" : "enabled");
    }

    if (op->name.len != was->name.len
        || ngx_memcmp(op->name.data, was->name.data, op->name.len) != 0)
    {
        p = ngx_sprintf(p, ", renamed");
    }

    detail.data = text + (p == text ? 0 : 2);
    detail.len = p - detail.data;

    return ngx_chat_db_audit(db, a->now, a->operator, "operator.update",
                             op->id, &detail);
}


/* whether this account is the only administrator that can log in */

static ngx_int_t
ngx_chat_account_last_admin(ngx_chat_db_t *db, ngx_chat_operator_t *op,
    ngx_uint_t *last)
{
    int64_t  n;

    *last = 0;

    if (op->disabled || op->role < NGX_CHAT_ROLE_ADMIN) {
        return NGX_OK;
    }

    if (ngx_chat_db_operator_count(db, NGX_CHAT_ROLE_ADMIN, &n) != NGX_OK) {
        return NGX_ERROR;
    }

    *last = n <= 1;

    return NGX_OK;
}


static ngx_int_t
ngx_chat_account_disable(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_operator_t *op)
{
    op->status = NGX_CHAT_STATUS_OFFLINE;

    if (ngx_chat_db_sessions_delete(db, op->id, NULL) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_chat_account_release(job, db, op->id);
}


/* all that the operator has goes back to the queue */

static ngx_int_t
ngx_chat_account_release(ngx_chat_job_t *job, ngx_chat_db_t *db,
    int64_t operator)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_uint_t                      i, n;
    ngx_array_t                     rows;
    ngx_chat_effects_t              fx;
    ngx_chat_conversation_t        *c;
    ngx_chat_conversation_query_t   query;

    query.states = 1 << NGX_CHAT_CONVERSATION_ACTIVE;
    query.operator = operator;
    query.before = 0;
    query.limit = NGX_CHAT_ACCOUNT_RELEASE - 1;

    /* those that were released are not in the next page */

    do {
        if (ngx_array_init(&rows, job->pool, NGX_CHAT_ACCOUNT_RELEASE,
                           sizeof(ngx_chat_conversation_t))
            != NGX_OK
            || ngx_chat_db_conversations(db, job->pool, &query, &rows)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        c = rows.elts;
        n = rows.nelts;

        for (i = 0; i < n; i++) {

            if (ngx_chat_effects_init(&fx, job->pool, a->now) != NGX_OK
                || ngx_chat_conversation_release(&c[i], &fx) != NGX_OK
                || ngx_chat_command_apply(db, &c[i], &fx) != NGX_OK)
            {
                return NGX_ERROR;
            }
        }

    } while (n == NGX_CHAT_ACCOUNT_RELEASE);

    return NGX_OK;
}


ngx_int_t
ngx_chat_operator_password(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_int_t            rc;
    ngx_uint_t           own;
    ngx_chat_operator_t  asks, op;

    own = a->id == a->operator;

    rc = ngx_chat_command_operator(job, db, a->operator,
                                   own ? NGX_CHAT_ROLE_AGENT
                                       : NGX_CHAT_ROLE_ADMIN,
                                   &asks);

    if (rc == NGX_OK && own) {
        rc = a->found.id == asks.id
             ? ngx_chat_account_verified(job, &asks)
             : ngx_chat_command_decline(job, NGX_CHAT_RESULT_CREDENTIALS);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_chat_db_operator(db, job->pool, a->id, &op);

    if (rc != NGX_OK) {
        return ngx_chat_command_missing(job, rc, NGX_CHAT_RESULT_NOT_FOUND);
    }

    op.password = a->hash;

    if (ngx_chat_db_operator_update(db, &op) != NGX_OK
        || ngx_chat_db_sessions_delete(db, op.id, own ? &a->session : NULL)
           != NGX_OK
        || ngx_chat_db_audit(db, a->now, a->operator, "operator.password",
                             op.id, NULL)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    job->result = NGX_CHAT_RESULT_EMPTY;

    return ngx_chat_account_changed(db, op.id, a->now);
}


ngx_int_t
ngx_chat_account_verified(ngx_chat_job_t *job, ngx_chat_operator_t *op)
{
    ngx_chat_operator_args_t *a = job->args;

    if (a->found.id != op->id || a->found.password.len == 0
        || ngx_chat_auth_equal(&a->found.password, &op->password))
    {
        return NGX_OK;
    }

    return ngx_chat_command_decline(job, NGX_CHAT_RESULT_CREDENTIALS);
}


ngx_int_t
ngx_chat_account_changed(ngx_chat_db_t *db, int64_t operator, int64_t now)
{
    ngx_chat_event_t  event;

    ngx_memzero(&event, sizeof(ngx_chat_event_t));

    event.type = NGX_CHAT_EVENT_REVOKED;
    event.at = now;
    event.author = NGX_CHAT_AUTHOR_SYSTEM;
    event.value = operator;

    return ngx_chat_db_event_add(db, &event);
}


void
ngx_chat_account_json(ngx_chat_job_t *job, ngx_chat_json_out_t *o,
    const char *name, ngx_chat_operator_t *op)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_chat_operator_json(o, name, op,
                           a->presence && !op->disabled
                           && ngx_chat_presence_with(a->presence, op->id,
                                                     op->status, a->now));
}


ngx_int_t
ngx_chat_account_answer(ngx_chat_job_t *job, ngx_chat_operator_t *op,
    ngx_chat_result_e result)
{
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_account_json(job, o, "operator", op);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, result);
}
