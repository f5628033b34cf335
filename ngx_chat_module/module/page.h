
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Which answers are pages that get the chat.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_PAGE_H
#define NGX_HTTP_CHAT_PAGE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"


/*
 * Whether the main request's answer, whose header is about to leave, is a page
 * that somebody looks at, and may be changed.
 */
ngx_uint_t ngx_http_chat_page_wanted(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf);


#endif /* NGX_HTTP_CHAT_PAGE_H */
