
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"
#include "http/identity.h"
#include "http/visit.h"
#include "module/track.h"


#define NGX_HTTP_CHAT_NEWCOMERS  30     /* cookies a minute to one browser */


static ngx_int_t ngx_http_chat_track_header(ngx_http_request_t *r);
static ngx_int_t ngx_http_chat_track_location(ngx_http_request_t *r);
static void ngx_http_chat_track_redirect(ngx_http_request_t *r);
static void ngx_http_chat_track_facts(ngx_http_request_t *r,
    ngx_list_t *headers, ngx_hash_t *hidden);
static void ngx_http_chat_track_fact(ngx_http_request_t *r, ngx_uint_t fact,
    ngx_str_t *value);
static ngx_uint_t ngx_http_chat_track_old(ngx_http_request_t *r,
    ngx_list_t *headers);
static ngx_int_t ngx_http_chat_track_cookie(ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_track_crowded(ngx_http_chat_viewer_t *page);
static ngx_uint_t ngx_http_chat_track_document(ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_track_shared(ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_track_says(ngx_str_t *value,
    const char *word);
static ngx_int_t ngx_http_chat_track_log(ngx_http_request_t *r);


static ngx_http_output_header_filter_pt  ngx_http_chat_track_next;


ngx_int_t
ngx_http_chat_track_init(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_chat_main_conf_t  *mcf;
    ngx_http_core_main_conf_t  *cmcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_chat_module);

    if (mcf->tracked && !mcf->enabled) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "\"chat_track\" does nothing, as no location says "
                           "\"chat\"");
    }

    if (!mcf->enabled) {
        return NGX_OK;
    }

    ngx_http_chat_track_next = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_chat_track_header;

    if (!mcf->tracked) {
        return NGX_OK;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_LOG_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_chat_track_log;

    if (!mcf->trusted) {
        return NGX_OK;
    }

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_PREACCESS_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_chat_track_location;

    return NGX_OK;
}


static ngx_int_t
ngx_http_chat_track_header(ngx_http_request_t *r)
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (r != r->main || clcf->enabled == 1) {
        return ngx_http_chat_track_next(r);
    }

    if (r->internal && r->upstream) {
        ngx_http_chat_track_redirect(r);
    }

    if (clcf->trust) {
        ngx_http_chat_track_facts(r, &r->headers_out.headers, NULL);
    }

    if (clcf->consent && ngx_http_chat_track_cookie(r) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_chat_track_next(r);
}


/*
 * Whether the backend that a location asks is trusted must be known when it
 * has answered with a redirect (X-Accel-Redirect), and so another location
 * answers: an untrusted one must not be believed by way of a trusted one.
 */

static ngx_int_t
ngx_http_chat_track_location(ngx_http_request_t *r)
{
    ngx_http_chat_viewer_t    *page;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (r != r->main || (!clcf->trust && !r->internal)) {
        return NGX_DECLINED;
    }

    if (r->internal && r->upstream) {
        ngx_http_chat_track_redirect(r);
    }

    page = ngx_http_chat_viewer_slot(r);

    if (page) {
        page->trust = clcf->trust;
    }

    return NGX_DECLINED;
}


/*
 * nginx takes a few fields of its own from such an answer and drops the rest,
 * but the upstream's list of them stays until another one is asked.
 */

static void
ngx_http_chat_track_redirect(ngx_http_request_t *r)
{
    ngx_http_upstream_t     *u;
    ngx_http_chat_viewer_t  *page;

    u = r->upstream;

    if (u->headers_in.x_accel_redirect == NULL) {
        return;
    }

    page = ngx_http_chat_viewer_slot(r);

    if (page == NULL || page->upstream == u) {
        return;
    }

    page->upstream = u;

    if (page->trust) {
        ngx_http_chat_track_facts(r, &u->headers_in.headers,
                                  &u->conf->hide_headers_hash);
    }
}


/*
 * All of these go, also from an answer that is not followed.  What an answer
 * from a cache says was said of whoever was the first to ask for it; what the
 * location hides it does not want to be seen.
 */

static void
ngx_http_chat_track_facts(ngx_http_request_t *r, ngx_list_t *headers,
    ngx_hash_t *hidden)
{
    ngx_uint_t        i, fact, old;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    old = 1;

    for (part = &headers->part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            fact = h[i].hash ? ngx_chat_fact_header(&h[i].key) : 0;

            if (fact == 0
                || (hidden && ngx_hash_find(hidden, h[i].hash,
                                            h[i].lowcase_key, h[i].key.len)))
            {
                continue;
            }

            /* most answers have none: where they are from is nothing then */

            if (old) {
                old = ngx_http_chat_track_old(r, headers);
            }

            h[i].hash = 0;

            if (!old) {
                ngx_http_chat_track_fact(r, fact, &h[i].value);
            }
        }
    }
}


static void
ngx_http_chat_track_fact(ngx_http_request_t *r, ngx_uint_t fact,
    ngx_str_t *value)
{
    ngx_http_chat_viewer_t  *page;

    page = ngx_http_chat_viewer_slot(r);
    if (page == NULL) {
        return;
    }

    if (page->facts == NULL) {
        page->facts = ngx_pcalloc(r->pool, sizeof(ngx_chat_facts_t));
        if (page->facts == NULL) {
            return;
        }
    }

    if (ngx_chat_fact_read(fact, value, page->facts) != NGX_OK) {

        /* not what it says: it names a person */

        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "chat ignored a malformed header of trusted facts");
    }
}


/* from nginx's own cache, or from one before it, which says for how long */

static ngx_uint_t
ngx_http_chat_track_old(ngx_http_request_t *r, ngx_list_t *headers)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

#if (NGX_HTTP_CACHE)
    if (r->cached) {
        return 1;
    }
#endif

    for (part = &headers->part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].hash && h[i].key.len == 3
                && ngx_strncasecmp(h[i].key.data, (u_char *) "age", 3) == 0)
            {
                return 1;
            }
        }
    }

    return 0;
}


/*
 * A cookie for a visitor who consents and has none.  It is put on after
 * nginx's own cache has stored the page; a page that says that others may
 * store it gets none.
 */

static ngx_int_t
ngx_http_chat_track_cookie(ngx_http_request_t *r)
{
    u_char                     uid[NGX_CHAT_UID_LEN];
    u_char                     token[NGX_CHAT_VISITOR_TOKEN_LEN];
    ngx_http_chat_viewer_t    *page;
    ngx_chat_visit_signs_t     signs;
    ngx_http_chat_loc_conf_t  *clcf;

    if (!ngx_http_chat_track_document(r)
        || r->headers_out.status == NGX_HTTP_NOT_MODIFIED
        || !ngx_http_chat_tracked(r)
        || !ngx_http_chat_worker->keyed)
    {
        return NGX_OK;
    }

    page = ngx_http_chat_viewer(r);

    if (page == NULL || page->known) {
        return NGX_OK;
    }

    ngx_http_chat_visit_signs(r, &signs);

    if (!ngx_chat_visit_is_page(&signs)
        || ngx_http_chat_track_shared(r)
        || !ngx_http_chat_consented(r)
        || ngx_http_chat_viewer_agent(r).crawler
        || ngx_http_chat_track_crowded(page))
    {
        return NGX_OK;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    ngx_chat_auth_visitor_new(&ngx_http_chat_worker->key, &clcf->site, uid,
                              token);

    if (ngx_http_chat_visitor_cookie(r, token) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_chat_viewer_is(page, uid);

    return NGX_OK;
}


/*
 * A browser keeps its cookie: who comes without one again and again is a
 * program, or many people behind one address, who get theirs a little later.
 */

static ngx_uint_t
ngx_http_chat_track_crowded(ngx_http_chat_viewer_t *page)
{
    int64_t                now;
    ngx_uint_t             wait;
    ngx_http_chat_zone_t  *zone;

    now = ngx_http_chat_now();
    zone = ngx_http_chat_worker->zone;

    ngx_shmtx_lock(zone->mutex);

    wait = ngx_chat_throttle_wait(zone->newcomers, page->hash,
                                  NGX_HTTP_CHAT_NEWCOMERS, 60000, now)
           != 0;

    if (!wait) {
        ngx_chat_throttle_failed(zone->newcomers, page->hash, 60000, now);
    }

    ngx_shmtx_unlock(zone->mutex);

    return wait;
}


/* may be one, by its type, which is asked for before all else */

static ngx_uint_t
ngx_http_chat_track_document(ngx_http_request_t *r)
{
    u_char     *p;
    ngx_str_t  *type;

    type = &r->headers_out.content_type;
    p = type->data;

    /* text/h..., application/... */

    return r->headers_out.status == NGX_HTTP_NOT_MODIFIED
           || (type->len >= 9
               && ((p[0] | 0x20) == 'a'
                   || ((p[0] | 0x20) == 't' && (p[5] | 0x20) == 'h')));
}


/*
 * Whether a cache of many people's may have the answer (RFC 9111): also one
 * that only says for how long it is good, and not that it is private.
 */

static ngx_uint_t
ngx_http_chat_track_shared(ngx_http_request_t *r)
{
    ngx_uint_t        i, aged, own;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    static ngx_str_t  name = ngx_string("cache-control");

    aged = 0;
    own = 0;

    for (part = &r->headers_out.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].hash == 0 || h[i].key.len != name.len
                || ngx_strncasecmp(h[i].key.data, name.data, name.len) != 0)
            {
                continue;
            }

            if (ngx_http_chat_track_says(&h[i].value, "public")
                || ngx_http_chat_track_says(&h[i].value, "s-maxage"))
            {
                return 1;
            }

            aged |= ngx_http_chat_track_says(&h[i].value, "max-age")
                    && !ngx_http_chat_track_says(&h[i].value, "max-age=0");
            own |= ngx_http_chat_track_says(&h[i].value, "private")
                   || ngx_http_chat_track_says(&h[i].value, "no-store");
        }
    }

    return aged && !own;
}


static ngx_uint_t
ngx_http_chat_track_says(ngx_str_t *value, const char *word)
{
    return ngx_strlcasestrn(value->data, value->data + value->len,
                            (u_char *) word, ngx_strlen(word) - 1)
           != NULL;
}


static ngx_int_t
ngx_http_chat_track_log(ngx_http_request_t *r)
{
    ngx_chat_visit_signs_t     signs;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    /* what is asked of most requests comes first */

    if (clcf->track == NULL || clcf->enabled == 1
        || !ngx_http_chat_track_document(r))
    {
        return NGX_OK;
    }

    ngx_http_chat_visit_signs(r, &signs);

    if (ngx_chat_visit_is_page(&signs) && ngx_http_chat_tracked(r)) {
        ngx_http_chat_visit_record(r, NULL, NULL);
    }

    return NGX_OK;
}
