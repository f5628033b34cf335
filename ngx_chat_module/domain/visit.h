
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A visit of the site, as the request of a page tells it: whether it is a
 * page view at all, by what kind of browser, where from, and how much of the
 * address is kept.  Pure; any thread may call it.
 */

#ifndef NGX_CHAT_VISIT_H
#define NGX_CHAT_VISIT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/auth.h"
#include "base/json_out.h"
#include "domain/block.h"
#include "domain/fact.h"


#define NGX_CHAT_VISIT_IDLE     1800000     /* ms until a visit is over */
#define NGX_CHAT_VISIT_RATE     5           /* views a second that are kept */
#define NGX_CHAT_VISIT_TRAIL    8           /* pages that are remembered */
#define NGX_CHAT_VISIT_PAGE     120         /* bytes of a page's address */
#define NGX_CHAT_VISIT_TITLE    120
#define NGX_CHAT_VISIT_HOST     64
#define NGX_CHAT_VISIT_PLACE    64
#define NGX_CHAT_VISIT_LANGUAGE 16
#define NGX_CHAT_VISIT_ID_LEN   NGX_INT64_LEN


/* stored in the database: never renumber */

typedef enum {
    NGX_CHAT_DEVICE_OTHER = 0,
    NGX_CHAT_DEVICE_DESKTOP = 1,
    NGX_CHAT_DEVICE_PHONE = 2,
    NGX_CHAT_DEVICE_TABLET = 3
} ngx_chat_device_e;


typedef enum {
    NGX_CHAT_SEGMENT_NONE = 0,
    NGX_CHAT_SEGMENT_NEW,               /* first visit */
    NGX_CHAT_SEGMENT_RETURNING,         /* has been here before */
    NGX_CHAT_SEGMENT_CUSTOMER,          /* the backend says who it is */
    NGX_CHAT_SEGMENT_BUYER              /* has ordered in this visit */
} ngx_chat_segment_e;


/* names as in the API; len == 0 ends */
extern ngx_str_t  ngx_chat_device_names[];
extern ngx_str_t  ngx_chat_browser_names[];
extern ngx_str_t  ngx_chat_system_names[];
extern ngx_str_t  ngx_chat_segment_names[];


typedef struct {
    uint8_t      device;                /* ngx_chat_device_e */
    uint8_t      browser;               /* index of the names; 0: other */
    uint8_t      system;
    uint8_t      crawler;               /* a known one, or no name at all */
} ngx_chat_agent_t;


/* what a page view is decided by; NULL: the header was not sent */

typedef struct {
    ngx_uint_t   shown;                 /* GET or POST */
    ngx_uint_t   status;
    ngx_str_t    type;                  /* of the answer, may be empty */
    ngx_str_t   *dest;                  /* Sec-Fetch-Dest */
    ngx_str_t   *accept;
    ngx_str_t   *with;                  /* X-Requested-With */
    ngx_str_t   *purpose[4];            /* Sec-Purpose and its forerunners */
} ngx_chat_visit_signs_t;


/* one page view, as it comes from a request */

typedef struct {
    uint64_t              key;          /* of the live list, never 0 */
    int64_t               at;           /* ms since the epoch */
    ngx_str_t             site;
    ngx_str_t             host;
    ngx_str_t             page;
    ngx_str_t             title;        /* may be empty, as all below */
    ngx_str_t             referrer;
    ngx_str_t             language;
    ngx_str_t             country;
    ngx_str_t             address;
    ngx_chat_block_key_t  network;      /* .length 0: not known */
    ngx_uint_t            status;
    ngx_uint_t            took;         /* ms */
    ngx_chat_agent_t      agent;
    ngx_chat_facts_t     *facts;        /* or NULL */
    unsigned              known:1;      /* by a token: key is its topic */
    unsigned              stored:1;     /* may go to the disk */
    unsigned              ordered:1;    /* _visit_view(): of an order that
                                           the visit had not told of */
} ngx_chat_view_t;


typedef struct {
    int64_t    at;
    u_char     page[NGX_CHAT_VISIT_PAGE];
} ngx_chat_visit_step_t;


/* an operator's own invitation, of at most so many bytes */

#define NGX_CHAT_VISIT_HAND    400
#define NGX_CHAT_VISIT_SENDER  104

/* rules whose invitations a browser may hold */

#define NGX_CHAT_VISIT_OFFERS  10


/*
 * A visit under way, in the shared zone; texts are NUL-terminated.  What each
 * view writes stands together, as workers take these bytes from each other.
 */

typedef struct {
    uint64_t                key;        /* 0: a free place */
    int64_t                 seen_at;
    int64_t                 page_at;
    uint32_t                views;
    uint32_t                status;     /* of the last page */
    uint32_t                took;
    uint32_t                dirty;      /* operators have not heard of it */
    uint32_t                known;      /* by a token, not by a hash */
    uint32_t                second;     /* of the newest view */
    uint32_t                rate;       /* views in it */
    uint32_t                visits;     /* with this one; 0: not known */
    ngx_chat_block_key_t    network;    /* of the newest view; .length 0: not
                                           known */
    uint64_t                was;        /* before there was a token, or 0 */
    int64_t                 started_at;
    int64_t                 conversation;   /* that is open, or 0 */
    int64_t                 invited;    /* by this trigger, or -1 by hand */
    int64_t                 offered[NGX_CHAT_VISIT_OFFERS];     /* newest
                                           first; 0: none */
    uint32_t                outcomes;   /* bits of what became of it */
    u_char                  hand[NGX_CHAT_VISIT_HAND];
    u_char                  sender[NGX_CHAT_VISIT_SENDER];
    ngx_chat_agent_t        agent;
    ngx_chat_facts_t        facts;
    u_char                  host[NGX_CHAT_VISIT_HOST];
    u_char                  title[NGX_CHAT_VISIT_TITLE];
    u_char                  referrer[NGX_CHAT_VISIT_HOST];
    u_char                  language[NGX_CHAT_VISIT_LANGUAGE];
    u_char                  country[NGX_CHAT_VISIT_PLACE];
    u_char                  entry[NGX_CHAT_VISIT_PAGE];
    ngx_chat_visit_step_t   trail[NGX_CHAT_VISIT_TRAIL];    /* a ring: n-th
                                           view, from 0, at n modulo TRAIL */
} ngx_chat_visit_t;


/*
 * Whether somebody sees a page by this: a document that was asked for as one,
 * not in advance, not by a script, and not a redirect.  An answer that the
 * browser has already (304) is one by what the browser says.
 */
ngx_uint_t ngx_chat_visit_is_page(ngx_chat_visit_signs_t *signs);

/* what kind of program a User-Agent names; NULL: none was sent */
void ngx_chat_visit_agent(ngx_str_t *value, ngx_chat_agent_t *agent);

/*
 * The page of a request's target: its path, and of its query only campaigns
 * (utm_*); path parameters (";jsessionid=...") are cut.  Writes to dst, at
 * most NGX_CHAT_VISIT_PAGE - 1 bytes of printable ASCII; returns the length.
 */
size_t ngx_chat_visit_page(ngx_str_t *target, u_char *dst);

/* the host of a referrer in *host, empty for one's own host or none */
void ngx_chat_visit_referrer(ngx_str_t *referrer, ngx_str_t *own,
    ngx_str_t *host);

/* the first tag of Accept-Language in *tag, or an empty one */
void ngx_chat_visit_language(ngx_str_t *accept, ngx_str_t *tag);

/*
 * The client's address as text, by default without what names the household:
 * IPv4 as its /24, IPv6 as its /48.  An IPv4 address in IPv6 is an IPv4
 * address.  Returns the length, 0 for no address (a Unix socket); dst has
 * NGX_SOCKADDR_STRLEN bytes.
 */
size_t ngx_chat_visit_address(struct sockaddr *sockaddr, ngx_uint_t full,
    u_char *dst);

/* copies a text, cut between characters and NUL-terminated */
void ngx_chat_visit_text(u_char *dst, size_t size, ngx_str_t *src);


/*
 * A visit begins, by a view with all that is known; it goes on by one, of which
 * page, title, status and times are asked for.  Nobody looks at more pages a
 * second than NGX_CHAT_VISIT_RATE: beyond that _view() clears view->stored.
 * It says in view->ordered whether the page tells of another order.
 */
void ngx_chat_visit_begin(ngx_chat_visit_t *v, ngx_chat_view_t *view);
void ngx_chat_visit_view(ngx_chat_visit_t *v, ngx_chat_view_t *view);

/* the n-th view before the newest one, which is 0 */
#define ngx_chat_visit_step(v, n)                                             \
    (&(v)->trail[((v)->views - 1 - (n)) % NGX_CHAT_VISIT_TRAIL])

/* over: nothing has come for half an hour; a clock set back is no end */
ngx_uint_t ngx_chat_visit_over(ngx_chat_visit_t *v, int64_t now);

/* true where a person is: what is sorted into segments */
ngx_chat_segment_e ngx_chat_visit_segment(ngx_chat_visit_t *v);

/* a visit as api.yaml says; with trail: the pages, oldest first */
void ngx_chat_visit_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_visit_t *v, ngx_uint_t trail);


#endif /* NGX_CHAT_VISIT_H */
