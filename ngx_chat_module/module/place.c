
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
#include "base/html_title.h"
#include "http/conf.h"
#include "http/viewer.h"
#include "module/place.h"


/* a file may be written twice in a second, and keep its size */
#define NGX_HTTP_CHAT_PLACE_AGE  2

/* a copy for a page that nobody asks for again would be made for nothing */
#define NGX_HTTP_CHAT_PLACE_OFTEN  3


static void ngx_http_chat_place_seen(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf, ngx_http_chat_place_t *place);
static uint64_t ngx_http_chat_place_key(ngx_str_t *name);
static ngx_http_chat_place_t *ngx_http_chat_place_known(
    ngx_http_chat_loc_conf_t *clcf, uint64_t key, time_t mtime);
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
    place->content = NULL;
    place->found = 0;
    place->tail_len = 0;

    if (!ngx_http_chat_place_is_file(r)
        || ngx_http_chat_place_name(r, &name) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    place->conf = clcf;
    place->key = ngx_http_chat_place_key(&name);
    place->size = r->headers_out.content_length_n;
    place->mtime = r->headers_out.last_modified_time;

    known = ngx_http_chat_place_known(clcf, place->key, place->mtime);

    if (known == NULL || known->size != place->size) {
        return NGX_DECLINED;
    }

    known->found++;

    *place = *known;

    ngx_http_chat_place_seen(r, clcf, place);

    return NGX_OK;
}


void
ngx_http_chat_place_unchanged(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf)
{
    ngx_str_t               name;
    ngx_http_chat_place_t  *known;

    if (clcf->track == NULL || r->upstream
        || r->headers_out.last_modified_time == -1
        || ngx_http_chat_place_name(r, &name) != NGX_OK)
    {
        return;
    }

    known = ngx_http_chat_place_known(clcf, ngx_http_chat_place_key(&name),
                                      r->headers_out.last_modified_time);
    if (known) {
        ngx_http_chat_place_seen(r, clcf, known);
    }
}


void
ngx_http_chat_place_read(ngx_http_request_t *r, ngx_http_chat_place_t *place,
    ngx_chat_html_t *html)
{
    place->title_len = (u_char)
        ngx_chat_html_title_text(html, place->title, sizeof(place->title));

    ngx_http_chat_place_seen(r, ngx_http_get_module_loc_conf(r,
                                                     ngx_http_chat_module),
                             place);
}


/* for the view of the page, which is noted when all of it has left */

static void
ngx_http_chat_place_seen(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf, ngx_http_chat_place_t *place)
{
    ngx_http_chat_viewer_t  *page;

    if (clcf->track == NULL || place->title_len == 0) {
        return;
    }

    page = ngx_http_chat_viewer_slot(r);

    if (page == NULL) {
        return;
    }

    page->title.data = ngx_pnalloc(r->pool, place->title_len);

    if (page->title.data) {
        page->title.len = place->title_len;
        ngx_memcpy(page->title.data, place->title, place->title_len);
    }
}


/* two, as one has only 32 bits */

static uint64_t
ngx_http_chat_place_key(ngx_str_t *name)
{
    return (uint64_t) ngx_murmur_hash2(name->data, name->len) << 32
           | ngx_murmur_hash2(name->data + 1, name->len - 1);
}


static ngx_http_chat_place_t *
ngx_http_chat_place_known(ngx_http_chat_loc_conf_t *clcf, uint64_t key,
    time_t mtime)
{
    ngx_http_chat_place_t  *known;

    known = &ngx_http_chat_places[key % NGX_HTTP_CHAT_PLACES];

    return known->conf == clcf && known->key == key && known->mtime == mtime
           ? known : NULL;
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
    ngx_http_chat_place_t  *slot;

    if (place->conf) {
        slot = &ngx_http_chat_places[place->key % NGX_HTTP_CHAT_PLACES];

        ngx_http_chat_content_drop(&slot->content);

        *slot = *place;
    }
}


void
ngx_http_chat_place_content(ngx_http_request_t *r,
    ngx_http_chat_place_t *place, ngx_buf_t *b)
{
    ngx_http_chat_place_t  *known;

    known = ngx_http_chat_place_known(place->conf, place->key, place->mtime);

    if (known && known->size == place->size
        && known->found >= NGX_HTTP_CHAT_PLACE_OFTEN)
    {
        ngx_http_chat_content_keep(&known->content, b, r->start_sec);
    }
}


void
ngx_http_chat_place_forget(void)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_CHAT_PLACES; i++) {
        ngx_http_chat_content_drop(&ngx_http_chat_places[i].content);
    }

    ngx_memzero(ngx_http_chat_places, sizeof(ngx_http_chat_places));
}
