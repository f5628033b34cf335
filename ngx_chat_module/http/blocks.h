
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who sends a request may be blocked: looked up in the zone, which the
 * store's writers keep as the database is.
 */

#ifndef NGX_HTTP_CHAT_BLOCKS_H
#define NGX_HTTP_CHAT_BLOCKS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/auth.h"
#include "hub/blocks.h"


/*
 * Event loop: the block that a request meets, by the visitor (uid may be
 * NULL) or the address of the connection, as realip has corrected it.
 */
ngx_chat_block_mode_e ngx_http_chat_blocks_find(ngx_http_request_t *r,
    u_char *uid, ngx_chat_blocks_hit_t *hit);

/*
 * Event loop: the request is refused; counts it, logs it, and gives the
 * status for its mode, 403 or 444.
 */
ngx_int_t ngx_http_chat_blocks_refuse(ngx_http_request_t *r,
    ngx_chat_blocks_hit_t *hit);

/* the keys of a request; .length of an address is 0 when it has none */
void ngx_http_chat_blocks_keys(ngx_http_request_t *r, u_char *uid,
    ngx_chat_block_key_t *who, ngx_chat_block_key_t *where);

/* the store's writer, with its lock: ngx_chat_store_conf_t .blocks, .block */
int64_t ngx_http_chat_blocks_seen(void *ctx);
void ngx_http_chat_blocks_change(void *ctx, ngx_chat_block_t *block);


#endif /* NGX_HTTP_CHAT_BLOCKS_H */
