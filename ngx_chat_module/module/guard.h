
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Blocked visitors and addresses are kept out of any location, before its
 * upstream is asked (preaccess phase).
 */

#ifndef NGX_HTTP_CHAT_GUARD_H
#define NGX_HTTP_CHAT_GUARD_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* once the configuration is read; nothing is hooked in where nothing asks */
ngx_int_t ngx_http_chat_guard_init(ngx_conf_t *cf);


#endif /* NGX_HTTP_CHAT_GUARD_H */
