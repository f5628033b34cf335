
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "domain/widget.h"
#include "http/conf.h"
#include "http/invite.h"
#include "http/viewer.h"
#include "http/worker.h"
#include "module/element.h"


/* the latest one of a location, with what it was made of */

struct ngx_http_chat_element_s {
    ngx_chat_widget_t    widget;
    ngx_str_t            text;
    size_t               size;          /* of .text.data */
};


static void ngx_http_chat_element_widget(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf, ngx_chat_widget_t *widget);
static ngx_uint_t ngx_http_chat_element_same(ngx_chat_widget_t *one,
    ngx_chat_widget_t *two);
static void ngx_http_chat_element_keep(ngx_http_chat_element_t **kept,
    ngx_chat_widget_t *widget, ngx_str_t *element);


ngx_int_t
ngx_http_chat_element(ngx_http_request_t *r, ngx_http_chat_loc_conf_t *clcf,
    ngx_str_t *element)
{
    ngx_chat_widget_t          widget;
    ngx_http_chat_element_t  **kept;

    ngx_http_chat_element_widget(r, clcf, &widget);

    if (clcf->nonce) {
        return ngx_http_complex_value(r, clcf->nonce, &widget.nonce) == NGX_OK
               ? ngx_chat_widget_element(r->pool, &widget, element)
               : NGX_ERROR;
    }

    /* these two may depend on the visitor */

    kept = &clcf->elements[widget.track][widget.refused];

    if (*kept && ngx_http_chat_element_same(&(*kept)->widget, &widget)) {
        element->len = (*kept)->text.len;
        element->data = ngx_pnalloc(r->pool, element->len);

        if (element->data == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(element->data, (*kept)->text.data, element->len);

        return NGX_OK;
    }

    if (ngx_chat_widget_element(r->pool, &widget, element) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_chat_element_keep(kept, &widget, element);

    return NGX_OK;
}


static void
ngx_http_chat_element_widget(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf, ngx_chat_widget_t *widget)
{
    ngx_http_chat_worker_t  *w;

    w = ngx_http_chat_worker;

    ngx_memzero(widget, sizeof(ngx_chat_widget_t));

    widget->loader = clcf->loader;
    widget->now = ngx_time();
    widget->hide = clcf->offline == NGX_HTTP_CHAT_HIDE;
    widget->track = ngx_http_chat_tracked(r);
    widget->invite = widget->track && ngx_http_chat_invite_waiting();
    widget->refused = clcf->consent && !ngx_http_chat_consented(r);

    if (w) {
        widget->look = w->look;
        widget->known = 1;
        widget->available = __atomic_load_n(&w->zone->available,
                                            __ATOMIC_RELAXED) != 0;
    }
}


/* another look may have an earlier one's place: it shows a second later */

static ngx_uint_t
ngx_http_chat_element_same(ngx_chat_widget_t *one, ngx_chat_widget_t *two)
{
    return one->now == two->now
           && one->known == two->known
           && one->available == two->available
           && one->invite == two->invite
           && one->look.data == two->look.data
           && one->look.len == two->look.len;
}


/* of the cycle's memory, as seldom as it outgrows what it has */

static void
ngx_http_chat_element_keep(ngx_http_chat_element_t **kept,
    ngx_chat_widget_t *widget, ngx_str_t *element)
{
    ngx_http_chat_element_t  *made;

    made = *kept;

    if (made == NULL) {
        made = ngx_pcalloc(ngx_cycle->pool, sizeof(ngx_http_chat_element_t));
        if (made == NULL) {
            return;
        }

        *kept = made;
    }

    if (made->size < element->len) {
        made->widget.now = 0;
        made->size = 0;

        made->text.data = ngx_pnalloc(ngx_cycle->pool, 2 * element->len);
        if (made->text.data == NULL) {
            return;
        }

        made->size = 2 * element->len;
    }

    made->widget = *widget;
    made->text.len = element->len;
    ngx_memcpy(made->text.data, element->data, element->len);
}
