
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
    void               *conf;           /* the location that it was looked at
                                           by, NULL: it was not */
    u_char             *address;        /* and the client's address then */
    ngx_str_t           title;          /* of the page; empty: not known */
    void               *upstream;       /* whose redirect has been heard */
    unsigned            trust:1;        /* the location that asks or answers
                                           now trusts its backend */
    unsigned            known:1;        /* by a token */
    unsigned            fresh:1;        /* which is no cookie of the request */
} ngx_http_chat_viewer_t;


/* that of the main request; NULL when memory is out */
ngx_http_chat_viewer_t *ngx_http_chat_viewer_slot(ngx_http_request_t *r);

/*
 * Who asks: by the cookie or, without one, by a hash of today.  The look is
 * remembered until the request comes to another location or realip corrects
 * the address.  NULL when there is no worker or no memory.
 */
ngx_http_chat_viewer_t *ngx_http_chat_viewer(ngx_http_request_t *r);

/* *page is of this token; it is not looked at any more */
void ngx_http_chat_viewer_is(ngx_http_chat_viewer_t *page,
    u_char uid[NGX_CHAT_UID_LEN]);

/* whether the location that answers lets anything of the page be stored */
ngx_uint_t ngx_http_chat_viewer_stored(ngx_http_request_t *r,
    ngx_http_chat_viewer_t *page);

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
