
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * How a writer's connection writes its log.  SQLite writes a header of 24
 * bytes and a page for each page of a transaction, a dozen calls for a lone
 * message; here they are gathered, and written at once when the frame of the
 * commit comes, or when there are too many.  All else is SQLite's own "unix".
 *
 * A write that was gathered has been accepted without an error: it comes with
 * the write that ends the transaction, which is before SQLite syncs the log
 * and before it tells anybody of the frames.
 */

#ifndef NGX_CHAT_VFS_H
#define NGX_CHAT_VFS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/sqlite.h"


/* event loop, once a process; without success nothing is gathered */
void ngx_chat_vfs_setup(void);

/* for sqlite3_open_v2(): its name, or NULL for SQLite's own */
const char *ngx_chat_vfs_name(void);

/*
 * Writer: a transaction is about to begin, whose frames are to be gathered.
 * Others are written as SQLite writes them.
 */
void ngx_chat_vfs_begin(ngx_chat_db_t *db);


#endif /* NGX_CHAT_VFS_H */
