
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/guess.h"
#include "http/reply.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_GUESS_WINDOW  300000      /* ms */


/* failures within the window: the pair, the name, the address */

static ngx_uint_t  ngx_http_chat_guess_limits[NGX_HTTP_CHAT_GUESS_KEYS] = {
    5, 50, 30
};


static ngx_int_t ngx_http_chat_guess_keys(ngx_http_chat_ctx_t *ctx,
    ngx_http_chat_guess_t *guess, const char *kind, ngx_str_t *who);
static void ngx_http_chat_guess_net(ngx_connection_t *c, ngx_str_t *net);


ngx_int_t
ngx_http_chat_guess(ngx_http_chat_ctx_t *ctx, ngx_http_chat_guess_t *guess,
    const char *kind, ngx_str_t *who)
{
    int64_t                now, wait, w;
    ngx_uint_t             i;
    ngx_http_chat_zone_t  *zone;

    static ngx_str_t  detail = ngx_string("too many attempts, "
                                          "wait a few minutes");

    if (ngx_http_chat_guess_keys(ctx, guess, kind, who) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    now = ngx_http_chat_now();
    zone = ngx_http_chat_worker->zone;
    wait = 0;

    ngx_shmtx_lock(zone->mutex);

    for (i = 0; i < NGX_HTTP_CHAT_GUESS_KEYS; i++) {
        w = ngx_chat_throttle_wait(zone->throttle, guess->keys[i],
                                   ngx_http_chat_guess_limits[i],
                                   NGX_HTTP_CHAT_GUESS_WINDOW, now);
        wait = ngx_max(wait, w);
    }

    for (i = 0; wait == 0 && i < NGX_HTTP_CHAT_GUESS_KEYS; i++) {
        ngx_chat_throttle_failed(zone->throttle, guess->keys[i],
                                 NGX_HTTP_CHAT_GUESS_WINDOW, now);
    }

    ngx_shmtx_unlock(zone->mutex);

    if (wait == 0) {
        return NGX_DECLINED;
    }

    ngx_log_error(NGX_LOG_WARN, ctx->request->connection->log, 0,
                  "chat %s attempts throttled", kind);

    return ngx_http_chat_reply_problem(ctx->request, NGX_HTTP_CHAT_TOO_MANY,
                                       &detail, NULL,
                                       (ngx_uint_t) (wait + 999) / 1000);
}


void
ngx_http_chat_guess_right(ngx_http_chat_guess_t *guess)
{
    ngx_uint_t             i;
    ngx_http_chat_zone_t  *zone;

    zone = ngx_http_chat_worker->zone;

    ngx_shmtx_lock(zone->mutex);

    ngx_chat_throttle_clear(zone->throttle, guess->keys[0]);

    for (i = 1; i < NGX_HTTP_CHAT_GUESS_KEYS; i++) {
        ngx_chat_throttle_forgive(zone->throttle, guess->keys[i]);
    }

    ngx_shmtx_unlock(zone->mutex);
}


static ngx_int_t
ngx_http_chat_guess_keys(ngx_http_chat_ctx_t *ctx,
    ngx_http_chat_guess_t *guess, const char *kind, ngx_str_t *who)
{
    ngx_str_t        pair, name, net;
    ngx_chat_key_t  *key;

    ngx_http_chat_guess_net(ctx->request->connection, &net);
    ngx_str_null(&name);

    if (who) {
        name = *who;
    }

    pair.len = name.len + 1 + net.len;
    pair.data = ngx_pnalloc(ctx->request->pool, pair.len);
    if (pair.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(pair.data, "%V %V", &name, &net);

    key = &ngx_http_chat_worker->key;

    guess->keys[0] = ngx_chat_auth_number(key, kind, &pair);
    guess->keys[1] = ngx_chat_auth_number(key, kind, &name);
    guess->keys[2] = ngx_chat_auth_number(key, "address", &net);

    return NGX_OK;
}


/*
 * In binary, as texts of one address differ.  Who has one IPv6 address has
 * 2^64 of them: the first half stands for all.
 */

static void
ngx_http_chat_guess_net(ngx_connection_t *c, ngx_str_t *net)
{
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    u_char               *p;
    struct sockaddr_in6  *sin6;
#endif

    switch (c->sockaddr->sa_family) {

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) c->sockaddr;
        p = sin6->sin6_addr.s6_addr;

        if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            net->data = p + 12;
            net->len = 4;

        } else {
            net->data = p;
            net->len = 8;
        }

        break;
#endif

    case AF_INET:
        sin = (struct sockaddr_in *) c->sockaddr;

        net->data = (u_char *) &sin->sin_addr;
        net->len = 4;
        break;

    default:
        *net = c->addr_text;
    }
}
