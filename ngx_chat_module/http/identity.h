
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who sends a request, and from where: origin, visitor's token, operator's
 * session, as far as the request alone tells.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_IDENTITY_H
#define NGX_HTTP_CHAT_IDENTITY_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/auth.h"


typedef enum {
    NGX_HTTP_CHAT_ORIGIN_NONE = 0,      /* no Origin header */
    NGX_HTTP_CHAT_ORIGIN_SAME,
    NGX_HTTP_CHAT_ORIGIN_ALLOWED,       /* by chat_origins */
    NGX_HTTP_CHAT_ORIGIN_FOREIGN
} ngx_http_chat_origin_e;


/* the first header of this name (lower case), or NULL */
ngx_str_t *ngx_http_chat_header(ngx_http_request_t *r, const char *name);

/*
 * *origin is the header's value, if there is one.  Without one, a request of
 * which the browser says that another site or host caused it is FOREIGN.
 */
ngx_http_chat_origin_e ngx_http_chat_origin(ngx_http_request_t *r,
    ngx_str_t *origin);

/*
 * Whether a browser says that a page of our own sent the request.  Without
 * Origin and Sec-Fetch-Site it is no browser of today, and not ours.
 */
ngx_uint_t ngx_http_chat_own_page(ngx_http_request_t *r,
    ngx_http_chat_origin_e origin);

/* Access-Control-* for an allowed origin, and Vary */
ngx_int_t ngx_http_chat_cors(ngx_http_request_t *r,
    ngx_http_chat_origin_e origin, ngx_str_t *value, ngx_uint_t preflight);

/*
 * The visitor by bearer token or, on our own origin, by cookie.  NGX_DECLINED
 * when there is none or it is not valid here.
 */
ngx_int_t ngx_http_chat_visitor(ngx_http_request_t *r,
    ngx_http_chat_origin_e origin, u_char uid[NGX_CHAT_UID_LEN]);

/*
 * The same for a request of a page of the site: by cookie only, as a bearer
 * token would be the site's own.
 */
ngx_int_t ngx_http_chat_visitor_of_page(ngx_http_request_t *r,
    u_char uid[NGX_CHAT_UID_LEN]);

/* takes the visitor's cookie from the browser */
ngx_int_t ngx_http_chat_visitor_cookie_clear(ngx_http_request_t *r);

/* sets the visitor's cookie; token is copied */
ngx_int_t ngx_http_chat_visitor_cookie(ngx_http_request_t *r,
    u_char token[NGX_CHAT_VISITOR_TOKEN_LEN]);

/* the hash of the session in the operator's cookie, or NGX_DECLINED */
ngx_int_t ngx_http_chat_operator(ngx_http_request_t *r,
    u_char hash[NGX_CHAT_SESSION_HASH_LEN]);

/* sets the operator's cookie for so many seconds, or with 0 removes it */
ngx_int_t ngx_http_chat_operator_cookie(ngx_http_request_t *r,
    ngx_str_t *token, time_t age);


#endif /* NGX_HTTP_CHAT_IDENTITY_H */
