
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"
#include "http/identity.h"
#include "http/viewer.h"
#include "module/page.h"


static ngx_uint_t ngx_http_chat_page_shown(ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_page_html(ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_page_charset(ngx_str_t *charset);
static ngx_uint_t ngx_http_chat_page_navigated(ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_page_transformable(ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_page_plain(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf);


/* bytes of these may look like tags and be something else */

static ngx_str_t  ngx_http_chat_page_charsets[] = {
    ngx_string("utf-16"), ngx_string("utf-32"), ngx_string("utf-7"),
    ngx_string("ucs-"), ngx_string("iso-10646"), ngx_string("iso-2022-"),
    ngx_string("hz-"), ngx_null_string
};


ngx_uint_t
ngx_http_chat_page_wanted(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf)
{
    return clcf->enabled != 1
           && r->headers_out.content_length_n != 0
           && ngx_http_chat_page_shown(r)
           && ngx_http_chat_page_html(r)
           && ngx_http_chat_says(r, clcf->widget)
           && ngx_http_chat_page_navigated(r)
           && ngx_http_chat_page_transformable(r)
           && ngx_http_chat_page_plain(r, clcf);
}


/* a whole answer that is shown: no part, no redirect; error pages are */

static ngx_uint_t
ngx_http_chat_page_shown(ngx_http_request_t *r)
{
    ngx_uint_t  status;

    status = r->headers_out.status;

    return (status >= NGX_HTTP_OK && status < NGX_HTTP_NO_CONTENT)
           || (status >= NGX_HTTP_BAD_REQUEST && status < 600);
}


/* text/html, in an encoding in which its tags are ASCII */

static ngx_uint_t
ngx_http_chat_page_html(ngx_http_request_t *r)
{
    u_char     *p, *last;
    ngx_str_t   charset, *type;

    static ngx_str_t  html = ngx_string("text/html");

    type = &r->headers_out.content_type;

    /* nearly all write it so, and a length that is known is compared at once */

    if (type->len < html.len
        || (ngx_memcmp(type->data, "text/html", sizeof("text/html") - 1) != 0
            && ngx_strncasecmp(type->data, html.data, html.len) != 0))
    {
        return 0;
    }

    p = type->data + html.len;
    last = type->data + type->len;

    if (p < last && *p != ';' && *p != ' ' && *p != '\t') {
        return 0;
    }

    charset = r->headers_out.charset;

    if (charset.len == 0) {

        if (p == last) {
            return 1;
        }

        p = ngx_strlcasestrn(p, last, (u_char *) "charset=", 8 - 1);

        if (p == NULL) {
            return 1;
        }

        p += 8;
        p += p < last && *p == '"';

        charset.data = p;
        charset.len = last - p;
    }

    return ngx_http_chat_page_charset(&charset);
}


static ngx_uint_t
ngx_http_chat_page_charset(ngx_str_t *charset)
{
    ngx_str_t  *c;

    for (c = ngx_http_chat_page_charsets; c->len; c++) {

        if (charset->len >= c->len
            && ngx_strncasecmp(charset->data, c->data, c->len) == 0)
        {
            return 0;
        }
    }

    return 1;
}


/* the browser goes there: it is not for a script or a frame */

static ngx_uint_t
ngx_http_chat_page_navigated(ngx_http_request_t *r)
{
    ngx_str_t  *value;

    value = ngx_http_chat_header(r, "sec-fetch-dest");

    if (value) {
        return value->len == sizeof("document") - 1
               && ngx_strncmp(value->data, "document", value->len) == 0;
    }

    value = ngx_http_chat_header(r, "x-requested-with");

    return value == NULL
           || value->len != sizeof("XMLHttpRequest") - 1
           || ngx_strncasecmp(value->data, (u_char *) "XMLHttpRequest",
                              value->len)
              != 0;
}


/* not with "no-transform", a backend's own way to say no */

static ngx_uint_t
ngx_http_chat_page_transformable(ngx_http_request_t *r)
{
    u_char           *p;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    part = &r->headers_out.headers.part;

    for ( /* void */ ; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].hash == 0
                || h[i].key.len != sizeof("Cache-Control") - 1
                || ngx_strncasecmp(h[i].key.data, (u_char *) "Cache-Control",
                                   h[i].key.len)
                   != 0)
            {
                continue;
            }

            p = h[i].value.data;

            if (ngx_strlcasestrn(p, p + h[i].value.len,
                                 (u_char *) "no-transform",
                                 sizeof("no-transform") - 2))
            {
                return 0;
            }
        }
    }

    return 1;
}


static ngx_uint_t
ngx_http_chat_page_plain(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf)
{
    ngx_table_elt_t  *h;

    h = r->headers_out.content_encoding;

    if (h == NULL || h->hash == 0 || h->value.len == 0) {
        return 1;
    }

    if (!clcf->warned) {
        clcf->warned = 1;

        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "\"chat_widget\" leaves a page alone that is compressed "
                      "already (Content-Encoding: %V); of further ones in "
                      "this location nothing is said", &h->value);
    }

    return 0;
}
