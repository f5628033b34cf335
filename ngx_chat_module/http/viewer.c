
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/identity.h"
#include "http/viewer.h"
#include "http/worker.h"


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
    ngx_http_chat_viewer_t  *page;

    if (ngx_http_chat_worker == NULL) {
        return NULL;
    }

    page = ngx_http_chat_viewer_slot(r);

    if (page && !page->looked) {
        page->looked = 1;
        ngx_http_chat_viewer_look(r, page);
    }

    return page;
}


static void
ngx_http_chat_viewer_look(ngx_http_request_t *r, ngx_http_chat_viewer_t *page)
{
    u_char                     uid[NGX_CHAT_UID_LEN];
    ngx_http_chat_loc_conf_t  *clcf;

    if (ngx_http_chat_worker->keyed
        && ngx_http_chat_visitor_of_page(r, uid) == NGX_OK)
    {
        clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

        page->key = ngx_chat_auth_visitor_topic(uid);
        page->known = 1;
        page->stored = clcf->consent == NULL || ngx_http_chat_consented(r);

        return;
    }

    page->key = ngx_http_chat_viewer_hash(r);
    page->hash = page->key;
}


/* address, browser and host, with a secret that is forgotten every day */

uint64_t
ngx_http_chat_viewer_hash(ngx_http_request_t *r)
{
    u_char                  *p, *last, text[512];
    ngx_str_t                s;
    ngx_http_chat_worker_t  *w;

    w = ngx_http_chat_worker;
    last = text + sizeof(text);

    p = ngx_http_chat_viewer_add(text, last, &r->connection->addr_text);
    p = ngx_http_chat_viewer_add(p, last, &r->headers_in.server);

    if (r->headers_in.user_agent) {
        p = ngx_http_chat_viewer_add(p, last,
                                     &r->headers_in.user_agent->value);
    }

    s.data = text;
    s.len = p - text;

    /* a salt that changes meanwhile makes one odd key, no more */

    return ngx_chat_auth_quick(&w->zone->visits->salt, &s);
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

    if (cv == NULL || ngx_http_complex_value(r, cv, &value) != NGX_OK) {
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
