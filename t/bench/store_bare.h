
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * The bare loop: nothing but SQLite, with the statements of the store.
 */


#ifndef _STORE_BARE_H_INCLUDED_
#define _STORE_BARE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "domain/conversation.h"
#include "store/statement.h"


#define BENCH_TEXT        "Good morning, I ordered the blue one on Monday "  \
                          "and got the red one; can I send it back, please?"


static inline void
die(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}


static void
bench_step(sqlite3_stmt *stmt, int expected)
{
    if (sqlite3_step(stmt) != expected) {
        die("a statement failed in the bare loop");
    }
}


static void
bench_plain(sqlite3_stmt *stmt)
{
    bench_step(stmt, SQLITE_DONE);
    sqlite3_reset(stmt);
}


static void
bench_bare_message(sqlite3_stmt **stmt, u_char *uid, ngx_uint_t n)
{
    char           id[64];
    int64_t        visitor, conversation, event;
    sqlite3_stmt  *s;

    snprintf(id, sizeof(id), "%08luXabcdefghi",
             (unsigned long) n);

    s = stmt[NGX_CHAT_SQL_VISITOR_CONVERSATION];
    sqlite3_bind_blob(s, 1, uid, 16, SQLITE_STATIC);
    bench_step(s, SQLITE_ROW);
    visitor = sqlite3_column_int64(s, 0);
    conversation = sqlite3_column_int64(s, 6);
    sqlite3_reset(s);

    s = stmt[NGX_CHAT_SQL_EVENT_BY_CLIENT_ID];
    sqlite3_bind_int64(s, 1, NGX_CHAT_AUTHOR_VISITOR);
    sqlite3_bind_int64(s, 2, visitor);
    sqlite3_bind_text(s, 3, id, -1, SQLITE_STATIC);
    bench_step(s, SQLITE_DONE);
    sqlite3_reset(s);

    s = stmt[NGX_CHAT_SQL_EVENT_ADD];
    sqlite3_bind_int64(s, 1, NGX_CHAT_EVENT_MESSAGE);
    sqlite3_bind_int64(s, 2, conversation);
    sqlite3_bind_int64(s, 3, (int64_t) (1764000000000 + n));
    sqlite3_bind_int64(s, 4, NGX_CHAT_AUTHOR_VISITOR);
    sqlite3_bind_int64(s, 5, visitor);
    sqlite3_bind_text(s, 6, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 7, BENCH_TEXT, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 8, 0);
    sqlite3_bind_int64(s, 9, 0);
    bench_step(s, SQLITE_DONE);
    event = sqlite3_last_insert_rowid(sqlite3_db_handle(s));
    sqlite3_reset(s);

    s = stmt[NGX_CHAT_SQL_CONVERSATION_UPDATE];
    sqlite3_bind_int64(s, 1, (int64_t) (1764000000000 + n));
    sqlite3_bind_int64(s, 2, event);
    sqlite3_bind_int64(s, 3, event);
    sqlite3_bind_int64(s, 4, 0);
    sqlite3_bind_int64(s, 5, 0);
    sqlite3_bind_int64(s, 6, (int64_t) n);
    sqlite3_bind_text(s, 7, BENCH_TEXT, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 8, (int64_t) (1764000000000 + n));
    sqlite3_bind_int64(s, 9, NGX_CHAT_AUTHOR_VISITOR);
    sqlite3_bind_int64(s, 10, conversation);
    bench_step(s, SQLITE_DONE);
    sqlite3_reset(s);
}


static sqlite3 *
bench_bare_open(const char *state, ngx_uint_t full, sqlite3_stmt **stmt)
{
    char         path[600];
    sqlite3     *db;
    ngx_uint_t   i;

    snprintf(path, sizeof(path), "%s/chat.db", state);

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE|SQLITE_OPEN_NOMUTEX,
                        NULL)
        != SQLITE_OK
        || sqlite3_exec(db, "PRAGMA cache_size = -8192;"
                            "PRAGMA temp_store = MEMORY;", NULL, NULL, NULL)
           != SQLITE_OK
        || sqlite3_exec(db, full ? "PRAGMA synchronous = FULL"
                                    : "PRAGMA synchronous = NORMAL",
                        NULL, NULL, NULL)
           != SQLITE_OK)
    {
        die("the bare database does not open");
    }

    for (i = 0; i < NGX_CHAT_SQL_MAX; i++) {
        if (sqlite3_prepare_v3(db, ngx_chat_sql_texts[i], -1,
                               SQLITE_PREPARE_PERSISTENT, &stmt[i], NULL)
            != SQLITE_OK)
        {
            die("a statement can't be prepared");
        }
    }

    return db;
}


#endif /* _STORE_BARE_H_INCLUDED_ */
