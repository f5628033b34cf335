
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/html.h"
#include "base/html_content.h"
#include "base/html_title.h"


static u_char *ngx_chat_html_doctype(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_cdata_open(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_cdata(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_comment_dash(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_comment(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_comment_bang(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_raw_end(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static void ngx_chat_html_raw_on(ngx_chat_html_t *html, size_t len);
static void ngx_chat_html_ended(ngx_chat_html_t *html);
static u_char *ngx_chat_html_script_open(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_script_dash(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_script_end(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_script_start(ngx_chat_html_t *html, u_char *p,
    u_char *last);
static u_char *ngx_chat_html_skip(ngx_chat_html_t *html, u_char c,
    ngx_chat_html_state_pt next, u_char *p, u_char *last);
static ngx_int_t ngx_chat_html_is(ngx_chat_html_t *html, ngx_str_t *name,
    u_char **p, u_char *last);
static u_char *ngx_chat_html_word(ngx_chat_html_t *html, ngx_str_t *word,
    u_char *p, u_char *last);


static ngx_str_t  ngx_chat_html_script_name = ngx_string("script");


u_char *
ngx_chat_html_markup(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    if (*p == '-') {
        html->state = ngx_chat_html_comment_dash;
        return p + 1;
    }

    html->len = 0;
    html->state = *p == '[' && html->foreign ? ngx_chat_html_cdata_open
                                             : ngx_chat_html_doctype;

    return p;
}


/* of SVG and MathML only: elsewhere it is a comment up to the next ">" */

static u_char *
ngx_chat_html_cdata_open(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    static u_char  open[] = "[CDATA[";

    while (p < last && html->len < sizeof(open) - 1
           && *p == open[html->len])
    {
        p++;
        html->len++;
    }

    if (html->len == sizeof(open) - 1) {
        html->dashes = 0;
        html->state = ngx_chat_html_cdata;

    } else if (p < last) {
        html->state = ngx_chat_html_bogus;
    }

    return p;
}


/* .dashes counts "]" here */

static u_char *
ngx_chat_html_cdata(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    if (html->dashes == 0) {
        p = memchr(p, ']', last - p);

        if (p == NULL) {
            return last;
        }
    }

    if (*p == ']') {
        html->dashes = ngx_min(html->dashes + 1, 2);

    } else if (*p == '>' && html->dashes == 2) {
        html->state = ngx_chat_html_text;

    } else {
        html->dashes = 0;
    }

    return p + 1;
}


/* quotes in it don't matter: the first ">" is its end */

static u_char *
ngx_chat_html_doctype(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    static ngx_str_t  doctype = ngx_string("doctype");

    p = ngx_chat_html_word(html, &doctype, p, last);

    if (html->len == doctype.len) {
        html->document = 1;
        html->state = ngx_chat_html_bogus;

    } else if (p < last) {
        html->state = ngx_chat_html_bogus;
    }

    return p;
}


u_char *
ngx_chat_html_bogus(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    return ngx_chat_html_skip(html, '>', ngx_chat_html_text, p, last);
}


/* "<!-->" and "<!--->" are comments, too */

static u_char *
ngx_chat_html_comment_dash(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    if (*p != '-') {
        html->state = ngx_chat_html_bogus;
        return p;
    }

    html->dashes = 2;
    html->start = 2;
    html->state = ngx_chat_html_comment;

    return p + 1;
}


static u_char *
ngx_chat_html_comment(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    if (html->dashes == 0) {
        p = memchr(p, '-', last - p);

        if (p == NULL) {
            return last;
        }
    }

    if (*p == '-') {
        html->dashes = ngx_min(html->dashes + 1, 2);
        html->start -= html->start ? 1 : 0;
        return p + 1;
    }

    if (html->dashes == 2) {

        if (*p == '>') {
            html->state = ngx_chat_html_text;
            return p + 1;
        }

        if (*p == '!' && html->start == 0) {
            html->state = ngx_chat_html_comment_bang;
            return p + 1;
        }
    }

    html->dashes = 0;
    html->start = 0;

    return p + 1;
}


static u_char *
ngx_chat_html_comment_bang(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    if (*p == '>') {
        html->state = ngx_chat_html_text;
        return p + 1;
    }

    html->dashes = 0;
    html->state = ngx_chat_html_comment;

    return p;
}


u_char *
ngx_chat_html_raw(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    return ngx_chat_html_skip(html, '<', ngx_chat_html_raw_open, p, last);
}


u_char *
ngx_chat_html_raw_open(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    if (*p != '/') {
        ngx_chat_html_raw_on(html, 1);
        return p;
    }

    html->len = 0;
    html->state = ngx_chat_html_raw_end;

    return p + 1;
}


static u_char *
ngx_chat_html_raw_end(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    switch (ngx_chat_html_is(html, &html->raw, &p, last)) {

    case NGX_OK:
        ngx_chat_html_title_over(html);
        ngx_chat_html_ended(html);
        break;

    case NGX_DECLINED:
        ngx_chat_html_raw_on(html, 2 + html->len);
        break;
    }

    return p;
}


/* what looked like the end tag, as far as it did, was text */

static void
ngx_chat_html_raw_on(ngx_chat_html_t *html, size_t len)
{
    static u_char  tag[] = "</title";

    html->state = html->content;

    if (html->content == ngx_chat_html_title) {
        ngx_chat_html_title_take(html, tag, len);
    }
}


/* an end tag has been read up to the end of its name */

static void
ngx_chat_html_ended(ngx_chat_html_t *html)
{
    html->end = 1;
    ngx_chat_html_named(html);
}


u_char *
ngx_chat_html_plain(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    return last;
}


u_char *
ngx_chat_html_script(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    if (html->escape == 0) {
        p = memchr(p, '<', last - p);

        if (p == NULL) {
            return last;
        }
    }

    for ( /* void */ ; p < last; p++) {

        if (*p == '<') {
            html->dashes = 0;
            html->state = ngx_chat_html_script_open;
            return p + 1;
        }

        if (*p == '-') {
            html->dashes = ngx_min(html->dashes + 1, 2);
            continue;
        }

        if (*p == '>' && html->dashes == 2) {
            html->dashes = 0;
            html->escape = 0;
            return p + 1;
        }

        html->dashes = 0;
    }

    return p;
}


static u_char *
ngx_chat_html_script_open(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    html->len = 0;

    if (*p == '/') {
        html->state = ngx_chat_html_script_end;
        return p + 1;
    }

    if (*p == '!' && html->escape == 0) {
        html->state = ngx_chat_html_script_dash;
        return p + 1;
    }

    html->state = html->escape == 1 ? ngx_chat_html_script_start
                                    : ngx_chat_html_script;

    return p;
}


/* "<!--" */

static u_char *
ngx_chat_html_script_dash(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    static ngx_str_t  dashes = ngx_string("--");

    p = ngx_chat_html_word(html, &dashes, p, last);

    if (html->len == dashes.len) {
        html->escape = 1;
        html->dashes = 2;
        html->state = ngx_chat_html_script;

    } else if (p < last) {
        html->state = ngx_chat_html_script;
    }

    return p;
}


/* "</script", which ends the script or only a "<script" in its comment */

static u_char *
ngx_chat_html_script_end(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    ngx_int_t  rc;

    rc = ngx_chat_html_is(html, &ngx_chat_html_script_name, &p, last);

    if (rc == NGX_AGAIN) {
        return p;
    }

    if (rc == NGX_OK && html->escape != 2) {
        ngx_chat_html_ended(html);
        return p;
    }

    html->state = ngx_chat_html_script;

    if (rc == NGX_OK) {
        html->escape = 1;
        return p + 1;
    }

    return p;
}


/* "<script" in a comment of the script */

static u_char *
ngx_chat_html_script_start(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    ngx_int_t  rc;

    rc = ngx_chat_html_is(html, &ngx_chat_html_script_name, &p, last);

    if (rc == NGX_AGAIN) {
        return p;
    }

    html->state = ngx_chat_html_script;

    if (rc == NGX_OK) {
        html->escape = 2;
        return p + 1;
    }

    return p;
}


/* all up to a character, and it */

static u_char *
ngx_chat_html_skip(ngx_chat_html_t *html, u_char c,
    ngx_chat_html_state_pt next, u_char *p, u_char *last)
{
    p = memchr(p, c, last - p);

    if (p == NULL) {
        return last;
    }

    html->state = next;

    return p + 1;
}


/* whether a tag has this name: NGX_AGAIN until that is seen */

static ngx_int_t
ngx_chat_html_is(ngx_chat_html_t *html, ngx_str_t *name, u_char **p,
    u_char *last)
{
    *p = ngx_chat_html_word(html, name, *p, last);

    if (*p == last) {
        return NGX_AGAIN;
    }

    return html->len == name->len && ngx_chat_html_delimiter(**p)
           ? NGX_OK : NGX_DECLINED;
}


/* takes what goes on with the word, of which .len bytes have been taken */

static u_char *
ngx_chat_html_word(ngx_chat_html_t *html, ngx_str_t *word, u_char *p,
    u_char *last)
{
    while (p < last && html->len < word->len
           && ngx_tolower(*p) == word->data[html->len])
    {
        p++;
        html->len++;
    }

    return p;
}
