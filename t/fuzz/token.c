
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Tokens: of all bytes, one text is the visitor's, and a session's token that
 * has a hash is the one way to write its 32 bytes.
 */


#include "fuzz.h"
#include "base/auth.h"


static void fuzz_visitor(ngx_str_t *input);
static void fuzz_session(ngx_pool_t *pool, ngx_str_t *input);


/* by the key 00 01 02 ... on the site "shop.example", as in the unit test */

static ngx_str_t  fuzz_known =
    ngx_string("8PHy8_T19vf4-fr7_P3-_-9xg0muTAwHBrW-I2vBHNA");


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    must(ngx_chat_auth_init() == NGX_OK);

    fuzz_visitor(input);
    fuzz_session(pool, input);

    must(ngx_chat_auth_equal(input, &fuzz_known)
         == (input->len == fuzz_known.len
             && memcmp(input->data, fuzz_known.data, input->len) == 0));
}


static void
fuzz_visitor(ngx_str_t *input)
{
    u_char          uid[NGX_CHAT_UID_LEN];
    ngx_str_t       site = ngx_string("shop.example");
    ngx_uint_t      i;
    ngx_chat_key_t  key;

    for (i = 0; i < NGX_CHAT_KEY_LEN; i++) {
        key.secret[i] = i;
    }

    if (ngx_chat_auth_visitor_check(&key, &site, input, uid) != NGX_OK) {
        must(input->len != fuzz_known.len
             || memcmp(input->data, fuzz_known.data, input->len) != 0);
        return;
    }

    must(input->len == fuzz_known.len
         && memcmp(input->data, fuzz_known.data, input->len) == 0);
    must(ngx_chat_auth_visitor_topic(uid) > 0);
}


static void
fuzz_session(ngx_pool_t *pool, ngx_str_t *input)
{
    u_char     hash[NGX_CHAT_SESSION_HASH_LEN], bytes[64], text[64];
    ngx_str_t  decoded, encoded;

    if (ngx_chat_auth_session_hash(input, hash) != NGX_OK) {
        return;
    }

    /* nginx's decoder is lenient, and its encoder makes the one right text */

    must(input->len == NGX_CHAT_SESSION_TOKEN_LEN);

    decoded.data = bytes;
    encoded.data = text;

    must(ngx_decode_base64url(&decoded, input) == NGX_OK);
    must(decoded.len == 32);

    ngx_encode_base64url(&encoded, &decoded);
    must(encoded.len == input->len
         && memcmp(encoded.data, input->data, input->len) == 0);
}
