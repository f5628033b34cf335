
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a visitor writes: visitor.h.  Store threads, inside a job.  A visitor
 * has at most one open conversation, and it is the newest one: writing opens
 * another only when that is closed, and writers are serialised.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/form.h"
#include "command/visitor.h"


static ngx_int_t ngx_chat_visitor_write(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_visitor_t *visitor,
    ngx_chat_conversation_t *c);
static ngx_int_t ngx_chat_visitor_admit(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_visitor_t *visitor,
    ngx_chat_conversation_t *c);
static ngx_uint_t ngx_chat_visitor_asked(ngx_chat_job_t *job,
    ngx_chat_form_t *form);
static ngx_uint_t ngx_chat_visitor_known(ngx_chat_job_t *job,
    ngx_chat_visitor_t *visitor);
static ngx_int_t ngx_chat_visitor_come(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor);
static ngx_int_t ngx_chat_visitor_say(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c);
static ngx_int_t ngx_chat_visitor_repeat(ngx_chat_job_t *job,
    ngx_chat_db_t *db, ngx_chat_visitor_t *visitor);
static ngx_int_t ngx_chat_visitor_join(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx);


ngx_int_t
ngx_chat_visitor_send(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_visitor_t       visitor;
    ngx_chat_conversation_t  c;

    if (ngx_chat_visitor_enter(job) != NGX_OK) {
        return NGX_DECLINED;
    }

    rc = ngx_chat_db_visitor_conversation(db, job->pool, &a->uid, &visitor,
                                          &c);
    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    /* without a conversation there is nothing to repeat */

    rc = c.id ? ngx_chat_visitor_repeat(job, db, &visitor) : NGX_DECLINED;

    if (rc != NGX_DECLINED) {
        return rc;
    }

    /* before anything is written, so that there is nothing to take back */

    rc = ngx_chat_visitor_admit(job, db, &visitor, &c);

    return rc == NGX_OK ? ngx_chat_visitor_write(job, db, &visitor, &c) : rc;
}


static ngx_int_t
ngx_chat_visitor_write(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t           rc;
    ngx_chat_effects_t  fx;

    if (ngx_chat_effects_init(&fx, job->pool, a->now) != NGX_OK
        || ngx_chat_visitor_come(job, db, visitor) != NGX_OK
        || ngx_chat_visitor_say(job, db, visitor, c) != NGX_OK
        || ngx_chat_visitor_join(job, db, visitor, c, &fx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_chat_conversation_ask(c, &a->client_id, &a->text, &fx);

    if (rc != NGX_OK) {
        return ngx_chat_command_refuse(job, rc);
    }

    if (a->hit.mode == NGX_CHAT_BLOCK_GHOST) {
        ngx_chat_effects_ghost(&fx);
    }

    if (ngx_chat_command_apply(db, c, &fx) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_chat_command_sent(job, db, ngx_chat_command_message(&fx), c,
                                 ngx_chat_conversation_visitor_json,
                                 NGX_CHAT_RESULT_CREATED);
}


/*
 * What only who knows the visitor can decide: whether it may begin a
 * conversation like this.  A form is asked for in place of a brake, or
 * before all else; who has filled it in is not in doubt.
 */

static ngx_int_t
ngx_chat_visitor_admit(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c)
{
    ngx_chat_visitor_args_t *a = job->args;

    int64_t           wait;
    ngx_uint_t        doubt;
    ngx_chat_form_t   form;
    ngx_chat_brake_e  brake;

    if (c->id && c->state != NGX_CHAT_CONVERSATION_CLOSED) {
        return NGX_OK;
    }

    a->brake.first = c->id == 0;
    brake = ngx_chat_brake(&a->brake, &wait);

    /* who has filled it in, and is not held, costs no read */

    if (visitor->form.len && brake == NGX_CHAT_BRAKE_NONE) {
        return NGX_OK;
    }

    if (ngx_chat_form_load(job, db, &form) != NGX_OK) {
        return NGX_ERROR;
    }

    doubt = form.ask == NGX_CHAT_FORM_DOUBT && form.n
            && brake != NGX_CHAT_BRAKE_NONE;

    if (visitor->form.len == 0
        && (doubt
            || (ngx_chat_visitor_asked(job, &form)
                && ngx_chat_form_missing(&form,
                                         ngx_chat_visitor_known(job,
                                                                visitor)))))
    {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_FORM);
    }

    return doubt || brake == NGX_CHAT_BRAKE_NONE
           ? NGX_OK : ngx_chat_command_decline(job, NGX_CHAT_RESULT_BRAKED);
}


/* whom nobody can answer now is asked where an answer can be sent */

static ngx_uint_t
ngx_chat_visitor_asked(ngx_chat_job_t *job, ngx_chat_form_t *form)
{
    ngx_chat_visitor_args_t *a = job->args;

    return form->ask == NGX_CHAT_FORM_ALWAYS
           || (form->ask == NGX_CHAT_FORM_AWAY
               && !(a->presence && ngx_chat_presence_any(a->presence,
                                                         a->now)));
}


/* what the message itself says counts as well */

static ngx_uint_t
ngx_chat_visitor_known(ngx_chat_job_t *job, ngx_chat_visitor_t *visitor)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_chat_visitor_t  told;

    told = *visitor;

    (void) ngx_chat_visitor_learn(&told, &a->said_name, &a->said_email,
                                  &a->said_facts);
    (void) ngx_chat_visitor_prove(&told, &a->claim);

    return ngx_chat_form_known(&told);
}


/* the first result again; NGX_DECLINED: this was not sent before */

static ngx_int_t
ngx_chat_visitor_repeat(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_int_t                rc;
    ngx_chat_event_t         event;
    ngx_chat_conversation_t  c;

    rc = ngx_chat_db_event_by_client_id(db, job->pool,
                                        NGX_CHAT_AUTHOR_VISITOR, visitor->id,
                                        &a->client_id, &event);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_chat_db_conversation(db, job->pool, event.conversation, &c)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_command_sent(job, db, &event, &c,
                                 ngx_chat_conversation_visitor_json,
                                 ngx_chat_command_repeated(job, &event,
                                                           a->now));
}


/* the visitor's row, made at the first message or with the form */

static ngx_int_t
ngx_chat_visitor_come(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor)
{
    ngx_chat_visitor_args_t *a = job->args;

    if (visitor->id) {
        return NGX_OK;
    }

    visitor->uid = a->uid;
    visitor->topic = a->topic;
    visitor->locale = a->locale;
    visitor->created_at = a->now;

    return ngx_chat_db_visitor_add(db, visitor) == NGX_OK ? NGX_OK
                                                          : NGX_ERROR;
}


/*
 * What the page says now counts; what it does not say stays as it was.  What a
 * ghost says of itself is text, too, and only for itself; who was one is called
 * from then on as it called itself meanwhile.
 */

static ngx_int_t
ngx_chat_visitor_say(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_uint_t  changed;

    changed = ngx_chat_visitor_learn(visitor, &a->said_name, &a->said_email,
                                     &a->said_facts);

    if (a->hit.mode == NGX_CHAT_BLOCK_GHOST) {
        c->visitor_name = visitor->name;

        return changed ? ngx_chat_db_visitor_ghost(db, visitor) : NGX_OK;
    }

    changed |= ngx_chat_visitor_prove(visitor, &a->claim);
    changed |= c->id && !ngx_chat_visitor_called(visitor, &c->visitor_name);

    if (!changed) {
        return NGX_OK;
    }

    ngx_chat_conversation_about(c, visitor);

    return ngx_chat_db_visitor_say(db, visitor);
}


/* the open conversation, or a new one with the page that it began on */

static ngx_int_t
ngx_chat_visitor_join(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx)
{
    ngx_chat_visitor_args_t *a = job->args;

    ngx_uint_t  ghost;

    ghost = a->hit.mode == NGX_CHAT_BLOCK_GHOST;

    if (c->id && c->state != NGX_CHAT_CONVERSATION_CLOSED) {
        return c->ghost && !ghost ? ngx_chat_conversation_appear(c, fx)
                                  : NGX_OK;
    }

    if (ngx_chat_conversation_open(c, visitor, fx) != NGX_OK) {
        return NGX_ERROR;
    }

    c->ghost = ghost;
    c->page_url = a->page_url;
    c->page_title = a->page_title;
    c->invited = a->invited;

    if (a->locale.len) {
        c->locale = a->locale;
    }

    return ngx_chat_db_conversation_add(db, c) == NGX_OK ? NGX_OK : NGX_ERROR;
}
