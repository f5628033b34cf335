
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Rows of operators and of what they did: db.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/sqlite.h"


static void ngx_chat_db_operator_row(ngx_chat_query_t *q, void *row);


ngx_int_t
ngx_chat_db_operator(ngx_chat_db_t *db, ngx_pool_t *pool, int64_t id,
    ngx_chat_operator_t *op)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_OPERATOR);
    ngx_chat_query_bind_int(&q, id);

    return ngx_chat_query_one(&q, ngx_chat_db_operator_row, op);
}


ngx_int_t
ngx_chat_db_operator_by_login(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_str_t *login, ngx_chat_operator_t *op)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_OPERATOR_BY_LOGIN);
    ngx_chat_query_bind_text(&q, login);

    return ngx_chat_query_one(&q, ngx_chat_db_operator_row, op);
}


static void
ngx_chat_db_operator_row(ngx_chat_query_t *q, void *row)
{
    ngx_chat_operator_t *op = row;

    ngx_memzero(op, sizeof(ngx_chat_operator_t));

    op->id = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &op->login);
    ngx_chat_query_text(q, &op->name);
    ngx_chat_query_text(q, &op->password);
    op->role = (ngx_chat_role_e) ngx_chat_query_int(q);
    op->status = (ngx_chat_status_e) ngx_chat_query_int(q);
    op->disabled = ngx_chat_query_int(q) ? 1 : 0;
    op->created_at = ngx_chat_query_int(q);
}


ngx_int_t
ngx_chat_db_operators(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_uint_t enabled_only, ngx_array_t *rows)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_OPERATORS);
    ngx_chat_query_bind_int(&q, enabled_only ? 0 : 1);

    return ngx_chat_query_all(&q, ngx_chat_db_operator_row, rows);
}


ngx_int_t
ngx_chat_db_operator_add(ngx_chat_db_t *db, ngx_chat_operator_t *op)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_OPERATOR_ADD);
    ngx_chat_query_bind_text(&q, &op->login);
    ngx_chat_query_bind_text(&q, &op->name);
    ngx_chat_query_bind_text(&q, &op->password);
    ngx_chat_query_bind_int(&q, op->role);
    ngx_chat_query_bind_int(&q, op->status);
    ngx_chat_query_bind_int(&q, op->disabled);
    ngx_chat_query_bind_int(&q, op->created_at);

    db->accounts = 1;

    return ngx_chat_query_insert(&q, &op->id);
}


ngx_int_t
ngx_chat_db_operator_update(ngx_chat_db_t *db, ngx_chat_operator_t *op)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_OPERATOR_UPDATE);
    ngx_chat_query_bind_text(&q, &op->name);
    ngx_chat_query_bind_text(&q, &op->password);
    ngx_chat_query_bind_int(&q, op->role);
    ngx_chat_query_bind_int(&q, op->status);
    ngx_chat_query_bind_int(&q, op->disabled);
    ngx_chat_query_bind_int(&q, op->id);

    return ngx_chat_query_change(&q);
}


ngx_int_t
ngx_chat_db_operator_count(ngx_chat_db_t *db, ngx_chat_role_e role,
    int64_t *n)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_OPERATOR_COUNT);
    ngx_chat_query_bind_int(&q, role);

    return ngx_chat_query_number(&q, n);
}


ngx_int_t
ngx_chat_db_operator_any(ngx_chat_db_t *db, int64_t *n)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_OPERATOR_ANY);

    return ngx_chat_query_number(&q, n);
}


ngx_int_t
ngx_chat_db_audit(ngx_chat_db_t *db, int64_t at, int64_t operator,
    const char *action, int64_t object, ngx_str_t *detail)
{
    ngx_str_t         name, none;
    ngx_chat_query_t  q;

    name.data = (u_char *) action;
    name.len = ngx_strlen(action);

    ngx_str_null(&none);

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_AUDIT);
    ngx_chat_query_bind_int(&q, at);
    ngx_chat_query_bind_ref(&q, operator);
    ngx_chat_query_bind_text(&q, &name);
    ngx_chat_query_bind_int(&q, object);
    ngx_chat_query_bind_text(&q, detail ? detail : &none);

    return ngx_chat_query_run(&q);
}
