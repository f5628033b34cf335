
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A file is known by what its ETag is made of, time and size, and by its
 * path.  What changes a page on its way clears its length, so that it is no
 * file here.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/conf.h"
#include "module/place.h"


/* a file may be written twice in a second, and keep its size */
#define NGX_HTTP_CHAT_PLACE_AGE  2


static ngx_uint_t ngx_http_chat_place_is_file(ngx_http_request_t *r);


static ngx_http_chat_place_t  ngx_http_chat_places[NGX_HTTP_CHAT_PLACES];


ngx_int_t
ngx_http_chat_place_find(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf, ngx_http_chat_place_t *place)
{
    size_t                  root;
    uint32_t                crc;
    ngx_str_t               path;
    ngx_http_chat_place_t  *known;

    place->key = 0;
    place->size = -1;

    if (!ngx_http_chat_place_is_file(r)
        || ngx_http_map_uri_to_path(r, &path, &root, 0) == NULL)
    {
        return NGX_DECLINED;
    }

    ngx_crc32_init(crc);
    ngx_crc32_update(&crc, clcf->needle.data, clcf->needle.len);
    ngx_crc32_update(&crc, path.data, path.len);
    ngx_crc32_final(crc);

    place->key = (uint64_t) crc << 32
                 | ngx_murmur_hash2(path.data, path.len);
    place->size = r->headers_out.content_length_n;
    place->mtime = r->headers_out.last_modified_time;

    known = &ngx_http_chat_places[place->key % NGX_HTTP_CHAT_PLACES];

    if (place->key == 0 || known->key != place->key
        || known->size != place->size || known->mtime != place->mtime)
    {
        return NGX_DECLINED;
    }

    place->place = known->place;

    return NGX_OK;
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
    if (place->key) {
        ngx_http_chat_places[place->key % NGX_HTTP_CHAT_PLACES] = *place;
    }
}
