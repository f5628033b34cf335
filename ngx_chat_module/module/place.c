
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A file is known by what its ETag is made of, time and size, and by its
 * path: that is, but for variables, by location and URI.  What changes a page
 * on its way clears its length, so that it is no file here.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"
#include "module/place.h"


/* a file may be written twice in a second, and keep its size */
#define NGX_HTTP_CHAT_PLACE_AGE  2


static ngx_int_t ngx_http_chat_place_name(ngx_http_request_t *r,
    ngx_str_t *name);
static ngx_uint_t ngx_http_chat_place_is_file(ngx_http_request_t *r);


static ngx_http_chat_place_t  ngx_http_chat_places[NGX_HTTP_CHAT_PLACES];


ngx_int_t
ngx_http_chat_place_find(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf, ngx_http_chat_place_t *place)
{
    ngx_str_t               name;
    ngx_http_chat_place_t  *known;

    place->conf = NULL;
    place->size = -1;

    if (!ngx_http_chat_place_is_file(r)
        || ngx_http_chat_place_name(r, &name) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    /* two, as one has only 32 bits */

    place->key = (uint64_t) ngx_murmur_hash2(name.data, name.len) << 32
                 | ngx_murmur_hash2(name.data + 1, name.len - 1);
    place->conf = clcf;
    place->size = r->headers_out.content_length_n;
    place->mtime = r->headers_out.last_modified_time;

    known = &ngx_http_chat_places[place->key % NGX_HTTP_CHAT_PLACES];

    if (known->conf != place->conf || known->key != place->key
        || known->size != place->size || known->mtime != place->mtime)
    {
        return NGX_DECLINED;
    }

    place->place = known->place;

    return NGX_OK;
}


/* what is the file's alone in this location */

static ngx_int_t
ngx_http_chat_place_name(ngx_http_request_t *r, ngx_str_t *name)
{
    size_t                     root;
    ngx_http_core_loc_conf_t  *core;

    core = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (core->root_lengths == NULL) {
        *name = r->uri;

    } else if (ngx_http_map_uri_to_path(r, name, &root, 0) == NULL) {
        return NGX_ERROR;
    }

    return name->len ? NGX_OK : NGX_DECLINED;
}


static ngx_uint_t
ngx_http_chat_place_is_file(ngx_http_request_t *r)
{
    time_t  mtime;

    mtime = r->headers_out.last_modified_time;

    return r->allow_ranges
           && r->content_handler == NULL
#if (NGX_HTTP_CACHE)
           && !r->cached
#endif
           && r->upstream == NULL
           && r->headers_out.status == NGX_HTTP_OK
           && r->headers_out.content_length_n > 0
           && mtime != -1
           && mtime < ngx_time() - NGX_HTTP_CHAT_PLACE_AGE;
}


void
ngx_http_chat_place_keep(ngx_http_chat_place_t *place)
{
    if (place->conf) {
        ngx_http_chat_places[place->key % NGX_HTTP_CHAT_PLACES] = *place;
    }
}


void
ngx_http_chat_place_forget(void)
{
    ngx_memzero(ngx_http_chat_places, sizeof(ngx_http_chat_places));
}
