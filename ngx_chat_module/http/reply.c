
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/json_out.h"
#include "http/reply.h"
#include "http/worker.h"


typedef struct {
    ngx_uint_t     status;
    const char    *type;
    const char    *title;
    ngx_uint_t     metric;
} ngx_http_chat_problem_t;


static ngx_int_t ngx_http_chat_reply_body(ngx_http_request_t *r,
    ngx_uint_t status, ngx_str_t *type, ngx_str_t *body);


/* in the order of the enum; types are stable, clients depend on them */

static ngx_http_chat_problem_t  ngx_http_chat_problems[] = {
    { 400, "urn:ngx-chat:malformed", "The request is malformed",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 401, "urn:ngx-chat:unauthenticated", "No valid identity",
      NGX_CHAT_METRIC_REFUSED_IDENTITY },
    { 401, "urn:ngx-chat:credentials", "Login or password is wrong",
      NGX_CHAT_METRIC_REFUSED_CREDENTIALS },
    { 403, "urn:ngx-chat:forbidden", "The role does not allow this",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 403, "urn:ngx-chat:origin", "Not allowed from this origin",
      NGX_CHAT_METRIC_REFUSED_ORIGIN },
    { 403, "urn:ngx-chat:code", "The one-time code is wrong",
      NGX_CHAT_METRIC_REFUSED_CREDENTIALS },
    { 403, "urn:ngx-chat:blocked", "The visitor is blocked",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 403, "urn:ngx-chat:identity", "The identity is not proved",
      NGX_CHAT_METRIC_REFUSED_IDENTITY },
    { 403, "urn:ngx-chat:local", "Only for clients of this machine",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 404, "urn:ngx-chat:not-found", "No such thing",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 405, "urn:ngx-chat:method", "The method is not allowed here",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 409, "urn:ngx-chat:conversation-closed", "The conversation has ended",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 409, "urn:ngx-chat:conversation-taken",
      "A colleague has the conversation",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 409, "urn:ngx-chat:login-taken", "The login exists already",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 409, "urn:ngx-chat:last-admin", "The last administrator must stay",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 409, "urn:ngx-chat:set-up", "An account exists already",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 409, "urn:ngx-chat:client-id", "The client id was used elsewhere",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 409, "urn:ngx-chat:triggers-full", "There are too many triggers",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 409, "urn:ngx-chat:invited", "The visitor can't be invited now",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 409, "urn:ngx-chat:form", "A form is to be filled in first",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 413, "urn:ngx-chat:too-large", "The request is too large",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 415, "urn:ngx-chat:media-type", "The body must be application/json",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 422, "urn:ngx-chat:field", "A field is wrong",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 429, "urn:ngx-chat:too-many", "Too many attempts",
      NGX_CHAT_METRIC_REFUSED_LOGIN },
    { 429, "urn:ngx-chat:braked", "A brake holds the message",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 500, "urn:ngx-chat:internal", "Something went wrong",
      NGX_CHAT_METRIC_REFUSED_OTHER },
    { 503, "urn:ngx-chat:unavailable", "The chat can't store anything now",
      NGX_CHAT_METRIC_REFUSED_UNAVAILABLE },
    { 503, "urn:ngx-chat:busy", "The chat is busy",
      NGX_CHAT_METRIC_REFUSED_BUSY },
    { 507, "urn:ngx-chat:blocks-full", "There is no room for more blocks",
      NGX_CHAT_METRIC_REFUSED_OTHER }
};


/* personal, and data: not kept, not a page, in no frame and no other page */

static ngx_keyval_t  ngx_http_chat_reply_fields[] = {
    { ngx_string("Cache-Control"), ngx_string("no-store") },
    { ngx_string("X-Content-Type-Options"), ngx_string("nosniff") },
    { ngx_string("Content-Security-Policy"),
      ngx_string("default-src 'none'; frame-ancestors 'none'") },
    { ngx_string("Cross-Origin-Resource-Policy"), ngx_string("same-origin") },
    { ngx_string("Referrer-Policy"), ngx_string("no-referrer") },
    { ngx_null_string, ngx_null_string }
};


ngx_int_t
ngx_http_chat_reply_json(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *body)
{
    ngx_str_t  type = ngx_string("application/json");

    return ngx_http_chat_reply_body(r, status, &type, body);
}


ngx_int_t
ngx_http_chat_reply_text(ngx_http_request_t *r, ngx_str_t *type,
    ngx_str_t *body)
{
    return ngx_http_chat_reply_body(r, NGX_HTTP_OK, type, body);
}


ngx_int_t
ngx_http_chat_reply_problem(ngx_http_request_t *r,
    ngx_http_chat_problem_e problem, ngx_str_t *detail, ngx_str_t *field,
    ngx_uint_t retry)
{
    ngx_str_t                 body, value;
    ngx_chat_json_out_t      *o;
    ngx_http_chat_problem_t  *p;

    static ngx_str_t  type = ngx_string("application/problem+json");

    p = &ngx_http_chat_problems[problem];

    ngx_chat_metric_add(ngx_http_chat_worker->lane, p->metric, 1);

    o = ngx_chat_json_out(r->pool);
    if (o == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_json_chars(o, "type", p->type);
    ngx_chat_json_chars(o, "title", p->title);
    ngx_chat_json_int(o, "status", p->status);

    if (detail && detail->len) {
        ngx_chat_json_str(o, "detail", detail);
    }

    if (field && field->len) {
        ngx_chat_json_str(o, "field", field);
    }

    ngx_chat_json_close(o);

    if (ngx_chat_json_end(o, &body) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (retry) {
        value.data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
        if (value.data == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        value.len = ngx_sprintf(value.data, "%ui", retry) - value.data;

        if (ngx_http_chat_reply_header(r, "Retry-After", &value) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    return ngx_http_chat_reply_body(r, p->status, &type, &body);
}


ngx_int_t
ngx_http_chat_reply_empty(ngx_http_request_t *r)
{
    if (ngx_http_chat_reply_headers(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.status = NGX_HTTP_NO_CONTENT;
    r->header_only = 1;

    return ngx_http_send_header(r);
}


static ngx_int_t
ngx_http_chat_reply_body(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *type, ngx_str_t *body)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    if (ngx_http_chat_reply_headers(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.status = status;
    r->headers_out.content_type = *type;
    r->headers_out.content_type_len = type->len;
    r->headers_out.content_type_lowcase = NULL;
    r->headers_out.content_length_n = body->len;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = body->data;
    b->last = body->data + body->len;
    b->memory = body->len ? 1 : 0;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


ngx_int_t
ngx_http_chat_reply_headers(ngx_http_request_t *r)
{
    ngx_keyval_t  *h;

    /* what was done stays done, whatever If-Match or If-None-Match say */

    r->disable_not_modified = 1;

    for (h = ngx_http_chat_reply_fields; h->key.len; h++) {
        if (ngx_http_chat_reply_header(r, (char *) h->key.data, &h->value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_chat_reply_header(ngx_http_request_t *r, const char *key,
    ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
    h->key.data = (u_char *) key;
    h->key.len = ngx_strlen(key);
    h->value = *value;

#if (nginx_version >= 1023000)
    h->next = NULL;
#endif

    return NGX_OK;
}
