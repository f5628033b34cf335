
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who the site says that a visitor is, with its signature.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_CLAIM_H
#define NGX_HTTP_CHAT_CLAIM_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/field.h"
#include "command/visitor.h"
#include "http/request.h"


/* of ngx_chat_visitor_args_t.claim */
extern ngx_chat_field_t  ngx_http_chat_claim_fields[];


/*
 * NGX_DECLINED to go on: nothing is claimed, or it is proved and stands in the
 * visit under way.  Else 403 has been answered.  args->now is set.
 */
ngx_int_t ngx_http_chat_claim(ngx_http_chat_ctx_t *ctx,
    ngx_chat_visitor_args_t *args);


#endif /* NGX_HTTP_CHAT_CLAIM_H */
