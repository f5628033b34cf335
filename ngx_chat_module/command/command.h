
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
    NGX_CHAT_RESULT_CREDENTIALS         /* login or password wrong, disabled */
} ngx_chat_result_e;


/*
 * Stores the events of a decision and the conversation, in that order, with
 * ngx_chat_conversation_applied() between.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_chat_command_apply(ngx_chat_db_t *db,
    ngx_chat_conversation_t *c, ngx_chat_effects_t *fx);

/* a refusal of the domain as a result; always returns NGX_DECLINED */
ngx_int_t ngx_chat_command_refuse(ngx_chat_job_t *job, ngx_int_t refusal);


#endif /* NGX_CHAT_COMMAND_H */
