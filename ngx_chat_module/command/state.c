
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/state.h"


ngx_int_t
ngx_chat_state_read(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_state_args_t  *args = job->args;

    if (ngx_chat_db_conversation_count(db, NGX_CHAT_CONVERSATION_WAITING,
                                       &args->waiting)
        != NGX_OK
        || ngx_chat_db_conversation_count(db, NGX_CHAT_CONVERSATION_ACTIVE,
                                          &args->active)
           != NGX_OK
        || ngx_chat_db_session_count(db, args->now, &args->sessions)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_db_size(db, &args->file, &args->wal);

    job->result = NGX_CHAT_RESULT_EMPTY;

    return NGX_OK;
}
