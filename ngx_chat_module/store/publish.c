
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Ids of events have no gaps, so the ring's newest id tells what it lacks:
 * somebody committed and died before publishing, or knows of no ring (the
 * command line, a second nginx with its own).
 *
 * When the missing ones can't be read, the new ones are published all the
 * same: readers see the gap in the ids and turn to the database.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/publish.h"


#define NGX_CHAT_PUBLISH_POOL  16384
#define NGX_CHAT_PUBLISH_PAGE  200
#define NGX_CHAT_PUBLISH_BLOCKS  500


static void ngx_chat_publish_fill(ngx_chat_db_t *db,
    ngx_chat_store_conf_t *conf, int64_t after, int64_t to);
static ngx_int_t ngx_chat_publish_page(ngx_chat_db_t *db,
    ngx_chat_store_conf_t *conf, ngx_pool_t *pool, int64_t *after,
    int64_t to);
static ngx_int_t ngx_chat_publish_blocks_page(ngx_chat_db_t *db,
    ngx_chat_store_conf_t *conf, int64_t *seen, ngx_uint_t standing);


void
ngx_chat_publish_batch(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf)
{
    int64_t             published;
    ngx_uint_t          i;
    ngx_chat_record_t  *records;

    records = db->records.elts;

    for (i = 0; i < db->records.nelts; i++) {

        if (records[i].id == 0) {
            continue;
        }

        published = conf->published(conf->ctx);

        if (published == -1 || published >= records[i].id) {
            conf->base(conf->ctx, records[i].id - 1);

        } else if (published < records[i].id - 1) {
            ngx_chat_publish_fill(db, conf, published, records[i].id - 1);
        }

        break;
    }

    if (db->records.nelts) {
        conf->publish(conf->ctx, records, db->records.nelts);
    }
}


void
ngx_chat_publish_missing(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf)
{
    int64_t  published, newest;

    if (ngx_chat_db_cursor(db, &newest) != NGX_OK) {
        return;
    }

    published = conf->published(conf->ctx);

    if (published == -1 || published > newest) {
        conf->base(conf->ctx, newest);

    } else if (published < newest) {
        ngx_chat_publish_fill(db, conf, published, newest);
        conf->notify(conf->ctx);
    }
}


static void
ngx_chat_publish_fill(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf,
    int64_t after, int64_t to)
{
    ngx_int_t    rc;
    ngx_pool_t  *pool;

    do {
        pool = ngx_create_pool(NGX_CHAT_PUBLISH_POOL, db->log);
        if (pool == NULL) {
            return;
        }

        rc = ngx_chat_publish_page(db, conf, pool, &after, to);

        ngx_destroy_pool(pool);

    } while (rc == NGX_AGAIN);
}


static ngx_int_t
ngx_chat_publish_page(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf,
    ngx_pool_t *pool, int64_t *after, int64_t to)
{
    ngx_uint_t               i, n;
    ngx_array_t              rows;
    ngx_chat_event_t        *events;
    ngx_chat_record_t       *records;
    ngx_chat_event_query_t   query;

    ngx_memzero(&query, sizeof(ngx_chat_event_query_t));

    query.after = *after;
    query.limit = NGX_CHAT_PUBLISH_PAGE - 1;

    if (ngx_array_init(&rows, pool, NGX_CHAT_PUBLISH_PAGE,
                       sizeof(ngx_chat_event_t))
        != NGX_OK
        || ngx_chat_db_events(db, pool, &query, &rows) != NGX_OK)
    {
        return NGX_ERROR;
    }

    records = ngx_palloc(pool,
                         NGX_CHAT_PUBLISH_PAGE * sizeof(ngx_chat_record_t));
    if (records == NULL) {
        return NGX_ERROR;
    }

    events = rows.elts;
    n = 0;

    for (i = 0; i < rows.nelts && events[i].id <= to; i++) {

        if (ngx_chat_event_render(&events[i], pool, &records[n]) != NGX_OK) {
            return NGX_ERROR;
        }

        *after = events[i].id;
        n++;
    }

    if (n) {
        conf->publish(conf->ctx, records, n);
    }

    return n == NGX_CHAT_PUBLISH_PAGE && *after < to ? NGX_AGAIN : NGX_DONE;
}


void
ngx_chat_publish_blocks(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf)
{
    int64_t     seen, newest;
    ngx_uint_t  standing;

    if (conf->block == NULL
        || ngx_chat_db_blocks_changed(db, &newest) != NGX_OK)
    {
        return;
    }

    seen = conf->blocks(conf->ctx);

    /* the database was replaced by an older one */

    if (seen > newest) {
        conf->block(conf->ctx, NULL);
        seen = 0;
    }

    standing = seen == 0;

    while (seen < newest) {
        if (ngx_chat_publish_blocks_page(db, conf, &seen, standing)
            != NGX_AGAIN)
        {
            break;
        }
    }
}


static ngx_int_t
ngx_chat_publish_blocks_page(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf,
    int64_t *seen, ngx_uint_t standing)
{
    ngx_int_t          rc;
    ngx_uint_t         i;
    ngx_pool_t        *pool;
    ngx_array_t        rows;
    ngx_chat_block_t  *blocks;

    pool = ngx_create_pool(NGX_CHAT_PUBLISH_POOL, db->log);
    if (pool == NULL) {
        return NGX_ERROR;
    }

    rc = NGX_ERROR;

    if (ngx_array_init(&rows, pool, NGX_CHAT_PUBLISH_BLOCKS,
                       sizeof(ngx_chat_block_t))
        == NGX_OK
        && ngx_chat_db_blocks_after(db, pool, *seen, standing,
                                    NGX_CHAT_PUBLISH_BLOCKS, &rows)
           == NGX_OK)
    {
        blocks = rows.elts;

        for (i = 0; i < rows.nelts; i++) {
            conf->block(conf->ctx, &blocks[i]);
            *seen = blocks[i].changed;
        }

        rc = rows.nelts == NGX_CHAT_PUBLISH_BLOCKS ? NGX_AGAIN : NGX_OK;
    }

    ngx_destroy_pool(pool);

    return rc;
}
