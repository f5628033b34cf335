
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/auth.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>


#define LETTERS  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
                 "0123456789-_"


static void auth_key(ngx_chat_key_t *key, u_char first);
static ngx_int_t auth_check(ngx_chat_key_t *key, const char *site,
    const u_char *token, size_t len);


static void
auth_key(ngx_chat_key_t *key, u_char first)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_KEY_LEN; i++) {
        key->secret[i] = first + i;
    }
}


/* from memory of exactly this size */

static ngx_int_t
auth_check(ngx_chat_key_t *key, const char *site, const u_char *token,
    size_t len)
{
    u_char     uid[NGX_CHAT_UID_LEN], clean[NGX_CHAT_UID_LEN];
    ngx_int_t  rc;
    ngx_str_t  s, t;

    memset(uid, 0xaa, sizeof(uid));
    memset(clean, 0xaa, sizeof(clean));

    s.data = (u_char *) site;
    s.len = strlen(site);
    t.data = malloc(len);
    t.len = len;
    memcpy(t.data, token, len);

    rc = ngx_chat_auth_visitor_check(key, &s, &t, uid);
    free(t.data);

    if (rc != NGX_OK && memcmp(uid, clean, sizeof(uid)) != 0) {
        ok(0, "a refused token leaves the uid as it was");
    }

    return rc;
}


UNIT_TEST(init)
{
    is_int(ngx_chat_auth_init(), NGX_OK, "the first time");
    is_int(ngx_chat_auth_init(), NGX_OK, "and again");
}


UNIT_TEST(visitor)
{
    u_char          uid[NGX_CHAT_UID_LEN], got[NGX_CHAT_UID_LEN];
    u_char          token[NGX_CHAT_VISITOR_TOKEN_LEN + 1], other[43];
    ngx_str_t       site = ngx_string("shop.example"), t;
    ngx_chat_key_t  key, key2;

    auth_key(&key, 0);
    auth_key(&key2, 1);

    token[NGX_CHAT_VISITOR_TOKEN_LEN] = '!';
    ngx_chat_auth_visitor_new(&key, &site, uid, token);

    is_int(token[NGX_CHAT_VISITOR_TOKEN_LEN], '!', "no byte behind");
    is_int(strspn((char *) token, LETTERS), 43, "base64url");

    t.data = token;
    t.len = 43;
    is_int(ngx_chat_auth_visitor_check(&key, &site, &t, got), NGX_OK, "ours");
    ok(memcmp(uid, got, NGX_CHAT_UID_LEN) == 0, "the same visitor");

    is_int(auth_check(&key2, "shop.example", token, 43), NGX_DECLINED,
           "another key");

    ngx_chat_auth_visitor_new(&key, &site, got, other);
    ok(memcmp(uid, got, NGX_CHAT_UID_LEN) != 0, "another visitor");
}


UNIT_TEST(visitor_of_another_site)
{
    u_char          uid[NGX_CHAT_UID_LEN], token[43];
    ngx_str_t       site = ngx_string("shop.example");
    ngx_uint_t      i;
    ngx_chat_key_t  key;

    static const char  *sites[] = {
        "", "shop.exampl", "shop.example.", "shop.examplf", "Shop.example",
        "shop.example.net", "a", "hop.example"
    };

    auth_key(&key, 0);
    ngx_chat_auth_visitor_new(&key, &site, uid, token);

    is_int(auth_check(&key, "shop.example", token, 43), NGX_OK, "its own");

    for (i = 0; i < sizeof(sites) / sizeof(sites[0]); i++) {
        is_int(auth_check(&key, sites[i], token, 43), NGX_DECLINED, sites[i]);
    }
}


/* cookies live long: made by another BLAKE2b, with this key, site and uid */

UNIT_TEST(visitor_format)
{
    u_char          uid[NGX_CHAT_UID_LEN];
    ngx_str_t       site = ngx_string("shop.example");
    ngx_str_t       token = ngx_string(
                              "8PHy8_T19vf4-fr7_P3-_-9xg0muTAwHBrW-I2vBHNA");
    ngx_uint_t      i;
    ngx_chat_key_t  key;

    auth_key(&key, 0);

    is_int(ngx_chat_auth_visitor_check(&key, &site, &token, uid), NGX_OK,
           "a token that was made elsewhere");

    for (i = 0; i < NGX_CHAT_UID_LEN && uid[i] == 0xf0 + i; i++) { /* void */ }

    is_int(i, NGX_CHAT_UID_LEN, "its uid");
}


UNIT_TEST(visitor_altered)
{
    u_char           uid[NGX_CHAT_UID_LEN], token[43], was;
    ngx_str_t        site = ngx_string("s");
    ngx_uint_t       i, ch, accepted;
    ngx_chat_key_t   key;

    auth_key(&key, 0);
    ngx_chat_auth_visitor_new(&key, &site, uid, token);

    is_int(auth_check(&key, "s", token, 43), NGX_OK, "as it was made");

    /* any other byte at any place, foreign characters included */

    accepted = 0;

    for (i = 0; i < 43; i++) {
        was = token[i];

        for (ch = 0; ch < 256; ch++) {
            token[i] = ch;
            accepted += (auth_check(&key, "s", token, 43) == NGX_OK);
        }

        token[i] = was;
    }

    is_int(accepted, 43, "each byte has one value that is right");

    accepted = 0;

    for (i = 0; i < 43; i++) {
        accepted += (auth_check(&key, "s", token, i) == NGX_OK);
    }

    is_int(accepted, 0, "no shorter one");
}


UNIT_TEST(visitor_lengths)
{
    u_char          uid[NGX_CHAT_UID_LEN], token[48];
    ngx_str_t       site = ngx_string("s");
    ngx_chat_key_t  key;

    auth_key(&key, 0);
    ngx_chat_auth_visitor_new(&key, &site, uid, token);

    memcpy(token + 43, "=AAA", 4);
    is_int(auth_check(&key, "s", token, 44), NGX_DECLINED, "with padding");

    token[43] = 'A';
    is_int(auth_check(&key, "s", token, 44), NGX_DECLINED, "one more");
    is_int(auth_check(&key, "s", token, 47), NGX_DECLINED, "several more");

    token[43] = ' ';
    is_int(auth_check(&key, "s", token, 44), NGX_DECLINED, "a blank more");
    is_int(auth_check(&key, "s", token + 1, 43), NGX_DECLINED, "shifted");
}


UNIT_TEST(visitor_topic)
{
    u_char  uid[NGX_CHAT_UID_LEN];

    memset(uid, 0, sizeof(uid));
    is_int(ngx_chat_auth_visitor_topic(uid), 1, "never 0");

    uid[0] = 0x80;
    is_int(ngx_chat_auth_visitor_topic(uid), 1, "nor by its sign");

    uid[7] = 2;
    is_int(ngx_chat_auth_visitor_topic(uid), 2, "the eighth byte is last");

    uid[8] = 9;
    is_int(ngx_chat_auth_visitor_topic(uid), 2, "the others don't count");

    memset(uid, 0xff, sizeof(uid));
    ok(ngx_chat_auth_visitor_topic(uid) == INT64_MAX, "fits int64_t");
}


UNIT_TEST(session)
{
    u_char      token[44], other[43], hash[32], got[32];
    ngx_str_t   t = ngx_string(
                      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"), s;
    ngx_uint_t  i;

    static const char  expected[] =
        "cb2f5160fc1f7e05a55ef49d340b48da2e5a78099d53393351cd579dd42503d6";

    token[43] = '!';
    ngx_chat_auth_session_new(token, hash);
    is_int(token[43], '!', "no byte behind");
    is_int(strspn((char *) token, LETTERS), 43, "base64url");

    s.data = token;
    s.len = 43;
    is_int(ngx_chat_auth_session_hash(&s, got), NGX_OK, "a session's token");
    ok(memcmp(hash, got, 32) == 0, "its hash");

    ngx_chat_auth_session_new(other, got);
    ok(memcmp(token, other, 43) != 0 && memcmp(hash, got, 32) != 0,
       "another each time");

    is_int(ngx_chat_auth_session_hash(&t, got), NGX_OK, "a known one");

    for (i = 0; i < 32; i++) {
        snprintf((char *) token, sizeof(token), "%02x", got[i]);

        if (memcmp(token, expected + i * 2, 2) != 0) {
            break;
        }
    }

    is_int(i, 32, "its hash as another BLAKE2b has it");
}


/* what is random is so at each place */

UNIT_TEST(session_random)
{
    u_char      tokens[64][43], hash[32];
    ngx_uint_t  i, place, ch, n, least;

    for (i = 0; i < 64; i++) {
        ngx_chat_auth_session_new(tokens[i], hash);
    }

    least = 64;

    for (place = 0; place < 43; place++) {
        n = 0;

        for (ch = 0; ch < 256; ch++) {
            for (i = 0; i < 64 && tokens[i][place] != ch; i++) { /* void */ }
            n += (i < 64);
        }

        least = ngx_min(least, n);
    }

    ok(least > 6, "%lu letters at least", (unsigned long) least);
}


UNIT_TEST(session_form)
{
    u_char      hash[32];
    ngx_str_t   t;
    ngx_uint_t  i;

    static const char  *tokens[] = {
        "",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh88",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh=",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH+8",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH/8",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd h8",
        " AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH\xc3\xa9"
    };

    for (i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        t.data = (u_char *) tokens[i];
        t.len = strlen(tokens[i]);

        is_int(ngx_chat_auth_session_hash(&t, hash), NGX_DECLINED, tokens[i]);
    }
}


UNIT_TEST(session_alphabet)
{
    u_char      token[43], hash[32];
    ngx_str_t   t;
    ngx_uint_t  i, ch, letter, wrong;

    wrong = 0;
    t.data = token;
    t.len = 43;

    for (i = 0; i < 43; i++) {
        memset(token, 'A', sizeof(token));

        for (ch = 0; ch < 256; ch++) {
            token[i] = ch;

            /* the last one has two bits too many, which must be 0 */

            letter = i < 42 ? (ch && strchr(LETTERS, ch) != NULL)
                            : (ch && strchr("AEIMQUYcgkosw048", ch) != NULL);

            if (ngx_chat_auth_session_hash(&t, hash)
                != (letter ? NGX_OK : NGX_DECLINED))
            {
                wrong++;
            }
        }
    }

    is_int(wrong, 0, "each letter and nothing else, at each place");
}


UNIT_TEST(password)
{
    u_char      hash[NGX_CHAT_PASSWORD_HASH_LEN];
    u_char      hash2[NGX_CHAT_PASSWORD_HASH_LEN], longest[201];
    ngx_str_t   right = ngx_string("correct horse"), h, s, none;
    ngx_uint_t  i;

    static ngx_str_t  wrong[] = {
        ngx_string("correct hors"),
        ngx_string("correct horse "),
        ngx_string("correct horse\0"),
        ngx_string("Correct horse"),
        ngx_null_string
    };

    is_int(ngx_chat_auth_password_hash(&right, hash), NGX_OK, "hashed");
    ok(strncmp((char *) hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0,
       "by Argon2id, 19 MiB, twice");

    h.data = hash;
    h.len = strlen((char *) hash);
    is_int(ngx_chat_auth_password_verify(&right, &h), NGX_OK, "the right one");

    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        is_int(ngx_chat_auth_password_verify(&wrong[i], &h), NGX_DECLINED,
               "a wrong one");
    }

    ngx_chat_auth_password_hash(&right, hash2);
    ok(strcmp((char *) hash, (char *) hash2) != 0, "salted");

    memset(longest, 'a', sizeof(longest));
    s.data = longest;
    s.len = 201;
    ngx_chat_auth_password_hash(&s, hash2);
    h.data = hash2;
    h.len = strlen((char *) hash2);
    s.len = 200;
    is_int(ngx_chat_auth_password_verify(&s, &h), NGX_DECLINED,
           "the 201st character counts");

    ngx_str_null(&none);
    is_int(ngx_chat_auth_password_hash(&none, hash2), NGX_OK, "an empty one");
    h.len = strlen((char *) hash2);
    is_int(ngx_chat_auth_password_verify(&none, &h), NGX_OK, "verifies");
}


UNIT_TEST(password_without_hash)
{
    u_char     many[300];
    ngx_str_t  s = ngx_string("correct horse"), h;

    ngx_str_null(&h);
    is_int(ngx_chat_auth_password_verify(&s, &h), NGX_DECLINED, "none");

    memset(many, 'a', sizeof(many));
    memcpy(many, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    h.data = many;

    for (h.len = 126; h.len < 130; h.len++) {
        is_int(ngx_chat_auth_password_verify(&s, &h), NGX_DECLINED,
               "no hash at all");
    }

    h.len = 300;
    is_int(ngx_chat_auth_password_verify(&s, &h), NGX_DECLINED, "too long");

    ngx_str_set(&h, "$argon2id$v=19$m=19456,t=2,p=1$");
    is_int(ngx_chat_auth_password_verify(&s, &h), NGX_DECLINED, "half of one");
}


/* an unknown login must not be told by the time that it takes */

UNIT_TEST(password_of_nobody)
{
    u_char           hash[NGX_CHAT_PASSWORD_HASH_LEN];
    ngx_str_t        s = ngx_string("correct horse"), h, none;
    ngx_uint_t       i;
    double           began, known, unknown;

    ngx_str_null(&none);
    ngx_chat_auth_password_hash(&s, hash);
    h.data = hash;
    h.len = strlen((char *) hash);

    known = 1e12;
    unknown = 1e12;

    for (i = 0; i < 8; i++) {
        began = unit_worked();
        ngx_chat_auth_password_verify(&s, &h);
        known = ngx_min(known, unit_worked() - began);

        began = unit_worked();
        ngx_chat_auth_password_verify(&s, &none);
        unknown = ngx_min(unknown, unit_worked() - began);
    }

    ok(unknown > known / 1.5 && unknown < known * 1.5,
       "%.0f and %.0f us of processor", known / 1e3, unknown / 1e3);
}


/* in a process of its own, which gets 12 MiB more, and not 19 */

UNIT_TEST(password_without_memory)
{
    int            status;
    FILE          *statm;
    pid_t          pid;
    u_char         hash[NGX_CHAT_PASSWORD_HASH_LEN];
    u_char         more[NGX_CHAT_PASSWORD_HASH_LEN];
    ngx_str_t      s = ngx_string("correct horse"), h;
    struct rlimit  limit;
    unsigned long  pages;

    ngx_chat_auth_password_hash(&s, hash);
    h.data = hash;
    h.len = strlen((char *) hash);

    pid = fork();

    if (pid == 0) {
        statm = fopen("/proc/self/statm", "r");

        if (statm == NULL || fscanf(statm, "%lu", &pages) != 1) {
            _exit(4);
        }

        getrlimit(RLIMIT_AS, &limit);
        limit.rlim_cur = pages * ngx_pagesize + 12 * 1024 * 1024;
        setrlimit(RLIMIT_AS, &limit);

        _exit((ngx_chat_auth_password_verify(&s, &h) == NGX_DECLINED ? 1 : 0)
              + (ngx_chat_auth_password_hash(&s, more) == NGX_ERROR ? 2 : 0));
    }

    waitpid(pid, &status, 0);
    is_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 3,
           "no hash, and nobody is let in");
}


UNIT_TEST(setup_code)
{
    u_char      code[NGX_CHAT_SETUP_CODE_LEN + 1], other[24];
    ngx_uint_t  i, wrong, round;
    u_char      seen[256];

    static const char  letters[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    wrong = 0;
    memset(seen, 0, sizeof(seen));

    for (round = 0; round < 1000; round++) {
        code[NGX_CHAT_SETUP_CODE_LEN] = '!';
        ngx_chat_auth_setup_code(code);

        for (i = 0; i < NGX_CHAT_SETUP_CODE_LEN; i++) {
            wrong += (i % 5 == 4) ? code[i] != '-'
                                  : strchr(letters, code[i]) == NULL;
            seen[code[i]] = 1;
        }

        wrong += (code[NGX_CHAT_SETUP_CODE_LEN] != '!');
    }

    is_int(wrong, 0, "five groups of four");

    for (i = 0; letters[i] && seen[(u_char) letters[i]]; i++) { /* void */ }

    is_int(i, sizeof(letters) - 1, "of all letters");

    ngx_chat_auth_setup_code(other);
    ok(memcmp(code, other, 24) != 0, "another each time");
}


UNIT_TEST(equal)
{
    ngx_str_t  a = ngx_string("abc"), b = ngx_string("abd");
    ngx_str_t  c = ngx_string("ab"), d = ngx_string("abc"), none, nil;

    ngx_str_null(&none);
    ngx_str_null(&nil);

    ok(ngx_chat_auth_equal(&a, &d), "the same text");
    ok(!ngx_chat_auth_equal(&a, &b), "another last letter");
    ok(!ngx_chat_auth_equal(&a, &c), "a shorter one");
    ok(!ngx_chat_auth_equal(&c, &a), "a longer one");
    ok(!ngx_chat_auth_equal(&a, &none), "none");
    ok(ngx_chat_auth_equal(&nil, &none), "two of nothing");
}


UNIT_TEST(number)
{
    uint64_t        n;
    ngx_str_t       a = ngx_string("ada"), b = ngx_string("bob"), none;
    ngx_str_t       tail = ngx_string("xada");
    ngx_chat_key_t  key, other;

    ngx_str_null(&none);
    memset(&key, 1, sizeof(key));
    memset(&other, 2, sizeof(other));

    n = ngx_chat_auth_number(&key, "login", &a);

    ok(n != 0, "a number");
    ok(n == ngx_chat_auth_number(&key, "login", &a), "the same each time");
    ok(n != ngx_chat_auth_number(&key, "login", &b), "not for another text");
    ok(n != ngx_chat_auth_number(&key, "address", &a), "or another kind");
    ok(n != ngx_chat_auth_number(&other, "login", &a), "or by another key");
    ok(ngx_chat_auth_number(&key, "loginx", &a)
       != ngx_chat_auth_number(&key, "login", &tail), "the kind has an end");
    ok(ngx_chat_auth_number(&key, "login", &none) != n, "nobody has one, too");
}


UNIT_TEST(random_and_wipe)
{
    u_char      a[32], b[32];
    ngx_uint_t  i;

    memset(a, 0, sizeof(a));
    memset(b, 0, sizeof(b));
    ngx_chat_auth_random(a, sizeof(a));
    ok(memcmp(a, b, sizeof(a)) != 0, "random");

    ngx_chat_auth_random(b, sizeof(b));
    ok(memcmp(a, b, sizeof(a)) != 0, "never twice the same");

    ngx_chat_auth_wipe(a, 31);

    for (i = 0; i < 31 && a[i] == 0; i++) { /* void */ }

    is_int(i, 31, "overwritten");
}
