
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A hub over a ring in memory, and clients that note what they get.  A
 * header, as each test file is one program.
 */


#ifndef _FIXTURE_H_INCLUDED_
#define _FIXTURE_H_INCLUDED_


#include "unit.h"
#include "hub/hub.h"


#define HUB_VISITOR  0x1234567890abcdefULL
#define HUB_OTHER    0x0fedcba987654321ULL


typedef struct {
    ngx_chat_waiter_t   waiter;
    int64_t             got[512];
    ngx_uint_t          n;
    ngx_uint_t          woken;
} hub_client_t;


static ngx_chat_hub_t   *hub;
static ngx_chat_ring_t  *ring;
static int64_t           revoked;


static void hub_pull(hub_client_t *c);


static void
hub_wake(ngx_chat_waiter_t *waiter)
{
    hub_client_t  *c;

    c = (hub_client_t *) waiter;
    c->woken++;

    hub_pull(c);
}


static void
hub_pull(hub_client_t *c)
{
    ngx_chat_item_t  *item;

    for ( ;; ) {
        item = ngx_chat_hub_next(hub, &c->waiter);

        if (item == NULL) {
            return;
        }

        c->got[c->n++] = item->id;
        ngx_chat_item_release(item);
    }
}


static void
hub_worker(void *ctx, ngx_chat_ring_record_t *record)
{
    revoked = record ? record->subject : 0;
}


static void
hub_start(ngx_log_t *log, int64_t base, ngx_uint_t window)
{
    ngx_chat_hub_conf_t  conf;

    ring = malloc(ngx_chat_ring_memory(65536));
    ngx_chat_ring_init(ring, 65536);

    if (base >= 0) {
        ngx_chat_ring_base(ring, base);
    }

    memset(&conf, 0, sizeof(conf));

    conf.ring = ring;
    conf.log = log;
    conf.window = window;
    conf.inbox = window;
    conf.turn = 4;
    conf.wake = hub_wake;
    conf.worker = hub_worker;

    hub = ngx_chat_hub_create(&conf);
}


static void
hub_stop(void)
{
    ngx_chat_hub_destroy(hub);
    free(ring);
}


static void
hub_event(int64_t id, uint64_t topic, uint32_t audience)
{
    ngx_str_t          body = ngx_string("{}");
    ngx_chat_record_t  record;

    memset(&record, 0, sizeof(record));

    record.id = id;
    record.topic = topic;
    record.audience = audience;
    record.subject = 77;
    record.body = body;

    (void) ngx_chat_ring_append(ring, &record);
}


static void
hub_run(void)
{
    if (ngx_chat_hub_drain(hub) == NGX_AGAIN) {
        while (ngx_chat_hub_serve(hub) == NGX_AGAIN) { /* void */ }
    }
}


#endif /* _FIXTURE_H_INCLUDED_ */
