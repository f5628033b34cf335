
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/effects.h"


/* the most that one decision makes today: a reply that takes */

#define NGX_CHAT_EFFECTS_EVENTS  4


ngx_int_t
ngx_chat_effects_init(ngx_chat_effects_t *fx, ngx_pool_t *pool, int64_t now)
{
    fx->pool = pool;
    fx->now = now;

    return ngx_array_init(&fx->events, pool, NGX_CHAT_EFFECTS_EVENTS,
                          sizeof(ngx_chat_event_t));
}


ngx_chat_event_t *
ngx_chat_effects_add(ngx_chat_effects_t *fx, ngx_chat_event_type_e type)
{
    ngx_chat_event_t  *event;

    event = ngx_array_push(&fx->events);
    if (event == NULL) {
        return NULL;
    }

    ngx_memzero(event, sizeof(ngx_chat_event_t));

    event->type = type;
    event->at = fx->now;

    return event;
}


void
ngx_chat_effects_ghost(ngx_chat_effects_t *fx)
{
    ngx_uint_t         i;
    ngx_chat_event_t  *events;

    events = fx->events.elts;

    for (i = 0; i < fx->events.nelts; i++) {
        events[i].ghost = 1;
    }
}
