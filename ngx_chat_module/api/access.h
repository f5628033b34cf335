
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * May this request be: from this origin, with this type of body, by whoever
 * sends it?  Event loop.
 */

#ifndef NGX_HTTP_CHAT_ACCESS_H
#define NGX_HTTP_CHAT_ACCESS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/request.h"


/*
 * Finds out who asks.  NGX_DECLINED: the request may go on.  Anything else:
 * it has been answered, or (NGX_DONE) a reader looks up the session, and
 * ngx_http_chat_route_run() follows if that is good.
 */
ngx_int_t ngx_http_chat_access(ngx_http_chat_ctx_t *ctx);

/*
 * Whether the visitor is blocked, refused and counted if so.  Again after the
 * writer has met a block that was made meanwhile.
 */
ngx_int_t ngx_http_chat_access_blocked(ngx_http_chat_ctx_t *ctx);


#endif /* NGX_HTTP_CHAT_ACCESS_H */
