
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The built widget and console, from the directory of chat_assets: the file
 * itself or what stands beside it as .br or .gz, with nginx's own open file
 * cache, ETag, 304, ranges.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_ASSET_H
#define NGX_HTTP_CHAT_ASSET_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* path: what comes after the location's prefix */
ngx_int_t ngx_http_chat_asset(ngx_http_request_t *r, ngx_str_t *path);


#endif /* NGX_HTTP_CHAT_ASSET_H */
