
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "base/json_out.h"
#include "domain/conversation.h"
#include "domain/event.h"
#include "domain/operator.h"


#define NGX_CHAT_TO_BOTH  (NGX_CHAT_TO_VISITOR|NGX_CHAT_TO_OPERATORS)


typedef void (*ngx_chat_event_data_pt)(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);


typedef struct {
    ngx_chat_event_type_e    type;
    const char              *name;
    ngx_uint_t               audience;
    ngx_chat_event_data_pt   data;
} ngx_chat_event_kind_t;


static ngx_chat_event_kind_t *ngx_chat_event_kind(ngx_chat_event_t *event);
static void ngx_chat_event_author(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);
static ngx_uint_t ngx_chat_event_named(ngx_chat_event_t *event);
static void ngx_chat_event_message(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);
static void ngx_chat_event_state(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);
static void ngx_chat_event_assigned(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);
static void ngx_chat_event_typing(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);
static void ngx_chat_event_read(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);
static void ngx_chat_event_presence(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);
static void ngx_chat_event_availability(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);
static void ngx_chat_event_visits(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);
static void ngx_chat_event_invitation(ngx_chat_json_out_t *o,
    ngx_chat_event_t *event);


static ngx_chat_event_kind_t  ngx_chat_event_kinds[] = {

    { NGX_CHAT_EVENT_MESSAGE, "message",
      NGX_CHAT_TO_BOTH, ngx_chat_event_message },

    { NGX_CHAT_EVENT_STATE, "state",
      NGX_CHAT_TO_BOTH, ngx_chat_event_state },

    { NGX_CHAT_EVENT_ASSIGNED, "assigned",
      NGX_CHAT_TO_BOTH, ngx_chat_event_assigned },

    { NGX_CHAT_EVENT_TYPING, "typing",
      NGX_CHAT_TO_BOTH, ngx_chat_event_typing },

    { NGX_CHAT_EVENT_READ, "read",
      NGX_CHAT_TO_BOTH, ngx_chat_event_read },

    { NGX_CHAT_EVENT_PRESENCE, "presence",
      NGX_CHAT_TO_OPERATORS, ngx_chat_event_presence },

    { NGX_CHAT_EVENT_AVAILABILITY, "availability",
      NGX_CHAT_TO_VISITOR, ngx_chat_event_availability },

    { NGX_CHAT_EVENT_VISITS, "visits",
      NGX_CHAT_TO_OPERATORS, ngx_chat_event_visits },

    { NGX_CHAT_EVENT_INVITATION, "invitation",
      NGX_CHAT_TO_VISITOR, ngx_chat_event_invitation },

    { NGX_CHAT_EVENT_REVOKED, NULL,
      NGX_CHAT_TO_WORKERS, NULL },

    { NGX_CHAT_EVENT_BLOCKED, NULL,
      NGX_CHAT_TO_WORKERS, NULL },

    { 0, NULL, 0, NULL }
};


/* by ngx_chat_author_e; nobody in particular is the system */

ngx_str_t  ngx_chat_author_names[] = {
    ngx_string("system"),
    ngx_string("visitor"),
    ngx_string("operator"),
    ngx_string("system"),
    ngx_null_string
};


ngx_uint_t
ngx_chat_event_audience(ngx_chat_event_t *event)
{
    ngx_uint_t  audience;

    /* what a visitor is typing is no news to the visitor */

    if (event->type == NGX_CHAT_EVENT_TYPING
        && event->author == NGX_CHAT_AUTHOR_VISITOR)
    {
        return event->ghost ? 0 : NGX_CHAT_TO_OPERATORS;
    }

    audience = ngx_chat_event_kind(event)->audience;

    return event->ghost ? audience & ~NGX_CHAT_TO_OPERATORS : audience;
}


ngx_int_t
ngx_chat_event_render(ngx_chat_event_t *event, ngx_pool_t *pool,
    ngx_chat_record_t *record)
{
    ngx_chat_json_out_t    *o;
    ngx_chat_event_kind_t  *kind;

    kind = ngx_chat_event_kind(event);

    record->id = event->id;
    record->topic = event->topic;
    record->conversation = event->conversation;
    record->subject = 0;
    record->audience = ngx_chat_event_audience(event);
    record->type = event->type;
    ngx_str_null(&record->body);

    if (kind->audience == NGX_CHAT_TO_WORKERS
        || event->type == NGX_CHAT_EVENT_STATE)
    {
        record->subject = event->value;
    }

    if (kind->data == NULL) {
        return NGX_OK;
    }

    o = ngx_chat_json_out(pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);

    if (event->id) {
        ngx_chat_json_int(o, "id", event->id);
    }

    ngx_chat_json_chars(o, "type", kind->name);

    if (event->conversation) {
        ngx_chat_json_int(o, "conversation", event->conversation);
    }

    ngx_chat_json_int(o, "at", event->at);
    ngx_chat_event_author(o, event);

    ngx_chat_json_open(o, "data");
    kind->data(o, event);
    ngx_chat_json_close(o);

    ngx_chat_json_close(o);

    return ngx_chat_json_end(o, &record->body);
}


/* the last one when the type is unknown: nobody may see it */

static ngx_chat_event_kind_t *
ngx_chat_event_kind(ngx_chat_event_t *event)
{
    ngx_chat_event_kind_t  *kind;

    for (kind = ngx_chat_event_kinds; kind->type; kind++) {
        if (kind->type == event->type) {
            break;
        }
    }

    return kind;
}


static void
ngx_chat_event_author(ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_chat_json_open(o, "author");

    ngx_chat_json_enum(o, "kind", ngx_chat_author_names, event->author);

    if (event->author_id) {
        ngx_chat_json_int(o, "id", event->author_id);
    }

    if (event->author_name.len && ngx_chat_event_named(event)) {
        ngx_chat_json_str(o, "name", &event->author_name);
    }

    ngx_chat_json_close(o);
}


/*
 * A visitor is called by a name where words are the visitor's.  What a ghost
 * calls itself is for nobody else, and an event that both sides get has one
 * text: a mark or the end of a conversation must not show the old name.
 */

static ngx_uint_t
ngx_chat_event_named(ngx_chat_event_t *event)
{
    return event->author != NGX_CHAT_AUTHOR_VISITOR
           || event->type == NGX_CHAT_EVENT_MESSAGE
           || event->type == NGX_CHAT_EVENT_TYPING;
}


static void
ngx_chat_event_message(ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_chat_json_str(o, "text", &event->text);
    ngx_chat_json_str(o, "client_id", &event->client_id);
}


static void
ngx_chat_event_state(ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_chat_json_enum(o, "state", ngx_chat_conversation_state_names,
                       event->value);
}


static void
ngx_chat_event_assigned(ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_chat_operator_ref_json(o, "operator", event->value, &event->text);
}


static void
ngx_chat_event_typing(ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_chat_json_bool(o, "typing", event->value ? 1 : 0);

    /* an operator's words are nobody's before they are sent */

    if (event->author == NGX_CHAT_AUTHOR_VISITOR && event->text.len) {
        ngx_chat_json_str(o, "text", &event->text);
    }
}


static void
ngx_chat_event_read(ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_chat_json_int(o, "up_to", event->value);
}


static void
ngx_chat_event_presence(ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_chat_json_int(o, "operator", event->author_id);
    ngx_chat_json_enum(o, "status", ngx_chat_status_names, event->value);
    ngx_chat_json_bool(o, "present", event->present);
}


static void
ngx_chat_event_availability(ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_chat_json_bool(o, "available", event->value ? 1 : 0);
}


static void
ngx_chat_event_visits(ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_chat_json_raw(o, "visits", &event->text);
}


/* named by its author */

static void
ngx_chat_event_invitation(ngx_chat_json_out_t *o, ngx_chat_event_t *event)
{
    ngx_chat_json_str(o, "text", &event->text);
}
