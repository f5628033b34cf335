
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "base/header.h"


static ngx_int_t ngx_chat_header_quality(ngx_str_t *param);
static void ngx_chat_header_split(ngx_str_t *rest, u_char ch,
    ngx_str_t *part);
static ngx_uint_t ngx_chat_header_blank(u_char ch);


ngx_int_t
ngx_chat_header_item(ngx_str_t *list, ngx_str_t *value)
{
    ngx_str_t  item, param;

    ngx_chat_header_split(list, ',', &item);
    ngx_chat_header_split(&item, ';', value);

    while (item.len) {
        ngx_chat_header_split(&item, ';', &param);

        if (param.len >= 2
            && (param.data[0] == 'q' || param.data[0] == 'Q')
            && param.data[1] == '=')
        {
            return ngx_chat_header_quality(&param);
        }
    }

    return 1000;
}


ngx_int_t
ngx_chat_header_weight(ngx_str_t *list, ngx_str_t *name)
{
    ngx_int_t  weight;
    ngx_str_t  rest, value;

    if (list == NULL) {
        return 0;
    }

    rest = *list;

    while (rest.len) {
        weight = ngx_chat_header_item(&rest, &value);

        if (value.len == name->len
            && ngx_strncasecmp(value.data, name->data, name->len) == 0)
        {
            return weight;
        }
    }

    return 0;
}


ngx_uint_t
ngx_chat_header_is(ngx_str_t *value, ngx_str_t *expected)
{
    ngx_str_t  rest, type;

    /* as nearly all are */

    if (value->len == expected->len
        && ngx_memcmp(value->data, expected->data, value->len) == 0)
    {
        return 1;
    }

    rest = *value;

    ngx_chat_header_split(&rest, ';', &type);

    return type.len == expected->len
           && ngx_strncasecmp(type.data, expected->data, type.len) == 0;
}


ngx_int_t
ngx_chat_header_bearer(ngx_str_t *value, ngx_str_t *token)
{
    size_t  len;

    len = sizeof("Bearer ") - 1;

    if (value->len < len
        || ngx_strncasecmp(value->data, (u_char *) "Bearer ", len) != 0)
    {
        return NGX_DECLINED;
    }

    token->data = value->data + len;
    token->len = value->len - len;

    return NGX_OK;
}


/*
 * Host and port decide: behind a proxy that ends TLS the scheme is another
 * than the browser's.
 */

ngx_uint_t
ngx_chat_header_origin(ngx_str_t *origin, ngx_str_t *host)
{
    u_char  *p, *last;

    last = origin->data + origin->len;

    p = ngx_strlchr(origin->data, last, ':');

    if (p == NULL || last - p < 3 || p[1] != '/' || p[2] != '/') {
        return 0;
    }

    p += 3;

    return host->len == (size_t) (last - p)
           && ngx_strncasecmp(host->data, p, host->len) == 0;
}


/* RFC 9110, 12.4.2: "q=" and 0 or 1 with up to three digits behind a point */

static ngx_int_t
ngx_chat_header_quality(ngx_str_t *param)
{
    ngx_int_t  weight;

    if (param->len < 3) {
        return 0;
    }

    weight = ngx_atofp(param->data + 2, param->len - 2, 3);

    return (weight == NGX_ERROR || weight > 1000) ? 0 : weight;
}


/* takes the part before ch off rest, without the white space around it */

static void
ngx_chat_header_split(ngx_str_t *rest, u_char ch, ngx_str_t *part)
{
    u_char  *p, *last;

    last = rest->data + rest->len;
    p = ngx_strlchr(rest->data, last, ch);

    *part = *rest;

    if (p) {
        part->len = p - rest->data;
        rest->len = last - (p + 1);
        rest->data = p + 1;

    } else {
        rest->len = 0;
    }

    while (part->len && ngx_chat_header_blank(part->data[0])) {
        part->data++;
        part->len--;
    }

    while (part->len && ngx_chat_header_blank(part->data[part->len - 1])) {
        part->len--;
    }
}


static ngx_uint_t
ngx_chat_header_blank(u_char ch)
{
    return ch == ' ' || ch == '\t';
}
