
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Which answers are pages that somebody looks at.  Event loop; each of these
 * may be asked of a main request once its header is about to leave.
 */

#ifndef NGX_HTTP_CHAT_PAGE_H
#define NGX_HTTP_CHAT_PAGE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* a whole answer that is shown: no part, no redirect; error pages are */
ngx_uint_t ngx_http_chat_page_shown(ngx_http_request_t *r);

/* text/html, in an encoding in which its tags are ASCII */
ngx_uint_t ngx_http_chat_page_html(ngx_http_request_t *r);

/* the browser goes there: it is not for a script or a frame, as far as the
   browser says */
ngx_uint_t ngx_http_chat_page_navigated(ngx_http_request_t *r);

/* not with "Cache-Control: no-transform", a backend's own way to say no */
ngx_uint_t ngx_http_chat_page_transformable(ngx_http_request_t *r);


#endif /* NGX_HTTP_CHAT_PAGE_H */
