
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The events address, for visitors and operators alike.
 */

#ifndef NGX_HTTP_CHAT_EVENTS_H
#define NGX_HTTP_CHAT_EVENTS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/field.h"
#include "http/request.h"
#include "store/job.h"


typedef struct {
    int64_t    after;
    int64_t    wait;                /* s */
} ngx_http_chat_events_t;


extern ngx_chat_field_t  ngx_http_chat_events_query[];


ngx_int_t ngx_http_chat_events_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);

/* polls or streams, as the request's Accept header says */
ngx_int_t ngx_http_chat_events(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


#endif /* NGX_HTTP_CHAT_EVENTS_H */
