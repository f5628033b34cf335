
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Rules of invitations, as administrators make them.
 */

#ifndef NGX_CHAT_COMMAND_TRIGGER_H
#define NGX_CHAT_COMMAND_TRIGGER_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/field.h"
#include "command/command.h"


typedef struct {
    int64_t               operator;     /* who asks */
    int64_t               now;          /* ms */
    int64_t               id;           /* all but list and add */
    ngx_chat_trigger_t    trigger;      /* add, update */
    ngx_chat_tristate_e   enabled;      /* state */
    ngx_chat_tristate_e   deleted;      /* state */
    int64_t               position;     /* state; 0: as it is */
} ngx_chat_trigger_args_t;


/* read: {"triggers":[...]}, in their order */
ngx_int_t ngx_chat_trigger_list(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* writes: CREATED with {"trigger":...}; TRIGGERS_FULL */
ngx_int_t ngx_chat_trigger_add(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* writes: OK with {"trigger":...}, or NOT_FOUND */
ngx_int_t ngx_chat_trigger_update(ngx_chat_job_t *job, ngx_chat_db_t *db);

/*
 * The same: on or off, in front of what stands at a position, deleted or not.
 * One that was deleted comes back with its figures.
 */
ngx_int_t ngx_chat_trigger_state(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* the same: deleted; EMPTY */
ngx_int_t ngx_chat_trigger_delete(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_TRIGGER_H */
