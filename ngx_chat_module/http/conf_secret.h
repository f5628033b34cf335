
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Secrets that the configuration names, or says where they are.  Master, while
 * it reads its configuration.
 */

#ifndef NGX_HTTP_CHAT_CONF_SECRET_H
#define NGX_HTTP_CHAT_CONF_SECRET_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Secrets, into an ngx_array_t * of ngx_str_t at the command's
 * offset: as they stand there, or "file:PATH".
 */
char *ngx_http_chat_conf_secrets(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


#endif /* NGX_HTTP_CHAT_CONF_SECRET_H */
