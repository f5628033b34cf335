
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * yajl reads the grammar; what it lets pass that JSON and Unicode forbid is
 * looked for before (the raw bytes) and after (the decoded strings).  It runs
 * on malloc(), whose failure it does not survive, with less than twice the
 * text's length at a time; its memory never outlives the call.
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include <yajl/yajl_parse.h>
#include "base/json_in.h"
#include "base/text.h"


typedef struct {
    ngx_chat_json_t    *node;
    ngx_chat_json_t   **last;           /* where the next child goes */
    ngx_uint_t          members;
} ngx_chat_json_level_t;


typedef struct {
    ngx_pool_t             *pool;
    ngx_str_t              *why;
    ngx_chat_json_t        *root;
    ngx_str_t               key;        /* of the next value */
    ngx_uint_t              nodes;
    ngx_uint_t              depth;
    ngx_chat_json_level_t   levels[NGX_CHAT_JSON_DEPTH];
} ngx_chat_json_ctx_t;


static ngx_int_t ngx_chat_json_scan(ngx_str_t *text, ngx_str_t *why);
static u_char *ngx_chat_json_escape(u_char *p, u_char *last, ngx_str_t *why);
static ngx_int_t ngx_chat_json_hex(u_char *p, u_char *last);
static ngx_int_t ngx_chat_json_run(ngx_chat_json_ctx_t *ctx,
    ngx_str_t *text);

static int ngx_chat_json_in_null(void *data);
static int ngx_chat_json_in_bool(void *data, int value);
static int ngx_chat_json_in_number(void *data, const char *s, size_t len);
static int ngx_chat_json_in_string(void *data, const u_char *s, size_t len);
static int ngx_chat_json_in_key(void *data, const u_char *s, size_t len);
static int ngx_chat_json_in_object(void *data);
static int ngx_chat_json_in_array(void *data);
static int ngx_chat_json_in_end(void *data);

static ngx_chat_json_t *ngx_chat_json_add(ngx_chat_json_ctx_t *ctx,
    ngx_chat_json_type_e type);
static int ngx_chat_json_push(ngx_chat_json_ctx_t *ctx,
    ngx_chat_json_type_e type);
static ngx_int_t ngx_chat_json_copy(ngx_chat_json_ctx_t *ctx, ngx_str_t *dst,
    const u_char *s, size_t len);
static ngx_int_t ngx_chat_json_integer(ngx_str_t *s, int64_t *value);


static ngx_str_t  ngx_chat_json_invalid = ngx_string("not valid JSON");
static ngx_str_t  ngx_chat_json_deep = ngx_string("nested too deeply");
static ngx_str_t  ngx_chat_json_large = ngx_string("too many values");
static ngx_str_t  ngx_chat_json_twice = ngx_string("a key stands twice");
static ngx_str_t  ngx_chat_json_encoding = ngx_string("not valid UTF-8");
static ngx_str_t  ngx_chat_json_nul = ngx_string("a NUL character");
static ngx_str_t  ngx_chat_json_half = ngx_string("half a surrogate pair");


/* numbers come as text: neither integers nor doubles are converted by yajl */

static yajl_callbacks  ngx_chat_json_callbacks = {
    ngx_chat_json_in_null,
    ngx_chat_json_in_bool,
    NULL,
    NULL,
    ngx_chat_json_in_number,
    ngx_chat_json_in_string,
    ngx_chat_json_in_object,
    ngx_chat_json_in_key,
    ngx_chat_json_in_end,
    ngx_chat_json_in_array,
    ngx_chat_json_in_end
};


ngx_chat_json_t *
ngx_chat_json_parse(ngx_pool_t *pool, ngx_str_t *text, ngx_str_t *why)
{
    ngx_chat_json_ctx_t  ctx;

    if (ngx_chat_json_scan(text, why) != NGX_OK) {
        return NULL;
    }

    ngx_memzero(&ctx, sizeof(ngx_chat_json_ctx_t));

    ctx.pool = pool;
    ctx.why = why;

    if (ngx_chat_json_run(&ctx, text) != NGX_OK) {
        return NULL;
    }

    return ctx.root;
}


ngx_chat_json_t *
ngx_chat_json_member(ngx_chat_json_t *object, ngx_str_t *key)
{
    ngx_chat_json_t  *node;

    if (object == NULL || object->type != NGX_CHAT_JSON_OBJECT) {
        return NULL;
    }

    for (node = object->first; node; node = node->next) {

        if (node->key.len == key->len
            && ngx_memcmp(node->key.data, key->data, key->len) == 0)
        {
            return node;
        }
    }

    return NULL;
}


/*
 * What yajl does wrong, or can't be asked about afterwards: it takes VT and
 * FF for white space, turns a lone high surrogate into "?", and joins it with
 * whatever escape follows.  A backslash is an escape or an error of syntax,
 * so that strings need not be told from the rest.
 */

static ngx_int_t
ngx_chat_json_scan(ngx_str_t *text, ngx_str_t *why)
{
    u_char  *p, *last;

    p = text->data;
    last = p + text->len;

    while (p < last) {

        if (*p == '\\') {
            p = ngx_chat_json_escape(p, last, why);
            if (p == NULL) {
                return NGX_ERROR;
            }

            continue;
        }

        if (*p < 0x20 && *p != '\t' && *p != CR && *p != LF) {
            *why = *p ? ngx_chat_json_invalid : ngx_chat_json_nul;
            return NGX_ERROR;
        }

        p++;
    }

    return NGX_OK;
}


/* skips an escape; a malformed one is skipped too, and left to yajl */

static u_char *
ngx_chat_json_escape(u_char *p, u_char *last, ngx_str_t *why)
{
    ngx_int_t  code;

    if (last - p < 2) {
        return last;
    }

    if (p[1] != 'u') {
        return p + 2;
    }

    code = ngx_chat_json_hex(p, last);

    if (code == 0) {
        *why = ngx_chat_json_nul;
        return NULL;
    }

    if (code < 0xd800 || code > 0xdfff) {
        return p + 2;
    }

    if (code < 0xdc00) {
        p += 6;
        code = ngx_chat_json_hex(p, last);

        if (code >= 0xdc00 && code <= 0xdfff) {
            return p + 6;
        }
    }

    *why = ngx_chat_json_half;

    return NULL;
}


/* the code of "\uXXXX" at p, or NGX_ERROR when it is not one */

static ngx_int_t
ngx_chat_json_hex(u_char *p, u_char *last)
{
    if (last - p < 6 || p[0] != '\\' || p[1] != 'u') {
        return NGX_ERROR;
    }

    return ngx_hextoi(p + 2, 4);
}


static ngx_int_t
ngx_chat_json_run(ngx_chat_json_ctx_t *ctx, ngx_str_t *text)
{
    yajl_handle  parser;
    yajl_status  status;

    ngx_str_null(ctx->why);

    parser = yajl_alloc(&ngx_chat_json_callbacks, NULL, ctx);
    if (parser == NULL) {
        return NGX_ERROR;
    }

    status = yajl_parse(parser, text->data, text->len);

    if (status == yajl_status_ok) {

        /* a number at the end of the text comes only now */

        status = yajl_complete_parse(parser);
    }

    yajl_free(parser);

    if (status == yajl_status_ok) {
        return NGX_OK;
    }

    /* a callback that stopped has said why, with nothing for no memory */

    if (status != yajl_status_client_canceled) {
        *ctx->why = ngx_chat_json_invalid;
    }

    return NGX_ERROR;
}


static int
ngx_chat_json_in_null(void *data)
{
    return ngx_chat_json_add(data, NGX_CHAT_JSON_NULL) != NULL;
}


static int
ngx_chat_json_in_bool(void *data, int value)
{
    ngx_chat_json_t  *node;

    node = ngx_chat_json_add(data, NGX_CHAT_JSON_BOOL);
    if (node == NULL) {
        return 0;
    }

    node->value = value ? 1 : 0;

    return 1;
}


static int
ngx_chat_json_in_number(void *data, const char *s, size_t len)
{
    ngx_chat_json_t  *node;

    node = ngx_chat_json_add(data, NGX_CHAT_JSON_NUMBER);
    if (node == NULL) {
        return 0;
    }

    if (ngx_chat_json_copy(data, &node->str, (const u_char *) s, len)
        != NGX_OK)
    {
        return 0;
    }

    if (ngx_chat_json_integer(&node->str, &node->value) == NGX_OK) {
        node->type = NGX_CHAT_JSON_INT;
    }

    return 1;
}


static int
ngx_chat_json_in_string(void *data, const u_char *s, size_t len)
{
    ngx_chat_json_t  *node;

    node = ngx_chat_json_add(data, NGX_CHAT_JSON_STRING);
    if (node == NULL) {
        return 0;
    }

    return ngx_chat_json_copy(data, &node->str, s, len) == NGX_OK;
}


static int
ngx_chat_json_in_key(void *data, const u_char *s, size_t len)
{
    ngx_chat_json_ctx_t *ctx = data;

    ngx_chat_json_level_t  *level;

    level = &ctx->levels[ctx->depth - 1];

    /* duplicates are looked for one by one, so the number has a bound */

    if (level->members++ == NGX_CHAT_JSON_MEMBERS) {
        *ctx->why = ngx_chat_json_large;
        return 0;
    }

    if (ngx_chat_json_copy(ctx, &ctx->key, s, len) != NGX_OK) {
        return 0;
    }

    if (ngx_chat_json_member(level->node, &ctx->key)) {
        *ctx->why = ngx_chat_json_twice;
        return 0;
    }

    return 1;
}


static int
ngx_chat_json_in_object(void *data)
{
    return ngx_chat_json_push(data, NGX_CHAT_JSON_OBJECT);
}


static int
ngx_chat_json_in_array(void *data)
{
    return ngx_chat_json_push(data, NGX_CHAT_JSON_ARRAY);
}


static int
ngx_chat_json_in_end(void *data)
{
    ngx_chat_json_ctx_t *ctx = data;

    ctx->depth--;

    return 1;
}


/* a new value behind the others of the innermost array or object */

static ngx_chat_json_t *
ngx_chat_json_add(ngx_chat_json_ctx_t *ctx, ngx_chat_json_type_e type)
{
    ngx_chat_json_t        *node;
    ngx_chat_json_level_t  *level;

    if (ctx->nodes++ == NGX_CHAT_JSON_NODES) {
        *ctx->why = ngx_chat_json_large;
        return NULL;
    }

    node = ngx_pcalloc(ctx->pool, sizeof(ngx_chat_json_t));
    if (node == NULL) {
        return NULL;
    }

    node->type = type;

    if (ctx->depth == 0) {
        ctx->root = node;
        return node;
    }

    level = &ctx->levels[ctx->depth - 1];

    if (level->node->type == NGX_CHAT_JSON_OBJECT) {
        node->key = ctx->key;
    }

    *level->last = node;
    level->last = &node->next;

    return node;
}


static int
ngx_chat_json_push(ngx_chat_json_ctx_t *ctx, ngx_chat_json_type_e type)
{
    ngx_chat_json_t        *node;
    ngx_chat_json_level_t  *level;

    if (ctx->depth == NGX_CHAT_JSON_DEPTH) {
        *ctx->why = ngx_chat_json_deep;
        return 0;
    }

    node = ngx_chat_json_add(ctx, type);
    if (node == NULL) {
        return 0;
    }

    level = &ctx->levels[ctx->depth++];

    level->node = node;
    level->last = &node->first;
    level->members = 0;

    return 1;
}


static ngx_int_t
ngx_chat_json_copy(ngx_chat_json_ctx_t *ctx, ngx_str_t *dst, const u_char *s,
    size_t len)
{
    ngx_str_t  str;

    /* yajl's own check lets overlong forms and surrogates pass */

    str.data = (u_char *) s;
    str.len = len;

    if (ngx_chat_text_length(&str) == NGX_ERROR) {
        *ctx->why = ngx_chat_json_encoding;
        return NGX_ERROR;
    }

    dst->data = ngx_pnalloc(ctx->pool, len);
    if (dst->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(dst->data, s, len);
    dst->len = len;

    return NGX_OK;
}


/* NGX_DECLINED: a fraction, an exponent, or more than 64 bits */

static ngx_int_t
ngx_chat_json_integer(ngx_str_t *s, int64_t *value)
{
    u_char    *p, *last;
    int64_t    n;
    ngx_int_t  digit;

    p = s->data;
    last = p + s->len;

    if (*p == '-') {
        p++;
    }

    /* counted downwards, where there is room for one more */

    for (n = 0; p < last; p++) {

        if (*p < '0' || *p > '9') {
            return NGX_DECLINED;
        }

        digit = *p - '0';

        if (n < (INT64_MIN + digit) / 10) {
            return NGX_DECLINED;
        }

        n = n * 10 - digit;
    }

    if (*s->data == '-') {
        *value = n;
        return NGX_OK;
    }

    if (n == INT64_MIN) {
        return NGX_DECLINED;
    }

    *value = -n;

    return NGX_OK;
}
