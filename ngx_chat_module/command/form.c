
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The form before a chat: form.h.  Store threads, inside a job.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/form.h"
#include "command/setting.h"


static ngx_int_t ngx_chat_form_answer(ngx_chat_job_t *job,
    ngx_chat_form_t *form);
static ngx_int_t ngx_chat_form_keep(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor);


static ngx_chat_setting_t  ngx_chat_form_setting = {
    ngx_string("form"), "form.put"
};


ngx_int_t
ngx_chat_form_load(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_form_t *form)
{
    ngx_str_t  json;

    if (ngx_chat_db_setting(db, job->pool, &ngx_chat_form_setting.name, &json)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_form_read(job->pool, &json, form);

    return NGX_OK;
}


ngx_uint_t
ngx_chat_form_known(ngx_chat_visitor_t *visitor)
{
    ngx_uint_t  known;

    known = 0;

    if (visitor->name.len || visitor->user_name.len) {
        known |= NGX_CHAT_FORM_KNOWS(NGX_CHAT_FORM_NAME);
    }

    if (visitor->email.len || visitor->user_email.len) {
        known |= NGX_CHAT_FORM_KNOWS(NGX_CHAT_FORM_EMAIL);
    }

    return known;
}


ngx_int_t
ngx_chat_form_welcome(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_str_t *locale, ngx_chat_json_out_t *o)
{
    ngx_chat_form_t  form;

    if (visitor->form.len) {
        return NGX_OK;
    }

    if (ngx_chat_form_load(job, db, &form) != NGX_OK) {
        return NGX_ERROR;
    }

    if (form.ask != NGX_CHAT_FORM_NEVER && form.n) {
        ngx_chat_form_visitor_json(o, "form", &form, locale,
                                   ngx_chat_form_known(visitor));
    }

    return NGX_OK;
}


ngx_int_t
ngx_chat_form_show(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_form_t  form;

    return ngx_chat_form_load(job, db, &form) == NGX_OK
           ? ngx_chat_form_answer(job, &form) : NGX_ERROR;
}


static ngx_int_t
ngx_chat_form_answer(ngx_chat_job_t *job, ngx_chat_form_t *form)
{
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_form_json(o, "form", form);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_form_put(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_form_args_t *a = job->args;

    ngx_int_t             rc;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_form_json(o, NULL, &a->form);

    rc = ngx_chat_setting_put(job, db, &ngx_chat_form_setting, a->operator,
                              a->now, o);

    return rc == NGX_OK ? ngx_chat_form_answer(job, &a->form) : rc;
}


ngx_int_t
ngx_chat_form_fill(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_form_answers_t *a = job->args;

    ngx_chat_form_t     form;
    ngx_chat_visitor_t  visitor;

    if (ngx_chat_visitor_enter(job) != NGX_OK) {
        return NGX_DECLINED;
    }

    ngx_memzero(&visitor, sizeof(ngx_chat_visitor_t));

    if (ngx_chat_db_visitor_by_uid(db, job->pool, &a->visitor.uid, &visitor)
        == NGX_ERROR
        || ngx_chat_form_load(job, db, &form) != NGX_OK)
    {
        return NGX_ERROR;
    }

    job->result = NGX_CHAT_RESULT_EMPTY;

    /* once; the answer to the first time may have been lost */

    if (visitor.form.len || form.ask == NGX_CHAT_FORM_NEVER) {
        return NGX_OK;
    }

    if (ngx_chat_answers_read(job->pool, &form, a->answers,
                              ngx_chat_form_known(&visitor), &visitor, &a->err)
        != NGX_OK)
    {
        return a->err.status == 500
               ? NGX_ERROR
               : ngx_chat_command_decline(job, NGX_CHAT_RESULT_WRONG);
    }

    return ngx_chat_form_keep(job, db, &visitor);
}


/* what a ghost says of itself is for nobody: it has filled in something */

static ngx_int_t
ngx_chat_form_keep(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor)
{
    ngx_chat_form_answers_t *a = job->args;

    ngx_uint_t  ghost;

    ghost = a->visitor.hit.mode == NGX_CHAT_BLOCK_GHOST;

    if (ghost) {
        ngx_str_set(&visitor->form, "[]");
    }

    if (visitor->id) {
        return ghost ? ngx_chat_db_visitor_form(db, visitor)
                     : ngx_chat_db_visitor_say(db, visitor);
    }

    if (ghost) {
        ngx_str_null(&visitor->name);
        ngx_str_null(&visitor->email);
    }

    visitor->uid = a->visitor.uid;
    visitor->topic = a->visitor.topic;
    visitor->locale = a->visitor.locale;
    visitor->created_at = a->visitor.now;

    return ngx_chat_db_visitor_add(db, visitor);
}
