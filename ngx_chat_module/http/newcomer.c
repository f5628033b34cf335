
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "domain/invite.h"
#include "http/blocks.h"
#include "http/newcomer.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_MINUTE  60000     /* ms */


static uint64_t ngx_http_chat_newcomer_from(ngx_http_request_t *r);


int64_t
ngx_http_chat_newcomer_enter(ngx_http_request_t *r, ngx_chat_view_t *view)
{
    uint64_t               from;
    ngx_uint_t             fresh, share;
    ngx_chat_visit_t      *visit;
    ngx_chat_visits_t     *visits;
    ngx_http_chat_zone_t  *zone;

    zone = ngx_http_chat_worker->zone;
    visits = zone->visits;

    from = ngx_http_chat_newcomer_from(r);
    share = ngx_chat_visits_places(visits) / NGX_HTTP_CHAT_SHARE;

    if (from
        && ngx_chat_visits_crowded(visits, view->key, view->at)
        && ngx_chat_throttle_wait(zone->newcomers, from, share,
                                  NGX_HTTP_CHAT_MINUTE, view->at))
    {
        return 0;
    }

    visit = ngx_chat_visits_view(visits, view, &fresh);

    if (from && fresh) {
        ngx_chat_throttle_failed(zone->newcomers, from, NGX_HTTP_CHAT_MINUTE,
                                 view->at);
    }

    return ngx_chat_invite_followed(visit);
}


/* who has one address of IPv6 has 2^64 of them; 0: a UNIX socket's */

static uint64_t
ngx_http_chat_newcomer_from(ngx_http_request_t *r)
{
    u_char                bytes[NGX_CHAT_BLOCK_KEY_LEN];
    ngx_str_t             text;
    ngx_chat_block_key_t  who, where;

    ngx_http_chat_blocks_keys(r, NULL, &who, &where);

    if (where.length == 0) {
        return 0;
    }

    if (where.word[0]) {
        ngx_chat_block_key_mask(&where, 64);
    }

    ngx_chat_block_key_out(&where, bytes);

    text.data = bytes;
    text.len = NGX_CHAT_BLOCK_KEY_LEN;

    return ngx_chat_auth_quick(&ngx_http_chat_worker->zone->visits->salt,
                               &text);
}
