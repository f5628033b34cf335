
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Where in files the chat goes, what little stands behind it, titles, and of
 * small ones the content, as this worker has found them: a file that has not
 * changed since need not be looked through again, nor be read at all.  A small
 * table, in which the latest takes the place of an earlier one.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_PLACE_H
#define NGX_HTTP_CHAT_PLACE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/html.h"
#include "domain/visit.h"
#include "http/conf.h"
#include "module/content.h"


#define NGX_HTTP_CHAT_PLACES    1024        /* files; 224 bytes each */
#define NGX_HTTP_CHAT_NOWHERE   -1          /* the page gets none */
#define NGX_HTTP_CHAT_PLACE_TAIL  47        /* bytes that are kept */


typedef struct {
    void                     *conf;     /* of the location; NULL: no file */
    uint64_t                  key;      /* of the address in it, or the path */
    off_t                     size;
    time_t                    mtime;
    off_t                     place;    /* or NGX_HTTP_CHAT_NOWHERE */
    ngx_http_chat_content_t  *content;  /* or NULL: not kept */
    ngx_uint_t                found;    /* so often */
    u_char                    tail_len; /* 0: not known, or longer */
    u_char                    tail[NGX_HTTP_CHAT_PLACE_TAIL];   /* all behind
                                           .place */
    u_char                    title_len;
    u_char                    title[NGX_CHAT_VISIT_TITLE - 1];
} ngx_http_chat_place_t;


/*
 * Fills in all but .place, .tail and .title if the answer is a file, as nginx's
 * static module sends it, that has not been written just now; else .conf is
 * NULL.  Returns NGX_OK with these when they are known, otherwise NGX_DECLINED.
 */
ngx_int_t ngx_http_chat_place_find(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf, ngx_http_chat_place_t *place);

/*
 * Of a file of which the answer says that it has not changed (304), the title,
 * if it is known, is that of the page that the visitor sees.
 */
void ngx_http_chat_place_unchanged(ngx_http_request_t *r,
    ngx_http_chat_loc_conf_t *clcf);

/* the page has been looked through: .title, which the visitor sees */
void ngx_http_chat_place_read(ngx_http_request_t *r,
    ngx_http_chat_place_t *place, ngx_chat_html_t *html);

/* .place, .tail and .title have been found */
void ngx_http_chat_place_keep(ngx_http_chat_place_t *place);

/* all of a file that is known, as it was read: kept if it is often asked for */
void ngx_http_chat_place_content(ngx_http_request_t *r,
    ngx_http_chat_place_t *place, ngx_buf_t *b);

/* another configuration: its locations may stand where those of this did */
void ngx_http_chat_place_forget(void);


#endif /* NGX_HTTP_CHAT_PLACE_H */
