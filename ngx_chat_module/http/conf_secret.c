
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/auth.h"
#include "http/conf_secret.h"


/* bytes: who has a signature can try all shorter ones */

#define NGX_HTTP_CHAT_SECRET_MIN  16
#define NGX_HTTP_CHAT_SECRET_MAX  1024


static ngx_int_t ngx_http_chat_conf_secret_file(ngx_conf_t *cf,
    ngx_str_t *name, ngx_str_t *secret);
static ngx_int_t ngx_http_chat_conf_secret_read(ngx_conf_t *cf,
    ngx_file_t *file, ngx_str_t *secret);


char *
ngx_http_chat_conf_secrets(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t     *value, *secret;
    ngx_uint_t     i;
    ngx_array_t  **secrets;

    secrets = (ngx_array_t **) (p + cmd->offset);

    if (*secrets != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    *secrets = ngx_array_create(cf->pool, 2, sizeof(ngx_str_t));
    if (*secrets == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        secret = ngx_array_push(*secrets);
        if (secret == NULL) {
            return NGX_CONF_ERROR;
        }

        *secret = value[i];

        if (ngx_strncmp(value[i].data, "file:", sizeof("file:") - 1) == 0
            && ngx_http_chat_conf_secret_file(cf, &value[i], secret)
               != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }

        if (secret->len < NGX_HTTP_CHAT_SECRET_MIN
            || secret->len > NGX_HTTP_CHAT_SECRET_MAX)
        {
            return "needs secrets of 16 to 1024 bytes";
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_chat_conf_secret_file(ngx_conf_t *cf, ngx_str_t *value,
    ngx_str_t *secret)
{
    ngx_int_t   rc;
    ngx_str_t   name;
    ngx_file_t  file;

    name.data = value->data + sizeof("file:") - 1;
    name.len = value->len - (sizeof("file:") - 1);

    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memzero(&file, sizeof(ngx_file_t));

    file.name = name;
    file.log = cf->log;

    file.fd = ngx_open_file(name.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (file.fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "open() \"%V\" failed", &name);
        return NGX_ERROR;
    }

    rc = ngx_http_chat_conf_secret_read(cf, &file, secret);

    (void) ngx_close_file(file.fd);

    return rc;
}


/* the line end that editors and shells add is no part of it */

static ngx_int_t
ngx_http_chat_conf_secret_read(ngx_conf_t *cf, ngx_file_t *file,
    ngx_str_t *secret)
{
    u_char   buf[NGX_HTTP_CHAT_SECRET_MAX + 3];
    ssize_t  n;

    n = ngx_read_file(file, buf, sizeof(buf), 0);

    if (n == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (n && buf[n - 1] == LF) {
        n--;
    }

    if (n && buf[n - 1] == CR) {
        n--;
    }

    secret->len = n;
    secret->data = ngx_pnalloc(cf->pool, n ? n : 1);

    if (secret->data) {
        ngx_memcpy(secret->data, buf, n);
    }

    ngx_chat_auth_wipe(buf, sizeof(buf));

    return secret->data ? NGX_OK : NGX_ERROR;
}
