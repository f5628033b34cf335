
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Operators' sessions that this worker has looked up of late, so that a poll
 * costs no read of the database.  An entry is good for a few seconds; when
 * sessions end anywhere, a record in the ring (REVOKED) drops the operator's
 * entries in all workers at once.  Event loop only; bounded.
 */

#ifndef NGX_HTTP_CHAT_SESSION_H
#define NGX_HTTP_CHAT_SESSION_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/auth.h"
#include "domain/operator.h"


#define NGX_HTTP_CHAT_SESSION_TRUST  10000      /* ms */
#define NGX_HTTP_CHAT_SESSION_KNOWN  600000     /* ms */
#define NGX_HTTP_CHAT_SESSIONS       4096
#define NGX_HTTP_CHAT_SESSION_SWEEP  3600       /* s */


typedef struct {
    int64_t              operator;
    ngx_chat_role_e      role;
    ngx_chat_status_e    status;                /* the stored choice */
    int64_t              expires_at;            /* ms */
    ngx_str_t            name;
} ngx_http_chat_identity_t;


/*
 * NGX_OK with the identity, its name copied into the pool; NGX_DECLINED when
 * the database must be asked; NGX_ERROR when memory is out.
 */
ngx_int_t ngx_http_chat_session_find(u_char *hash, int64_t now,
    ngx_pool_t *pool, ngx_http_chat_identity_t *identity);

/* whether it was a session lately, and so is most likely still one */
ngx_uint_t ngx_http_chat_session_known(u_char *hash);

/* what changes with every revocation: taken before the database is asked */
ngx_uint_t ngx_http_chat_session_generation(void);

/*
 * Keeps what the database said, unless a revocation came in between: the
 * account, and when the session ends.
 */
void ngx_http_chat_session_keep(u_char *hash, ngx_chat_operator_t *op,
    int64_t expires_at, int64_t now, ngx_uint_t generation);

/* all of an operator's, or with 0 all there are */
void ngx_http_chat_session_forget(int64_t operator);

/* once a second: those that are too old */
void ngx_http_chat_session_expire(int64_t now);

/* once a second, in one of the workers: has the database's deleted that are
   over, if it is time for that */
void ngx_http_chat_session_sweep(void);


#endif /* NGX_HTTP_CHAT_SESSION_H */
