
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A brake for those who guess passwords and codes.  Every attempt counts as
 * a failure before it is checked, so that a hundred at once count too, and
 * is forgiven when it was right.  Counted are: this address with this login
 * (few), the login from anywhere (more, so that nobody can lock others out
 * easily), the address with any login (more, for a whole office behind one).
 */

#ifndef NGX_HTTP_CHAT_GUESS_H
#define NGX_HTTP_CHAT_GUESS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/request.h"


#define NGX_HTTP_CHAT_GUESS_KEYS  3


typedef struct {
    uint64_t    keys[NGX_HTTP_CHAT_GUESS_KEYS];
} ngx_http_chat_guess_t;


/*
 * kind: what is guessed; who: whose it is, NULL for nobody's in particular.
 * NGX_DECLINED to go on, or 429 has been answered.
 */
ngx_int_t ngx_http_chat_guess(ngx_http_chat_ctx_t *ctx,
    ngx_http_chat_guess_t *guess, const char *kind, ngx_str_t *who);

/* it was right: this address may err anew, and the others' count goes back */
void ngx_http_chat_guess_right(ngx_http_chat_guess_t *guess);


#endif /* NGX_HTTP_CHAT_GUESS_H */
