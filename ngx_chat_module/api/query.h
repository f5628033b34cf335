
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The query of an address, checked against a table as the body is: integers,
 * names, and lines of text.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_QUERY_H
#define NGX_HTTP_CHAT_QUERY_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/field.h"
#include "http/request.h"
#include "store/job.h"


#define NGX_HTTP_CHAT_QUERY_LIMIT  50       /* rows, unless it is asked for */


/* a page of a list; where its bounds go, as offsets */

#define ngx_http_chat_query_page(before, limit)                               \
    { ngx_string("before"), NGX_CHAT_FIELD_INT, 0, 1, NGX_MAX_INT_T_VALUE,    \
      before, NULL, NULL, NULL },                                             \
    ngx_http_chat_query_limit(limit)

#define ngx_http_chat_query_limit(limit)                                      \
    { ngx_string("limit"), NGX_CHAT_FIELD_INT, 0, 1, 100,                     \
      limit, NULL, NULL, NULL }


/*
 * Fills in job->args.  Of the field types, INT, ENUM and LINE are known; a
 * line is decoded, in the job's pool.
 * NGX_DECLINED to go on, or a wrong value has been answered with 422.
 */
ngx_int_t ngx_http_chat_query(ngx_http_chat_ctx_t *ctx,
    ngx_chat_field_t *fields, ngx_chat_job_t *job);


#endif /* NGX_HTTP_CHAT_QUERY_H */
