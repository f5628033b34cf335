
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A signature holds for each fact and their places, by one of the secrets, and
 * until its end.  The one that is good was made by "openssl dgst".
 */


#include "unit.h"
#include "base/auth.h"
#include "domain/claim.h"


#define SIGNATURE                                                             \
    "a2e3be58cb1ad3661238fd449065b5c0"                                        \
    "6eeae8202030028a324d0fdf28520393"


static ngx_str_t  secrets[] = {
    ngx_string("a newer secret of the site......"),
    ngx_string("an example secret of 32 bytes..."),
    ngx_string("an older secret of the site.....")
};


static ngx_chat_claim_t
claim(void)
{
    ngx_chat_claim_t  c;

    memset(&c, 0, sizeof(c));

    ngx_str_set(&c.id, "42");
    ngx_str_set(&c.name, "Ada Lovelace");
    ngx_str_set(&c.email, "ada@example.com");
    ngx_str_set(&c.signature, SIGNATURE);
    c.expires = 1893456000;

    return c;
}


static ngx_chat_claim_e
check(ngx_chat_claim_t *c, ngx_uint_t n, int64_t now)
{
    ngx_array_t  by;

    memset(&by, 0, sizeof(by));

    by.elts = secrets;
    by.nelts = n;

    return ngx_chat_claim_check(c, &by, now);
}


UNIT_TEST(what_is_signed_is_good)
{
    u_char            upper[64];
    ngx_uint_t        i;
    ngx_chat_claim_t  c;

    is_int(ngx_chat_auth_init(), NGX_OK, "libsodium");

    c = claim();

    is_int(check(&c, 2, 1764000000000), NGX_CHAT_CLAIM_GOOD, "good");
    is_int(check(&c, 3, 1764000000000), NGX_CHAT_CLAIM_GOOD,
           "whatever comes after");
    is_int(check(&c, 1, 1764000000000), NGX_CHAT_CLAIM_WRONG,
           "not by another secret");
    is_int(check(&c, 0, 0), NGX_CHAT_CLAIM_UNKNOWN, "by none");
    is_int(ngx_chat_claim_check(&c, NULL, 0), NGX_CHAT_CLAIM_UNKNOWN,
           "there are none");

    for (i = 0; i < 64; i++) {
        upper[i] = (u_char) ngx_toupper(c.signature.data[i]);
    }

    c.signature.data = upper;
    is_int(check(&c, 2, 0), NGX_CHAT_CLAIM_GOOD, "in capitals");

    is_int(check(&c, 2, 1893455999999), NGX_CHAT_CLAIM_GOOD, "to its end");
    is_int(check(&c, 2, 1893456000000), NGX_CHAT_CLAIM_EXPIRED, "not after");
}


UNIT_TEST(nothing_else_is)
{
    u_char            digits[64];
    ngx_uint_t        i;
    ngx_chat_claim_t  c;

    is_int(ngx_chat_auth_init(), NGX_OK, "libsodium");

    c = claim();
    ngx_str_set(&c.id, "43");
    is_int(check(&c, 2, 0), NGX_CHAT_CLAIM_WRONG, "another id");

    c = claim();
    c.name.len--;
    is_int(check(&c, 2, 0), NGX_CHAT_CLAIM_WRONG, "a shorter name");

    c = claim();
    c.email = c.name;
    ngx_str_set(&c.name, "ada@example.com");
    is_int(check(&c, 2, 0), NGX_CHAT_CLAIM_WRONG, "in each other's place");

    c = claim();
    c.expires = 0;
    is_int(check(&c, 2, 0), NGX_CHAT_CLAIM_WRONG, "without an end");

    for (i = 0; i < 64; i++) {
        c = claim();
        memcpy(digits, c.signature.data, 64);
        digits[i] = digits[i] == '0' ? '1' : '0';
        c.signature.data = digits;

        if (check(&c, 2, 0) != NGX_CHAT_CLAIM_WRONG) {
            break;
        }
    }

    is_int(i, 64, "each digit counts");

    c = claim();
    c.signature.len = 63;
    is_int(check(&c, 2, 0), NGX_CHAT_CLAIM_WRONG, "a digit too few");
    c.signature.len = 0;
    is_int(check(&c, 2, 0), NGX_CHAT_CLAIM_WRONG, "none at all");
    ngx_str_set(&c.signature, "zz3e2c58d14a30ce01ff5acc6fbfdb13"
                              "f43e2c58d14a30ce01ff5acc6fbfdb13");
    is_int(check(&c, 2, 0), NGX_CHAT_CLAIM_WRONG, "no digits");
}
