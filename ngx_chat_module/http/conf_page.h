
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What the directives for the pages of a site say, beside those of the chat.
 */

#ifndef NGX_HTTP_CHAT_CONF_PAGE_H
#define NGX_HTTP_CHAT_CONF_PAGE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"


/* handlers of directives */
char *ngx_http_chat_conf_widget(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_chat_conf_prefix(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* parts of the functions of http/conf.h */
void ngx_http_chat_conf_create_page(ngx_http_chat_loc_conf_t *conf);
char *ngx_http_chat_conf_merge_page(ngx_conf_t *cf,
    ngx_http_chat_loc_conf_t *prev, ngx_http_chat_loc_conf_t *conf);
ngx_int_t ngx_http_chat_conf_finish_page(ngx_conf_t *cf,
    ngx_http_chat_main_conf_t *mcf);


#endif /* NGX_HTTP_CHAT_CONF_PAGE_H */
