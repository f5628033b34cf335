
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Where in a page something may be added: before its "</body>", as a browser
 * that runs scripts would see it (the tokenizer of the HTML standard, as far
 * as it matters here), while the page passes in pieces of any size.  Nothing
 * is copied but a tag that a piece ends in the middle of, six bytes at most,
 * and the beginning of the title (base/html_title.h).  Pure; of one request.
 */

#ifndef NGX_CHAT_HTML_H
#define NGX_CHAT_HTML_H


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CHAT_HTML_HELD   6          /* sizeof("</body") - 1 */
#define NGX_CHAT_HTML_NAME   16         /* of tags and attributes */
#define NGX_CHAT_HTML_VALUE  256        /* of a script's address */
#define NGX_CHAT_HTML_TITLE  240        /* as it is in the page */


typedef struct ngx_chat_html_s  ngx_chat_html_t;

typedef u_char *(*ngx_chat_html_state_pt)(ngx_chat_html_t *html, u_char *p,
    u_char *last);

struct ngx_chat_html_s {
    ngx_chat_html_state_pt  state;
    ngx_chat_html_state_pt  content;    /* after the tag that is being read */
    ngx_str_t               loader;
    ngx_str_t               raw;        /* the tag that ends the raw text */
    u_char                 *open;       /* the last "<" of this piece */

    size_t                  len;        /* of .name, or matched of a word */
    size_t                  value_len;
    size_t                  title_len;
    ngx_uint_t              foreign;    /* open "svg" and "math" */
    ngx_uint_t              dashes;     /* "-" just seen, up to two */
    ngx_uint_t              start;      /* "-" until "--!>" ends a comment */
    ngx_uint_t              escape;     /* 1: "<!--" in a script, 2: and a
                                           "<script" in that */
    u_char                  quote;

    unsigned                candidate:1;    /* may become "</body" */
    unsigned                end:1;          /* it is an end tag */
    unsigned                slash:1;        /* "/" was the last character */
    unsigned                script:1;       /* it is a "<script" */
    unsigned                opens:1;        /* it is an "<svg" or "<math" */
    unsigned                address:1;      /* the value is its "src" */
    unsigned                document:1;     /* a whole one */
    unsigned                titled:1;       /* its title is over */
    unsigned                present:1;      /* the loader is there already */
    unsigned                found:1;

    u_char                  held[NGX_CHAT_HTML_HELD];
    size_t                  held_len;
    u_char                  name[NGX_CHAT_HTML_NAME];
    u_char                  value[NGX_CHAT_HTML_VALUE];
    u_char                  title[NGX_CHAT_HTML_TITLE];
};


typedef struct {
    u_char                  held[NGX_CHAT_HTML_HELD];
    size_t                  held_len;   /* of earlier pieces, goes first */
    size_t                  pass;       /* of this piece; the rest is held */
    size_t                  place;      /* in both, when .found */
    unsigned                found:1;
} ngx_chat_html_piece_t;


/*
 * Before the first piece.  A script whose address ends with loader, such as
 * "/chat/loader.js", or that has a "data-chat" is what would be added: where
 * it comes first, nothing is.  *loader must stay.
 */
void ngx_chat_html_init(ngx_chat_html_t *html, ngx_str_t *loader);

/*
 * The next piece, and what of it may pass now.  NGX_DONE: the place is found,
 * or there will be none; the rest of the page passes unseen.  NGX_OK: go on.
 */
ngx_int_t ngx_chat_html_scan(ngx_chat_html_t *html, u_char *data, size_t len,
    ngx_chat_html_piece_t *piece);

/*
 * After the last piece, when there was no place: what is still held goes
 * first.  Returns 1 if the page's end is the place: it is a whole document,
 * and its end is not inside of a script, a comment or a tag.
 */
ngx_uint_t ngx_chat_html_end(ngx_chat_html_t *html,
    ngx_chat_html_piece_t *piece);


#endif /* NGX_CHAT_HTML_H */
