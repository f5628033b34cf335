
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The version of the database, and how it gets there.  Writer only, but for
 * the check.
 */

#ifndef NGX_CHAT_SCHEMA_H
#define NGX_CHAT_SCHEMA_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/sqlite.h"


/* "chat", in the file's header */
#define NGX_CHAT_APPLICATION_ID  0x63686174


typedef struct {
    ngx_uint_t     version;         /* 0 ends the table */
    const char    *ddl;
} ngx_chat_migration_t;


extern ngx_chat_migration_t  ngx_chat_migrations[];


/* the newest version of a table of migrations */
ngx_uint_t ngx_chat_schema_newest(ngx_chat_migration_t *migrations);

/*
 * Brings the database to the newest version; the caller holds the lock.
 * NGX_DECLINED: it is newer than this module, or not one of ours (logged).
 */
ngx_int_t ngx_chat_schema_migrate(ngx_chat_db_t *db,
    ngx_chat_migration_t *migrations);

/* NGX_OK when the database has this module's version, else NGX_DECLINED */
ngx_int_t ngx_chat_schema_check(ngx_chat_db_t *db);


#endif /* NGX_CHAT_SCHEMA_H */
