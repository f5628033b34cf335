
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a decision wants done: the events to append, in order.  Decisions
 * fill it in; commands apply it.  Pure; owned by one thread.
 */

#ifndef NGX_CHAT_EFFECTS_H
#define NGX_CHAT_EFFECTS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/event.h"


typedef struct {
    ngx_pool_t    *pool;
    int64_t        now;             /* ms since the epoch */
    ngx_array_t    events;          /* ngx_chat_event_t */
} ngx_chat_effects_t;


/* without events; NGX_ERROR when memory is out */
ngx_int_t ngx_chat_effects_init(ngx_chat_effects_t *fx, ngx_pool_t *pool,
    int64_t now);

/* a zeroed event with type and time set, or NULL when memory is out */
ngx_chat_event_t *ngx_chat_effects_add(ngx_chat_effects_t *fx,
    ngx_chat_event_type_e type);

/* all of it is a blocked visitor's, who must not know: operators see none */
void ngx_chat_effects_ghost(ngx_chat_effects_t *fx);


#endif /* NGX_CHAT_EFFECTS_H */
