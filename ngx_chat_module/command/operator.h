
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Accounts and sessions.  Passwords are hashed and verified in heavy read
 * jobs before the write, so that the writer never waits for Argon2id.
 *
 *   log in:           verify (read, heavy) ──► login (write)
 *   set up, create:   hash (read, heavy) ──► setup, create (write)
 *   change one's own: verify (read, heavy) ──► password (write)
 */

#ifndef NGX_CHAT_COMMAND_OPERATOR_H
#define NGX_CHAT_COMMAND_OPERATOR_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/auth.h"
#include "base/field.h"
#include "command/command.h"


typedef struct {
    int64_t                operator;    /* who asks; 0 before log-in */
    int64_t                now;         /* ms */
    ngx_chat_presence_t   *presence;
    int64_t                id;          /* account to change */
    ngx_str_t              code;        /* setup */
    ngx_str_t              login;
    ngx_str_t              name;
    ngx_str_t              current;     /* verify: the password to check */
    ngx_str_t              password;    /* hash: the new one; wiped there */
    ngx_str_t              hash;        /* hash: out; to the writing command */
    ngx_uint_t             role;        /* 0: leave */
    ngx_uint_t             status;
    ngx_chat_tristate_e    disabled;
    ngx_str_t              session;     /* 32 bytes: hash of the session */
    ngx_str_t              replaced;    /* login: that of the one before it */
    int64_t                expires_at;  /* login; session: out */
    int64_t                others;      /* logout: out, another session of
                                           the operator is good */
    ngx_chat_operator_t    found;       /* session, verify: out */
} ngx_chat_operator_args_t;


/*
 * Read, heavy: checks .current against the account of .login (or, when that
 * is empty, of .operator) if .current is given (.data is not NULL, it may be
 * empty), then hashes .password if that is given.  OK with .found and .hash,
 * or CREDENTIALS, also when neither is given.  Both texts are wiped.
 */
ngx_int_t ngx_chat_operator_verify(ngx_chat_job_t *job, ngx_chat_db_t *db);

/*
 * Write: the first account, role admin; CREATED with {"operator":...}, or
 * SET_UP, CODE.  Removes the code's file after the commit has a chance: the
 * code is worthless anyway once an account exists.
 */
ngx_int_t ngx_chat_operator_setup(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* write: a session for .found.id, in place of .replaced if there is such a
   one; CREATED with an OperatorSession */
ngx_int_t ngx_chat_operator_login(ngx_chat_job_t *job, ngx_chat_db_t *db);
/* write: forgets .session; EMPTY, with .others; tells the workers (REVOKED) */
ngx_int_t ngx_chat_operator_logout(ngx_chat_job_t *job, ngx_chat_db_t *db);
/* write: forgets all sessions that are over; EMPTY */
ngx_int_t ngx_chat_operator_expire(ngx_chat_job_t *job, ngx_chat_db_t *db);
/* read: .session ──► .found, .expires_at and, in the body, an
   OperatorSession; CREDENTIALS when unknown, expired or disabled */
ngx_int_t ngx_chat_operator_session(ngx_chat_job_t *job, ngx_chat_db_t *db);
/* write: own status; OK with {"operator":...} */
ngx_int_t ngx_chat_operator_status(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* read: {"operators":[...]}; enabled ones, or all with .id == -1 */
ngx_int_t ngx_chat_operator_list(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* admin, write: CREATED or LOGIN_TAKEN */
ngx_int_t ngx_chat_operator_create(ngx_chat_job_t *job, ngx_chat_db_t *db);
/* admin, write: name, role, disabled of .id; OK, NOT_FOUND, LAST_ADMIN;
   disabling deletes sessions, releases conversations, tells the workers */
ngx_int_t ngx_chat_operator_update(ngx_chat_job_t *job, ngx_chat_db_t *db);
/*
 * Write: .hash becomes the password of .id; EMPTY or NOT_FOUND.  Other
 * sessions of the account end (all but .session when it is one's own).  One's
 * own needs .found of the job that verified the old one, else CREDENTIALS.
 */
ngx_int_t ngx_chat_operator_password(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_OPERATOR_H */
