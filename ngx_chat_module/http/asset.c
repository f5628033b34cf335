
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/header.h"
#include "base/path.h"
#include "http/asset.h"
#include "http/conf.h"
#include "http/identity.h"
#include "http/reply.h"


#define NGX_HTTP_CHAT_ASSET_EXACT    0x01
#define NGX_HTTP_CHAT_ASSET_PUBLIC   0x02   /* for pages of any origin */
#define NGX_HTTP_CHAT_ASSET_CONSOLE  0x04


typedef struct {
    ngx_str_t      path;                    /* or its beginning */
    ngx_str_t      file;                    /* instead of the path */
    ngx_uint_t     flags;
    ngx_str_t      cache;
} ngx_http_chat_asset_t;


typedef struct {
    const char    *key;
    ngx_str_t      value;
} ngx_http_chat_asset_header_t;


static ngx_http_chat_asset_t *ngx_http_chat_asset_find(ngx_str_t *path);
static ngx_int_t ngx_http_chat_asset_open(ngx_http_request_t *r,
    ngx_str_t *file, ngx_str_t *name, ngx_str_t *coding,
    ngx_open_file_info_t *of);
static ngx_int_t ngx_http_chat_asset_variant(ngx_http_request_t *r,
    ngx_str_t *name, ngx_open_file_info_t *of);
static ngx_int_t ngx_http_chat_asset_headers(ngx_http_request_t *r,
    ngx_http_chat_asset_t *asset, ngx_str_t *file, ngx_str_t *coding);
static ngx_int_t ngx_http_chat_asset_tag(ngx_http_request_t *r,
    ngx_str_t *coding);
static void ngx_http_chat_asset_type(ngx_http_request_t *r, ngx_str_t *file);
static ngx_int_t ngx_http_chat_asset_send(ngx_http_request_t *r,
    ngx_str_t *name, ngx_open_file_info_t *of);
static ngx_int_t ngx_http_chat_asset_redirect(ngx_http_request_t *r);


/* what has a hash in its name never changes */

#define NGX_HTTP_CHAT_FOREVER  "public, max-age=31536000, immutable"


static ngx_http_chat_asset_t  ngx_http_chat_assets[] = {

    { ngx_string("loader.js"), ngx_null_string,
      NGX_HTTP_CHAT_ASSET_EXACT|NGX_HTTP_CHAT_ASSET_PUBLIC,
      ngx_string("public, max-age=300") },

    { ngx_string("w/"), ngx_null_string, NGX_HTTP_CHAT_ASSET_PUBLIC,
      ngx_string(NGX_HTTP_CHAT_FOREVER) },

    { ngx_string("console/"), ngx_string("console/index.html"),
      NGX_HTTP_CHAT_ASSET_EXACT|NGX_HTTP_CHAT_ASSET_CONSOLE,
      ngx_string("no-cache") },

    { ngx_string("console/assets/"), ngx_null_string,
      NGX_HTTP_CHAT_ASSET_CONSOLE, ngx_string(NGX_HTTP_CHAT_FOREVER) },

    { ngx_null_string, ngx_null_string, 0, ngx_null_string }
};


static ngx_http_chat_asset_header_t  ngx_http_chat_asset_public[] = {
    { "Access-Control-Allow-Origin", ngx_string("*") },
    { "Cross-Origin-Resource-Policy", ngx_string("cross-origin") },
    { NULL, ngx_null_string }
};


static ngx_http_chat_asset_header_t  ngx_http_chat_asset_console[] = {

    { "Content-Security-Policy",
      ngx_string("default-src 'none'; script-src 'self'; style-src 'self'; "
                 "connect-src 'self'; img-src 'self' data: blob:; "
                 "font-src 'self'; media-src 'self' blob:; "
                 "base-uri 'none'; form-action 'self'; "
                 "frame-ancestors 'none'; "
                 "require-trusted-types-for 'script'; "
                 "trusted-types 'none'") },

    { "X-Frame-Options", ngx_string("DENY") },
    { "Referrer-Policy", ngx_string("no-referrer") },
    { "Cross-Origin-Opener-Policy", ngx_string("same-origin") },
    { "Cross-Origin-Resource-Policy", ngx_string("same-origin") },
    { NULL, ngx_null_string }
};


static ngx_keyval_t  ngx_http_chat_asset_types[] = {
    { ngx_string(".js"), ngx_string("text/javascript; charset=utf-8") },
    { ngx_string(".css"), ngx_string("text/css; charset=utf-8") },
    { ngx_string(".html"), ngx_string("text/html; charset=utf-8") },
    { ngx_string(".json"), ngx_string("application/json") },
    { ngx_string(".map"), ngx_string("application/json") },
    { ngx_string(".svg"), ngx_string("image/svg+xml") },
    { ngx_string(".png"), ngx_string("image/png") },
    { ngx_string(".ico"), ngx_string("image/x-icon") },
    { ngx_string(".webmanifest"), ngx_string("application/manifest+json") },
    { ngx_null_string, ngx_null_string }
};


/* the best first */

static ngx_keyval_t  ngx_http_chat_asset_codings[] = {
    { ngx_string("br"), ngx_string(".br") },
    { ngx_string("gzip"), ngx_string(".gz") },
    { ngx_null_string, ngx_null_string }
};


ngx_int_t
ngx_http_chat_asset(ngx_http_request_t *r, ngx_str_t *path)
{
    ngx_int_t               rc;
    ngx_str_t               file, name, coding;
    ngx_open_file_info_t    of;
    ngx_http_chat_asset_t  *asset;

    static ngx_str_t  allow = ngx_string("GET, HEAD");

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_http_chat_reply_header(r, "Allow", &allow) == NGX_OK
               ? NGX_HTTP_NOT_ALLOWED : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (path->len == 0
        || (path->len == sizeof("console") - 1
            && ngx_strncmp(path->data, "console", path->len) == 0))
    {
        return ngx_http_chat_asset_redirect(r);
    }

    asset = ngx_http_chat_asset_find(path);

    if (asset == NULL || !ngx_chat_path_safe(path)) {
        return NGX_HTTP_NOT_FOUND;
    }

    file = asset->file.len ? asset->file : *path;

    rc = ngx_http_chat_asset_open(r, &file, &name, &coding, &of);

    if (rc != NGX_OK) {
        return rc;
    }

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = of.size;
    r->headers_out.last_modified_time = of.mtime;

    if (ngx_http_chat_asset_tag(r, &coding) != NGX_OK
        || ngx_http_chat_asset_headers(r, asset, &file, &coding) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_chat_asset_send(r, &name, &of);
}


static ngx_http_chat_asset_t *
ngx_http_chat_asset_find(ngx_str_t *path)
{
    ngx_http_chat_asset_t  *a;

    for (a = ngx_http_chat_assets; a->path.len; a++) {

        if (path->len < a->path.len
            || ngx_strncmp(path->data, a->path.data, a->path.len) != 0)
        {
            continue;
        }

        if ((a->flags & NGX_HTTP_CHAT_ASSET_EXACT)
            == (path->len == a->path.len))
        {
            return a;
        }
    }

    return NULL;
}


/* name: of the file that is sent; coding: empty for the file itself */

static ngx_int_t
ngx_http_chat_asset_open(ngx_http_request_t *r, ngx_str_t *file,
    ngx_str_t *name, ngx_str_t *coding, ngx_open_file_info_t *of)
{
    u_char                    *p;
    ngx_int_t                  rc;
    ngx_str_t                 *accept;
    ngx_keyval_t              *c;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    name->data = ngx_pnalloc(r->pool, clcf->assets.len + file->len
                                      + sizeof(".br"));
    if (name->data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_cpymem(name->data, clcf->assets.data, clcf->assets.len);
    p = ngx_cpymem(p, file->data, file->len);

    accept = ngx_http_chat_header(r, "accept-encoding");

    for (c = ngx_http_chat_asset_codings; c->key.len; c++) {

        if (ngx_chat_header_weight(accept, &c->key) == 0) {
            continue;
        }

        name->len = ngx_sprintf(p, "%V%Z", &c->value) - name->data - 1;

        rc = ngx_http_chat_asset_variant(r, name, of);

        if (rc == NGX_OK) {
            *coding = c->key;
            return NGX_OK;
        }

        if (rc != NGX_HTTP_NOT_FOUND) {
            return rc;
        }
    }

    *p = '\0';
    name->len = p - name->data;
    ngx_str_null(coding);

    return ngx_http_chat_asset_variant(r, name, of);
}


static ngx_int_t
ngx_http_chat_asset_variant(ngx_http_request_t *r, ngx_str_t *name,
    ngx_open_file_info_t *of)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_memzero(of, sizeof(ngx_open_file_info_t));

    of->read_ahead = clcf->read_ahead;
    of->directio = NGX_MAX_OFF_T_VALUE;
    of->valid = clcf->open_file_cache_valid;
    of->min_uses = clcf->open_file_cache_min_uses;
    of->errors = clcf->open_file_cache_errors;
    of->events = clcf->open_file_cache_events;

    if (ngx_open_cached_file(clcf->open_file_cache, name, of, r->pool)
        == NGX_OK)
    {
        return of->is_file ? NGX_OK : NGX_HTTP_NOT_FOUND;
    }

    switch (of->err) {

    case 0:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;

    case NGX_ENOENT:
    case NGX_ENOTDIR:
    case NGX_ENAMETOOLONG:
        return NGX_HTTP_NOT_FOUND;

    default:
        ngx_log_error(NGX_LOG_ERR, r->connection->log, of->err,
                      "%s \"%V\" failed", of->failed, name);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
}


static ngx_int_t
ngx_http_chat_asset_headers(ngx_http_request_t *r,
    ngx_http_chat_asset_t *asset, ngx_str_t *file, ngx_str_t *coding)
{
    ngx_table_elt_t               *h;
    ngx_http_chat_asset_header_t  *a;

    static ngx_str_t  vary = ngx_string("Accept-Encoding");
    static ngx_str_t  nosniff = ngx_string("nosniff");

    ngx_http_chat_asset_type(r, file);

    if (ngx_http_chat_reply_header(r, "Cache-Control", &asset->cache)
        != NGX_OK
        || ngx_http_chat_reply_header(r, "X-Content-Type-Options", &nosniff)
           != NGX_OK
        || ngx_http_chat_reply_header(r, "Vary", &vary) != NGX_OK)
    {
        return NGX_ERROR;
    }

    a = asset->flags & NGX_HTTP_CHAT_ASSET_CONSOLE
        ? ngx_http_chat_asset_console : ngx_http_chat_asset_public;

    for ( /* void */ ; a->key; a++) {
        if (ngx_http_chat_reply_header(r, a->key, &a->value) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (coding->len == 0) {
        return NGX_OK;
    }

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
    ngx_str_set(&h->key, "Content-Encoding");
    h->value = *coding;

#if (nginx_version >= 1023000)
    h->next = NULL;
#endif

    r->headers_out.content_encoding = h;

    return NGX_OK;
}


/*
 * nginx's own, of time and size, and the coding: a variant that happens to
 * have the size of another is not that one.
 */

static ngx_int_t
ngx_http_chat_asset_tag(ngx_http_request_t *r, ngx_str_t *coding)
{
    u_char     *p;
    ngx_str_t  *tag;

    if (ngx_http_set_etag(r) != NGX_OK) {
        return NGX_ERROR;
    }

    /* NULL: "etag off" */

    if (r->headers_out.etag == NULL || coding->len == 0) {
        return NGX_OK;
    }

    tag = &r->headers_out.etag->value;

    p = ngx_pnalloc(r->pool, tag->len + 1 + coding->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    tag->len--;
    tag->len = ngx_sprintf(p, "%V-%V\"", tag, coding) - p;
    tag->data = p;

    return NGX_OK;
}


/* not from "types": the module works without mime.types */

static void
ngx_http_chat_asset_type(ngx_http_request_t *r, ngx_str_t *file)
{
    ngx_str_t     *type;
    ngx_keyval_t  *t;

    static ngx_str_t  unknown = ngx_string("application/octet-stream");

    type = &unknown;

    for (t = ngx_http_chat_asset_types; t->key.len; t++) {

        if (file->len > t->key.len
            && ngx_strncmp(file->data + file->len - t->key.len, t->key.data,
                           t->key.len) == 0)
        {
            type = &t->value;
            break;
        }
    }

    r->headers_out.content_type = *type;
    r->headers_out.content_type_len = type->len;
    r->headers_out.content_type_lowcase = NULL;
}


static ngx_int_t
ngx_http_chat_asset_send(ngx_http_request_t *r, ngx_str_t *name,
    ngx_open_file_info_t *of)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    r->allow_ranges = 1;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b->file = ngx_pcalloc(r->pool, sizeof(ngx_file_t));
    if (b->file == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b->file_pos = 0;
    b->file_last = of->size;
    b->in_file = b->file_last ? 1 : 0;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    b->file->fd = of->fd;
    b->file->name = *name;
    b->file->log = r->connection->log;
    b->file->directio = of->is_directio;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


/* relative, so that it holds behind any proxy */

static ngx_int_t
ngx_http_chat_asset_redirect(ngx_http_request_t *r)
{
    u_char                    *p;
    ngx_str_t                  to;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);

    to.len = clcf->prefix.len + sizeof("console/") - 1;
    to.data = ngx_pnalloc(r->pool, to.len);
    if (to.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_cpymem(to.data, clcf->prefix.data, clcf->prefix.len);
    ngx_memcpy(p, "console/", sizeof("console/") - 1);

    r->headers_out.status = NGX_HTTP_MOVED_TEMPORARILY;
    r->headers_out.content_length_n = 0;
    r->header_only = 1;

    if (ngx_http_chat_reply_header(r, "Location", &to) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_send_header(r);
}
