
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Whether a file is as it was is asked of the open one: by its inode and by
 * the time of its last change, which nobody can set, to the nanosecond.  The
 * kernel's clock for it may stand still for some milliseconds, so a file that
 * has changed lately is not kept.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "module/content.h"


#define NGX_HTTP_CHAT_CONTENT_AGE  2        /* seconds */


typedef struct {
    dev_t                      dev;
    ino_t                      ino;
    off_t                      size;
    struct timespec            mtime;
    struct timespec            ctime;
} ngx_http_chat_content_id_t;


struct ngx_http_chat_content_s {
    ngx_queue_t                queue;       /* latest sent first */
    ngx_http_chat_content_t  **owner;       /* NULL: dropped */
    ngx_uint_t                 holds;       /* requests */
    ngx_http_chat_content_id_t id;
    u_char                     data[];
};


static ngx_int_t ngx_http_chat_content_id(ngx_fd_t fd,
    ngx_http_chat_content_id_t *id);
static ngx_uint_t ngx_http_chat_content_same(ngx_http_chat_content_id_t *a,
    ngx_http_chat_content_id_t *b);
static void ngx_http_chat_content_room(size_t len);
static void ngx_http_chat_content_release(void *data);
static void ngx_http_chat_content_free(ngx_http_chat_content_t *content);


static ngx_queue_t  ngx_http_chat_contents;
static size_t       ngx_http_chat_contents_size;


void
ngx_http_chat_content_keep(ngx_http_chat_content_t **owner, ngx_buf_t *b,
    time_t since)
{
    size_t                      len;
    ngx_http_chat_content_t    *content;
    ngx_http_chat_content_id_t  id;

    len = b->last - b->pos;

    ngx_http_chat_content_drop(owner);

    if (len > NGX_HTTP_CHAT_CONTENT
        || ngx_http_chat_content_id(b->file->fd, &id) != NGX_OK
        || id.size != (off_t) len
        || id.ctime.tv_sec >= since - NGX_HTTP_CHAT_CONTENT_AGE)
    {
        return;
    }

    content = ngx_alloc(sizeof(ngx_http_chat_content_t) + len, b->file->log);
    if (content == NULL) {
        return;
    }

    content->owner = owner;
    content->holds = 0;
    content->id = id;
    ngx_memcpy(content->data, b->pos, len);

    ngx_http_chat_content_room(len);

    ngx_queue_insert_head(&ngx_http_chat_contents, &content->queue);
    ngx_http_chat_contents_size += len;

    *owner = content;
}


static void
ngx_http_chat_content_room(size_t len)
{
    ngx_http_chat_content_t  *last;

    if (ngx_http_chat_contents.next == NULL) {
        ngx_queue_init(&ngx_http_chat_contents);
    }

    while (ngx_http_chat_contents_size + len > NGX_HTTP_CHAT_CONTENTS) {
        last = ngx_queue_data(ngx_queue_last(&ngx_http_chat_contents),
                              ngx_http_chat_content_t, queue);

        ngx_http_chat_content_drop(last->owner);
    }
}


static ngx_int_t
ngx_http_chat_content_id(ngx_fd_t fd, ngx_http_chat_content_id_t *id)
{
    ngx_file_info_t  fi;

    if (ngx_fd_info(fd, &fi) == NGX_FILE_ERROR) {
        return NGX_ERROR;
    }

    id->dev = fi.st_dev;
    id->ino = fi.st_ino;
    id->size = fi.st_size;
    id->mtime = fi.st_mtim;
    id->ctime = fi.st_ctim;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_chat_content_same(ngx_http_chat_content_id_t *a,
    ngx_http_chat_content_id_t *b)
{
    return a->dev == b->dev
           && a->ino == b->ino
           && a->size == b->size
           && a->mtime.tv_sec == b->mtime.tv_sec
           && a->mtime.tv_nsec == b->mtime.tv_nsec
           && a->ctime.tv_sec == b->ctime.tv_sec
           && a->ctime.tv_nsec == b->ctime.tv_nsec;
}


ngx_int_t
ngx_http_chat_content_hold(ngx_http_chat_content_t *content,
    ngx_http_request_t *r)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_chat_content_release;
    cln->data = content;

    content->holds++;

    ngx_queue_remove(&content->queue);
    ngx_queue_insert_head(&ngx_http_chat_contents, &content->queue);

    return NGX_OK;
}


static void
ngx_http_chat_content_release(void *data)
{
    ngx_http_chat_content_t *content = data;

    content->holds--;

    ngx_http_chat_content_free(content);
}


void
ngx_http_chat_content_use(ngx_http_chat_content_t *content, ngx_buf_t *b)
{
    ngx_http_chat_content_id_t  id;

    if (ngx_http_chat_content_id(b->file->fd, &id) != NGX_OK
        || !ngx_http_chat_content_same(&content->id, &id)
        || b->file_last > id.size)
    {
        if (content->owner) {
            ngx_http_chat_content_drop(content->owner);
        }

        return;
    }

    b->memory = 1;
    b->pos = content->data + b->file_pos;
    b->last = content->data + b->file_last;
    b->in_file = 0;
}


void
ngx_http_chat_content_drop(ngx_http_chat_content_t **owner)
{
    ngx_http_chat_content_t  *content;

    content = *owner;

    if (content == NULL) {
        return;
    }

    *owner = NULL;
    content->owner = NULL;

    ngx_queue_remove(&content->queue);
    ngx_http_chat_contents_size -= content->id.size;

    ngx_http_chat_content_free(content);
}


/* once nobody needs it */

static void
ngx_http_chat_content_free(ngx_http_chat_content_t *content)
{
    if (content->owner == NULL && content->holds == 0) {
        ngx_free(content);
    }
}
