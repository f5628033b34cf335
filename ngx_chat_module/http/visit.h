
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Page views as requests bring them: who it is that asks, what the backend
 * said of them, the entry in the live list, the way to the disk.  Nothing
 * here waits, and nothing fails the page.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_VISIT_H
#define NGX_HTTP_CHAT_VISIT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "domain/visit.h"
#include "http/worker.h"


/*
 * What a request of a page knows of its visitor.  It hangs on the request's
 * pool and outlives internal redirects, which forget contexts of modules.
 */

typedef struct {
    uint64_t            key;            /* of the live list; 0: not known */
    uint64_t            hash;           /* the one without a token, or 0 */
    ngx_chat_facts_t   *facts;          /* from the answer, or NULL */
    unsigned            looked:1;       /* .key, .known, .stored are set */
    unsigned            known:1;        /* by a token */
    unsigned            stored:1;       /* may go to the disk */
    unsigned            fresh:1;        /* the token was made just now */
} ngx_http_chat_page_t;


/* that of the main request; NULL when memory is out */
ngx_http_chat_page_t *ngx_http_chat_page(ngx_http_request_t *r);

/*
 * Who asks: by the cookie or, without one, by a hash of today.  The first
 * look is remembered.  NULL when there is no worker or no memory.
 */
ngx_http_chat_page_t *ngx_http_chat_page_visitor(ngx_http_request_t *r);

/* whether a directive's value says yes: not empty, not "0", not "off" */
ngx_uint_t ngx_http_chat_says(ngx_http_request_t *r,
    ngx_http_complex_value_t *cv);

/* whether the visitor may be given a cookie by a page */
ngx_uint_t ngx_http_chat_consented(ngx_http_request_t *r);

/* whether page views of this location are followed */
ngx_uint_t ngx_http_chat_tracked(ngx_http_request_t *r);

/* what the request and, once there is one, the answer say */
void ngx_http_chat_visit_signs(ngx_http_request_t *r,
    ngx_chat_visit_signs_t *signs);

/*
 * A page view: by the request's target or, with page, of this address, with
 * this title.  Recorded in the live list; handed to the store if allowed.
 */
void ngx_http_chat_visit_record(ngx_http_request_t *r, ngx_str_t *page,
    ngx_str_t *title);

/* a copy of the visit under way; NGX_DECLINED when there is none */
ngx_int_t ngx_http_chat_visit_now(uint64_t key, ngx_chat_visit_t *visit);

/* the visitor's open conversation is this one, or with 0 none; any thread */
void ngx_http_chat_visit_conversation(ngx_http_chat_worker_t *w,
    uint64_t key, int64_t conversation);

/* thread of the visits: ctx is the worker, the visit is the n-th */
void ngx_http_chat_visit_counted(void *ctx, uint64_t key, int64_t visits);

/* once a second in one worker: the day's salt, and news for operators */
void ngx_http_chat_visit_tick(ngx_http_chat_worker_t *w);


#endif /* NGX_HTTP_CHAT_VISIT_H */
