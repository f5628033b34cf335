
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/text.h"
#include "domain/answer.h"


#define answer(field)  offsetof(ngx_chat_answer_t, field)


typedef struct {
    ngx_str_t    name;
    ngx_str_t    value;
} ngx_chat_answer_t;


static ngx_int_t ngx_chat_answers_take(ngx_pool_t *pool,
    ngx_chat_form_t *form, ngx_chat_json_t *answers, ngx_str_t *values,
    ngx_chat_field_error_t *err);
static ngx_int_t ngx_chat_answer_find(ngx_chat_form_t *form, ngx_str_t *name);
static const char *ngx_chat_answer_wrong(ngx_chat_form_field_t *f,
    ngx_str_t *value);
static ngx_uint_t ngx_chat_answer_email(ngx_str_t *value);
static ngx_uint_t ngx_chat_answer_phone(ngx_str_t *value);
static ngx_uint_t ngx_chat_answer_chosen(ngx_chat_form_field_t *f,
    ngx_str_t *value);
static ngx_int_t ngx_chat_answers_keep(ngx_pool_t *pool,
    ngx_chat_form_t *form, ngx_str_t *values, ngx_chat_visitor_t *visitor);
static void ngx_chat_answer_json(ngx_chat_json_out_t *o,
    ngx_chat_form_field_t *f, ngx_str_t *value);
static ngx_int_t ngx_chat_answer_error(ngx_pool_t *pool,
    ngx_chat_field_error_t *err, ngx_str_t *name, const char *why);


static ngx_chat_field_t  ngx_chat_answer_fields[] = {

    { ngx_string("name"), NGX_CHAT_FIELD_TOKEN, NGX_CHAT_FIELD_REQUIRED,
      1, 20, answer(name), NULL, "_-", NULL },

    { ngx_string("value"), NGX_CHAT_FIELD_TEXT, NGX_CHAT_FIELD_REQUIRED,
      0, NGX_CHAT_ANSWER_TEXT, answer(value), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_int_t
ngx_chat_answers_read(ngx_pool_t *pool, ngx_chat_form_t *form,
    ngx_chat_json_t *answers, ngx_uint_t known, ngx_chat_visitor_t *visitor,
    ngx_chat_field_error_t *err)
{
    ngx_str_t               values[NGX_CHAT_FORM_FIELDS];
    ngx_uint_t              i;
    ngx_chat_form_field_t  *f;

    ngx_memzero(err, sizeof(ngx_chat_field_error_t));
    ngx_memzero(values, sizeof(values));

    if (ngx_chat_answers_take(pool, form, answers, values, err) != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < form->n; i++) {
        f = &form->fields[i];

        if (f->required == NGX_CHAT_TRUE && values[i].len == 0
            && !(known & NGX_CHAT_FORM_KNOWS(f->type)))
        {
            return ngx_chat_answer_error(pool, err, &f->name, "is required");
        }
    }

    if (ngx_chat_answers_keep(pool, form, values, visitor) != NGX_OK) {
        err->status = 500;
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* by the places of the form's fields; what shows nothing is not there */

static ngx_int_t
ngx_chat_answers_take(ngx_pool_t *pool, ngx_chat_form_t *form,
    ngx_chat_json_t *answers, ngx_str_t *values, ngx_chat_field_error_t *err)
{
    ngx_int_t           n;
    const char         *why;
    ngx_chat_json_t    *each;
    ngx_chat_answer_t   a;

    for (each = answers->first; each; each = each->next) {
        ngx_memzero(&a, sizeof(ngx_chat_answer_t));

        if (ngx_chat_fields_read(pool, each, ngx_chat_answer_fields, &a, err)
            != NGX_OK)
        {
            if (err->status == 500) {
                return NGX_ERROR;
            }

            err->status = 422;

            if (a.name.len) {
                return ngx_chat_answer_error(pool, err, &a.name, NULL);
            }

            ngx_str_set(&err->field, "answers");
            return NGX_ERROR;
        }

        n = ngx_chat_answer_find(form, &a.name);

        why = n == NGX_DECLINED ? "is not asked"
              : values[n].data ? "stands twice"
              : ngx_chat_text_blank(&a.value) ? NULL
              : ngx_chat_answer_wrong(&form->fields[n], &a.value);

        if (why) {
            return ngx_chat_answer_error(pool, err, &a.name, why);
        }

        values[n].data = a.name.data;

        if (!ngx_chat_text_blank(&a.value)) {
            values[n] = a.value;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_chat_answer_find(ngx_chat_form_t *form, ngx_str_t *name)
{
    ngx_uint_t  i;
    ngx_str_t  *known;

    for (i = 0; i < form->n; i++) {
        known = &form->fields[i].name;

        if (known->len == name->len
            && ngx_memcmp(known->data, name->data, name->len) == 0)
        {
            return i;
        }
    }

    return NGX_DECLINED;
}


static const char *
ngx_chat_answer_wrong(ngx_chat_form_field_t *f, ngx_str_t *value)
{
    ngx_int_t  max;

    if (f->type == NGX_CHAT_FORM_TEXT) {
        return NULL;
    }

    if (!ngx_chat_text_printable(value, 1)) {
        return "must be one line";
    }

    max = f->type == NGX_CHAT_FORM_NAME ? 100 : NGX_CHAT_ANSWER_LINE;

    if (ngx_chat_text_length(value) > max) {
        return "is too long";
    }

    switch (f->type) {

    case NGX_CHAT_FORM_EMAIL:
        return ngx_chat_answer_email(value) ? NULL
                                            : "must be an e-mail address";

    case NGX_CHAT_FORM_PHONE:
        return ngx_chat_answer_phone(value) ? NULL
                                            : "must be a phone number";

    case NGX_CHAT_FORM_CHOICE:
        return ngx_chat_answer_chosen(f, value) ? NULL
                                                : "is none of the choices";

    default: /* NGX_CHAT_FORM_NAME, NGX_CHAT_FORM_LINE */
        return NULL;
    }
}


/* something, one sign, something: what is more is for mail servers to say */

static ngx_uint_t
ngx_chat_answer_email(ngx_str_t *value)
{
    u_char  *at, *last;

    last = value->data + value->len;
    at = ngx_strlchr(value->data, last, '@');

    return at && at > value->data && at + 1 < last
           && ngx_strlchr(at + 1, last, '@') == NULL
           && ngx_strlchr(value->data, last, ' ') == NULL;
}


static ngx_uint_t
ngx_chat_answer_phone(ngx_str_t *value)
{
    size_t      i;
    u_char      c;
    ngx_uint_t  digits;

    for (digits = 0, i = 0; i < value->len; i++) {
        c = value->data[i];

        if (c >= '0' && c <= '9') {
            digits++;

        } else if (ngx_strchr(" +-./()x#*,", c) == NULL) {
            return 0;
        }
    }

    return digits >= 3 && digits <= 30;
}


static ngx_uint_t
ngx_chat_answer_chosen(ngx_chat_form_field_t *f, ngx_str_t *value)
{
    ngx_chat_json_t  *choice;

    for (choice = f->choices->first; choice; choice = choice->next) {

        if (choice->str.len == value->len
            && ngx_memcmp(choice->str.data, value->data, value->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_chat_answers_keep(ngx_pool_t *pool, ngx_chat_form_t *form,
    ngx_str_t *values, ngx_chat_visitor_t *visitor)
{
    ngx_str_t             json;
    ngx_uint_t            i;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_json_open_array(o, NULL);

    for (i = 0; i < form->n; i++) {
        if (values[i].len && form->fields[i].type > NGX_CHAT_FORM_EMAIL) {
            ngx_chat_answer_json(o, &form->fields[i], &values[i]);
        }
    }

    ngx_chat_json_close_array(o);

    if (ngx_chat_json_end(o, &json) != NGX_OK) {
        return NGX_ERROR;
    }

    visitor->form = json;

    for (i = 0; i < form->n; i++) {

        if (values[i].len == 0) {
            continue;
        }

        if (form->fields[i].type == NGX_CHAT_FORM_NAME) {
            visitor->name = values[i];

        } else if (form->fields[i].type == NGX_CHAT_FORM_EMAIL) {
            visitor->email = values[i];
        }
    }

    return NGX_OK;
}


static void
ngx_chat_answer_json(ngx_chat_json_out_t *o, ngx_chat_form_field_t *f,
    ngx_str_t *value)
{
    ngx_uint_t  k;

    for (k = 0; k + 1 < NGX_CHAT_LOCALES && f->labels[k].len == 0; k++) {
        /* void */
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_json_enum(o, "type", ngx_chat_form_type_names, f->type);
    ngx_chat_json_str(o, "label", &f->labels[k]);
    ngx_chat_json_str(o, "value", value);
    ngx_chat_json_close(o);
}


/* "answers.email"; without why, .detail says what is wrong */

static ngx_int_t
ngx_chat_answer_error(ngx_pool_t *pool, ngx_chat_field_error_t *err,
    ngx_str_t *name, const char *why)
{
    u_char  *p;

    p = ngx_pnalloc(pool, sizeof("answers.") + name->len);

    if (p == NULL) {
        err->status = 500;
        return NGX_ERROR;
    }

    err->status = 422;
    err->field.data = p;
    err->field.len = ngx_sprintf(p, "answers.%V", name) - p;

    if (why) {
        err->detail.data = (u_char *) why;
        err->detail.len = ngx_strlen(why);
    }

    return NGX_ERROR;
}
