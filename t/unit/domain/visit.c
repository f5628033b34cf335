
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "domain/visit.h"


typedef struct {
    const char   *name;
    ngx_uint_t    shown;
    ngx_uint_t    status;
    const char   *type;
    const char   *dest;
    const char   *accept;
    const char   *with;
    const char   *purpose;
    ngx_uint_t    is;
} page_case_t;


static ngx_str_t *
header(ngx_str_t *s, const char *text)
{
    s->data = (u_char *) text;
    s->len = text ? strlen(text) : 0;

    return text ? s : NULL;
}


UNIT_TEST(a_page_view_is_a_document_that_somebody_sees)
{
    size_t                  i;
    ngx_str_t               s[5];
    ngx_chat_visit_signs_t  signs;

    static const char   html[] = "text/html; charset=utf-8";

    static page_case_t  cases[] = {
        { "a page", 1, 200, html, NULL, NULL, NULL, NULL, 1 },
        { "as asked for", 1, 200, html, "document", NULL, NULL, NULL, 1 },
        { "case aside", 1, 200, "TEXT/HTML", NULL, NULL, NULL, NULL, 1 },
        { "XHTML", 1, 200, "application/xhtml+xml", NULL, NULL, NULL, NULL,
          1 },
        { "an error", 1, 404, html, NULL, NULL, NULL, NULL, 1 },
        { "a failure", 1, 500, html, NULL, NULL, NULL, NULL, 1 },
        { "known already", 1, 304, "", "document", NULL, NULL, NULL, 1 },
        { "known, by Accept", 1, 304, "", NULL, "text/html,*/*", NULL, NULL,
          1 },
        { "a known picture", 1, 304, "", NULL, "image/webp,*/*", NULL, NULL,
          0 },
        { "known, of nobody", 1, 304, "", NULL, NULL, NULL, NULL, 0 },
        { "HEAD", 0, 200, html, NULL, NULL, NULL, NULL, 0 },
        { "no type", 1, 200, "", NULL, NULL, NULL, NULL, 0 },
        { "a picture", 1, 200, "image/png", NULL, NULL, NULL, NULL, 0 },
        { "nearly the type", 1, 200, "text/htmlx", NULL, NULL, NULL, NULL,
          0 },
        { "a redirect", 1, 302, html, NULL, NULL, NULL, NULL, 0 },
        { "nothing", 1, 204, html, NULL, NULL, NULL, NULL, 0 },
        { "a part", 1, 206, html, NULL, NULL, NULL, NULL, 0 },
        { "gone", 1, 499, html, NULL, NULL, NULL, NULL, 0 },
        { "closed", 1, 444, html, NULL, NULL, NULL, NULL, 0 },
        { "no status", 1, 0, html, NULL, NULL, NULL, NULL, 0 },
        { "a frame", 1, 200, html, "iframe", NULL, NULL, NULL, 0 },
        { "fetch()", 1, 200, html, "empty", NULL, NULL, NULL, 0 },
        { "an old script", 1, 200, html, NULL, NULL, "XMLHttpRequest", NULL,
          0 },
        { "an app", 1, 200, html, NULL, NULL, "com.example.app", NULL, 1 },
        { "a prefetch", 1, 200, html, "document", NULL, NULL, "prefetch", 0 },
        { "a prerender", 1, 200, html, NULL, NULL, NULL,
          "prefetch;prerender", 0 },
        { "a preview", 1, 200, html, NULL, NULL, NULL, "Preview", 0 },
        { "another purpose", 1, 200, html, NULL, NULL, NULL, "look", 1 },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_memzero(&signs, sizeof(ngx_chat_visit_signs_t));

        signs.shown = cases[i].shown;
        signs.status = cases[i].status;
        (void) header(&signs.type, cases[i].type);
        signs.dest = header(&s[0], cases[i].dest);
        signs.accept = header(&s[1], cases[i].accept);
        signs.with = header(&s[2], cases[i].with);
        signs.purpose[i % 4] = header(&s[3], cases[i].purpose);

        is_int(ngx_chat_visit_is_page(&signs), cases[i].is, cases[i].name);
    }
}


UNIT_TEST(browsers_and_crawlers_are_told_apart)
{
    size_t            i;
    ngx_str_t         s;
    ngx_chat_agent_t  agent;

    static struct {
        const char   *name;
        ngx_uint_t    crawler;
        const char   *device;
        const char   *browser;
        const char   *system;
    } cases[] = {
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
          "(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0",
          0, "desktop", "Edge", "Windows" },
        { "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 OPR/112",
          0, "desktop", "Opera", "Windows" },
        { "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 "
          "Firefox/127.0", 0, "desktop", "Firefox", "Linux" },
        { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 "
          "Version/17.5 Safari/605.1.15", 0, "desktop", "Safari", "macOS" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
          "CriOS/126.0 Mobile/15E148 Safari/604.1",
          0, "phone", "Chrome", "iOS" },
        { "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 "
          "Mobile/15E148 Safari/604.1", 0, "tablet", "Safari", "iOS" },
        { "Mozilla/5.0 (Linux; Android 14; SM-S921B) SamsungBrowser/25.0 "
          "Chrome/121.0 Mobile Safari/537.36",
          0, "phone", "Samsung Internet", "Android" },
        { "Mozilla/5.0 (Linux; Android 14; Pixel Tablet) Chrome/126.0 "
          "Safari/537.36", 0, "tablet", "Chrome", "Android" },
        { "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) Chrome/96.0 Mobile "
          "Safari/537.36", 0, "phone", "Chrome", "Android" },
        { "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/126.0 "
          "Safari/537.36", 0, "desktop", "Chrome", "ChromeOS" },
        { "SomeApp/1.0", 0, "other", "other", "other" },
        { "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/"
          "bot.html)", 1, "desktop", "other", "other" },
        { "Mozilla/5.0 (compatible; bingbot/2.0)", 1, "desktop", "other",
          "other" },
        { "facebookexternalhit/1.1", 1, "other", "other", "other" },
        { "my-crawler", 1, "other", "other", "other" },
        { "ExampleBot", 1, "other", "other", "other" },
        { "curl/7.88.1", 1, "other", "other", "other" },
        { "", 1, "other", "other", "other" },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_chat_visit_agent(header(&s, cases[i].name), &agent);

        is_int(agent.crawler, cases[i].crawler, cases[i].name);
        is_cstr(ngx_chat_device_names[agent.device].data, cases[i].device,
                "device");
        is_cstr(ngx_chat_browser_names[agent.browser].data, cases[i].browser,
                "browser");
        is_cstr(ngx_chat_system_names[agent.system].data, cases[i].system,
                "system");
    }

    ngx_chat_visit_agent(NULL, &agent);
    is_int(agent.crawler, 1, "no name at all");
}


UNIT_TEST(a_page_is_kept_without_its_secrets)
{
    size_t     i, len;
    u_char     page[NGX_CHAT_VISIT_PAGE], longer[4096];
    ngx_str_t  s, got;

    static struct {
        const char  *target;
        const char  *page;
    } cases[] = {
        { "/", "/" },
        { "/a/b.html", "/a/b.html" },
        { "/a?token=1", "/a" },
        { "/a?utm_source=x", "/a?utm_source=x" },
        { "/a?b=1&utm_source=x&c=2&utm_term=y#z",
          "/a?utm_source=x&utm_term=y" },
        { "/a?utm_", "/a" },
        { "/a?xutm_source=1", "/a" },
        { "/a?b=utm_source=1", "/a" },
        { "/a#utm_source=1", "/a" },
        { "/a#?utm_source=1", "/a" },
        { "/a;jsessionid=1?utm_source=x", "/a?utm_source=x" },
        { "https://shop.example/a?x", "/a" },
        { "https://shop.example", "/" },
        { "nonsense", "/" },
        { "", "/" },
        { "/\xc3\xa9\x01 ", "/????" },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void) header(&s, cases[i].target);

        got.data = page;
        got.len = ngx_chat_visit_page(&s, page);

        ok(got.len == strlen(cases[i].page)
           && memcmp(page, cases[i].page, got.len) == 0,
           "%s: \"%.*s\"", cases[i].target, (int) got.len, (char *) page);
    }

    memset(longer, 'a', sizeof(longer));
    longer[0] = '/';
    s.data = longer;
    s.len = sizeof(longer);

    len = ngx_chat_visit_page(&s, page);
    is_int(len, NGX_CHAT_VISIT_PAGE - 1, "and not longer than that");

    memcpy(longer + 100, "?utm_source=aaa", 15);
    len = ngx_chat_visit_page(&s, page);
    is_int(len, 100, "what does not fit is left out");
}


UNIT_TEST(of_a_referrer_the_host_is_kept)
{
    size_t     i;
    ngx_str_t  s, own = ngx_string("shop.example"), host;

    static struct {
        const char  *referrer;
        const char  *host;
    } cases[] = {
        { "https://search.example/?q=secret", "search.example" },
        { "http://search.example", "search.example" },
        { "http://search.example:8080/a", "search.example" },
        { "https://Shop.Example/a", "" },
        { "https://shop.example:8443/a", "" },
        { "https://user@evil.example/", "" },
        { "https://", "" },
        { "android-app://com.example", "" },
        { "about:blank", "" },
        { "https://a<b", "" },
        { NULL, "" },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_chat_visit_referrer(header(&s, cases[i].referrer), &own, &host);

        ok(host.len == strlen(cases[i].host)
           && memcmp(host.data ? host.data : (u_char *) "", cases[i].host,
                     host.len) == 0,
           "%s: \"%.*s\"", cases[i].referrer ? cases[i].referrer : "none",
           (int) host.len, (char *) host.data);
    }
}


UNIT_TEST(addresses_lose_the_household)
{
    u_char               text[NGX_SOCKADDR_STRLEN];
    ngx_str_t            got = { 0, text };
    struct sockaddr_in   sin;
    struct sockaddr_in6  sin6;
    struct sockaddr      unix_socket;

    ngx_memzero(&sin, sizeof(sin));
    ngx_memzero(&sin6, sizeof(sin6));
    ngx_memzero(&unix_socket, sizeof(unix_socket));

    sin.sin_family = AF_INET;
    sin.sin_addr.s_addr = inet_addr("198.51.100.77");
    got.len = ngx_chat_visit_address((struct sockaddr *) &sin, 0, text);
    is_str(&got, "198.51.100.0", "24 bits");
    got.len = ngx_chat_visit_address((struct sockaddr *) &sin, 1, text);
    is_str(&got, "198.51.100.77", "or all");

    sin6.sin6_family = AF_INET6;
    (void) inet_pton(AF_INET6, "2001:db8:1:2:3:4:5:6", &sin6.sin6_addr);
    got.len = ngx_chat_visit_address((struct sockaddr *) &sin6, 0, text);
    is_str(&got, "2001:db8:1::", "48 bits");
    got.len = ngx_chat_visit_address((struct sockaddr *) &sin6, 1, text);
    is_str(&got, "2001:db8:1:2:3:4:5:6", "or all");

    (void) inet_pton(AF_INET6, "::ffff:203.0.113.9", &sin6.sin6_addr);
    got.len = ngx_chat_visit_address((struct sockaddr *) &sin6, 0, text);
    is_str(&got, "203.0.113.0", "IPv4 in IPv6");

    unix_socket.sa_family = AF_UNIX;
    is_int(ngx_chat_visit_address(&unix_socket, 1, text), 0, "none");
}


UNIT_TEST(a_text_is_cut_between_characters)
{
    u_char     dst[5];
    ngx_str_t  s = ngx_string("ab\xe2\x82\xac");

    ngx_chat_visit_text(dst, 5, &s);
    is_cstr(dst, "ab", "a character that does not fit is left out");

    s.len = 2;
    ngx_chat_visit_text(dst, 5, &s);
    is_cstr(dst, "ab", "a short one");
}


UNIT_TEST(the_first_language_counts)
{
    size_t     i;
    ngx_str_t  s, tag;

    static struct {
        const char  *accept;
        const char  *tag;
    } cases[] = {
        { "fr-CH, fr;q=0.9, en;q=0.8", "fr-CH" },
        { "de", "de" },
        { "*", "" },
        { "", "" },
        { "a\"b", "" },
        { "averyveryverylonglanguage", "" },
        { NULL, "" },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_chat_visit_language(header(&s, cases[i].accept), &tag);

        ok(tag.len == strlen(cases[i].tag)
           && (tag.len == 0
               || memcmp(tag.data, cases[i].tag, tag.len) == 0),
           "%s", cases[i].accept ? cases[i].accept : "none");
    }
}
