
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Accounts with real passwords, and their sessions.
 */


#ifndef _SESSION_H_INCLUDED_
#define _SESSION_H_INCLUDED_


#include "fixture.h"


#define HASH_A  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HASH_C  "cccccccccccccccccccccccccccccccc"


/* of the one test that runs */

static fixture_t                 f;
static answer_t                  answer;
static ngx_chat_operator_args_t  a;


static inline void
begin(ngx_pool_t *pool, ngx_log_t *log)
{
    fixture_open(&f, pool, log);
    memset(&a, 0, sizeof(a));
}


/* texts that are wiped must not be literals */

static inline void
secret(ngx_str_t *s, ngx_pool_t *pool, const char *text)
{
    s->len = strlen(text);
    s->data = ngx_pnalloc(pool, s->len + 1);
    memcpy(s->data, text, s->len + 1);
}


/* an account with a real password */

static inline ngx_int_t
employ(ngx_pool_t *pool, int64_t by, const char *login, const char *password,
    ngx_uint_t role)
{
    u_char     *hash;
    ngx_str_t   text;

    hash = ngx_pcalloc(pool, NGX_CHAT_PASSWORD_HASH_LEN);

    text.data = (u_char *) password;
    text.len = strlen(password);
    ngx_chat_auth_password_hash(&text, hash);

    memset(&a, 0, sizeof(a));
    a.operator = by;
    a.now = 1;
    a.role = role;
    a.login.data = (u_char *) login;
    a.login.len = strlen(login);
    a.name = a.login;
    a.hash.data = hash;
    a.hash.len = strlen((char *) hash);

    write_command(&f, &answer, ngx_chat_operator_create, &a);

    return answer.rc;
}


/* verify and log in with one job, as the API does */

static inline ngx_int_t
verify(ngx_pool_t *pool, const char *login, const char *password,
    ngx_chat_job_t **job)
{
    ngx_chat_operator_args_t  *args;

    *job = fixture_job(&f, ngx_chat_operator_verify, sizeof(*args));
    (*job)->heavy = 1;

    args = (*job)->args;
    args->now = 100;
    args->login.data = (u_char *) login;
    args->login.len = strlen(login);
    secret(&args->current, (*job)->pool, password);

    return fixture_read(&f, *job);
}


static inline ngx_int_t
log_in(ngx_chat_job_t *job, const char *hash, int64_t expires_at)
{
    ngx_chat_operator_args_t  *args = job->args;

    args->session.data = (u_char *) hash;
    args->session.len = 32;
    args->expires_at = expires_at;

    job->run = ngx_chat_operator_login;

    return fixture_write(&f, job);
}


static inline void
who(const char *hash, int64_t now)
{
    memset(&a, 0, sizeof(a));
    a.now = now;
    a.session.data = (u_char *) hash;
    a.session.len = 32;

    read_command(&f, &answer, ngx_chat_operator_session, &a);
}


#endif /* _SESSION_H_INCLUDED_ */
