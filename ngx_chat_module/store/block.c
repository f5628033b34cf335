
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Rows of blocks: db.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/sqlite.h"


static void ngx_chat_db_block_row(ngx_chat_query_t *q, void *row);


ngx_int_t
ngx_chat_db_block(ngx_chat_db_t *db, ngx_pool_t *pool, int64_t id,
    ngx_chat_block_t *block)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_BLOCK);
    ngx_chat_query_bind_int(&q, id);

    return ngx_chat_query_one(&q, ngx_chat_db_block_row, block);
}


ngx_int_t
ngx_chat_db_block_by_key(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_block_key_t *key, ngx_chat_block_t *block)
{
    u_char            bytes[NGX_CHAT_BLOCK_KEY_LEN];
    ngx_str_t         address;
    ngx_chat_query_t  q;

    ngx_chat_block_key_out(key, bytes);

    address.data = bytes;
    address.len = NGX_CHAT_BLOCK_KEY_LEN;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_BLOCK_BY_ADDRESS);
    ngx_chat_query_bind_blob(&q, &address);
    ngx_chat_query_bind_int(&q, key->length);

    return ngx_chat_query_one(&q, ngx_chat_db_block_row, block);
}


static void
ngx_chat_db_block_row(ngx_chat_query_t *q, void *row)
{
    ngx_chat_block_t *block = row;

    ngx_str_t  address;

    ngx_memzero(block, sizeof(ngx_chat_block_t));

    block->id = ngx_chat_query_int(q);
    block->changed = ngx_chat_query_int(q);
    block->kind = (ngx_chat_block_kind_e) ngx_chat_query_int(q);
    block->mode = (ngx_chat_block_mode_e) ngx_chat_query_int(q);
    ngx_chat_query_text(q, &address);

    if (address.len == NGX_CHAT_BLOCK_KEY_LEN) {
        ngx_chat_block_key_bytes(&block->key, address.data, 0);
    }

    block->key.length = (uint32_t) ngx_chat_query_int(q);
    block->visitor = ngx_chat_query_int(q);
    block->topic = (uint64_t) ngx_chat_query_int(q);
    ngx_chat_query_text(q, &block->visitor_name);
    block->conversation = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &block->reason);
    block->author = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &block->author_name);
    block->created_at = ngx_chat_query_int(q);
    block->expires_at = ngx_chat_query_int(q);
    block->lifted_at = ngx_chat_query_int(q);
    block->lifted_by = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &block->lifted_by_name);
}


ngx_int_t
ngx_chat_db_block_add(ngx_chat_db_t *db, ngx_chat_block_t *block)
{
    u_char            buf[NGX_CHAT_BLOCK_TEXT_MAX];
    u_char            bytes[NGX_CHAT_BLOCK_KEY_LEN];
    ngx_str_t         address, network;
    ngx_chat_query_t  q;

    ngx_chat_block_key_out(&block->key, bytes);

    address.data = bytes;
    address.len = NGX_CHAT_BLOCK_KEY_LEN;
    network.data = buf;
    network.len = 0;

    if (block->kind == NGX_CHAT_BLOCK_NETWORK) {
        ngx_chat_block_key_text(&block->key, &network);
    }

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_BLOCK_ADD);
    ngx_chat_query_bind_int(&q, block->kind);
    ngx_chat_query_bind_int(&q, block->mode);
    ngx_chat_query_bind_blob(&q, &address);
    ngx_chat_query_bind_int(&q, block->key.length);
    ngx_chat_query_bind_text(&q, &network);
    ngx_chat_query_bind_ref(&q, block->visitor);
    ngx_chat_query_bind_ref(&q, block->conversation);
    ngx_chat_query_bind_text(&q, &block->reason);
    ngx_chat_query_bind_int(&q, block->author);
    ngx_chat_query_bind_int(&q, block->created_at);
    ngx_chat_query_bind_int(&q, block->expires_at);

    db->blocks++;
    db->blocked = 1;

    return ngx_chat_query_insert(&q, &block->id);
}


ngx_int_t
ngx_chat_db_block_lift(ngx_chat_db_t *db, ngx_chat_block_t *block)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_BLOCK_LIFT);
    ngx_chat_query_bind_int(&q, block->lifted_at);
    ngx_chat_query_bind_ref(&q, block->lifted_by);
    ngx_chat_query_bind_int(&q, block->id);

    db->blocked = 1;

    return ngx_chat_query_change(&q);
}


ngx_uint_t
ngx_chat_db_blocks_added(ngx_chat_db_t *db)
{
    return db->blocks;
}


ngx_int_t
ngx_chat_db_blocks(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_block_query_t *query, ngx_array_t *rows)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool,
                   query->visitor ? NGX_CHAT_SQL_BLOCKS_OF_VISITOR
                                  : NGX_CHAT_SQL_BLOCKS);

    ngx_chat_query_bind_int(&q, query->before ? query->before : INT64_MAX);
    ngx_chat_query_bind_int(&q, query->which);
    ngx_chat_query_bind_int(&q, query->now);
    ngx_chat_query_bind_text(&q, &query->search);

    if (query->visitor) {
        ngx_chat_query_bind_int(&q, query->visitor);
    }

    ngx_chat_query_bind_int(&q, (int64_t) query->limit + 1);

    return ngx_chat_query_all(&q, ngx_chat_db_block_row, rows);
}


ngx_int_t
ngx_chat_db_blocks_after(ngx_chat_db_t *db, ngx_pool_t *pool,
    int64_t changed, ngx_uint_t standing, ngx_uint_t limit, ngx_array_t *rows)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_BLOCKS_AFTER);
    ngx_chat_query_bind_int(&q, changed);
    ngx_chat_query_bind_int(&q, standing ? 1 : 0);
    ngx_chat_query_bind_int(&q, (int64_t) limit);

    return ngx_chat_query_all(&q, ngx_chat_db_block_row, rows);
}


ngx_int_t
ngx_chat_db_blocks_changed(ngx_chat_db_t *db, int64_t *changed)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_BLOCKS_CHANGED);

    return ngx_chat_query_number(&q, changed);
}
