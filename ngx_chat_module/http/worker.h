
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What one worker process has: its store and threads, its hub, its wake-up
 * descriptor, its once-a-second tick, and the hook by which nginx says that
 * it wants to exit.  Event loop only, where nothing else is said.
 */

#ifndef NGX_HTTP_CHAT_WORKER_H
#define NGX_HTTP_CHAT_WORKER_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/auth.h"
#include "hub/hub.h"
#include "http/conf.h"
#include "http/zone.h"
#include "store/store.h"


typedef struct {
    ngx_http_chat_main_conf_t   *conf;
    ngx_http_chat_zone_t        *zone;
    ngx_chat_store_t            *store;
    ngx_chat_hub_t              *hub;
    ngx_chat_slot_t             *metrics;       /* this process's; or NULL */
    ngx_chat_lane_t             *lane;          /* the event loop's, of it */
    ngx_chat_key_t               key;
    ngx_str_t                    look;          /* JSON for pages, or empty */
    time_t                       looked;        /* for a newer one */
    ngx_uint_t                   keyed;         /* the key could be read */
    ngx_uint_t                   closing;       /* graceful exit */
    ngx_uint_t                   slot;          /* ngx_worker */
    ngx_connection_t            *connection;    /* of the eventfd */
    ngx_event_t                  tick;          /* once a second */
    ngx_event_t                  turn;          /* more waiters to serve */
    ngx_event_t                  hold;          /* keeps an exiting worker */
    ngx_log_t                   *log;
} ngx_http_chat_worker_t;


/* NULL where no location says "chat", and in the master */
extern ngx_http_chat_worker_t  *ngx_http_chat_worker;


ngx_int_t ngx_http_chat_worker_init(ngx_cycle_t *cycle);
void ngx_http_chat_worker_exit(ngx_cycle_t *cycle);

/* a thread has work: an exiting worker stays until it is done */
void ngx_http_chat_worker_busy(void);

/* ms since the epoch, as the event loop has it */
int64_t ngx_http_chat_now(void);

/* an ephemeral event, at once, to all workers */
void ngx_http_chat_publish(ngx_chat_event_t *event);

/* an operator came, went or chose: tells operators and, if it is the first
   or the last one, visitors */
void ngx_http_chat_publish_presence(int64_t operator, ngx_str_t *name,
    ngx_chat_status_e status, ngx_uint_t present);


#endif /* NGX_HTTP_CHAT_WORKER_H */
