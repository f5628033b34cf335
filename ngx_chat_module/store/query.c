
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A run of a prepared statement.  It is reset at its end whatever happened,
 * so that none keeps a snapshot open.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/sqlite.h"


static void ngx_chat_query_bound(ngx_chat_query_t *q, int rc);


void
ngx_chat_query(ngx_chat_query_t *q, ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_sql_e sql)
{
    q->db = db;
    q->pool = pool;
    q->stmt = db->statements[sql];
    q->parameter = 0;
    q->column = 0;
    q->failed = 0;
}


void
ngx_chat_query_bind_int(ngx_chat_query_t *q, int64_t value)
{
    ngx_chat_query_bound(q, sqlite3_bind_int64(q->stmt, ++q->parameter,
                                               value));
}


void
ngx_chat_query_bind_text(ngx_chat_query_t *q, ngx_str_t *value)
{
    ngx_chat_query_bound(q, sqlite3_bind_text64(q->stmt, ++q->parameter,
                                value->len ? (char *) value->data : "",
                                value->len, SQLITE_STATIC, SQLITE_UTF8));
}


void
ngx_chat_query_bind_blob(ngx_chat_query_t *q, ngx_str_t *value)
{
    ngx_chat_query_bound(q, sqlite3_bind_blob64(q->stmt, ++q->parameter,
                                value->len ? (char *) value->data : "",
                                value->len, SQLITE_STATIC));
}


void
ngx_chat_query_bind_ref(ngx_chat_query_t *q, int64_t value)
{
    if (value) {
        ngx_chat_query_bind_int(q, value);
        return;
    }

    ngx_chat_query_bound(q, sqlite3_bind_null(q->stmt, ++q->parameter));
}


void
ngx_chat_query_bind_option(ngx_chat_query_t *q, ngx_str_t *value)
{
    if (value->len) {
        ngx_chat_query_bind_text(q, value);
        return;
    }

    ngx_chat_query_bound(q, sqlite3_bind_null(q->stmt, ++q->parameter));
}


static void
ngx_chat_query_bound(ngx_chat_query_t *q, int rc)
{
    if (rc != SQLITE_OK && !q->failed) {
        (void) ngx_chat_sqlite_failed(q->db, "sqlite3_bind()");
        q->failed = 1;
    }
}


ngx_int_t
ngx_chat_query_step(ngx_chat_query_t *q)
{
    if (q->failed) {
        return NGX_ERROR;
    }

    q->column = 0;

    switch (sqlite3_step(q->stmt)) {

    case SQLITE_ROW:
        return NGX_OK;

    case SQLITE_DONE:
        return NGX_DONE;
    }

    q->failed = 1;

    return ngx_chat_sqlite_failed(q->db, "sqlite3_step()");
}


int64_t
ngx_chat_query_int(ngx_chat_query_t *q)
{
    return sqlite3_column_int64(q->stmt, q->column++);
}


void
ngx_chat_query_text(ngx_chat_query_t *q, ngx_str_t *value)
{
    int          column;
    const void  *data;

    column = q->column++;

    /* as it is stored: asking for text would make SQLite copy it for a NUL */

    data = sqlite3_column_blob(q->stmt, column);

    value->len = sqlite3_column_bytes(q->stmt, column);
    value->data = ngx_pnalloc(q->pool, value->len + 1);

    if (value->data == NULL || (data == NULL && value->len)) {
        value->len = 0;
        q->failed = 1;
        return;
    }

    if (value->len) {
        ngx_memcpy(value->data, data, value->len);
    }

    value->data[value->len] = '\0';
}


ngx_int_t
ngx_chat_query_end(ngx_chat_query_t *q)
{
    (void) sqlite3_reset(q->stmt);

    return q->failed ? NGX_ERROR : NGX_OK;
}


ngx_int_t
ngx_chat_query_one(ngx_chat_query_t *q, ngx_chat_query_read_pt read, void *row)
{
    ngx_int_t  rc;

    rc = ngx_chat_query_step(q);

    if (rc == NGX_OK) {
        read(q, row);
    }

    if (ngx_chat_query_end(q) != NGX_OK) {
        return NGX_ERROR;
    }

    return rc == NGX_OK ? NGX_OK : NGX_DECLINED;
}


ngx_int_t
ngx_chat_query_all(ngx_chat_query_t *q, ngx_chat_query_read_pt read,
    ngx_array_t *rows)
{
    void  *row;

    while (ngx_chat_query_step(q) == NGX_OK) {

        row = ngx_array_push(rows);
        if (row == NULL) {
            q->failed = 1;
            break;
        }

        read(q, row);
    }

    return ngx_chat_query_end(q);
}


ngx_int_t
ngx_chat_query_number(ngx_chat_query_t *q, int64_t *n)
{
    if (ngx_chat_query_step(q) == NGX_OK) {
        *n = ngx_chat_query_int(q);
    }

    return ngx_chat_query_end(q);
}


ngx_int_t
ngx_chat_query_run(ngx_chat_query_t *q)
{
    (void) ngx_chat_query_step(q);

    return ngx_chat_query_end(q);
}


ngx_int_t
ngx_chat_query_change(ngx_chat_query_t *q)
{
    if (ngx_chat_query_run(q) != NGX_OK) {
        return NGX_ERROR;
    }

    return sqlite3_changes(q->db->handle) ? NGX_OK : NGX_DECLINED;
}


ngx_int_t
ngx_chat_query_insert(ngx_chat_query_t *q, int64_t *id)
{
    ngx_int_t  rc;

    rc = ngx_chat_query_change(q);

    if (rc == NGX_OK) {
        *id = sqlite3_last_insert_rowid(q->db->handle);
    }

    return rc;
}


ngx_int_t
ngx_chat_query_plain(ngx_chat_db_t *db, ngx_chat_sql_e sql)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, sql);

    return ngx_chat_query_run(&q);
}
