
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who is blocked now, in one block of shared memory: what the database has of
 * blocks that act, for each request to be looked up.  One open hash table by
 * the whole key.  An address is looked up once for each length of prefix that
 * some block has; those are few, and cost some ten nanoseconds each.
 *
 * Changes are serialised by the caller (the zone's mutex).  Looking up takes
 * no lock: a generation is odd while something changes, and whoever finds it
 * changed looks again.  A holder of the lock that dies in between leaves it
 * odd; whoever has the lock next empties the table and fills it anew from the
 * database.  Meanwhile, as before the first filling, nobody is blocked: the
 * site comes first.
 */

#ifndef NGX_CHAT_BLOCKS_H
#define NGX_CHAT_BLOCKS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/block.h"


typedef struct {
    uint64_t    word[2];
    uint32_t    length;
    uint32_t    mode;               /* NGX_CHAT_BLOCK_NONE: free */
    int64_t     id;
    int64_t     expires_at;         /* ms, 0: never; free: the next free one */
    uint64_t    met;
} ngx_chat_blocks_entry_t;


typedef struct {
    uint64_t    generation;
    uint64_t    seed;
    int64_t     seen;               /* .changed of the newest that is in */
    uint64_t    lengths[3];         /* bits: prefixes that networks have */
    uint32_t    counts[NGX_CHAT_BLOCK_WHOLE + 1];   /* by length */
    uint32_t    used;               /* entries */
    uint32_t    size;               /* entries that there are */
    uint32_t    mask;               /* slots - 1 */
    uint32_t    free;               /* entry + 1, 0: none */
    uint32_t    full;               /* some did not fit */
    uint32_t    padding;

    /* entries, then slots: a tag of 8 bits, and entry + 1 or 0 */

    ngx_chat_blocks_entry_t   entries[1];
} ngx_chat_blocks_t;


/* what a request has met */

typedef struct {
    ngx_chat_block_mode_e    mode;
    int64_t                  id;
    uint32_t                 entry;
} ngx_chat_blocks_hit_t;


/* blocks that fit into so many bytes, and bytes for so many blocks */
ngx_uint_t ngx_chat_blocks_fit(size_t size);
size_t ngx_chat_blocks_memory(ngx_uint_t n);

/*
 * Zeroed or not, ngx_chat_blocks_memory(n) bytes.  The seed must not be
 * foreseeable.
 */
void ngx_chat_blocks_init(ngx_chat_blocks_t *b, ngx_uint_t n, uint64_t seed);

/*
 * With the lock: the block with this key, in place of an earlier one.  When
 * there is no room, those that have expired are dropped first; NGX_DECLINED
 * when that gives none.
 */
ngx_int_t ngx_chat_blocks_set(ngx_chat_blocks_t *b, ngx_chat_block_t *block,
    int64_t now);

/* with the lock: nothing, if there is none */
void ngx_chat_blocks_clear(ngx_chat_blocks_t *b, ngx_chat_block_key_t *key);

/* with the lock: empty, and nothing seen */
void ngx_chat_blocks_reset(ngx_chat_blocks_t *b);

/* with the lock: whether a holder died in the middle of a change */
ngx_uint_t ngx_chat_blocks_broken(ngx_chat_blocks_t *b);

/* blocks in it, those of visitors, and for how many more there is room; any
   thread */
ngx_uint_t ngx_chat_blocks_used(ngx_chat_blocks_t *b);
ngx_uint_t ngx_chat_blocks_visitors(ngx_chat_blocks_t *b);
ngx_uint_t ngx_chat_blocks_room(ngx_chat_blocks_t *b);

/* the same, but when there is none, those count as room that have expired */
ngx_uint_t ngx_chat_blocks_room_at(ngx_chat_blocks_t *b, int64_t now);

/*
 * The strictest block that a visitor (NULL: unknown) and an address (NULL:
 * none) meet, the most specific one of equals; NGX_CHAT_BLOCK_NONE if there
 * is none.  No lock, bounded time; any thread of any process.
 */
ngx_chat_block_mode_e ngx_chat_blocks_find(ngx_chat_blocks_t *b,
    ngx_chat_block_key_t *visitor, ngx_chat_block_key_t *address,
    int64_t now, ngx_chat_blocks_hit_t *hit);

/* one request more that this block has met; any thread */
void ngx_chat_blocks_met(ngx_chat_blocks_t *b, ngx_chat_blocks_hit_t *hit);

/* how many it has met, 0 when it is not in here; any thread */
uint64_t ngx_chat_blocks_count(ngx_chat_blocks_t *b,
    ngx_chat_block_key_t *key, int64_t id);


#endif /* NGX_CHAT_BLOCKS_H */
