
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The page of metrics: Prometheus' text format 0.0.4, or OpenMetrics 1.0.0.
 * Pure: any thread.
 */

#ifndef NGX_CHAT_EXPOSITION_H
#define NGX_CHAT_EXPOSITION_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/metrics.h"


/* what the shared memory can't tell; a value below 0 is not known, and left
   out */

typedef struct {
    int64_t      values[NGX_CHAT_METRIC_MAX];
    ngx_str_t    labels;                /* of rows without their own */
} ngx_chat_given_t;


/* sets all values to unknown */
void ngx_chat_given_init(ngx_chat_given_t *given);

/*
 * The page, in the pool.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_chat_exposition(ngx_pool_t *pool, ngx_chat_metrics_t *m,
    ngx_chat_given_t *given, ngx_uint_t open_metrics, ngx_str_t *page);

/*
 * Appends name="value" to labels, with a comma if they are not empty, and
 * with what the format escapes escaped.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_chat_exposition_label(ngx_pool_t *pool, ngx_str_t *labels,
    const char *name, const char *value);


#endif /* NGX_CHAT_EXPOSITION_H */
