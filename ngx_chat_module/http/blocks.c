
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/blocks.h"
#include "http/worker.h"


ngx_chat_block_mode_e
ngx_http_chat_blocks_find(ngx_http_request_t *r, u_char *uid,
    ngx_chat_blocks_hit_t *hit)
{
    ngx_chat_blocks_t     *blocks;
    ngx_chat_block_key_t   who, where;

    blocks = ngx_http_chat_worker->zone->blocks;

    hit->mode = NGX_CHAT_BLOCK_NONE;

    if (ngx_chat_blocks_used(blocks) == 0) {
        return NGX_CHAT_BLOCK_NONE;
    }

    ngx_http_chat_blocks_keys(r, uid, &who, &where);

    return ngx_chat_blocks_find(blocks, uid ? &who : NULL,
                                where.length ? &where : NULL,
                                ngx_http_chat_now(), hit);
}


void
ngx_http_chat_blocks_keys(ngx_http_request_t *r, u_char *uid,
    ngx_chat_block_key_t *who, ngx_chat_block_key_t *where)
{
    if (uid) {
        ngx_chat_block_key_bytes(who, uid, NGX_CHAT_BLOCK_WHOLE);
    }

    if (ngx_chat_block_key_sockaddr(where, r->connection->sockaddr)
        != NGX_OK)
    {
        ngx_memzero(where, sizeof(ngx_chat_block_key_t));
    }
}


ngx_int_t
ngx_http_chat_blocks_refuse(ngx_http_request_t *r, ngx_chat_blocks_hit_t *hit)
{
    ngx_uint_t  close;

    close = hit->mode == NGX_CHAT_BLOCK_CLOSE;

    ngx_chat_blocks_met(ngx_http_chat_worker->zone->blocks, hit);

    ngx_chat_metric_add(ngx_http_chat_worker->lane,
                        close ? NGX_CHAT_METRIC_BLOCKED_CLOSE
                              : NGX_CHAT_METRIC_BLOCKED_REFUSE,
                        1);

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                  "chat %s a request by block %L",
                  close ? "closed" : "refused", hit->id);

    return close ? NGX_HTTP_CLOSE : NGX_HTTP_FORBIDDEN;
}


/* the first one after a death in the middle of a change empties the table */

int64_t
ngx_http_chat_blocks_seen(void *ctx)
{
    ngx_http_chat_worker_t *w = ctx;

    int64_t             seen;
    ngx_chat_blocks_t  *blocks;

    blocks = w->zone->blocks;

    ngx_shmtx_lock(w->zone->mutex);

    if (ngx_chat_blocks_broken(blocks)) {
        ngx_chat_blocks_reset(blocks);
    }

    seen = blocks->seen;

    ngx_shmtx_unlock(w->zone->mutex);

    return seen;
}


void
ngx_http_chat_blocks_change(void *ctx, ngx_chat_block_t *block)
{
    ngx_http_chat_worker_t *w = ctx;

    int64_t             now;
    ngx_int_t           rc;
    ngx_uint_t          first;
    struct timeval      tv;
    ngx_chat_blocks_t  *blocks;

    /* a thread's own time: the event loop's may be old */

    ngx_gettimeofday(&tv);
    now = (int64_t) tv.tv_sec * 1000 + tv.tv_usec / 1000;

    rc = NGX_OK;
    blocks = w->zone->blocks;

    ngx_shmtx_lock(w->zone->mutex);

    if (block == NULL) {
        ngx_chat_blocks_reset(blocks);

    } else {
        if (ngx_chat_block_active(block, now)) {
            rc = ngx_chat_blocks_set(blocks, block, now);

        } else {
            ngx_chat_blocks_clear(blocks, &block->key);
        }

        blocks->seen = block->changed;
    }

    first = rc != NGX_OK && !blocks->full;
    blocks->full |= first;

    ngx_shmtx_unlock(w->zone->mutex);

    /* of another nginx's, or the zone was larger when they were made */

    if (first) {
        ngx_log_error(NGX_LOG_CRIT, w->log, 0,
                      "chat: the zone has no room for all blocks, only %ui "
                      "of them act: increase \"chat_zone\"",
                      ngx_chat_blocks_used(blocks));
    }
}
