
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include <sodium.h>
#include "base/auth.h"


#define NGX_CHAT_TOKEN_LEN    32        /* bytes that 43 characters stand for */
#define NGX_CHAT_TAG_LEN      (NGX_CHAT_TOKEN_LEN - NGX_CHAT_UID_LEN)

#define NGX_CHAT_PWHASH_OPS   2
#define NGX_CHAT_PWHASH_MEM   (19 * 1024 * 1024)

#define NGX_CHAT_CODE_GROUP   4         /* "K7QM-..." */


static ngx_int_t ngx_chat_auth_read_key(ngx_chat_key_t *key, const char *path,
    ngx_log_t *log);
static ngx_int_t ngx_chat_auth_make_key(const char *path, ngx_log_t *log);
static ngx_int_t ngx_chat_auth_write_key(ngx_fd_t fd, const char *path,
    ngx_log_t *log);
static ngx_int_t ngx_chat_auth_sync_dir(const char *path, ngx_log_t *log);
static void ngx_chat_auth_tag(ngx_chat_key_t *key, ngx_str_t *site,
    u_char *uid, u_char tag[NGX_CHAT_TAG_LEN]);
static void ngx_chat_auth_encode(u_char *token,
    u_char bytes[NGX_CHAT_TOKEN_LEN]);
static ngx_int_t ngx_chat_auth_decode(u_char bytes[NGX_CHAT_TOKEN_LEN],
    ngx_str_t *token);


/* a tag of another purpose by the same key must begin with another text */

static const u_char  ngx_chat_auth_visitor_purpose[] = "ngx_chat visitor 1";
static const u_char  ngx_chat_auth_number_purpose[] = "ngx_chat number 1";


/* letters and digits that can't be taken for each other */

static const u_char  ngx_chat_auth_letters[] =
    "23456789ABCDEFGHJKMNPQRSTUVWXYZ";


/* of nobody's password, at the cost of everybody's */

static const char  ngx_chat_auth_nobody[] =
    "$argon2id$v=19$m=19456,t=2,p=1$w8FyeRrSKKlUi/P/niu+FA"
    "$zbSbE9sRVK+UyIi8zVxKxRH1jgckPi70mwdEZvGnj88";


ngx_int_t
ngx_chat_auth_init(void)
{
    return (sodium_init() == -1) ? NGX_ERROR : NGX_OK;
}


ngx_int_t
ngx_chat_auth_load_key(ngx_chat_key_t *key, const char *path, ngx_log_t *log)
{
    ngx_int_t  rc;

    rc = ngx_chat_auth_read_key(key, path, log);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_chat_auth_make_key(path, log) != NGX_OK) {
        return NGX_ERROR;
    }

    /* whoever came first has made it */

    rc = ngx_chat_auth_read_key(key, path, log);

    if (rc == NGX_DECLINED) {
        ngx_log_error(NGX_LOG_EMERG, log, 0,
                      "key file \"%s\" disappeared", path);
        return NGX_ERROR;
    }

    return rc;
}


void
ngx_chat_auth_visitor_new(ngx_chat_key_t *key, ngx_str_t *site,
    u_char uid[NGX_CHAT_UID_LEN], u_char token[NGX_CHAT_VISITOR_TOKEN_LEN])
{
    u_char  bytes[NGX_CHAT_TOKEN_LEN];

    randombytes_buf(uid, NGX_CHAT_UID_LEN);

    ngx_memcpy(bytes, uid, NGX_CHAT_UID_LEN);
    ngx_chat_auth_tag(key, site, uid, bytes + NGX_CHAT_UID_LEN);

    ngx_chat_auth_encode(token, bytes);
}


ngx_int_t
ngx_chat_auth_visitor_check(ngx_chat_key_t *key, ngx_str_t *site,
    ngx_str_t *token, u_char uid[NGX_CHAT_UID_LEN])
{
    u_char  bytes[NGX_CHAT_TOKEN_LEN], tag[NGX_CHAT_TAG_LEN];

    if (ngx_chat_auth_decode(bytes, token) != NGX_OK) {
        return NGX_DECLINED;
    }

    ngx_chat_auth_tag(key, site, bytes, tag);

    if (sodium_memcmp(tag, bytes + NGX_CHAT_UID_LEN, NGX_CHAT_TAG_LEN) != 0) {
        return NGX_DECLINED;
    }

    ngx_memcpy(uid, bytes, NGX_CHAT_UID_LEN);

    return NGX_OK;
}


uint64_t
ngx_chat_auth_visitor_topic(u_char uid[NGX_CHAT_UID_LEN])
{
    uint64_t    topic;
    ngx_uint_t  i;

    /* the same in every process and on every machine, so no memcpy() */

    topic = 0;

    for (i = 0; i < sizeof(uint64_t); i++) {
        topic = (topic << 8) | uid[i];
    }

    topic &= INT64_MAX;

    return topic ? topic : 1;
}


void
ngx_chat_auth_session_new(u_char token[NGX_CHAT_SESSION_TOKEN_LEN],
    u_char hash[NGX_CHAT_SESSION_HASH_LEN])
{
    u_char  bytes[NGX_CHAT_TOKEN_LEN];

    randombytes_buf(bytes, NGX_CHAT_TOKEN_LEN);

    ngx_chat_auth_encode(token, bytes);

    crypto_generichash(hash, NGX_CHAT_SESSION_HASH_LEN, bytes,
                       NGX_CHAT_TOKEN_LEN, NULL, 0);

    sodium_memzero(bytes, NGX_CHAT_TOKEN_LEN);
}


ngx_int_t
ngx_chat_auth_session_hash(ngx_str_t *token,
    u_char hash[NGX_CHAT_SESSION_HASH_LEN])
{
    u_char  bytes[NGX_CHAT_TOKEN_LEN];

    if (ngx_chat_auth_decode(bytes, token) != NGX_OK) {
        return NGX_DECLINED;
    }

    crypto_generichash(hash, NGX_CHAT_SESSION_HASH_LEN, bytes,
                       NGX_CHAT_TOKEN_LEN, NULL, 0);

    sodium_memzero(bytes, NGX_CHAT_TOKEN_LEN);

    return NGX_OK;
}


ngx_int_t
ngx_chat_auth_password_hash(ngx_str_t *password,
    u_char hash[NGX_CHAT_PASSWORD_HASH_LEN])
{
    if (crypto_pwhash_str_alg((char *) hash, (char *) password->data,
                              password->len, NGX_CHAT_PWHASH_OPS,
                              NGX_CHAT_PWHASH_MEM,
                              crypto_pwhash_ALG_ARGON2ID13)
        != 0)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_chat_auth_password_verify(ngx_str_t *password, ngx_str_t *hash)
{
    int   rc;
    char  str[NGX_CHAT_PASSWORD_HASH_LEN];

    if (hash->len >= NGX_CHAT_PASSWORD_HASH_LEN) {
        return NGX_DECLINED;
    }

    ngx_memzero(str, NGX_CHAT_PASSWORD_HASH_LEN);

    if (hash->len) {
        ngx_memcpy(str, hash->data, hash->len);

    } else {
        ngx_memcpy(str, ngx_chat_auth_nobody, sizeof(ngx_chat_auth_nobody));
    }

    rc = crypto_pwhash_str_verify(str, (char *) password->data,
                                  password->len);

    sodium_memzero(str, NGX_CHAT_PASSWORD_HASH_LEN);

    return (rc == 0 && hash->len) ? NGX_OK : NGX_DECLINED;
}


void
ngx_chat_auth_setup_code(u_char code[NGX_CHAT_SETUP_CODE_LEN])
{
    uint32_t    n;
    ngx_uint_t  i;

    /* 20 letters, 99 bits */

    for (i = 0; i < NGX_CHAT_SETUP_CODE_LEN; i++) {

        if (i % (NGX_CHAT_CODE_GROUP + 1) == NGX_CHAT_CODE_GROUP) {
            code[i] = '-';
            continue;
        }

        n = randombytes_uniform(sizeof(ngx_chat_auth_letters) - 1);
        code[i] = ngx_chat_auth_letters[n];
    }
}


ngx_uint_t
ngx_chat_auth_equal(ngx_str_t *a, ngx_str_t *b)
{
    /* the length is no secret */

    return a->len == b->len && sodium_memcmp(a->data, b->data, a->len) == 0;
}


/* unambiguous: the kind ends with its NUL */

uint64_t
ngx_chat_auth_quick(ngx_chat_key_t *key, ngx_str_t *text)
{
    u_char    hash[crypto_shorthash_BYTES];
    uint64_t  n;

    crypto_shorthash(hash, text->data, text->len, key->secret);

    ngx_memcpy(&n, hash, sizeof(uint64_t));

    n &= INT64_MAX;

    return n ? n : 1;
}


uint64_t
ngx_chat_auth_number(ngx_chat_key_t *key, const char *kind, ngx_str_t *text)
{
    u_char                    hash[crypto_generichash_BYTES_MIN];
    uint64_t                  n;
    crypto_generichash_state  state;

    crypto_generichash_init(&state, key->secret, NGX_CHAT_KEY_LEN,
                            sizeof(hash));
    crypto_generichash_update(&state, ngx_chat_auth_number_purpose,
                              sizeof(ngx_chat_auth_number_purpose));
    crypto_generichash_update(&state, (const u_char *) kind,
                              ngx_strlen(kind) + 1);
    crypto_generichash_update(&state, text->data, text->len);
    crypto_generichash_final(&state, hash, sizeof(hash));

    sodium_memzero(&state, sizeof(crypto_generichash_state));

    ngx_memcpy(&n, hash, sizeof(uint64_t));

    return n ? n : 1;
}


void
ngx_chat_auth_random(void *buf, size_t len)
{
    randombytes_buf(buf, len);
}


void
ngx_chat_auth_wipe(void *buf, size_t len)
{
    sodium_memzero(buf, len);
}


/* NGX_DECLINED: there is no such file */

static ngx_int_t
ngx_chat_auth_read_key(ngx_chat_key_t *key, const char *path, ngx_log_t *log)
{
    u_char     buf[NGX_CHAT_KEY_LEN + 1];
    ssize_t    n;
    ngx_fd_t   fd;
    ngx_err_t  err;

    fd = open(path, O_RDONLY|O_NONBLOCK|O_CLOEXEC);

    if (fd == NGX_INVALID_FILE) {
        err = ngx_errno;

        if (err == NGX_ENOENT) {
            return NGX_DECLINED;
        }

        ngx_log_error(NGX_LOG_EMERG, log, err,
                      "open() key file \"%s\" failed", path);
        return NGX_ERROR;
    }

    /* one byte more than a key has tells a longer file */

    n = read(fd, buf, sizeof(buf));
    err = ngx_errno;

    (void) close(fd);

    if (n == -1) {
        ngx_log_error(NGX_LOG_EMERG, log, err,
                      "read() key file \"%s\" failed", path);
        return NGX_ERROR;
    }

    if (n != NGX_CHAT_KEY_LEN) {
        sodium_memzero(buf, sizeof(buf));
        ngx_log_error(NGX_LOG_EMERG, log, 0,
                      "key file \"%s\" has not %d bytes; restore it, or remove "
                      "it to have a new one made, which ends all visitors' "
                      "identities", path, NGX_CHAT_KEY_LEN);
        return NGX_ERROR;
    }

    ngx_memcpy(key->secret, buf, NGX_CHAT_KEY_LEN);
    sodium_memzero(buf, sizeof(buf));

    return NGX_OK;
}


/* makes the file unless somebody else has meanwhile */

static ngx_int_t
ngx_chat_auth_make_key(const char *path, ngx_log_t *log)
{
    char       temp[NGX_MAX_PATH];
    u_char    *p;
    uint64_t   suffix;
    ngx_fd_t   fd;
    ngx_int_t  rc;

    randombytes_buf(&suffix, sizeof(uint64_t));

    p = ngx_snprintf((u_char *) temp, NGX_MAX_PATH, "%s.%016xL%Z", path,
                     suffix);

    if (p == (u_char *) temp + NGX_MAX_PATH) {
        ngx_log_error(NGX_LOG_EMERG, log, 0,
                      "too long key file path \"%s\"", path);
        return NGX_ERROR;
    }

    fd = open(temp, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600);

    if (fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "open() new key file \"%s\" failed", temp);
        return NGX_ERROR;
    }

    rc = ngx_chat_auth_write_key(fd, temp, log);

    (void) close(fd);

    /* rename() would replace a key that others use already */

    if (rc == NGX_OK && link(temp, path) == -1 && ngx_errno != NGX_EEXIST) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "link() \"%s\" to \"%s\" failed", temp, path);
        rc = NGX_ERROR;
    }

    if (unlink(temp) == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      "unlink() \"%s\" failed", temp);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_chat_auth_sync_dir(path, log);
}


static ngx_int_t
ngx_chat_auth_write_key(ngx_fd_t fd, const char *path, ngx_log_t *log)
{
    u_char   secret[NGX_CHAT_KEY_LEN];
    ssize_t  n;

    randombytes_buf(secret, NGX_CHAT_KEY_LEN);

    n = write(fd, secret, NGX_CHAT_KEY_LEN);

    sodium_memzero(secret, NGX_CHAT_KEY_LEN);

    if (n != NGX_CHAT_KEY_LEN) {
        ngx_log_error(NGX_LOG_EMERG, log, (n == -1) ? ngx_errno : 0,
                      "write() new key file \"%s\" failed", path);
        return NGX_ERROR;
    }

    if (fsync(fd) == -1) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "fsync() new key file \"%s\" failed", path);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* the name must be as durable as the key: cookies are about to rely on it */

static ngx_int_t
ngx_chat_auth_sync_dir(const char *path, ngx_log_t *log)
{
    char       *p, dir[NGX_MAX_PATH];
    ngx_fd_t    fd;
    ngx_int_t   rc;

    (void) ngx_cpystrn((u_char *) dir, (u_char *) path, NGX_MAX_PATH);

    p = strrchr(dir, '/');

    if (p == NULL) {
        dir[0] = '.';
        dir[1] = '\0';

    } else {
        p[p == dir] = '\0';
    }

    fd = open(dir, O_RDONLY|O_DIRECTORY|O_CLOEXEC);

    if (fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "open() directory \"%s\" failed", dir);
        return NGX_ERROR;
    }

    rc = NGX_OK;

    if (fsync(fd) == -1) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "fsync() directory \"%s\" failed", dir);
        rc = NGX_ERROR;
    }

    (void) close(fd);

    return rc;
}


ngx_uint_t
ngx_chat_auth_signed(ngx_str_t *secret, ngx_str_t *lines, ngx_uint_t n,
    ngx_str_t *signature)
{
    size_t                        len;
    u_char                        mac[crypto_auth_hmacsha256_BYTES];
    u_char                        said[crypto_auth_hmacsha256_BYTES];
    ngx_uint_t                    i;
    crypto_auth_hmacsha256_state  state;

    if (signature->len != 2 * sizeof(said)
        || sodium_hex2bin(said, sizeof(said), (char *) signature->data,
                          signature->len, NULL, &len, NULL)
           != 0
        || len != sizeof(said))
    {
        return 0;
    }

    crypto_auth_hmacsha256_init(&state, secret->data, secret->len);

    for (i = 0; i < n; i++) {

        if (i) {
            crypto_auth_hmacsha256_update(&state, (u_char *) "\n", 1);
        }

        crypto_auth_hmacsha256_update(&state, lines[i].data, lines[i].len);
    }

    crypto_auth_hmacsha256_final(&state, mac);

    sodium_memzero(&state, sizeof(state));

    return sodium_memcmp(mac, said, sizeof(mac)) == 0;
}


/* unambiguous: the purpose and the uid have fixed lengths, the site between */

static void
ngx_chat_auth_tag(ngx_chat_key_t *key, ngx_str_t *site, u_char *uid,
    u_char tag[NGX_CHAT_TAG_LEN])
{
    crypto_generichash_state  state;

    crypto_generichash_init(&state, key->secret, NGX_CHAT_KEY_LEN,
                            NGX_CHAT_TAG_LEN);
    crypto_generichash_update(&state, ngx_chat_auth_visitor_purpose,
                              sizeof(ngx_chat_auth_visitor_purpose));
    crypto_generichash_update(&state, site->data, site->len);
    crypto_generichash_update(&state, uid, NGX_CHAT_UID_LEN);
    crypto_generichash_final(&state, tag, NGX_CHAT_TAG_LEN);

    sodium_memzero(&state, sizeof(crypto_generichash_state));
}


static void
ngx_chat_auth_encode(u_char *token, u_char bytes[NGX_CHAT_TOKEN_LEN])
{
    char  buf[NGX_CHAT_SESSION_TOKEN_LEN + 1];

    /* sodium adds a NUL, which the token has no room for */

    sodium_bin2base64(buf, sizeof(buf), bytes, NGX_CHAT_TOKEN_LEN,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);

    ngx_memcpy(token, buf, NGX_CHAT_SESSION_TOKEN_LEN);

    sodium_memzero(buf, sizeof(buf));
}


/* one token for 32 bytes: sodium declines stray bits and foreign characters */

static ngx_int_t
ngx_chat_auth_decode(u_char bytes[NGX_CHAT_TOKEN_LEN], ngx_str_t *token)
{
    size_t  i, len;

    if (token->len != NGX_CHAT_SESSION_TOKEN_LEN) {
        return NGX_DECLINED;
    }

    /* where char is signed, sodium 1.0.18 reads each of these as an "A" */

    for (i = 0; i < token->len; i++) {
        if (token->data[i] & 0x80) {
            return NGX_DECLINED;
        }
    }

    if (sodium_base642bin(bytes, NGX_CHAT_TOKEN_LEN, (char *) token->data,
                          token->len, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING)
        != 0)
    {
        return NGX_DECLINED;
    }

    return (len == NGX_CHAT_TOKEN_LEN) ? NGX_OK : NGX_DECLINED;
}
