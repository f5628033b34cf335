
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include <yajl/yajl_gen.h>
#include "base/json_out.h"
#include "base/text.h"


#define NGX_CHAT_JSON_OUT_SIZE  512


struct ngx_chat_json_out_s {
    yajl_gen              gen;
    ngx_array_t           text;         /* u_char */
    ngx_pool_cleanup_t   *cleanup;
    unsigned              failed:1;
};


static void ngx_chat_json_out_free(void *data);
static void ngx_chat_json_print(void *ctx, const char *s, size_t len);
static ngx_uint_t ngx_chat_json_name(ngx_chat_json_out_t *o,
    const char *name);
static void ngx_chat_json_check(ngx_chat_json_out_t *o,
    yajl_gen_status status);


/*
 * yajl's own buffer is not used: it does not look at what realloc() returns.
 * The text grows in the pool instead, where a failure is seen.  yajl's UTF-8
 * check stays off as it lets overlong forms and surrogates pass; ours is made
 * before each string.
 */

ngx_chat_json_out_t *
ngx_chat_json_out(ngx_pool_t *pool)
{
    ngx_pool_cleanup_t   *cln;
    ngx_chat_json_out_t  *o;

    cln = ngx_pool_cleanup_add(pool, sizeof(ngx_chat_json_out_t));
    if (cln == NULL) {
        return NULL;
    }

    o = cln->data;

    if (ngx_array_init(&o->text, pool, NGX_CHAT_JSON_OUT_SIZE, 1) != NGX_OK) {
        return NULL;
    }

    o->gen = yajl_gen_alloc(NULL);
    if (o->gen == NULL) {
        return NULL;
    }

    o->cleanup = cln;
    o->failed = 0;

    cln->handler = ngx_chat_json_out_free;

    yajl_gen_config(o->gen, yajl_gen_print_callback, ngx_chat_json_print, o);

    return o;
}


void
ngx_chat_json_open(ngx_chat_json_out_t *o, const char *name)
{
    if (ngx_chat_json_name(o, name)) {
        ngx_chat_json_check(o, yajl_gen_map_open(o->gen));
    }
}


void
ngx_chat_json_close(ngx_chat_json_out_t *o)
{
    if (!o->failed) {
        ngx_chat_json_check(o, yajl_gen_map_close(o->gen));
    }
}


void
ngx_chat_json_open_array(ngx_chat_json_out_t *o, const char *name)
{
    if (ngx_chat_json_name(o, name)) {
        ngx_chat_json_check(o, yajl_gen_array_open(o->gen));
    }
}


void
ngx_chat_json_close_array(ngx_chat_json_out_t *o)
{
    if (!o->failed) {
        ngx_chat_json_check(o, yajl_gen_array_close(o->gen));
    }
}


void
ngx_chat_json_str(ngx_chat_json_out_t *o, const char *name, ngx_str_t *s)
{
    if (ngx_chat_text_length(s) == NGX_ERROR) {
        o->failed = 1;
        return;
    }

    if (ngx_chat_json_name(o, name)) {
        ngx_chat_json_check(o, yajl_gen_string(o->gen, s->data, s->len));
    }
}


void
ngx_chat_json_chars(ngx_chat_json_out_t *o, const char *name, const char *s)
{
    ngx_str_t  str;

    str.data = (u_char *) s;
    str.len = ngx_strlen(s);

    ngx_chat_json_str(o, name, &str);
}


void
ngx_chat_json_int(ngx_chat_json_out_t *o, const char *name, int64_t n)
{
    u_char     *p, text[NGX_INT64_LEN];
    uint64_t    u;
    ngx_str_t   s;

    /* not printf()'s way: most of what a message tells are numbers */

    u = n < 0 ? 0 - (uint64_t) n : (uint64_t) n;
    p = text + sizeof(text);

    do {
        *--p = (u_char) (u % 10 + '0');
        u /= 10;
    } while (u);

    if (n < 0) {
        *--p = '-';
    }

    s.data = p;
    s.len = text + sizeof(text) - p;

    ngx_chat_json_raw(o, name, &s);
}


void
ngx_chat_json_bool(ngx_chat_json_out_t *o, const char *name, ngx_uint_t on)
{
    if (ngx_chat_json_name(o, name)) {
        ngx_chat_json_check(o, yajl_gen_bool(o->gen, on ? 1 : 0));
    }
}


void
ngx_chat_json_null(ngx_chat_json_out_t *o, const char *name)
{
    if (ngx_chat_json_name(o, name)) {
        ngx_chat_json_check(o, yajl_gen_null(o->gen));
    }
}


void
ngx_chat_json_enum(ngx_chat_json_out_t *o, const char *name, ngx_str_t *names,
    ngx_uint_t index)
{
    ngx_str_t  *last;

    for (last = names; last->len; last++) { /* void */ }

    if (index >= (ngx_uint_t) (last - names)
        || names[index].data[0] == '\0')
    {
        o->failed = 1;
        return;
    }

    ngx_chat_json_str(o, name, &names[index]);
}


/* yajl does not look at what a number is made of, it only puts it in place */

void
ngx_chat_json_raw(ngx_chat_json_out_t *o, const char *name, ngx_str_t *s)
{
    if (s->len == 0) {
        o->failed = 1;
        return;
    }

    if (ngx_chat_json_name(o, name)) {
        ngx_chat_json_check(o, yajl_gen_number(o->gen, (char *) s->data,
                                               s->len));
    }
}


ngx_int_t
ngx_chat_json_end(ngx_chat_json_out_t *o, ngx_str_t *text)
{
    /* yajl tells that the text is complete by refusing more */

    if (!o->failed
        && yajl_gen_null(o->gen) != yajl_gen_generation_complete)
    {
        o->failed = 1;
    }

    o->cleanup->handler = NULL;
    ngx_chat_json_out_free(o);

    if (o->failed) {
        ngx_str_null(text);
        return NGX_ERROR;
    }

    text->data = o->text.elts;
    text->len = o->text.nelts;

    return NGX_OK;
}


static void
ngx_chat_json_out_free(void *data)
{
    ngx_chat_json_out_t *o = data;

    yajl_gen_free(o->gen);
}


static void
ngx_chat_json_print(void *ctx, const char *s, size_t len)
{
    ngx_chat_json_out_t *o = ctx;

    u_char  *p;

    if (o->failed) {
        return;
    }

    /* most of what comes is one character: a quote, a colon, a comma */

    if (o->text.nelts < o->text.nalloc && len == 1) {
        ((u_char *) o->text.elts)[o->text.nelts++] = (u_char) *s;
        return;
    }

    p = ngx_array_push_n(&o->text, len);
    if (p == NULL) {
        o->failed = 1;
        return;
    }

    ngx_memcpy(p, s, len);
}


/* true when the value may follow */

static ngx_uint_t
ngx_chat_json_name(ngx_chat_json_out_t *o, const char *name)
{
    if (!o->failed && name) {
        ngx_chat_json_check(o, yajl_gen_string(o->gen, (u_char *) name,
                                               ngx_strlen(name)));
    }

    return !o->failed;
}


/* after a failure yajl must not be called again: its depth may be wrong */

static void
ngx_chat_json_check(ngx_chat_json_out_t *o, yajl_gen_status status)
{
    if (status != yajl_gen_status_ok) {
        o->failed = 1;
    }
}
