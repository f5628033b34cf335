
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The element that a page of a location gets.  It is the same for all pages
 * of a second as long as nobody comes or goes, so each worker makes it once
 * and copies it.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_ELEMENT_H
#define NGX_HTTP_CHAT_ELEMENT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"


/* in memory of the request; NGX_ERROR when there is none */
ngx_int_t ngx_http_chat_element(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf, ngx_str_t *element);


#endif /* NGX_HTTP_CHAT_ELEMENT_H */
