
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * One transaction for many jobs.  Writer, with the lock held.
 */

#ifndef NGX_CHAT_BATCH_H
#define NGX_CHAT_BATCH_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/sqlite.h"
#include "store/store.h"


/*
 * Runs the jobs, commits, publishes, and sets each job's rc: its own, or
 * NGX_ERROR for all of them when the transaction failed.
 */
void ngx_chat_batch_run(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf,
    ngx_chat_jobs_t *jobs);

/* sets the rc of all */
void ngx_chat_batch_fail(ngx_chat_jobs_t *jobs);


#endif /* NGX_CHAT_BATCH_H */
