
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who comes to the live list, and how many of one address may.  One address
 * is a household, an office or a program.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_NEWCOMER_H
#define NGX_HTTP_CHAT_NEWCOMER_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "domain/visit.h"


/* of all places, what one address may take from others in a minute */
#define NGX_HTTP_CHAT_SHARE  8


/*
 * With the zone's mutex: enters a visit's first view.  Where that takes
 * somebody's place and the address has had its share, the visit is on no list.
 * Returns what ngx_chat_invite_followed() says of it.
 */
int64_t ngx_http_chat_newcomer_enter(ngx_http_request_t *r,
    ngx_chat_view_t *view);


#endif /* NGX_HTTP_CHAT_NEWCOMER_H */
