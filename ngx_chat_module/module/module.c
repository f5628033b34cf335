
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The module as nginx sees it: directives, context, life of a process, and
 * the content handler of a "chat" location.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/metrics.h"
#include "api/route.h"
#include "base/wakeup.h"
#include "http/asset.h"
#include "http/conf.h"
#include "http/conf_page.h"
#include "http/conf_secret.h"
#include "http/reply.h"
#include "http/worker.h"
#include "module/guard.h"
#include "module/inject.h"
#include "module/track.h"
#include "module/variables.h"


/* descriptors for a reload with more workers than there are now */
#define NGX_HTTP_CHAT_WAKEUPS  16

#define NGX_HTTP_CHAT_API  "api/v1/"


static ngx_int_t ngx_http_chat_handler(ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_hasty(ngx_http_request_t *r);
static ngx_int_t ngx_http_chat_yield(ngx_http_request_t *r);
static void ngx_http_chat_turn(ngx_http_request_t *r);
static ngx_uint_t ngx_http_chat_below(ngx_str_t *path, const char *prefix,
    ngx_str_t *rest);
static char *ngx_http_chat(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *ngx_http_chat_metrics_slot(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static ngx_int_t ngx_http_chat_finish(ngx_conf_t *cf);
static ngx_int_t ngx_http_chat_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_chat_init_process(ngx_cycle_t *cycle);
static void ngx_http_chat_exit_process(ngx_cycle_t *cycle);


static ngx_command_t  ngx_http_chat_commands[] = {

    { ngx_string("chat"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_chat,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("chat_state"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_chat_conf_state,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("chat_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_chat_conf_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_chat_main_conf_t, zone_size),
      NULL },

    { ngx_string("chat_durability"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_chat_main_conf_t, durability),
      &ngx_http_chat_durabilities },

    { ngx_string("chat_queue"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_chat_main_conf_t, queue),
      &ngx_http_chat_queue_bounds },

    { ngx_string("chat_session_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_sec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_chat_main_conf_t, session),
      &ngx_http_chat_session_post },

    { ngx_string("chat_track"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_chat_conf_track,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, track),
      NULL },

    { ngx_string("chat_guard"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, guard),
      &ngx_http_chat_guard_post },

    { ngx_string("chat_visitor_rate"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, visitor_rate),
      NULL },

    { ngx_string("chat_address_rate"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, address_rate),
      NULL },

    { ngx_string("chat_repeats"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, repeats),
      NULL },

    { ngx_string("chat_first_links"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, first_links),
      NULL },

    { ngx_string("chat_first_delay"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, first_delay),
      NULL },

    { ngx_string("chat_consent"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, consent),
      NULL },

    { ngx_string("chat_identity_secret"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_chat_conf_secrets,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, secrets),
      NULL },

    { ngx_string("chat_country"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, country),
      NULL },

    { ngx_string("chat_trust_headers"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, trust),
      &ngx_http_chat_trust_post },

    { ngx_string("chat_address"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, address),
      &ngx_http_chat_addresses },

    { ngx_string("chat_retention"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_sec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_chat_main_conf_t, retention),
      &ngx_http_chat_retention_post },

    { ngx_string("chat_origins"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_chat_conf_origins,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("chat_poll_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, poll_timeout),
      NULL },

    { ngx_string("chat_secure"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, secure),
      &ngx_http_chat_secures },

    { ngx_string("chat_site"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, site),
      NULL },

    { ngx_string("chat_metrics"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_chat_metrics_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, metrics),
      &ngx_http_chat_metrics_values },

    { ngx_string("chat_assets"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, assets),
      NULL },

    { ngx_string("chat_widget"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_HTTP_LIF_CONF
                        |NGX_CONF_TAKE1,
      ngx_http_chat_conf_widget,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, widget),
      NULL },

    { ngx_string("chat_nonce"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, nonce),
      NULL },

    { ngx_string("chat_offline"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, offline),
      &ngx_http_chat_offlines },

    { ngx_string("chat_prefix"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_chat_conf_prefix,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_chat_loc_conf_t, base),
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_chat_module_ctx = {
    ngx_http_chat_variables_add,           /* preconfiguration */
    ngx_http_chat_finish,                  /* postconfiguration */

    ngx_http_chat_create_main_conf,        /* create main configuration */
    ngx_http_chat_init_main_conf,          /* init main configuration */

    ngx_http_chat_create_srv_conf,         /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_chat_create_loc_conf,         /* create location configuration */
    ngx_http_chat_merge_loc_conf           /* merge location configuration */
};


ngx_module_t  ngx_http_chat_module = {
    NGX_MODULE_V1,
    &ngx_http_chat_module_ctx,             /* module context */
    ngx_http_chat_commands,                /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_http_chat_init_module,             /* init module */
    ngx_http_chat_init_process,            /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_chat_exit_process,            /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_chat_handler(ngx_http_request_t *r)
{
    ngx_int_t                  rc;
    ngx_str_t                  path, rest;
    ngx_http_chat_loc_conf_t  *clcf;

    if (ngx_http_chat_worker == NULL || r != r->main) {
        return NGX_HTTP_NOT_FOUND;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    if (r->uri.len < clcf->prefix.len
        || ngx_strncmp(r->uri.data, clcf->prefix.data, clcf->prefix.len) != 0)
    {
        return NGX_HTTP_NOT_FOUND;
    }

    path.data = r->uri.data + clcf->prefix.len;
    path.len = r->uri.len - clcf->prefix.len;

    if (ngx_http_chat_below(&path, NGX_HTTP_CHAT_API, &rest)) {
        return ngx_http_chat_hasty(r) ? ngx_http_chat_yield(r)
                                      : ngx_http_chat_route(r, &rest);
    }

    if (ngx_http_chat_below(&path, "metrics", &rest) && rest.len == 0) {
        return ngx_http_chat_metrics(r);
    }

    if (ngx_http_chat_below(&path, "api/", &rest)) {
        rc = ngx_http_discard_request_body(r);

        return rc == NGX_OK
               ? ngx_http_chat_reply_problem(r, NGX_HTTP_CHAT_NOT_FOUND, NULL,
                                             NULL, 0)
               : rc;
    }

    return ngx_http_chat_asset(r, &path);
}


/*
 * nginx goes on with what a client has sent in one go until all of it is
 * answered.  Here others have their turn before each of these requests: of
 * which a part was read with the one before, or which nginx found there without
 * having asked the kernel what is new.
 */

static ngx_uint_t
ngx_http_chat_hasty(ngx_http_request_t *r)
{
    return r->pipeline
           || (r->connection->requests > 1 && r->connection->read->ready);
}


static ngx_int_t
ngx_http_chat_yield(ngx_http_request_t *r)
{
    r->main->count++;
    r->write_event_handler = ngx_http_chat_turn;

    /* an exiting worker without timers is gone before the next turn */

    ngx_http_chat_worker_busy();

    ngx_post_event(r->connection->write, &ngx_posted_next_events);

    return NGX_DONE;
}


static void
ngx_http_chat_turn(ngx_http_request_t *r)
{
    ngx_str_t                  path, rest;
    ngx_http_chat_loc_conf_t  *clcf;

    r->write_event_handler = ngx_http_request_empty_handler;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    path.data = r->uri.data + clcf->prefix.len;
    path.len = r->uri.len - clcf->prefix.len;

    (void) ngx_http_chat_below(&path, NGX_HTTP_CHAT_API, &rest);

    ngx_http_finalize_request(r, ngx_http_chat_route(r, &rest));
}


static ngx_uint_t
ngx_http_chat_below(ngx_str_t *path, const char *prefix, ngx_str_t *rest)
{
    size_t  len;

    len = ngx_strlen(prefix);

    if (path->len < len || ngx_strncmp(path->data, prefix, len) != 0) {
        return 0;
    }

    rest->data = path->data + len;
    rest->len = path->len - len;

    return 1;
}


static char *
ngx_http_chat(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_chat_loc_conf_t  *clcf = conf;

    char                      *rc;
    ngx_http_core_loc_conf_t  *core;

    rc = ngx_http_chat_conf_chat(cf, cmd, conf);

    if (rc == NGX_CONF_OK) {
        core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
        core->handler = ngx_http_chat_handler;
        clcf->handler = ngx_http_chat_handler;
    }

    return rc;
}


/* an exact location, as "location = /metrics", is that of the page alone */

static char *
ngx_http_chat_metrics_slot(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char                      *rc;
    ngx_http_core_loc_conf_t  *core;

    rc = ngx_conf_set_enum_slot(cf, cmd, conf);

    if (rc != NGX_CONF_OK || !(cf->cmd_type & NGX_HTTP_LOC_CONF)) {
        return rc;
    }

    core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (core->exact_match) {
        core->handler = ngx_http_chat_metrics;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_chat_finish(ngx_conf_t *cf)
{
    if (ngx_http_chat_conf_finish(cf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_chat_inject_init(cf) != NGX_OK
        || ngx_http_chat_guard_init(cf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_chat_track_init(cf);
}


/* in the master, before the workers are forked; again at each reload */

static ngx_int_t
ngx_http_chat_init_module(ngx_cycle_t *cycle)
{
    ngx_uint_t                  n;
    ngx_core_conf_t            *ccf;
    ngx_http_chat_zone_t       *zone;
    ngx_http_chat_main_conf_t  *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_chat_module);

    if (mcf == NULL || !mcf->enabled) {
        return NGX_OK;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    ngx_http_chat_zone_enough(mcf->zone, ccf->worker_processes, cycle->log);

    if (ngx_test_config) {
        return NGX_OK;
    }

    zone = mcf->zone->data;

    ngx_chat_metric_add(&zone->metrics->all, NGX_CHAT_METRIC_LOADS, 1);

    n = ngx_max(ccf->worker_processes, NGX_HTTP_CHAT_WAKEUPS);

    if (n > NGX_CHAT_WORKERS_MAX) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                      "the chat module serves up to %d worker processes",
                      NGX_CHAT_WORKERS_MAX);
        return NGX_ERROR;
    }

    return ngx_chat_wakeup_init(n, cycle->log);
}


static ngx_int_t
ngx_http_chat_init_process(ngx_cycle_t *cycle)
{
    /* the cache manager and loader have no events of ours */

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    return ngx_http_chat_worker_init(cycle);
}


static void
ngx_http_chat_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_chat_worker_exit(cycle);
}
