
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Rows of operators' sessions, by the hash of their token: db.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/sqlite.h"


static void ngx_chat_db_session_row(ngx_chat_query_t *q, void *row);


ngx_int_t
ngx_chat_db_session(ngx_chat_db_t *db, ngx_str_t *hash,
    ngx_chat_session_t *session)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_SESSION);
    ngx_chat_query_bind_blob(&q, hash);

    return ngx_chat_query_one(&q, ngx_chat_db_session_row, session);
}


static void
ngx_chat_db_session_row(ngx_chat_query_t *q, void *row)
{
    ngx_chat_session_t *session = row;

    session->operator = ngx_chat_query_int(q);
    session->created_at = ngx_chat_query_int(q);
    session->expires_at = ngx_chat_query_int(q);
}


ngx_int_t
ngx_chat_db_session_add(ngx_chat_db_t *db, ngx_str_t *hash,
    ngx_chat_session_t *session)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_SESSION_ADD);
    ngx_chat_query_bind_blob(&q, hash);
    ngx_chat_query_bind_int(&q, session->operator);
    ngx_chat_query_bind_int(&q, session->created_at);
    ngx_chat_query_bind_int(&q, session->expires_at);

    return ngx_chat_query_run(&q);
}


ngx_int_t
ngx_chat_db_session_delete(ngx_chat_db_t *db, ngx_str_t *hash)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_SESSION_DELETE);
    ngx_chat_query_bind_blob(&q, hash);

    return ngx_chat_query_change(&q);
}


ngx_int_t
ngx_chat_db_sessions_delete(ngx_chat_db_t *db, int64_t operator,
    ngx_str_t *except)
{
    ngx_str_t         none;
    ngx_chat_query_t  q;

    ngx_str_null(&none);

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_SESSIONS_DELETE);
    ngx_chat_query_bind_int(&q, operator);
    ngx_chat_query_bind_blob(&q, except ? except : &none);

    return ngx_chat_query_run(&q);
}


ngx_int_t
ngx_chat_db_sessions_expire(ngx_chat_db_t *db, int64_t now)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_SESSIONS_EXPIRE);
    ngx_chat_query_bind_int(&q, now);

    return ngx_chat_query_run(&q);
}


ngx_int_t
ngx_chat_db_sessions_any(ngx_chat_db_t *db, int64_t operator, int64_t now,
    int64_t *any)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_SESSIONS_ANY);
    ngx_chat_query_bind_int(&q, operator);
    ngx_chat_query_bind_int(&q, now);

    return ngx_chat_query_number(&q, any);
}
