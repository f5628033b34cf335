
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/text.h"
#include "domain/form.h"


#define NGX_CHAT_FORM_CHOICE_LEN  100       /* characters */

#define form(field)  offsetof(ngx_chat_form_t, field)
#define item(field)  offsetof(ngx_chat_form_field_t, field)

#define ngx_chat_form_words(n)                                                \
    { ngx_string("intro"), NGX_CHAT_FIELD_TEXT, 0, 0, 500,                    \
      form(texts[n].intro), NULL, NULL, NULL },                               \
    { ngx_string("privacy"), NGX_CHAT_FIELD_TEXT, 0, 0, 500,                  \
      form(texts[n].privacy), NULL, NULL, NULL },                             \
    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }

#define ngx_chat_form_label(name, n)                                          \
    { ngx_string(name), NGX_CHAT_FIELD_LINE, 0, 0, 80,                        \
      item(labels[n]), NULL, NULL, NULL }


static const char *ngx_chat_form_wrong(ngx_chat_form_t *form, ngx_uint_t n,
    const char **field);
static const char *ngx_chat_form_choices(ngx_chat_form_field_t *f);
static ngx_int_t ngx_chat_form_say(ngx_pool_t *pool,
    ngx_chat_field_error_t *err, ngx_uint_t n, ngx_str_t *field);
static ngx_str_t *ngx_chat_form_word(ngx_str_t *first, size_t step,
    ngx_uint_t locale);
static void ngx_chat_form_choices_json(ngx_chat_json_out_t *o,
    ngx_chat_form_field_t *f);


static ngx_str_t  ngx_chat_form_asks[] = {
    ngx_string("never"), ngx_string("always"), ngx_string("doubt"),
    ngx_string("away"),
    ngx_null_string
};

ngx_str_t  ngx_chat_form_type_names[] = {
    ngx_string("name"), ngx_string("email"), ngx_string("phone"),
    ngx_string("line"), ngx_string("text"), ngx_string("choice"),
    ngx_null_string
};

static ngx_chat_field_t  ngx_chat_form_en[] = { ngx_chat_form_words(0) };
static ngx_chat_field_t  ngx_chat_form_fr[] = { ngx_chat_form_words(1) };
static ngx_chat_field_t  ngx_chat_form_de[] = { ngx_chat_form_words(2) };

static ngx_chat_field_t  ngx_chat_form_texts[] = {

    ngx_chat_locale_fields(ngx_chat_form_en, ngx_chat_form_fr,
                           ngx_chat_form_de),

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};

ngx_chat_field_t  ngx_chat_form_fields[] = {

    { ngx_string("ask"), NGX_CHAT_FIELD_ENUM, 0, 0, 0,
      form(ask), ngx_chat_form_asks, NULL, NULL },

    { ngx_string("link"), NGX_CHAT_FIELD_LINE, 0, 0, 300,
      form(link), NULL, NULL, NULL },

    { ngx_string("texts"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0, 0, NULL, NULL,
      ngx_chat_form_texts },

    { ngx_string("fields"), NGX_CHAT_FIELD_ARRAY, 0, 0, NGX_CHAT_FORM_FIELDS,
      form(list), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};

static ngx_chat_field_t  ngx_chat_form_labels[] = {
    ngx_chat_form_label("en", 0),
    ngx_chat_form_label("fr", 1),
    ngx_chat_form_label("de", 2),
    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};

static ngx_chat_field_t  ngx_chat_form_item[] = {

    { ngx_string("name"), NGX_CHAT_FIELD_TOKEN, NGX_CHAT_FIELD_REQUIRED,
      1, 20, item(name), NULL, "_-", NULL },

    { ngx_string("type"), NGX_CHAT_FIELD_ENUM, NGX_CHAT_FIELD_REQUIRED,
      0, 0, item(type), ngx_chat_form_type_names, NULL, NULL },

    { ngx_string("required"), NGX_CHAT_FIELD_BOOL, 0, 0, 0,
      item(required), NULL, NULL, NULL },

    { ngx_string("labels"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0, 0, NULL, NULL,
      ngx_chat_form_labels },

    { ngx_string("choices"), NGX_CHAT_FIELD_ARRAY, 0,
      0, NGX_CHAT_FORM_CHOICES, item(choices), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_int_t
ngx_chat_form_complete(ngx_pool_t *pool, ngx_chat_form_t *form,
    ngx_chat_field_error_t *err)
{
    const char       *why, *name;
    ngx_str_t         field;
    ngx_chat_json_t  *value;

    ngx_memzero(err, sizeof(ngx_chat_field_error_t));

    if (form->link.len && !ngx_chat_brand_address(&form->link)) {
        err->status = 422;
        ngx_str_set(&err->field, "link");
        ngx_str_set(&err->detail, "must begin with / or https://");
        return NGX_ERROR;
    }

    value = form->list ? form->list->first : NULL;

    for (form->n = 0; value; value = value->next, form->n++) {

        if (ngx_chat_fields_read(pool, value, ngx_chat_form_item,
                                 &form->fields[form->n], err)
            != NGX_OK)
        {
            field = err->field;
            return ngx_chat_form_say(pool, err, form->n, &field);
        }

        why = ngx_chat_form_wrong(form, form->n, &name);

        if (why) {
            err->detail.data = (u_char *) why;
            err->detail.len = ngx_strlen(why);
            field.data = (u_char *) name;
            field.len = ngx_strlen(name);

            return ngx_chat_form_say(pool, err, form->n, &field);
        }
    }

    return NGX_OK;
}


/* what is wrong with the n-th field among those before it, or NULL */

static const char *
ngx_chat_form_wrong(ngx_chat_form_t *form, ngx_uint_t n, const char **field)
{
    ngx_uint_t              i;
    ngx_chat_form_field_t  *f, *other;

    f = &form->fields[n];

    for (i = 0; i < n; i++) {
        other = &form->fields[i];

        if (other->name.len == f->name.len
            && ngx_memcmp(other->name.data, f->name.data, f->name.len) == 0)
        {
            *field = "name";
            return "stands twice";
        }

        if (other->type == f->type && f->type <= NGX_CHAT_FORM_PHONE) {
            *field = "type";
            return "stands twice";
        }
    }

    if (f->type > NGX_CHAT_FORM_PHONE
        && ngx_chat_form_word(f->labels, sizeof(ngx_str_t), 0)->len == 0)
    {
        *field = "labels";
        return "needs a label";
    }

    *field = "choices";

    return f->type == NGX_CHAT_FORM_CHOICE ? ngx_chat_form_choices(f) : NULL;
}


static const char *
ngx_chat_form_choices(ngx_chat_form_field_t *f)
{
    ngx_int_t         length;
    ngx_uint_t        n;
    ngx_chat_json_t  *value;

    value = f->choices ? f->choices->first : NULL;

    for (n = 0; value; n++, value = value->next) {

        if (value->type != NGX_CHAT_JSON_STRING) {
            return "must be texts";
        }

        length = ngx_chat_text_length(&value->str);

        if (length > NGX_CHAT_FORM_CHOICE_LEN
            || ngx_chat_text_blank(&value->str)
            || !ngx_chat_text_printable(&value->str, 1))
        {
            return "must be lines of 1 to 100 characters";
        }
    }

    return n < 2 ? "needs two at least" : NULL;
}


/* "fields.2.labels" in place of "labels" */

static ngx_int_t
ngx_chat_form_say(ngx_pool_t *pool, ngx_chat_field_error_t *err, ngx_uint_t n,
    ngx_str_t *field)
{
    u_char  *p;

    p = ngx_pnalloc(pool, sizeof("fields..") + NGX_INT_T_LEN + field->len);

    if (p == NULL) {
        err->status = 500;
        return NGX_ERROR;
    }

    err->status = 422;
    err->field.data = p;
    err->field.len = (field->len ? ngx_sprintf(p, "fields.%ui.%V", n, field)
                                 : ngx_sprintf(p, "fields.%ui", n))
                     - p;

    return NGX_ERROR;
}


void
ngx_chat_form_read(ngx_pool_t *pool, ngx_str_t *json, ngx_chat_form_t *form)
{
    ngx_chat_field_error_t  err;

    ngx_memzero(form, sizeof(ngx_chat_form_t));

    if (ngx_chat_fields_parse(pool, json, ngx_chat_form_fields, form) != NGX_OK
        || ngx_chat_form_complete(pool, form, &err) != NGX_OK)
    {
        ngx_memzero(form, sizeof(ngx_chat_form_t));
    }
}


ngx_uint_t
ngx_chat_form_missing(ngx_chat_form_t *form, ngx_uint_t known)
{
    ngx_uint_t  i;

    for (i = 0; i < form->n; i++) {

        if (form->fields[i].required == NGX_CHAT_TRUE
            && !(known & NGX_CHAT_FORM_KNOWS(form->fields[i].type)))
        {
            return 1;
        }
    }

    return 0;
}


void
ngx_chat_form_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_form_t *form)
{
    ngx_uint_t              i, k;
    ngx_chat_form_field_t  *f;

    ngx_chat_json_open(o, name);
    ngx_chat_json_enum(o, "ask", ngx_chat_form_asks, form->ask);
    ngx_chat_json_str(o, "link", &form->link);

    ngx_chat_json_open(o, "texts");

    for (k = 0; k < NGX_CHAT_LOCALES; k++) {
        ngx_chat_json_open(o, ngx_chat_locales[k]);
        ngx_chat_json_str(o, "intro", &form->texts[k].intro);
        ngx_chat_json_str(o, "privacy", &form->texts[k].privacy);
        ngx_chat_json_close(o);
    }

    ngx_chat_json_close(o);
    ngx_chat_json_open_array(o, "fields");

    for (i = 0; i < form->n; i++) {
        f = &form->fields[i];

        ngx_chat_json_open(o, NULL);
        ngx_chat_json_str(o, "name", &f->name);
        ngx_chat_json_enum(o, "type", ngx_chat_form_type_names, f->type);
        ngx_chat_json_bool(o, "required", f->required == NGX_CHAT_TRUE);
        ngx_chat_json_open(o, "labels");

        for (k = 0; k < NGX_CHAT_LOCALES; k++) {
            ngx_chat_json_str(o, ngx_chat_locales[k], &f->labels[k]);
        }

        ngx_chat_json_close(o);
        ngx_chat_form_choices_json(o, f);
        ngx_chat_json_close(o);
    }

    ngx_chat_json_close_array(o);
    ngx_chat_json_close(o);
}


static void
ngx_chat_form_choices_json(ngx_chat_json_out_t *o, ngx_chat_form_field_t *f)
{
    ngx_chat_json_t  *value;

    ngx_chat_json_open_array(o, "choices");

    if (f->type == NGX_CHAT_FORM_CHOICE && f->choices) {

        for (value = f->choices->first; value; value = value->next) {
            ngx_chat_json_str(o, NULL, &value->str);
        }
    }

    ngx_chat_json_close_array(o);
}


void
ngx_chat_form_visitor_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_form_t *form, ngx_str_t *locale, ngx_uint_t known)
{
    ngx_uint_t              i, k;
    ngx_chat_form_field_t  *f;

    k = ngx_chat_locale_for(locale);

    ngx_chat_json_open(o, name);
    ngx_chat_json_enum(o, "ask", ngx_chat_form_asks, form->ask);
    ngx_chat_json_str(o, "link", &form->link);
    ngx_chat_json_str(o, "intro",
                      ngx_chat_form_word(&form->texts[0].intro,
                                         sizeof(ngx_chat_form_texts_t), k));
    ngx_chat_json_str(o, "privacy",
                      ngx_chat_form_word(&form->texts[0].privacy,
                                         sizeof(ngx_chat_form_texts_t), k));
    ngx_chat_json_open_array(o, "fields");

    for (i = 0; i < form->n; i++) {
        f = &form->fields[i];

        if (known & NGX_CHAT_FORM_KNOWS(f->type)) {
            continue;
        }

        ngx_chat_json_open(o, NULL);
        ngx_chat_json_str(o, "name", &f->name);
        ngx_chat_json_enum(o, "type", ngx_chat_form_type_names, f->type);
        ngx_chat_json_bool(o, "required", f->required == NGX_CHAT_TRUE);
        ngx_chat_json_str(o, "label",
                          ngx_chat_form_word(f->labels, sizeof(ngx_str_t),
                                             k));
        ngx_chat_form_choices_json(o, f);
        ngx_chat_json_close(o);
    }

    ngx_chat_json_close_array(o);
    ngx_chat_json_close(o);
}


/* of this language, else of the first that has one, else empty */

static ngx_str_t *
ngx_chat_form_word(ngx_str_t *first, size_t step, ngx_uint_t locale)
{
    ngx_str_t   *word;
    ngx_uint_t   k;

    word = (ngx_str_t *) ((u_char *) first + locale * step);

    for (k = 0; k < NGX_CHAT_LOCALES && word->len == 0; k++) {
        word = (ngx_str_t *) ((u_char *) first + k * step);
    }

    return word;
}
