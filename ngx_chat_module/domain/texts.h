
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The first words that a visitor reads, by language.
 */

#ifndef NGX_CHAT_TEXTS_H
#define NGX_CHAT_TEXTS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/json_out.h"
#include "domain/locale.h"


typedef struct {
    ngx_str_t    title;
    ngx_str_t    welcome;
    ngx_str_t    away;
} ngx_chat_texts_t;


/* by language */
extern ngx_chat_texts_t  ngx_chat_texts[];


/* an object with the three */
void ngx_chat_texts_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_texts_t *texts);

/* an object with the texts of each language */
void ngx_chat_texts_all_json(ngx_chat_json_out_t *o, const char *name);


#endif /* NGX_CHAT_TEXTS_H */
