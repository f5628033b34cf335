
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The last handler of the preaccess phase: after realip has corrected the
 * address, also by what only a location says, and before anybody is asked for
 * a password, so that "satisfy any" lets nobody around it.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/blocks.h"
#include "http/conf.h"
#include "http/identity.h"
#include "http/worker.h"
#include "module/guard.h"


static ngx_int_t ngx_http_chat_guard(ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_guard_done(ngx_http_request_t *r);
static void ngx_http_chat_guard_mark(void *data);


ngx_int_t
ngx_http_chat_guard_init(ngx_conf_t *cf)
{
    ngx_array_t                *handlers;
    ngx_http_handler_pt        *h;
    ngx_http_chat_main_conf_t  *mcf;
    ngx_http_core_main_conf_t  *cmcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_chat_module);

    if (!mcf->guarded) {
        return NGX_OK;
    }

    if (!mcf->enabled) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "\"chat_guard\" does nothing, as no location says "
                           "\"chat\"");
        return NGX_OK;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    handlers = &cmcf->phases[NGX_HTTP_PREACCESS_PHASE].handlers;

    if (ngx_array_push(handlers) == NULL) {
        return NGX_ERROR;
    }

    /* they run from the last one to the first */

    h = handlers->elts;

    ngx_memmove(&h[1], &h[0],
                (handlers->nelts - 1) * sizeof(ngx_http_handler_pt));

    h[0] = ngx_http_chat_guard;

    return NGX_OK;
}


/*
 * A chat location refuses visitors itself, and never operators.  A ghost must
 * not know, and sees the site as ever.
 */

static ngx_int_t
ngx_http_chat_guard(ngx_http_request_t *r)
{
    u_char                     uid[NGX_CHAT_UID_LEN];
    ngx_int_t                  rc;
    ngx_chat_blocks_hit_t      hit;
    ngx_pool_cleanup_t        *cln;
    ngx_http_chat_worker_t    *w;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);
    w = ngx_http_chat_worker;

    if (!clcf->guard || clcf->enabled == 1 || r != r->main || w == NULL
        || ngx_chat_blocks_used(w->zone->blocks) == 0)
    {
        return NGX_DECLINED;
    }

    rc = NGX_DECLINED;

    if (w->keyed && ngx_chat_blocks_visitors(w->zone->blocks)) {
        rc = ngx_http_chat_visitor_of_page(r, uid);
    }

    if (ngx_http_chat_blocks_find(r, rc == NGX_OK ? uid : NULL, &hit)
        <= NGX_CHAT_BLOCK_GHOST
        || ngx_http_chat_guard_done(r))
    {
        return NGX_DECLINED;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_http_chat_guard_mark;

    return ngx_http_chat_blocks_refuse(r, &hit);
}


/*
 * What is shown in place of what was refused (error_page) is not refused
 * again.  An internal redirect clears the module's context, not the pool.
 */

static ngx_uint_t
ngx_http_chat_guard_done(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t  *cln;

    for (cln = r->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_http_chat_guard_mark) {
            return 1;
        }
    }

    return 0;
}


static void
ngx_http_chat_guard_mark(void *data)
{
}
