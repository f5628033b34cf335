
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * States of the scanner of base/html.h, for what is not text with tags: raw
 * text, scripts, comments.  For base/html.c only.
 */

#ifndef NGX_CHAT_HTML_CONTENT_H
#define NGX_CHAT_HTML_CONTENT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/html.h"


/* what ends a name: blanks, "/" and ">" */

#define ngx_chat_html_blank(c)                                                \
    ((c) == ' ' || (c) == '\n' || (c) == '\t' || (c) == '\r' || (c) == '\f')

#define ngx_chat_html_delimiter(c)                                            \
    (ngx_chat_html_blank(c) || (c) == '/' || (c) == '>')

#define ngx_chat_html_alpha(c)  (((c) | 0x20) >= 'a' && ((c) | 0x20) <= 'z')


/* text with tags */
u_char *ngx_chat_html_text(ngx_chat_html_t *html, u_char *p, u_char *last);

/* the name of a tag is over: what follows is attributes, then text */
void ngx_chat_html_named(ngx_chat_html_t *html);

/* after "<!", and what ends with the next ">" */
u_char *ngx_chat_html_markup(ngx_chat_html_t *html, u_char *p, u_char *last);
u_char *ngx_chat_html_bogus(ngx_chat_html_t *html, u_char *p, u_char *last);

/* until the end tag that .raw names, of a script, and what never ends */
u_char *ngx_chat_html_raw(ngx_chat_html_t *html, u_char *p, u_char *last);
u_char *ngx_chat_html_raw_open(ngx_chat_html_t *html, u_char *p,
    u_char *last);
u_char *ngx_chat_html_script(ngx_chat_html_t *html, u_char *p, u_char *last);
u_char *ngx_chat_html_plain(ngx_chat_html_t *html, u_char *p, u_char *last);


#endif /* NGX_CHAT_HTML_CONTENT_H */
