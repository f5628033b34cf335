
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A state is a function that takes what it can of the bytes from p to last,
 * at least one of them or a change of state, and returns where it stopped.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/html.h"
#include "base/html_content.h"
#include "base/html_title.h"


typedef struct {
    ngx_str_t               name;
    ngx_chat_html_state_pt  content;    /* what follows the tag */
    ngx_uint_t              flags;
} ngx_chat_html_tag_t;


#define NGX_CHAT_HTML_DOCUMENT  0x01    /* only whole pages have it */
#define NGX_CHAT_HTML_SCRIPT    0x02
#define NGX_CHAT_HTML_FOREIGN   0x04    /* "<title/>" is empty in there */


static void ngx_chat_html_pieces(ngx_chat_html_t *html, u_char *data,
    size_t len, ngx_chat_html_piece_t *piece);
static u_char *ngx_chat_html_open(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_end_open(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_name(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static void ngx_chat_html_tag(ngx_chat_html_t *html);
static void ngx_chat_html_start(ngx_chat_html_t *html,
    ngx_chat_html_tag_t *tag);
static ngx_chat_html_tag_t *ngx_chat_html_find(ngx_chat_html_t *html);
static u_char *ngx_chat_html_attributes(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_close(ngx_chat_html_t *html, u_char *p);
static u_char *ngx_chat_html_attribute(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static void ngx_chat_html_attributed(ngx_chat_html_t *html);
static u_char *ngx_chat_html_after_name(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_before_value(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_quoted(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_unquoted(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static void ngx_chat_html_keep(ngx_chat_html_t *html, u_char *p, size_t len);
static void ngx_chat_html_valued(ngx_chat_html_t *html);


/* the tags that change how what follows is read */

static ngx_chat_html_tag_t  ngx_chat_html_tags[] = {

    { ngx_string("html"), NULL, NGX_CHAT_HTML_DOCUMENT },
    { ngx_string("body"), NULL, NGX_CHAT_HTML_DOCUMENT },

    { ngx_string("script"), ngx_chat_html_script, NGX_CHAT_HTML_SCRIPT },

    { ngx_string("style"), ngx_chat_html_raw, 0 },
    { ngx_string("title"), ngx_chat_html_title, 0 },
    { ngx_string("textarea"), ngx_chat_html_raw, 0 },
    { ngx_string("iframe"), ngx_chat_html_raw, 0 },
    { ngx_string("noscript"), ngx_chat_html_raw, 0 },
    { ngx_string("noframes"), ngx_chat_html_raw, 0 },
    { ngx_string("noembed"), ngx_chat_html_raw, 0 },
    { ngx_string("xmp"), ngx_chat_html_raw, 0 },
    { ngx_string("plaintext"), ngx_chat_html_plain, 0 },

    { ngx_string("svg"), NULL, NGX_CHAT_HTML_FOREIGN },
    { ngx_string("math"), NULL, NGX_CHAT_HTML_FOREIGN },

    { ngx_null_string, NULL, 0 }
};


void
ngx_chat_html_init(ngx_chat_html_t *html, ngx_str_t *loader)
{
    ngx_memzero(html, offsetof(ngx_chat_html_t, held));

    html->held_len = 0;
    html->state = ngx_chat_html_text;
    html->loader = *loader;
}


ngx_int_t
ngx_chat_html_scan(ngx_chat_html_t *html, u_char *data, size_t len,
    ngx_chat_html_piece_t *piece)
{
    u_char  *p, *last;

    html->open = NULL;

    p = data;
    last = data + len;

    while (p < last && !html->found && !html->present) {
        p = html->state(html, p, last);
    }

    ngx_chat_html_pieces(html, data, len, piece);

    return html->found || html->present ? NGX_DONE : NGX_OK;
}


static void
ngx_chat_html_pieces(ngx_chat_html_t *html, u_char *data, size_t len,
    ngx_chat_html_piece_t *piece)
{
    size_t  n;

    piece->found = html->found;
    piece->place = 0;

    if (html->candidate && !html->found && html->open == NULL) {

        /* what is held has grown, and is as undecided as before */

        piece->held_len = 0;
        piece->pass = 0;

        ngx_memcpy(html->held + html->held_len, data, len);
        html->held_len += len;

        return;
    }

    ngx_memcpy(piece->held, html->held, html->held_len);
    piece->held_len = html->held_len;
    piece->pass = len;

    html->held_len = 0;

    if (html->open == NULL) {
        return;
    }

    n = html->open - data;

    if (html->found) {
        piece->place = piece->held_len + n;

    } else if (html->candidate) {
        piece->pass = n;

        html->held_len = len - n;
        ngx_memcpy(html->held, html->open, html->held_len);
    }
}


ngx_uint_t
ngx_chat_html_end(ngx_chat_html_t *html, ngx_chat_html_piece_t *piece)
{
    ngx_memcpy(piece->held, html->held, html->held_len);
    piece->held_len = html->held_len;
    piece->pass = 0;
    piece->place = html->held_len;
    piece->found = html->document && html->state == ngx_chat_html_text
                   && !html->found && !html->present;

    html->held_len = 0;

    return piece->found;
}


u_char *
ngx_chat_html_text(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    p = memchr(p, '<', last - p);

    if (p == NULL) {
        return last;
    }

    html->open = p;
    html->candidate = 1;
    html->state = ngx_chat_html_open;

    return p + 1;
}


static u_char *
ngx_chat_html_open(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    if (*p == '/') {
        html->state = ngx_chat_html_end_open;
        return p + 1;
    }

    html->candidate = 0;

    if (ngx_chat_html_alpha(*p)) {
        html->end = 0;
        html->len = 0;
        html->state = ngx_chat_html_name;
        return p;
    }

    if (*p == '!') {
        html->state = ngx_chat_html_markup;
        return p + 1;
    }

    html->state = *p == '?' ? ngx_chat_html_bogus : ngx_chat_html_text;

    return p;
}


static u_char *
ngx_chat_html_end_open(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    if (ngx_chat_html_alpha(*p)) {
        html->end = 1;
        html->len = 0;
        html->state = ngx_chat_html_name;
        return p;
    }

    /* "</>" is nothing, "</ x>" a comment */

    html->candidate = 0;
    html->state = ngx_chat_html_bogus;

    return p;
}


static u_char *
ngx_chat_html_name(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    u_char  c;

    static u_char  body[] = "body";

    for ( /* void */ ; p < last; p++) {
        c = *p;

        if (ngx_chat_html_delimiter(c)) {
            ngx_chat_html_tag(html);
            return p;
        }

        c = ngx_tolower(c);

        if (html->candidate
            && (html->len == sizeof(body) - 1 || c != body[html->len]))
        {
            html->candidate = 0;
        }

        if (html->len < NGX_CHAT_HTML_NAME) {
            html->name[html->len++] = c;
        }
    }

    return p;
}


/* the candidate has stood the test up to here, and is no prefix any more */

static void
ngx_chat_html_tag(ngx_chat_html_t *html)
{
    ngx_chat_html_tag_t  *tag;

    if (html->candidate && html->len == NGX_CHAT_HTML_HELD - 2) {
        html->found = 1;
        return;
    }

    html->candidate = 0;
    ngx_chat_html_named(html);

    if (html->end && html->foreign == 0) {
        return;
    }

    tag = ngx_chat_html_find(html);

    if (tag == NULL) {
        return;
    }

    if (!html->end) {
        ngx_chat_html_start(html, tag);

    } else if (tag->flags & NGX_CHAT_HTML_FOREIGN) {
        html->foreign--;
    }
}


void
ngx_chat_html_named(ngx_chat_html_t *html)
{
    html->slash = 0;
    html->script = 0;
    html->opens = 0;
    html->content = ngx_chat_html_text;
    html->state = ngx_chat_html_attributes;
}


static void
ngx_chat_html_start(ngx_chat_html_t *html, ngx_chat_html_tag_t *tag)
{
    if (tag->flags & NGX_CHAT_HTML_DOCUMENT) {
        html->document = 1;
    }

    if (tag->flags & NGX_CHAT_HTML_FOREIGN) {
        html->foreign++;
        html->opens = 1;
    }

    if (tag->content) {
        html->content = tag->content;
        html->raw = tag->name;
    }

    if (tag->flags & NGX_CHAT_HTML_SCRIPT) {
        html->script = 1;
        html->escape = 0;
        html->dashes = 0;
    }
}


static ngx_chat_html_tag_t *
ngx_chat_html_find(ngx_chat_html_t *html)
{
    ngx_chat_html_tag_t  *tag;

    for (tag = ngx_chat_html_tags; tag->name.len; tag++) {

        if (tag->name.len == html->len
            && ngx_memcmp(tag->name.data, html->name, html->len) == 0)
        {
            return tag;
        }
    }

    return NULL;
}


/* inside of a tag, between its attributes */

static u_char *
ngx_chat_html_attributes(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    for ( /* void */ ; p < last; p++) {

        if (*p == '>') {
            return ngx_chat_html_close(html, p + 1);
        }

        if (*p == '/') {
            html->slash = 1;

        } else if (ngx_chat_html_blank(*p)) {
            html->slash = 0;

        } else {

            /* "=" may begin a name */

            html->slash = 0;
            html->len = 1;
            html->name[0] = ngx_tolower(*p);
            html->state = ngx_chat_html_attribute;

            return p + 1;
        }
    }

    return p;
}


static u_char *
ngx_chat_html_close(ngx_chat_html_t *html, u_char *p)
{
    html->state = html->content;

    /* in SVG and MathML an element may be empty, also one of those names */

    if (html->slash && !html->end && html->foreign) {
        html->state = ngx_chat_html_text;
        html->foreign -= html->opens;
    }

    return p;
}


static u_char *
ngx_chat_html_attribute(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    u_char  c;

    for ( /* void */ ; p < last; p++) {
        c = *p;

        if (c == '=') {
            ngx_chat_html_attributed(html);
            html->state = ngx_chat_html_before_value;
            return p + 1;
        }

        if (ngx_chat_html_delimiter(c)) {
            ngx_chat_html_attributed(html);
            html->state = ngx_chat_html_after_name;
            return p;
        }

        if (html->script && html->len < NGX_CHAT_HTML_NAME) {
            html->name[html->len++] = ngx_tolower(c);
        }
    }

    return p;
}


static void
ngx_chat_html_attributed(ngx_chat_html_t *html)
{
    html->value_len = 0;
    html->address = html->script && html->len == 3
                    && ngx_memcmp(html->name, "src", 3) == 0;

    if (html->script && html->len == 9
        && ngx_memcmp(html->name, "data-chat", 9) == 0)
    {
        html->present = 1;
    }
}


static u_char *
ngx_chat_html_after_name(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    while (p < last && ngx_chat_html_blank(*p)) {
        p++;
    }

    if (p == last) {
        return p;
    }

    if (*p == '=') {
        html->state = ngx_chat_html_before_value;
        return p + 1;
    }

    html->state = ngx_chat_html_attributes;

    return p;
}


static u_char *
ngx_chat_html_before_value(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    while (p < last && ngx_chat_html_blank(*p)) {
        p++;
    }

    if (p == last) {
        return p;
    }

    if (*p == '"' || *p == '\'') {
        html->quote = *p;
        html->state = ngx_chat_html_quoted;
        return p + 1;
    }

    html->state = *p == '>' ? ngx_chat_html_attributes
                            : ngx_chat_html_unquoted;

    return p;
}


static u_char *
ngx_chat_html_quoted(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    u_char  *q;

    q = memchr(p, html->quote, last - p);

    ngx_chat_html_keep(html, p, (q ? q : last) - p);

    if (q == NULL) {
        return last;
    }

    ngx_chat_html_valued(html);
    html->state = ngx_chat_html_attributes;

    return q + 1;
}


/* "/" and quotes are part of it */

static u_char *
ngx_chat_html_unquoted(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    u_char  *q;

    for (q = p; q < last && *q != '>' && !ngx_chat_html_blank(*q); q++) {
        /* void */
    }

    ngx_chat_html_keep(html, p, q - p);

    if (q < last) {
        ngx_chat_html_valued(html);
        html->state = ngx_chat_html_attributes;
    }

    return q;
}


/* an address that is too long is not the loader's */

static void
ngx_chat_html_keep(ngx_chat_html_t *html, u_char *p, size_t len)
{
    if (!html->address) {
        return;
    }

    if (len > NGX_CHAT_HTML_VALUE - html->value_len) {
        html->address = 0;
        return;
    }

    ngx_memcpy(html->value + html->value_len, p, len);
    html->value_len += len;
}


/* without "?" and "#" and what follows; a relative one lacks the slash */

static void
ngx_chat_html_valued(ngx_chat_html_t *html)
{
    size_t      n;
    ngx_str_t  *loader;

    if (!html->address) {
        return;
    }

    for (n = 0; n < html->value_len; n++) {
        if (html->value[n] == '?' || html->value[n] == '#') {
            break;
        }
    }

    loader = &html->loader;

    if (n >= loader->len) {
        html->present = ngx_memcmp(html->value + n - loader->len,
                                   loader->data, loader->len)
                        == 0;

    } else if (n && n == loader->len - 1) {
        html->present = ngx_memcmp(html->value, loader->data + 1, n) == 0;
    }
}
