
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What an operator may ask of blocks.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/query.h"
#include "api/route.h"
#include "command/block.h"
#include "http/reply.h"
#include "http/visit.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_BLOCK_LONGEST  315360000      /* s, ten years */


#define NGX_HTTP_CHAT_BLOCK_HOW      2      /* of the fields: the first */


#define block(field)  offsetof(ngx_http_chat_block_more_t, field)


static ngx_int_t ngx_http_chat_block_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_block_prepare_add(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_block_prepare_visit(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_block_made(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


typedef struct {
    ngx_chat_block_args_t   block;
    ngx_str_t               network;
} ngx_http_chat_block_more_t;


/* by ngx_chat_blocks_e; what acts is asked for by default */

static ngx_str_t  ngx_http_chat_block_states[] = {
    ngx_string("all"),
    ngx_string("active"),
    ngx_string("past"),
    ngx_null_string
};


static ngx_chat_field_t  ngx_http_chat_block_list_query[] = {

    { ngx_string("state"), NGX_CHAT_FIELD_ENUM, 0, 0, 0,
      block(block.which), ngx_http_chat_block_states, NULL, NULL },

    { ngx_string("search"), NGX_CHAT_FIELD_LINE, 0, 0, 100,
      block(block.search), NULL, NULL, NULL },

    { ngx_string("visitor"), NGX_CHAT_FIELD_INT, 0, 1, NGX_MAX_INT_T_VALUE,
      block(block.visitor), NULL, NULL, NULL },

    ngx_http_chat_query_page(block(block.before), block(block.limit)),

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_block_add_fields[] = {

    { ngx_string("conversation"), NGX_CHAT_FIELD_INT, 0, 1,
      NGX_MAX_INT_T_VALUE, block(block.conversation), NULL, NULL, NULL },

    { ngx_string("network"), NGX_CHAT_FIELD_LINE, 0, 1,
      NGX_CHAT_BLOCK_TEXT_MAX, block(network), NULL, NULL, NULL },

    /* how, why and how long: of somebody on the live list that is all */

    { ngx_string("mode"), NGX_CHAT_FIELD_ENUM, NGX_CHAT_FIELD_REQUIRED, 0, 0,
      block(block.mode), ngx_chat_block_mode_names, NULL, NULL },

    { ngx_string("reason"), NGX_CHAT_FIELD_LINE, 0, 0, 300,
      block(block.reason), NULL, NULL, NULL },

    { ngx_string("expires_in"), NGX_CHAT_FIELD_INT, 0, 1,
      NGX_HTTP_CHAT_BLOCK_LONGEST, block(block.expires_in), NULL, NULL,
      NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_http_chat_route_t  ngx_http_chat_block_routes[] = {

    { NGX_HTTP_GET, ngx_string("operator/blocks"), NGX_HTTP_CHAT_AGENT,
      0, sizeof(ngx_http_chat_block_more_t),
      NULL, ngx_http_chat_block_list_query,
      ngx_chat_block_list, ngx_http_chat_block_prepare, NULL },

    { NGX_HTTP_POST, ngx_string("operator/blocks"), NGX_HTTP_CHAT_AGENT,
      NGX_HTTP_CHAT_WRITE, sizeof(ngx_http_chat_block_more_t),
      ngx_http_chat_block_add_fields, NULL,
      ngx_chat_block_add, ngx_http_chat_block_prepare_add,
      ngx_http_chat_block_made },

    { NGX_HTTP_POST, ngx_string("operator/visits/:id/block"),
      NGX_HTTP_CHAT_AGENT, NGX_HTTP_CHAT_WRITE,
      sizeof(ngx_http_chat_block_more_t),
      &ngx_http_chat_block_add_fields[NGX_HTTP_CHAT_BLOCK_HOW], NULL,
      ngx_chat_block_add, ngx_http_chat_block_prepare_visit,
      ngx_http_chat_block_made },

    { NGX_HTTP_DELETE, ngx_string("operator/blocks/:id"),
      NGX_HTTP_CHAT_AGENT, NGX_HTTP_CHAT_WRITE,
      sizeof(ngx_http_chat_block_more_t),
      NULL, NULL,
      ngx_chat_block_lift, ngx_http_chat_block_prepare, NULL },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


static ngx_int_t
ngx_http_chat_block_prepare(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    ngx_str_t               unused;
    ngx_chat_block_args_t  *args;

    args = job->args;

    args->operator = ctx->identity.operator;
    args->now = ngx_http_chat_now();
    args->blocks = ngx_http_chat_worker->zone->blocks;
    args->id = ctx->id;

    if (args->limit == 0) {
        args->limit = NGX_HTTP_CHAT_QUERY_LIMIT;
    }

    if (ngx_http_arg(ctx->request, (u_char *) "state", 5, &unused) != NGX_OK)
    {
        args->which = NGX_CHAT_BLOCKS_ACTIVE;
    }

    return NGX_DECLINED;
}


/* one of the two, and what a network is */

static ngx_int_t
ngx_http_chat_block_prepare_add(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_str_t                   *why;
    ngx_http_chat_block_more_t  *more;

    static ngx_str_t  network = ngx_string("network");
    static ngx_str_t  one = ngx_string("is required, or a \"conversation\", "
                                       "and not both");
    static ngx_str_t  none = ngx_string("must be an address or a network "
                                        "such as \"203.0.113.0/24\" or "
                                        "\"2001:db8::/48\"");
    static ngx_str_t  wide = ngx_string("is too wide: at least /8, or /16 "
                                        "for IPv6");

    more = job->args;
    why = NULL;

    if ((more->network.len == 0) == (more->block.conversation == 0)) {
        why = &one;

    } else if (more->network.len) {

        switch (ngx_chat_block_key_parse(&more->block.key, &more->network)) {

        case NGX_OK:
            more->block.network = 1;
            break;

        case NGX_ABORT:
            why = &wide;
            break;

        default:
            why = &none;
        }
    }

    if (why) {
        return ngx_http_chat_reply_problem(ctx->request, NGX_HTTP_CHAT_FIELD,
                                           why, &network, 0);
    }

    return ngx_http_chat_block_prepare(ctx, job);
}


/* the network that somebody on the live list comes from, as far as kept */

static ngx_int_t
ngx_http_chat_block_prepare_visit(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_chat_visit_t        visit;
    ngx_chat_block_args_t  *args;

    args = job->args;

    if (ngx_http_chat_visit_now((uint64_t) ctx->id, &visit) != NGX_OK
        || visit.network.length == 0)
    {
        return ngx_http_chat_reply_problem(ctx->request,
                                           NGX_HTTP_CHAT_NOT_FOUND, NULL,
                                           NULL, 0);
    }

    args->key = visit.network;
    args->network = 1;

    return ngx_http_chat_block_prepare(ctx, job);
}


static ngx_int_t
ngx_http_chat_block_made(ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job)
{
    uint32_t            *full;
    ngx_chat_blocks_t   *blocks;

    static ngx_str_t  detail = ngx_string("\"chat_zone\" is too small for "
                                          "more blocks: lift some, or let the "
                                          "administrator increase it");

    if (job->rc != NGX_DECLINED || job->result != NGX_CHAT_RESULT_BLOCKS_FULL)
    {
        return ngx_http_chat_route_answer(ctx, job);
    }

    blocks = ngx_http_chat_worker->zone->blocks;
    full = &blocks->full;

    if (__atomic_exchange_n(full, 1, __ATOMIC_ACQ_REL) == 0) {
        ngx_log_error(NGX_LOG_CRIT, ngx_http_chat_worker->log, 0,
                      "chat: the zone has room for %ui blocks and no more: "
                      "increase \"chat_zone\"",
                      ngx_chat_blocks_used(blocks));
    }

    return ngx_http_chat_reply_problem(ctx->request,
                                       NGX_HTTP_CHAT_BLOCKS_FULL, &detail,
                                       NULL, 0);
}
