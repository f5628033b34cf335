
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Tracking: what is taken off the answers of a site's pages before they leave
 * (header filter), and what is noted once they have left (log phase).
 */

#ifndef NGX_HTTP_CHAT_TRACK_H
#define NGX_HTTP_CHAT_TRACK_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* once the configuration is read; nothing is hooked in where nothing asks */
ngx_int_t ngx_http_chat_track_init(ngx_conf_t *cf);


#endif /* NGX_HTTP_CHAT_TRACK_H */
