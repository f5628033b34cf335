
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A conversation and what may happen to it.  Decisions change the struct in
 * memory and add events to the effects; the caller stores both or neither.
 * Pure; any thread.
 *
 *     (none) ──visitor writes──► waiting ──take, reply──► active ──► closed
 *                                   ▲                        │
 *                                   └─────── release ────────┘
 *
 * A closed conversation stays closed: the visitor's next message opens a new
 * one.
 */

#ifndef NGX_CHAT_CONVERSATION_H
#define NGX_CHAT_CONVERSATION_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/json_out.h"
#include "domain/effects.h"
#include "domain/operator.h"
#include "domain/visitor.h"


/* stored in the database: never renumber */

typedef enum {
    NGX_CHAT_CONVERSATION_WAITING = 1,
    NGX_CHAT_CONVERSATION_ACTIVE = 2,
    NGX_CHAT_CONVERSATION_CLOSED = 3
} ngx_chat_conversation_state_e;


typedef struct {
    int64_t                         id;             /* 0: not stored yet */
    ngx_chat_conversation_state_e   state;
    int64_t                         visitor;        /* row */
    uint64_t                        topic;
    ngx_str_t                       visitor_name;   /* may be empty */
    ngx_str_t                       visitor_email;
    ngx_str_t                       visitor_facts;  /* lines, see visitor.h */
    ngx_str_t                       user_id;        /* proved; may be empty */
    ngx_str_t                       user_name;
    ngx_str_t                       user_email;
    ngx_str_t                       visitor_form;   /* see visitor.h */
    int64_t                         operator;       /* 0: nobody */
    ngx_str_t                       operator_name;
    int64_t                         opened_at;      /* ms */
    int64_t                         closed_at;      /* 0: open */
    int64_t                         updated_at;
    int64_t                         last_event;     /* id */
    int64_t                         visitor_read;   /* event id */
    int64_t                         operator_read;
    int64_t                         visitor_unread; /* operators' messages */
    int64_t                         operator_unread;/* visitor's messages */
    ngx_str_t                       last_text;      /* first 200 characters */
    int64_t                         last_text_at;   /* 0: no message */
    ngx_chat_author_e               last_text_by;
    ngx_str_t                       page_url;       /* may be empty */
    ngx_str_t                       page_title;
    ngx_str_t                       locale;
    int64_t                         ghost_event;    /* id of the newest that
                                                       operators don't see */
    int64_t                         invited;        /* trigger; -1: by hand;
                                                       0: nobody did */
    ngx_str_t                       invited_name;   /* of the trigger */
    unsigned                        ghost:1;        /* they see none of it */
} ngx_chat_conversation_t;


/* names as in the API, by ngx_chat_conversation_state_e (index 0 is a name
   that nobody can send); len == 0 ends */
extern ngx_str_t  ngx_chat_conversation_state_names[];


#define NGX_CHAT_SNIPPET_LEN  200       /* characters of last_text */


/*
 * Each returns NGX_OK, NGX_ERROR (out of memory) or one of these refusals;
 * a refusal changes nothing.
 */

#define NGX_CHAT_REFUSED_CLOSED   (-101)
#define NGX_CHAT_REFUSED_TAKEN    (-102)
#define NGX_CHAT_REFUSED_ROLE     (-103)


/*
 * A new conversation of the visitor, whose row is stored: *c is overwritten,
 * state waiting, its state event.  Its id is not known yet, so the event's
 * .conversation is 0, as that of every event decided before it is stored:
 * whoever stores them fills it in.
 */
ngx_int_t ngx_chat_conversation_open(ngx_chat_conversation_t *c,
    ngx_chat_visitor_t *visitor, ngx_chat_effects_t *fx);

/* takes over who the visitor is, by its own words and by what was proved */
void ngx_chat_conversation_about(ngx_chat_conversation_t *c,
    ngx_chat_visitor_t *visitor);

/*
 * One that a blocked visitor opened, who is blocked no more: operators see it
 * from now on, waiting, without what was written before.
 */
ngx_int_t ngx_chat_conversation_appear(ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx);

/* the visitor writes; REFUSED_CLOSED when it has ended */
ngx_int_t ngx_chat_conversation_ask(ngx_chat_conversation_t *c,
    ngx_str_t *client_id, ngx_str_t *text, ngx_chat_effects_t *fx);

/*
 * An operator writes.  In a waiting conversation this takes it (assigned and
 * state events before the message); in a colleague's it is refused with
 * REFUSED_TAKEN unless the role is at least supervisor, who writes without
 * taking it.
 */
ngx_int_t ngx_chat_conversation_reply(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_str_t *client_id, ngx_str_t *text,
    ngx_chat_effects_t *fx);

/*
 * Assigns it to the operator.  One's own already: NGX_OK without an event.
 * A colleague's: REFUSED_TAKEN; with force, supervisors and admins may, an
 * agent gets REFUSED_ROLE.
 */
ngx_int_t ngx_chat_conversation_take(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_uint_t force, ngx_chat_effects_t *fx);

/* back to the queue: nobody's, waiting; nothing when it is not active */
ngx_int_t ngx_chat_conversation_release(ngx_chat_conversation_t *c,
    ngx_chat_effects_t *fx);

/*
 * Ends it; op is NULL when the visitor does.  Closed already: NGX_OK without
 * an event.  An agent may close waiting ones and their own; a colleague's is
 * REFUSED_TAKEN.
 */
ngx_int_t ngx_chat_conversation_close(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, ngx_chat_effects_t *fx);

/*
 * Moves a side's read mark forward, never back and never beyond the last
 * event that it sees,
 * and adds a READ event when it moved.  op is NULL for the visitor.  The
 * caller sets the unread counter afterwards from the rows.
 */
ngx_int_t ngx_chat_conversation_read(ngx_chat_conversation_t *c,
    ngx_chat_operator_t *op, int64_t up_to, ngx_chat_effects_t *fx);

/* true for an event that changes state or operator, not only marks */
ngx_uint_t ngx_chat_conversation_moves(ngx_chat_event_t *event);

/*
 * After a durable event got its id: last_event, updated_at; with a message
 * also the snippet, the other side's unread counter, and the read mark of the
 * author's side: who answers has read what was there.  Taking or closing is no
 * sign of that.
 */
void ngx_chat_conversation_applied(ngx_chat_conversation_t *c,
    ngx_chat_event_t *event);

/* as the API shows it to operators, and to its visitor */

typedef void (*ngx_chat_conversation_json_pt)(ngx_chat_json_out_t *o,
    const char *name, ngx_chat_conversation_t *c);

void ngx_chat_conversation_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_conversation_t *c);
void ngx_chat_conversation_visitor_json(ngx_chat_json_out_t *o,
    const char *name, ngx_chat_conversation_t *c);


#endif /* NGX_CHAT_CONVERSATION_H */
