
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The database in verbs.  A connection belongs to one thread; all functions
 * are for the thread that runs the job.  Statements are prepared once from a
 * table of constant texts; values are bound, never formatted.  Strings that
 * are read are copied into the given pool.
 *
 * Return values: NGX_OK; NGX_DECLINED for "no such row" (or a uniqueness
 * that forbids it, where said); NGX_ERROR when the database failed, which
 * the store has logged with the file and the cause.
 */

#ifndef NGX_CHAT_DB_H
#define NGX_CHAT_DB_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/block.h"
#include "domain/conversation.h"
#include "domain/event.h"
#include "domain/operator.h"
#include "domain/trigger.h"
#include "domain/visitor.h"
#include "store/job.h"


/* newest event id of all: the cursor of this snapshot, 0 when none */
ngx_int_t ngx_chat_db_cursor(ngx_chat_db_t *db, int64_t *id);

/*
 * Reads that must agree with each other stand between these (a deferred
 * read transaction); the writer is in a transaction anyway.  A reader
 * releases at the end of each job by itself, whatever became of it.
 */
ngx_int_t ngx_chat_db_snapshot(ngx_chat_db_t *db);
void ngx_chat_db_release(ngx_chat_db_t *db);

/* what was set by this name; empty when nothing was */
ngx_int_t ngx_chat_db_setting(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_str_t *name, ngx_str_t *value);
ngx_int_t ngx_chat_db_setting_put(ngx_chat_db_t *db, ngx_str_t *name,
    ngx_str_t *value);

ngx_int_t ngx_chat_db_visitor_by_uid(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_str_t *uid, ngx_chat_visitor_t *visitor);
ngx_int_t ngx_chat_db_visitor(ngx_chat_db_t *db, ngx_pool_t *pool,
    int64_t id, ngx_chat_visitor_t *visitor);
ngx_int_t ngx_chat_db_visitor_add(ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor);
/* what the page, the site or a form says of it */
ngx_int_t ngx_chat_db_visitor_say(ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor);
/* its form alone */
ngx_int_t ngx_chat_db_visitor_form(ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor);
/* what a ghost calls itself, which only its own requests find */
ngx_int_t ngx_chat_db_visitor_ghost(ngx_chat_db_t *db,
    ngx_chat_visitor_t *visitor);

ngx_int_t ngx_chat_db_conversation(ngx_chat_db_t *db, ngx_pool_t *pool,
    int64_t id, ngx_chat_conversation_t *c);
/* the visitor with the newest conversation, open or not; c->id is 0 when
   there is none */
ngx_int_t ngx_chat_db_visitor_conversation(ngx_chat_db_t *db,
    ngx_pool_t *pool, ngx_str_t *uid, ngx_chat_visitor_t *visitor,
    ngx_chat_conversation_t *c);
/* counts for the rule that led to it, too */
ngx_int_t ngx_chat_db_conversation_add(ngx_chat_db_t *db,
    ngx_chat_conversation_t *c);
/* what each event changes: times, marks, the last text */
ngx_int_t ngx_chat_db_conversation_update(ngx_chat_db_t *db,
    ngx_chat_conversation_t *c);
/* what few do: state, operator, closed_at.  Apart, as columns that are named
   are written to their indexes, changed or not */
ngx_int_t ngx_chat_db_conversation_move(ngx_chat_db_t *db,
    ngx_chat_conversation_t *c);

/* whether operators see it, and the newest event that they don't */
ngx_int_t ngx_chat_db_conversation_ghost(ngx_chat_db_t *db,
    ngx_chat_conversation_t *c);

typedef struct {
    ngx_uint_t    states;           /* bit 1 << state */
    int64_t       operator;         /* 0: anybody's */
    int64_t       before;           /* last_event below this; 0: no bound */
    ngx_uint_t    limit;
} ngx_chat_conversation_query_t;

/* appends ngx_chat_conversation_t to the array, last_event descending; up
   to limit + 1 so that the caller sees whether there are more */
ngx_int_t ngx_chat_db_conversations(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_conversation_query_t *query, ngx_array_t *rows);

/*
 * Others of the same visitor or of the same proved user, newest first; none
 * that operators don't see.
 */
ngx_int_t ngx_chat_db_conversations_earlier(ngx_chat_db_t *db,
    ngx_pool_t *pool, ngx_chat_conversation_t *c, ngx_uint_t limit,
    ngx_array_t *rows);

/* unread for one side: messages by the other side after the read mark */
ngx_int_t ngx_chat_db_unread(ngx_chat_db_t *db, int64_t conversation,
    ngx_chat_author_e by, int64_t after, int64_t *n);

/*
 * Stores a durable event, sets its id, and queues it for publishing after
 * the commit; an ephemeral event is only queued.  Writer only.
 */
ngx_int_t ngx_chat_db_event_add(ngx_chat_db_t *db, ngx_chat_event_t *event);

/*
 * What clients see of an event that this batch added: its JSON, valid until
 * the job's run returns.  NGX_DECLINED when the batch added no such event.
 */
ngx_int_t ngx_chat_db_event_body(ngx_chat_db_t *db, int64_t id,
    ngx_str_t *body);

/* the message that this author sent with this client id, in whatever
   conversation; unique by an index */
ngx_int_t ngx_chat_db_event_by_client_id(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_author_e author, int64_t author_id, ngx_str_t *client_id,
    ngx_chat_event_t *event);

typedef struct {
    int64_t       visitor;          /* row; 0: not bound to one */
    int64_t       conversation;     /* 0: not bound to one */
    int64_t       after;            /* with ascending order */
    int64_t       before;           /* with descending order; 0: no bound */
    ngx_uint_t    audience;         /* NGX_CHAT_TO_* that must match */
    ngx_uint_t    limit;
    unsigned      newest_first:1;
} ngx_chat_event_query_t;

/* appends ngx_chat_event_t, up to limit + 1 */
ngx_int_t ngx_chat_db_events(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_event_query_t *query, ngx_array_t *rows);

ngx_int_t ngx_chat_db_operator(ngx_chat_db_t *db, ngx_pool_t *pool,
    int64_t id, ngx_chat_operator_t *op);
ngx_int_t ngx_chat_db_operator_by_login(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_str_t *login, ngx_chat_operator_t *op);
/* by name; all of them, or only the enabled ones */
ngx_int_t ngx_chat_db_operators(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_uint_t enabled_only, ngx_array_t *rows);
/* NGX_DECLINED: the login exists */
ngx_int_t ngx_chat_db_operator_add(ngx_chat_db_t *db,
    ngx_chat_operator_t *op);
ngx_int_t ngx_chat_db_operator_update(ngx_chat_db_t *db,
    ngx_chat_operator_t *op);
/* enabled accounts of at least this role */
ngx_int_t ngx_chat_db_operator_count(ngx_chat_db_t *db, ngx_chat_role_e role,
    int64_t *n);

/* whether there is an account at all, a disabled one counts: 0 or 1 */
ngx_int_t ngx_chat_db_operator_any(ngx_chat_db_t *db, int64_t *n);

/* the one-time code for the first account; NGX_DECLINED when there is none */
ngx_int_t ngx_chat_db_setup_code(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_str_t *code);

typedef struct {
    int64_t       operator;
    int64_t       created_at;
    int64_t       expires_at;
} ngx_chat_session_t;

ngx_int_t ngx_chat_db_session(ngx_chat_db_t *db, ngx_str_t *hash,
    ngx_chat_session_t *session);
ngx_int_t ngx_chat_db_session_add(ngx_chat_db_t *db, ngx_str_t *hash,
    ngx_chat_session_t *session);
ngx_int_t ngx_chat_db_session_delete(ngx_chat_db_t *db, ngx_str_t *hash);
/* all of an operator's but the one with this hash (NULL: all) */
ngx_int_t ngx_chat_db_sessions_delete(ngx_chat_db_t *db, int64_t operator,
    ngx_str_t *except);
ngx_int_t ngx_chat_db_sessions_expire(ngx_chat_db_t *db, int64_t now);
/* whether the operator has one that is good at that time */
ngx_int_t ngx_chat_db_sessions_any(ngx_chat_db_t *db, int64_t operator,
    int64_t now, int64_t *any);

ngx_int_t ngx_chat_db_block(ngx_chat_db_t *db, ngx_pool_t *pool, int64_t id,
    ngx_chat_block_t *block);
/* the one with this key that nobody lifted; it may have expired */
ngx_int_t ngx_chat_db_block_by_key(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_block_key_t *key, ngx_chat_block_t *block);
/* its key must be free; sets its id */
ngx_int_t ngx_chat_db_block_add(ngx_chat_db_t *db, ngx_chat_block_t *block);
/* .lifted_at and .lifted_by */
ngx_int_t ngx_chat_db_block_lift(ngx_chat_db_t *db, ngx_chat_block_t *block);

/* how many this batch has added so far */
ngx_uint_t ngx_chat_db_blocks_added(ngx_chat_db_t *db);

typedef enum {
    NGX_CHAT_BLOCKS_ALL = 0,
    NGX_CHAT_BLOCKS_ACTIVE = 1,
    NGX_CHAT_BLOCKS_PAST = 2
} ngx_chat_blocks_e;

typedef struct {
    ngx_chat_blocks_e    which;
    ngx_str_t            search;    /* a pattern of LIKE, "!" escapes; empty:
                                       all */
    int64_t              visitor;   /* row; 0: anybody */
    int64_t              before;    /* id below this; 0: no bound */
    int64_t              now;       /* ms */
    ngx_uint_t           limit;
} ngx_chat_block_query_t;

/* appends ngx_chat_block_t, newest first, up to limit + 1 */
ngx_int_t ngx_chat_db_blocks(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_block_query_t *query, ngx_array_t *rows);

/*
 * The next ones in the order of their last change, up to limit; with
 * standing, those only that nobody lifted.
 */
ngx_int_t ngx_chat_db_blocks_after(ngx_chat_db_t *db, ngx_pool_t *pool,
    int64_t changed, ngx_uint_t standing, ngx_uint_t limit,
    ngx_array_t *rows);

/* the newest change, 0 when there never was one */
ngx_int_t ngx_chat_db_blocks_changed(ngx_chat_db_t *db, int64_t *changed);

/* rules of invitations; their conditions are parsed already */
ngx_int_t ngx_chat_db_trigger(ngx_chat_db_t *db, ngx_pool_t *pool,
    int64_t id, ngx_chat_trigger_t *trigger);
/* in their order; all that nobody deleted, or only those that are on */
ngx_int_t ngx_chat_db_triggers(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_uint_t enabled_only, ngx_array_t *rows);
/* behind all others; sets its id */
ngx_int_t ngx_chat_db_trigger_add(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_trigger_t *trigger);
/* all that an administrator writes of it */
ngx_int_t ngx_chat_db_trigger_update(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_trigger_t *trigger);
/* .enabled, .position (in front of what stands there), .deleted_at */
ngx_int_t ngx_chat_db_trigger_state(ngx_chat_db_t *db,
    ngx_chat_trigger_t *trigger);
/* one more; of a rule that there is not, nothing */
ngx_int_t ngx_chat_db_trigger_count(ngx_chat_db_t *db, int64_t id,
    ngx_chat_invite_outcome_e outcome);
/* a visitor's conversations: how many, and the time of the last event */
ngx_int_t ngx_chat_db_visitor_chats(ngx_chat_db_t *db, int64_t visitor,
    int64_t *n, int64_t *last);

/* the last conversation that an invitation led a visitor to: by which trigger
   (-1: by hand; 0: there is none), and when it began */
ngx_int_t ngx_chat_db_visitor_invited(ngx_chat_db_t *db, ngx_str_t *uid,
    int64_t *trigger, int64_t *opened_at);

typedef struct {
    int64_t       id;               /* a number made of site and order */
    int64_t       trigger;
    int64_t       at;               /* ms */
    int64_t       amount;           /* thousandths */
    ngx_str_t     currency;         /* may be empty */
} ngx_chat_order_t;

/* NGX_DECLINED: it is there already, or there is no such trigger */
ngx_int_t ngx_chat_db_order_add(ngx_chat_db_t *db, ngx_chat_order_t *order);
/* appends ngx_chat_sale_t: what a trigger's orders came to */
ngx_int_t ngx_chat_db_sales(ngx_chat_db_t *db, ngx_pool_t *pool,
    int64_t trigger, ngx_array_t *rows);

/* until when a visitor is not to be invited, ms; 0: nothing is known */
ngx_int_t ngx_chat_db_quiet(ngx_chat_db_t *db, uint64_t topic,
    int64_t *until);
/* never sooner than it is; forgets some that are over by now */
ngx_int_t ngx_chat_db_quiet_put(ngx_chat_db_t *db, uint64_t topic,
    int64_t until, int64_t now);

/* who did what to what: what admins do, log-ins, log-in failures */
ngx_int_t ngx_chat_db_audit(ngx_chat_db_t *db, int64_t at, int64_t operator,
    const char *action, int64_t object, ngx_str_t *detail);

/*
 * How much there is.  The conversations of a state are counted by an index:
 * of those that are open there are few, of closed ones there may be many.
 */
ngx_int_t ngx_chat_db_conversation_count(ngx_chat_db_t *db,
    ngx_chat_conversation_state_e state, int64_t *n);
ngx_int_t ngx_chat_db_session_count(ngx_chat_db_t *db, int64_t now,
    int64_t *n);

/* bytes of the database and of its log, 0 when they can't be looked at */
void ngx_chat_db_size(ngx_chat_db_t *db, int64_t *file, int64_t *wal);

/* the version of the library; any thread */
const char *ngx_chat_db_library(void);


#endif /* NGX_CHAT_DB_H */
