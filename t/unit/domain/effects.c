
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/memory.h"
#include "domain/effects.h"


UNIT_TEST(events_in_order)
{
    ngx_uint_t           i;
    ngx_chat_event_t    *event, zero;
    ngx_chat_effects_t   fx;

    memset(&fx, 0xff, sizeof(fx));
    is_int(ngx_chat_effects_init(&fx, pool, 77), NGX_OK, "init");
    is_int(fx.events.nelts, 0, "no events");
    ok(fx.pool == pool && fx.now == 77, "pool and time");

    /* more than there was room for at first */

    for (i = 0; i < 20; i++) {
        event = ngx_chat_effects_add(&fx, i % 2 ? NGX_CHAT_EVENT_STATE
                                                : NGX_CHAT_EVENT_MESSAGE);
        memset(&zero, 0, sizeof(zero));
        zero.type = i % 2 ? NGX_CHAT_EVENT_STATE : NGX_CHAT_EVENT_MESSAGE;
        zero.at = 77;

        if (event == NULL || memcmp(event, &zero, sizeof(zero)) != 0) {
            break;
        }

        event->value = i;
    }

    is_int(i, 20, "each is zeroed but for its type and time");
    is_int(fx.events.nelts, 20, "all are there");

    event = fx.events.elts;

    for (i = 0; i < 20 && event[i].value == (int64_t) i; i++) { /* void */ }

    is_int(i, 20, "in order");
}


UNIT_TEST(memory)
{
    ngx_chat_effects_t  fx;

    memory_refuse(0);
    is_int(ngx_chat_effects_init(&fx, pool, 1), NGX_ERROR, "none at first");
    memory_refused();

    ngx_chat_effects_init(&fx, pool, 1);

    while (fx.events.nelts < fx.events.nalloc) {
        ngx_chat_effects_add(&fx, NGX_CHAT_EVENT_STATE);
    }

    memory_refuse(0);
    ok(ngx_chat_effects_add(&fx, NGX_CHAT_EVENT_STATE) == NULL, "none later");
    memory_refused();
}
