
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * GET <prefix>metrics: what base/metrics.h counts, and what the database and
 * the zone tell.  Event loop; the database is read by a thread.
 */

#ifndef NGX_HTTP_CHAT_METRICS_H
#define NGX_HTTP_CHAT_METRICS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* a content handler */
ngx_int_t ngx_http_chat_metrics(ngx_http_request_t *r);


#endif /* NGX_HTTP_CHAT_METRICS_H */
