
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Rows of conversations: db.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/sqlite.h"


static void ngx_chat_db_conversation_row(ngx_chat_query_t *q, void *row);
static void ngx_chat_db_conversation_bind(ngx_chat_query_t *q,
    ngx_chat_conversation_t *c);


ngx_int_t
ngx_chat_db_conversation(ngx_chat_db_t *db, ngx_pool_t *pool, int64_t id,
    ngx_chat_conversation_t *c)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_CONVERSATION);
    ngx_chat_query_bind_int(&q, id);

    return ngx_chat_query_one(&q, ngx_chat_db_conversation_row, c);
}


ngx_int_t
ngx_chat_db_visitor_conversation(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_str_t *uid, ngx_chat_visitor_t *visitor, ngx_chat_conversation_t *c)
{
    ngx_int_t         rc;
    ngx_chat_query_t  q;

    ngx_memzero(visitor, sizeof(ngx_chat_visitor_t));
    ngx_memzero(c, sizeof(ngx_chat_conversation_t));

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_VISITOR_CONVERSATION);
    ngx_chat_query_bind_blob(&q, uid);

    rc = ngx_chat_query_step(&q);

    if (rc == NGX_OK) {
        ngx_chat_db_visitor_row(&q, visitor);
        ngx_chat_db_conversation_row(&q, c);
    }

    if (ngx_chat_query_end(&q) != NGX_OK) {
        return NGX_ERROR;
    }

    return rc == NGX_DONE ? NGX_DECLINED : rc;
}


static void
ngx_chat_db_conversation_row(ngx_chat_query_t *q, void *row)
{
    ngx_chat_conversation_t *c = row;

    ngx_memzero(c, sizeof(ngx_chat_conversation_t));

    c->id = ngx_chat_query_int(q);
    c->state = (ngx_chat_conversation_state_e) ngx_chat_query_int(q);
    c->visitor = ngx_chat_query_int(q);
    c->topic = (uint64_t) ngx_chat_query_int(q);
    ngx_chat_query_text(q, &c->visitor_name);
    ngx_chat_query_text(q, &c->visitor_email);
    ngx_chat_query_text(q, &c->visitor_facts);
    ngx_chat_query_text(q, &c->user_id);
    ngx_chat_query_text(q, &c->user_name);
    ngx_chat_query_text(q, &c->user_email);
    ngx_chat_query_text(q, &c->visitor_form);
    c->operator = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &c->operator_name);
    c->opened_at = ngx_chat_query_int(q);
    c->closed_at = ngx_chat_query_int(q);
    c->updated_at = ngx_chat_query_int(q);
    c->last_event = ngx_chat_query_int(q);
    c->visitor_read = ngx_chat_query_int(q);
    c->operator_read = ngx_chat_query_int(q);
    c->visitor_unread = ngx_chat_query_int(q);
    c->operator_unread = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &c->last_text);
    c->last_text_at = ngx_chat_query_int(q);
    c->last_text_by = (ngx_chat_author_e) ngx_chat_query_int(q);
    ngx_chat_query_text(q, &c->page_url);
    ngx_chat_query_text(q, &c->page_title);
    ngx_chat_query_text(q, &c->locale);
    c->ghost = ngx_chat_query_int(q) ? 1 : 0;
    c->ghost_event = ngx_chat_query_int(q);
    c->invited = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &c->invited_name);
}


ngx_int_t
ngx_chat_db_conversation_add(ngx_chat_db_t *db, ngx_chat_conversation_t *c)
{
    ngx_int_t         rc;
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_CONVERSATION_ADD);
    ngx_chat_query_bind_int(&q, c->state);
    ngx_chat_query_bind_int(&q, c->visitor);
    ngx_chat_query_bind_ref(&q, c->operator);
    ngx_chat_query_bind_int(&q, c->opened_at);
    ngx_chat_query_bind_int(&q, c->closed_at);
    ngx_chat_db_conversation_bind(&q, c);
    ngx_chat_query_bind_text(&q, &c->page_url);
    ngx_chat_query_bind_text(&q, &c->page_title);
    ngx_chat_query_bind_text(&q, &c->locale);
    ngx_chat_query_bind_int(&q, c->ghost);
    ngx_chat_query_bind_int(&q, c->invited);

    rc = ngx_chat_query_insert(&q, &c->id);

    return rc == NGX_OK && c->invited > 0 && !c->ghost
           ? ngx_chat_db_trigger_count(db, c->invited,
                                       NGX_CHAT_INVITE_CONVERSATION)
           : rc;
}


ngx_int_t
ngx_chat_db_conversation_update(ngx_chat_db_t *db, ngx_chat_conversation_t *c)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_CONVERSATION_UPDATE);
    ngx_chat_db_conversation_bind(&q, c);
    ngx_chat_query_bind_int(&q, c->id);

    return ngx_chat_query_change(&q);
}


/* what each event changes */

static void
ngx_chat_db_conversation_bind(ngx_chat_query_t *q, ngx_chat_conversation_t *c)
{
    ngx_chat_query_bind_int(q, c->updated_at);
    ngx_chat_query_bind_int(q, c->last_event);
    ngx_chat_query_bind_int(q, c->visitor_read);
    ngx_chat_query_bind_int(q, c->operator_read);
    ngx_chat_query_bind_int(q, c->visitor_unread);
    ngx_chat_query_bind_int(q, c->operator_unread);
    ngx_chat_query_bind_text(q, &c->last_text);
    ngx_chat_query_bind_int(q, c->last_text_at);
    ngx_chat_query_bind_int(q, c->last_text_by);
}


ngx_int_t
ngx_chat_db_conversation_move(ngx_chat_db_t *db, ngx_chat_conversation_t *c)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_CONVERSATION_MOVE);
    ngx_chat_query_bind_int(&q, c->state);
    ngx_chat_query_bind_ref(&q, c->operator);
    ngx_chat_query_bind_int(&q, c->closed_at);
    ngx_chat_query_bind_int(&q, c->id);

    return ngx_chat_query_change(&q);
}


ngx_int_t
ngx_chat_db_conversation_ghost(ngx_chat_db_t *db, ngx_chat_conversation_t *c)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_CONVERSATION_GHOST);
    ngx_chat_query_bind_int(&q, c->ghost);
    ngx_chat_query_bind_int(&q, c->ghost_event);
    ngx_chat_query_bind_int(&q, c->id);

    return ngx_chat_query_change(&q);
}


ngx_int_t
ngx_chat_db_conversations(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_conversation_query_t *query, ngx_array_t *rows)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool,
                   query->operator ? NGX_CHAT_SQL_CONVERSATIONS_OF_OPERATOR
                                   : NGX_CHAT_SQL_CONVERSATIONS);

    ngx_chat_query_bind_int(&q, (int64_t) query->states);
    ngx_chat_query_bind_int(&q, query->before ? query->before
                                              : INT64_MAX);
    if (query->operator) {
        ngx_chat_query_bind_int(&q, query->operator);
    }

    ngx_chat_query_bind_int(&q, (int64_t) query->limit + 1);

    return ngx_chat_query_all(&q, ngx_chat_db_conversation_row, rows);
}


ngx_int_t
ngx_chat_db_conversations_earlier(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_conversation_t *c, ngx_uint_t limit, ngx_array_t *rows)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_CONVERSATIONS_EARLIER);
    ngx_chat_query_bind_int(&q, c->visitor);
    ngx_chat_query_bind_text(&q, &c->user_id);
    ngx_chat_query_bind_int(&q, c->id);
    ngx_chat_query_bind_int(&q, (int64_t) limit);

    return ngx_chat_query_all(&q, ngx_chat_db_conversation_row, rows);
}


ngx_int_t
ngx_chat_db_unread(ngx_chat_db_t *db, int64_t conversation,
    ngx_chat_author_e by, int64_t after, int64_t *n)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_UNREAD);
    ngx_chat_query_bind_int(&q, conversation);
    ngx_chat_query_bind_int(&q, after);
    ngx_chat_query_bind_int(&q, by);

    return ngx_chat_query_number(&q, n);
}
