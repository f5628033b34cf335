
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * The value of any argument: a number within its bounds and none else, or one
 * of the names; what is refused leaves everything as it was.
 */


#include "fuzz.h"
#include "base/field.h"


typedef struct {
    int64_t      any;
    int64_t      few;
    ngx_uint_t   name;
} fuzz_query_t;


static void fuzz_number(ngx_chat_field_t *field, ngx_str_t *input,
    int64_t *place, fuzz_query_t *q);


static ngx_str_t  fuzz_names[] = {
    ngx_string("open"),
    ngx_string("opened"),
    ngx_string("0"),
    ngx_null_string
};


static ngx_chat_field_t  fuzz_fields[] = {

    { ngx_string("any"), NGX_CHAT_FIELD_INT, 0, 0, NGX_MAX_INT_T_VALUE,
      offsetof(fuzz_query_t, any), NULL, NULL, NULL },

    { ngx_string("few"), NGX_CHAT_FIELD_INT, 0, 1, 100,
      offsetof(fuzz_query_t, few), NULL, NULL, NULL },

    { ngx_string("name"), NGX_CHAT_FIELD_ENUM, 0, 0, 0,
      offsetof(fuzz_query_t, name), fuzz_names, NULL, NULL }
};


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    fuzz_query_t  q;

    q.any = -7;
    q.few = -7;
    q.name = 7;

    fuzz_number(&fuzz_fields[0], input, &q.any, &q);
    fuzz_number(&fuzz_fields[1], input, &q.few, &q);

    if (ngx_chat_field_argument(&fuzz_fields[2], input, &q) == NGX_OK) {
        must(q.name < 3);
        must(fuzz_names[q.name].len == input->len
             && memcmp(fuzz_names[q.name].data, input->data, input->len)
                == 0);
        return;
    }

    must(q.name == 7);
    must(!(input->len == 4 && memcmp(input->data, "open", 4) == 0));
}


/* the same by other means: digits only, and strtoll() without its zeros */

static void
fuzz_number(ngx_chat_field_t *field, ngx_str_t *input, int64_t *place,
    fuzz_query_t *q)
{
    char      digits[32];
    size_t    i, zeros;
    int64_t   expected;

    expected = -7;

    for (zeros = 0; zeros + 1 < input->len; zeros++) {
        if (input->data[zeros] != '0') {
            break;
        }
    }

    for (i = zeros; i < input->len && i - zeros < 31; i++) {
        digits[i - zeros] = input->data[i];
    }

    digits[i - zeros] = '\0';

    if (input->len && i == input->len && strspn(digits, "0123456789")
                                         == input->len - zeros)
    {
        ngx_set_errno(0);
        expected = strtoll(digits, NULL, 10);

        if (ngx_errno == ERANGE || expected < field->min
            || expected > field->max)
        {
            expected = -7;
        }
    }

    must((ngx_chat_field_argument(field, input, q) == NGX_OK)
         == (expected != -7));
    must(*place == expected);
}
