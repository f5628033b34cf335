
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * See ring.h for the protocol between the one writer and the readers.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/ring.h"


#define ngx_chat_ring_load(p)      __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define ngx_chat_ring_store(p, v)  __atomic_store_n(p, v, __ATOMIC_RELEASE)

/* records start at multiples of this, so that their fields are aligned */
#define NGX_CHAT_RING_ALIGN        8


static uint64_t ngx_chat_ring_space(size_t len);
static void ngx_chat_ring_put(ngx_chat_ring_t *ring, uint64_t pos,
    const void *src, size_t len);
static ngx_int_t ngx_chat_ring_get(ngx_chat_ring_t *ring, uint64_t *pos,
    uint64_t from, void *dst, size_t len);


void
ngx_chat_ring_init(ngx_chat_ring_t *ring, uint64_t size)
{
    ring->size = size;
    ring->reserved = 0;
    ring->head = 0;
    ring->last = -1;
    ring->epoch = 0;
}


int64_t
ngx_chat_ring_last(ngx_chat_ring_t *ring)
{
    return ngx_chat_ring_load(&ring->last);
}


uint64_t
ngx_chat_ring_epoch(ngx_chat_ring_t *ring)
{
    return ngx_chat_ring_load(&ring->epoch);
}


void
ngx_chat_ring_base(ngx_chat_ring_t *ring, int64_t id)
{
    if (id < ring->last) {
        ngx_chat_ring_store(&ring->epoch, ring->epoch + 1);
    }

    ngx_chat_ring_store(&ring->last, id);
}


ngx_int_t
ngx_chat_ring_append(ngx_chat_ring_t *ring, ngx_chat_record_t *record)
{
    uint64_t                pos, space, reserved;
    ngx_chat_ring_record_t  header;

    if (record->id && record->id <= ring->last) {
        return NGX_DECLINED;
    }

    space = ngx_chat_ring_space(record->body.len);

    if (space > ring->size / 4) {
        if (record->id) {
            ngx_chat_ring_store(&ring->last, record->id);
        }

        return NGX_DECLINED;
    }

    ngx_memzero(&header, sizeof(ngx_chat_ring_record_t));

    header.len = (uint32_t) record->body.len;
    header.type = record->type;
    header.audience = record->audience;
    header.id = record->id;
    header.topic = record->topic;
    header.conversation = record->conversation;
    header.subject = record->subject;

    pos = ring->head;

    /* never back: a writer that died may have written up to there */

    reserved = ngx_max(ring->reserved, pos + space);

    __atomic_store_n(&ring->reserved, reserved, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);

    ngx_chat_ring_put(ring, pos, &header, sizeof(ngx_chat_ring_record_t));
    ngx_chat_ring_put(ring, pos + sizeof(ngx_chat_ring_record_t),
                      record->body.data, record->body.len);

    ngx_chat_ring_store(&ring->head, pos + space);

    if (record->id) {
        ngx_chat_ring_store(&ring->last, record->id);
    }

    return NGX_OK;
}


uint64_t
ngx_chat_ring_head(ngx_chat_ring_t *ring)
{
    return ngx_chat_ring_load(&ring->head);
}


ngx_int_t
ngx_chat_ring_read(ngx_chat_ring_t *ring, uint64_t *pos,
    ngx_chat_ring_record_t *record)
{
    if (*pos == ngx_chat_ring_load(&ring->head)) {
        return NGX_DONE;
    }

    return ngx_chat_ring_get(ring, pos, *pos, record,
                             sizeof(ngx_chat_ring_record_t));
}


ngx_int_t
ngx_chat_ring_body(ngx_chat_ring_t *ring, uint64_t *pos,
    ngx_chat_ring_record_t *record, u_char *dst)
{
    return ngx_chat_ring_get(ring, pos,
                             *pos + sizeof(ngx_chat_ring_record_t),
                             dst, record->len);
}


ngx_uint_t
ngx_chat_ring_missed(ngx_chat_ring_t *ring, uint64_t pos, int64_t id)
{
    int64_t  last;

    /* the id first: it is set when its record is there */

    last = ngx_chat_ring_load(&ring->last);

    return last > id && pos == ngx_chat_ring_load(&ring->head);
}


void
ngx_chat_ring_skip(uint64_t *pos, ngx_chat_ring_record_t *record)
{
    *pos += ngx_chat_ring_space(record->len);
}


static uint64_t
ngx_chat_ring_space(size_t len)
{
    return ngx_align(sizeof(ngx_chat_ring_record_t) + len,
                     NGX_CHAT_RING_ALIGN);
}


static void
ngx_chat_ring_put(ngx_chat_ring_t *ring, uint64_t pos, const void *src,
    size_t len)
{
    size_t  at, n;

    at = (size_t) (pos & (ring->size - 1));
    n = ngx_min(len, (size_t) ring->size - at);

    ngx_memcpy(ring->data + at, src, n);
    ngx_memcpy(ring->data, (const u_char *) src + n, len - n);
}


static ngx_int_t
ngx_chat_ring_get(ngx_chat_ring_t *ring, uint64_t *pos, uint64_t from,
    void *dst, size_t len)
{
    size_t    at, n;
    uint64_t  reserved;

    at = (size_t) (from & (ring->size - 1));
    n = ngx_min(len, (size_t) ring->size - at);

    ngx_memcpy(dst, ring->data + at, n);
    ngx_memcpy((u_char *) dst + n, ring->data, len - n);

    /* the copy must be complete before one asks whether it was in time */

    __atomic_thread_fence(__ATOMIC_SEQ_CST);

    reserved = __atomic_load_n(&ring->reserved, __ATOMIC_RELAXED);

    if (reserved > *pos + ring->size) {
        *pos = ngx_chat_ring_load(&ring->head);
        return NGX_DECLINED;
    }

    return NGX_OK;
}
