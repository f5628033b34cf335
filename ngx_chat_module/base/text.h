
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Text as people type it: UTF-8 checked, measured and cut by characters.
 * All functions are pure; any thread may call them.
 */

#ifndef NGX_CHAT_TEXT_H
#define NGX_CHAT_TEXT_H


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Counts the characters (code points) of s.  NGX_ERROR when s is not
 * well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing
 * above U+10FFFF).
 */
ngx_int_t ngx_chat_text_length(ngx_str_t *s);

/*
 * True when s holds no control characters (C0, DEL, C1) but tab and line
 * feed, and no NUL; with single_line neither of those two, nor Unicode's line
 * and paragraph separators.  False when s is not well-formed UTF-8.
 */
ngx_uint_t ngx_chat_text_printable(ngx_str_t *s, ngx_uint_t single_line);

/*
 * True when s is empty or shows nothing: only white space, Unicode's kinds and
 * the invisible characters included.
 */
ngx_uint_t ngx_chat_text_blank(ngx_str_t *s);

/* cuts s after at most n characters, never inside one; s must be valid */
void ngx_chat_text_cut(ngx_str_t *s, ngx_uint_t n);

/* CR LF and lone CR become LF, in place; s never grows */
void ngx_chat_text_newlines(ngx_str_t *s);

/* writes a character in UTF-8, at most 4 bytes; returns what is behind it */
u_char *ngx_chat_text_utf8(u_char *dst, uint32_t ch);

/*
 * Percent-encoded bytes as they are, and a plus as a space when form says so;
 * what is no code stays.  dst has s->len bytes; returns the length.
 */
size_t ngx_chat_text_unescape(u_char *dst, ngx_str_t *s, ngx_uint_t form);

/* which of names is s: an index, or NGX_ERROR; an empty one ends the names */
ngx_int_t ngx_chat_text_index(ngx_str_t *names, ngx_str_t *s);

/*
 * Writes s, whatever it is, as the value of an HTML attribute in quotes of
 * either kind.  Returns the bytes that this takes, also with dst NULL.
 */
size_t ngx_chat_text_attribute(u_char *dst, ngx_str_t *s);


#endif /* NGX_CHAT_TEXT_H */
