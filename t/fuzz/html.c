
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Any page, cut into any pieces, gets the same bytes as in one: what passes is
 * the page, with one mark at most, before "</body" or at the end.  Its title
 * is the same, too, and may be shown.  And no value breaks out of the element
 * that is added.
 */


#include "fuzz.h"
#include "base/html.h"
#include "base/html_title.h"
#include "base/text.h"
#include "domain/widget.h"


#define FUZZ_TITLE  119


static ngx_int_t fuzz_place(ngx_str_t *page, ngx_str_t *cuts, ngx_str_t *out,
    ngx_str_t *title);
static u_char *fuzz_bytes(u_char *p, ngx_int_t *place, u_char *start,
    ngx_chat_html_piece_t *piece, u_char *data);
static void fuzz_element(ngx_pool_t *pool, ngx_str_t *input);


/* a byte says how many of the next are sizes of pieces */

static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    u_char     titles[2][FUZZ_TITLE];
    ngx_int_t  place;
    ngx_str_t  cuts, page, one, many, none, title, other;

    if (input->len == 0) {
        return;
    }

    cuts.data = input->data + 1;
    cuts.len = ngx_min((size_t) input->data[0] % 32, input->len - 1);

    page.data = cuts.data + cuts.len;
    page.len = input->len - 1 - cuts.len;

    ngx_str_null(&none);

    one.data = ngx_pnalloc(pool, page.len + 1);
    many.data = ngx_pnalloc(pool, page.len + 1);
    must(one.data != NULL && many.data != NULL);

    title.data = titles[0];
    other.data = titles[1];

    place = fuzz_place(&page, &none, &one, &title);

    must(place == fuzz_place(&page, &cuts, &many, &other));

    must(title.len == other.len && title.len <= FUZZ_TITLE);
    must(ngx_memcmp(title.data, other.data, title.len) == 0);
    must(title.len == 0 || ngx_chat_text_printable(&title, 1));

    must(one.len == page.len && many.len == page.len);
    must(ngx_memcmp(one.data, page.data, page.len) == 0);
    must(ngx_memcmp(many.data, page.data, page.len) == 0);

    if (place >= 0 && (size_t) place < page.len) {
        must(page.len - place > 6);
        must(ngx_strncasecmp(page.data + place, (u_char *) "</body", 6) == 0);
    }

    fuzz_element(pool, &page);
}


/* where the mark is in what has passed, or -1 */

static ngx_int_t
fuzz_place(ngx_str_t *page, ngx_str_t *cuts, ngx_str_t *out, ngx_str_t *title)
{
    u_char                *p, *data;
    size_t                 at, n, i;
    ngx_int_t              rc, place;
    ngx_str_t              loader;
    ngx_chat_html_t        html;
    ngx_chat_html_piece_t  piece;

    ngx_str_set(&loader, "/chat/loader.js");
    ngx_chat_html_init(&html, &loader);

    p = out->data;
    place = -1;
    rc = NGX_OK;

    for (at = 0, i = 0; at < page->len && rc == NGX_OK; at += n, i++) {
        n = cuts->len ? cuts->data[i % cuts->len] % 16 : page->len;
        n = ngx_min(n + (n == 0 && i % 64 == 63), page->len - at);

        data = malloc(n);
        must(data != NULL || n == 0);
        ngx_memcpy(data, page->data + at, n);

        rc = ngx_chat_html_scan(&html, data, n, &piece);

        p = fuzz_bytes(p, &place, out->data, &piece, data);
        free(data);
    }

    p = ngx_cpymem(p, page->data + at, page->len - at);

    if (rc == NGX_OK) {
        ngx_chat_html_end(&html, &piece);
        p = fuzz_bytes(p, &place, out->data, &piece, NULL);
    }

    out->len = p - out->data;
    title->len = ngx_chat_html_title_text(&html, title->data, FUZZ_TITLE);

    return place;
}


static u_char *
fuzz_bytes(u_char *p, ngx_int_t *place, u_char *start,
    ngx_chat_html_piece_t *piece, u_char *data)
{
    if (piece->found) {
        must(*place == -1);
        must(piece->place <= piece->held_len + piece->pass);
        *place = p - start + piece->place;
    }

    must(piece->held_len <= NGX_CHAT_HTML_HELD);

    p = ngx_cpymem(p, piece->held, piece->held_len);

    return ngx_cpymem(p, data, piece->pass);
}


static void
fuzz_element(ngx_pool_t *pool, ngx_str_t *input)
{
    size_t             i, quotes, angles;
    ngx_str_t          s;
    ngx_chat_widget_t  widget;

    ngx_memzero(&widget, sizeof(ngx_chat_widget_t));
    widget.loader = *input;
    widget.nonce = *input;

    must(ngx_chat_widget_element(pool, &widget, &s) == NGX_OK);

    quotes = 0;
    angles = 0;

    for (i = 0; i < s.len; i++) {
        quotes += s.data[i] == '\'';
        angles += s.data[i] == '<' || s.data[i] == '>';
    }

    must(quotes == 2 && angles == 4);
    must(ngx_chat_text_attribute(NULL, input) >= input->len);
}
