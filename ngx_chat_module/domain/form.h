
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The form before a chat: what an administrator asks of visitors, and of whom.
 * Stored as one JSON text, which the same tables of fields check when it comes
 * in and read when it is loaded.  What it is filled in with is in answer.h.
 * Pure; any thread.
 */

#ifndef NGX_CHAT_FORM_H
#define NGX_CHAT_FORM_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/field.h"
#include "base/json_out.h"
#include "domain/brand.h"


#define NGX_CHAT_FORM_FIELDS   8
#define NGX_CHAT_FORM_CHOICES  20


typedef enum {
    NGX_CHAT_FORM_NEVER = 0,
    NGX_CHAT_FORM_ALWAYS,           /* before a conversation */
    NGX_CHAT_FORM_DOUBT,            /* of whom a brake holds, instead */
    NGX_CHAT_FORM_AWAY              /* before one, while nobody is there */
} ngx_chat_form_ask_e;


/* the first three stand once at most, and have labels of their own */

typedef enum {
    NGX_CHAT_FORM_NAME = 0,
    NGX_CHAT_FORM_EMAIL,
    NGX_CHAT_FORM_PHONE,
    NGX_CHAT_FORM_LINE,
    NGX_CHAT_FORM_TEXT,
    NGX_CHAT_FORM_CHOICE
} ngx_chat_form_type_e;


typedef struct {
    ngx_str_t             name;     /* unique */
    ngx_uint_t            type;     /* ngx_chat_form_type_e */
    ngx_chat_tristate_e   required;
    ngx_str_t             labels[NGX_CHAT_LOCALES];
    ngx_chat_json_t      *choices;  /* an array of texts, or NULL */
} ngx_chat_form_field_t;


typedef struct {
    ngx_str_t    intro;
    ngx_str_t    privacy;
} ngx_chat_form_texts_t;


/* zeroed: nothing is asked */

typedef struct {
    ngx_uint_t               ask;       /* ngx_chat_form_ask_e */
    ngx_str_t                link;      /* of the privacy note, or empty */
    ngx_chat_form_texts_t    texts[NGX_CHAT_LOCALES];
    ngx_chat_json_t         *list;      /* the fields as they came */
    ngx_uint_t               n;
    ngx_chat_form_field_t    fields[NGX_CHAT_FORM_FIELDS];
} ngx_chat_form_t;


extern ngx_str_t         ngx_chat_form_type_names[];

/* of a body or a stored text; .list is then for ngx_chat_form_complete() */
extern ngx_chat_field_t  ngx_chat_form_fields[];


/*
 * Reads .list into .fields and looks whether all fits together.  NGX_ERROR
 * with *err when not.  pool is that of the tree.
 */
ngx_int_t ngx_chat_form_complete(ngx_pool_t *pool, ngx_chat_form_t *form,
    ngx_chat_field_error_t *err);

/* from its JSON; what can't be read leaves *form zeroed */
void ngx_chat_form_read(ngx_pool_t *pool, ngx_str_t *json,
    ngx_chat_form_t *form);

/* what is known of a visitor and so is not asked: bits */

#define NGX_CHAT_FORM_KNOWS(type)  ((ngx_uint_t) 1 << (type))

/* whether something that is required is not known */
ngx_uint_t ngx_chat_form_missing(ngx_chat_form_t *form, ngx_uint_t known);

/* all of it, for administrators */
void ngx_chat_form_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_form_t *form);

/* for a visitor of this language, without what is known */
void ngx_chat_form_visitor_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_form_t *form, ngx_str_t *locale, ngx_uint_t known);


#endif /* NGX_CHAT_FORM_H */
