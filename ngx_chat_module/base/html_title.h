
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The title of a page that passes through the scanner of base/html.h: that of
 * its first <title> outside of SVG and MathML.  For base/html*.c, but for
 * ngx_chat_html_title_text().  Pure; of one request.
 */

#ifndef NGX_CHAT_HTML_TITLE_H
#define NGX_CHAT_HTML_TITLE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/html.h"


/* the content of a <title> */
u_char *ngx_chat_html_title(ngx_chat_html_t *html, u_char *p, u_char *last);

/* what goes on with it, if it is what is being read; too much is cut off */
void ngx_chat_html_title_take(ngx_chat_html_t *html, u_char *p, size_t len);

/* its end tag has been read */
void ngx_chat_html_title_over(ngx_chat_html_t *html);

/*
 * The title as a browser shows it, references to characters decoded and
 * blanks made one, into dst: at most size bytes of printable UTF-8, whole
 * characters.  Returns the length; 0 if there is no title (yet), or one in
 * another encoding.
 */
size_t ngx_chat_html_title_text(ngx_chat_html_t *html, u_char *dst,
    size_t size);


#endif /* NGX_CHAT_HTML_TITLE_H */
