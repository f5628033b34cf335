
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Rows of visitors: db.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/sqlite.h"


static void ngx_chat_db_visitor_bind_known(ngx_chat_query_t *q,
    ngx_chat_visitor_t *visitor);


ngx_int_t
ngx_chat_db_visitor(ngx_chat_db_t *db, ngx_pool_t *pool, int64_t id,
    ngx_chat_visitor_t *visitor)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_VISITOR);
    ngx_chat_query_bind_int(&q, id);

    return ngx_chat_query_one(&q, ngx_chat_db_visitor_row, visitor);
}


ngx_int_t
ngx_chat_db_visitor_by_uid(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_str_t *uid, ngx_chat_visitor_t *visitor)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_VISITOR_BY_UID);
    ngx_chat_query_bind_blob(&q, uid);

    return ngx_chat_query_one(&q, ngx_chat_db_visitor_row, visitor);
}


void
ngx_chat_db_visitor_row(ngx_chat_query_t *q, void *row)
{
    ngx_chat_visitor_t *visitor = row;

    visitor->id = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &visitor->uid);
    visitor->topic = (uint64_t) ngx_chat_query_int(q);
    ngx_chat_query_text(q, &visitor->name);
    ngx_chat_query_text(q, &visitor->email);
    ngx_chat_query_text(q, &visitor->facts);
    ngx_chat_query_text(q, &visitor->locale);
    visitor->created_at = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &visitor->user_id);
    ngx_chat_query_text(q, &visitor->user_name);
    ngx_chat_query_text(q, &visitor->user_email);
    ngx_chat_query_text(q, &visitor->form);
}


ngx_int_t
ngx_chat_db_visitor_add(ngx_chat_db_t *db, ngx_chat_visitor_t *visitor)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_VISITOR_ADD);
    ngx_chat_query_bind_blob(&q, &visitor->uid);
    ngx_chat_query_bind_int(&q, (int64_t) visitor->topic);
    ngx_chat_query_bind_text(&q, &visitor->name);
    ngx_chat_query_bind_text(&q, &visitor->email);
    ngx_chat_query_bind_text(&q, &visitor->facts);
    ngx_chat_query_bind_text(&q, &visitor->locale);
    ngx_chat_query_bind_int(&q, visitor->created_at);
    ngx_chat_db_visitor_bind_known(&q, visitor);

    return ngx_chat_query_insert(&q, &visitor->id);
}


ngx_int_t
ngx_chat_db_visitor_say(ngx_chat_db_t *db, ngx_chat_visitor_t *visitor)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_VISITOR_SAY);
    ngx_chat_query_bind_text(&q, &visitor->name);
    ngx_chat_query_bind_text(&q, &visitor->email);
    ngx_chat_query_bind_text(&q, &visitor->facts);
    ngx_chat_db_visitor_bind_known(&q, visitor);
    ngx_chat_query_bind_int(&q, visitor->id);

    return ngx_chat_query_run(&q);
}


ngx_int_t
ngx_chat_db_visitor_form(ngx_chat_db_t *db, ngx_chat_visitor_t *visitor)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_VISITOR_FORM);
    ngx_chat_query_bind_text(&q, &visitor->form);
    ngx_chat_query_bind_int(&q, visitor->id);

    return ngx_chat_query_run(&q);
}


ngx_int_t
ngx_chat_db_visitor_ghost(ngx_chat_db_t *db, ngx_chat_visitor_t *visitor)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_VISITOR_GHOST);
    ngx_chat_query_bind_text(&q, &visitor->name);
    ngx_chat_query_bind_int(&q, visitor->id);

    return ngx_chat_query_run(&q);
}


static void
ngx_chat_db_visitor_bind_known(ngx_chat_query_t *q,
    ngx_chat_visitor_t *visitor)
{
    ngx_chat_query_bind_text(q, &visitor->user_id);
    ngx_chat_query_bind_text(q, &visitor->user_name);
    ngx_chat_query_bind_text(q, &visitor->user_email);
    ngx_chat_query_bind_text(q, &visitor->form);
}
