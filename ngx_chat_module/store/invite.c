
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What is kept of invitations beside their rules: orders that they led to,
 * and who has said no.  db.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/sqlite.h"


static void ngx_chat_db_sale_row(ngx_chat_query_t *q, void *row);


ngx_int_t
ngx_chat_db_visitor_invited(ngx_chat_db_t *db, ngx_str_t *uid,
    int64_t *trigger, int64_t *opened_at)
{
    ngx_chat_query_t  q;

    *trigger = 0;
    *opened_at = 0;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_VISITOR_INVITED);
    ngx_chat_query_bind_blob(&q, uid);

    if (ngx_chat_query_step(&q) == NGX_OK) {
        *trigger = ngx_chat_query_int(&q);
        *opened_at = ngx_chat_query_int(&q);
    }

    return ngx_chat_query_end(&q);
}


ngx_int_t
ngx_chat_db_order_add(ngx_chat_db_t *db, ngx_chat_order_t *order)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_ORDER_ADD);
    ngx_chat_query_bind_int(&q, order->id);
    ngx_chat_query_bind_int(&q, order->at);
    ngx_chat_query_bind_int(&q, order->amount);
    ngx_chat_query_bind_text(&q, &order->currency);
    ngx_chat_query_bind_int(&q, order->trigger);

    return ngx_chat_query_change(&q);
}


ngx_int_t
ngx_chat_db_sales(ngx_chat_db_t *db, ngx_pool_t *pool, int64_t trigger,
    ngx_array_t *rows)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_SALES);
    ngx_chat_query_bind_int(&q, trigger);

    return ngx_chat_query_all(&q, ngx_chat_db_sale_row, rows);
}


static void
ngx_chat_db_sale_row(ngx_chat_query_t *q, void *row)
{
    ngx_chat_sale_t *sale = row;

    ngx_chat_query_text(q, &sale->currency);
    sale->amount = ngx_chat_query_int(q);
}


ngx_int_t
ngx_chat_db_quiet(ngx_chat_db_t *db, uint64_t topic, int64_t *until)
{
    ngx_chat_query_t  q;

    *until = 0;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_QUIET);
    ngx_chat_query_bind_int(&q, (int64_t) topic);

    return ngx_chat_query_number(&q, until);
}


ngx_int_t
ngx_chat_db_quiet_put(ngx_chat_db_t *db, uint64_t topic, int64_t until,
    int64_t now)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_QUIET_OVER);
    ngx_chat_query_bind_int(&q, now);

    if (ngx_chat_query_run(&q) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_QUIET_PUT);
    ngx_chat_query_bind_int(&q, (int64_t) topic);
    ngx_chat_query_bind_int(&q, until);

    return ngx_chat_query_run(&q);
}
