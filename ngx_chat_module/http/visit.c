
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/text.h"
#include "domain/conversation.h"
#include "http/conf.h"
#include "http/identity.h"
#include "http/invite.h"
#include "http/newcomer.h"
#include "http/visit.h"


#define NGX_HTTP_CHAT_NEWS   32     /* visits in one event */


#define NGX_HTTP_CHAT_SIGN   16     /* bytes of the longest name below */


typedef struct {
    const char  *name;              /* lower case */
    size_t       offset;            /* into ngx_chat_visit_signs_t */
} ngx_http_chat_sign_t;


static void ngx_http_chat_visit_crawler(ngx_http_request_t *r,
    ngx_chat_view_t *view);
static void ngx_http_chat_visit_sent(ngx_http_request_t *r,
    ngx_chat_view_t *view, ngx_uint_t reported);
static void ngx_http_chat_visit_network(ngx_http_request_t *r,
    ngx_chat_view_t *view);
static void ngx_http_chat_visit_details(ngx_http_request_t *r,
    ngx_chat_view_t *view, ngx_uint_t reported,
    u_char address[NGX_SOCKADDR_STRLEN]);
static ngx_uint_t ngx_http_chat_visit_goes_on(ngx_chat_view_t *view,
    int64_t *followed);
static void ngx_http_chat_visit_begins(ngx_http_request_t *r,
    ngx_http_chat_viewer_t *page, ngx_chat_view_t *view, int64_t *followed);
static void ngx_http_chat_visit_keep(ngx_chat_view_t *view,
    ngx_uint_t wanted);
static void ngx_http_chat_visit_conversation(ngx_http_chat_worker_t *w,
    uint64_t key, int64_t conversation);
static void ngx_http_chat_visit_place(ngx_http_request_t *r, ngx_str_t *place);
static ngx_uint_t ngx_http_chat_visit_news(ngx_http_chat_worker_t *w,
    ngx_chat_json_out_t *o);


#define sign(field)  offsetof(ngx_chat_visit_signs_t, field)


/* by the length of the name */

static ngx_http_chat_sign_t  ngx_http_chat_signs[NGX_HTTP_CHAT_SIGN + 1] = {
    [5] = { "x-moz", sign(purpose[3]) },
    [6] = { "accept", sign(accept) },
    [7] = { "purpose", sign(purpose[1]) },
    [9] = { "x-purpose", sign(purpose[2]) },
    [11] = { "sec-purpose", sign(purpose[0]) },
    [14] = { "sec-fetch-dest", sign(dest) },
    [16] = { "x-requested-with", sign(with) }
};


void
ngx_http_chat_visit_signs(ngx_http_request_t *r,
    ngx_chat_visit_signs_t *signs)
{
    ngx_uint_t             i;
    ngx_list_part_t       *part;
    ngx_table_elt_t       *h;
    ngx_http_chat_sign_t  *s;

    ngx_memzero(signs, sizeof(ngx_chat_visit_signs_t));

    signs->shown = r->method == NGX_HTTP_GET || r->method == NGX_HTTP_POST;
    signs->status = r->headers_out.status;
    signs->type = r->headers_out.content_type;

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].key.len > NGX_HTTP_CHAT_SIGN) {
                continue;
            }

            s = &ngx_http_chat_signs[h[i].key.len];

            if (s->name
                && ngx_memcmp(h[i].lowcase_key, s->name, h[i].key.len) == 0)
            {
                *(ngx_str_t **) ((u_char *) signs + s->offset) = &h[i].value;
            }
        }
    }
}


void
ngx_http_chat_visit_record(ngx_http_request_t *r, ngx_str_t *target,
    ngx_str_t *title)
{
    u_char                   address[NGX_SOCKADDR_STRLEN];
    u_char                   text[NGX_CHAT_VISIT_PAGE];
    int64_t                  followed;
    ngx_uint_t               kept;
    ngx_chat_view_t          view;
    ngx_http_chat_viewer_t  *page;

    ngx_memzero(&view, sizeof(ngx_chat_view_t));

    view.at = ngx_http_chat_now();
    view.agent = ngx_http_chat_viewer_agent(r);

    ngx_http_chat_visit_sent(r, &view, target != NULL);

    if (view.agent.crawler) {
        ngx_http_chat_visit_crawler(r, &view);
        return;
    }

    page = ngx_http_chat_viewer(r);
    if (page == NULL) {
        return;
    }

    view.key = page->key;
    view.known = page->known;
    view.stored = ngx_http_chat_viewer_stored(r, page) ? 1 : 0;
    view.facts = page->facts;
    view.page.data = text;
    view.page.len = ngx_chat_visit_page(target ? target : &r->unparsed_uri,
                                        text);
    view.title = title ? *title : page->title;

    ngx_http_chat_visit_network(r, &view);

    kept = view.stored;

    if (!ngx_http_chat_visit_goes_on(&view, &followed)) {
        ngx_http_chat_visit_details(r, &view, target != NULL, address);
        ngx_http_chat_visit_begins(r, page, &view, &followed);

    } else if (view.stored) {
        ngx_http_chat_visit_details(r, &view, target != NULL, address);
    }

    ngx_chat_metric_add(ngx_http_chat_worker->lane,
                        NGX_CHAT_METRIC_VIEWS_TAKEN, 1);

    if (view.ordered) {
        ngx_http_chat_invite_ordered(r, &view, followed);
    }

    ngx_http_chat_visit_keep(&view, kept);
}


/* of these there are only sums, and no place in the live list */

static void
ngx_http_chat_visit_crawler(ngx_http_request_t *r, ngx_chat_view_t *view)
{
    ngx_http_chat_worker_t    *w;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);
    w = ngx_http_chat_worker;

    view->site = clcf->site;

    ngx_chat_metric_add(w->lane, NGX_CHAT_METRIC_VIEWS_CRAWLER, 1);
    (void) ngx_chat_store_view(w->store, view);
}


/* wanted: it was to be kept, until there were too many of this visitor */

static void
ngx_http_chat_visit_keep(ngx_chat_view_t *view, ngx_uint_t wanted)
{
    if (view->stored) {
        (void) ngx_chat_store_view(ngx_http_chat_worker->store, view);

    } else if (wanted) {
        ngx_chat_metric_add(ngx_http_chat_worker->lane,
                            NGX_CHAT_METRIC_VIEWS_DROPPED, 1);
    }
}


/* what a script shows was not sent just now */

static void
ngx_http_chat_visit_sent(ngx_http_request_t *r, ngx_chat_view_t *view,
    ngx_uint_t reported)
{
    int64_t      took;
    ngx_time_t  *tp;

    if (reported) {
        view->status = NGX_HTTP_OK;
        return;
    }

    tp = ngx_timeofday();

    took = (int64_t) (tp->sec - r->start_sec) * 1000
           + ((int64_t) tp->msec - (int64_t) r->start_msec);

    view->status = r->err_status ? r->err_status : r->headers_out.status;
    view->took = (ngx_uint_t) ngx_max(took, 0);
}


/* of each view: a phone is in one network now, in another one then */

static void
ngx_http_chat_visit_network(ngx_http_request_t *r, ngx_chat_view_t *view)
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (ngx_chat_block_key_sockaddr(&view->network, r->connection->sockaddr)
        == NGX_OK
        && clcf->address != NGX_HTTP_CHAT_FULL)
    {
        ngx_chat_block_key_truncate(&view->network);
    }
}


/* what is the same for all pages of a visit */

static void
ngx_http_chat_visit_details(ngx_http_request_t *r, ngx_chat_view_t *view,
    ngx_uint_t reported, u_char address[NGX_SOCKADDR_STRLEN])
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    view->site = clcf->site;
    view->host = r->headers_in.server;

    if (!ngx_chat_text_printable(&view->host, 1)) {
        view->host.len = 0;
    }

    /* what a script reports comes from within the site */

    ngx_chat_visit_referrer(reported || r->headers_in.referer == NULL
                            ? NULL : &r->headers_in.referer->value,
                            &view->host, &view->referrer);
    ngx_chat_visit_language(ngx_http_chat_header(r, "accept-language"),
                            &view->language);
    ngx_http_chat_visit_place(r, &view->country);

    view->address.data = address;
    view->address.len = ngx_chat_visit_address(r->connection->sockaddr,
                                     clcf->address == NGX_HTTP_CHAT_FULL,
                                     address);
}


static void
ngx_http_chat_visit_place(ngx_http_request_t *r, ngx_str_t *place)
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (clcf->country == NULL
        || ngx_http_complex_value(r, clcf->country, place) != NGX_OK
        || place->len >= NGX_CHAT_VISIT_PLACE
        || !ngx_chat_text_printable(place, 1)
        || (place->len == 1 && place->data[0] == '-'))
    {
        ngx_str_null(place);
    }
}


/* followed: which invitation was, before this page */

static ngx_uint_t
ngx_http_chat_visit_goes_on(ngx_chat_view_t *view, int64_t *followed)
{
    ngx_chat_visit_t      *visit;
    ngx_http_chat_zone_t  *zone;

    zone = ngx_http_chat_worker->zone;
    visit = ngx_http_chat_visit_lock(zone, view->key, view->at);

    if (visit) {
        *followed = ngx_chat_invite_followed(visit);
        ngx_chat_visit_view(visit, view);
    }

    ngx_http_chat_visit_unlock(zone);

    return visit != NULL;
}


static void
ngx_http_chat_visit_begins(ngx_http_request_t *r,
    ngx_http_chat_viewer_t *page, ngx_chat_view_t *view, int64_t *followed)
{
    uint64_t               hash;
    ngx_http_chat_zone_t  *zone;

    zone = ngx_http_chat_worker->zone;

    /* who had no token until now may have been here by the hash */

    hash = !page->known ? 0 : page->hash ? page->hash
                                         : ngx_http_chat_viewer_hash(r);

    ngx_shmtx_lock(zone->mutex);

    if (hash) {
        ngx_chat_visits_rename(zone->visits, hash, view->key, view->at);
    }

    *followed = ngx_http_chat_newcomer_enter(r, view);

    ngx_shmtx_unlock(zone->mutex);
}


ngx_chat_visit_t *
ngx_http_chat_visit_lock(ngx_http_chat_zone_t *zone, uint64_t key, int64_t at)
{
    ngx_shmtx_lock(zone->mutex);

    return ngx_chat_visits_find(zone->visits, key, at);
}


void
ngx_http_chat_visit_unlock(ngx_http_chat_zone_t *zone)
{
    ngx_shmtx_unlock(zone->mutex);
}


ngx_int_t
ngx_http_chat_visit_now(uint64_t key, ngx_chat_visit_t *visit)
{
    ngx_chat_visit_t      *found;
    ngx_http_chat_zone_t  *zone;

    zone = ngx_http_chat_worker->zone;
    found = ngx_http_chat_visit_lock(zone, key, ngx_http_chat_now());

    if (found) {
        *visit = *found;
    }

    ngx_http_chat_visit_unlock(zone);

    return found ? NGX_OK : NGX_DECLINED;
}


void
ngx_http_chat_visit_proved(uint64_t key, ngx_chat_claim_t *claim)
{
    ngx_chat_facts_t       facts;
    ngx_chat_visit_t      *visit;
    ngx_http_chat_zone_t  *zone;

    ngx_memzero(&facts, sizeof(ngx_chat_facts_t));

    facts.said = NGX_CHAT_FACT_USER;

    ngx_chat_visit_text(facts.user, sizeof(facts.user), &claim->id);
    ngx_chat_visit_text(facts.name, sizeof(facts.name), &claim->name);
    ngx_chat_visit_text(facts.email, sizeof(facts.email), &claim->email);

    zone = ngx_http_chat_worker->zone;
    visit = ngx_http_chat_visit_lock(zone, key, ngx_http_chat_now());

    if (visit) {
        ngx_chat_fact_merge(&visit->facts, &facts);
        visit->dirty = 1;
    }

    ngx_http_chat_visit_unlock(zone);
}


void
ngx_http_chat_visit_opened(ngx_http_request_t *r, uint64_t key,
    int64_t conversation)
{
    int64_t                now;
    uint64_t               hash;
    ngx_http_chat_zone_t  *zone;

    now = ngx_http_chat_now();
    hash = ngx_http_chat_viewer_hash(r);
    zone = ngx_http_chat_worker->zone;

    if (ngx_http_chat_visit_lock(zone, key, now) == NULL) {
        ngx_chat_visits_rename(zone->visits, hash, key, now);
    }

    ngx_http_chat_visit_unlock(zone);

    ngx_http_chat_visit_conversation(ngx_http_chat_worker, key, conversation);
}


/* the visitor's open conversation is this one, or with 0 none; any thread */

static void
ngx_http_chat_visit_conversation(ngx_http_chat_worker_t *w, uint64_t key,
    int64_t conversation)
{
    ngx_chat_visit_t  *visit;

    /* of a visit that is over it does no harm */

    visit = ngx_http_chat_visit_lock(w->zone, key, 0);

    if (visit && visit->conversation != conversation) {
        visit->conversation = conversation;
        visit->dirty = 1;
    }

    ngx_http_chat_visit_unlock(w->zone);
}


void
ngx_http_chat_visit_moved(ngx_http_chat_worker_t *w,
    ngx_chat_record_t *records, ngx_uint_t n)
{
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        if (records[i].type == NGX_CHAT_EVENT_STATE
            && (records[i].audience & NGX_CHAT_TO_OPERATORS))
        {
            ngx_http_chat_visit_conversation(w, records[i].topic,
                                  records[i].subject
                                  == NGX_CHAT_CONVERSATION_CLOSED
                                  ? 0 : records[i].conversation);
        }
    }
}


void
ngx_http_chat_visit_counted(void *ctx, uint64_t key, int64_t visits)
{
    ngx_http_chat_worker_t  *w = ctx;

    ngx_chat_visit_t  *visit;

    visit = ngx_http_chat_visit_lock(w->zone, key, 0);

    if (visit) {
        visit->visits = (uint32_t) visits;
        visit->dirty = 1;
    }

    ngx_http_chat_visit_unlock(w->zone);
}


/* the salt of the hashes */

void
ngx_http_chat_visit_day(ngx_http_chat_worker_t *w)
{
    ngx_shmtx_lock(w->zone->mutex);
    ngx_chat_visits_day(w->zone->visits, ngx_http_chat_now());
    ngx_shmtx_unlock(w->zone->mutex);
}


/* news for operators, if one listens */

void
ngx_http_chat_visit_tick(ngx_http_chat_worker_t *w)
{
    int64_t               now;
    ngx_pool_t           *pool;
    ngx_chat_event_t      event;
    ngx_chat_json_out_t  *o;

    now = ngx_http_chat_now();

    ngx_http_chat_visit_day(w);

    if (!ngx_chat_presence_heard(w->zone->presence, now)) {
        return;
    }

    pool = ngx_create_pool(4096, w->log);
    if (pool == NULL) {
        return;
    }

    ngx_memzero(&event, sizeof(ngx_chat_event_t));

    event.type = NGX_CHAT_EVENT_VISITS;
    event.author = NGX_CHAT_AUTHOR_SYSTEM;

    o = ngx_chat_json_out(pool);

    if (o && ngx_http_chat_visit_news(w, o)
        && ngx_chat_json_end(o, &event.text) == NGX_OK)
    {
        ngx_http_chat_publish(&event);
    }

    ngx_destroy_pool(pool);
}


/* the rest has its turn next second; returns how many there are */

static ngx_uint_t
ngx_http_chat_visit_news(ngx_http_chat_worker_t *w, ngx_chat_json_out_t *o)
{
    int64_t             now;
    ngx_uint_t          i, k, n, sum, at;
    ngx_chat_visit_t    changed[NGX_CHAT_VISITS_WAYS];
    ngx_chat_visits_t  *v;

    v = w->zone->visits;
    at = v->next;
    now = ngx_http_chat_now();

    ngx_chat_json_open_array(o, NULL);

    for (sum = 0, i = 0; i < v->buckets && sum < NGX_HTTP_CHAT_NEWS; i++) {
        at = at + 1 < v->buckets ? at + 1 : 0;

        if (!ngx_chat_visits_dirty(v, at)) {
            continue;
        }

        ngx_shmtx_lock(w->zone->mutex);
        n = ngx_chat_visits_changed(v, at, now, changed);
        ngx_shmtx_unlock(w->zone->mutex);

        for (k = 0; k < n; k++) {
            ngx_chat_visit_json(o, NULL, &changed[k], 0);
        }

        sum += n;
    }

    v->next = (uint32_t) at;

    ngx_chat_json_close_array(o);

    return sum;
}
