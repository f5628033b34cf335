
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


typedef struct {
    ngx_str_t    locale;            /* "en", "fr", "de" */
    ngx_str_t    title;
    ngx_str_t    welcome;
    ngx_str_t    away;
} ngx_chat_texts_t;


/*
 * The texts that fit best: locale is a BCP 47 tag or the value of an
 * Accept-Language header (with q values); English when nothing fits.
 */
ngx_chat_texts_t *ngx_chat_texts_for(ngx_str_t *locale);

void ngx_chat_texts_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_texts_t *texts);

/* an object with the texts of each language */
void ngx_chat_texts_all_json(ngx_chat_json_out_t *o, const char *name);


#endif /* NGX_CHAT_TEXTS_H */
