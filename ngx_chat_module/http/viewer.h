
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who looks at a page of the site, and whether that may be followed.  Event
 * loop.
 */

#ifndef NGX_HTTP_CHAT_VIEWER_H
#define NGX_HTTP_CHAT_VIEWER_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "domain/fact.h"
#include "domain/visit.h"
#include "http/conf.h"


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
} ngx_http_chat_viewer_t;


/* that of the main request; NULL when memory is out */
ngx_http_chat_viewer_t *ngx_http_chat_viewer_slot(ngx_http_request_t *r);

/*
 * Who asks: by the cookie or, without one, by a hash of today.  The first
 * look is remembered.  NULL when there is no worker or no memory.
 */
ngx_http_chat_viewer_t *ngx_http_chat_viewer(ngx_http_request_t *r);

/* whether a directive's value says yes: not empty, not "0", not "off" */
ngx_uint_t ngx_http_chat_says(ngx_http_request_t *r,
    ngx_http_complex_value_t *cv);

/* whether the visitor may be given a cookie by a page */
ngx_uint_t ngx_http_chat_consented(ngx_http_request_t *r);

/* whether page views of this location are followed */
ngx_uint_t ngx_http_chat_tracked(ngx_http_request_t *r);

/*
 * What kind of program asks.  A worker remembers the latest few, as finding
 * that out takes longer than all else that a page view costs.
 */
ngx_chat_agent_t ngx_http_chat_viewer_agent(ngx_http_request_t *r);

/* the hash alone */
uint64_t ngx_http_chat_viewer_hash(ngx_http_request_t *r);


#endif /* NGX_HTTP_CHAT_VIEWER_H */
