
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/html.h"


#define MARK  "[+]"


static void whole(ngx_pool_t *pool, const char *page, const char *expected);
static void cut(ngx_pool_t *pool, ngx_str_t *page, size_t size,
    ngx_str_t *out);


static struct {
    const char  *page;
    const char  *expected;      /* NULL: nothing is added */
} pages[] = {

    /* the tag */

    { "<p>a</body></html>", "<p>a[+]</body></html>" },
    { "<p>a</BODY>", "<p>a[+]</BODY>" },
    { "<p>a</boDy\n >", "<p>a[+]</boDy\n >" },
    { "<p>a</body/>", "<p>a[+]</body/>" },
    { "<p>a</body x=\"</body>\">", "<p>a[+]</body x=\"</body>\">" },
    { "</body>", "[+]</body>" },
    { "</body></body>", "[+]</body></body>" },
    { "<</body>", "<[+]</body>" },
    { "</</body>", NULL },
    { "<</</body></body>", "<</</body>[+]</body>" },
    { "</bo</body></body>", "</bo</body>[+]</body>" },
    { "a < b</body>", "a < b[+]</body>" },
    { "</bodyx></body>", "</bodyx>[+]</body>" },
    { "</b></bod></body>", "</b></bod>[+]</body>" },
    { "</ body></body>", "</ body>[+]</body>" },
    { "</></body>", "</>[+]</body>" },
    { "<body></body>", "<body>[+]</body>" },
    { "\xef\xbb\xbf<p>\xc3\xa9</body>", "\xef\xbb\xbf<p>\xc3\xa9[+]</body>" },

    /* none */

    { "", NULL },
    { "<p>a fragment", NULL },
    { "<div></div>", NULL },
    { "<htmlx></htmlx>", NULL },
    { "<!doctyp html>a", NULL },
    { "<!-- <html> -->a", NULL },

    /* whole documents without the tag */

    { "<!DOCTYPE html><p>a", "<!DOCTYPE html><p>a[+]" },
    { "<!doctype html>", "<!doctype html>[+]" },
    { "<html><p>a</html>\n", "<html><p>a</html>\n[+]" },
    { "<body class=x><p>a", "<body class=x><p>a[+]" },
    { "<html><p>a</bod", NULL },
    { "<html><p>a</body", NULL },
    { "<html><p>a<", NULL },
    { "<html><p title=\"a", NULL },
    { "<html><script>a", NULL },
    { "<html><textarea>a", NULL },
    { "<html><!-- a", NULL },
    { "<html><plaintext></body>", NULL },

    /* attributes */

    { "<a b=\"</body>\"></body>", "<a b=\"</body>\">[+]</body>" },
    { "<a b='</body>'></body>", "<a b='</body>'>[+]</body>" },
    { "<a b = '</body>'></body>", "<a b = '</body>'>[+]</body>" },
    { "<a b=\"'\"></body>", "<a b=\"'\">[+]</body>" },
    { "<a b=c\"></body>", "<a b=c\">[+]</body>" },
    { "<a b=/></body>", "<a b=/>[+]</body>" },
    { "<a b=></body>", "<a b=>[+]</body>" },
    { "<a \"></body>", "<a \">[+]</body>" },
    { "<a =\"></body>", "<a =\">[+]</body>" },
    { "<a b==\"></body>", "<a b==\">[+]</body>" },
    { "<a/b/=\"></body>", "<a/b/=\">[+]</body>" },
    { "<a b c=\"</body>\"></body>", "<a b c=\"</body>\">[+]</body>" },
    { "<a b\n=\n\"</body>\"></body>", "<a b\n=\n\"</body>\">[+]</body>" },
    { "<a b='x'c='</body>'></body>", "<a b='x'c='</body>'>[+]</body>" },
    { "</a b='</body>'></body>", "</a b='</body>'>[+]</body>" },
    { "<a b=c='></body>", "<a b=c='>[+]</body>" },

    /* comments */

    { "<!-- </body> --></body>", "<!-- </body> -->[+]</body>" },
    { "<!--></body>", "<!-->[+]</body>" },
    { "<!---></body>", "<!--->[+]</body>" },
    { "<!----></body>", "<!---->[+]</body>" },
    { "<!--!></body>--></body>", "<!--!></body>-->[+]</body>" },
    { "<!---!></body>--></body>", "<!---!></body>-->[+]</body>" },
    { "<!----!></body>", "<!----!>[+]</body>" },
    { "<!--a--!></body>", "<!--a--!>[+]</body>" },
    { "<!--a--!-></body>--></body>", "<!--a--!-></body>-->[+]</body>" },
    { "<!--a--!--></body>", "<!--a--!-->[+]</body>" },
    { "<!--a->b</body>---></body>", "<!--a->b</body>--->[+]</body>" },
    { "<!--<!--></body>", "<!--<!-->[+]</body>" },
    { "<!-- a -- b </body> --></body>", "<!-- a -- b </body> -->[+]</body>" },
    { "<!-></body>", "<!->[+]</body>" },
    { "<!></body>", "<!>[+]</body>" },
    { "<!x '></body>", "<!x '>[+]</body>" },
    { "<?php '</body>' ?></body>", "<?php '</body>' ?>[+]</body>" },
    { "<!DOCTYPE html PUBLIC \"a>b\"></body>",
      "<!DOCTYPE html PUBLIC \"a>b\">[+]</body>" },
    { "<![CDATA[</body>]]></body>", "<![CDATA[</body>]]>[+]</body>" },
    { "<!-- esi --><!--# include x=\"</body>\" --></body>",
      "<!-- esi --><!--# include x=\"</body>\" -->[+]</body>" },

    /* raw text */

    { "<title></body></title></body>", "<title></body></title>[+]</body>" },
    { "<style>/*</body>*/</STYLE ></body>",
      "<style>/*</body>*/</STYLE >[+]</body>" },
    { "<textarea></body></textareas></textarea></body>",
      "<textarea></body></textareas></textarea>[+]</body>" },
    { "<style><!-- </style></body>", "<style><!-- </style>[+]</body>" },
    { "<xmp></body></xm></xmp></body>", "<xmp></body></xm></xmp>[+]</body>" },
    { "<title/></body></title></body>", "<title/></body></title>[+]</body>" },
    { "<iframe></body></iframe></body>",
      "<iframe></body></iframe>[+]</body>" },
    { "<noscript></body></noscript></body>",
      "<noscript></body></noscript>[+]</body>" },
    { "<titles></body>", "<titles>[+]</body>" },
    { "<title></title x='</body>'></body>",
      "<title></title x='</body>'>[+]</body>" },
    { "<title></<</title></body>", "<title></<</title>[+]</body>" },

    /* scripts */

    { "<script>'</body>'</script></body>",
      "<script>'</body>'</script>[+]</body>" },
    { "<SCRIPT type=a>'</body>'</sCript\t></body>",
      "<SCRIPT type=a>'</body>'</sCript\t>[+]</body>" },
    { "<script><!-- </body> </script></body>",
      "<script><!-- </body> </script>[+]</body>" },
    { "<script><!-- <script> </script></body></script></body>",
      "<script><!-- <script> </script></body></script>[+]</body>" },
    { "<script><!--<script></script>--></script></body>",
      "<script><!--<script></script>--></script>[+]</body>" },
    { "<script><!--<script>--></script></body>",
      "<script><!--<script>--></script>[+]</body>" },
    { "<script><!--><script></script></body>",
      "<script><!--><script></script>[+]</body>" },
    { "<script><!-<script></script></body>",
      "<script><!-<script></script>[+]</body>" },
    { "<script><!--<scripts></script></body>",
      "<script><!--<scripts></script>[+]</body>" },
    { "<script><!--<script/a</scripts></body></script </script></body>",
      "<script><!--<script/a</scripts></body></script </script>[+]</body>" },
    { "<script><!--- -- ></body></script></body>",
      "<script><!--- -- ></body></script>[+]</body>" },
    { "<script>a<!</script></body>", "<script>a<!</script>[+]</body>" },
    { "<script>a</</script></body>", "<script>a</</script>[+]</body>" },
    { "<script><!--a--><script></script></body>",
      "<script><!--a--><script></script>[+]</body>" },

    /* in SVG and MathML elements may be empty */

    { "<svg><title/></svg></body>", "<svg><title/></svg>[+]</body>" },
    { "<svg><style a=b /></body>", "<svg><style a=b />[+]</body>" },
    { "<svg><style a=b/></body></style></body>",
      "<svg><style a=b/></body></style>[+]</body>" },
    { "<svg><![CDATA[</body>]>]]]></body>",
      "<svg><![CDATA[</body>]>]]]>[+]</body>" },
    { "<svg><![cdata[></body>", "<svg><![cdata[>[+]</body>" },
    { "<svg><![CDATA></body>", "<svg><![CDATA>[+]</body>" },
    { "<svg></svg><![CDATA[></body>]]>",
      "<svg></svg><![CDATA[>[+]</body>]]>" },
    { "<html><svg><![CDATA[</svg>", NULL },
    { "<svg></svg><title/></body></title></body>",
      "<svg></svg><title/></body></title>[+]</body>" },
    { "<svg/><title/></body></title></body>",
      "<svg/><title/></body></title>[+]</body>" },
    { "<math><svg/><title/></math></body>",
      "<math><svg/><title/></math>[+]</body>" },
    { "<svg><title></body></title></svg></body>",
      "<svg><title></body></title></svg>[+]</body>" },

    /* it is there */

    { "<script src=\"/chat/loader.js\"></script></body>", NULL },
    { "<script async src=/chat/loader.js></script></body>", NULL },
    { "<script SRC = '/chat/loader.js?v=1#a'></script></body>", NULL },
    { "<script src=chat/loader.js></script></body>", NULL },
    { "<script src=https://a.example/chat/loader.js></script></body>", NULL },
    { "<script data-chat='{}' src=x></script></body>", NULL },
    { "<script data-chat></script></body>", NULL },

    /* or it is not */

    { "<script src=\"/chat/loader.jsx\"></script></body>",
      "<script src=\"/chat/loader.jsx\"></script>[+]</body>" },
    { "<script src=\"loader.js\"></script></body>",
      "<script src=\"loader.js\"></script>[+]</body>" },
    { "<script src=\"\"></script></body>",
      "<script src=\"\"></script>[+]</body>" },
    { "<script src=\"/x?/chat/loader.js\"></script></body>",
      "<script src=\"/x?/chat/loader.js\"></script>[+]</body>" },
    { "<script srcs=\"/chat/loader.js\"></script></body>",
      "<script srcs=\"/chat/loader.js\"></script>[+]</body>" },
    { "<a src=\"/chat/loader.js\" data-chat></a></body>",
      "<a src=\"/chat/loader.js\" data-chat></a>[+]</body>" },
    { "<!-- <script src=\"/chat/loader.js\"></script> --></body>",
      "<!-- <script src=\"/chat/loader.js\"></script> -->[+]</body>" },
    { "<script data-chats></script></body>",
      "<script data-chats></script>[+]</body>" },
    { "<script></script src=/chat/loader.js></body>",
      "<script></script src=/chat/loader.js>[+]</body>" }
};


UNIT_TEST(pages_in_one_piece_and_in_many)
{
    ngx_uint_t  i;

    for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        whole(pool, pages[i].page, pages[i].expected);
    }
}


static void
whole(ngx_pool_t *pool, const char *page, const char *expected)
{
    size_t     size, failed;
    ngx_str_t  in, out, wanted;

    in.data = (u_char *) page;
    in.len = strlen(page);

    wanted.data = (u_char *) (expected ? expected : page);
    wanted.len = strlen((char *) wanted.data);

    failed = 0;

    for (size = in.len + 1; size > 0; size--) {
        cut(pool, &in, size, &out);

        if (out.len != wanted.len
            || memcmp(out.data, wanted.data, out.len) != 0)
        {
            failed = size;
            break;
        }
    }

    ok(failed == 0, "\"%s\" in pieces of %zu: \"%.*s\"", page, failed,
       (int) out.len, out.data);
}


/* each piece in memory of its own, as a page passes the filter */

static void
cut(ngx_pool_t *pool, ngx_str_t *page, size_t size, ngx_str_t *out)
{
    u_char                *p, *piece;
    size_t                 at, n, len;
    ngx_int_t              rc;
    ngx_str_t              loader;
    ngx_uint_t             found;
    ngx_chat_html_t        html;
    ngx_chat_html_piece_t  result;

    ngx_str_set(&loader, "/chat/loader.js");
    ngx_chat_html_init(&html, &loader);

    out->data = ngx_pnalloc(pool, page->len + sizeof(MARK));
    p = out->data;
    rc = NGX_OK;

    for (at = 0; at < page->len && rc == NGX_OK; at += n) {
        n = ngx_min(size, page->len - at);
        piece = malloc(n);
        memcpy(piece, page->data + at, n);

        rc = ngx_chat_html_scan(&html, piece, n, &result);

        len = result.held_len;
        memcpy(p, result.held, len);
        memcpy(p + len, piece, result.pass);
        len += result.pass;

        if (result.found) {
            memmove(p + result.place + sizeof(MARK) - 1, p + result.place,
                    len - result.place);
            memcpy(p + result.place, MARK, sizeof(MARK) - 1);
            len += sizeof(MARK) - 1;
        }

        p += len;
        free(piece);
    }

    p = ngx_cpymem(p, page->data + at, page->len - at);

    if (rc == NGX_OK) {
        found = ngx_chat_html_end(&html, &result);
        p = ngx_cpymem(p, result.held, result.held_len);

        if (found) {
            p = ngx_cpymem(p, MARK, sizeof(MARK) - 1);
        }
    }

    out->len = p - out->data;
}


/* what waits is never more than a beginning of "</body" */

UNIT_TEST(only_what_must_waits)
{
    ngx_uint_t             i;
    ngx_str_t              loader;
    ngx_chat_html_t        html;
    ngx_chat_html_piece_t  piece;

    static struct {
        const char  *data;
        size_t       held;
    } cases[] = {
        { "a", 0 }, { "a<", 1 }, { "a</", 2 }, { "a</b", 3 }, { "a</BO", 4 },
        { "a</bod", 5 }, { "a</body", 6 }, { "a</bodyx", 0 }, { "a<b", 0 },
        { "a</d", 0 }, { "a</bd", 0 }, { "a</ ", 0 }, { "<!-- <", 0 },
        { "<script></", 0 }, { "<a b='</bod", 0 }, { "<<<<<<<<", 1 }
    };

    ngx_str_set(&loader, "/chat/loader.js");

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_chat_html_init(&html, &loader);

        ngx_chat_html_scan(&html, (u_char *) cases[i].data,
                           strlen(cases[i].data), &piece);

        is_int(strlen(cases[i].data) - piece.pass, cases[i].held,
               cases[i].data);
    }
}


/* an address that is longer than what is kept of it */

UNIT_TEST(long_addresses)
{
    u_char                *p;
    size_t                 len;
    ngx_str_t              loader;
    ngx_chat_html_t        html;
    ngx_chat_html_piece_t  piece;
    u_char                 page[1024];

    ngx_str_set(&loader, "/chat/loader.js");

    for (len = 200; len < 300; len++) {
        p = ngx_sprintf(page, "<script src='https://a.example/");

        while (p < page + len) {
            *p++ = 'x';
        }

        p = ngx_sprintf(p, "/chat/loader.js'></script></body>");

        ngx_chat_html_init(&html, &loader);
        ngx_chat_html_scan(&html, page, p - page, &piece);

        is_int(piece.found,
               len - strlen("<script src='") + loader.len
               > NGX_CHAT_HTML_VALUE, "known as far as it is kept");
    }
}
