
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/auth.h"
#include "domain/claim.h"


#define NGX_CHAT_CLAIM_LINES  5


ngx_str_t  ngx_chat_claim_names[] = {
    ngx_string("verified"),
    ngx_string("wrong"),
    ngx_string("expired"),
    ngx_string("unknown")
};


ngx_chat_claim_e
ngx_chat_claim_check(ngx_chat_claim_t *claim, ngx_array_t *secrets,
    int64_t now)
{
    u_char       expires[NGX_INT64_LEN];
    ngx_str_t   *secret;
    ngx_str_t    lines[NGX_CHAT_CLAIM_LINES];
    ngx_uint_t   i, good;

    if (secrets == NULL || secrets->nelts == 0) {
        return NGX_CHAT_CLAIM_UNKNOWN;
    }

    ngx_str_set(&lines[0], "chat-identity");

    lines[1] = claim->id;
    lines[2] = claim->name;
    lines[3] = claim->email;
    lines[4].data = expires;
    lines[4].len = claim->expires
                   ? ngx_sprintf(expires, "%L", claim->expires) - expires : 0;

    secret = secrets->elts;

    for (good = 0, i = 0; i < secrets->nelts; i++) {
        good |= ngx_chat_auth_signed(&secret[i], lines, NGX_CHAT_CLAIM_LINES,
                                     &claim->signature);
    }

    /* who has no secret does not learn what a good one's time would be */

    if (!good) {
        return NGX_CHAT_CLAIM_WRONG;
    }

    return claim->expires && claim->expires <= now / 1000
           ? NGX_CHAT_CLAIM_EXPIRED : NGX_CHAT_CLAIM_GOOD;
}
