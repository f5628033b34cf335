
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * "chat_widget": a filter that adds the loader to pages as they pass.  It
 * comes after what makes the page (SSI, sub_filter, gunzip) and before what
 * compresses it: the "config" of this tree says so.  On the locations that it
 * is about the module's request context is its own; a "chat" location, where
 * that is the API's, is none of them.
 */

#ifndef NGX_HTTP_CHAT_INJECT_H
#define NGX_HTTP_CHAT_INJECT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* once the configuration is read: into the chains of filters */
ngx_int_t ngx_http_chat_inject_init(ngx_conf_t *cf);


#endif /* NGX_HTTP_CHAT_INJECT_H */
