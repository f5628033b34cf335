
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "base/text.h"
#include "domain/conversation.h"


static ngx_chat_event_t *ngx_chat_conversation_add(ngx_chat_conversation_t *c,
    ngx_chat_event_type_e type, ngx_chat_operator_t *op,
    ngx_chat_effects_t *fx);
static ngx_chat_event_t *ngx_chat_conversation_add_system(
    ngx_chat_conversation_t *c, ngx_chat_event_type_e type,
    ngx_chat_effects_t *fx);
static ngx_int_t ngx_chat_conversation_turned(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_chat_effects_t *fx);
static ngx_int_t ngx_chat_conversation_message(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_str_t *client_id, ngx_str_t *text,
    ngx_chat_effects_t *fx);
static ngx_int_t ngx_chat_conversation_assign_to(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_chat_effects_t *fx);
static int64_t ngx_chat_conversation_visitor_last(ngx_chat_conversation_t *c);
static ngx_uint_t ngx_chat_conversation_others(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op);
static void ngx_chat_conversation_marks_json(ngx_chat_json_out_t *o,
    ngx_chat_conversation_t *c, int64_t unread, int64_t last);
static void ngx_chat_conversation_time_json(ngx_chat_json_out_t *o,
    const char *name, int64_t at);
static void ngx_chat_conversation_text_json(ngx_chat_json_out_t *o,
    const char *name, ngx_str_t *text);
static void ngx_chat_conversation_last_json(ngx_chat_json_out_t *o,
    ngx_chat_conversation_t *c);
static void ngx_chat_conversation_invitation_json(ngx_chat_json_out_t *o,
    ngx_chat_conversation_t *c);
static void ngx_chat_conversation_page_json(ngx_chat_json_out_t *o,
    ngx_chat_conversation_t *c);


ngx_str_t  ngx_chat_conversation_state_names[] = {
    ngx_string("\0"),
    ngx_string("waiting"),
    ngx_string("active"),
    ngx_string("closed"),
    ngx_null_string
};


ngx_int_t
ngx_chat_conversation_open(ngx_chat_conversation_t *c,
    ngx_chat_visitor_t *visitor, ngx_chat_effects_t *fx)
{
    ngx_memzero(c, sizeof(ngx_chat_conversation_t));

    c->state = NGX_CHAT_CONVERSATION_WAITING;
    c->visitor = visitor->id;
    c->topic = visitor->topic;
    c->visitor_form = visitor->form;
    c->locale = visitor->locale;
    c->opened_at = fx->now;
    c->updated_at = fx->now;

    ngx_chat_conversation_about(c, visitor);

    return ngx_chat_conversation_turned(c, NULL, fx);
}


void
ngx_chat_conversation_about(ngx_chat_conversation_t *c,
    ngx_chat_visitor_t *visitor)
{
    c->visitor_name = visitor->name;
    c->visitor_email = visitor->email;
    c->visitor_facts = visitor->facts;
    c->user_id = visitor->user_id;
    c->user_name = visitor->user_name;
    c->user_email = visitor->user_email;
}


ngx_int_t
ngx_chat_conversation_appear(ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx)
{
    c->ghost = 0;

    return ngx_chat_conversation_turned(c, NULL, fx);
}


ngx_int_t
ngx_chat_conversation_ask(ngx_chat_conversation_t *c, ngx_str_t *client_id,
    ngx_str_t *text, ngx_chat_effects_t *fx)
{
    if (c->state == NGX_CHAT_CONVERSATION_CLOSED) {
        return NGX_CHAT_REFUSED_CLOSED;
    }

    return ngx_chat_conversation_message(c, NULL, client_id, text, fx);
}


ngx_int_t
ngx_chat_conversation_reply(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_str_t *client_id, ngx_str_t *text,
    ngx_chat_effects_t *fx)
{
    if (c->state == NGX_CHAT_CONVERSATION_CLOSED) {
        return NGX_CHAT_REFUSED_CLOSED;
    }

    if (ngx_chat_conversation_others(c, op)
        && op->role < NGX_CHAT_ROLE_SUPERVISOR)
    {
        return NGX_CHAT_REFUSED_TAKEN;
    }

    if (c->state == NGX_CHAT_CONVERSATION_WAITING) {
        if (ngx_chat_conversation_assign_to(c, op, fx) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_chat_conversation_message(c, op, client_id, text, fx);
}


ngx_int_t
ngx_chat_conversation_take(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_uint_t force, ngx_chat_effects_t *fx)
{
    if (c->state == NGX_CHAT_CONVERSATION_CLOSED) {
        return NGX_CHAT_REFUSED_CLOSED;
    }

    if (ngx_chat_conversation_others(c, op)) {

        if (!force) {
            return NGX_CHAT_REFUSED_TAKEN;
        }

        if (op->role < NGX_CHAT_ROLE_SUPERVISOR) {
            return NGX_CHAT_REFUSED_ROLE;
        }

    } else if (c->state == NGX_CHAT_CONVERSATION_ACTIVE) {
        return NGX_OK;
    }

    return ngx_chat_conversation_assign_to(c, op, fx);
}


ngx_int_t
ngx_chat_conversation_release(ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx)
{
    ngx_chat_event_t  *event;

    if (c->state != NGX_CHAT_CONVERSATION_ACTIVE) {
        return NGX_OK;
    }

    c->state = NGX_CHAT_CONVERSATION_WAITING;
    c->operator = 0;
    ngx_str_null(&c->operator_name);

    if (ngx_chat_conversation_add_system(c, NGX_CHAT_EVENT_ASSIGNED, fx)
        == NULL)
    {
        return NGX_ERROR;
    }

    event = ngx_chat_conversation_add_system(c, NGX_CHAT_EVENT_STATE, fx);
    if (event == NULL) {
        return NGX_ERROR;
    }

    event->value = NGX_CHAT_CONVERSATION_WAITING;

    return NGX_OK;
}


ngx_int_t
ngx_chat_conversation_close(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_chat_effects_t *fx)
{
    if (c->state == NGX_CHAT_CONVERSATION_CLOSED) {
        return NGX_OK;
    }

    if (op
        && op->role < NGX_CHAT_ROLE_SUPERVISOR
        && ngx_chat_conversation_others(c, op))
    {
        return NGX_CHAT_REFUSED_TAKEN;
    }

    /* the operator stays: it tells who had it */

    c->state = NGX_CHAT_CONVERSATION_CLOSED;
    c->closed_at = fx->now;

    return ngx_chat_conversation_turned(c, op, fx);
}


ngx_int_t
ngx_chat_conversation_read(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, int64_t up_to, ngx_chat_effects_t *fx)
{
    int64_t            last, *mark;
    ngx_chat_event_t  *event;

    mark = op ? &c->operator_read : &c->visitor_read;
    last = op ? c->last_event : ngx_chat_conversation_visitor_last(c);
    up_to = ngx_min(up_to, last);

    if (up_to <= *mark) {
        return NGX_OK;
    }

    *mark = up_to;

    event = ngx_chat_conversation_add(c, NGX_CHAT_EVENT_READ, op, fx);
    if (event == NULL) {
        return NGX_ERROR;
    }

    event->value = up_to;

    return NGX_OK;
}


ngx_uint_t
ngx_chat_conversation_moves(ngx_chat_event_t *event)
{
    return event->type == NGX_CHAT_EVENT_STATE
           || event->type == NGX_CHAT_EVENT_ASSIGNED;
}


void
ngx_chat_conversation_applied(ngx_chat_conversation_t *c,
    ngx_chat_event_t *event)
{
    if (event->ghost) {
        c->ghost_event = event->id;

        if (event->type == NGX_CHAT_EVENT_MESSAGE) {
            c->visitor_read = event->id;
            c->visitor_unread = 0;
        }

        return;
    }

    c->last_event = event->id;
    c->updated_at = event->at;

    if (event->type != NGX_CHAT_EVENT_MESSAGE) {
        return;
    }

    c->last_text = event->text;
    c->last_text_at = event->at;
    c->last_text_by = event->author;

    ngx_chat_text_cut(&c->last_text, NGX_CHAT_SNIPPET_LEN);

    if (event->author == NGX_CHAT_AUTHOR_VISITOR) {
        c->operator_unread++;
        c->visitor_read = event->id;
        c->visitor_unread = 0;

    } else if (event->author == NGX_CHAT_AUTHOR_OPERATOR) {
        c->visitor_unread++;
        c->operator_read = event->id;
        c->operator_unread = 0;
    }
}


void
ngx_chat_conversation_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_conversation_t *c)
{
    ngx_chat_json_open(o, name);

    ngx_chat_json_int(o, "id", c->id);
    ngx_chat_json_enum(o, "state", ngx_chat_conversation_state_names,
                       c->state);

    ngx_chat_json_open(o, "visitor");
    ngx_chat_json_int(o, "id", c->visitor);
    ngx_chat_conversation_text_json(o, "name", &c->visitor_name);
    ngx_chat_conversation_text_json(o, "email", &c->visitor_email);
    ngx_chat_visitor_facts_json(o, "facts", &c->visitor_facts);
    ngx_chat_visitor_user_json(o, "user", &c->user_id, &c->user_name,
                               &c->user_email);
    ngx_chat_visitor_form_json(o, "form", &c->visitor_form);
    ngx_chat_json_close(o);

    ngx_chat_operator_ref_json(o, "operator", c->operator, &c->operator_name);
    ngx_chat_json_int(o, "opened_at", c->opened_at);
    ngx_chat_conversation_time_json(o, "closed_at", c->closed_at);
    ngx_chat_json_int(o, "updated_at", c->updated_at);
    ngx_chat_conversation_marks_json(o, c, c->operator_unread, c->last_event);
    ngx_chat_conversation_last_json(o, c);
    ngx_chat_conversation_page_json(o, c);
    ngx_chat_conversation_text_json(o, "locale", &c->locale);
    ngx_chat_json_bool(o, "proactive", c->invited != 0);
    ngx_chat_conversation_invitation_json(o, c);

    ngx_chat_json_close(o);
}


/* by a rule, whose name is for operators, or by an operator's hand */

static void
ngx_chat_conversation_invitation_json(ngx_chat_json_out_t *o,
    ngx_chat_conversation_t *c)
{
    if (c->invited == 0) {
        ngx_chat_json_null(o, "invitation");
        return;
    }

    ngx_chat_json_open(o, "invitation");
    ngx_chat_json_int(o, "trigger", c->invited);
    ngx_chat_conversation_text_json(o, "name", &c->invited_name);
    ngx_chat_json_close(o);
}


void
ngx_chat_conversation_visitor_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_conversation_t *c)
{
    ngx_chat_json_open(o, name);

    ngx_chat_json_int(o, "id", c->id);
    ngx_chat_json_enum(o, "state", ngx_chat_conversation_state_names,
                       c->state);
    ngx_chat_operator_ref_json(o, "operator", c->operator, &c->operator_name);
    ngx_chat_json_int(o, "opened_at", c->opened_at);
    ngx_chat_conversation_time_json(o, "closed_at", c->closed_at);
    ngx_chat_conversation_marks_json(o, c, c->visitor_unread,
                                     ngx_chat_conversation_visitor_last(c));

    ngx_chat_json_close(o);
}


/* an event by the operator, or by the visitor when op is NULL */

static ngx_chat_event_t *
ngx_chat_conversation_add(ngx_chat_conversation_t *c,
    ngx_chat_event_type_e type, ngx_chat_operator_t *op,
    ngx_chat_effects_t *fx)
{
    ngx_chat_event_t  *event;

    event = ngx_chat_conversation_add_system(c, type, fx);
    if (event == NULL) {
        return NULL;
    }

    if (op) {
        event->author = NGX_CHAT_AUTHOR_OPERATOR;
        event->author_id = op->id;
        event->author_name = op->name;

    } else {
        event->author = NGX_CHAT_AUTHOR_VISITOR;
        event->author_id = c->visitor;
        event->author_name = c->visitor_name;
    }

    return event;
}


static ngx_chat_event_t *
ngx_chat_conversation_add_system(ngx_chat_conversation_t *c,
    ngx_chat_event_type_e type, ngx_chat_effects_t *fx)
{
    ngx_chat_event_t  *event;

    event = ngx_chat_effects_add(fx, type);
    if (event == NULL) {
        return NULL;
    }

    event->conversation = c->id;
    event->visitor = c->visitor;
    event->topic = c->topic;
    event->author = NGX_CHAT_AUTHOR_SYSTEM;

    return event;
}


static ngx_int_t
ngx_chat_conversation_message(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_str_t *client_id, ngx_str_t *text,
    ngx_chat_effects_t *fx)
{
    ngx_chat_event_t  *event;

    event = ngx_chat_conversation_add(c, NGX_CHAT_EVENT_MESSAGE, op, fx);
    if (event == NULL) {
        return NGX_ERROR;
    }

    event->client_id = *client_id;
    event->text = *text;

    return NGX_OK;
}


/* says the state as it is now, by the operator or the visitor */

static ngx_int_t
ngx_chat_conversation_turned(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_chat_effects_t *fx)
{
    ngx_chat_event_t  *event;

    event = ngx_chat_conversation_add(c, NGX_CHAT_EVENT_STATE, op, fx);
    if (event == NULL) {
        return NGX_ERROR;
    }

    event->value = c->state;

    return NGX_OK;
}


/* in an active conversation only the operator changes, not the state */

static ngx_int_t
ngx_chat_conversation_assign_to(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_chat_effects_t *fx)
{
    ngx_chat_event_t  *event;

    c->operator = op->id;
    c->operator_name = op->name;

    event = ngx_chat_conversation_add(c, NGX_CHAT_EVENT_ASSIGNED, op, fx);
    if (event == NULL) {
        return NGX_ERROR;
    }

    event->value = op->id;
    event->text = op->name;

    if (c->state == NGX_CHAT_CONVERSATION_ACTIVE) {
        return NGX_OK;
    }

    c->state = NGX_CHAT_CONVERSATION_ACTIVE;

    return ngx_chat_conversation_turned(c, op, fx);
}


/* what a blocked visitor has, and must not be told apart by */

static int64_t
ngx_chat_conversation_visitor_last(ngx_chat_conversation_t *c)
{
    return ngx_max(c->last_event, c->ghost_event);
}


static ngx_uint_t
ngx_chat_conversation_others(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op)
{
    return c->state == NGX_CHAT_CONVERSATION_ACTIVE && c->operator != op->id;
}


static void
ngx_chat_conversation_marks_json(ngx_chat_json_out_t *o,
    ngx_chat_conversation_t *c, int64_t unread, int64_t last)
{
    ngx_chat_json_int(o, "unread", unread);
    ngx_chat_json_int(o, "visitor_read", c->visitor_read);
    ngx_chat_json_int(o, "operator_read", c->operator_read);
    ngx_chat_json_int(o, "last_event", last);
}


static void
ngx_chat_conversation_time_json(ngx_chat_json_out_t *o, const char *name,
    int64_t at)
{
    if (at) {
        ngx_chat_json_int(o, name, at);

    } else {
        ngx_chat_json_null(o, name);
    }
}


static void
ngx_chat_conversation_text_json(ngx_chat_json_out_t *o, const char *name,
    ngx_str_t *text)
{
    if (text->len) {
        ngx_chat_json_str(o, name, text);

    } else {
        ngx_chat_json_null(o, name);
    }
}


static void
ngx_chat_conversation_last_json(ngx_chat_json_out_t *o,
    ngx_chat_conversation_t *c)
{
    if (c->last_text_at == 0) {
        ngx_chat_json_null(o, "last_message");
        return;
    }

    ngx_chat_json_open(o, "last_message");

    ngx_chat_json_str(o, "text", &c->last_text);
    ngx_chat_json_int(o, "at", c->last_text_at);
    ngx_chat_json_enum(o, "author", ngx_chat_author_names, c->last_text_by);

    ngx_chat_json_close(o);
}


static void
ngx_chat_conversation_page_json(ngx_chat_json_out_t *o,
    ngx_chat_conversation_t *c)
{
    if (c->page_url.len == 0) {
        ngx_chat_json_null(o, "page");
        return;
    }

    ngx_chat_json_open(o, "page");

    ngx_chat_json_str(o, "url", &c->page_url);

    if (c->page_title.len) {
        ngx_chat_json_str(o, "title", &c->page_title);
    }

    ngx_chat_json_close(o);
}
