
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A queue of records in one block of shared memory, with one producer and one
 * consumer at a time, who may be threads of different processes.  No lock:
 * each moves its own end.
 *
 * A producer who dies before it has published leaves nothing; a consumer who
 * dies before it has dropped what it read leaves it for the next one.
 */

#ifndef NGX_CHAT_PIPE_H
#define NGX_CHAT_PIPE_H


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    uint64_t     size;              /* of data, a power of two */
    uint64_t     head;              /* the producer's: all below is there */
    u_char       padding[48];       /* the two ends on lines of their own */
    uint64_t     tail;              /* the consumer's: all below is free */
    u_char       data[1];
} ngx_chat_pipe_t;


/* bytes of memory for a pipe of this size */
#define ngx_chat_pipe_memory(size)                                            \
    (offsetof(ngx_chat_pipe_t, data) + (size_t) (size))


/* size: a power of two; while nobody uses either end */
void ngx_chat_pipe_init(ngx_chat_pipe_t *pipe, uint64_t size);

/*
 * Producer: a place for len bytes, aligned to 8, that nobody else sees until
 * it is published.  NULL when there is no room now, or len is more than a
 * quarter of the size.
 */
u_char *ngx_chat_pipe_reserve(ngx_chat_pipe_t *pipe, size_t len);
void ngx_chat_pipe_publish(ngx_chat_pipe_t *pipe, size_t len);

/*
 * Consumer: the record at *pos, which begins at the tail; moves *pos behind
 * it.  NGX_DONE when there is none.  The bytes stay where they are until
 * ngx_chat_pipe_drop() has moved the tail beyond.
 */
uint64_t ngx_chat_pipe_tail(ngx_chat_pipe_t *pipe);
ngx_int_t ngx_chat_pipe_next(ngx_chat_pipe_t *pipe, uint64_t *pos,
    ngx_str_t *record);
void ngx_chat_pipe_drop(ngx_chat_pipe_t *pipe, uint64_t pos);

/* any: whether there is nothing in it */
ngx_uint_t ngx_chat_pipe_empty(ngx_chat_pipe_t *pipe);


#endif /* NGX_CHAT_PIPE_H */
