
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What is on its way to the client stands in frames, each with a reference
 * to the item that it sends; a frame goes when nginx has sent its buffer.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "http/reply.h"
#include "http/stream.h"
#include "http/wait.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_STREAM_BATCH  64      /* items in one write */
#define NGX_HTTP_CHAT_STREAM_STATE  160     /* bytes of "availability" */


struct ngx_http_chat_frame_s {
    ngx_chain_t              link;
    ngx_buf_t                buf;
    ngx_chat_item_t         *item;          /* NULL: constant bytes */
    ngx_http_chat_frame_t   *next;
};


static ngx_int_t ngx_http_chat_stream_init(ngx_http_chat_wait_t *w);
static ngx_int_t ngx_http_chat_stream_available(ngx_http_chat_wait_t *w);
static ngx_int_t ngx_http_chat_stream_add(ngx_http_chat_wait_t *w,
    ngx_chat_item_t *item, u_char *data, size_t len);
static ngx_int_t ngx_http_chat_stream_flush(ngx_http_chat_wait_t *w,
    ngx_http_chat_frame_t **first);
static ngx_int_t ngx_http_chat_stream_sent(ngx_http_chat_wait_t *w);
static void ngx_http_chat_stream_writer(ngx_http_request_t *r);
static void ngx_http_chat_stream_cleanup(void *data);


ngx_int_t
ngx_http_chat_stream_start(ngx_http_chat_wait_t *w)
{
    ngx_int_t                  rc;
    ngx_http_request_t        *r;
    ngx_http_core_loc_conf_t  *clcf;

    static ngx_str_t  off = ngx_string("no");
    static u_char     hello[] = "retry: 1000\n: ngx_chat\n\n";

    r = w->request;

    if (ngx_http_chat_stream_init(w) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_chat_reply_headers(r) != NGX_OK
        || ngx_http_chat_reply_header(r, "X-Accel-Buffering", &off) != NGX_OK)
    {
        return NGX_ERROR;
    }

    r->headers_out.status = NGX_HTTP_OK;
    ngx_str_set(&r->headers_out.content_type, "text/event-stream");
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK) {
        return NGX_ERROR;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (clcf->tcp_nodelay && r->stream == NULL
        && ngx_tcp_nodelay(r->connection) != NGX_OK)
    {
        return NGX_ERROR;
    }

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_chat_stream_writer;

    if (ngx_http_chat_stream_add(w, NULL, hello, sizeof(hello) - 1) != NGX_OK
        || (w->uid.len && ngx_http_chat_stream_available(w) != NGX_OK))
    {
        return NGX_ERROR;
    }

    return ngx_http_chat_stream_flush(w, &w->frames);
}


/*
 * An ephemeral event that came while there was no stream is lost, and nothing
 * would ever make up for this one: a visitor would wait for somebody who has
 * gone.  What changes later finds the waiter, for all this is one turn.
 */

static ngx_int_t
ngx_http_chat_stream_available(ngx_http_chat_wait_t *w)
{
    int64_t           now;
    u_char           *last;
    u_char            json[NGX_HTTP_CHAT_STREAM_STATE];
    ngx_uint_t        any;
    ngx_chat_item_t  *item;

    now = ngx_http_chat_now();
    any = ngx_chat_presence_any(ngx_http_chat_worker->zone->presence, now);

    last = ngx_snprintf(json, sizeof(json),
                        "{\"type\":\"availability\",\"at\":%L,"
                        "\"author\":{\"kind\":\"system\"},"
                        "\"data\":{\"available\":%s}}",
                        now, any ? "true" : "false");

    item = ngx_chat_item_create(0, last - json, ngx_http_chat_worker->log);
    if (item == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(item->json.data, json, last - json);

    if (ngx_http_chat_stream_add(w, item, item->data, item->len) != NGX_OK) {
        ngx_chat_item_release(item);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_chat_stream_init(ngx_http_chat_wait_t *w)
{
    ngx_chain_t         *cl;
    ngx_pool_cleanup_t  *cln;

    cl = ngx_alloc_chain_link(w->request->pool);
    if (cl == NULL) {
        return NGX_ERROR;
    }

    cl->buf = ngx_calloc_buf(w->request->pool);
    if (cl->buf == NULL) {
        return NGX_ERROR;
    }

    cl->buf->flush = 1;
    cl->next = NULL;

    w->flush = cl;
    w->last = &w->frames;

    cln = ngx_pool_cleanup_add(w->request->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_chat_stream_cleanup;
    cln->data = w;

    return NGX_OK;
}


ngx_uint_t
ngx_http_chat_stream_full(ngx_http_chat_wait_t *w)
{
    return w->frames != NULL || w->request->connection->buffered;
}


ngx_int_t
ngx_http_chat_stream_pull(ngx_http_chat_wait_t *w)
{
    ngx_int_t                rc;
    ngx_uint_t               n;
    ngx_chat_item_t         *item;
    ngx_http_chat_frame_t  **first;

    while (!ngx_http_chat_stream_full(w)) {

        first = w->last;

        for (n = 0; n < NGX_HTTP_CHAT_STREAM_BATCH; n++) {
            item = ngx_chat_hub_next(ngx_http_chat_worker->hub, &w->waiter);

            if (item == NULL) {
                break;
            }

            rc = ngx_http_chat_stream_add(w, item, item->data, item->len);

            if (rc != NGX_OK) {
                ngx_chat_item_release(item);
                return NGX_ERROR;
            }
        }

        if (n == 0) {
            return w->waiter.catching ? NGX_DECLINED : NGX_OK;
        }

        ngx_chat_metric_add(ngx_http_chat_worker->lane,
                            NGX_CHAT_METRIC_DELIVERED_STREAM, n);

        if (ngx_http_chat_stream_flush(w, first) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_chat_stream_page(ngx_http_chat_wait_t *w,
    ngx_chat_events_args_t *args)
{
    ngx_uint_t               i;
    ngx_chat_item_t         *item;
    ngx_chat_record_t       *records;
    ngx_http_chat_frame_t  **first;

    if (args->records.nelts == 0) {
        return NGX_OK;
    }

    first = w->last;
    records = args->records.elts;

    for (i = 0; i < args->records.nelts; i++) {
        item = ngx_chat_item_create(records[i].id, records[i].body.len,
                                    ngx_http_chat_worker->log);
        if (item == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(item->json.data, records[i].body.data,
                   records[i].body.len);

        if (ngx_http_chat_stream_add(w, item, item->data, item->len)
            != NGX_OK)
        {
            ngx_chat_item_release(item);
            return NGX_ERROR;
        }
    }

    ngx_chat_metric_add(ngx_http_chat_worker->lane,
                        NGX_CHAT_METRIC_DELIVERED_STREAM,
                        args->records.nelts);

    return ngx_http_chat_stream_flush(w, first);
}


/*
 * An event without data moves the client's Last-Event-ID and is not
 * dispatched; a full connection shows by itself whether it is alive.
 */

ngx_int_t
ngx_http_chat_stream_beat(ngx_http_chat_wait_t *w)
{
    u_char                  *p;
    ngx_chat_item_t         *item;
    ngx_http_chat_frame_t  **first;

    if (ngx_http_chat_stream_full(w)) {
        return NGX_OK;
    }

    item = ngx_chat_item_create(0, NGX_INT64_LEN, ngx_http_chat_worker->log);
    if (item == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(item->data, ":\nid: %L\n\n",
                    ngx_chat_hub_cursor(ngx_http_chat_worker->hub,
                                        &w->waiter));
    first = w->last;

    if (ngx_http_chat_stream_add(w, item, item->data, p - item->data)
        != NGX_OK)
    {
        ngx_chat_item_release(item);
        return NGX_ERROR;
    }

    return ngx_http_chat_stream_flush(w, first);
}


ngx_int_t
ngx_http_chat_stream_end(ngx_http_chat_wait_t *w)
{
    ngx_http_chat_wait_leave(w);

    w->request->write_event_handler = ngx_http_request_empty_handler;

    return ngx_http_send_special(w->request, NGX_HTTP_LAST);
}


/* with an item, takes over the caller's reference */

static ngx_int_t
ngx_http_chat_stream_add(ngx_http_chat_wait_t *w, ngx_chat_item_t *item,
    u_char *data, size_t len)
{
    ngx_http_chat_frame_t  *frame;

    frame = ngx_calloc(sizeof(ngx_http_chat_frame_t),
                       ngx_http_chat_worker->log);
    if (frame == NULL) {
        return NGX_ERROR;
    }

    frame->item = item;
    frame->link.buf = &frame->buf;
    frame->buf.pos = data;
    frame->buf.last = data + len;
    frame->buf.memory = 1;

    *w->last = frame;
    w->last = &frame->next;

    return NGX_OK;
}


/* sends the frames from *first on */

static ngx_int_t
ngx_http_chat_stream_flush(ngx_http_chat_wait_t *w,
    ngx_http_chat_frame_t **first)
{
    ngx_http_chat_frame_t  *frame;

    for (frame = *first; frame->next; frame = frame->next) {
        frame->link.next = &frame->next->link;
    }

    frame->buf.flush = 1;

    if (ngx_http_output_filter(w->request, &(*first)->link) == NGX_ERROR) {
        return NGX_ERROR;
    }

    return ngx_http_chat_stream_sent(w);
}


/* frames that are out go; if some are not, the writer will be called */

static ngx_int_t
ngx_http_chat_stream_sent(ngx_http_chat_wait_t *w)
{
    ngx_event_t               *wev;
    ngx_connection_t          *c;
    ngx_http_chat_frame_t     *frame;
    ngx_http_core_loc_conf_t  *clcf;

    while (w->frames && w->frames->buf.pos == w->frames->buf.last) {
        frame = w->frames;
        w->frames = frame->next;

        if (frame->item) {
            ngx_chat_item_release(frame->item);
        }

        ngx_free(frame);
    }

    if (w->frames == NULL) {
        w->last = &w->frames;
    }

    c = w->request->connection;
    wev = c->write;

    /* the timer is that of limit_rate: the writer is called when it is over */

    if (wev->delayed) {
        return NGX_OK;
    }

    if (!c->buffered) {

        if (wev->timer_set) {
            ngx_del_timer(wev);
        }

        return NGX_OK;
    }

    clcf = ngx_http_get_module_loc_conf(w->request, ngx_http_core_module);

    ngx_add_timer(wev, clcf->send_timeout);

    return ngx_handle_write_event(wev, clcf->send_lowat);
}


static void
ngx_http_chat_stream_writer(ngx_http_request_t *r)
{
    ngx_http_chat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_chat_module);

    if (r->connection->write->timedout) {
        ngx_log_error(NGX_LOG_INFO, r->connection->log, NGX_ETIMEDOUT,
                      "client timed out");
        r->connection->timedout = 1;
        ngx_chat_metric_add(ngx_http_chat_worker->lane,
                            NGX_CHAT_METRIC_SLOW_READERS, 1);
        ngx_http_finalize_request(r, NGX_HTTP_REQUEST_TIME_OUT);
        return;
    }

    /*
     * Not without a buffer: the chunked filter would not see that its own
     * are out, and go on to look at frames that are gone.
     */

    if (ngx_http_output_filter(r, ctx->wait->flush) == NGX_ERROR
        || ngx_http_chat_stream_sent(ctx->wait) != NGX_OK)
    {
        ngx_http_finalize_request(r, NGX_ERROR);
        return;
    }

    if (!ngx_http_chat_stream_full(ctx->wait)) {
        ngx_http_chat_wait_wake(&ctx->wait->waiter);
    }
}


/* with the pool, when nginx has no buffer of it in hand any more */

static void
ngx_http_chat_stream_cleanup(void *data)
{
    ngx_http_chat_wait_t  *w = data;

    ngx_http_chat_frame_t  *frame;

    while (w->frames) {
        frame = w->frames;
        w->frames = frame->next;

        if (frame->item) {
            ngx_chat_item_release(frame->item);
        }

        ngx_free(frame);
    }
}
