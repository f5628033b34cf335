
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"
#include "http/conf_page.h"
#include "http/zone.h"


#ifndef NGX_CHAT_STATE
#define NGX_CHAT_STATE      "/var/lib/nginx-chat"
#endif

#define NGX_CHAT_ZONE_SIZE  (32 * 1024 * 1024)
#define NGX_CHAT_ZONE_MIN   (1024 * 1024)


static void ngx_http_chat_conf_within(ngx_conf_t *cf,
    ngx_http_chat_loc_conf_t *prev, ngx_http_chat_loc_conf_t *conf);
static void ngx_http_chat_conf_merge_guard(ngx_http_chat_loc_conf_t *prev,
    ngx_http_chat_loc_conf_t *conf);
static char *ngx_http_chat_conf_wanted(ngx_conf_t *cf, void *post, void *data);
static char *ngx_http_chat_conf_session(ngx_conf_t *cf, void *post,
    void *data);
static ngx_int_t ngx_http_chat_conf_path(ngx_conf_t *cf,
    ngx_http_chat_main_conf_t *mcf);
static ngx_int_t ngx_http_chat_conf_origin(ngx_conf_t *cf, ngx_str_t *origin);


ngx_conf_enum_t  ngx_http_chat_durabilities[] = {
    { ngx_string("normal"), NGX_HTTP_CHAT_NORMAL },
    { ngx_string("full"), NGX_HTTP_CHAT_FULL },
    { ngx_null_string, 0 }
};


ngx_conf_enum_t  ngx_http_chat_secures[] = {
    { ngx_string("auto"), NGX_HTTP_CHAT_AUTO },
    { ngx_string("on"), NGX_HTTP_CHAT_ON },
    { ngx_null_string, 0 }
};


ngx_conf_enum_t  ngx_http_chat_metrics_values[] = {
    { ngx_string("on"), NGX_HTTP_CHAT_ON },
    { ngx_string("off"), NGX_HTTP_CHAT_OFF },
    { ngx_string("local"), NGX_HTTP_CHAT_LOCAL },
    { ngx_null_string, 0 }
};


ngx_conf_num_bounds_t  ngx_http_chat_queue_bounds = {
    ngx_conf_check_num_bounds, 16, 65536
};


ngx_conf_enum_t  ngx_http_chat_addresses[] = {
    { ngx_string("truncated"), NGX_HTTP_CHAT_TRUNCATED },
    { ngx_string("full"), NGX_HTTP_CHAT_FULL },
    { ngx_null_string, 0 }
};


ngx_conf_post_t  ngx_http_chat_session_post = { ngx_http_chat_conf_session };
ngx_conf_post_t  ngx_http_chat_retention_post = { ngx_http_chat_conf_session };

ngx_http_chat_wanted_t  ngx_http_chat_guard_post = {
    ngx_http_chat_conf_wanted,
    offsetof(ngx_http_chat_main_conf_t, guarded)
};

ngx_http_chat_wanted_t  ngx_http_chat_trust_post = {
    ngx_http_chat_conf_wanted,
    offsetof(ngx_http_chat_main_conf_t, trusted)
};


char *
ngx_http_chat_conf_chat(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_chat_loc_conf_t  *clcf = conf;

    ngx_http_core_loc_conf_t   *core;
    ngx_http_chat_srv_conf_t   *scf;
    ngx_http_chat_main_conf_t  *mcf;

    if (clcf->enabled != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (core->exact_match || core->named || core->noname
#if (NGX_PCRE)
        || core->regex
#endif
        || core->name.len == 0
        || core->name.data[core->name.len - 1] != '/')
    {
        return "must be in a prefix location that ends with a slash, "
               "such as \"location /chat/\"";
    }

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_chat_module);

    mcf->enabled = 1;

    clcf->enabled = 1;
    clcf->prefix = core->name;

    scf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_chat_module);

    if (scf->prefix.len == 0) {
        scf->prefix = core->name;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_chat_conf_state(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_chat_main_conf_t  *mcf = conf;

    ngx_str_t  *value;

    if (mcf->state) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "is empty";
    }

    mcf->state = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
    if (mcf->state == NULL) {
        return NGX_CONF_ERROR;
    }

    mcf->state->name = value[1];
    mcf->state->conf_file = cf->conf_file->file.name.data;
    mcf->state->line = cf->conf_file->line;

    return NGX_CONF_OK;
}


char *
ngx_http_chat_conf_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_chat_main_conf_t  *mcf = conf;

    char  *rc;

    rc = ngx_conf_set_size_slot(cf, cmd, conf);

    if (rc != NGX_CONF_OK) {
        return rc;
    }

    if (mcf->zone_size < NGX_CHAT_ZONE_MIN) {
        return "must be at least 1m";
    }

    return NGX_CONF_OK;
}


char *
ngx_http_chat_conf_track(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                  *value;
    ngx_http_chat_main_conf_t  *mcf;

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") != 0) {
        mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_chat_module);
        mcf->tracked = 1;
    }

    return ngx_http_set_complex_value_slot(cf, cmd, conf);
}


char *
ngx_http_chat_conf_origins(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_chat_loc_conf_t  *clcf = conf;

    ngx_str_t   *value, *origin;
    ngx_uint_t   i;

    if (clcf->origins != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    clcf->origins = ngx_array_create(cf->pool, cf->args->nelts,
                                     sizeof(ngx_str_t));
    if (clcf->origins == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_http_chat_conf_origin(cf, &value[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }

        origin = ngx_array_push(clcf->origins);
        if (origin == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_strlow(value[i].data, value[i].data, value[i].len);
        *origin = value[i];
    }

    return NGX_CONF_OK;
}


/* some location says so, and what it needs has to be there */

static char *
ngx_http_chat_conf_wanted(ngx_conf_t *cf, void *post, void *data)
{
    ngx_flag_t *on = data;
    ngx_http_chat_wanted_t *wanted = post;

    u_char  *mcf;

    if (*on) {
        mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_chat_module);
        *(ngx_uint_t *) (mcf + wanted->offset) = 1;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_chat_conf_session(ngx_conf_t *cf, void *post, void *data)
{
    time_t  *session = data;

    return *session ? NGX_CONF_OK : "must be at least a second";
}


/* a serialized origin (RFC 6454): scheme, host, port and nothing more */

static ngx_int_t
ngx_http_chat_conf_origin(ngx_conf_t *cf, ngx_str_t *origin)
{
    u_char  *p, *last;
    size_t   skip;

    last = origin->data + origin->len;

    if (ngx_strncasecmp(origin->data, (u_char *) "https://", 8) == 0) {
        skip = 8;

    } else if (ngx_strncasecmp(origin->data, (u_char *) "http://", 7) == 0) {
        skip = 7;

    } else {
        goto invalid;
    }

    if (origin->len == skip) {
        goto invalid;
    }

    for (p = origin->data + skip; p < last; p++) {

        if (*p == '/' || *p == '*' || *p == '?' || *p == '@' || *p <= ' ') {
            goto invalid;
        }
    }

    return NGX_OK;

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid origin \"%V\" in \"chat_origins\", expected "
                       "one such as \"https://www.example.com\"", origin);

    return NGX_ERROR;
}


void *
ngx_http_chat_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_chat_main_conf_t  *mcf;

    mcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_chat_main_conf_t));
    if (mcf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     mcf->state = NULL;
     *     mcf->enabled = 0;
     *     mcf->tracked = 0;
     *     mcf->trusted = 0;
     *     mcf->guarded = 0;
     *     mcf->widget = 0;
     *     mcf->zone = NULL;
     */

    mcf->zone_size = NGX_CONF_UNSET_SIZE;
    mcf->durability = NGX_CONF_UNSET_UINT;
    mcf->queue = NGX_CONF_UNSET;
    mcf->session = NGX_CONF_UNSET;
    mcf->retention = NGX_CONF_UNSET;

    return mcf;
}


char *
ngx_http_chat_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_chat_main_conf_t  *mcf = conf;

    ngx_conf_init_size_value(mcf->zone_size, NGX_CHAT_ZONE_SIZE);
    ngx_conf_init_uint_value(mcf->durability, NGX_HTTP_CHAT_FULL);
    ngx_conf_init_value(mcf->queue, 1024);
    ngx_conf_init_value(mcf->session, 7 * 24 * 60 * 60);
    ngx_conf_init_value(mcf->retention, 90 * 24 * 60 * 60);

    return NGX_CONF_OK;
}


/* set by ngx_pcalloc(): scf->prefix = { 0, NULL } */

void *
ngx_http_chat_create_srv_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_chat_srv_conf_t));
}


void *
ngx_http_chat_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_chat_loc_conf_t));
    if (clcf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     clcf->site = { 0, NULL };
     *     clcf->assets = { 0, NULL };
     *     clcf->prefix = { 0, NULL };
     *     clcf->handler = NULL;
     *     clcf->track = NULL;
     *     clcf->consent = NULL;
     *     clcf->country = NULL;
     */

    clcf->enabled = NGX_CONF_UNSET_UINT;
    clcf->origins = NGX_CONF_UNSET_PTR;
    clcf->poll_timeout = NGX_CONF_UNSET_MSEC;
    clcf->secure = NGX_CONF_UNSET_UINT;
    clcf->metrics = NGX_CONF_UNSET_UINT;
    clcf->trust = NGX_CONF_UNSET;
    clcf->secrets = NGX_CONF_UNSET_PTR;
    clcf->guard = NGX_CONF_UNSET;
    clcf->visitor_rate = NGX_CONF_UNSET;
    clcf->address_rate = NGX_CONF_UNSET;
    clcf->repeats = NGX_CONF_UNSET;
    clcf->first_links = NGX_CONF_UNSET;
    clcf->first_delay = NGX_CONF_UNSET_MSEC;
    clcf->address = NGX_CONF_UNSET_UINT;

    ngx_http_chat_conf_create_page(clcf);

    return clcf;
}


char *
ngx_http_chat_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_chat_loc_conf_t  *prev = parent;
    ngx_http_chat_loc_conf_t  *conf = child;

    u_char  *p;

    ngx_http_chat_conf_within(cf, prev, conf);
    ngx_http_chat_conf_merge_guard(prev, conf);

    ngx_conf_merge_ptr_value(conf->origins, prev->origins, NULL);
    ngx_conf_merge_msec_value(conf->poll_timeout, prev->poll_timeout, 25000);
    ngx_conf_merge_uint_value(conf->secure, prev->secure, NGX_HTTP_CHAT_AUTO);
    ngx_conf_merge_uint_value(conf->metrics, prev->metrics,
                              NGX_HTTP_CHAT_LOCAL);
    ngx_conf_merge_str_value(conf->site, prev->site, "default");
    ngx_conf_merge_str_value(conf->assets, prev->assets, NGX_CHAT_ASSETS);

    ngx_conf_merge_value(conf->trust, prev->trust, 0);
    ngx_conf_merge_ptr_value(conf->secrets, prev->secrets, NULL);
    ngx_conf_merge_uint_value(conf->address, prev->address,
                              NGX_HTTP_CHAT_TRUNCATED);

    if (conf->track == NULL) {
        conf->track = prev->track;
    }

    if (conf->consent == NULL) {
        conf->consent = prev->consent;
    }

    if (conf->country == NULL) {
        conf->country = prev->country;
    }

    if (ngx_http_chat_conf_merge_page(cf, prev, conf) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    if (conf->enabled != 1) {
        return NGX_CONF_OK;
    }

    if (ngx_conf_full_name(cf->cycle, &conf->assets, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (conf->assets.len && conf->assets.data[conf->assets.len - 1] != '/') {
        p = ngx_pnalloc(cf->pool, conf->assets.len + 1);
        if (p == NULL) {
            return NGX_CONF_ERROR;
        }

        *ngx_cpymem(p, conf->assets.data, conf->assets.len) = '/';

        conf->assets.data = p;
        conf->assets.len++;
    }

    return NGX_CONF_OK;
}


/* who is kept out, or held up */

static void
ngx_http_chat_conf_merge_guard(ngx_http_chat_loc_conf_t *prev,
    ngx_http_chat_loc_conf_t *conf)
{
    ngx_conf_merge_value(conf->guard, prev->guard, 0);
    ngx_conf_merge_value(conf->visitor_rate, prev->visitor_rate, 30);
    ngx_conf_merge_value(conf->address_rate, prev->address_rate, 600);
    ngx_conf_merge_value(conf->repeats, prev->repeats, 5);
    ngx_conf_merge_value(conf->first_links, prev->first_links, 3);
    ngx_conf_merge_msec_value(conf->first_delay, prev->first_delay, 0);
}


/*
 * "chat" itself is of its location only, as a content handler is; "if" and
 * limit_except are parts of theirs.
 */

static void
ngx_http_chat_conf_within(ngx_conf_t *cf, ngx_http_chat_loc_conf_t *prev,
    ngx_http_chat_loc_conf_t *conf)
{
    ngx_http_core_loc_conf_t  *core;

    core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (!core->noname || prev->enabled != 1) {
        return;
    }

    conf->enabled = 1;
    conf->prefix = prev->prefix;

    /* "if" leaves the location's handler in place, limit_except does not */

    if (core->lmt_excpt && core->handler == NULL) {
        core->handler = prev->handler;
    }
}


ngx_int_t
ngx_http_chat_conf_finish(ngx_conf_t *cf)
{
    ngx_http_chat_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_chat_module);

    if (ngx_http_chat_conf_finish_page(cf, mcf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (!mcf->enabled) {
        return NGX_OK;
    }

    if (ngx_http_chat_conf_path(cf, mcf) != NGX_OK) {
        return NGX_ERROR;
    }

    mcf->zone = ngx_http_chat_zone_add(cf, mcf->zone_size);
    if (mcf->zone == NULL) {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* a path of the cycle: nginx creates it, for the user of its workers */

static ngx_int_t
ngx_http_chat_conf_path(ngx_conf_t *cf, ngx_http_chat_main_conf_t *mcf)
{
    if (mcf->state == NULL) {
        mcf->state = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
        if (mcf->state == NULL) {
            return NGX_ERROR;
        }

        ngx_str_set(&mcf->state->name, NGX_CHAT_STATE);
    }

    if (mcf->state->name.len > 1
        && mcf->state->name.data[mcf->state->name.len - 1] == '/')
    {
        mcf->state->name.len--;
        mcf->state->name.data[mcf->state->name.len] = '\0';
    }

    if (ngx_conf_full_name(cf->cycle, &mcf->state->name, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_add_path(cf, &mcf->state);
}
