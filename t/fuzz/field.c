
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A body against a table of all kinds: what is read is as the table wants it,
 * and what is refused has a status and words.
 */


#include "fuzz.h"
#include "base/field.h"
#include "base/text.h"


typedef struct {
    ngx_str_t             text;
    ngx_str_t             line;
    ngx_str_t             token;
    ngx_str_t             secret;
    ngx_str_t             url;
    int64_t               n;
    ngx_chat_tristate_e   on;
    ngx_uint_t            kind;
} fuzz_form_t;


static ngx_str_t  fuzz_kinds[] = {
    ngx_string("\0"),
    ngx_string("red"),
    ngx_string("green"),
    ngx_null_string
};


static ngx_chat_field_t  fuzz_page[] = {

    { ngx_string("url"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_REQUIRED, 1, 20,
      offsetof(fuzz_form_t, url), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  fuzz_fields[] = {

    { ngx_string("text"), NGX_CHAT_FIELD_TEXT,
      NGX_CHAT_FIELD_REQUIRED|NGX_CHAT_FIELD_FILLED, 1, 40,
      offsetof(fuzz_form_t, text), NULL, NULL, NULL },

    { ngx_string("line"), NGX_CHAT_FIELD_LINE, 0, 0, 10,
      offsetof(fuzz_form_t, line), NULL, NULL, NULL },

    { ngx_string("token"), NGX_CHAT_FIELD_TOKEN, 0, 8, 16,
      offsetof(fuzz_form_t, token), NULL, "_-", NULL },

    { ngx_string("secret"), NGX_CHAT_FIELD_SECRET, 0, 2, 20,
      offsetof(fuzz_form_t, secret), NULL, NULL, NULL },

    { ngx_string("n"), NGX_CHAT_FIELD_INT, 0, -10, 10,
      offsetof(fuzz_form_t, n), NULL, NULL, NULL },

    { ngx_string("on"), NGX_CHAT_FIELD_BOOL, 0, 0, 0,
      offsetof(fuzz_form_t, on), NULL, NULL, NULL },

    { ngx_string("kind"), NGX_CHAT_FIELD_ENUM, 0, 0, 0,
      offsetof(fuzz_form_t, kind), fuzz_kinds, NULL, NULL },

    { ngx_string("page"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0,
      0, NULL, NULL, fuzz_page },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    ngx_str_t                why;
    fuzz_form_t              f;
    ngx_chat_json_t         *json;
    ngx_chat_field_error_t   err;

    json = ngx_chat_json_parse(pool, input, &why);

    if (json == NULL) {
        return;
    }

    memset(&f, 0, sizeof(f));

    if (ngx_chat_fields_read(pool, json, fuzz_fields, &f, &err) != NGX_OK) {
        must(err.status == (json->type == NGX_CHAT_JSON_OBJECT ? 422 : 400));
        must(err.field.len > 0 || err.status == 400);
        must(err.detail.len > 0);
        must(ngx_chat_text_printable(&err.field, 1));
        must(ngx_chat_text_printable(&err.detail, 1));
        return;
    }

    must(ngx_chat_text_length(&f.text) >= 1);
    must(ngx_chat_text_length(&f.text) <= 40);
    must(ngx_chat_text_printable(&f.text, 0));
    must(!ngx_chat_text_blank(&f.text));
    must(ngx_chat_text_length(&f.line) <= 10);
    must(ngx_chat_text_printable(&f.line, 1));
    must(f.token.len == 0 || (f.token.len >= 8 && f.token.len <= 16));
    must(f.secret.data == NULL || ngx_chat_text_length(&f.secret) >= 2);
    must(ngx_chat_text_length(&f.secret) <= 20);
    must(ngx_chat_text_printable(&f.url, 1));
    must(f.n >= -10 && f.n <= 10);
    must(f.on <= NGX_CHAT_TRUE);
    must(f.kind <= 2);
}
