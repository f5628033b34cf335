
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Sessions: setting up, logging in and out, who am I.  operator.h.  Store
 * threads, inside a job.  What concerns accounts is in account.c.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/account.h"
#include "command/operator.h"


static ngx_int_t ngx_chat_operator_check(ngx_chat_job_t *job,
    ngx_chat_db_t *db);
static ngx_int_t ngx_chat_operator_replace(ngx_chat_job_t *job,
    ngx_chat_db_t *db);
static ngx_int_t ngx_chat_operator_session_answer(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_operator_t *op, ngx_chat_result_e result);


ngx_int_t
ngx_chat_operator_verify(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_int_t  rc;

    /* with nothing to check and nothing to hash nobody has proved anything */

    if (a->current.data == NULL && a->password.len == 0) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_CREDENTIALS);
    }

    if (a->current.data) {
        rc = ngx_chat_operator_check(job, db);

        ngx_chat_auth_wipe(a->current.data, a->current.len);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    job->result = NGX_CHAT_RESULT_OK;

    if (a->password.len == 0) {
        return NGX_OK;
    }

    a->hash.data = ngx_pcalloc(job->pool, NGX_CHAT_PASSWORD_HASH_LEN);
    if (a->hash.data == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_chat_auth_password_hash(&a->password, a->hash.data);

    ngx_chat_auth_wipe(a->password.data, a->password.len);

    a->hash.len = ngx_strlen(a->hash.data);

    return rc;
}


/* an account that is not there, or disabled, costs as much as one that is */

static ngx_int_t
ngx_chat_operator_check(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_int_t  rc;

    if (a->login.len) {
        rc = ngx_chat_db_operator_by_login(db, job->pool, &a->login,
                                           &a->found);

    } else {
        rc = ngx_chat_db_operator(db, job->pool, a->operator, &a->found);
    }

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        ngx_memzero(&a->found, sizeof(ngx_chat_operator_t));
    }

    rc = ngx_chat_auth_password_verify(&a->current, &a->found.password);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc != NGX_OK || a->found.id == 0 || a->found.disabled) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_CREDENTIALS);
    }

    return NGX_OK;
}


ngx_int_t
ngx_chat_operator_setup(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    int64_t              any;
    ngx_int_t            rc;
    ngx_str_t            code;
    ngx_chat_operator_t  op;

    if (ngx_chat_db_operator_any(db, &any) != NGX_OK) {
        return NGX_ERROR;
    }

    if (any) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_SET_UP);
    }

    rc = ngx_chat_db_setup_code(db, job->pool, &code);

    if (rc != NGX_OK) {
        return ngx_chat_command_missing(job, rc, NGX_CHAT_RESULT_CODE);
    }

    if (!ngx_chat_auth_equal(&a->code, &code)) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_CODE);
    }

    a->role = NGX_CHAT_ROLE_ADMIN;

    if (ngx_chat_account_add(job, db, &op) != NGX_OK
        || ngx_chat_db_audit(db, a->now, op.id, "operator.setup", op.id,
                             &op.login)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_account_answer(job, &op, NGX_CHAT_RESULT_CREATED);
}


/*
 * The account may have changed since the password was verified: disabled,
 * or with another password.
 */

ngx_int_t
ngx_chat_operator_login(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_int_t            rc;
    ngx_chat_session_t   session;
    ngx_chat_operator_t  op;

    rc = ngx_chat_command_operator(job, db, a->found.id, NGX_CHAT_ROLE_AGENT,
                                   &op);

    if (rc == NGX_OK) {
        rc = ngx_chat_account_verified(job, &op);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    session.operator = op.id;
    session.created_at = a->now;
    session.expires_at = a->expires_at;

    if (ngx_chat_db_sessions_expire(db, a->now) != NGX_OK
        || ngx_chat_operator_replace(job, db) != NGX_OK
        || ngx_chat_db_session_add(db, &a->session, &session) != NGX_OK
        || ngx_chat_db_audit(db, a->now, op.id, "operator.login", op.id, NULL)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_operator_session_answer(job, db, &op,
                                            NGX_CHAT_RESULT_CREATED);
}


/* the cookie is about to be another: nobody would log the old session out */

static ngx_int_t
ngx_chat_operator_replace(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_int_t           rc;
    ngx_chat_session_t  old;

    rc = ngx_chat_db_session(db, &a->replaced, &old);

    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? NGX_OK : NGX_ERROR;
    }

    if (ngx_chat_db_session_delete(db, &a->replaced) == NGX_ERROR) {
        return NGX_ERROR;
    }

    return ngx_chat_account_changed(db, old.operator, a->now);
}


ngx_int_t
ngx_chat_operator_logout(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_int_t  rc;

    job->result = NGX_CHAT_RESULT_EMPTY;

    rc = ngx_chat_db_session_delete(db, &a->session);

    if (rc != NGX_ERROR
        && ngx_chat_db_sessions_any(db, a->operator, a->now, &a->others)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (rc == NGX_OK) {
        rc = ngx_chat_db_audit(db, a->now, a->operator, "operator.logout",
                               a->operator, NULL);
    }

    return rc == NGX_ERROR ? NGX_ERROR
                           : ngx_chat_account_changed(db, a->operator, a->now);
}


ngx_int_t
ngx_chat_operator_expire(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    job->result = NGX_CHAT_RESULT_EMPTY;

    return ngx_chat_db_sessions_expire(db, a->now);
}


ngx_int_t
ngx_chat_operator_session(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_operator_args_t *a = job->args;

    ngx_int_t           rc;
    ngx_chat_session_t  session;

    if (ngx_chat_db_snapshot(db) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_chat_db_session(db, &a->session, &session);

    if (rc != NGX_OK) {
        return ngx_chat_command_missing(job, rc, NGX_CHAT_RESULT_CREDENTIALS);
    }

    if (session.expires_at <= a->now) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_CREDENTIALS);
    }

    rc = ngx_chat_command_operator(job, db, session.operator,
                                   NGX_CHAT_ROLE_AGENT, &a->found);

    if (rc != NGX_OK) {
        return rc;
    }

    a->expires_at = session.expires_at;

    return ngx_chat_operator_session_answer(job, db, &a->found,
                                            NGX_CHAT_RESULT_OK);
}


static ngx_int_t
ngx_chat_operator_session_answer(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_operator_t *op, ngx_chat_result_e result)
{
    ngx_chat_operator_args_t *a = job->args;

    int64_t               cursor;
    ngx_chat_json_out_t  *o;

    if (ngx_chat_db_cursor(db, &cursor) != NGX_OK) {
        return NGX_ERROR;
    }

    o = ngx_chat_json_out(job->pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_account_json(job, o, "operator", op);
    ngx_chat_json_int(o, "expires_at", a->expires_at);
    ngx_chat_json_int(o, "cursor", cursor);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, result);
}
