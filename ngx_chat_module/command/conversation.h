
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What operators do with conversations.  The operator's row is loaded anew
 * in each writing command: a disabled account does nothing more, whatever a
 * worker's session cache says (CREDENTIALS).
 */

#ifndef NGX_CHAT_COMMAND_CONVERSATION_H
#define NGX_CHAT_COMMAND_CONVERSATION_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"


typedef struct {
    int64_t       operator;         /* who asks */
    int64_t       now;              /* ms */
    int64_t       id;               /* conversation */
    ngx_uint_t    force;            /* take */
    ngx_str_t     client_id;        /* reply */
    ngx_str_t     text;             /* reply */
    int64_t       up_to;            /* read */
    ngx_uint_t    states;           /* list: bit 1 << state */
    ngx_uint_t    mine;             /* list */
    int64_t       before;           /* list, events; 0: newest */
    ngx_uint_t    limit;            /* list, events */
    uint64_t      topic;            /* typing: out, the visitor's */
    ngx_str_t     name;             /* typing: out, the operator's */
    ngx_uint_t    state;            /* typing: out */
} ngx_chat_conversation_args_t;


/* read: {"conversations":[...],"cursor":...,"more":...} */
ngx_int_t ngx_chat_conversation_list(ngx_chat_job_t *job, ngx_chat_db_t *db);
/* read: {"conversation":...} or NOT_FOUND */
ngx_int_t ngx_chat_conversation_get(ngx_chat_job_t *job, ngx_chat_db_t *db);
/* read: {"events":[...],"more":...}, oldest of the page first; NOT_FOUND */
ngx_int_t ngx_chat_conversation_history(ngx_chat_job_t *job,
    ngx_chat_db_t *db);
/* read: {"conversations":[...]}, others of the same person; NOT_FOUND */
ngx_int_t ngx_chat_conversation_earlier(ngx_chat_job_t *job,
    ngx_chat_db_t *db);
/* read: fills in .topic, .name, .state; EMPTY or NOT_FOUND */
ngx_int_t ngx_chat_conversation_typing(ngx_chat_job_t *job,
    ngx_chat_db_t *db);

/* write: OK with {"conversation":...}, or NOT_FOUND, TAKEN, ROLE, CLOSED */
ngx_int_t ngx_chat_conversation_assign(ngx_chat_job_t *job,
    ngx_chat_db_t *db);
/* write: CREATED or OK (known client_id) with {"event":...,
   "conversation":...}, or NOT_FOUND, TAKEN, CLOSED, CLIENT_ID */
ngx_int_t ngx_chat_conversation_send(ngx_chat_job_t *job, ngx_chat_db_t *db);
/* write: EMPTY or NOT_FOUND */
ngx_int_t ngx_chat_conversation_mark(ngx_chat_job_t *job, ngx_chat_db_t *db);
/* write: OK with {"conversation":...}, or NOT_FOUND, TAKEN */
ngx_int_t ngx_chat_conversation_end(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_CONVERSATION_H */
