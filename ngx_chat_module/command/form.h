
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The form before a chat: set by administrators, filled in by visitors.
 */

#ifndef NGX_CHAT_COMMAND_FORM_H
#define NGX_CHAT_COMMAND_FORM_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/visitor.h"
#include "domain/answer.h"


/* the first member is what the API's fields fill in */

typedef struct {
    ngx_chat_form_t          form;
    int64_t                  operator;      /* who asks */
    int64_t                  now;           /* ms */
} ngx_chat_form_args_t;


typedef struct {
    ngx_chat_visitor_args_t  visitor;
    ngx_chat_json_t         *answers;       /* in the job's pool */
    ngx_chat_field_error_t   err;           /* out, with WRONG */
} ngx_chat_form_answers_t;


/* in the job's pool; zeroed when nothing was set */
ngx_int_t ngx_chat_form_load(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_form_t *form);

/* which of the form's questions the visitor's row answers, as bits */
ngx_uint_t ngx_chat_form_known(ngx_chat_visitor_t *visitor);

/* of a session's answer: "form", unless there is nothing to ask */
ngx_int_t ngx_chat_form_welcome(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_str_t *locale, ngx_chat_json_out_t *o);

/* reads: {"form":...} */
ngx_int_t ngx_chat_form_show(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* writes all of it: OK with {"form":...}, or ROLE */
ngx_int_t ngx_chat_form_put(ngx_chat_job_t *job, ngx_chat_db_t *db);

/*
 * A visitor fills it in: EMPTY, also where it was or there is nothing to ask;
 * BLOCKED; WRONG with .err.
 */
ngx_int_t ngx_chat_form_fill(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_FORM_H */
