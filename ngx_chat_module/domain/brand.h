
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * How the chat looks on the site: what an administrator chooses in the
 * console.  Stored as one JSON text, which the same table of fields checks
 * when it comes in and reads when it is loaded.  Pure; any thread.
 */

#ifndef NGX_CHAT_BRAND_H
#define NGX_CHAT_BRAND_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/field.h"
#include "base/json_out.h"
#include "domain/texts.h"


/* zeroed: the module's own looks */

typedef struct {
    ngx_str_t          colour;      /* "#rrggbb", or empty */
    ngx_uint_t         side;        /* end, left, right */
    int64_t            x;           /* px beside the default */
    int64_t            y;
    ngx_uint_t         icon;
    ngx_str_t          avatar;      /* address, or empty */
    ngx_chat_texts_t   texts[NGX_CHAT_LOCALES];     /* or empty */
} ngx_chat_brand_t;


extern ngx_chat_field_t  ngx_chat_brand_fields[];


/* the name of a field with a value that can't be, NULL when all can */
ngx_str_t *ngx_chat_brand_wrong(ngx_chat_brand_t *brand);

/* of the site itself, or by TLS; never another kind, such as "data:" */
ngx_uint_t ngx_chat_brand_address(ngx_str_t *s);

/* true when the looks are the module's own; texts don't count */
ngx_uint_t ngx_chat_brand_plain(ngx_chat_brand_t *brand);

/* all of it; texts with a locale only: what a page's button needs */
void ngx_chat_brand_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_brand_t *brand);
void ngx_chat_brand_look_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_brand_t *brand);

/* *texts: the administrator's words in a language, else the module's */
void ngx_chat_brand_speak(ngx_chat_brand_t *brand, ngx_uint_t locale,
    ngx_chat_texts_t *texts);

/* from its JSON; what can't be read leaves *brand zeroed */
void ngx_chat_brand_read(ngx_pool_t *pool, ngx_str_t *json,
    ngx_chat_brand_t *brand);


#endif /* NGX_CHAT_BRAND_H */
