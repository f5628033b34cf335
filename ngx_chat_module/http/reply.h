
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Answers: JSON, problem documents (RFC 9457), nothing.  All functions send
 * the header and the body and return what ngx_http_finalize_request() wants.
 * Event loop.
 */

#ifndef NGX_HTTP_CHAT_REPLY_H
#define NGX_HTTP_CHAT_REPLY_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef enum {
    NGX_HTTP_CHAT_MALFORMED = 0,        /* 400 */
    NGX_HTTP_CHAT_UNAUTHENTICATED,      /* 401 */
    NGX_HTTP_CHAT_CREDENTIALS,          /* 401 */
    NGX_HTTP_CHAT_FORBIDDEN,            /* 403 */
    NGX_HTTP_CHAT_ORIGIN,               /* 403 */
    NGX_HTTP_CHAT_CODE,                 /* 403 */
    NGX_HTTP_CHAT_BLOCKED,              /* 403 */
    NGX_HTTP_CHAT_IDENTITY,             /* 403 */
    NGX_HTTP_CHAT_NOT_LOCAL,            /* 403 */
    NGX_HTTP_CHAT_NOT_FOUND,            /* 404 */
    NGX_HTTP_CHAT_METHOD,               /* 405 */
    NGX_HTTP_CHAT_CONVERSATION_CLOSED,  /* 409 */
    NGX_HTTP_CHAT_CONVERSATION_TAKEN,   /* 409 */
    NGX_HTTP_CHAT_LOGIN_TAKEN,          /* 409 */
    NGX_HTTP_CHAT_LAST_ADMIN,           /* 409 */
    NGX_HTTP_CHAT_SET_UP,               /* 409 */
    NGX_HTTP_CHAT_CLIENT_ID,            /* 409 */
    NGX_HTTP_CHAT_TRIGGERS_FULL,        /* 409 */
    NGX_HTTP_CHAT_INVITED,              /* 409 */
    NGX_HTTP_CHAT_FORM,                 /* 409 */
    NGX_HTTP_CHAT_TOO_LARGE,            /* 413 */
    NGX_HTTP_CHAT_MEDIA_TYPE,           /* 415 */
    NGX_HTTP_CHAT_FIELD,                /* 422 */
    NGX_HTTP_CHAT_TOO_MANY,             /* 429 */
    NGX_HTTP_CHAT_BRAKED,               /* 429 */
    NGX_HTTP_CHAT_INTERNAL,             /* 500 */
    NGX_HTTP_CHAT_UNAVAILABLE,          /* 503 */
    NGX_HTTP_CHAT_BUSY,                 /* 503 */
    NGX_HTTP_CHAT_BLOCKS_FULL           /* 507 */
} ngx_http_chat_problem_e;


/* the body must live as long as the request */
ngx_int_t ngx_http_chat_reply_json(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *body);

/* the same for a text of this type */
ngx_int_t ngx_http_chat_reply_text(ngx_http_request_t *r, ngx_str_t *type,
    ngx_str_t *body);

/* 204 */
ngx_int_t ngx_http_chat_reply_empty(ngx_http_request_t *r);

/*
 * detail, field: for a person, may be NULL; retry: seconds for Retry-After,
 * 0 for none.
 */
ngx_int_t ngx_http_chat_reply_problem(ngx_http_request_t *r,
    ngx_http_chat_problem_e problem, ngx_str_t *detail, ngx_str_t *field,
    ngx_uint_t retry);

/* header fields of all answers of the API: not to be stored, no page */
ngx_int_t ngx_http_chat_reply_headers(ngx_http_request_t *r);

/* NGX_ERROR when memory is out; key is constant, value is not copied */
ngx_int_t ngx_http_chat_reply_header(ngx_http_request_t *r, const char *key,
    ngx_str_t *value);


#endif /* NGX_HTTP_CHAT_REPLY_H */
