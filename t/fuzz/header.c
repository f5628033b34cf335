
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * The value of any header: what is taken from it lies within it, a list comes
 * to its end, and the functions agree with each other.
 */


#include "fuzz.h"
#include "base/header.h"


static void fuzz_list(ngx_str_t *input);
static void fuzz_value(ngx_str_t *input);
static ngx_uint_t fuzz_within(ngx_str_t *part, ngx_str_t *whole);
static ngx_uint_t fuzz_same(ngx_str_t *one, ngx_str_t *two);


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    fuzz_list(input);
    fuzz_value(input);
}


/* of each name the first item counts, and no other name is there */

static void
fuzz_list(ngx_str_t *input)
{
    ngx_int_t   weight, first;
    ngx_str_t   rest, value, again, other;
    ngx_uint_t  n;

    rest = *input;

    for (n = 0; rest.len; n++) {
        must(n <= input->len);

        weight = ngx_chat_header_item(&rest, &value);

        must(weight >= 0 && weight <= 1000);
        must(fuzz_within(&value, input) && fuzz_within(&rest, input));
        must(ngx_strlchr(value.data, value.data + value.len, ',') == NULL);
        must(ngx_strlchr(value.data, value.data + value.len, ';') == NULL);

        if (n >= 64) {
            continue;
        }

        again = *input;

        do {
            first = ngx_chat_header_item(&again, &other);
        } while (!fuzz_same(&other, &value));

        must(ngx_chat_header_weight(input, &value) == first);
    }

    ngx_str_set(&other, ",");
    must(ngx_chat_header_weight(input, &other) == 0);
    must(ngx_chat_header_weight(NULL, &other) == 0);
}


static void
fuzz_value(ngx_str_t *input)
{
    size_t      scheme;
    u_char     *p;
    ngx_str_t   token, host, type = ngx_string("application/json");

    if (ngx_chat_header_bearer(input, &token) == NGX_OK) {
        must(fuzz_within(&token, input) && token.len + 7 == input->len);
    }

    if (ngx_chat_header_is(input, &type)) {
        must(input->len >= type.len);
    }

    /* an origin is of the one host that stands behind its scheme */

    p = ngx_strlchr(input->data, input->data + input->len, ':');
    scheme = p ? p - input->data + 3 : 0;

    if (p && input->len >= scheme && p[1] == '/' && p[2] == '/') {
        host.data = input->data + scheme;
        host.len = input->len - scheme;
        must(ngx_chat_header_origin(input, &host));

        if (host.len) {
            host.len--;
            must(!ngx_chat_header_origin(input, &host));
        }

    } else {
        must(!ngx_chat_header_origin(input, input));
    }
}


static ngx_uint_t
fuzz_within(ngx_str_t *part, ngx_str_t *whole)
{
    return part->data >= whole->data
           && part->data + part->len <= whole->data + whole->len;
}


static ngx_uint_t
fuzz_same(ngx_str_t *one, ngx_str_t *two)
{
    return one->len == two->len
           && ngx_strncasecmp(one->data, two->data, one->len) == 0;
}
