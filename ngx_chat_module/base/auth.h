
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who somebody is, by libsodium: visitors' signed tokens, operators' session
 * tokens, passwords, the first account's code.  Everything but the password
 * functions costs about a microsecond and may run on the event loop; those
 * cost some 15 ms and 19 MiB and belong on a reader thread, as heavy jobs.
 */

#ifndef NGX_CHAT_AUTH_H
#define NGX_CHAT_AUTH_H


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CHAT_KEY_LEN            32
#define NGX_CHAT_UID_LEN            16
#define NGX_CHAT_VISITOR_TOKEN_LEN  43      /* base64url of uid and tag */
#define NGX_CHAT_SESSION_TOKEN_LEN  43      /* base64url of 32 bytes */
#define NGX_CHAT_SESSION_HASH_LEN   32
#define NGX_CHAT_PASSWORD_HASH_LEN  128     /* with the final NUL */
#define NGX_CHAT_SETUP_CODE_LEN     24


typedef struct {
    u_char   secret[NGX_CHAT_KEY_LEN];
} ngx_chat_key_t;


/* sodium_init(); once a process, before anything else here */
ngx_int_t ngx_chat_auth_init(void);

/*
 * Reads the key from the file, or makes one: written aside, synced, linked
 * into place (mode 0600), so that workers that start together agree and a
 * crash leaves no half key.  A file of another length is an error, not
 * replaced.  Blocks on the disk: process start or a thread, never the loop.
 * Logs its failures.
 */
ngx_int_t ngx_chat_auth_load_key(ngx_chat_key_t *key, const char *path,
    ngx_log_t *log);

/*
 * A visitor: 128 random bits, and a keyed BLAKE2b tag over purpose, site and
 * those bits; a token of one site is worth nothing on another.
 */
void ngx_chat_auth_visitor_new(ngx_chat_key_t *key, ngx_str_t *site,
    u_char uid[NGX_CHAT_UID_LEN], u_char token[NGX_CHAT_VISITOR_TOKEN_LEN]);

/* constant time; NGX_DECLINED when the token is not one of ours */
ngx_int_t ngx_chat_auth_visitor_check(ngx_chat_key_t *key, ngx_str_t *site,
    ngx_str_t *token, u_char uid[NGX_CHAT_UID_LEN]);

/* a visitor's topic: never 0, fits a positive int64_t */
uint64_t ngx_chat_auth_visitor_topic(u_char uid[NGX_CHAT_UID_LEN]);

/* a session: 256 random bits; the server keeps only the hash */
void ngx_chat_auth_session_new(u_char token[NGX_CHAT_SESSION_TOKEN_LEN],
    u_char hash[NGX_CHAT_SESSION_HASH_LEN]);

/* NGX_DECLINED when the token has not the form of one */
ngx_int_t ngx_chat_auth_session_hash(ngx_str_t *token,
    u_char hash[NGX_CHAT_SESSION_HASH_LEN]);

/*
 * Argon2id, 19 MiB, t = 2 (OWASP password storage cheat sheet, 2024).
 * hash is NUL-terminated.  NGX_ERROR when memory is out.
 */
ngx_int_t ngx_chat_auth_password_hash(ngx_str_t *password,
    u_char hash[NGX_CHAT_PASSWORD_HASH_LEN]);

/*
 * NGX_OK or NGX_DECLINED.  An empty hash verifies against a constant one and
 * declines, so that an unknown login costs the same.  sodium does not tell a
 * lack of memory from a wrong password: both decline.
 */
ngx_int_t ngx_chat_auth_password_verify(ngx_str_t *password, ngx_str_t *hash);

/* letters and digits without look-alikes, in groups: "K7QM-..." */
void ngx_chat_auth_setup_code(u_char code[NGX_CHAT_SETUP_CODE_LEN]);

/* constant-time comparison of two texts */
ngx_uint_t ngx_chat_auth_equal(ngx_str_t *a, ngx_str_t *b);

/*
 * Whether a signature, in hexadecimal, is the HMAC-SHA-256 of the lines with
 * a line feed between them.  Constant time but for lengths.
 */
ngx_uint_t ngx_chat_auth_signed(ngx_str_t *secret, ngx_str_t *lines,
    ngx_uint_t n, ngx_str_t *signature);

/*
 * A number for a text, never 0: the same in all processes that have the key,
 * and not to be foreseen without it.
 */
uint64_t ngx_chat_auth_number(ngx_chat_key_t *key, const char *kind,
    ngx_str_t *text);

/*
 * The same in a tenth of the time, by SipHash-2-4 (63 bits): for numbers that
 * live as long as the key, in memory.
 */
uint64_t ngx_chat_auth_quick(ngx_chat_key_t *key, ngx_str_t *text);

void ngx_chat_auth_random(void *buf, size_t len);

/* overwrites a secret that is no longer needed */
void ngx_chat_auth_wipe(void *buf, size_t len);


#endif /* NGX_CHAT_AUTH_H */
