
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * How much there is, for the page of metrics.
 */

#ifndef NGX_CHAT_COMMAND_STATE_H
#define NGX_CHAT_COMMAND_STATE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"


typedef struct {
    int64_t       now;                  /* ms */
    int64_t       waiting;              /* out: conversations */
    int64_t       active;               /* out: conversations */
    int64_t       sessions;             /* out: those that are valid */
    int64_t       file;                 /* out: bytes of the database */
    int64_t       wal;                  /* out: and of its log */
} ngx_chat_state_args_t;


/* reads: fills in the arguments; EMPTY */
ngx_int_t ngx_chat_state_read(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_STATE_H */
