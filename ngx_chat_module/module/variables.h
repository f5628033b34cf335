
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The module's variables: who asks, and whether somebody would answer.
 * docs/directives.md has them with examples.
 */

#ifndef NGX_HTTP_CHAT_VARIABLES_H
#define NGX_HTTP_CHAT_VARIABLES_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* before the configuration is read */
ngx_int_t ngx_http_chat_variables_add(ngx_conf_t *cf);


#endif /* NGX_HTTP_CHAT_VARIABLES_H */
