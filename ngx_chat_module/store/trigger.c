
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Rows of rules of invitations: db.h.  Conditions are stored as the API has
 * them, and read back by the same parser.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/json_in.h"
#include "store/db.h"
#include "store/sqlite.h"


static void ngx_chat_db_trigger_row(ngx_chat_query_t *q, void *row);
static void ngx_chat_db_trigger_conditions(ngx_chat_query_t *q,
    ngx_chat_trigger_t *trigger, ngx_str_t *text);
static ngx_int_t ngx_chat_db_trigger_bind(ngx_chat_query_t *q,
    ngx_pool_t *pool, ngx_chat_trigger_t *trigger, int64_t at);


ngx_int_t
ngx_chat_db_trigger(ngx_chat_db_t *db, ngx_pool_t *pool, int64_t id,
    ngx_chat_trigger_t *trigger)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_TRIGGER);
    ngx_chat_query_bind_int(&q, id);

    return ngx_chat_query_one(&q, ngx_chat_db_trigger_row, trigger);
}


ngx_int_t
ngx_chat_db_triggers(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_uint_t enabled_only, ngx_array_t *rows)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_TRIGGERS);
    ngx_chat_query_bind_int(&q, enabled_only ? 1 : 0);

    return ngx_chat_query_all(&q, ngx_chat_db_trigger_row, rows);
}


static void
ngx_chat_db_trigger_row(ngx_chat_query_t *q, void *row)
{
    ngx_chat_trigger_t *trigger = row;

    ngx_str_t   conditions;
    ngx_uint_t  i;

    trigger->id = ngx_chat_query_int(q);
    trigger->position = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &trigger->name);
    trigger->enabled = ngx_chat_query_int(q) ? 1 : 0;
    trigger->any = ngx_chat_query_int(q) ? 1 : 0;
    ngx_chat_query_text(q, &conditions);
    trigger->days = ngx_chat_query_int(q);
    trigger->from = ngx_chat_query_int(q);
    trigger->to = ngx_chat_query_int(q);
    trigger->share = ngx_chat_query_int(q);
    trigger->attended = ngx_chat_query_int(q) ? 1 : 0;
    ngx_chat_query_text(q, &trigger->text);
    ngx_chat_query_text(q, &trigger->sender);
    trigger->delay = ngx_chat_query_int(q);
    trigger->quiet = ngx_chat_query_int(q);

    for (i = 0; i < NGX_CHAT_INVITE_OUTCOMES; i++) {
        trigger->counts[i] = ngx_chat_query_int(q);
    }

    trigger->created_at = ngx_chat_query_int(q);
    trigger->updated_at = ngx_chat_query_int(q);
    trigger->deleted_at = ngx_chat_query_int(q);

    ngx_chat_db_trigger_conditions(q, trigger, &conditions);
}


static void
ngx_chat_db_trigger_conditions(ngx_chat_query_t *q,
    ngx_chat_trigger_t *trigger, ngx_str_t *text)
{
    ngx_str_t         why, field;
    ngx_chat_json_t  *array;

    if (q->failed) {
        return;
    }

    ngx_str_null(&why);

    array = ngx_chat_json_parse(q->pool, text, &why);

    if (array == NULL
        || ngx_chat_conditions_parse(q->pool, array, &trigger->conditions,
                                     &field, &why)
           != NGX_OK)
    {
        ngx_log_error(NGX_LOG_ERR, q->db->log, 0,
                      "chat: the conditions of trigger %L can't be read: %V",
                      trigger->id, &why);

        q->failed = 1;
    }
}


static ngx_int_t
ngx_chat_db_trigger_bind(ngx_chat_query_t *q, ngx_pool_t *pool,
    ngx_chat_trigger_t *trigger, int64_t at)
{
    ngx_str_t             conditions;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_conditions_json(o, NULL, &trigger->conditions, NULL);

    if (ngx_chat_json_end(o, &conditions) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_chat_query_bind_text(q, &trigger->name);
    ngx_chat_query_bind_int(q, (int64_t) trigger->enabled);
    ngx_chat_query_bind_int(q, (int64_t) trigger->any);
    ngx_chat_query_bind_text(q, &conditions);
    ngx_chat_query_bind_int(q, trigger->days);
    ngx_chat_query_bind_int(q, trigger->from);
    ngx_chat_query_bind_int(q, trigger->to);
    ngx_chat_query_bind_int(q, trigger->share);
    ngx_chat_query_bind_int(q, (int64_t) trigger->attended);
    ngx_chat_query_bind_text(q, &trigger->text);
    ngx_chat_query_bind_text(q, &trigger->sender);
    ngx_chat_query_bind_int(q, trigger->delay);
    ngx_chat_query_bind_int(q, trigger->quiet);
    ngx_chat_query_bind_int(q, at);

    return NGX_OK;
}


ngx_int_t
ngx_chat_db_trigger_add(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_trigger_t *trigger)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_TRIGGER_ADD);

    if (ngx_chat_db_trigger_bind(&q, pool, trigger, trigger->created_at)
        != NGX_OK)
    {
        (void) ngx_chat_query_end(&q);
        return NGX_ERROR;
    }

    return ngx_chat_query_insert(&q, &trigger->id);
}


ngx_int_t
ngx_chat_db_trigger_update(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_trigger_t *trigger)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_TRIGGER_UPDATE);

    if (ngx_chat_db_trigger_bind(&q, pool, trigger, trigger->updated_at)
        != NGX_OK)
    {
        (void) ngx_chat_query_end(&q);
        return NGX_ERROR;
    }

    ngx_chat_query_bind_int(&q, trigger->id);

    return ngx_chat_query_change(&q);
}


ngx_int_t
ngx_chat_db_trigger_state(ngx_chat_db_t *db, ngx_chat_trigger_t *trigger)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_TRIGGER_ROOM);
    ngx_chat_query_bind_int(&q, trigger->position);
    ngx_chat_query_bind_int(&q, trigger->id);

    if (ngx_chat_query_run(&q) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_TRIGGER_STATE);
    ngx_chat_query_bind_int(&q, (int64_t) trigger->enabled);
    ngx_chat_query_bind_int(&q, trigger->position);
    ngx_chat_query_bind_int(&q, trigger->deleted_at);
    ngx_chat_query_bind_int(&q, trigger->updated_at);
    ngx_chat_query_bind_int(&q, trigger->id);

    return ngx_chat_query_change(&q);
}


ngx_int_t
ngx_chat_db_trigger_count(ngx_chat_db_t *db, int64_t id,
    ngx_chat_invite_outcome_e outcome)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_TRIGGER_COUNT);
    ngx_chat_query_bind_int(&q, outcome);
    ngx_chat_query_bind_int(&q, id);

    return ngx_chat_query_run(&q);
}


ngx_int_t
ngx_chat_db_visitor_chats(ngx_chat_db_t *db, int64_t visitor, int64_t *n,
    int64_t *last)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_VISITOR_CHATS);
    ngx_chat_query_bind_int(&q, visitor);

    if (ngx_chat_query_step(&q) == NGX_OK) {
        *n = ngx_chat_query_int(&q);
        *last = ngx_chat_query_int(&q);
    }

    return ngx_chat_query_end(&q);
}
