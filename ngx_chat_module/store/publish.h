
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * From the database to the ring, through the functions of the store's conf.
 * Writer, with the lock held and no transaction open.
 */

#ifndef NGX_CHAT_PUBLISH_H
#define NGX_CHAT_PUBLISH_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/sqlite.h"
#include "store/store.h"


/* after a commit: db->records, and before them what the ring lacks */
void ngx_chat_publish_batch(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf);

/*
 * What others committed and didn't publish.  Sets the ring's base when it has
 * none, or when it is ahead of the database: that was replaced.
 */
void ngx_chat_publish_missing(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf);

/*
 * Blocks that were changed, by whomever, since the last ones that were handed
 * over; all of them when that was none.
 */
void ngx_chat_publish_blocks(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf);


#endif /* NGX_CHAT_PUBLISH_H */
