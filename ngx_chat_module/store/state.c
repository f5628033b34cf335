
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * How much there is in the database, and how large it is: db.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/sqlite.h"


static ngx_int_t ngx_chat_db_count(ngx_chat_db_t *db, ngx_chat_sql_e sql,
    int64_t of, int64_t *n);
static int64_t ngx_chat_db_file_size(ngx_chat_db_t *db, const char *suffix);


ngx_int_t
ngx_chat_db_conversation_count(ngx_chat_db_t *db,
    ngx_chat_conversation_state_e state, int64_t *n)
{
    return ngx_chat_db_count(db, NGX_CHAT_SQL_CONVERSATION_COUNT, state, n);
}


ngx_int_t
ngx_chat_db_session_count(ngx_chat_db_t *db, int64_t now, int64_t *n)
{
    return ngx_chat_db_count(db, NGX_CHAT_SQL_SESSION_COUNT, now, n);
}


static ngx_int_t
ngx_chat_db_count(ngx_chat_db_t *db, ngx_chat_sql_e sql, int64_t of,
    int64_t *n)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, sql);
    ngx_chat_query_bind_int(&q, of);

    return ngx_chat_query_number(&q, n);
}


void
ngx_chat_db_size(ngx_chat_db_t *db, int64_t *file, int64_t *wal)
{
    *file = ngx_chat_db_file_size(db, "");
    *wal = ngx_chat_db_file_size(db, "-wal");
}


static int64_t
ngx_chat_db_file_size(ngx_chat_db_t *db, const char *suffix)
{
    u_char       path[NGX_MAX_PATH];
    struct stat  sb;

    (void) ngx_snprintf(path, NGX_MAX_PATH, "%s%s%Z", db->path, suffix);

    return stat((char *) path, &sb) == 0 ? (int64_t) sb.st_size : 0;
}


const char *
ngx_chat_db_library(void)
{
    return sqlite3_libversion();
}
