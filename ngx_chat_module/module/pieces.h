
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a page leaves as: buffers of its own, which pass, and others put
 * between them.  Nothing of a page is copied but a few bytes.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_PIECES_H
#define NGX_HTTP_CHAT_PIECES_H


#include <ngx_config.h>
#include <ngx_core.h>


/* bytes of one that is copied: it is used again for others */
#define NGX_HTTP_CHAT_PIECE  8


typedef struct {
    ngx_pool_t    *pool;                /* the request's */
    ngx_chain_t   *out;                 /* to be sent, or NULL */
    ngx_chain_t  **last;
    ngx_buf_t     *prev;                /* the last of .out, or NULL */
    ngx_chain_t   *free;
    ngx_chain_t   *busy;
} ngx_http_chat_pieces_t;


void ngx_http_chat_pieces_init(ngx_http_chat_pieces_t *pieces,
    ngx_pool_t *pool);

/* all of a buffer of the page.  NGX_ERROR, here and below: out of memory */
ngx_int_t ngx_http_chat_pieces_pass(ngx_http_chat_pieces_t *pieces,
    ngx_buf_t *b);

/* text that lives as long as the request */
ngx_int_t ngx_http_chat_pieces_add(ngx_http_chat_pieces_t *pieces,
    ngx_str_t *text);

/* a copy of NGX_HTTP_CHAT_PIECE bytes at most */
ngx_int_t ngx_http_chat_pieces_copy(ngx_http_chat_pieces_t *pieces,
    ngx_str_t *text);

/* all of a buffer, with such a text before its byte .at */
ngx_int_t ngx_http_chat_pieces_insert(ngx_http_chat_pieces_t *pieces,
    ngx_buf_t *b, off_t at, ngx_str_t *text);

/* the same before its last bytes, which are known, and go with the text */
ngx_int_t ngx_http_chat_pieces_end(ngx_http_chat_pieces_t *pieces,
    ngx_buf_t *b, ngx_str_t *text, ngx_str_t *tail);

/* after .out was given to the next filter */
void ngx_http_chat_pieces_sent(ngx_http_chat_pieces_t *pieces);


#endif /* NGX_HTTP_CHAT_PIECES_H */
