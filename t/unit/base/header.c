
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/header.h"


/* in memory of exactly this size: a byte read behind it is a report */

static ngx_str_t
header_exact(const char *text)
{
    ngx_str_t  s;

    s.len = strlen(text);
    s.data = malloc(s.len);
    memcpy(s.data, text, s.len);

    return s;
}


UNIT_TEST(items)
{
    ngx_int_t   weight;
    ngx_str_t   list, rest, value;
    ngx_uint_t  i;

    static struct {
        const char  *value;
        ngx_int_t    weight;
    } expected[] = {
        { "de-AT", 800 }, { "", 1000 }, { "en", 1000 }, { "fr", 0 },
        { "es", 1 }, { "it", 0 }, { "*", 500 }
    };

    list = header_exact("de-AT;q=0.8,, en ,fr;q=2\t,es;x=1;Q=0.001,it;q=,"
                        "*;q=0.5;x");
    rest = list;

    for (i = 0; i < 7; i++) {
        weight = ngx_chat_header_item(&rest, &value);

        unit_is_str(&value, expected[i].value, strlen(expected[i].value),
                    __FILE__, __LINE__, "item");
        is_int(weight, expected[i].weight, expected[i].value);
    }

    is_int(rest.len, 0, "the end");

    free(list.data);
}


UNIT_TEST(weights)
{
    ngx_str_t   list, name;
    ngx_uint_t  i;

    static struct {
        const char  *list;
        ngx_int_t    weight;
    } cases[] = {
        { "", 0 }, { "br", 1000 }, { "BR", 1000 }, { "b", 0 }, { "brr", 0 },
        { "gzip, br;q=0.5", 500 }, { "br;q=0", 0 }, { "br;q=0.0004", 0 },
        { "br;q=0, br", 0 }, { ",,br", 1000 }, { "br ; q=0.5", 500 },
        { "br x", 0 }, { "br;", 1000 }, { ";br", 0 }
    };

    ngx_str_set(&name, "br");

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        list = header_exact(cases[i].list);
        is_int(ngx_chat_header_weight(&list, &name), cases[i].weight,
               cases[i].list);
        free(list.data);
    }

    is_int(ngx_chat_header_weight(NULL, &name), 0, "no header");
}


UNIT_TEST(types)
{
    ngx_str_t   value, json;
    ngx_uint_t  i;

    static struct {
        const char  *value;
        ngx_uint_t   is;
    } cases[] = {
        { "application/json", 1 }, { "Application/JSON", 1 },
        { "application/json;charset=utf-8", 1 },
        { "application/json ; charset=utf-8", 1 },
        { "application/json; a=\"b;c\"", 1 }, { "", 0 }, { ";", 0 },
        { "application/jsonp", 0 }, { "application/jso", 0 },
        { "text/plain; application/json", 0 },
        { "text/plain, application/json", 0 },
        { "application/json, text/plain", 0 }
    };

    ngx_str_set(&json, "application/json");

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        value = header_exact(cases[i].value);
        is_int(ngx_chat_header_is(&value, &json), cases[i].is,
               cases[i].value);
        free(value.data);
    }
}


UNIT_TEST(bearers)
{
    ngx_str_t   value, token;
    ngx_uint_t  i;

    static const char  *others[] = {
        "", "Bearer", "Basic abc", " Bearer abc", "Bearer\tabc", "Bearerabc"
    };

    value = header_exact("bEARER abc");
    is_int(ngx_chat_header_bearer(&value, &token), NGX_OK, "a token");
    is_str(&token, "abc", "which");
    free(value.data);

    value = header_exact("Bearer ");
    is_int(ngx_chat_header_bearer(&value, &token), NGX_OK, "an empty one");
    is_int(token.len, 0, "it is empty");
    free(value.data);

    for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        value = header_exact(others[i]);
        is_int(ngx_chat_header_bearer(&value, &token), NGX_DECLINED,
               others[i]);
        free(value.data);
    }
}


UNIT_TEST(origins)
{
    ngx_str_t   origin, host;
    ngx_uint_t  i;

    static struct {
        const char  *origin;
        const char  *host;
        ngx_uint_t   is;
    } cases[] = {
        { "https://shop.example", "shop.example", 1 },
        { "http://shop.example", "shop.example", 1 },
        { "https://SHOP.example:8443", "shop.EXAMPLE:8443", 1 },
        { "https://[::1]:80", "[::1]:80", 1 },
        { "https://shop.example", "shop.example:443", 0 },
        { "https://shop.example.evil", "shop.example", 0 },
        { "https://evil-shop.example", "shop.example", 0 },
        { "https://evil/://shop.example", "shop.example", 0 },
        { "https:/shop.example", "shop.example", 0 },
        { "https:", "shop.example", 0 },
        { "https:/", "", 0 },
        { "null", "null", 0 },
        { "", "", 0 }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        origin = header_exact(cases[i].origin);
        host = header_exact(cases[i].host);
        is_int(ngx_chat_header_origin(&origin, &host), cases[i].is,
               cases[i].origin);
        free(origin.data);
        free(host.data);
    }
}
