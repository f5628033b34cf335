
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The key that signs visitors' tokens, in the state directory.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_KEY_H
#define NGX_HTTP_CHAT_KEY_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/worker.h"


/* when the process starts: .key and .keyed; a failure is logged */
void ngx_http_chat_key_load(ngx_http_chat_worker_t *w);

/* it failed at start: a thread looks again, once it has a database */
void ngx_http_chat_key_look(ngx_http_chat_worker_t *w);


#endif /* NGX_HTTP_CHAT_KEY_H */
