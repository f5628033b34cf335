
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The element that brings the chat to a page: the loader's script, with what
 * the server knows when the page leaves, so that the button needs no request.
 * But for the visitor's consent, where it is asked for, nothing of it is about
 * one visitor.
 */

#ifndef NGX_CHAT_WIDGET_H
#define NGX_CHAT_WIDGET_H


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    ngx_str_t    loader;            /* its address */
    ngx_str_t    look;              /* JSON, or empty */
    ngx_str_t    nonce;             /* for the page's policy; may be empty */
    time_t       now;
    unsigned     known:1;           /* .available is */
    unsigned     available:1;       /* somebody is there */
    unsigned     hide:1;            /* no button while nobody is */
    unsigned     invite:1;          /* an invitation may be waiting */
    unsigned     track:1;           /* a script's pages are to be reported */
    unsigned     refused:1;         /* no consent: the browser stores nothing */
} ngx_chat_widget_t;


/* pure; any thread */
ngx_int_t ngx_chat_widget_element(ngx_pool_t *pool, ngx_chat_widget_t *widget,
    ngx_str_t *element);


#endif /* NGX_CHAT_WIDGET_H */
