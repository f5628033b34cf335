
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/text.h"
#include "domain/widget.h"


UNIT_TEST(elements)
{
    ngx_str_t          s;
    ngx_chat_widget_t  w;

    ngx_memzero(&w, sizeof(ngx_chat_widget_t));
    ngx_str_set(&w.loader, "/chat/loader.js");
    w.now = 1764000000;

    is_int(ngx_chat_widget_element(pool, &w, &s), NGX_OK, "the least");
    is_str(&s, "<script src=\"/chat/loader.js\" async data-chat='"
               "{\"at\":1764000000,\"offline\":\"show\"}'></script>",
           "nothing is known");

    w.known = 1;
    w.hide = 1;
    ngx_str_set(&w.nonce, "abc=");

    is_int(ngx_chat_widget_element(pool, &w, &s), NGX_OK, "all");
    is_str(&s, "<script src=\"/chat/loader.js\" async nonce=\"abc=\" "
               "data-chat='{\"at\":1764000000,\"available\":false,"
               "\"offline\":\"hide\"}'></script>", "nobody is there");

    w.available = 1;
    w.now = INT64_MAX;

    is_int(ngx_chat_widget_element(pool, &w, &s), NGX_OK, "the latest");
    ok(ngx_strstr(s.data, "\"available\":true,") != NULL, "somebody is");

    w.hide = 0;
    w.known = 0;
    w.invite = 1;
    w.refused = 1;
    w.now = 1;
    w.nonce.len = 0;

    is_int(ngx_chat_widget_element(pool, &w, &s), NGX_OK, "refused");
    is_str(&s, "<script src=\"/chat/loader.js\" async data-chat='"
               "{\"at\":1,\"offline\":\"show\",\"invite\":true,"
               "\"store\":false}'></script>", "it may not");
}


UNIT_TEST(nothing_breaks_out)
{
    ngx_str_t          s;
    ngx_chat_widget_t  w;

    ngx_memzero(&w, sizeof(ngx_chat_widget_t));
    ngx_str_set(&w.loader, "/a&b\"c'<d>/loader.js");
    ngx_str_set(&w.nonce, "\"><script>alert(1)</script>");
    w.now = 1;

    is_int(ngx_chat_widget_element(pool, &w, &s), NGX_OK, "hostile");
    is_str(&s, "<script src=\"/a&amp;b&#34;c&#39;&lt;d&gt;/loader.js\" async "
               "nonce=\"&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\" "
               "data-chat='{\"at\":1,\"offline\":\"show\"}'></script>",
           "is text");
}
