
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/visitor.h"


static ngx_uint_t ngx_chat_visitor_same(ngx_str_t *a, ngx_str_t *b);
static void ngx_chat_visitor_text_json(ngx_chat_json_out_t *o,
    const char *name, ngx_str_t *text);
static ngx_uint_t ngx_chat_visitor_differs(ngx_str_t *known, ngx_str_t *said);


ngx_uint_t
ngx_chat_visitor_learn(ngx_chat_visitor_t *visitor, ngx_str_t *name,
    ngx_str_t *email, ngx_str_t *facts)
{
    ngx_uint_t  changed;

    changed = ngx_chat_visitor_differs(&visitor->name, name);
    changed |= ngx_chat_visitor_differs(&visitor->email, email);
    changed |= ngx_chat_visitor_differs(&visitor->facts, facts);

    return changed;
}


ngx_uint_t
ngx_chat_visitor_prove(ngx_chat_visitor_t *visitor, ngx_chat_claim_t *claim)
{
    if (claim->id.len == 0
        || (ngx_chat_visitor_same(&visitor->user_id, &claim->id)
            && ngx_chat_visitor_same(&visitor->user_name, &claim->name)
            && ngx_chat_visitor_same(&visitor->user_email, &claim->email)))
    {
        return 0;
    }

    visitor->user_id = claim->id;
    visitor->user_name = claim->name;
    visitor->user_email = claim->email;

    return 1;
}


ngx_uint_t
ngx_chat_visitor_called(ngx_chat_visitor_t *visitor, ngx_str_t *name)
{
    return ngx_chat_visitor_same(&visitor->name, name);
}


static ngx_uint_t
ngx_chat_visitor_same(ngx_str_t *a, ngx_str_t *b)
{
    return a->len == b->len
           && (a->len == 0 || ngx_memcmp(a->data, b->data, a->len) == 0);
}


static ngx_uint_t
ngx_chat_visitor_differs(ngx_str_t *known, ngx_str_t *said)
{
    if (said->len == 0 || ngx_chat_visitor_same(known, said)) {
        return 0;
    }

    *known = *said;

    return 1;
}


void
ngx_chat_visitor_facts_json(ngx_chat_json_out_t *o, const char *name,
    ngx_str_t *facts)
{
    u_char     *p, *last, *end, *sign;
    ngx_str_t   key, value;

    p = facts->data;
    last = p + facts->len;

    ngx_chat_json_open_array(o, name);

    while (p < last) {
        end = ngx_strlchr(p, last, '\n');
        end = end ? end : last;

        sign = ngx_strlchr(p, end, '=');

        if (sign && sign != p) {
            key.data = p;
            key.len = sign - p;
            value.data = sign + 1;
            value.len = end - sign - 1;

            ngx_chat_json_open(o, NULL);
            ngx_chat_json_str(o, "name", &key);
            ngx_chat_json_str(o, "value", &value);
            ngx_chat_json_close(o);
        }

        p = end + 1;
    }

    ngx_chat_json_close_array(o);
}


void
ngx_chat_visitor_user_json(ngx_chat_json_out_t *o, const char *name,
    ngx_str_t *id, ngx_str_t *user, ngx_str_t *email)
{
    if (id->len == 0) {
        ngx_chat_json_null(o, name);
        return;
    }

    ngx_chat_json_open(o, name);
    ngx_chat_json_str(o, "id", id);
    ngx_chat_visitor_text_json(o, "name", user);
    ngx_chat_visitor_text_json(o, "email", email);
    ngx_chat_json_close(o);
}


static void
ngx_chat_visitor_text_json(ngx_chat_json_out_t *o, const char *name,
    ngx_str_t *text)
{
    if (text->len) {
        ngx_chat_json_str(o, name, text);

    } else {
        ngx_chat_json_null(o, name);
    }
}


void
ngx_chat_visitor_form_json(ngx_chat_json_out_t *o, const char *name,
    ngx_str_t *form)
{
    if (form->len) {
        ngx_chat_json_raw(o, name, form);
        return;
    }

    ngx_chat_json_open_array(o, name);
    ngx_chat_json_close_array(o);
}
