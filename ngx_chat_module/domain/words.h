
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Words that visitors' messages may not have: a list of an administrator's, a
 * word or a phrase on each line, and what becomes of a message with one.
 * Whole words count, without case and accents (base/fold.h).  Pure; any
 * thread.
 */

#ifndef NGX_CHAT_WORDS_H
#define NGX_CHAT_WORDS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/field.h"
#include "base/json_out.h"


#define NGX_CHAT_WORDS_LINES  1000
#define NGX_CHAT_WORDS_LINE   100           /* characters */
#define NGX_CHAT_WORDS_BYTES  49152


typedef enum {
    NGX_CHAT_WORDS_REFUSE = 0,      /* 422 */
    NGX_CHAT_WORDS_HIDE             /* nobody but the visitor sees it */
} ngx_chat_words_action_e;


typedef struct {
    ngx_uint_t    action;           /* ngx_chat_words_action_e */
    ngx_str_t     list;             /* lines */
} ngx_chat_words_t;


extern ngx_chat_field_t  ngx_chat_words_fields[];


/* what is wrong with the list, for a person; NULL when nothing is */
const char *ngx_chat_words_wrong(ngx_chat_words_t *words);

/* as the API shows it, and as it is stored */
void ngx_chat_words_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_words_t *words);

/* from its JSON; what can't be read leaves *words zeroed */
void ngx_chat_words_read(ngx_pool_t *pool, ngx_str_t *json,
    ngx_chat_words_t *words);

/*
 * *table: the list in order, in one block that may be copied to where it is
 * aligned as by malloc(); empty when the list is.  NGX_ERROR when memory is
 * out.  A millisecond for the longest.
 */
ngx_int_t ngx_chat_words_compile(ngx_pool_t *pool, ngx_chat_words_t *words,
    ngx_str_t *table);

/*
 * Whether a text has one of them, and what becomes of it then.  buf has room
 * for ngx_chat_fold_size() of the text's length.
 */
ngx_uint_t ngx_chat_words_found(ngx_str_t *table, ngx_str_t *text,
    u_char *buf, ngx_chat_words_action_e *action);


#endif /* NGX_CHAT_WORDS_H */
