
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "domain/brake.h"


static ngx_uint_t links_in(const char *text);


static ngx_uint_t
links_in(const char *text)
{
    ngx_str_t  s;

    s.data = (u_char *) text;
    s.len = strlen(text);

    return ngx_chat_brake_links(&s);
}


UNIT_TEST(links_are_counted)
{
    is_int(links_in(""), 0, "nothing");
    is_int(links_in("where is my order?"), 0, "none");
    is_int(links_in("http://a.example"), 1, "one");
    is_int(links_in("HTTPS://A.EXAMPLE"), 1, "in any case");
    is_int(links_in("https://www.a.example/www.b"), 1, "once");
    is_int(links_in("see www.a.example, (http://b) \"https://c\""), 3,
           "three in a sentence");
    is_int(links_in("http://a,http://b"), 2, "without a space");
    is_int(links_in("a\nwww.b\nwww.c"), 2, "on lines");
    is_int(links_in("awww.what a day, xhttp://"), 0, "a part of a word");
    is_int(links_in("http://"), 0, "nothing behind it");
    is_int(links_in("https:/"), 0, "a piece");
}


UNIT_TEST(who_may_go_on)
{
    int64_t                 wait;
    ngx_chat_brake_facts_t  facts;

    memset(&facts, 0, sizeof(facts));

    is_int(ngx_chat_brake(&facts, &wait), NGX_CHAT_BRAKE_NONE, "nothing");
    is_int(wait, 0, "at once");

    facts.links = 9;
    facts.links_max = 2;
    facts.delay = 500;

    is_int(ngx_chat_brake(&facts, &wait), NGX_CHAT_BRAKE_NONE,
           "who has written before");

    facts.first = 1;

    is_int(ngx_chat_brake(&facts, &wait), NGX_CHAT_BRAKE_LINKS,
           "links in the first message");
    is_int(wait, 0, "waiting is no use");

    facts.links = 2;

    is_int(ngx_chat_brake(&facts, &wait), NGX_CHAT_BRAKE_DELAY, "too soon");
    is_int(wait, 500, "until it may");

    facts.links = 3;
    facts.links_max = 0;
    facts.repeat = 2000;

    is_int(ngx_chat_brake(&facts, &wait), NGX_CHAT_BRAKE_REPEAT,
           "any number of links, but the same again");
    is_int(wait, 2000, "the longest of them");

    facts.visitor = 700;
    facts.address = 900;

    is_int(ngx_chat_brake(&facts, &wait), NGX_CHAT_BRAKE_VISITOR,
           "the visitor first");
    is_int(wait, 2000, "still the longest");

    facts.visitor = 0;

    is_int(ngx_chat_brake(&facts, &wait), NGX_CHAT_BRAKE_ADDRESS,
           "the address second");
}
