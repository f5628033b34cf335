
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What commands about sessions and about accounts share; the commands
 * themselves are declared in operator.h.
 */

#ifndef NGX_CHAT_COMMAND_ACCOUNT_H
#define NGX_CHAT_COMMAND_ACCOUNT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/operator.h"


/* .login, .name, .hash, .role of the arguments as a new account; NGX_DECLINED
   when the login exists */
ngx_int_t ngx_chat_account_add(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_operator_t *op);

/* CREDENTIALS when .found says that another password was verified */
ngx_int_t ngx_chat_account_verified(ngx_chat_job_t *job,
    ngx_chat_operator_t *op);

/* tells the workers to look up the account's sessions again */
ngx_int_t ngx_chat_account_changed(ngx_chat_db_t *db, int64_t operator,
    int64_t now);

/* the account, with whether the operator is there */
void ngx_chat_account_json(ngx_chat_job_t *job, ngx_chat_json_out_t *o,
    const char *name, ngx_chat_operator_t *op);

/* {"operator":...} */
ngx_int_t ngx_chat_account_answer(ngx_chat_job_t *job,
    ngx_chat_operator_t *op, ngx_chat_result_e result);


#endif /* NGX_CHAT_COMMAND_ACCOUNT_H */
