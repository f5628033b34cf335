
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "base/field.h"
#include "base/text.h"


/* one table being read; the outermost has no parent */

typedef struct ngx_chat_field_ctx_s  ngx_chat_field_ctx_t;

struct ngx_chat_field_ctx_s {
    ngx_pool_t               *pool;
    void                     *dst;
    ngx_chat_field_error_t   *err;
    ngx_chat_field_ctx_t     *parent;
    ngx_chat_field_t         *field;    /* the one being read */
};


typedef ngx_int_t (*ngx_chat_field_read_pt)(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);


typedef struct {
    ngx_chat_json_type_e     json;
    ngx_chat_field_read_pt   read;
    const char              *wrong;
} ngx_chat_field_kind_t;


static ngx_int_t ngx_chat_field_table(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *object, ngx_chat_field_t *fields);
static ngx_int_t ngx_chat_field_value(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);

static ngx_int_t ngx_chat_field_text(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);
static ngx_int_t ngx_chat_field_line(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);
static ngx_int_t ngx_chat_field_token(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);
static ngx_int_t ngx_chat_field_secret(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);
static ngx_int_t ngx_chat_field_int(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);
static ngx_int_t ngx_chat_field_bool(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);
static ngx_int_t ngx_chat_field_enum(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);
static ngx_int_t ngx_chat_field_object(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);
static ngx_int_t ngx_chat_field_language(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);
static ngx_int_t ngx_chat_field_array(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);

static ngx_int_t ngx_chat_field_string(ngx_chat_field_ctx_t *ctx,
    ngx_chat_json_t *value);
static ngx_int_t ngx_chat_field_range(ngx_chat_field_ctx_t *ctx);
static ngx_int_t ngx_chat_field_choices(ngx_chat_field_ctx_t *ctx);
static ngx_int_t ngx_chat_field_fail(ngx_chat_field_ctx_t *ctx,
    const char *fmt, ...);
static ngx_int_t ngx_chat_field_detail(ngx_chat_field_ctx_t *ctx,
    u_char *data, u_char *last);
static ngx_int_t ngx_chat_field_path(ngx_chat_field_ctx_t *ctx);
static ngx_int_t ngx_chat_field_memory(ngx_chat_field_error_t *err);


/* indexed by ngx_chat_field_type_e */

static ngx_chat_field_kind_t  ngx_chat_field_kinds[] = {

    { NGX_CHAT_JSON_STRING, ngx_chat_field_text, "must be a string" },
    { NGX_CHAT_JSON_STRING, ngx_chat_field_line, "must be a string" },
    { NGX_CHAT_JSON_STRING, ngx_chat_field_token, "must be a string" },
    { NGX_CHAT_JSON_STRING, ngx_chat_field_secret, "must be a string" },
    { NGX_CHAT_JSON_INT, ngx_chat_field_int, "must be an integer" },
    { NGX_CHAT_JSON_BOOL, ngx_chat_field_bool, "must be true or false" },
    { NGX_CHAT_JSON_STRING, ngx_chat_field_enum, "must be a string" },
    { NGX_CHAT_JSON_OBJECT, ngx_chat_field_object, "must be an object" },
    { NGX_CHAT_JSON_STRING, ngx_chat_field_language, "must be a string" },
    { NGX_CHAT_JSON_ARRAY, ngx_chat_field_array, "must be an array" }
};


ngx_int_t
ngx_chat_fields_read(ngx_pool_t *pool, ngx_chat_json_t *object,
    ngx_chat_field_t *fields, void *dst, ngx_chat_field_error_t *err)
{
    ngx_chat_field_ctx_t  ctx;

    ngx_memzero(err, sizeof(ngx_chat_field_error_t));

    if (object == NULL || object->type != NGX_CHAT_JSON_OBJECT) {
        err->status = 400;
        ngx_str_set(&err->detail, "the body must be a JSON object");
        return NGX_ERROR;
    }

    ctx.pool = pool;
    ctx.dst = dst;
    ctx.err = err;
    ctx.parent = NULL;

    return ngx_chat_field_table(&ctx, object, fields);
}


ngx_int_t
ngx_chat_fields_parse(ngx_pool_t *pool, ngx_str_t *json,
    ngx_chat_field_t *fields, void *dst)
{
    ngx_str_t                why;
    ngx_chat_json_t         *object;
    ngx_chat_field_error_t   err;

    if (json->len == 0) {
        return NGX_ERROR;
    }

    object = ngx_chat_json_parse(pool, json, &why);

    return object ? ngx_chat_fields_read(pool, object, fields, dst, &err)
                  : NGX_ERROR;
}


ngx_int_t
ngx_chat_field_argument(ngx_chat_field_t *field, ngx_str_t *value, void *dst)
{
    void       *place;
    ngx_int_t   n;

    place = (u_char *) dst + field->offset;

    if (field->type == NGX_CHAT_FIELD_INT) {
        n = ngx_atoi(value->data, value->len);

        if (n == NGX_ERROR || n < field->min || n > field->max) {
            return NGX_ERROR;
        }

        *(int64_t *) place = n;

        return NGX_OK;
    }

    if (field->type == NGX_CHAT_FIELD_LINE) {
        n = ngx_chat_text_length(value);

        if (n == NGX_ERROR || n < field->min || n > field->max
            || !ngx_chat_text_printable(value, 1))
        {
            return NGX_ERROR;
        }

        *(ngx_str_t *) place = *value;

        return NGX_OK;
    }

    n = ngx_chat_text_index(field->names, value);

    if (n == NGX_ERROR) {
        return NGX_ERROR;
    }

    *(ngx_uint_t *) place = n;

    return NGX_OK;
}


static ngx_int_t
ngx_chat_field_table(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *object,
    ngx_chat_field_t *fields)
{
    ngx_chat_json_t  *value;

    for (ctx->field = fields; ctx->field->name.len; ctx->field++) {

        value = ngx_chat_json_member(object, &ctx->field->name);

        if (value) {
            if (ngx_chat_field_value(ctx, value) != NGX_OK) {
                return NGX_ERROR;
            }

            continue;
        }

        if (ctx->field->flags & NGX_CHAT_FIELD_REQUIRED) {
            return ngx_chat_field_fail(ctx, "is required");
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_chat_field_value(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    ngx_chat_field_kind_t  *kind;

    kind = &ngx_chat_field_kinds[ctx->field->type];

    if (value->type != kind->json) {
        return ngx_chat_field_fail(ctx, "%s", kind->wrong);
    }

    return kind->read(ctx, value);
}


static ngx_int_t
ngx_chat_field_text(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    ngx_chat_text_newlines(&value->str);

    if (!ngx_chat_text_printable(&value->str, 0)) {
        return ngx_chat_field_fail(ctx, "must not have control characters "
                                   "but tab and line feed");
    }

    return ngx_chat_field_string(ctx, value);
}


static ngx_int_t
ngx_chat_field_line(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    if (!ngx_chat_text_printable(&value->str, 1)) {
        return ngx_chat_field_fail(ctx, "must be one line without control "
                                   "characters");
    }

    return ngx_chat_field_string(ctx, value);
}


static ngx_int_t
ngx_chat_field_token(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    size_t       i;
    u_char       ch;
    const char  *chars;

    chars = ctx->field->chars ? ctx->field->chars : "";

    for (i = 0; i < value->str.len; i++) {
        ch = value->str.data[i];

        if ((ch >= '0' && ch <= '9')
            || (ch >= 'A' && ch <= 'Z')
            || (ch >= 'a' && ch <= 'z')
            || (ch && ngx_strchr(chars, ch)))
        {
            continue;
        }

        return ngx_chat_field_fail(ctx, "may have only the characters A-Z, "
                                   "a-z, 0-9%s%s",
                                   *chars ? " and " : "", chars);
    }

    return ngx_chat_field_string(ctx, value);
}


static ngx_int_t
ngx_chat_field_secret(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    return ngx_chat_field_string(ctx, value);
}


static ngx_int_t
ngx_chat_field_int(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    int64_t  *n;

    if (value->value < ctx->field->min || value->value > ctx->field->max) {
        return ngx_chat_field_range(ctx);
    }

    n = (void *) ((u_char *) ctx->dst + ctx->field->offset);
    *n = value->value;

    return NGX_OK;
}


static ngx_int_t
ngx_chat_field_bool(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    ngx_chat_tristate_e  *on;

    on = (void *) ((u_char *) ctx->dst + ctx->field->offset);
    *on = value->value ? NGX_CHAT_TRUE : NGX_CHAT_FALSE;

    return NGX_OK;
}


static ngx_int_t
ngx_chat_field_enum(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    ngx_int_t    i;
    ngx_uint_t  *index;

    i = ngx_chat_text_index(ctx->field->names, &value->str);

    if (i == NGX_ERROR) {
        return ngx_chat_field_choices(ctx);
    }

    index = (void *) ((u_char *) ctx->dst + ctx->field->offset);
    *index = i;

    return NGX_OK;
}


static ngx_int_t
ngx_chat_field_object(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    ngx_chat_field_ctx_t  inner;

    inner = *ctx;
    inner.parent = ctx;

    return ngx_chat_field_table(&inner, value, ctx->field->fields);
}


/* the shape of a BCP 47 tag: two or three letters, then more by hyphens */

static ngx_int_t
ngx_chat_field_language(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    u_char      ch, *p, *last;
    ngx_uint_t  n, min, max;

    p = value->str.data;
    last = p + value->str.len;
    min = 2;
    max = 3;

    for ( ;; ) {

        for (n = 0; p < last && *p != '-'; n++) {
            ch = *p++ | 0x20;

            if ((ch < 'a' || ch > 'z')
                && (min == 2 || p[-1] < '0' || p[-1] > '9'))
            {
                goto wrong;
            }
        }

        if (n < min || n > max) {
            goto wrong;
        }

        if (p == last) {
            return ngx_chat_field_string(ctx, value);
        }

        p++;
        min = 1;
        max = 8;
    }

wrong:

    return ngx_chat_field_fail(ctx, "must be a language tag such as \"en\" "
                               "or \"fr-CA\"");
}


static ngx_int_t
ngx_chat_field_array(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    int64_t            n;
    ngx_chat_json_t   *item, **dst;
    ngx_chat_field_t  *field;

    field = ctx->field;

    for (n = 0, item = value->first; item; item = item->next) {
        n++;
    }

    if (n < field->min || n > field->max) {
        return ngx_chat_field_fail(ctx, "must have from %L to %L values",
                                   field->min, field->max);
    }

    dst = (void *) ((u_char *) ctx->dst + field->offset);
    *dst = value;

    return NGX_OK;
}


/* what all strings have in common: length in characters, not only blanks */

static ngx_int_t
ngx_chat_field_string(ngx_chat_field_ctx_t *ctx, ngx_chat_json_t *value)
{
    ngx_str_t         *str;
    ngx_int_t          n;
    ngx_chat_field_t  *field;

    field = ctx->field;

    n = ngx_chat_text_length(&value->str);

    if (n == 0 && (field->min > 0 || field->flags & NGX_CHAT_FIELD_FILLED)) {
        return ngx_chat_field_fail(ctx, "must not be empty");
    }

    if (n < field->min) {
        return ngx_chat_field_fail(ctx, "must have at least %L character%s",
                                   field->min, field->min == 1 ? "" : "s");
    }

    if (n > field->max) {
        return ngx_chat_field_fail(ctx, "must have at most %L character%s",
                                   field->max, field->max == 1 ? "" : "s");
    }

    if ((field->flags & NGX_CHAT_FIELD_FILLED)
        && ngx_chat_text_blank(&value->str))
    {
        return ngx_chat_field_fail(ctx, "must not be only white space");
    }

    str = (void *) ((u_char *) ctx->dst + field->offset);
    *str = value->str;

    return NGX_OK;
}


static ngx_int_t
ngx_chat_field_range(ngx_chat_field_ctx_t *ctx)
{
    ngx_chat_field_t  *field;

    field = ctx->field;

    /* nobody wants to read where 64 bits end */

    if (field->max == INT64_MAX) {
        return ngx_chat_field_fail(ctx, "must be at least %L", field->min);
    }

    if (field->min == INT64_MIN) {
        return ngx_chat_field_fail(ctx, "must be at most %L", field->max);
    }

    return ngx_chat_field_fail(ctx, "must be from %L to %L", field->min,
                               field->max);
}


static ngx_int_t
ngx_chat_field_choices(ngx_chat_field_ctx_t *ctx)
{
    size_t       len;
    u_char      *p, *data;
    ngx_str_t   *name;
    ngx_uint_t   n;

    len = sizeof("must be one of ") - 1;

    for (name = ctx->field->names; name->len; name++) {
        len += sizeof("\"\", ") - 1 + name->len;
    }

    data = ngx_pnalloc(ctx->pool, len);
    if (data == NULL) {
        return ngx_chat_field_memory(ctx->err);
    }

    p = ngx_cpymem(data, "must be one of ", sizeof("must be one of ") - 1);
    n = 0;

    for (name = ctx->field->names; name->len; name++) {

        /* a place-holder that nobody can send */

        if (!ngx_chat_text_printable(name, 1)) {
            continue;
        }

        p = ngx_slprintf(p, data + len, "%s\"%V\"", n++ ? ", " : "", name);
    }

    return ngx_chat_field_detail(ctx, data, p);
}


/* always NGX_ERROR, for the caller to return */

static ngx_int_t
ngx_chat_field_fail(ngx_chat_field_ctx_t *ctx, const char *fmt, ...)
{
    u_char   *p, *data, buf[NGX_MAX_ERROR_STR];
    va_list   args;

    va_start(args, fmt);
    p = ngx_vslprintf(buf, buf + NGX_MAX_ERROR_STR, fmt, args);
    va_end(args);

    data = ngx_pnalloc(ctx->pool, p - buf);
    if (data == NULL) {
        return ngx_chat_field_memory(ctx->err);
    }

    return ngx_chat_field_detail(ctx, data, ngx_cpymem(data, buf, p - buf));
}


static ngx_int_t
ngx_chat_field_detail(ngx_chat_field_ctx_t *ctx, u_char *data, u_char *last)
{
    ctx->err->status = 422;
    ctx->err->detail.data = data;
    ctx->err->detail.len = last - data;

    return ngx_chat_field_path(ctx);
}


static ngx_int_t
ngx_chat_field_path(ngx_chat_field_ctx_t *ctx)
{
    size_t                 len;
    u_char                *p;
    ngx_str_t             *name;
    ngx_chat_field_ctx_t  *level;

    len = 0;

    for (level = ctx; level; level = level->parent) {
        len += level->field->name.len + (level->parent ? 1 : 0);
    }

    p = ngx_pnalloc(ctx->pool, len);
    if (p == NULL) {
        return ngx_chat_field_memory(ctx->err);
    }

    ctx->err->field.data = p;
    ctx->err->field.len = len;

    /* innermost first, so from the end */

    p += len;

    for (level = ctx; level; level = level->parent) {
        name = &level->field->name;

        p -= name->len;
        ngx_memcpy(p, name->data, name->len);

        if (level->parent) {
            *--p = '.';
        }
    }

    return NGX_ERROR;
}


static ngx_int_t
ngx_chat_field_memory(ngx_chat_field_error_t *err)
{
    ngx_memzero(err, sizeof(ngx_chat_field_error_t));

    err->status = 500;

    return NGX_ERROR;
}
