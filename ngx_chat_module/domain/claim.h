
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who a site says that a visitor is, with its signature: for sites that can't
 * send header fields (fact.h).  Signed is the HMAC-SHA-256, by a secret of the
 * site and this nginx, of five lines with a line feed between them:
 *
 *     chat-identity
 *     the id
 *     the name, or nothing
 *     the e-mail address, or nothing
 *     when it expires, in seconds since the epoch, or nothing
 *
 * None of these can hold a line feed, so no two claims have the same text.
 * Pure; any thread.
 */

#ifndef NGX_CHAT_CLAIM_H
#define NGX_CHAT_CLAIM_H


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    ngx_str_t    id;                /* empty: nothing is claimed */
    ngx_str_t    name;              /* may be empty, as the next one */
    ngx_str_t    email;
    ngx_str_t    signature;         /* 64 hexadecimal digits */
    int64_t      expires;           /* s since the epoch; 0: never */
} ngx_chat_claim_t;


typedef enum {
    NGX_CHAT_CLAIM_GOOD = 0,
    NGX_CHAT_CLAIM_WRONG,           /* no secret gives this signature */
    NGX_CHAT_CLAIM_EXPIRED,         /* it would be good else */
    NGX_CHAT_CLAIM_UNKNOWN          /* there is no secret */
} ngx_chat_claim_e;


/* names for the log, by the enum */
extern ngx_str_t  ngx_chat_claim_names[];


/*
 * By any of the secrets (ngx_str_t; NULL: none); now in ms.  About a
 * microsecond for each.
 */
ngx_chat_claim_e ngx_chat_claim_check(ngx_chat_claim_t *claim,
    ngx_array_t *secrets, int64_t now);


#endif /* NGX_CHAT_CLAIM_H */
