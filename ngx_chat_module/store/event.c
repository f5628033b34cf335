
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Rows of events, and the records of this batch that are to be published:
 * db.h.  A record is rendered when its event is added; the answer to the one
 * who wrote it takes the same text.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/sqlite.h"


#define NGX_CHAT_DB_DURABLE  NGX_CHAT_EVENT_TYPING      /* below this */


static ngx_int_t ngx_chat_db_event_store(ngx_chat_db_t *db,
    ngx_chat_event_t *event);
static ngx_chat_sql_e ngx_chat_db_events_sql(ngx_chat_event_query_t *query);
static ngx_int_t ngx_chat_db_events_page(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_event_query_t *query, int64_t *bound, ngx_array_t *rows,
    ngx_uint_t room);
static void ngx_chat_db_event_row(ngx_chat_query_t *q, void *row);


ngx_int_t
ngx_chat_db_event_add(ngx_chat_db_t *db, ngx_chat_event_t *event)
{
    ngx_chat_record_t  *record;

    if (event->type < NGX_CHAT_DB_DURABLE
        && ngx_chat_db_event_store(db, event) != NGX_OK)
    {
        return NGX_ERROR;
    }

    record = ngx_array_push(&db->records);
    if (record == NULL) {
        return NGX_ERROR;
    }

    return ngx_chat_event_render(event, db->pool, record);
}


static ngx_int_t
ngx_chat_db_event_store(ngx_chat_db_t *db, ngx_chat_event_t *event)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_EVENT_ADD);
    ngx_chat_query_bind_int(&q, event->type);
    ngx_chat_query_bind_int(&q, event->conversation);
    ngx_chat_query_bind_int(&q, event->at);
    ngx_chat_query_bind_int(&q, event->author);
    ngx_chat_query_bind_int(&q, event->author_id);
    ngx_chat_query_bind_option(&q, &event->client_id);
    ngx_chat_query_bind_text(&q, &event->text);
    ngx_chat_query_bind_int(&q, event->value);
    ngx_chat_query_bind_int(&q, event->ghost);

    return ngx_chat_query_insert(&q, &event->id);
}


ngx_int_t
ngx_chat_db_event_body(ngx_chat_db_t *db, int64_t id, ngx_str_t *body)
{
    ngx_uint_t          i;
    ngx_chat_record_t  *records;

    records = db->records.elts;

    for (i = db->records.nelts; i > 0; i--) {

        if (records[i - 1].id == id) {
            *body = records[i - 1].body;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_chat_db_event_by_client_id(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_author_e author, int64_t author_id, ngx_str_t *client_id,
    ngx_chat_event_t *event)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_EVENT_BY_CLIENT_ID);
    ngx_chat_query_bind_int(&q, author);
    ngx_chat_query_bind_int(&q, author_id);
    ngx_chat_query_bind_text(&q, client_id);

    return ngx_chat_query_one(&q, ngx_chat_db_event_row, event);
}


/*
 * A page may hold events that the audience must not see; the next one is
 * read until there are enough, or no more.
 */

ngx_int_t
ngx_chat_db_events(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_event_query_t *query, ngx_array_t *rows)
{
    int64_t     bound;
    ngx_int_t   rc;
    ngx_uint_t  room, had;

    room = query->limit + 1;
    bound = query->after;

    if (query->newest_first) {
        bound = query->before ? query->before : INT64_MAX;
    }

    do {
        had = rows->nelts;

        rc = ngx_chat_db_events_page(db, pool, query, &bound, rows, room);

        room -= rows->nelts - had;

    } while (rc == NGX_AGAIN && room);

    return rc == NGX_ERROR ? NGX_ERROR : NGX_OK;
}


/* NGX_AGAIN: there may be more beyond *bound */

static ngx_int_t
ngx_chat_db_events_page(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_event_query_t *query, int64_t *bound, ngx_array_t *rows,
    ngx_uint_t room)
{
    ngx_int_t          rc;
    ngx_uint_t         n;
    ngx_chat_query_t   q;
    ngx_chat_event_t  *event;

    ngx_chat_query(&q, db, pool, ngx_chat_db_events_sql(query));
    ngx_chat_query_bind_int(&q, *bound);

    if (query->visitor || query->conversation) {
        ngx_chat_query_bind_int(&q, query->visitor ? query->visitor
                                                   : query->conversation);
    }

    ngx_chat_query_bind_int(&q, (int64_t) room);

    for (n = 0; (rc = ngx_chat_query_step(&q)) == NGX_OK; n++) {

        event = ngx_array_push(rows);
        if (event == NULL) {
            rc = NGX_ERROR;
            break;
        }

        ngx_chat_db_event_row(&q, event);

        *bound = event->id;

        if (query->audience
            && !(ngx_chat_event_audience(event) & query->audience))
        {
            rows->nelts--;
        }
    }

    if (ngx_chat_query_end(&q) != NGX_OK || rc != NGX_DONE) {
        return NGX_ERROR;
    }

    return n < room ? NGX_DONE : NGX_AGAIN;
}


static ngx_chat_sql_e
ngx_chat_db_events_sql(ngx_chat_event_query_t *query)
{
    if (query->visitor) {
        return query->newest_first ? NGX_CHAT_SQL_VISITOR_EVENTS_BEFORE
                                   : NGX_CHAT_SQL_VISITOR_EVENTS_AFTER;
    }

    if (query->conversation) {
        return query->newest_first ? NGX_CHAT_SQL_CONVERSATION_EVENTS_BEFORE
                                   : NGX_CHAT_SQL_CONVERSATION_EVENTS_AFTER;
    }

    return query->newest_first ? NGX_CHAT_SQL_EVENTS_BEFORE
                               : NGX_CHAT_SQL_EVENTS_AFTER;
}


static void
ngx_chat_db_event_row(ngx_chat_query_t *q, void *row)
{
    ngx_chat_event_t *event = row;

    ngx_memzero(event, sizeof(ngx_chat_event_t));

    event->id = ngx_chat_query_int(q);
    event->type = (ngx_chat_event_type_e) ngx_chat_query_int(q);
    event->conversation = ngx_chat_query_int(q);
    event->visitor = ngx_chat_query_int(q);
    event->topic = (uint64_t) ngx_chat_query_int(q);
    event->at = ngx_chat_query_int(q);
    event->author = (ngx_chat_author_e) ngx_chat_query_int(q);
    event->author_id = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &event->author_name);
    ngx_chat_query_text(q, &event->client_id);
    ngx_chat_query_text(q, &event->text);
    event->value = ngx_chat_query_int(q);
    event->ghost = ngx_chat_query_int(q) ? 1 : 0;
}


ngx_int_t
ngx_chat_db_cursor(ngx_chat_db_t *db, int64_t *id)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_CURSOR);

    return ngx_chat_query_number(&q, id);
}


ngx_int_t
ngx_chat_db_snapshot(ngx_chat_db_t *db)
{
    if (ngx_chat_sqlite_in_transaction(db)) {
        return NGX_OK;
    }

    return ngx_chat_query_plain(db, NGX_CHAT_SQL_BEGIN_READ);
}


void
ngx_chat_db_release(ngx_chat_db_t *db)
{
    if (!db->writer && ngx_chat_sqlite_in_transaction(db)) {
        (void) ngx_chat_query_plain(db, NGX_CHAT_SQL_COMMIT);
    }
}
