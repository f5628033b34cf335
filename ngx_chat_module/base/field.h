
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a request body must hold, as a table: the reader checks a JSON object
 * against it and fills in a plain struct.  Unknown members are ignored.
 * Any thread may call it.
 */

#ifndef NGX_CHAT_FIELD_H
#define NGX_CHAT_FIELD_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/json_in.h"


typedef enum {
    NGX_CHAT_FIELD_TEXT = 0,    /* ngx_str_t; tab and line feed allowed, CR LF
                                   and CR become LF before anything is
                                   checked */
    NGX_CHAT_FIELD_LINE,        /* ngx_str_t; no control characters at all, no
                                   line breaks of any kind */
    NGX_CHAT_FIELD_TOKEN,       /* ngx_str_t; every byte in .chars */
    NGX_CHAT_FIELD_SECRET,      /* ngx_str_t; any characters, never echoed */
    NGX_CHAT_FIELD_INT,         /* int64_t */
    NGX_CHAT_FIELD_BOOL,        /* ngx_chat_tristate_e */
    NGX_CHAT_FIELD_ENUM,        /* ngx_uint_t: index into .names */
    NGX_CHAT_FIELD_OBJECT,      /* its members by .fields, same struct */
    NGX_CHAT_FIELD_LANGUAGE,    /* ngx_str_t; a tag such as "de" or "fr-CA" */
    NGX_CHAT_FIELD_ARRAY        /* ngx_chat_json_t *, from .min to .max values
                                   of any type, for the caller to read */
} ngx_chat_field_type_e;


typedef enum {
    NGX_CHAT_ABSENT = 0,        /* as ngx_pcalloc() leaves it */
    NGX_CHAT_FALSE,
    NGX_CHAT_TRUE
} ngx_chat_tristate_e;


#define NGX_CHAT_FIELD_REQUIRED  0x01
#define NGX_CHAT_FIELD_FILLED    0x02   /* more than white space */


typedef struct ngx_chat_field_s  ngx_chat_field_t;

struct ngx_chat_field_s {
    ngx_str_t               name;       /* name.len == 0 ends the table */
    ngx_chat_field_type_e   type;
    ngx_uint_t              flags;
    int64_t                 min;        /* characters, or the value itself; */
    int64_t                 max;        /* both always count, so set both */
    size_t                  offset;     /* into the struct to fill in */
    ngx_str_t              *names;      /* ENUM; len == 0 ends; absent leaves
                                           the struct's value as it was */
    const char             *chars;      /* TOKEN: allowed beside A-Za-z0-9 */
    ngx_chat_field_t       *fields;     /* OBJECT */
};


typedef struct {
    ngx_uint_t   status;        /* 422 for a wrong field, 400 when the body is
                                   no object; 500 when memory is out */
    ngx_str_t    field;         /* dotted path: "page.url" */
    ngx_str_t    detail;        /* for a person: "must be a string" */
} ngx_chat_field_error_t;


/*
 * NGX_OK with *dst filled in (strings point into the tree's pool), or
 * NGX_ERROR with *err: the first wrong field in the order of the table.  dst
 * must be zeroed by the caller, or hold defaults; after a failure it may be
 * filled in by half.  null is a value of the wrong type, not an absent one.
 * A value is never echoed in the detail.
 */
ngx_int_t ngx_chat_fields_read(ngx_pool_t *pool, ngx_chat_json_t *object,
    ngx_chat_field_t *fields, void *dst, ngx_chat_field_error_t *err);

/*
 * The same of a JSON text that was checked before it was stored.  NGX_ERROR
 * also when it is empty.
 */
ngx_int_t ngx_chat_fields_parse(ngx_pool_t *pool, ngx_str_t *json,
    ngx_chat_field_t *fields, void *dst);

/*
 * The same for one value as the query of an address has it.  Of the types,
 * INT (decimal, not negative), ENUM and LINE (decoded already, not copied) are
 * known.  NGX_ERROR when it is not allowed; *dst is as it was then.
 */
ngx_int_t ngx_chat_field_argument(ngx_chat_field_t *field, ngx_str_t *value,
    void *dst);


#endif /* NGX_CHAT_FIELD_H */
