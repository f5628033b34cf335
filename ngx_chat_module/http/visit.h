
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
#include "domain/claim.h"
#include "domain/visit.h"
#include "http/viewer.h"
#include "http/worker.h"


/* what the request and, once there is one, the answer say */
void ngx_http_chat_visit_signs(ngx_http_request_t *r,
    ngx_chat_visit_signs_t *signs);

/*
 * A page view: by the request's target or, with page, of this address, with
 * this title.  Recorded in the live list; handed to the store if allowed.
 */
void ngx_http_chat_visit_record(ngx_http_request_t *r, ngx_str_t *page,
    ngx_str_t *title);

/*
 * The visit under way at some time (ms; 0: or over), or NULL, with the zone's
 * mutex: unlock in either case.  Any thread.
 */
ngx_chat_visit_t *ngx_http_chat_visit_lock(ngx_http_chat_zone_t *zone,
    uint64_t key, int64_t at);
void ngx_http_chat_visit_unlock(ngx_http_chat_zone_t *zone);

/* a copy of the visit under way; NGX_DECLINED when there is none */
ngx_int_t ngx_http_chat_visit_now(uint64_t key, ngx_chat_visit_t *visit);

/* the site has proved who the visitor is: the visit under way knows it */
void ngx_http_chat_visit_proved(uint64_t key, ngx_chat_claim_t *claim);

/*
 * The visitor opened the chat and is known by a token now, as until then by a
 * hash; the conversation that is open, or 0.
 */
void ngx_http_chat_visit_opened(ngx_http_request_t *r, uint64_t key,
    int64_t conversation);

/* writer: what was committed may open conversations, or end them */
void ngx_http_chat_visit_moved(ngx_http_chat_worker_t *w,
    ngx_chat_record_t *records, ngx_uint_t n);

/* thread of the visits: ctx is the worker, the visit is the n-th */
void ngx_http_chat_visit_counted(void *ctx, uint64_t key, int64_t visits);

/* when the process starts, and once a second in one worker */
void ngx_http_chat_visit_day(ngx_http_chat_worker_t *w);
void ngx_http_chat_visit_tick(ngx_http_chat_worker_t *w);


#endif /* NGX_HTTP_CHAT_VISIT_H */
