
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The ring: recent events of all workers in one block of shared memory.  It
 * is a hint; the database is the truth.  Appending is serialised by the
 * caller (the zone's mutex, which nginx frees when its holder dies); reading
 * takes no lock and may be done by any process at its own position.
 *
 * A record is first announced (.reserved), then written, then published
 * (.head).  A writer that dies in between leaves nothing behind that a reader
 * could see, and the next writer starts over at .head.  A reader copies and
 * then looks whether what it copied was being overwritten meanwhile.
 *
 * Positions are bytes since the beginning and never wrap in practice; the
 * place in the block is the position modulo its size.
 */

#ifndef NGX_CHAT_RING_H
#define NGX_CHAT_RING_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/event.h"


typedef struct {
    uint64_t     size;              /* of data, a power of two */
    uint64_t     reserved;          /* nothing below reserved - size is whole */
    uint64_t     head;              /* everything below is published */
    int64_t      last;              /* newest durable id, -1: none yet */
    uint64_t     epoch;             /* of the ids: another database, another
                                       epoch */
    u_char       data[1];
} ngx_chat_ring_t;


/* what stands before each body; copied out by value */

typedef struct {
    uint32_t     len;               /* of the body */
    uint32_t     type;
    uint32_t     audience;
    uint32_t     padding;
    int64_t      id;
    uint64_t     topic;
    int64_t      conversation;
    int64_t      subject;
} ngx_chat_ring_record_t;


/* bytes of memory for a ring that holds size bytes */
#define ngx_chat_ring_memory(size)                                            \
    (offsetof(ngx_chat_ring_t, data) + (size_t) (size))


/* size: a power of two; the memory must hold ngx_chat_ring_memory(size) */
void ngx_chat_ring_init(ngx_chat_ring_t *ring, uint64_t size);

/* newest durable id, -1 when none is known; any thread */
int64_t ngx_chat_ring_last(ngx_chat_ring_t *ring);

/* of the ids; any thread */
uint64_t ngx_chat_ring_epoch(ngx_chat_ring_t *ring);

/*
 * With the lock: what comes next comes after this id.  When the ring is
 * beyond it, the database was replaced by one that is behind: ids begin a new
 * epoch, and readers forget what they have seen.
 */
void ngx_chat_ring_base(ngx_chat_ring_t *ring, int64_t id);

/*
 * With the lock.  A durable record that the ring has already is skipped: both
 * the writer and the one who filled a gap for it may bring it.  NGX_DECLINED
 * when it was skipped, or is larger than a quarter of the ring; readers then
 * see the gap in the ids and turn to the database.
 */
ngx_int_t ngx_chat_ring_append(ngx_chat_ring_t *ring,
    ngx_chat_record_t *record);

/* where a new reader starts; read the epoch before it, .last after it */
uint64_t ngx_chat_ring_head(ngx_chat_ring_t *ring);

/*
 * The record at *pos.  NGX_OK; NGX_DONE when there is none yet; NGX_DECLINED
 * when it was overwritten: *pos then is the head, and what was missed must
 * come from the database.
 */
ngx_int_t ngx_chat_ring_read(ngx_chat_ring_t *ring, uint64_t *pos,
    ngx_chat_ring_record_t *record);

/*
 * Copies the body of the record that ngx_chat_ring_read() has just given.
 * NGX_OK or, when it was overwritten meanwhile, NGX_DECLINED as above.
 */
ngx_int_t ngx_chat_ring_body(ngx_chat_ring_t *ring, uint64_t *pos,
    ngx_chat_ring_record_t *record, u_char *dst);

/*
 * Whether a reader at the end that has seen all ids up to this one lacks some:
 * a record that was too large, or one whose id was not set yet when its end
 * was taken for where to start.
 */
ngx_uint_t ngx_chat_ring_missed(ngx_chat_ring_t *ring, uint64_t pos,
    int64_t id);

/* moves *pos behind the record */
void ngx_chat_ring_skip(uint64_t *pos, ngx_chat_ring_record_t *record);


#endif /* NGX_CHAT_RING_H */
