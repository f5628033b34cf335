
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Reading and changing the chat's looks.
 */

#ifndef NGX_CHAT_COMMAND_BRAND_H
#define NGX_CHAT_COMMAND_BRAND_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"
#include "domain/brand.h"


/* the first member is what the API's fields fill in */

typedef struct {
    ngx_chat_brand_t     brand;
    int64_t              operator;      /* who asks */
    int64_t              now;           /* ms */
} ngx_chat_brand_args_t;


/* of a session's answer: "texts" in the language that fits best, "brand" */
ngx_int_t ngx_chat_brand_welcome(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_str_t *locale, ngx_chat_json_out_t *o);

/* reads: {"brand":...} */
ngx_int_t ngx_chat_brand_show(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* reads: what a page's button needs, an object; no arguments */
ngx_int_t ngx_chat_brand_look(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* writes all of it: OK with {"brand":...}, or ROLE */
ngx_int_t ngx_chat_brand_put(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_BRAND_H */
