
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "base/header.h"
#include "base/text.h"
#include "domain/visit.h"


#define NGX_CHAT_VISIT_AGENT  256       /* bytes of a name that are looked at */


typedef struct {
    const char   *word;                 /* lower case */
    ngx_uint_t    is;
} ngx_chat_visit_word_t;


static ngx_uint_t ngx_chat_visit_may_be_page(
    ngx_chat_visit_signs_t *signs);
static ngx_uint_t ngx_chat_visit_has(ngx_str_t *value, const char *word);
static ngx_uint_t ngx_chat_visit_word(ngx_chat_visit_word_t *words,
    u_char *text, size_t len);
static ngx_uint_t ngx_chat_visit_bot(u_char *text, size_t len);
static size_t ngx_chat_visit_campaign(u_char *p, u_char *last, u_char *dst,
    size_t len);
static size_t ngx_chat_visit_copy(u_char *dst, size_t len, u_char *p,
    u_char *last);


ngx_str_t  ngx_chat_device_names[] = {
    ngx_string("other"),
    ngx_string("desktop"),
    ngx_string("phone"),
    ngx_string("tablet"),
    ngx_null_string
};


ngx_str_t  ngx_chat_browser_names[] = {
    ngx_string("other"),
    ngx_string("Edge"),
    ngx_string("Opera"),
    ngx_string("Samsung Internet"),
    ngx_string("Firefox"),
    ngx_string("Chrome"),
    ngx_string("Safari"),
    ngx_null_string
};


ngx_str_t  ngx_chat_system_names[] = {
    ngx_string("other"),
    ngx_string("Windows"),
    ngx_string("Android"),
    ngx_string("iOS"),
    ngx_string("macOS"),
    ngx_string("ChromeOS"),
    ngx_string("Linux"),
    ngx_null_string
};


/* the first that is found: browsers name those that they are like */

static ngx_chat_visit_word_t  ngx_chat_visit_browsers[] = {
    { "edg/", 1 }, { "edga/", 1 }, { "edgios/", 1 },
    { "opr/", 2 },
    { "samsungbrowser/", 3 },
    { "firefox/", 4 }, { "fxios/", 4 },
    { "chrome/", 5 }, { "crios/", 5 },
    { "safari/", 6 },
    { NULL, 0 }
};


static ngx_chat_visit_word_t  ngx_chat_visit_systems[] = {
    { "windows", 1 },
    { "android", 2 },
    { "iphone", 3 }, { "ipad", 3 }, { "ipod", 3 },
    { "macintosh", 4 },
    { "cros ", 5 },
    { "linux", 6 },
    { NULL, 0 }
};


static ngx_chat_visit_word_t  ngx_chat_visit_devices[] = {
    { "ipad", NGX_CHAT_DEVICE_TABLET },
    { "tablet", NGX_CHAT_DEVICE_TABLET },
    { "mobi", NGX_CHAT_DEVICE_PHONE },
    { "iphone", NGX_CHAT_DEVICE_PHONE },
    { "android", NGX_CHAT_DEVICE_TABLET },
    { "mozilla/", NGX_CHAT_DEVICE_DESKTOP },
    { NULL, 0 }
};


/* those that don't call themselves a bot, see also ngx_chat_visit_bot() */

static ngx_chat_visit_word_t  ngx_chat_visit_crawlers[] = {
    { "crawl", 1 }, { "spider", 1 }, { "slurp", 1 }, { "mediapartners", 1 },
    { "facebookexternalhit", 1 }, { "whatsapp/", 1 }, { "embedly", 1 },
    { "feedfetcher", 1 }, { "google-inspectiontool", 1 },
    { "headlesschrome", 1 }, { "lighthouse", 1 }, { "pagespeed", 1 },
    { "gtmetrix", 1 }, { "pingdom", 1 }, { "archive.org", 1 },
    { "curl/", 1 }, { "wget/", 1 }, { "python-", 1 }, { "aiohttp/", 1 },
    { "go-http-client/", 1 }, { "okhttp/", 1 }, { "libwww-perl/", 1 },
    { "scrapy", 1 }, { "java/", 1 }, { "apache-httpclient", 1 },
    { "node-fetch", 1 }, { "axios/", 1 }, { "httpx", 1 }, { "nikto", 1 },
    { "sqlmap", 1 }, { "zgrab", 1 }, { "nmap", 1 },
    { NULL, 0 }
};


static const char  *ngx_chat_visit_ahead[] = {
    "prefetch", "prerender", "preview", NULL
};


/* by the request alone */

static ngx_uint_t
ngx_chat_visit_may_be_page(ngx_chat_visit_signs_t *signs)
{
    ngx_uint_t         i, k;

    static ngx_str_t   document = ngx_string("document");
    static ngx_str_t   script = ngx_string("XMLHttpRequest");

    if (!signs->shown
        || (signs->dest && !ngx_chat_header_is(signs->dest, &document))
        || (signs->with && ngx_chat_header_is(signs->with, &script)))
    {
        return 0;
    }

    for (i = 0; i < 4; i++) {
        for (k = 0; signs->purpose[i] && ngx_chat_visit_ahead[k]; k++) {
            if (ngx_chat_visit_has(signs->purpose[i],
                                   ngx_chat_visit_ahead[k]))
            {
                return 0;
            }
        }
    }

    return 1;
}


ngx_uint_t
ngx_chat_visit_is_page(ngx_chat_visit_signs_t *signs)
{
    ngx_uint_t        status;

    static ngx_str_t  html = ngx_string("text/html");
    static ngx_str_t  xhtml = ngx_string("application/xhtml+xml");

    if (!ngx_chat_visit_may_be_page(signs)) {
        return 0;
    }

    status = signs->status;

    /* the type of what the browser has already is not said again */

    if (status == 304) {
        return signs->dest
               || (signs->accept
                   && ngx_chat_visit_has(signs->accept, "text/html"));
    }

    if (!((status >= 200 && status <= 203)
          || (status >= 400 && status <= 599 && status != 444
              && status != 499)))
    {
        return 0;
    }

    return ngx_chat_header_is(&signs->type, &html)
           || ngx_chat_header_is(&signs->type, &xhtml);
}


static ngx_uint_t
ngx_chat_visit_has(ngx_str_t *value, const char *word)
{
    size_t  len;

    len = ngx_strlen(word);

    return value->len >= len
           && ngx_strlcasestrn(value->data, value->data + value->len,
                               (u_char *) word, len - 1)
              != NULL;
}


/* lowered once, then searched by memmem(): some forty words in a microsecond */

void
ngx_chat_visit_agent(ngx_str_t *value, ngx_chat_agent_t *agent)
{
    size_t  len;
    u_char  text[NGX_CHAT_VISIT_AGENT];

    ngx_memzero(agent, sizeof(ngx_chat_agent_t));

    if (value == NULL || value->len == 0) {
        agent->crawler = 1;
        return;
    }

    len = ngx_min(value->len, NGX_CHAT_VISIT_AGENT);

    ngx_strlow(text, value->data, len);

    agent->crawler = ngx_chat_visit_bot(text, len)
                     || ngx_chat_visit_word(ngx_chat_visit_crawlers, text,
                                            len);

    agent->browser = (uint8_t) ngx_chat_visit_word(ngx_chat_visit_browsers,
                                                   text, len);
    agent->system = (uint8_t) ngx_chat_visit_word(ngx_chat_visit_systems,
                                                  text, len);
    agent->device = (uint8_t) ngx_chat_visit_word(ngx_chat_visit_devices,
                                                  text, len);
}


static ngx_uint_t
ngx_chat_visit_word(ngx_chat_visit_word_t *words, u_char *text, size_t len)
{
    for ( /* void */ ; words->word; words++) {
        if (memmem(text, len, words->word, ngx_strlen(words->word))) {
            return words->is;
        }
    }

    return 0;
}


/* a word that ends in "bot", but for the telephones of Cubot */

static ngx_uint_t
ngx_chat_visit_bot(u_char *text, size_t len)
{
    u_char  *p, *last;

    last = text + len;

    for (p = text; p < last; p += 3) {
        p = memmem(p, last - p, "bot", 3);

        if (p == NULL) {
            return 0;
        }

        if ((p + 3 == last || p[3] < 'a' || p[3] > 'z')
            && !(p - text >= 2 && p[-1] == 'u' && p[-2] == 'c'))
        {
            return 1;
        }
    }

    return 0;
}


size_t
ngx_chat_visit_page(ngx_str_t *target, u_char *dst)
{
    u_char  *p, *path, *last;
    size_t   len;

    last = target->data + target->len;

    /* a proxy's request has the whole address */

    path = target->data;

    if (target->len && *path != '/') {
        path = ngx_strnstr(path, "://", target->len);
        path = path ? ngx_strlchr(path + 3, last, '/') : NULL;
    }

    if (path == NULL || path == last) {
        dst[0] = '/';
        return 1;
    }

    for (p = path; p < last && *p != '?' && *p != '#' && *p != ';'; p++) {
        /* void */
    }

    len = ngx_chat_visit_copy(dst, 0, path, p);

    while (p < last && *p != '?' && *p != '#') {
        p++;
    }

    return p < last && *p == '?' ? ngx_chat_visit_campaign(p + 1, last, dst,
                                                           len)
                                 : len;
}


/* what tells where somebody comes from; all else may be a secret */

static size_t
ngx_chat_visit_campaign(u_char *p, u_char *last, u_char *dst, size_t len)
{
    u_char  *end;
    size_t   sum;

    for (sum = len; p < last && *p != '#'; p = end + 1) {

        for (end = p; end < last && *end != '&' && *end != '#'; end++) {
            /* void */
        }

        if (end - p > 4 && ngx_strncmp(p, "utm_", 4) == 0
            && sum + 1 + (end - p) < NGX_CHAT_VISIT_PAGE)
        {
            dst[sum] = sum == len ? '?' : '&';
            sum = ngx_chat_visit_copy(dst, sum + 1, p, end);
        }

        if (end == last || *end == '#') {
            break;
        }
    }

    return sum;
}


static size_t
ngx_chat_visit_copy(u_char *dst, size_t len, u_char *p, u_char *last)
{
    for ( /* void */ ; p < last && len < NGX_CHAT_VISIT_PAGE - 1; p++) {
        dst[len++] = *p > 0x20 && *p < 0x7f ? *p : '?';
    }

    return len;
}


void
ngx_chat_visit_referrer(ngx_str_t *referrer, ngx_str_t *own, ngx_str_t *host)
{
    u_char  *p, *last;

    ngx_str_null(host);

    if (referrer == NULL) {
        return;
    }

    last = referrer->data + referrer->len;

    if (referrer->len > 8
        && ngx_strncasecmp(referrer->data, (u_char *) "https://", 8) == 0)
    {
        host->data = referrer->data + 8;

    } else if (referrer->len > 7
               && ngx_strncasecmp(referrer->data, (u_char *) "http://", 7)
                  == 0)
    {
        host->data = referrer->data + 7;

    } else {
        return;
    }

    for (p = host->data; p < last && *p != ':'; p++) {

        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
              || (*p >= '0' && *p <= '9') || *p == '.' || *p == '-'))
        {
            if (*p == '/' || *p == '?' || *p == '#') {
                break;
            }

            return;
        }
    }

    host->len = p - host->data;

    if (host->len >= NGX_CHAT_VISIT_HOST
        || (host->len == own->len
            && ngx_strncasecmp(host->data, own->data, own->len) == 0))
    {
        host->len = 0;
    }
}


void
ngx_chat_visit_language(ngx_str_t *accept, ngx_str_t *tag)
{
    size_t     i;
    ngx_str_t  list;

    ngx_str_null(tag);

    if (accept == NULL) {
        return;
    }

    list = *accept;

    if (ngx_chat_header_item(&list, tag) == 0
        || tag->len >= NGX_CHAT_VISIT_LANGUAGE)
    {
        tag->len = 0;
        return;
    }

    for (i = 0; i < tag->len; i++) {
        if (!((tag->data[i] | 0x20) >= 'a' && (tag->data[i] | 0x20) <= 'z')
            && !(tag->data[i] >= '0' && tag->data[i] <= '9')
            && tag->data[i] != '-')
        {
            tag->len = 0;
        }
    }
}


size_t
ngx_chat_visit_address(struct sockaddr *sockaddr, ngx_uint_t full,
    u_char *dst)
{
    u_char               *p, a[16];
    struct sockaddr_in   *sin;
    struct sockaddr_in6  *sin6;

    if (sockaddr->sa_family == AF_INET) {
        sin = (struct sockaddr_in *) sockaddr;
        p = (u_char *) &sin->sin_addr;

    } else if (sockaddr->sa_family == AF_INET6) {
        sin6 = (struct sockaddr_in6 *) sockaddr;

        ngx_memcpy(a, &sin6->sin6_addr, 16);

        if (!IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {

            if (!full) {
                ngx_memzero(a + 6, 10);
            }

            return ngx_inet6_ntop(a, dst, NGX_SOCKADDR_STRLEN);
        }

        p = a + 12;

    } else {
        return 0;
    }

    return ngx_snprintf(dst, NGX_SOCKADDR_STRLEN, "%ud.%ud.%ud.%ud",
                        p[0], p[1], p[2], full ? p[3] : 0)
           - dst;
}
