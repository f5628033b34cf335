
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What all commands share.  A command is a job's run function: it loads rows,
 * lets the domain decide, stores what was decided and renders the answer into
 * job->body.  Those that write are handed to ngx_chat_store_write(), those
 * that read to ngx_chat_store_read().  Arguments stand in job->args; their
 * strings are in the job's pool.
 */

#ifndef NGX_CHAT_COMMAND_H
#define NGX_CHAT_COMMAND_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/conversation.h"
#include "domain/effects.h"
#include "hub/presence.h"
#include "store/db.h"
#include "store/job.h"


/* job->result; the API has a table from these to HTTP */

typedef enum {
    NGX_CHAT_RESULT_OK = 0,
    NGX_CHAT_RESULT_CREATED,
    NGX_CHAT_RESULT_EMPTY,              /* done, nothing to say: 204 */
    NGX_CHAT_RESULT_NOT_FOUND,
    NGX_CHAT_RESULT_CLOSED,             /* conversation-closed */
    NGX_CHAT_RESULT_TAKEN,              /* conversation-taken */
    NGX_CHAT_RESULT_ROLE,               /* the role is too low */
    NGX_CHAT_RESULT_CLIENT_ID,          /* used in another conversation */
    NGX_CHAT_RESULT_LOGIN_TAKEN,
    NGX_CHAT_RESULT_LAST_ADMIN,
    NGX_CHAT_RESULT_SET_UP,             /* an account exists already */
    NGX_CHAT_RESULT_CODE,               /* wrong one-time code */
    NGX_CHAT_RESULT_CREDENTIALS,        /* login or password wrong, disabled */
    NGX_CHAT_RESULT_BLOCKED,            /* the visitor is */
    NGX_CHAT_RESULT_BLOCKS_FULL,        /* the zone has no room for a block */
    NGX_CHAT_RESULT_BRAKED,             /* a brake holds a message */
    NGX_CHAT_RESULT_TRIGGERS_FULL,      /* there are too many rules */
    NGX_CHAT_RESULT_FORM,               /* is to be filled in first */
    NGX_CHAT_RESULT_WRONG               /* a field; the command says which */
} ngx_chat_result_e;


/*
 * Stores the events of a decision and the conversation, in that order, with
 * ngx_chat_conversation_applied() between.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_chat_command_apply(ngx_chat_db_t *db,
    ngx_chat_conversation_t *c, ngx_chat_effects_t *fx);

/* a refusal of the domain as a result; always returns NGX_DECLINED */
ngx_int_t ngx_chat_command_refuse(ngx_chat_job_t *job, ngx_int_t refusal);


/*
 * A page of events ends when it is as large as this: it stays in memory until
 * a client, who may be slow, has taken it.
 */
#define NGX_CHAT_PAGE_BYTES  131072


/* a refusal of the command's own; always returns NGX_DECLINED */
ngx_int_t ngx_chat_command_decline(ngx_chat_job_t *job,
    ngx_chat_result_e result);

/*
 * A row that is needed was not there: for NGX_DECLINED the result and
 * NGX_DECLINED, for anything else NGX_ERROR.
 */
ngx_int_t ngx_chat_command_missing(ngx_chat_job_t *job, ngx_int_t rc,
    ngx_chat_result_e result);

/* loads who asks; CREDENTIALS when there is no such account or a disabled
   one, ROLE when its role is below this one */
ngx_int_t ngx_chat_command_operator(ngx_chat_job_t *job, ngx_chat_db_t *db,
    int64_t id, ngx_chat_role_e role, ngx_chat_operator_t *op);

/* ends the answer; NGX_OK with the result, or NGX_ERROR */
ngx_int_t ngx_chat_command_answer(ngx_chat_job_t *job, ngx_chat_json_out_t *o,
    ngx_chat_result_e result);

/*
 * "events" and "more" of a page: rows came newest first, up to limit + 1 of
 * them, and stand oldest first in the answer.  It may end before the limit.
 */
ngx_int_t ngx_chat_command_page(ngx_chat_job_t *job, ngx_chat_json_out_t *o,
    ngx_array_t *rows, ngx_uint_t limit);

/*
 * {"event":...,"conversation":...}: the message of a decision that was
 * applied, or an earlier one, and the conversation as render shows it.
 * Without an event NGX_ERROR.
 */
ngx_int_t ngx_chat_command_sent(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_event_t *event, ngx_chat_conversation_t *c,
    ngx_chat_conversation_json_pt render, ngx_chat_result_e result);

/*
 * Which result a message has that is there already: of an earlier request, or
 * of this one, which was begun before and committed.
 */
ngx_chat_result_e ngx_chat_command_repeated(ngx_chat_job_t *job,
    ngx_chat_event_t *event, int64_t now);

/* the message among the events of a decision */
ngx_chat_event_t *ngx_chat_command_message(ngx_chat_effects_t *fx);


#endif /* NGX_CHAT_COMMAND_H */
