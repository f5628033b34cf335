
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/html_content.h"
#include "base/html_title.h"
#include "base/text.h"


#define NGX_CHAT_HTML_REFERENCE  10     /* bytes between "&" and ";" */
#define NGX_CHAT_HTML_UNKNOWN    0xfffd


static u_char *ngx_chat_html_title_next(u_char *p, u_char *last, u_char c[4],
    size_t *n);
static void ngx_chat_html_title_cut(ngx_str_t *text);
static u_char *ngx_chat_html_title_character(u_char *p, u_char *last,
    uint32_t *c);
static uint32_t ngx_chat_html_title_number(u_char *p, u_char *last);
static uint32_t ngx_chat_html_title_named(u_char *p, size_t len);


/* U+00A0 and on; their case matters */

static const char  *ngx_chat_html_latin[] = {
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect",
    "uml", "copy", "ordf", "laquo", "not", "shy", "reg", "macr",
    "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot",
    "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest",
    "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil",
    "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml",
    "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times",
    "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig",
    "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml",
    "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide",
    "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
    NULL
};


/* of the others, those that titles are written with */

static struct {
    const char  *name;
    uint32_t     c;
} ngx_chat_html_names[] = {
    { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' },
    { "apos", '\'' }, { "ndash", 0x2013 }, { "mdash", 0x2014 },
    { "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "sbquo", 0x201a },
    { "ldquo", 0x201c }, { "rdquo", 0x201d }, { "bdquo", 0x201e },
    { "lsaquo", 0x2039 }, { "rsaquo", 0x203a }, { "bull", 0x2022 },
    { "hellip", 0x2026 }, { "euro", 0x20ac }, { "trade", 0x2122 },
    { "larr", 0x2190 }, { "rarr", 0x2192 }, { "OElig", 0x152 },
    { "oelig", 0x153 }, { "Scaron", 0x160 }, { "scaron", 0x161 },
    { "Yuml", 0x178 }, { "ensp", 0x2002 }, { "emsp", 0x2003 },
    { "thinsp", 0x2009 }, { NULL, 0 }
};


u_char *
ngx_chat_html_title(ngx_chat_html_t *html, u_char *p, u_char *last)
{
    u_char  *q;

    q = memchr(p, '<', last - p);

    ngx_chat_html_title_take(html, p, (q ? q : last) - p);

    if (q == NULL) {
        return last;
    }

    html->state = ngx_chat_html_raw_open;

    return q + 1;
}


void
ngx_chat_html_title_take(ngx_chat_html_t *html, u_char *p, size_t len)
{
    if (html->content != ngx_chat_html_title || html->titled
        || html->foreign)
    {
        return;
    }

    len = ngx_min(len, NGX_CHAT_HTML_TITLE - html->title_len);

    ngx_memcpy(html->title + html->title_len, p, len);
    html->title_len += len;
}


void
ngx_chat_html_title_over(ngx_chat_html_t *html)
{
    if (html->content == ngx_chat_html_title && html->foreign == 0) {
        html->titled = 1;
    }
}


size_t
ngx_chat_html_title_text(ngx_chat_html_t *html, u_char *dst, size_t size)
{
    u_char      c[4], *p, *last;
    size_t      n;
    ngx_str_t   text;
    ngx_uint_t  blank;

    if (!html->titled) {
        return 0;
    }

    text.data = dst;
    text.len = 0;
    blank = 0;

    p = html->title;
    last = html->title + html->title_len;

    while (p < last) {

        if (ngx_chat_html_blank(*p)) {
            blank = text.len != 0;
            p++;
            continue;
        }

        p = ngx_chat_html_title_next(p, last, c, &n);

        if (text.len + blank + n > size) {
            break;
        }

        if (blank) {
            dst[text.len++] = ' ';
            blank = 0;
        }

        ngx_memcpy(dst + text.len, c, n);
        text.len += n;
    }

    if (html->title_len == NGX_CHAT_HTML_TITLE) {
        ngx_chat_html_title_cut(&text);
    }

    return ngx_chat_text_printable(&text, 1) ? text.len : 0;
}


/* a character, of n bytes */

static u_char *
ngx_chat_html_title_next(u_char *p, u_char *last, u_char c[4], size_t *n)
{
    uint32_t  code;

    if (*p == '&') {
        p = ngx_chat_html_title_character(p, last, &code);
        *n = ngx_chat_text_utf8(c, code) - c;

        return p;
    }

    c[0] = *p++;

    for (*n = 1; *n < 4 && p < last && (*p & 0xc0) == 0x80; (*n)++) {
        c[*n] = *p++;
    }

    return p;
}


/* the last character of a title that was too long may be half a one */

static void
ngx_chat_html_title_cut(ngx_str_t *text)
{
    ngx_uint_t  i;

    for (i = 0; i < 3 && text->len && text->data[text->len - 1] >= 0x80
                && !ngx_chat_text_printable(text, 1); i++)
    {
        text->len--;
    }
}


/* "&" and what follows, which need not be a reference */

static u_char *
ngx_chat_html_title_character(u_char *p, u_char *last, uint32_t *c)
{
    u_char  *q;

    *c = 0;

    q = memchr(p, ';', ngx_min(last - p, NGX_CHAT_HTML_REFERENCE + 2));

    if (q) {
        *c = p[1] == '#' ? ngx_chat_html_title_number(p + 2, q)
                         : ngx_chat_html_title_named(p + 1, q - p - 1);
    }

    if (*c == 0) {
        *c = '&';
        return p + 1;
    }

    return q + 1;
}


/* 0: it is none */

static uint32_t
ngx_chat_html_title_number(u_char *p, u_char *last)
{
    uint32_t   c;
    ngx_int_t  n;

    if (p < last && (*p | 0x20) == 'x') {
        n = ngx_hextoi(p + 1, last - p - 1);

    } else {
        n = ngx_atoi(p, last - p);
    }

    if (n == NGX_ERROR) {
        return 0;
    }

    c = (uint32_t) n;

    /* controls, halves of pairs, and what is no character at all */

    if (n > 0x10ffff || c < 0x20 || (c >= 0x7f && c < 0xa0)
        || (c >= 0xd800 && c < 0xe000) || c == 0x2028 || c == 0x2029)
    {
        return c == '\t' || c == '\n' || c == '\r' ? ' '
                                                   : NGX_CHAT_HTML_UNKNOWN;
    }

    return c;
}


static uint32_t
ngx_chat_html_title_named(u_char *p, size_t len)
{
    ngx_uint_t  i;

    for (i = 0; ngx_chat_html_names[i].name; i++) {
        if (ngx_strlen(ngx_chat_html_names[i].name) == len
            && ngx_memcmp(ngx_chat_html_names[i].name, p, len) == 0)
        {
            return ngx_chat_html_names[i].c;
        }
    }

    for (i = 0; ngx_chat_html_latin[i]; i++) {
        if (ngx_strlen(ngx_chat_html_latin[i]) == len
            && ngx_memcmp(ngx_chat_html_latin[i], p, len) == 0)
        {
            return 0xa0 + (uint32_t) i;
        }
    }

    return 0;
}
