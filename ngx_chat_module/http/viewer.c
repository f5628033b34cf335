
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/identity.h"
#include "http/viewer.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_BROWSERS  128     /* names that a worker remembers */
#define NGX_HTTP_CHAT_BROWSER   256     /* bytes of such a name at most */


typedef struct {
    uint64_t            salt;           /* the n-th is that of .hash */
    uint64_t            hash;
    size_t              len;
    ngx_chat_agent_t    agent;
    u_char              name[NGX_HTTP_CHAT_BROWSER];
} ngx_http_chat_browser_t;


static ngx_http_chat_browser_t *ngx_http_chat_viewer_browser(
    ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_viewer_place(ngx_str_t *name);
static void ngx_http_chat_viewer_cleanup(void *data);
static u_char *ngx_http_chat_viewer_add(u_char *p, u_char *last,
    ngx_str_t *text);
static void ngx_http_chat_viewer_look(ngx_http_request_t *r,
    ngx_http_chat_viewer_t *page);


/* found again by its handler, as nginx's own modules do */

ngx_http_chat_viewer_t *
ngx_http_chat_viewer_slot(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t  *cln;

    for (cln = r->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_http_chat_viewer_cleanup) {
            return cln->data;
        }
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_chat_viewer_t));
    if (cln == NULL) {
        return NULL;
    }

    cln->handler = ngx_http_chat_viewer_cleanup;

    ngx_memzero(cln->data, sizeof(ngx_http_chat_viewer_t));

    return cln->data;
}


static void
ngx_http_chat_viewer_cleanup(void *data)
{
    /* the pool has the memory */
}


ngx_http_chat_viewer_t *
ngx_http_chat_viewer(ngx_http_request_t *r)
{
    void                    *conf;
    u_char                  *address;
    ngx_http_chat_viewer_t  *page;

    if (ngx_http_chat_worker == NULL) {
        return NULL;
    }

    page = ngx_http_chat_viewer_slot(r);

    conf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);
    address = r->connection->addr_text.data;

    if (page && !page->fresh
        && (page->conf != conf || page->address != address))
    {
        page->conf = conf;
        page->address = address;

        ngx_http_chat_viewer_look(r, page);
    }

    return page;
}


static void
ngx_http_chat_viewer_look(ngx_http_request_t *r, ngx_http_chat_viewer_t *page)
{
    u_char  uid[NGX_CHAT_UID_LEN];

    page->known = ngx_http_chat_worker->keyed
                  && ngx_http_chat_visitor_of_page(r, uid) == NGX_OK;

    page->hash = page->known ? 0 : ngx_http_chat_viewer_hash(r);

    page->key = page->known ? ngx_chat_auth_visitor_topic(uid) : page->hash;
}


void
ngx_http_chat_viewer_is(ngx_http_chat_viewer_t *page,
    u_char uid[NGX_CHAT_UID_LEN])
{
    page->key = ngx_chat_auth_visitor_topic(uid);
    page->known = 1;
    page->fresh = 1;
}


ngx_uint_t
ngx_http_chat_viewer_stored(ngx_http_request_t *r,
    ngx_http_chat_viewer_t *page)
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    return page->known
           && (clcf->consent == NULL || ngx_http_chat_consented(r));
}


ngx_chat_agent_t
ngx_http_chat_viewer_agent(ngx_http_request_t *r)
{
    return ngx_http_chat_viewer_browser(r)->agent;
}


/*
 * Address, browser and host, with a secret that is forgotten every day.  Of
 * the browser's name, which is the longest and the most frequent of them, its
 * own hash is taken.
 */

uint64_t
ngx_http_chat_viewer_hash(ngx_http_request_t *r)
{
    u_char                   *p, *last, text[512];
    ngx_str_t                 s;
    ngx_http_chat_worker_t   *w;
    ngx_http_chat_browser_t  *b;

    w = ngx_http_chat_worker;
    last = text + sizeof(text);

    b = ngx_http_chat_viewer_browser(r);

    p = ngx_cpymem(text, &b->hash, sizeof(uint64_t));
    p = ngx_http_chat_viewer_add(p, last, &r->connection->addr_text);
    p = ngx_http_chat_viewer_add(p, last, &r->headers_in.server);

    s.data = text;
    s.len = p - text;

    /* a salt that changes meanwhile makes one odd key, no more */

    return ngx_chat_auth_quick(&w->zone->visits->salt, &s);
}


/*
 * Found again by its length and its last bytes, and then by all of it.  What
 * is hashed while the salt changes is known as of the earlier one.
 */

static ngx_http_chat_browser_t *
ngx_http_chat_viewer_browser(ngx_http_request_t *r)
{
    uint64_t                  salt;
    ngx_str_t                *name;
    ngx_chat_visits_t        *v;
    ngx_http_chat_browser_t  *b;

    static ngx_str_t                none = ngx_string("");
    static ngx_http_chat_browser_t  browsers[NGX_HTTP_CHAT_BROWSERS + 1];

    v = ngx_http_chat_worker->zone->visits;
    name = r->headers_in.user_agent ? &r->headers_in.user_agent->value : &none;
    salt = __atomic_load_n(&v->salts, __ATOMIC_ACQUIRE);

    b = &browsers[ngx_http_chat_viewer_place(name)];

    if (b->salt == salt && b->len == name->len
        && b->len <= NGX_HTTP_CHAT_BROWSER
        && ngx_memcmp(b->name, name->data, b->len) == 0)
    {
        return b;
    }

    b->salt = salt;
    b->len = name->len;
    b->hash = ngx_chat_auth_quick(&v->salt, name);
    ngx_chat_visit_agent(name, &b->agent);

    ngx_memcpy(b->name, name->data, ngx_min(name->len,
                                            NGX_HTTP_CHAT_BROWSER));

    return b;
}


/*
 * By a few words of it: browsers differ in the middle, their versions near the
 * end.  The last place is for those whose names are too long to be kept.
 */

static ngx_uint_t
ngx_http_chat_viewer_place(ngx_str_t *name)
{
    size_t      offsets[3];
    uint64_t    n, word;
    ngx_uint_t  i;

    if (name->len > NGX_HTTP_CHAT_BROWSER) {
        return NGX_HTTP_CHAT_BROWSERS;
    }

    n = name->len;

    if (n < 32) {
        return n;
    }

    offsets[0] = n / 2;
    offsets[1] = n - 24;
    offsets[2] = n - 8;

    for (i = 0; i < 3; i++) {
        ngx_memcpy(&word, name->data + offsets[i], sizeof(uint64_t));

        n = (n ^ word) * 0x9e3779b97f4a7c15;
        n ^= n >> 32;
    }

    return n % NGX_HTTP_CHAT_BROWSERS;
}


/* with a blank before it, as far as there is room */

static u_char *
ngx_http_chat_viewer_add(u_char *p, u_char *last, ngx_str_t *text)
{
    if (p < last) {
        *p++ = ' ';
    }

    return ngx_cpymem(p, text->data, ngx_min(text->len, (size_t) (last - p)));
}


ngx_uint_t
ngx_http_chat_says(ngx_http_request_t *r, ngx_http_complex_value_t *cv)
{
    ngx_str_t  value;

    if (cv == NULL) {
        return 0;
    }

    /* most are "on" */

    if (cv->lengths == NULL) {
        value = cv->value;

    } else if (ngx_http_complex_value(r, cv, &value) != NGX_OK) {
        return 0;
    }

    return value.len
           && !(value.len == 1 && value.data[0] == '0')
           && !(value.len == 3 && ngx_strncmp(value.data, "off", 3) == 0);
}


ngx_uint_t
ngx_http_chat_consented(ngx_http_request_t *r)
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    return ngx_http_chat_says(r, clcf->consent);
}


ngx_uint_t
ngx_http_chat_tracked(ngx_http_request_t *r)
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    return clcf->track && ngx_http_chat_worker && r == r->main
           && ngx_http_chat_says(r, clcf->track);
}
