
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Brakes on what visitors write: counted in the shared zone, by visitor, by
 * address, by text; decided in domain/brake.h.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_BRAKE_H
#define NGX_HTTP_CHAT_BRAKE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "command/visitor.h"
#include "domain/brake.h"
#include "http/request.h"


/* a visitor opens the chat: its first message may not come too soon */
void ngx_http_chat_brake_opened(ngx_http_chat_ctx_t *ctx);

/*
 * A message: counts it, and fills in what only the command can decide.
 * NGX_DECLINED to go on, or 429 has been answered.  The same message again
 * (its client id) is not counted.
 */
ngx_int_t ngx_http_chat_brake_message(ngx_http_chat_ctx_t *ctx,
    ngx_chat_visitor_args_t *args);

/* the answer to one that the command has held, as it was the first: 429 */
ngx_int_t ngx_http_chat_brake_first(ngx_http_chat_ctx_t *ctx,
    ngx_chat_visitor_args_t *args);

/*
 * A word of the administrator's list: 429 has been answered, or nobody but the
 * visitor is to see it (args->hidden) and NGX_DECLINED.
 */
ngx_int_t ngx_http_chat_brake_words(ngx_http_chat_ctx_t *ctx,
    ngx_chat_visitor_args_t *args);

/* the answer to one before which the form is to be filled in: 409 */
ngx_int_t ngx_http_chat_brake_form(ngx_http_chat_ctx_t *ctx);


#endif /* NGX_HTTP_CHAT_BRAKE_H */
