
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A buffer passes as it is.  Where a text has to be put in its midst, a second
 * one stands for what comes before, or, when only a few bytes come behind, for
 * the text and these: one more buffer costs more on its way than their copy.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"
#include "module/pieces.h"


#define NGX_HTTP_CHAT_PIECES_TAIL  128      /* bytes that are copied */


static ngx_int_t ngx_http_chat_pieces_before(ngx_http_chat_pieces_t *pieces,
    ngx_buf_t *b, off_t len);
static ngx_buf_t *ngx_http_chat_pieces_new(ngx_http_chat_pieces_t *pieces);


void
ngx_http_chat_pieces_init(ngx_http_chat_pieces_t *pieces, ngx_pool_t *pool)
{
    ngx_memzero(pieces, sizeof(ngx_http_chat_pieces_t));

    pieces->pool = pool;
    pieces->last = &pieces->out;
}


ngx_int_t
ngx_http_chat_pieces_pass(ngx_http_chat_pieces_t *pieces, ngx_buf_t *b)
{
    ngx_chain_t  *cl;

    cl = ngx_alloc_chain_link(pieces->pool);
    if (cl == NULL) {
        return NGX_ERROR;
    }

    cl->buf = b;
    cl->next = NULL;

    *pieces->last = cl;
    pieces->last = &cl->next;
    pieces->prev = b;

    return NGX_OK;
}


ngx_int_t
ngx_http_chat_pieces_add(ngx_http_chat_pieces_t *pieces, ngx_str_t *text)
{
    ngx_buf_t  *b;

    b = ngx_http_chat_pieces_new(pieces);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->memory = 1;
    b->pos = text->data;
    b->last = text->data + text->len;

    return NGX_OK;
}


ngx_int_t
ngx_http_chat_pieces_copy(ngx_http_chat_pieces_t *pieces, ngx_str_t *text)
{
    ngx_buf_t  *b;

    b = ngx_http_chat_pieces_new(pieces);
    if (b == NULL) {
        return NGX_ERROR;
    }

    if (b->start == NULL) {
        b->start = ngx_pnalloc(pieces->pool, NGX_HTTP_CHAT_PIECE);
        if (b->start == NULL) {
            return NGX_ERROR;
        }

        b->end = b->start + NGX_HTTP_CHAT_PIECE;
    }

    b->temporary = 1;
    b->pos = b->start;
    b->last = ngx_cpymem(b->pos, text->data, text->len);

    return NGX_OK;
}


ngx_int_t
ngx_http_chat_pieces_insert(ngx_http_chat_pieces_t *pieces, ngx_buf_t *b,
    off_t at, ngx_str_t *text)
{
    ngx_str_t  tail;

    /* in memory: no call of sendfile() for the little that follows */

    if (ngx_buf_in_memory(b)) {
        b->in_file = 0;

        tail.data = b->pos + at;
        tail.len = b->last - tail.data;

        if (at && tail.len && tail.len <= NGX_HTTP_CHAT_PIECES_TAIL) {
            return ngx_http_chat_pieces_end(pieces, b, text, &tail);
        }
    }

    if ((at && ngx_http_chat_pieces_before(pieces, b, at) != NGX_OK)
        || ngx_http_chat_pieces_add(pieces, text) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_chat_pieces_pass(pieces, b);
}


/* the first bytes of a buffer, which goes on after them */

static ngx_int_t
ngx_http_chat_pieces_before(ngx_http_chat_pieces_t *pieces, ngx_buf_t *b,
    off_t len)
{
    ngx_buf_t  *head;

    head = ngx_http_chat_pieces_new(pieces);
    if (head == NULL) {
        return NGX_ERROR;
    }

    if (!ngx_buf_in_memory(b)) {
        head->in_file = 1;
        head->file = b->file;
        head->file_pos = b->file_pos;
        head->file_last = b->file_pos + len;

        b->file_pos += len;

        return NGX_OK;
    }

    head->memory = 1;
    head->pos = b->pos;
    head->last = b->pos + len;

    b->pos += len;

    return NGX_OK;
}


ngx_int_t
ngx_http_chat_pieces_end(ngx_http_chat_pieces_t *pieces, ngx_buf_t *b,
    ngx_str_t *text, ngx_str_t *tail)
{
    u_char     *p;
    ngx_buf_t  *end;

    p = ngx_pnalloc(pieces->pool, text->len + tail->len);

    if (p == NULL || ngx_http_chat_pieces_pass(pieces, b) != NGX_OK) {
        return NGX_ERROR;
    }

    end = ngx_http_chat_pieces_new(pieces);
    if (end == NULL) {
        return NGX_ERROR;
    }

    if (ngx_buf_in_memory(b)) {
        b->last -= tail->len;
    }

    if (b->in_file) {
        b->file_last -= tail->len;
    }

    end->temporary = 1;
    end->pos = p;

    p = ngx_cpymem(p, text->data, text->len);
    end->last = ngx_cpymem(p, tail->data, tail->len);

    end->flush = b->flush;
    end->last_buf = b->last_buf;
    end->last_in_chain = b->last_in_chain;

    b->flush = 0;
    b->last_buf = 0;
    b->last_in_chain = 0;

    return NGX_OK;
}


void
ngx_http_chat_pieces_sent(ngx_http_chat_pieces_t *pieces)
{
    ngx_chain_update_chains(pieces->pool, &pieces->free, &pieces->busy,
                            &pieces->out,
                            (ngx_buf_tag_t) &ngx_http_chat_module);

    pieces->last = &pieces->out;
    pieces->prev = NULL;
}


/* in its place in the chain; keeps the memory of a copy, if any */

static ngx_buf_t *
ngx_http_chat_pieces_new(ngx_http_chat_pieces_t *pieces)
{
    u_char       *start, *end;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    cl = ngx_chain_get_free_buf(pieces->pool, &pieces->free);
    if (cl == NULL) {
        return NULL;
    }

    cl->next = NULL;

    *pieces->last = cl;
    pieces->last = &cl->next;

    b = cl->buf;
    pieces->prev = b;

    start = b->start;
    end = b->end;

    ngx_memzero(b, sizeof(ngx_buf_t));

    b->start = start;
    b->end = end;
    b->tag = (ngx_buf_tag_t) &ngx_http_chat_module;

    return b;
}
