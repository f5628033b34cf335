
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The chat's looks as pages carry them: each worker has a copy and looks for
 * a newer one every five seconds, on a reader thread.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_BRAND_H
#define NGX_HTTP_CHAT_BRAND_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "http/worker.h"


/* once a second, and when the worker starts */
void ngx_http_chat_brand_tick(ngx_http_chat_worker_t *w);


#endif /* NGX_HTTP_CHAT_BRAND_H */
