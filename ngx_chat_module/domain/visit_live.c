
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A visit under way: how page views change it, and its JSON.  visit.h.
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "base/text.h"
#include "domain/visit.h"


static void ngx_chat_visit_id_json(ngx_chat_json_out_t *o, const char *name,
    uint64_t key);
static void ngx_chat_visit_pages_json(ngx_chat_json_out_t *o,
    ngx_chat_visit_t *v);
static void ngx_chat_visit_facts_json(ngx_chat_json_out_t *o,
    ngx_chat_facts_t *facts);
static void ngx_chat_visit_option(ngx_chat_json_out_t *o, const char *name,
    u_char *text);


ngx_str_t  ngx_chat_segment_names[] = {
    ngx_string("none"),
    ngx_string("new"),
    ngx_string("returning"),
    ngx_string("customer"),
    ngx_string("buyer"),
    ngx_null_string
};


void
ngx_chat_visit_text(u_char *dst, size_t size, ngx_str_t *src)
{
    size_t  len;

    len = ngx_min(src->len, size - 1);

    /* not in the middle of a character */

    if (len < src->len) {
        while (len && (src->data[len] & 0xc0) == 0x80) {
            len--;
        }
    }

    *ngx_cpymem(dst, src->data, len) = '\0';
}


void
ngx_chat_visit_begin(ngx_chat_visit_t *v, ngx_chat_view_t *view)
{
    ngx_memzero(v, sizeof(ngx_chat_visit_t));

    v->key = view->key;
    v->started_at = view->at;
    v->agent = view->agent;

    ngx_chat_visit_text(v->entry, NGX_CHAT_VISIT_PAGE, &view->page);
    ngx_chat_visit_text(v->referrer, NGX_CHAT_VISIT_HOST, &view->referrer);
    ngx_chat_visit_text(v->host, NGX_CHAT_VISIT_HOST, &view->host);
    ngx_chat_visit_text(v->language, NGX_CHAT_VISIT_LANGUAGE,
                        &view->language);
    ngx_chat_visit_text(v->country, NGX_CHAT_VISIT_PLACE, &view->country);
}


void
ngx_chat_visit_view(ngx_chat_visit_t *v, ngx_chat_view_t *view)
{
    ngx_chat_visit_step_t  *step;

    v->views++;

    step = ngx_chat_visit_step(v, 0);

    step->at = view->at;
    ngx_chat_visit_text(step->page, NGX_CHAT_VISIT_PAGE, &view->page);

    ngx_chat_visit_text(v->title, NGX_CHAT_VISIT_TITLE, &view->title);

    if (v->second != (uint32_t) (view->at / 1000)) {
        v->second = (uint32_t) (view->at / 1000);
        v->rate = 0;
    }

    if (v->rate >= NGX_CHAT_VISIT_RATE) {
        view->stored = 0;

    } else {
        v->rate++;
    }

    v->seen_at = view->at;
    v->page_at = view->at;
    v->status = (uint32_t) view->status;
    v->took = (uint32_t) view->took;
    v->known = view->known;
    v->network = view->network;
    v->dirty = 1;

    if (view->facts) {
        view->ordered = (view->facts->said & NGX_CHAT_FACT_ORDER)
                        && ngx_strcmp(view->facts->order, v->facts.order) != 0;

        ngx_chat_fact_merge(&v->facts, view->facts);
    }
}


ngx_uint_t
ngx_chat_visit_over(ngx_chat_visit_t *v, int64_t now)
{
    return now - v->seen_at >= NGX_CHAT_VISIT_IDLE;
}


ngx_chat_segment_e
ngx_chat_visit_segment(ngx_chat_visit_t *v)
{
    if (v->agent.crawler) {
        return NGX_CHAT_SEGMENT_NONE;
    }

    if (v->facts.order[0]) {
        return NGX_CHAT_SEGMENT_BUYER;
    }

    if (v->facts.user[0]) {
        return NGX_CHAT_SEGMENT_CUSTOMER;
    }

    return v->visits > 1 ? NGX_CHAT_SEGMENT_RETURNING : NGX_CHAT_SEGMENT_NEW;
}


void
ngx_chat_visit_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_visit_t *v, ngx_uint_t trail)
{
    u_char     text[NGX_CHAT_BLOCK_TEXT_MAX];
    ngx_str_t  network;

    ngx_chat_json_open(o, name);

    ngx_chat_visit_id_json(o, "id", v->key);

    if (v->was) {
        ngx_chat_visit_id_json(o, "was", v->was);
    }

    ngx_chat_json_int(o, "started_at", v->started_at);
    ngx_chat_json_int(o, "seen_at", v->seen_at);
    ngx_chat_json_int(o, "page_at", v->page_at);
    ngx_chat_json_chars(o, "host", (char *) v->host);
    ngx_chat_json_chars(o, "page", (char *) ngx_chat_visit_step(v, 0)->page);
    ngx_chat_visit_option(o, "title", v->title);
    ngx_chat_json_int(o, "status", v->status);
    ngx_chat_json_int(o, "views", v->views);

    if (v->visits) {
        ngx_chat_json_int(o, "visits", v->visits);
    }

    ngx_chat_visit_option(o, "referrer", v->referrer);
    ngx_chat_visit_option(o, "language", v->language);
    ngx_chat_visit_option(o, "country", v->country);
    ngx_chat_json_enum(o, "device", ngx_chat_device_names, v->agent.device);
    ngx_chat_json_enum(o, "browser", ngx_chat_browser_names,
                       v->agent.browser);
    ngx_chat_json_enum(o, "system", ngx_chat_system_names, v->agent.system);
    ngx_chat_json_enum(o, "segment", ngx_chat_segment_names,
                       ngx_chat_visit_segment(v));
    ngx_chat_json_bool(o, "known", v->known);

    if (v->network.length) {
        network.data = text;
        ngx_chat_block_key_text(&v->network, &network);
        ngx_chat_json_str(o, "network", &network);
    }

    if (v->conversation) {
        ngx_chat_json_int(o, "conversation", v->conversation);
    }

    if (v->invited) {
        ngx_chat_json_bool(o, "invited", 1);
    }

    ngx_chat_visit_facts_json(o, &v->facts);

    if (trail) {
        ngx_chat_visit_option(o, "entry", v->entry);
        ngx_chat_visit_pages_json(o, v);
    }

    ngx_chat_json_close(o);
}


/* a text, as a browser's numbers end at 53 bits */

static void
ngx_chat_visit_id_json(ngx_chat_json_out_t *o, const char *name, uint64_t key)
{
    u_char     text[NGX_CHAT_VISIT_ID_LEN];
    ngx_str_t  id;

    id.data = text;
    id.len = ngx_sprintf(text, "%uL", key) - text;

    ngx_chat_json_str(o, name, &id);
}


static void
ngx_chat_visit_pages_json(ngx_chat_json_out_t *o, ngx_chat_visit_t *v)
{
    ngx_uint_t  i;

    ngx_chat_json_open_array(o, "pages");

    for (i = ngx_min(v->views, NGX_CHAT_VISIT_TRAIL); i-- > 0; /* void */) {
        ngx_chat_json_open(o, NULL);
        ngx_chat_json_int(o, "at", ngx_chat_visit_step(v, i)->at);
        ngx_chat_json_chars(o, "page",
                            (char *) ngx_chat_visit_step(v, i)->page);
        ngx_chat_json_close(o);
    }

    ngx_chat_json_close_array(o);
}


static void
ngx_chat_visit_facts_json(ngx_chat_json_out_t *o, ngx_chat_facts_t *facts)
{
    ngx_uint_t  i;

    if (facts->user[0]) {
        ngx_chat_json_open(o, "user");
        ngx_chat_json_chars(o, "id", (char *) facts->user);
        ngx_chat_visit_option(o, "name", facts->name);
        ngx_chat_visit_option(o, "email", facts->email);
        ngx_chat_json_close(o);
    }

    if (facts->cart) {
        ngx_chat_json_open(o, "cart");
        ngx_chat_json_chars(o, "amount", (char *) facts->amount);
        ngx_chat_json_chars(o, "currency", (char *) facts->currency);
        ngx_chat_json_int(o, "items", facts->items);
        ngx_chat_json_close(o);
    }

    if (facts->order[0]) {
        ngx_chat_json_open(o, "order");
        ngx_chat_json_chars(o, "id", (char *) facts->order);
        ngx_chat_json_chars(o, "amount", (char *) facts->order_amount);
        ngx_chat_visit_option(o, "currency", facts->order_currency);
        ngx_chat_json_close(o);
    }

    if (facts->n == 0) {
        return;
    }

    ngx_chat_json_open_array(o, "facts");

    for (i = 0; i < facts->n; i++) {
        ngx_chat_json_open(o, NULL);
        ngx_chat_json_chars(o, "name", (char *) facts->facts[i].name);
        ngx_chat_json_chars(o, "value", (char *) facts->facts[i].value);
        ngx_chat_json_close(o);
    }

    ngx_chat_json_close_array(o);
}


static void
ngx_chat_visit_option(ngx_chat_json_out_t *o, const char *name, u_char *text)
{
    if (text[0]) {
        ngx_chat_json_chars(o, name, (char *) text);
    }
}
