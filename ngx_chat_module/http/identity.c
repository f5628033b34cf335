
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/header.h"
#include "http/conf.h"
#include "http/identity.h"
#include "http/reply.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_VISITOR_AGE  (365 * 24 * 60 * 60)


#define NGX_HTTP_CHAT_CHECKED      512      /* tokens of a worker */


typedef struct {
    ngx_str_t    plain;
    ngx_str_t    secure;
} ngx_http_chat_cookie_t;


typedef struct {
    u_char      *site;                  /* where it was checked; or NULL */
    u_char       token[NGX_CHAT_VISITOR_TOKEN_LEN];
    u_char       uid[NGX_CHAT_UID_LEN];
} ngx_http_chat_checked_t;


static ngx_uint_t ngx_http_chat_fetched_by(ngx_http_request_t *r,
    const char *site);
static ngx_int_t ngx_http_chat_bearer(ngx_http_request_t *r,
    ngx_str_t *token);
static ngx_int_t ngx_http_chat_cookie(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *value);
static ngx_int_t ngx_http_chat_set_cookie(ngx_http_request_t *r,
    ngx_str_t *name, ngx_str_t *value, time_t age, const char *site);
static ngx_str_t *ngx_http_chat_cookie_name(ngx_http_request_t *r,
    ngx_http_chat_cookie_t *cookie);
static ngx_uint_t ngx_http_chat_secure(ngx_http_request_t *r);


static ngx_http_chat_checked_t  ngx_http_chat_checked[NGX_HTTP_CHAT_CHECKED];


/*
 * Under TLS by the prefix that makes browsers insist on Secure, Path=/ and no
 * Domain: a neighbouring host can't plant a cookie of its own choice.
 */

static ngx_http_chat_cookie_t  ngx_http_chat_visitor_name = {
    ngx_string("chat_visitor"), ngx_string("__Host-chat_visitor")
};

static ngx_http_chat_cookie_t  ngx_http_chat_operator_name = {
    ngx_string("chat_operator"), ngx_string("__Host-chat_operator")
};


ngx_str_t *
ngx_http_chat_header(ngx_http_request_t *r, const char *name)
{
    size_t            len;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    len = ngx_strlen(name);
    part = &r->headers_in.headers.part;
    header = part->elts;

    for (i = 0; /* void */; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                return NULL;
            }

            part = part->next;
            header = part->elts;
            i = 0;
        }

        if (header[i].key.len == len
            && ngx_strncmp(header[i].lowcase_key, name, len) == 0)
        {
            return &header[i].value;
        }
    }
}


ngx_http_chat_origin_e
ngx_http_chat_origin(ngx_http_request_t *r, ngx_str_t *origin)
{
    ngx_str_t                 *value, *allowed;
    ngx_uint_t                 i;
    ngx_http_chat_loc_conf_t  *clcf;

    value = ngx_http_chat_header(r, "origin");

    if (value == NULL) {
        ngx_str_null(origin);

        /* an image, a form of an old browser: no page of ours asks like that */

        return ngx_http_chat_fetched_by(r, "cross-site")
               || ngx_http_chat_fetched_by(r, "same-site")
               ? NGX_HTTP_CHAT_ORIGIN_FOREIGN : NGX_HTTP_CHAT_ORIGIN_NONE;
    }

    *origin = *value;

    /* a page that came in the clear may have been made on the way */

    if (r->headers_in.host
        && ngx_chat_header_origin(origin, &r->headers_in.host->value)
        && (!ngx_http_chat_secure(r)
            || ngx_strncasecmp(origin->data, (u_char *) "https://",
                               sizeof("https://") - 1) == 0))
    {
        return NGX_HTTP_CHAT_ORIGIN_SAME;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (clcf->origins) {
        allowed = clcf->origins->elts;

        for (i = 0; i < clcf->origins->nelts; i++) {

            if (allowed[i].len == origin->len
                && ngx_strncasecmp(allowed[i].data, origin->data, origin->len)
                   == 0)
            {
                return NGX_HTTP_CHAT_ORIGIN_ALLOWED;
            }
        }
    }

    return NGX_HTTP_CHAT_ORIGIN_FOREIGN;
}


ngx_uint_t
ngx_http_chat_own_page(ngx_http_request_t *r, ngx_http_chat_origin_e origin)
{
    if (origin != NGX_HTTP_CHAT_ORIGIN_NONE) {
        return origin == NGX_HTTP_CHAT_ORIGIN_SAME;
    }

    return ngx_http_chat_fetched_by(r, "same-origin");
}


static ngx_uint_t
ngx_http_chat_fetched_by(ngx_http_request_t *r, const char *site)
{
    ngx_str_t  *value;

    value = ngx_http_chat_header(r, "sec-fetch-site");

    return value && value->len == ngx_strlen(site)
           && ngx_strncmp(value->data, site, value->len) == 0;
}


ngx_int_t
ngx_http_chat_cors(ngx_http_request_t *r, ngx_http_chat_origin_e origin,
    ngx_str_t *value, ngx_uint_t preflight)
{
    ngx_uint_t  i;

    static ngx_str_t  vary = ngx_string("Origin");

    static struct {
        const char    *key;
        ngx_str_t      value;
    } headers[] = {
        { "Access-Control-Allow-Methods", ngx_string("GET, POST") },
        { "Access-Control-Allow-Headers",
          ngx_string("Authorization, Content-Type, Last-Event-ID") },
        { "Access-Control-Max-Age", ngx_string("600") },
        { NULL, ngx_null_string }
    };

    if (ngx_http_chat_reply_header(r, "Vary", &vary) != NGX_OK) {
        return NGX_ERROR;
    }

    if (origin != NGX_HTTP_CHAT_ORIGIN_ALLOWED) {
        return NGX_OK;
    }

    if (ngx_http_chat_reply_header(r, "Access-Control-Allow-Origin", value)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!preflight) {
        static ngx_str_t  expose = ngx_string("Retry-After");

        return ngx_http_chat_reply_header(r, "Access-Control-Expose-Headers",
                                          &expose);
    }

    for (i = 0; headers[i].key; i++) {
        if (ngx_http_chat_reply_header(r, headers[i].key, &headers[i].value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_chat_visitor(ngx_http_request_t *r, ngx_http_chat_origin_e origin,
    u_char uid[NGX_CHAT_UID_LEN])
{
    ngx_str_t                  token;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (ngx_http_chat_bearer(r, &token) != NGX_OK
        && (origin == NGX_HTTP_CHAT_ORIGIN_ALLOWED
            || ngx_http_chat_cookie(r,
                      ngx_http_chat_cookie_name(r, &ngx_http_chat_visitor_name),
                      &token)
               != NGX_OK))
    {
        return NGX_DECLINED;
    }

    return ngx_chat_auth_visitor_check(&ngx_http_chat_worker->key,
                                       &clcf->site, &token, uid);
}


/*
 * Who looks at a page looks at the next one: a token that was checked is known
 * for a while, as the check is most of what following a page costs.
 */

ngx_int_t
ngx_http_chat_visitor_of_page(ngx_http_request_t *r,
    u_char uid[NGX_CHAT_UID_LEN])
{
    ngx_str_t                  token, known;
    ngx_http_chat_checked_t   *checked;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (ngx_http_chat_cookie(r,
                      ngx_http_chat_cookie_name(r, &ngx_http_chat_visitor_name),
                      &token)
        != NGX_OK)
    {
        return NGX_DECLINED;
    }

    if (token.len != NGX_CHAT_VISITOR_TOKEN_LEN) {
        return NGX_DECLINED;
    }

    checked = &ngx_http_chat_checked[ngx_crc32_short(token.data, 16)
                                     % NGX_HTTP_CHAT_CHECKED];

    known.data = checked->token;
    known.len = NGX_CHAT_VISITOR_TOKEN_LEN;

    if (checked->site == clcf->site.data
        && ngx_chat_auth_equal(&known, &token))
    {
        ngx_memcpy(uid, checked->uid, NGX_CHAT_UID_LEN);
        return NGX_OK;
    }

    if (ngx_chat_auth_visitor_check(&ngx_http_chat_worker->key, &clcf->site,
                                    &token, uid)
        != NGX_OK)
    {
        return NGX_DECLINED;
    }

    checked->site = clcf->site.data;
    ngx_memcpy(checked->token, token.data, NGX_CHAT_VISITOR_TOKEN_LEN);
    ngx_memcpy(checked->uid, uid, NGX_CHAT_UID_LEN);

    return NGX_OK;
}


/* another scheme is not ours: a site may ask for a password of its own */

static ngx_int_t
ngx_http_chat_bearer(ngx_http_request_t *r, ngx_str_t *token)
{
    return r->headers_in.authorization
           ? ngx_chat_header_bearer(&r->headers_in.authorization->value,
                                    token)
           : NGX_DECLINED;
}


ngx_int_t
ngx_http_chat_visitor_cookie(ngx_http_request_t *r,
    u_char token[NGX_CHAT_VISITOR_TOKEN_LEN])
{
    ngx_str_t  value;

    value.data = token;
    value.len = NGX_CHAT_VISITOR_TOKEN_LEN;

    return ngx_http_chat_set_cookie(r,
                      ngx_http_chat_cookie_name(r, &ngx_http_chat_visitor_name),
                      &value, NGX_HTTP_CHAT_VISITOR_AGE, "Lax");
}


ngx_int_t
ngx_http_chat_visitor_cookie_clear(ngx_http_request_t *r)
{
    ngx_str_t  none;

    ngx_str_null(&none);

    return ngx_http_chat_set_cookie(r,
                      ngx_http_chat_cookie_name(r, &ngx_http_chat_visitor_name),
                      &none, 0, "Lax");
}


ngx_int_t
ngx_http_chat_operator(ngx_http_request_t *r,
    u_char hash[NGX_CHAT_SESSION_HASH_LEN])
{
    ngx_str_t  token;

    if (ngx_http_chat_cookie(r,
                     ngx_http_chat_cookie_name(r, &ngx_http_chat_operator_name),
                     &token)
        != NGX_OK)
    {
        return NGX_DECLINED;
    }

    return ngx_chat_auth_session_hash(&token, hash);
}


ngx_int_t
ngx_http_chat_operator_cookie(ngx_http_request_t *r, ngx_str_t *token,
    time_t age)
{
    return ngx_http_chat_set_cookie(r,
                     ngx_http_chat_cookie_name(r, &ngx_http_chat_operator_name),
                     token, age, "Strict");
}


static ngx_str_t *
ngx_http_chat_cookie_name(ngx_http_request_t *r,
    ngx_http_chat_cookie_t *cookie)
{
    return ngx_http_chat_secure(r) ? &cookie->secure : &cookie->plain;
}


/* whether the browser came by TLS, as far as we see or were told */

static ngx_uint_t
ngx_http_chat_secure(ngx_http_request_t *r)
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (clcf->secure == NGX_HTTP_CHAT_ON) {
        return 1;
    }

#if (NGX_HTTP_SSL)
    return r->connection->ssl != NULL;
#else
    return 0;
#endif
}


static ngx_int_t
ngx_http_chat_cookie(ngx_http_request_t *r, ngx_str_t *name, ngx_str_t *value)
{
#if (nginx_version >= 1029006)

    return ngx_http_parse_cookie_lines(r, r->headers_in.cookie, name, value)
           ? NGX_OK : NGX_DECLINED;

#elif (nginx_version >= 1023000)

    return ngx_http_parse_multi_header_lines(r, r->headers_in.cookie, name,
                                             value)
           ? NGX_OK : NGX_DECLINED;

#else

    return ngx_http_parse_multi_header_lines(&r->headers_in.cookies, name,
                                             value)
           != NGX_DECLINED ? NGX_OK : NGX_DECLINED;

#endif
}


static ngx_int_t
ngx_http_chat_set_cookie(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *value, time_t age, const char *site)
{
    u_char     *p;
    size_t      len;
    ngx_str_t   cookie;

    len = name->len + value->len + NGX_TIME_T_LEN
          + sizeof("=; Path=/; Max-Age=; HttpOnly; SameSite=; Secure") - 1
          + ngx_strlen(site);

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    cookie.data = p;

    p = ngx_sprintf(p, "%V=%V; Path=/; Max-Age=%T; HttpOnly; SameSite=%s",
                    name, value, age, site);

    if (ngx_http_chat_secure(r)) {
        p = ngx_cpymem(p, "; Secure", sizeof("; Secure") - 1);
    }

    cookie.len = p - cookie.data;

    return ngx_http_chat_reply_header(r, "Set-Cookie", &cookie);
}
