
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Small files as this worker has read them.  A page in which nothing is new
 * but the element is sent from here: one call instead of two that each copy
 * it.  What was sent longest ago makes room.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_CONTENT_H
#define NGX_HTTP_CHAT_CONTENT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


#define NGX_HTTP_CHAT_CONTENT   32768       /* bytes of a file at most */
#define NGX_HTTP_CHAT_CONTENTS  2097152     /* bytes of all, in a worker */


typedef struct ngx_http_chat_content_s  ngx_http_chat_content_t;


/*
 * Keeps all of a file, as a buffer holds it, for whoever looks at *owner, which
 * becomes NULL when the file has to go.  One that has been written after some
 * time, or shortly before, is not kept: what it said when it was read, which
 * was later, could not be told from what it says now.
 */
void ngx_http_chat_content_keep(ngx_http_chat_content_t **owner,
    ngx_buf_t *b, time_t since);

/* it stays until the request ends, whoever drops it.  NGX_ERROR: no memory */
ngx_int_t ngx_http_chat_content_hold(ngx_http_chat_content_t *content,
    ngx_http_request_t *r);

/*
 * Lets a buffer that stands for a part of the file point to it, unless another
 * file is open by now, or it has been written or touched since.
 */
void ngx_http_chat_content_use(ngx_http_chat_content_t *content,
    ngx_buf_t *b);

/* *owner may be NULL */
void ngx_http_chat_content_drop(ngx_http_chat_content_t **owner);


#endif /* NGX_HTTP_CHAT_CONTENT_H */
