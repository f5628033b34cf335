
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/html.h"
#include "base/html_title.h"


#define SIZE  119


static size_t title(const char *page, size_t piece, u_char *dst, size_t size);
static void is_title(const char *page, const char *expected);


static struct {
    const char  *page;
    const char  *expected;
} titles[] = {

    { "<html><title>Boots</title>", "Boots" },
    { "<TITLE lang=en>Boots</Title >", "Boots" },
    { "<html><title>\n  Warm \t\r\n boots\n</title>", "Warm boots" },
    { "<title></title><title>second</title>", "" },
    { "<title>first</title><title>second</title>", "first" },
    { "<html><p>none", "" },
    { "<title>without an end", "" },
    { "<title>cut</titl", "" },
    { "<title>cut</title", "" },
    { "<title>over</title>", "over" },

    /* what only looks like its end, or its beginning */

    { "<title>1 < 2</title>", "1 < 2" },
    { "<title>a <b>bold</b> </titles> one</title>",
      "a <b>bold</b> </titles> one" },
    { "<title>a<</title>", "a<" },
    { "<title>a</</title>", "a</" },
    { "<title>a</tit</title>", "a</tit" },
    { "<title><!-- a --></title>", "<!-- a -->" },
    { "<!-- <title>no</title> --><title>yes</title>", "yes" },
    { "<script>'<title>no</title>'</script><title>yes</title>", "yes" },
    { "<style><title>no</title></style><title>yes</title>", "yes" },
    { "<titles>no</titles><title>yes</title>", "yes" },
    { "<svg><title>an icon</title></svg><title>yes</title>", "yes" },
    { "<svg><title/></svg><title>yes</title>", "yes" },

    /* references */

    { "<title>Tom &amp; Jerry</title>", "Tom & Jerry" },
    { "<title>&lt;b&gt;&quot;&apos;</title>", "<b>\"'" },
    { "<title>caf&eacute;, &Eacute;t&eacute; &ndash; 5 &euro;</title>",
      "caf\xc3\xa9, \xc3\x89t\xc3\xa9 \xe2\x80\x93 5 \xe2\x82\xac" },
    { "<title>&nbsp;a&yuml;</title>", "\xc2\xa0" "a\xc3\xbf" },
    { "<title>&#65;&#x42;&#X63;</title>", "ABc" },
    { "<title>&#x1F600;</title>", "\xf0\x9f\x98\x80" },
    { "<title>&#0;&#xd800;&#x110000;&#x80;&#x2028;</title>",
      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    { "<title>&#99999999999;</title>", "&#99999999999;" },
    { "<title>a&#10;b</title>", "a b" },
    { "<title>a & b; &c &unknown; &#; &#x; &#xz; &</title>",
      "a & b; &c &unknown; &#; &#x; &#xz; &" },
    { "<title>&amp;amp;</title>", "&amp;" },

    /* not what may be shown */

    { "<title>caf\xe9</title>", "" },
    { "<title>a\x01" "b</title>", "" },
    { "<title>caf\xc3\xa9</title>", "caf\xc3\xa9" },
    { "<title>\xc3</title>", "" },
    { "<title>\xa9\xa9\xa9\xa9\xa9</title>", "" },

    { NULL, NULL }
};


UNIT_TEST(titles_of_pages)
{
    ngx_uint_t  i;

    for (i = 0; titles[i].page; i++) {
        is_title(titles[i].page, titles[i].expected);
    }
}


UNIT_TEST(a_long_title)
{
    u_char   page[2048], text[SIZE + 1], *p;
    size_t   len, i;

    /* whole characters, as many as there is room for */

    p = ngx_sprintf(page, "<title>a");

    for (i = 0; i < 500; i++) {
        p = ngx_cpymem(p, "\xe2\x82\xac", 3);
    }

    *ngx_sprintf(p, "</title>") = '\0';

    len = title((char *) page, 7, text, SIZE);
    is_int(len, 118, "39 characters of three bytes, and one");
    ok(ngx_memcmp(text + 115, "\xe2\x82\xac", 3) == 0, "none is half");

    /* also where the page's own is cut in the midst of one */

    for (i = 1; i <= 4; i++) {
        len = title((char *) page, 0, text, i);
        is_int(len, i < 4 ? 1 : 4, "in little room");
    }

    /* blanks and references are not what is shown */

    p = ngx_sprintf(page, "<title>&amp;");
    ngx_memset(p, ' ', 200);
    *ngx_sprintf(p + 200, "x</title>") = '\0';

    len = title((char *) page, 0, text, SIZE);
    is_int(len, 3, "an ampersand, a blank and an x");
}


/* in one piece, and in pieces of any size, it is the same */

static void
is_title(const char *page, const char *expected)
{
    u_char  text[SIZE + 1];
    size_t  piece, len;

    for (piece = 0; piece < 9; piece++) {
        len = title(page, piece, text, SIZE);
        text[len] = '\0';

        is_cstr(text, expected, page);
    }
}


/* 0: in one piece */

static size_t
title(const char *page, size_t piece, u_char *dst, size_t size)
{
    u_char                 *data;
    size_t                  at, n, len;
    ngx_str_t               loader;
    ngx_chat_html_t         html;
    ngx_chat_html_piece_t   part;

    ngx_str_set(&loader, "/chat/loader.js");
    ngx_chat_html_init(&html, &loader);

    len = ngx_strlen(page);

    for (at = 0; at < len; at += n) {
        n = ngx_min(piece ? piece : len, len - at);

        /* of its own, so that a look beyond it is seen */

        data = malloc(n);
        ngx_memcpy(data, page + at, n);
        (void) ngx_chat_html_scan(&html, data, n, &part);
        free(data);
    }

    (void) ngx_chat_html_end(&html, &part);

    return ngx_chat_html_title_text(&html, dst, size);
}
