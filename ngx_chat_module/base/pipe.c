
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Positions are bytes since the beginning; the place in the block is the
 * position modulo its size.  A record stands in one piece behind its length;
 * where the end of the block is too near, a length of its own says that the
 * rest is skipped.
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "base/pipe.h"


#define NGX_CHAT_PIPE_SKIP  ((uint64_t) -1)

#define ngx_chat_pipe_room(len)                                               \
    ngx_align(sizeof(uint64_t) + (len), sizeof(uint64_t))

#define ngx_chat_pipe_at(pipe, pos)                                           \
    ((uint64_t *) &(pipe)->data[(pos) & ((pipe)->size - 1)])


void
ngx_chat_pipe_init(ngx_chat_pipe_t *pipe, uint64_t size)
{
    pipe->size = size;
    pipe->tail = 0;

    __atomic_store_n(&pipe->head, 0, __ATOMIC_RELEASE);
}


u_char *
ngx_chat_pipe_reserve(ngx_chat_pipe_t *pipe, size_t len)
{
    uint64_t  head, tail, room, left, skip;

    if (len > pipe->size / 4) {
        return NULL;
    }

    room = ngx_chat_pipe_room(len);
    head = pipe->head;
    tail = __atomic_load_n(&pipe->tail, __ATOMIC_ACQUIRE);

    left = pipe->size - (head & (pipe->size - 1));
    skip = left < room ? left : 0;

    if (head + skip + room - tail > pipe->size) {
        return NULL;
    }

    if (skip) {
        *ngx_chat_pipe_at(pipe, head) = NGX_CHAT_PIPE_SKIP;
        head += skip;
    }

    return (u_char *) (ngx_chat_pipe_at(pipe, head) + 1);
}


void
ngx_chat_pipe_publish(ngx_chat_pipe_t *pipe, size_t len)
{
    uint64_t  head, room, left;

    room = ngx_chat_pipe_room(len);
    head = pipe->head;
    left = pipe->size - (head & (pipe->size - 1));

    if (left < room) {
        head += left;
    }

    *ngx_chat_pipe_at(pipe, head) = len;

    __atomic_store_n(&pipe->head, head + room, __ATOMIC_RELEASE);
}


uint64_t
ngx_chat_pipe_tail(ngx_chat_pipe_t *pipe)
{
    return pipe->tail;
}


ngx_int_t
ngx_chat_pipe_next(ngx_chat_pipe_t *pipe, uint64_t *pos, ngx_str_t *record)
{
    uint64_t  head, *len;

    head = __atomic_load_n(&pipe->head, __ATOMIC_ACQUIRE);

    if (*pos == head) {
        return NGX_DONE;
    }

    len = ngx_chat_pipe_at(pipe, *pos);

    if (*len == NGX_CHAT_PIPE_SKIP) {
        *pos += pipe->size - (*pos & (pipe->size - 1));
        len = ngx_chat_pipe_at(pipe, *pos);
    }

    record->data = (u_char *) (len + 1);
    record->len = (size_t) *len;

    *pos += ngx_chat_pipe_room(record->len);

    return NGX_OK;
}


void
ngx_chat_pipe_drop(ngx_chat_pipe_t *pipe, uint64_t pos)
{
    __atomic_store_n(&pipe->tail, pos, __ATOMIC_RELEASE);
}


ngx_uint_t
ngx_chat_pipe_empty(ngx_chat_pipe_t *pipe)
{
    return __atomic_load_n(&pipe->head, __ATOMIC_ACQUIRE)
           == __atomic_load_n(&pipe->tail, __ATOMIC_ACQUIRE);
}
