
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Prometheus, "Text-based format"; OpenMetrics 1.0.0: there a counter's
 * family has no "_total", numbers of buckets are floats, and the text has an
 * end.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/exposition.h"


/* beside names, labels and help: words, numbers, line ends */
#define NGX_CHAT_EXPOSITION_LINE  96


typedef struct {
    u_char                *pos;
    u_char                *last;
    ngx_chat_metrics_t    *metrics;
    ngx_chat_given_t      *given;
    ngx_uint_t             slots;
    ngx_uint_t             workers;         /* the highest number, and one */
    ngx_uint_t             open_metrics;
    u_char                 alive[NGX_CHAT_METRICS_SLOTS];
} ngx_chat_exposition_t;


static void ngx_chat_exposition_look(ngx_chat_exposition_t *e);
static size_t ngx_chat_exposition_size(ngx_chat_exposition_t *e);
static void ngx_chat_exposition_row(ngx_chat_exposition_t *e,
    ngx_uint_t metric, ngx_uint_t *headed);
static uint64_t ngx_chat_exposition_gather(ngx_chat_exposition_t *e,
    ngx_uint_t metric, ngx_uint_t worker);
static uint64_t ngx_chat_exposition_slot(ngx_chat_slot_t *slot,
    ngx_uint_t metric);
static void ngx_chat_exposition_head(ngx_chat_exposition_t *e,
    const char *name, const char *type, const char *help);
static void ngx_chat_exposition_value(ngx_chat_exposition_t *e,
    const ngx_chat_metric_t *row, ngx_str_t *labels, uint64_t value);
static void ngx_chat_exposition_histogram(ngx_chat_exposition_t *e,
    ngx_uint_t histogram);
static uint64_t ngx_chat_exposition_bucket(ngx_chat_exposition_t *e,
    ngx_uint_t histogram, ngx_uint_t bucket);
static void ngx_chat_exposition_number(ngx_chat_exposition_t *e,
    uint64_t value, ngx_uint_t micro, ngx_uint_t whole);


void
ngx_chat_given_init(ngx_chat_given_t *given)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_METRIC_MAX; i++) {
        given->values[i] = -1;
    }

    ngx_str_null(&given->labels);
}


ngx_int_t
ngx_chat_exposition(ngx_pool_t *pool, ngx_chat_metrics_t *m,
    ngx_chat_given_t *given, ngx_uint_t open_metrics, ngx_str_t *page)
{
    size_t                  size;
    ngx_uint_t              i, headed;
    ngx_chat_exposition_t   e;

    e.metrics = m;
    e.given = given;
    e.open_metrics = open_metrics;

    ngx_chat_exposition_look(&e);

    size = ngx_chat_exposition_size(&e);

    e.pos = ngx_pnalloc(pool, size);
    if (e.pos == NULL) {
        return NGX_ERROR;
    }

    e.last = e.pos + size;
    page->data = e.pos;
    headed = 0;

    for (i = 0; i < NGX_CHAT_METRIC_MAX; i++) {

        if (i && ngx_strcmp(ngx_chat_metrics[i].name,
                            ngx_chat_metrics[i - 1].name)
                 != 0)
        {
            headed = 0;
        }

        ngx_chat_exposition_row(&e, i, &headed);
    }

    for (i = 0; i < NGX_CHAT_HISTOGRAM_MAX; i++) {
        ngx_chat_exposition_histogram(&e, i);
    }

    if (open_metrics) {
        e.pos = ngx_slprintf(e.pos, e.last, "# EOF\n");
    }

    page->len = e.pos - page->data;

    return e.pos == e.last ? NGX_ERROR : NGX_OK;
}


/* who is there now: once, so that all rows tell of the same processes */

static void
ngx_chat_exposition_look(ngx_chat_exposition_t *e)
{
    uint64_t     worker;
    ngx_uint_t   i;

    e->slots = (ngx_uint_t) __atomic_load_n(&e->metrics->n, __ATOMIC_ACQUIRE);
    e->workers = 0;

    for (i = 0; i < e->slots; i++) {
        e->alive[i] = (u_char) ngx_chat_metrics_alive(e->metrics->slots[i]);

        worker = __atomic_load_n(&e->metrics->slots[i]->worker,
                                 __ATOMIC_RELAXED);

        if (e->alive[i]) {
            e->workers = ngx_max(e->workers, (ngx_uint_t) worker + 1);
        }
    }
}


static size_t
ngx_chat_exposition_size(ngx_chat_exposition_t *e)
{
    size_t      size, name, labels;
    ngx_uint_t  i, n;

    size = NGX_CHAT_EXPOSITION_LINE;

    for (i = 0; i < NGX_CHAT_METRIC_MAX; i++) {
        name = ngx_strlen(ngx_chat_metrics[i].name);
        labels = ngx_chat_metrics[i].labels
                 ? ngx_strlen(ngx_chat_metrics[i].labels)
                 : e->given->labels.len;
        n = ngx_chat_metrics[i].from == NGX_CHAT_FROM_WORKER ? e->workers : 1;

        size += 2 * name + ngx_strlen(ngx_chat_metrics[i].help)
                + NGX_CHAT_EXPOSITION_LINE
                + n * (name + labels + NGX_CHAT_EXPOSITION_LINE);
    }

    for (i = 0; i < NGX_CHAT_HISTOGRAM_MAX; i++) {
        name = ngx_strlen(ngx_chat_histograms[i].name);

        size += 2 * name + ngx_strlen(ngx_chat_histograms[i].help)
                + (NGX_CHAT_METRICS_BOUNDS + 4)
                  * (name + NGX_CHAT_EXPOSITION_LINE);
    }

    return size;
}


/* a family without a known value has no head either */

static void
ngx_chat_exposition_row(ngx_chat_exposition_t *e, ngx_uint_t metric,
    ngx_uint_t *headed)
{
    u_char                    buf[128];
    ngx_str_t                 labels;
    ngx_uint_t                i, first;
    const ngx_chat_metric_t  *row;

    row = &ngx_chat_metrics[metric];

    if (row->from == NGX_CHAT_FROM_GIVEN && e->given->values[metric] < 0) {
        return;
    }

    if (row->from == NGX_CHAT_FROM_WORKER && e->workers == 0) {
        return;
    }

    if (!*headed) {
        *headed = 1;

        for (first = metric;
             first && ngx_strcmp(ngx_chat_metrics[first - 1].name, row->name)
                      == 0;
             first--)
        {
            /* void */
        }

        ngx_chat_exposition_head(e, row->name,
                                 row->type == NGX_CHAT_TYPE_GAUGE ? "gauge"
                                                                  : "counter",
                                 ngx_chat_metrics[first].help);
    }

    if (row->from != NGX_CHAT_FROM_WORKER) {
        labels = e->given->labels;

        if (row->labels) {
            labels.data = (u_char *) row->labels;
            labels.len = ngx_strlen(row->labels);
        }

        ngx_chat_exposition_value(e, row, &labels,
                                  ngx_chat_exposition_gather(e, metric, 0));
        return;
    }

    for (i = 0; i < e->workers; i++) {
        labels.data = buf;
        labels.len = ngx_slprintf(buf, buf + sizeof(buf),
                                  "%s,worker=\"%ui\"", row->labels, i)
                     - buf;

        ngx_chat_exposition_value(e, row, &labels,
                                  ngx_chat_exposition_gather(e, metric, i));
    }
}


/* what is shown of the many values of a row */

static uint64_t
ngx_chat_exposition_gather(ngx_chat_exposition_t *e, ngx_uint_t metric,
    ngx_uint_t worker)
{
    uint64_t                  value, n;
    ngx_uint_t                i;
    ngx_chat_slot_t          *slot;
    const ngx_chat_metric_t  *row;

    row = &ngx_chat_metrics[metric];

    if (row->from == NGX_CHAT_FROM_GIVEN) {
        return (uint64_t) e->given->values[metric];
    }

    if (row->from == NGX_CHAT_FROM_ALL) {
        return __atomic_load_n(&e->metrics->all.cells[metric],
                               __ATOMIC_RELAXED);
    }

    value = 0;

    for (i = 0; i < e->slots; i++) {
        slot = e->metrics->slots[i];

        if (row->type == NGX_CHAT_TYPE_GAUGE && !e->alive[i]) {
            continue;
        }

        if (row->from == NGX_CHAT_FROM_WORKER && slot->worker != worker) {
            continue;
        }

        n = ngx_chat_exposition_slot(slot, metric);

        value = row->from == NGX_CHAT_FROM_MAX ? ngx_max(value, n)
                                               : value + n;
    }

    return value;
}


static uint64_t
ngx_chat_exposition_slot(ngx_chat_slot_t *slot, ngx_uint_t metric)
{
    uint64_t    n;
    ngx_uint_t  i;

    n = 0;

    for (i = 0; i < NGX_CHAT_LANE_MAX; i++) {
        n += __atomic_load_n(&slot->lanes[i].cells[metric], __ATOMIC_RELAXED);
    }

    return n;
}


static void
ngx_chat_exposition_head(ngx_chat_exposition_t *e, const char *name,
    const char *type, const char *help)
{
    size_t     len;
    ngx_str_t  family;

    static ngx_str_t  total = ngx_string("_total");

    len = ngx_strlen(name);

    family.data = (u_char *) name;
    family.len = len;

    if (e->open_metrics
        && len > total.len
        && ngx_strcmp(name + len - total.len, total.data) == 0)
    {
        family.len -= total.len;
    }

    e->pos = ngx_slprintf(e->pos, e->last, "# HELP %V %s\n# TYPE %V %s\n",
                          &family, help, &family, type);
}


static void
ngx_chat_exposition_value(ngx_chat_exposition_t *e,
    const ngx_chat_metric_t *row, ngx_str_t *labels, uint64_t value)
{
    e->pos = labels->len
             ? ngx_slprintf(e->pos, e->last, "%s{%V} ", row->name, labels)
             : ngx_slprintf(e->pos, e->last, "%s ", row->name);

    ngx_chat_exposition_number(e, value, row->type == NGX_CHAT_TYPE_MICRO, 1);

    e->pos = ngx_slprintf(e->pos, e->last, "\n");
}


/* buckets are cumulative, and the last of them is the count */

static void
ngx_chat_exposition_histogram(ngx_chat_exposition_t *e, ngx_uint_t histogram)
{
    uint64_t                     n;
    ngx_uint_t                   i, micro;
    const ngx_chat_histogram_t  *h;

    h = &ngx_chat_histograms[histogram];
    micro = h->unit == NGX_CHAT_TYPE_MICRO;

    ngx_chat_exposition_head(e, h->name, "histogram", h->help);

    n = 0;

    for (i = 0; h->bounds[i]; i++) {
        n += ngx_chat_exposition_bucket(e, histogram, i);

        e->pos = ngx_slprintf(e->pos, e->last, "%s_bucket{le=\"", h->name);

        ngx_chat_exposition_number(e, h->bounds[i], micro, 0);

        e->pos = ngx_slprintf(e->pos, e->last, "\"} %uL\n", n);
    }

    n += ngx_chat_exposition_bucket(e, histogram, NGX_CHAT_METRICS_BOUNDS);

    e->pos = ngx_slprintf(e->pos, e->last,
                          "%s_bucket{le=\"+Inf\"} %uL\n%s_sum ", h->name, n,
                          h->name);

    ngx_chat_exposition_number(e,
                   ngx_chat_exposition_bucket(e, histogram,
                                              NGX_CHAT_METRICS_BOUNDS + 1),
                   micro, 1);

    e->pos = ngx_slprintf(e->pos, e->last, "\n%s_count %uL\n", h->name, n);
}


/* over all slots, of the dead, too; the one behind the last is the sum */

static uint64_t
ngx_chat_exposition_bucket(ngx_chat_exposition_t *e, ngx_uint_t histogram,
    ngx_uint_t bucket)
{
    uint64_t     n, *cell;
    ngx_uint_t   i, k;

    n = 0;

    for (i = 0; i < e->slots; i++) {
        for (k = 0; k < NGX_CHAT_LANE_MAX; k++) {
            cell = bucket > NGX_CHAT_METRICS_BOUNDS
                   ? &e->metrics->slots[i]->lanes[k].histograms[histogram].sum
                   : &e->metrics->slots[i]->lanes[k].histograms[histogram]
                      .buckets[bucket];

            n += __atomic_load_n(cell, __ATOMIC_RELAXED);
        }
    }

    return n;
}


/* us as seconds; whole: an integer may be written as one */

static void
ngx_chat_exposition_number(ngx_chat_exposition_t *e, uint64_t value,
    ngx_uint_t micro, ngx_uint_t whole)
{
    u_char  *start;

    if (!micro) {
        e->pos = ngx_slprintf(e->pos, e->last, whole ? "%uL" : "%uL.0", value);
        return;
    }

    start = e->pos;

    e->pos = ngx_slprintf(e->pos, e->last, "%uL.%06uL", value / 1000000,
                          value % 1000000);

    /* the shortest form, with one digit behind the point */

    while (e->pos - start > 2 && e->pos[-1] == '0' && e->pos[-2] != '.') {
        e->pos--;
    }
}


ngx_int_t
ngx_chat_exposition_label(ngx_pool_t *pool, ngx_str_t *labels,
    const char *name, const char *value)
{
    u_char      *p;
    ngx_str_t    before;

    before = *labels;

    p = ngx_pnalloc(pool, labels->len + ngx_strlen(name)
                          + 2 * ngx_strlen(value) + sizeof(",=\"\""));
    if (p == NULL) {
        return NGX_ERROR;
    }

    labels->data = p;

    p = ngx_cpymem(p, before.data, before.len);

    if (before.len) {
        *p++ = ',';
    }

    p = ngx_sprintf(p, "%s=\"", name);

    for ( /* void */ ; *value; value++) {

        switch (*value) {

        case '\\':
        case '"':
            *p++ = '\\';
            *p++ = *value;
            break;

        case '\n':
            *p++ = '\\';
            *p++ = 'n';
            break;

        default:
            *p++ = *value;
        }
    }

    *p++ = '"';

    labels->len = p - labels->data;

    return NGX_OK;
}
