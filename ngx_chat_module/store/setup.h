
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The one-time code for the first account: a file in the state directory as
 * long as there is no account.  All functions want the lock held.
 */

#ifndef NGX_CHAT_SETUP_H
#define NGX_CHAT_SETUP_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/sqlite.h"


#define NGX_CHAT_SETUP_FILE  "setup-code"


/*
 * When the database is opened: makes the file if there is no account and no
 * file, removes it if there is an account.  Failures are logged.
 */
void ngx_chat_setup_offer(ngx_chat_db_t *db);

/* after the commit that added an account */
void ngx_chat_setup_withdraw(ngx_chat_db_t *db);


#endif /* NGX_CHAT_SETUP_H */
