
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Words that messages may not have, as a worker knows them: a table, made on a
 * reader thread when a word in the zone says that the list has changed.  Event
 * loop.
 */

#ifndef NGX_HTTP_CHAT_WORDS_H
#define NGX_HTTP_CHAT_WORDS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/words.h"
#include "http/worker.h"


/* the list was set: all workers look within a second */
void ngx_http_chat_words_changed(void);

/* once a second, and when the worker starts */
void ngx_http_chat_words_tick(ngx_http_chat_worker_t *w);

/*
 * Whether the text has one, and what becomes of it; nothing where the list is
 * empty.  NGX_ERROR when memory is out; pool is the request's.
 */
ngx_int_t ngx_http_chat_words_found(ngx_pool_t *pool, ngx_str_t *text,
    ngx_chat_words_action_e *action);


#endif /* NGX_HTTP_CHAT_WORDS_H */
