
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"
#include "http/conf_page.h"


static char *ngx_http_chat_conf_switch(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static ngx_uint_t ngx_http_chat_conf_says(ngx_str_t *value, const char *word);
static ngx_int_t ngx_http_chat_conf_loader(ngx_conf_t *cf,
    ngx_http_chat_loc_conf_t *conf);
static size_t ngx_http_chat_conf_scheme(ngx_str_t *url);


ngx_conf_enum_t  ngx_http_chat_offlines[] = {
    { ngx_string("show"), NGX_HTTP_CHAT_SHOW },
    { ngx_string("hide"), NGX_HTTP_CHAT_HIDE },
    { ngx_null_string, 0 }
};


/* "on", "off" or a value with variables; the pointer is NULL for "off" */

static char *
ngx_http_chat_conf_switch(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t                          *value;
    ngx_http_complex_value_t          **cv;
    ngx_http_compile_complex_value_t    ccv;

    cv = (ngx_http_complex_value_t **) (p + cmd->offset);

    if (*cv != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_http_chat_conf_says(&value[1], "off")) {
        *cv = NULL;
        return NGX_CONF_OK;
    }

    if (!ngx_http_chat_conf_says(&value[1], "on")
        && ngx_http_script_variables_count(&value[1]) == 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid value \"%V\" in \"%V\" directive, it "
                           "must be \"on\", \"off\" or a variable",
                           &value[1], &cmd->name);
        return NGX_CONF_ERROR;
    }

    *cv = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (*cv == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &value[1];
    ccv.complex_value = *cv;

    return ngx_http_compile_complex_value(&ccv) == NGX_OK ? NGX_CONF_OK
                                                          : NGX_CONF_ERROR;
}


static ngx_uint_t
ngx_http_chat_conf_says(ngx_str_t *value, const char *word)
{
    return value->len == ngx_strlen(word)
           && ngx_strncasecmp(value->data, (u_char *) word, value->len) == 0;
}


char *
ngx_http_chat_conf_widget(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_chat_loc_conf_t  *clcf = conf;

    clcf->widget_file = cf->conf_file->file.name.data;
    clcf->widget_line = cf->conf_file->line;

    return ngx_http_chat_conf_switch(cf, cmd, conf);
}


char *
ngx_http_chat_conf_prefix(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *rc;

    ngx_str_t  *value;

    rc = ngx_conf_set_str_slot(cf, cmd, conf);

    if (rc != NGX_CONF_OK) {
        return rc;
    }

    value = cf->args->elts;
    value++;

    if (value->len == 0
        || value->data[value->len - 1] != '/'
        || (value->data[0] != '/' && ngx_http_chat_conf_scheme(value) == 0))
    {
        return "must be such as \"/chat/\" or "
               "\"https://www.example.com/chat/\", with a slash at its end";
    }

    return NGX_CONF_OK;
}


/* "https:", up to the two slashes; 0: it has none */

static size_t
ngx_http_chat_conf_scheme(ngx_str_t *url)
{
    if (ngx_strncasecmp(url->data, (u_char *) "https://", 8) == 0) {
        return 6;
    }

    return ngx_strncasecmp(url->data, (u_char *) "http://", 7) == 0 ? 5 : 0;
}


void
ngx_http_chat_conf_create_page(ngx_http_chat_loc_conf_t *conf)
{
    /*
     * set by ngx_pcalloc():
     *
     *     conf->base = { 0, NULL };
     *     conf->loader = { 0, NULL };
     *     conf->needle = { 0, NULL };
     *     conf->warned = 0;
     *     conf->elements = { { NULL, NULL }, { NULL, NULL } };
     *     conf->widget_file = NULL;
     *     conf->widget_line = 0;
     */

    conf->widget = NGX_CONF_UNSET_PTR;
    conf->nonce = NGX_CONF_UNSET_PTR;
    conf->offline = NGX_CONF_UNSET_UINT;
}


char *
ngx_http_chat_conf_merge_page(ngx_conf_t *cf, ngx_http_chat_loc_conf_t *prev,
    ngx_http_chat_loc_conf_t *conf)
{
    ngx_http_chat_srv_conf_t   *scf;
    ngx_http_chat_main_conf_t  *mcf;

    ngx_conf_merge_ptr_value(conf->widget, prev->widget, NULL);
    ngx_conf_merge_ptr_value(conf->nonce, prev->nonce, NULL);
    ngx_conf_merge_uint_value(conf->offline, prev->offline,
                              NGX_HTTP_CHAT_SHOW);

    /* the chat of the server where these pages are */

    scf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_chat_module);

    ngx_conf_merge_str_value(conf->base, prev->base, "");

    if (conf->base.len == 0) {
        conf->base = scf->prefix;
    }

    if (conf->widget == NULL) {
        return NGX_CONF_OK;
    }

    if (conf->base.len == 0) {

        /* what "http" says holds for the servers that have a chat */

        if (conf->widget_line == 0) {
            conf->widget = NULL;
            return NGX_CONF_OK;
        }

        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"chat_widget\" in a server without a chat: add "
                      "\"location /chat/ { chat; }\", or say with "
                      "\"chat_prefix\" where the chat is, in %s:%ui",
                      conf->widget_file, conf->widget_line);
        return NGX_CONF_ERROR;
    }

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_chat_module);
    mcf->widget = 1;

    return ngx_http_chat_conf_loader(cf, conf) == NGX_OK ? NGX_CONF_OK
                                                         : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_chat_conf_loader(ngx_conf_t *cf, ngx_http_chat_loc_conf_t *conf)
{
    u_char  *p;
    size_t   scheme;

    conf->loader.len = conf->base.len + sizeof("loader.js") - 1;

    p = ngx_pnalloc(cf->pool, conf->loader.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    conf->loader.data = p;

    p = ngx_cpymem(p, conf->base.data, conf->base.len);
    ngx_memcpy(p, "loader.js", sizeof("loader.js") - 1);

    /* a page may leave out the scheme */

    scheme = ngx_http_chat_conf_scheme(&conf->base);

    conf->needle.data = conf->loader.data + scheme;
    conf->needle.len = conf->loader.len - scheme;

    return NGX_OK;
}


ngx_int_t
ngx_http_chat_conf_finish_page(ngx_conf_t *cf, ngx_http_chat_main_conf_t *mcf)
{
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_chat_module);

    if (clcf->widget_line && clcf->widget && !mcf->widget && !mcf->enabled) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"chat_widget\" and no server with a chat: add "
                      "\"location /chat/ { chat; }\", in %s:%ui",
                      clcf->widget_file, clcf->widget_line);
        return NGX_ERROR;
    }

    return NGX_OK;
}
