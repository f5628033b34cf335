
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/text.h"
#include "domain/fact.h"


typedef enum {
    NGX_CHAT_FACT_TEXT = 0,
    NGX_CHAT_FACT_EMAIL,
    NGX_CHAT_FACT_DECIMAL,
    NGX_CHAT_FACT_LETTERS,              /* of a currency */
    NGX_CHAT_FACT_COUNT
} ngx_chat_fact_kind_e;


typedef struct {
    ngx_uint_t             header;
    ngx_str_t              name;
    ngx_chat_fact_kind_e   kind;
    size_t                 offset;
    size_t                 size;
    ngx_uint_t             required;
} ngx_chat_fact_field_t;


static ngx_int_t ngx_chat_fact_pairs(ngx_uint_t header, ngx_str_t *value,
    ngx_chat_facts_t *said);
static ngx_uint_t ngx_chat_fact_none(ngx_uint_t header, ngx_str_t *value);
static void ngx_chat_fact_clear(ngx_uint_t header, ngx_chat_facts_t *facts);
static ngx_int_t ngx_chat_fact_pair(ngx_str_t *rest, ngx_str_t *name,
    ngx_str_t *value, u_char *buf);
static ngx_int_t ngx_chat_fact_decode(ngx_str_t *value, u_char *dst);
static ngx_chat_fact_field_t *ngx_chat_fact_find(ngx_uint_t header,
    ngx_str_t *name);
static ngx_int_t ngx_chat_fact_set(ngx_chat_fact_field_t *f, ngx_str_t *value,
    ngx_chat_facts_t *facts);
static ngx_int_t ngx_chat_fact_check(ngx_chat_fact_field_t *f,
    ngx_str_t *value);
static ngx_int_t ngx_chat_fact_add(ngx_str_t *name, ngx_str_t *value,
    ngx_chat_facts_t *facts);
static ngx_uint_t ngx_chat_fact_place(ngx_chat_facts_t *facts,
    ngx_str_t *name);
static ngx_int_t ngx_chat_fact_complete(ngx_uint_t header, ngx_uint_t given);


#define fact(field)  offsetof(ngx_chat_facts_t, field),                       \
                     sizeof(((ngx_chat_facts_t *) 0)->field)


static ngx_chat_fact_field_t  ngx_chat_fact_fields[] = {

    { NGX_CHAT_FACT_USER, ngx_string("id"), NGX_CHAT_FACT_TEXT,
      fact(user), 1 },
    { NGX_CHAT_FACT_USER, ngx_string("name"), NGX_CHAT_FACT_TEXT,
      fact(name), 0 },
    { NGX_CHAT_FACT_USER, ngx_string("email"), NGX_CHAT_FACT_EMAIL,
      fact(email), 0 },

    { NGX_CHAT_FACT_CART, ngx_string("amount"), NGX_CHAT_FACT_DECIMAL,
      fact(amount), 1 },
    { NGX_CHAT_FACT_CART, ngx_string("currency"), NGX_CHAT_FACT_LETTERS,
      fact(currency), 1 },
    { NGX_CHAT_FACT_CART, ngx_string("items"), NGX_CHAT_FACT_COUNT,
      fact(items), 0 },

    { NGX_CHAT_FACT_ORDER, ngx_string("id"), NGX_CHAT_FACT_TEXT,
      fact(order), 1 },
    { NGX_CHAT_FACT_ORDER, ngx_string("amount"), NGX_CHAT_FACT_DECIMAL,
      fact(order_amount), 1 },
    { NGX_CHAT_FACT_ORDER, ngx_string("currency"), NGX_CHAT_FACT_LETTERS,
      fact(order_currency), 0 },

    { 0, ngx_null_string, 0, 0, 0, 0 }
};


static struct {
    ngx_str_t     name;
    ngx_uint_t    header;
} ngx_chat_fact_headers[] = {
    { ngx_string("x-chat-user"), NGX_CHAT_FACT_USER },
    { ngx_string("x-chat-cart"), NGX_CHAT_FACT_CART },
    { ngx_string("x-chat-order"), NGX_CHAT_FACT_ORDER },
    { ngx_string("x-chat-fact"), NGX_CHAT_FACT_OTHER },
    { ngx_null_string, 0 }
};


ngx_uint_t
ngx_chat_fact_header(ngx_str_t *key)
{
    ngx_uint_t  i;

    if (key->len < 11 || (key->data[0] | 0x20) != 'x') {
        return 0;
    }

    for (i = 0; ngx_chat_fact_headers[i].name.len; i++) {

        if (key->len == ngx_chat_fact_headers[i].name.len
            && ngx_strncasecmp(key->data, ngx_chat_fact_headers[i].name.data,
                               key->len)
               == 0)
        {
            return ngx_chat_fact_headers[i].header;
        }
    }

    return 0;
}


ngx_int_t
ngx_chat_fact_read(ngx_uint_t header, ngx_str_t *value,
    ngx_chat_facts_t *facts)
{
    ngx_chat_facts_t  said;

    if (value->len > NGX_CHAT_FACT_HEADER) {
        return NGX_DECLINED;
    }

    said = *facts;

    /* of somebody who was named before in the same answer nothing stays */

    ngx_chat_fact_clear(header, &said);

    if (!ngx_chat_fact_none(header, value)
        && ngx_chat_fact_pairs(header, value, &said) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    said.said |= (uint16_t) header;
    *facts = said;

    return NGX_OK;
}


static ngx_int_t
ngx_chat_fact_pairs(ngx_uint_t header, ngx_str_t *value,
    ngx_chat_facts_t *said)
{
    u_char                  buf[NGX_CHAT_FACT_HEADER];
    ngx_int_t               rc;
    ngx_str_t               rest, name, text;
    ngx_uint_t              given;
    ngx_chat_fact_field_t  *f;

    rest = *value;
    given = 0;

    for ( ;; ) {
        rc = ngx_chat_fact_pair(&rest, &name, &text, buf);

        if (rc == NGX_DONE) {
            return ngx_chat_fact_complete(header, given);
        }

        if (rc != NGX_OK) {
            return NGX_DECLINED;
        }

        if (header == NGX_CHAT_FACT_OTHER) {
            rc = ngx_chat_fact_add(&name, &text, said);
            given = 1;

        } else {
            f = ngx_chat_fact_find(header, &name);

            if (f == NULL
                || (given & ((ngx_uint_t) 1 << (f - ngx_chat_fact_fields))))
            {
                return NGX_DECLINED;
            }

            given |= (ngx_uint_t) 1 << (f - ngx_chat_fact_fields);
            rc = ngx_chat_fact_set(f, &text, said);
        }

        if (rc != NGX_OK) {
            return NGX_DECLINED;
        }
    }
}


/* nobody is logged in any more, or there is no cart */

static ngx_uint_t
ngx_chat_fact_none(ngx_uint_t header, ngx_str_t *value)
{
    return (header == NGX_CHAT_FACT_USER || header == NGX_CHAT_FACT_CART)
           && value->len == sizeof("none") - 1
           && ngx_strncmp(value->data, "none", value->len) == 0;
}


static void
ngx_chat_fact_clear(ngx_uint_t header, ngx_chat_facts_t *facts)
{
    ngx_chat_fact_field_t  *f;

    for (f = ngx_chat_fact_fields; f->header; f++) {

        if (f->header == header) {
            ngx_memzero((u_char *) facts + f->offset, f->size);
        }
    }

    if (header == NGX_CHAT_FACT_CART) {
        facts->cart = 0;
    }
}


/* the next one, its value decoded into buf; NGX_DONE when there is none */

static ngx_int_t
ngx_chat_fact_pair(ngx_str_t *rest, ngx_str_t *name, ngx_str_t *value,
    u_char *buf)
{
    u_char  *p, *last, *end, *eq;

    p = rest->data;
    last = p + rest->len;

    while (p < last && (*p == ' ' || *p == '\t')) {
        p++;
    }

    if (p == last) {
        return NGX_DONE;
    }

    end = ngx_strlchr(p, last, ';');

    if (end == NULL) {
        end = last;
    }

    rest->data = end == last ? last : end + 1;
    rest->len = last - rest->data;

    eq = ngx_strlchr(p, end, '=');

    if (eq == NULL || eq == p) {
        return NGX_DECLINED;
    }

    name->data = p;
    name->len = eq - p;

    for (eq++; eq < end && *eq == ' '; eq++) { /* void */ }

    while (end > eq && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }

    value->data = eq;
    value->len = end - eq;

    return ngx_chat_fact_decode(value, buf);
}


static ngx_int_t
ngx_chat_fact_decode(ngx_str_t *value, u_char *dst)
{
    u_char     *p, *last, *start;
    ngx_int_t   n;

    start = dst;
    last = value->data + value->len;

    for (p = value->data; p < last; p++) {

        if (*p != '%') {
            *dst++ = *p;
            continue;
        }

        if (last - p < 3) {
            return NGX_DECLINED;
        }

        n = ngx_hextoi(p + 1, 2);
        if (n == NGX_ERROR) {
            return NGX_DECLINED;
        }

        *dst++ = (u_char) n;
        p += 2;
    }

    value->data = start;
    value->len = dst - start;

    return ngx_chat_text_printable(value, 1) ? NGX_OK : NGX_DECLINED;
}


static ngx_chat_fact_field_t *
ngx_chat_fact_find(ngx_uint_t header, ngx_str_t *name)
{
    ngx_chat_fact_field_t  *f;

    for (f = ngx_chat_fact_fields; f->header; f++) {

        if (f->header == header && f->name.len == name->len
            && ngx_strncmp(f->name.data, name->data, name->len) == 0)
        {
            return f;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_chat_fact_set(ngx_chat_fact_field_t *f, ngx_str_t *value,
    ngx_chat_facts_t *facts)
{
    u_char     *p;
    uint16_t    n;

    if (ngx_chat_fact_check(f, value) != NGX_OK) {
        return NGX_DECLINED;
    }

    p = (u_char *) facts + f->offset;

    if (f->kind == NGX_CHAT_FACT_COUNT) {
        n = (uint16_t) ngx_atoi(value->data, value->len);
        ngx_memcpy(p, &n, sizeof(uint16_t));
        return NGX_OK;
    }

    ngx_memzero(p, f->size);
    ngx_memcpy(p, value->data, value->len);

    if (f->header == NGX_CHAT_FACT_CART) {
        facts->cart = 1;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_chat_fact_check(ngx_chat_fact_field_t *f, ngx_str_t *value)
{
    u_char      *at;
    ngx_int_t    n;
    ngx_uint_t   i;

    if (value->len == 0
        || (f->kind != NGX_CHAT_FACT_COUNT && value->len >= f->size))
    {
        return NGX_DECLINED;
    }

    switch (f->kind) {

    case NGX_CHAT_FACT_EMAIL:
        at = ngx_strlchr(value->data, value->data + value->len, '@');

        return at && at > value->data && at + 1 < value->data + value->len
               && ngx_strlchr(value->data, value->data + value->len, ' ')
                  == NULL
               ? NGX_OK : NGX_DECLINED;

    case NGX_CHAT_FACT_DECIMAL:
        return ngx_chat_amount_check(value);

    case NGX_CHAT_FACT_COUNT:
        n = ngx_atoi(value->data, value->len);
        return n >= 0 && n <= 65535 ? NGX_OK : NGX_DECLINED;

    case NGX_CHAT_FACT_LETTERS:

        for (i = 0; i < value->len; i++) {
            if (value->data[i] < 'A' || value->data[i] > 'Z') {
                return NGX_DECLINED;
            }
        }

        return value->len == 3 ? NGX_OK : NGX_DECLINED;

    default: /* NGX_CHAT_FACT_TEXT */
        return ngx_chat_text_blank(value) ? NGX_DECLINED : NGX_OK;
    }
}


static ngx_int_t
ngx_chat_fact_add(ngx_str_t *name, ngx_str_t *value, ngx_chat_facts_t *facts)
{
    u_char            c;
    ngx_uint_t        i;
    ngx_chat_fact_t  *fact;

    if (name->len >= sizeof(fact->name) || value->len >= sizeof(fact->value)) {
        return NGX_DECLINED;
    }

    for (i = 0; i < name->len; i++) {
        c = name->data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
              || c == '_' || c == '-' || c == '.'))
        {
            return NGX_DECLINED;
        }
    }

    i = ngx_chat_fact_place(facts, name);

    if (i == NGX_CHAT_FACTS_MAX) {
        return NGX_DECLINED;
    }

    fact = &facts->facts[i];

    ngx_memzero(fact, sizeof(ngx_chat_fact_t));
    ngx_memcpy(fact->name, name->data, name->len);
    ngx_memcpy(fact->value, value->data, value->len);

    if (i == facts->n) {
        facts->n++;
    }

    return NGX_OK;
}


/* beyond the last one when it is not there */

static ngx_uint_t
ngx_chat_fact_place(ngx_chat_facts_t *facts, ngx_str_t *name)
{
    ngx_uint_t        i;
    ngx_chat_fact_t  *fact;

    for (i = 0; i < facts->n; i++) {
        fact = &facts->facts[i];

        if (ngx_strlen(fact->name) == name->len
            && ngx_strncmp(fact->name, name->data, name->len) == 0)
        {
            break;
        }
    }

    return i;
}


u_char *
ngx_chat_fact_value(ngx_chat_facts_t *facts, ngx_str_t *name)
{
    ngx_uint_t  i;

    i = ngx_chat_fact_place(facts, name);

    return i < facts->n ? facts->facts[i].value : NULL;
}


static ngx_int_t
ngx_chat_fact_complete(ngx_uint_t header, ngx_uint_t given)
{
    ngx_uint_t              i;
    ngx_chat_fact_field_t  *f;

    for (i = 0; ngx_chat_fact_fields[i].header; i++) {
        f = &ngx_chat_fact_fields[i];

        if (f->header == header && f->required
            && !(given & ((ngx_uint_t) 1 << i)))
        {
            return NGX_DECLINED;
        }
    }

    return given ? NGX_OK : NGX_DECLINED;
}


void
ngx_chat_fact_merge(ngx_chat_facts_t *known, ngx_chat_facts_t *said)
{
    ngx_str_t               name, value;
    ngx_uint_t              i;
    ngx_chat_fact_field_t  *f;

    for (f = ngx_chat_fact_fields; f->header; f++) {

        if (said->said & f->header) {
            ngx_memcpy((u_char *) known + f->offset,
                       (u_char *) said + f->offset, f->size);
        }
    }

    if (said->said & NGX_CHAT_FACT_CART) {
        known->cart = said->cart;
    }

    for (i = 0; i < said->n; i++) {
        name.data = said->facts[i].name;
        name.len = ngx_strlen(name.data);
        value.data = said->facts[i].value;
        value.len = ngx_strlen(value.data);

        /* what is one too many is not kept */

        (void) ngx_chat_fact_add(&name, &value, known);
    }

    known->said |= said->said;
}
