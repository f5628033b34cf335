
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "base/text.h"


#define NGX_CHAT_TEXT_INVALID  0xffffffff


typedef struct {
    uint32_t   first;
    uint32_t   last;
} ngx_chat_text_range_t;


static uint32_t ngx_chat_text_next(u_char **pos, u_char *end);
static ngx_uint_t ngx_chat_text_in(ngx_chat_text_range_t *ranges, uint32_t ch);


/*
 * Unicode's White_Space, and the characters without a picture of their own
 * that people use to send an empty line: soft hyphen, joiners, fillers, tags
 */

static ngx_chat_text_range_t  ngx_chat_text_blanks[] = {
    { 0x0009, 0x000d },
    { 0x0020, 0x0020 },
    { 0x0085, 0x0085 },
    { 0x00a0, 0x00a0 },
    { 0x00ad, 0x00ad },
    { 0x034f, 0x034f },
    { 0x115f, 0x1160 },
    { 0x1680, 0x1680 },
    { 0x180e, 0x180e },
    { 0x2000, 0x200f },
    { 0x2028, 0x202f },
    { 0x205f, 0x206f },
    { 0x2800, 0x2800 },
    { 0x3000, 0x3000 },
    { 0x3164, 0x3164 },
    { 0xfe00, 0xfe0f },
    { 0xfeff, 0xfeff },
    { 0xffa0, 0xffa0 },
    { 0xe0000, 0xe01ef },
    { 0, 0 }
};


static ngx_chat_text_range_t  ngx_chat_text_controls[] = {
    { 0x0000, 0x0008 },
    { 0x000b, 0x001f },
    { 0x007f, 0x009f },
    { 0, 0 }
};


/* what begins a new line, or moves within one, where there is to be one */

static ngx_chat_text_range_t  ngx_chat_text_breaks[] = {
    { 0x0009, 0x000a },
    { 0x2028, 0x2029 },
    { 0, 0 }
};


ngx_int_t
ngx_chat_text_length(ngx_str_t *s)
{
    u_char     *p, *last;
    ngx_int_t   n;

    p = s->data;
    last = p + s->len;

    for (n = 0; p < last; n++) {

        if (*p < 0x80) {
            p++;
            continue;
        }

        if (ngx_chat_text_next(&p, last) == NGX_CHAT_TEXT_INVALID) {
            return NGX_ERROR;
        }
    }

    return n;
}


ngx_uint_t
ngx_chat_text_printable(ngx_str_t *s, ngx_uint_t single_line)
{
    u_char    *p, *last;
    uint32_t   ch;

    p = s->data;
    last = p + s->len;

    while (p < last) {
        ch = ngx_chat_text_next(&p, last);

        if (ch == NGX_CHAT_TEXT_INVALID
            || ngx_chat_text_in(ngx_chat_text_controls, ch))
        {
            return 0;
        }

        if (single_line && ngx_chat_text_in(ngx_chat_text_breaks, ch)) {
            return 0;
        }
    }

    return 1;
}


ngx_uint_t
ngx_chat_text_blank(ngx_str_t *s)
{
    u_char  *p, *last;

    p = s->data;
    last = p + s->len;

    while (p < last) {
        if (!ngx_chat_text_in(ngx_chat_text_blanks,
                              ngx_chat_text_next(&p, last)))
        {
            return 0;
        }
    }

    return 1;
}


void
ngx_chat_text_cut(ngx_str_t *s, ngx_uint_t n)
{
    size_t  i;

    /* characters are counted by their first bytes */

    for (i = 0; i < s->len; i++) {

        if ((s->data[i] & 0xc0) == 0x80) {
            continue;
        }

        if (n-- == 0) {
            s->len = i;
            return;
        }
    }
}


void
ngx_chat_text_newlines(ngx_str_t *s)
{
    u_char  *src, *dst, *last;

    dst = s->data;
    last = s->data + s->len;

    for (src = s->data; src < last; src++) {

        if (*src != CR) {
            *dst++ = *src;
            continue;
        }

        *dst++ = LF;

        if (src + 1 < last && src[1] == LF) {
            src++;
        }
    }

    s->len = dst - s->data;
}


/*
 * The character at *pos, by table 3-7 of the Unicode standard: the second
 * byte's range depends on the first, all others are 80..BF.  ngx_utf8_decode()
 * lets surrogates pass.
 */

static uint32_t
ngx_chat_text_next(u_char **pos, u_char *end)
{
    u_char      *p, lo, hi;
    uint32_t     ch;
    ngx_uint_t   n;

    p = *pos;
    ch = *p++;
    lo = 0x80;
    hi = 0xbf;

    if (ch < 0x80) {
        *pos = p;
        return ch;
    }

    if (ch >= 0xc2 && ch <= 0xdf) {
        n = 1;
        ch &= 0x1f;

    } else if (ch >= 0xe0 && ch <= 0xef) {
        n = 2;
        lo = (ch == 0xe0) ? 0xa0 : 0x80;
        hi = (ch == 0xed) ? 0x9f : 0xbf;
        ch &= 0x0f;

    } else if (ch >= 0xf0 && ch <= 0xf4) {
        n = 3;
        lo = (ch == 0xf0) ? 0x90 : 0x80;
        hi = (ch == 0xf4) ? 0x8f : 0xbf;
        ch &= 0x07;

    } else {
        return NGX_CHAT_TEXT_INVALID;
    }

    while (n--) {
        if (p == end || *p < lo || *p > hi) {
            return NGX_CHAT_TEXT_INVALID;
        }

        ch = (ch << 6) | (*p++ & 0x3f);
        lo = 0x80;
        hi = 0xbf;
    }

    *pos = p;

    return ch;
}


static ngx_uint_t
ngx_chat_text_in(ngx_chat_text_range_t *ranges, uint32_t ch)
{
    for ( /* void */ ; ranges->last; ranges++) {
        if (ch >= ranges->first && ch <= ranges->last) {
            return 1;
        }
    }

    return 0;
}


u_char *
ngx_chat_text_utf8(u_char *dst, uint32_t ch)
{
    if (ch < 0x80) {
        *dst++ = (u_char) ch;
        return dst;
    }

    if (ch < 0x800) {
        *dst++ = (u_char) (0xc0 | ch >> 6);

    } else {

        if (ch < 0x10000) {
            *dst++ = (u_char) (0xe0 | ch >> 12);

        } else {
            *dst++ = (u_char) (0xf0 | (ch >> 18 & 0x07));
            *dst++ = (u_char) (0x80 | (ch >> 12 & 0x3f));
        }

        *dst++ = (u_char) (0x80 | (ch >> 6 & 0x3f));
    }

    *dst++ = (u_char) (0x80 | (ch & 0x3f));

    return dst;
}


size_t
ngx_chat_text_unescape(u_char *dst, ngx_str_t *s, ngx_uint_t form)
{
    u_char     *p, *last, *start;
    ngx_int_t   n;

    start = dst;
    last = s->data + s->len;

    for (p = s->data; p < last; p++) {

        if (*p == '%' && last - p > 2) {
            n = ngx_hextoi(p + 1, 2);

            if (n != NGX_ERROR) {
                *dst++ = (u_char) n;
                p += 2;
                continue;
            }
        }

        *dst++ = form && *p == '+' ? ' ' : *p;
    }

    return dst - start;
}


ngx_int_t
ngx_chat_text_index(ngx_str_t *names, ngx_str_t *s)
{
    ngx_int_t  i;

    for (i = 0; names[i].len; i++) {

        if (names[i].len == s->len
            && ngx_memcmp(names[i].data, s->data, s->len) == 0)
        {
            return i;
        }
    }

    return NGX_ERROR;
}


/* digits for the quotes: "&apos;" is younger than HTML 4 */

size_t
ngx_chat_text_attribute(u_char *dst, ngx_str_t *s)
{
    size_t   i, n;
    u_char  *p;

    static u_char     special[] = "&<>\"'";
    static ngx_str_t  entities[] = {
        ngx_string("&amp;"), ngx_string("&lt;"), ngx_string("&gt;"),
        ngx_string("&#34;"), ngx_string("&#39;")
    };

    n = 0;

    for (i = 0; i < s->len; i++) {
        p = memchr(special, s->data[i], sizeof(special) - 1);

        if (p) {
            if (dst) {
                ngx_memcpy(dst + n, entities[p - special].data,
                           entities[p - special].len);
            }

            n += entities[p - special].len;

        } else {
            if (dst) {
                dst[n] = s->data[i];
            }

            n++;
        }
    }

    return n;
}
