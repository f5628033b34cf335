
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/blocks.h"
#include "http/identity.h"
#include "http/visit.h"
#include "http/worker.h"
#include "module/variables.h"


static ngx_int_t ngx_http_chat_variable_visitor(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_chat_variable_blocked(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_chat_variable_conversation(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_chat_variable_segment(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_chat_variable_agents(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_chat_variable_available(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_chat_variable_number(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uint64_t n);
static ngx_int_t ngx_http_chat_variable_text(ngx_http_variable_value_t *v,
    ngx_str_t *text);


/* what may change while a request waits is looked up each time */

static ngx_http_variable_t  ngx_http_chat_variables[] = {

    { ngx_string("chat_visitor"), NULL,
      ngx_http_chat_variable_visitor, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("chat_blocked"), NULL,
      ngx_http_chat_variable_blocked, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("chat_conversation"), NULL,
      ngx_http_chat_variable_conversation, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("chat_segment"), NULL,
      ngx_http_chat_variable_segment, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("chat_agents_online"), NULL,
      ngx_http_chat_variable_agents, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("chat_available"), NULL,
      ngx_http_chat_variable_available, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_http_chat_variables_add(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_chat_variables; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_chat_variable_visitor(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_chat_viewer_t  *page;

    page = ngx_http_chat_viewer(r);

    return ngx_http_chat_variable_number(r, v, page && page->known ? page->key
                                                                   : 0);
}


/* by visitor or address, whether "chat_guard" is on here or not */

static ngx_int_t
ngx_http_chat_variable_blocked(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                  uid[NGX_CHAT_UID_LEN];
    ngx_str_t               none;
    ngx_uint_t              known;
    ngx_chat_blocks_hit_t   hit;
    ngx_chat_block_mode_e   mode;

    ngx_str_null(&none);

    if (ngx_http_chat_worker == NULL) {
        return ngx_http_chat_variable_text(v, &none);
    }

    known = ngx_http_chat_worker->keyed
            && ngx_http_chat_visitor_of_page(r, uid) == NGX_OK;

    mode = ngx_http_chat_blocks_find(r, known ? uid : NULL, &hit);

    return ngx_http_chat_variable_text(v, mode == NGX_CHAT_BLOCK_NONE ? &none
                                          : &ngx_chat_block_mode_names[mode]);
}


static ngx_int_t
ngx_http_chat_variable_conversation(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_chat_visit_t         visit;
    ngx_http_chat_viewer_t  *page;

    page = ngx_http_chat_viewer(r);

    if (page == NULL || !page->known
        || ngx_http_chat_visit_now(page->key, &visit) != NGX_OK)
    {
        visit.conversation = 0;
    }

    return ngx_http_chat_variable_number(r, v,
                                         (uint64_t) visit.conversation);
}


static ngx_int_t
ngx_http_chat_variable_segment(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t                none;
    ngx_chat_visit_t         visit;
    ngx_http_chat_viewer_t  *page;

    ngx_str_null(&none);

    page = ngx_http_chat_viewer(r);

    if (page == NULL
        || ngx_http_chat_visit_now(page->key, &visit) != NGX_OK)
    {
        return ngx_http_chat_variable_text(v, &none);
    }

    return ngx_http_chat_variable_text(v,
                    &ngx_chat_segment_names[ngx_chat_visit_segment(&visit)]);
}


static ngx_int_t
ngx_http_chat_variable_agents(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_uint_t        n;
    ngx_str_t         none;

    static ngx_str_t  zero = ngx_string("0");

    ngx_str_null(&none);

    if (ngx_http_chat_worker == NULL) {
        return ngx_http_chat_variable_text(v, &none);
    }

    n = ngx_chat_presence_count(ngx_http_chat_worker->zone->presence,
                                ngx_http_chat_now());

    return n ? ngx_http_chat_variable_number(r, v, n)
             : ngx_http_chat_variable_text(v, &zero);
}


static ngx_int_t
ngx_http_chat_variable_available(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    static ngx_str_t  says[] = { ngx_string("0"), ngx_string("1") };

    return ngx_http_chat_variable_text(v,
               &says[ngx_http_chat_worker
                     && ngx_chat_presence_any(
                                        ngx_http_chat_worker->zone->presence,
                                        ngx_http_chat_now())]);
}


/* 0 is none: an empty text */

static ngx_int_t
ngx_http_chat_variable_number(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uint64_t n)
{
    ngx_str_t  text;

    ngx_str_null(&text);

    if (n) {
        text.data = ngx_pnalloc(r->pool, NGX_INT64_LEN);
        if (text.data == NULL) {
            return NGX_ERROR;
        }

        text.len = ngx_sprintf(text.data, "%uL", n) - text.data;
    }

    return ngx_http_chat_variable_text(v, &text);
}


static ngx_int_t
ngx_http_chat_variable_text(ngx_http_variable_value_t *v, ngx_str_t *text)
{
    v->data = text->len ? text->data : (u_char *) "";
    v->len = (unsigned) text->len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}
