
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The at most six bytes at the end of a buffer that may become "</body" wait
 * here, and the buffer is cut by them.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/html.h"
#include "http/conf.h"
#include "module/content.h"
#include "module/element.h"
#include "module/inject.h"
#include "module/page.h"
#include "module/pieces.h"
#include "module/place.h"


_Static_assert(NGX_CHAT_HTML_HELD <= NGX_HTTP_CHAT_PIECE,
               "what waits here fits into a piece");


typedef struct {
    ngx_chat_html_t         html;
    ngx_str_t               element;
    ngx_http_chat_pieces_t  pieces;
    ngx_http_chat_place_t   place;  /* of the element, in a file; its
                                       content is held */
    off_t                   seen;   /* bytes of the page so far */
    unsigned                known:1;    /* .place is: nothing is looked at */
    unsigned                done:1;     /* the rest passes unseen */
} ngx_http_chat_inject_ctx_t;


static ngx_int_t ngx_http_chat_inject_header(ngx_http_request_t *r);
static ngx_int_t ngx_http_chat_inject_begin(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf, ngx_http_chat_place_t *place,
    ngx_uint_t known);
static ngx_int_t ngx_http_chat_inject_small(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx);
static ngx_int_t ngx_http_chat_inject_body(ngx_http_request_t *r,
    ngx_chain_t *in);
static ngx_int_t ngx_http_chat_inject_buf(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b);
static void ngx_http_chat_inject_place(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b,
    ngx_chat_html_piece_t *piece);
static ngx_int_t ngx_http_chat_inject_file(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b);
static void ngx_http_chat_inject_content(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b);
static ngx_int_t ngx_http_chat_inject_found(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b,
    ngx_chat_html_piece_t *piece);
static ngx_int_t ngx_http_chat_inject_pass(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b, size_t held);
static ngx_int_t ngx_http_chat_inject_last(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx);
static ngx_int_t ngx_http_chat_inject_held(ngx_http_chat_inject_ctx_t *ctx,
    ngx_chat_html_piece_t *piece);


static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;
static ngx_http_output_body_filter_pt    ngx_http_next_body_filter;


static ngx_int_t
ngx_http_chat_inject_header(ngx_http_request_t *r)
{
    ngx_uint_t                 known;
    ngx_http_chat_place_t      place;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (clcf->widget == NULL || r != r->main) {
        return ngx_http_next_header_filter(r);
    }

    if (!ngx_http_chat_page_wanted(r, clcf)) {

        if (r->headers_out.status == NGX_HTTP_NOT_MODIFIED) {
            ngx_http_chat_place_unchanged(r, clcf);
        }

        return ngx_http_next_header_filter(r);
    }

    known = ngx_http_chat_place_find(r, clcf, &place) == NGX_OK;

    if (known && place.place == NGX_HTTP_CHAT_NOWHERE) {
        return ngx_http_next_header_filter(r);
    }

    /* also for HEAD: what is said of the page must not depend on it */

    ngx_http_clear_content_length(r);
    ngx_http_clear_accept_ranges(r);
    ngx_http_weak_etag(r);

    if ((known || !r->header_only)
        && ngx_http_chat_inject_begin(r, clcf, &place, known) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_next_header_filter(r);
}


static ngx_int_t
ngx_http_chat_inject_begin(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf, ngx_http_chat_place_t *place,
    ngx_uint_t known)
{
    ngx_http_chat_inject_ctx_t  *ctx;

    ctx = ngx_palloc(r->pool, sizeof(ngx_http_chat_inject_ctx_t));
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ctx->place = *place;
    ctx->seen = 0;
    ctx->known = known;
    ctx->done = 0;

    ngx_http_chat_pieces_init(&ctx->pieces, r->pool);

    if (ngx_http_chat_element(r, clcf, &ctx->element) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_set_ctx(r, ctx, ngx_http_chat_module);

    if (known) {
        r->headers_out.content_length_n = place->size + ctx->element.len;

        return ngx_http_chat_inject_small(r, ctx);
    }

    ngx_chat_html_init(&ctx->html, &clcf->needle);

    /* what a subrequest brings is a part of the page, too */

    r->main_filter_need_in_memory = 1;

    return NGX_OK;
}


/* one writev() is cheaper than two more of sendfile() */

static ngx_int_t
ngx_http_chat_inject_small(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx)
{
    if (ctx->place.content) {
        return ngx_http_chat_content_hold(ctx->place.content, r);
    }

    if (ctx->place.size <= NGX_HTTP_CHAT_CONTENT) {
        r->main_filter_need_in_memory = 1;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_chat_inject_body(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_int_t                    rc;
    ngx_chain_t                 *cl;
    ngx_http_chat_loc_conf_t    *clcf;
    ngx_http_chat_inject_ctx_t  *ctx;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (in == NULL || clcf->widget == NULL || clcf->enabled == 1) {
        return ngx_http_next_body_filter(r, in);
    }

    ctx = ngx_http_get_module_ctx(r, ngx_http_chat_module);

    if (ctx == NULL || ctx->done) {
        return ngx_http_next_body_filter(r, in);
    }

    for (cl = in; cl; cl = cl->next) {
        if (ngx_http_chat_inject_buf(r, ctx, cl->buf) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (ctx->pieces.out == NULL) {
        return NGX_OK;
    }

    rc = ngx_http_next_body_filter(r, ctx->pieces.out);

    ngx_http_chat_pieces_sent(&ctx->pieces);

    return rc;
}


static ngx_int_t
ngx_http_chat_inject_buf(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b)
{
    size_t                 len;
    ngx_chat_html_piece_t  piece;

    if (ctx->done) {
        return ngx_http_chat_pieces_pass(&ctx->pieces, b);
    }

    if (ctx->known) {
        return ngx_http_chat_inject_file(r, ctx, b);
    }

    len = ngx_buf_in_memory(b) ? b->last - b->pos : 0;

    if (len == 0 && b->in_file) {
        ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                      "a page came to \"chat_widget\" as a file");
        ctx->done = 1;
        return ngx_http_chat_pieces_pass(&ctx->pieces, b);
    }

    if (ngx_chat_html_scan(&ctx->html, b->pos, len, &piece) == NGX_DONE) {
        ctx->done = 1;
        ngx_http_chat_inject_place(r, ctx, b, &piece);
    }

    ctx->seen += len;

    if (piece.found) {
        return ngx_http_chat_inject_found(r, ctx, b, &piece);
    }

    if (ngx_http_chat_inject_held(ctx, &piece) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_chat_inject_pass(r, ctx, b, len - piece.pass);
}


/* for the next time that this file is asked for */

static void
ngx_http_chat_inject_place(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b,
    ngx_chat_html_piece_t *piece)
{
    off_t                   at, left;
    ngx_http_chat_place_t  *place;

    place = &ctx->place;
    place->place = NGX_HTTP_CHAT_NOWHERE;

    if (piece->found) {
        at = (off_t) piece->place - (off_t) piece->held_len;
        left = b->last - b->pos - at;

        place->place = ctx->seen + at;

        /* all that is left of the page, and not only of the buffer */

        if (at >= 0 && left <= NGX_HTTP_CHAT_PLACE_TAIL
            && left == place->size - place->place)
        {
            place->tail_len = (u_char) left;
            ngx_memcpy(place->tail, b->pos + at, left);
        }
    }

    ngx_http_chat_place_read(r, place, &ctx->html);
    ngx_http_chat_place_keep(place);
}


/* where the element goes is known, however the page is cut */

static ngx_int_t
ngx_http_chat_inject_file(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b)
{
    off_t      len, at;
    ngx_str_t  tail;

    len = ngx_buf_special(b) ? 0 : ngx_buf_size(b);
    at = ctx->place.place - ctx->seen;

    if (b->in_file) {
        ngx_http_chat_inject_content(r, ctx, b);
    }

    ctx->seen += len;

    if (at >= len) {
        return ngx_http_chat_inject_pass(r, ctx, b, 0);
    }

    ctx->done = 1;

    /* one call of sendfile(), and none for the little that follows */

    tail.data = ctx->place.tail;
    tail.len = ctx->place.tail_len;

    if (tail.len && at && at + (off_t) tail.len == len
        && !ngx_buf_in_memory(b))
    {
        return ngx_http_chat_pieces_end(&ctx->pieces, b, &ctx->element, &tail);
    }

    return ngx_http_chat_pieces_insert(&ctx->pieces, b, at, &ctx->element);
}


/*
 * What was read only to be sent in one call is worth keeping.  What another
 * filter wants in memory, which then changes the page or its length, is read
 * for that one each time.
 */

static void
ngx_http_chat_inject_content(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b)
{
    if (!ngx_buf_in_memory(b)) {

        if (ctx->place.content) {
            ngx_http_chat_content_use(ctx->place.content, b);
        }

    } else if (ctx->place.content == NULL
               && b->last - b->pos == ctx->place.size
               && r->headers_out.content_length_n != -1
               && !r->filter_need_in_memory)
    {
        ngx_http_chat_place_content(r, &ctx->place, b);
    }
}


/* "<" of "</body" stands in this buffer, or in what waits here */

static ngx_int_t
ngx_http_chat_inject_found(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b,
    ngx_chat_html_piece_t *piece)
{
    if (piece->place < piece->held_len) {

        if (ngx_http_chat_pieces_add(&ctx->pieces, &ctx->element) != NGX_OK
            || ngx_http_chat_inject_held(ctx, piece) != NGX_OK)
        {
            return NGX_ERROR;
        }

        return ngx_http_chat_pieces_pass(&ctx->pieces, b);
    }

    if (ngx_http_chat_inject_held(ctx, piece) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_chat_pieces_insert(&ctx->pieces, b,
                                       piece->place - piece->held_len,
                                       &ctx->element);
}


/* all of a buffer but so many bytes at its end, which are held */

static ngx_int_t
ngx_http_chat_inject_pass(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx, ngx_buf_t *b, size_t held)
{
    ngx_uint_t  last;

    last = b->last_buf && !ctx->done;

    if (held == 0 && !last) {
        return ngx_http_chat_pieces_pass(&ctx->pieces, b);
    }

    if (held) {
        b->last -= held;
        b->file_last -= b->in_file ? (off_t) held : 0;
    }

    if (!ngx_buf_special(b) && ngx_buf_size(b) > 0) {

        if (last) {
            b->last_buf = 0;
            b->last_in_chain = 0;
        }

        if (ngx_http_chat_pieces_pass(&ctx->pieces, b) != NGX_OK) {
            return NGX_ERROR;
        }

    } else if (b->flush && ctx->pieces.prev) {

        /* all of it is held: it is what came before that has to leave */

        ctx->pieces.prev->flush = 1;
    }

    return last ? ngx_http_chat_inject_last(r, ctx) : NGX_OK;
}


static ngx_int_t
ngx_http_chat_inject_last(ngx_http_request_t *r,
    ngx_http_chat_inject_ctx_t *ctx)
{
    ngx_buf_t             *b;
    ngx_uint_t             found;
    ngx_chat_html_piece_t  piece;

    ctx->done = 1;

    piece.held_len = 0;
    found = ctx->known;

    if (!found) {
        found = ngx_chat_html_end(&ctx->html, &piece);

        ngx_http_chat_place_read(r, &ctx->place, &ctx->html);

        if (ctx->seen == ctx->place.size) {
            ctx->place.place = found ? ctx->seen : NGX_HTTP_CHAT_NOWHERE;
            ngx_http_chat_place_keep(&ctx->place);
        }
    }

    if (ngx_http_chat_inject_held(ctx, &piece) != NGX_OK
        || (found && ngx_http_chat_pieces_add(&ctx->pieces, &ctx->element)
                     != NGX_OK))
    {
        return NGX_ERROR;
    }

    /*
     * Not one that is used again: without content it looks as if it were sent
     * while it is still on its way.
     */

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->last_buf = 1;
    b->last_in_chain = 1;

    return ngx_http_chat_pieces_pass(&ctx->pieces, b);
}


static ngx_int_t
ngx_http_chat_inject_held(ngx_http_chat_inject_ctx_t *ctx,
    ngx_chat_html_piece_t *piece)
{
    ngx_str_t  held;

    if (piece->held_len == 0) {
        return NGX_OK;
    }

    held.len = piece->held_len;
    held.data = piece->held;

    return ngx_http_chat_pieces_copy(&ctx->pieces, &held);
}


ngx_int_t
ngx_http_chat_inject_init(ngx_conf_t *cf)
{
    ngx_http_chat_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_chat_module);

    if (!mcf->widget) {
        return NGX_OK;
    }

    ngx_http_chat_place_forget();

    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_chat_inject_header;

    ngx_http_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_http_chat_inject_body;

    return NGX_OK;
}
