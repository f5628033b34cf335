
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/blocks.h"


#define NGX_CHAT_BLOCKS_TRIES  64       /* of a reader, at most */
#define NGX_CHAT_BLOCKS_MOST   0xfffffe /* entries: a slot has 24 bits */
#define NGX_CHAT_BLOCKS_ENTRY  0xffffff


/*
 * In this order what a reader looks at lies between its two looks at the
 * generation, and what a writer changes between the two changes of it.
 */

#define ngx_chat_blocks_load(p)      __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define ngx_chat_blocks_store(p, v)  __atomic_store_n(p, v, __ATOMIC_RELEASE)

/* a change begins, or ends */
#define ngx_chat_blocks_turn(b)                                               \
    ngx_chat_blocks_store(&(b)->generation, (b)->generation + 1)


static uint32_t ngx_chat_blocks_slots_for(ngx_uint_t n);
static uint32_t *ngx_chat_blocks_slots(ngx_chat_blocks_t *b);
static uint64_t ngx_chat_blocks_hash(ngx_chat_blocks_t *b,
    ngx_chat_block_key_t *key);
static uint32_t ngx_chat_blocks_lookup(ngx_chat_blocks_t *b,
    ngx_chat_block_key_t *key, uint32_t *slot);
static void ngx_chat_blocks_look(ngx_chat_blocks_t *b,
    ngx_chat_block_key_t *visitor, ngx_chat_block_key_t *address,
    int64_t now, ngx_chat_blocks_hit_t *hit);
static void ngx_chat_blocks_try(ngx_chat_blocks_t *b,
    ngx_chat_block_key_t *key, int64_t now, ngx_chat_blocks_hit_t *hit);
static void ngx_chat_blocks_write(ngx_chat_blocks_entry_t *e,
    ngx_chat_block_t *block);
static void ngx_chat_blocks_add(ngx_chat_blocks_t *b,
    ngx_chat_block_t *block, uint32_t slot);
static void ngx_chat_blocks_remove(ngx_chat_blocks_t *b, uint32_t slot);
static void ngx_chat_blocks_close_gap(ngx_chat_blocks_t *b, uint32_t gap);
static void ngx_chat_blocks_number(ngx_chat_blocks_t *b, uint32_t length,
    int32_t more);
static void ngx_chat_blocks_expire(ngx_chat_blocks_t *b, int64_t now);
static void ngx_chat_blocks_empty(ngx_chat_blocks_t *b);


/* at most half of the slots are taken */

static uint32_t
ngx_chat_blocks_slots_for(ngx_uint_t n)
{
    uint32_t  slots;

    for (slots = 16; slots < 2 * n; slots *= 2) {
        /* void */
    }

    return slots;
}


size_t
ngx_chat_blocks_memory(ngx_uint_t n)
{
    return offsetof(ngx_chat_blocks_t, entries)
           + n * sizeof(ngx_chat_blocks_entry_t)
           + ngx_chat_blocks_slots_for(n) * sizeof(uint32_t);
}


ngx_uint_t
ngx_chat_blocks_fit(size_t size)
{
    size_t      head, slots, n, best;

    head = offsetof(ngx_chat_blocks_t, entries);
    best = 0;

    for (slots = 16; slots <= 2 * (size_t) NGX_CHAT_BLOCKS_MOST; slots *= 2) {

        if (head + slots * sizeof(uint32_t) >= size) {
            break;
        }

        n = (size - head - slots * sizeof(uint32_t))
            / sizeof(ngx_chat_blocks_entry_t);

        best = ngx_max(best, ngx_min(n, slots / 2));
    }

    return ngx_min(best, NGX_CHAT_BLOCKS_MOST);
}


void
ngx_chat_blocks_init(ngx_chat_blocks_t *b, ngx_uint_t n, uint64_t seed)
{
    ngx_memzero(b, ngx_chat_blocks_memory(n));

    b->seed = seed;
    b->size = (uint32_t) n;
    b->mask = ngx_chat_blocks_slots_for(n) - 1;

    ngx_chat_blocks_empty(b);
}


static uint32_t *
ngx_chat_blocks_slots(ngx_chat_blocks_t *b)
{
    return (uint32_t *) &b->entries[b->size];
}


static uint64_t
ngx_chat_blocks_hash(ngx_chat_blocks_t *b, ngx_chat_block_key_t *key)
{
    uint64_t  h;

    h = (key->word[0] ^ b->seed) * 0x9e3779b97f4a7c15;
    h = (h ^ (h >> 32) ^ key->word[1]) * 0xbf58476d1ce4e5b9;
    h = (h ^ (h >> 29) ^ key->length) * 0x94d049bb133111eb;

    return h ^ (h >> 32);
}


/*
 * The entry + 1, or 0; *slot is where it is or would be.  What a reader finds
 * during a change may be anything, so steps and places are bounded.
 */

static uint32_t
ngx_chat_blocks_lookup(ngx_chat_blocks_t *b, ngx_chat_block_key_t *key,
    uint32_t *slot)
{
    uint32_t                  i, n, value, tag, *slots;
    uint64_t                  hash;
    ngx_chat_blocks_entry_t  *e;

    slots = ngx_chat_blocks_slots(b);
    hash = ngx_chat_blocks_hash(b, key);
    tag = (uint32_t) (hash >> 56);
    i = (uint32_t) hash & b->mask;

    for (n = 0; n <= b->mask; n++) {
        value = ngx_chat_blocks_load(&slots[i]);

        if (value == 0) {
            break;
        }

        if (value >> 24 == tag) {
            value &= NGX_CHAT_BLOCKS_ENTRY;

            if (value == 0 || value > b->size) {
                break;
            }

            e = &b->entries[value - 1];

            if (ngx_chat_blocks_load(&e->word[0]) == key->word[0]
                && ngx_chat_blocks_load(&e->word[1]) == key->word[1]
                && ngx_chat_blocks_load(&e->length) == key->length)
            {
                *slot = i;
                return value;
            }
        }

        i = (i + 1) & b->mask;
    }

    *slot = i;

    return 0;
}


ngx_chat_block_mode_e
ngx_chat_blocks_find(ngx_chat_blocks_t *b, ngx_chat_block_key_t *visitor,
    ngx_chat_block_key_t *address, int64_t now, ngx_chat_blocks_hit_t *hit)
{
    uint64_t    generation;
    ngx_uint_t  n;

    hit->mode = NGX_CHAT_BLOCK_NONE;

    if (ngx_chat_blocks_load(&b->used) == 0) {
        return NGX_CHAT_BLOCK_NONE;
    }

    /* the last time counts, whatever it was: nobody waits here for long */

    for (n = 0; n < NGX_CHAT_BLOCKS_TRIES; n++) {
        generation = ngx_chat_blocks_load(&b->generation);

        hit->mode = NGX_CHAT_BLOCK_NONE;

        ngx_chat_blocks_look(b, visitor, address, now, hit);

        if (!(generation & 1)
            && generation == ngx_chat_blocks_load(&b->generation))
        {
            break;
        }

        ngx_cpu_pause();
    }

    return hit->mode;
}


static void
ngx_chat_blocks_look(ngx_chat_blocks_t *b, ngx_chat_block_key_t *visitor,
    ngx_chat_block_key_t *address, int64_t now, ngx_chat_blocks_hit_t *hit)
{
    uint64_t              bits;
    ngx_int_t             i;
    ngx_uint_t            n;
    ngx_chat_block_key_t  key;

    if (visitor && ngx_chat_blocks_load(&b->counts[NGX_CHAT_BLOCK_WHOLE])) {
        ngx_chat_blocks_try(b, visitor, now, hit);
    }

    if (address == NULL) {
        return;
    }

    key = *address;

    /* from the longest on, each a part of the one before */

    for (i = 2; i >= 0; i--) {

        for (bits = ngx_chat_blocks_load(&b->lengths[i]); bits;
             bits &= ~((uint64_t) 1 << n))
        {
            n = 63 - __builtin_clzll(bits);

            ngx_chat_block_key_mask(&key, i * 64 + n);
            ngx_chat_blocks_try(b, &key, now, hit);
        }
    }
}


static void
ngx_chat_blocks_try(ngx_chat_blocks_t *b, ngx_chat_block_key_t *key,
    int64_t now, ngx_chat_blocks_hit_t *hit)
{
    int64_t                   expires_at;
    uint32_t                  n, slot, mode;
    ngx_chat_blocks_entry_t  *e;

    n = ngx_chat_blocks_lookup(b, key, &slot);

    if (n == 0) {
        return;
    }

    e = &b->entries[n - 1];

    mode = ngx_chat_blocks_load(&e->mode);
    expires_at = ngx_chat_blocks_load(&e->expires_at);

    if (mode <= (uint32_t) hit->mode || mode > NGX_CHAT_BLOCK_CLOSE
        || (expires_at && now >= expires_at))
    {
        return;
    }

    hit->mode = (ngx_chat_block_mode_e) mode;
    hit->id = ngx_chat_blocks_load(&e->id);
    hit->entry = n - 1;
}


void
ngx_chat_blocks_met(ngx_chat_blocks_t *b, ngx_chat_blocks_hit_t *hit)
{
    ngx_chat_blocks_entry_t  *e;

    e = &b->entries[hit->entry];

    /* another may have taken its place: one too many there, at worst */

    if (ngx_chat_blocks_load(&e->id) == hit->id) {
        (void) __atomic_fetch_add(&e->met, 1, __ATOMIC_RELAXED);
    }
}


uint64_t
ngx_chat_blocks_count(ngx_chat_blocks_t *b, ngx_chat_block_key_t *key,
    int64_t id)
{
    uint32_t                  n, slot;
    ngx_chat_blocks_entry_t  *e;

    n = ngx_chat_blocks_lookup(b, key, &slot);

    if (n == 0) {
        return 0;
    }

    e = &b->entries[n - 1];

    return ngx_chat_blocks_load(&e->id) == id ? ngx_chat_blocks_load(&e->met)
                                              : 0;
}


ngx_uint_t
ngx_chat_blocks_used(ngx_chat_blocks_t *b)
{
    return ngx_chat_blocks_load(&b->used);
}


ngx_uint_t
ngx_chat_blocks_visitors(ngx_chat_blocks_t *b)
{
    return ngx_chat_blocks_load(&b->counts[NGX_CHAT_BLOCK_WHOLE]);
}


ngx_uint_t
ngx_chat_blocks_room(ngx_chat_blocks_t *b)
{
    return b->size - ngx_chat_blocks_load(&b->used);
}


ngx_uint_t
ngx_chat_blocks_room_at(ngx_chat_blocks_t *b, int64_t now)
{
    int64_t     expires_at;
    uint32_t    i;
    ngx_uint_t  room;

    room = ngx_chat_blocks_room(b);

    for (i = 0; room == 0 && i < b->size; i++) {
        expires_at = ngx_chat_blocks_load(&b->entries[i].expires_at);

        if (expires_at && now >= expires_at) {
            room++;
        }
    }

    return room;
}


ngx_int_t
ngx_chat_blocks_set(ngx_chat_blocks_t *b, ngx_chat_block_t *block,
    int64_t now)
{
    uint32_t  n, slot;

    n = ngx_chat_blocks_lookup(b, &block->key, &slot);

    if (n == 0 && b->free == 0) {
        ngx_chat_blocks_expire(b, now);

        if (b->free == 0) {
            return NGX_DECLINED;
        }

        /* what has gone has moved others */

        (void) ngx_chat_blocks_lookup(b, &block->key, &slot);
    }

    ngx_chat_blocks_turn(b);

    if (n) {
        ngx_chat_blocks_write(&b->entries[n - 1], block);

    } else {
        ngx_chat_blocks_add(b, block, slot);
    }

    ngx_chat_blocks_turn(b);

    return NGX_OK;
}


void
ngx_chat_blocks_clear(ngx_chat_blocks_t *b, ngx_chat_block_key_t *key)
{
    uint32_t  slot;

    if (ngx_chat_blocks_lookup(b, key, &slot) == 0) {
        return;
    }

    ngx_chat_blocks_turn(b);
    ngx_chat_blocks_remove(b, slot);
    ngx_chat_blocks_turn(b);
}


void
ngx_chat_blocks_reset(ngx_chat_blocks_t *b)
{
    if (!ngx_chat_blocks_broken(b)) {
        ngx_chat_blocks_turn(b);
    }

    ngx_chat_blocks_empty(b);
    ngx_chat_blocks_turn(b);
}


ngx_uint_t
ngx_chat_blocks_broken(ngx_chat_blocks_t *b)
{
    return ngx_chat_blocks_load(&b->generation) & 1;
}


static void
ngx_chat_blocks_write(ngx_chat_blocks_entry_t *e, ngx_chat_block_t *block)
{
    ngx_chat_blocks_store(&e->word[0], block->key.word[0]);
    ngx_chat_blocks_store(&e->word[1], block->key.word[1]);
    ngx_chat_blocks_store(&e->length, block->key.length);
    ngx_chat_blocks_store(&e->mode, (uint32_t) block->mode);
    ngx_chat_blocks_store(&e->id, block->id);
    ngx_chat_blocks_store(&e->expires_at, block->expires_at);
    ngx_chat_blocks_store(&e->met, 0);
}


static void
ngx_chat_blocks_add(ngx_chat_blocks_t *b, ngx_chat_block_t *block,
    uint32_t slot)
{
    uint32_t                  n, tag;
    ngx_chat_blocks_entry_t  *e;

    n = b->free;
    e = &b->entries[n - 1];
    b->free = (uint32_t) e->expires_at;

    ngx_chat_blocks_write(e, block);

    tag = (uint32_t) (ngx_chat_blocks_hash(b, &block->key) >> 56);

    ngx_chat_blocks_store(&ngx_chat_blocks_slots(b)[slot], tag << 24 | n);
    ngx_chat_blocks_store(&b->used, b->used + 1);
    ngx_chat_blocks_number(b, block->key.length, 1);
}


static void
ngx_chat_blocks_remove(ngx_chat_blocks_t *b, uint32_t slot)
{
    uint32_t                  n;
    ngx_chat_blocks_entry_t  *e;

    n = ngx_chat_blocks_slots(b)[slot] & NGX_CHAT_BLOCKS_ENTRY;
    e = &b->entries[n - 1];

    ngx_chat_blocks_number(b, e->length, -1);
    ngx_chat_blocks_close_gap(b, slot);

    ngx_chat_blocks_store(&e->mode, NGX_CHAT_BLOCK_NONE);
    ngx_chat_blocks_store(&e->id, 0);
    ngx_chat_blocks_store(&e->expires_at, b->free);

    b->free = n;
    ngx_chat_blocks_store(&b->used, b->used - 1);
}


/* those behind the gap that were pushed on by what was there move up */

static void
ngx_chat_blocks_close_gap(ngx_chat_blocks_t *b, uint32_t gap)
{
    uint32_t                  i, home, *slots;
    ngx_chat_block_key_t      key;
    ngx_chat_blocks_entry_t  *e;

    slots = ngx_chat_blocks_slots(b);

    for (i = (gap + 1) & b->mask; slots[i]; i = (i + 1) & b->mask) {
        e = &b->entries[(slots[i] & NGX_CHAT_BLOCKS_ENTRY) - 1];

        key.word[0] = e->word[0];
        key.word[1] = e->word[1];
        key.length = e->length;

        home = (uint32_t) ngx_chat_blocks_hash(b, &key) & b->mask;

        if (((i - home) & b->mask) >= ((i - gap) & b->mask)) {
            ngx_chat_blocks_store(&slots[gap], slots[i]);
            gap = i;
        }
    }

    ngx_chat_blocks_store(&slots[gap], 0);
}


static void
ngx_chat_blocks_number(ngx_chat_blocks_t *b, uint32_t length, int32_t more)
{
    uint64_t  bit;

    ngx_chat_blocks_store(&b->counts[length], b->counts[length] + more);

    if (length > 128) {
        return;
    }

    bit = (uint64_t) 1 << length % 64;

    ngx_chat_blocks_store(&b->lengths[length / 64],
                          b->counts[length] ? b->lengths[length / 64] | bit
                                            : b->lengths[length / 64] & ~bit);
}


static void
ngx_chat_blocks_expire(ngx_chat_blocks_t *b, int64_t now)
{
    uint32_t                  i;
    ngx_chat_block_key_t      key;
    ngx_chat_blocks_entry_t  *e;

    for (i = 0; i < b->size; i++) {
        e = &b->entries[i];

        if (e->mode == NGX_CHAT_BLOCK_NONE || e->expires_at == 0
            || now < e->expires_at)
        {
            continue;
        }

        key.word[0] = e->word[0];
        key.word[1] = e->word[1];
        key.length = e->length;

        ngx_chat_blocks_clear(b, &key);
    }
}


static void
ngx_chat_blocks_empty(ngx_chat_blocks_t *b)
{
    uint32_t   i, *slots;

    slots = ngx_chat_blocks_slots(b);

    for (i = 0; i <= b->mask; i++) {
        ngx_chat_blocks_store(&slots[i], 0);
    }

    for (i = 0; i < b->size; i++) {
        ngx_chat_blocks_store(&b->entries[i].mode, NGX_CHAT_BLOCK_NONE);
        ngx_chat_blocks_store(&b->entries[i].id, 0);
        ngx_chat_blocks_store(&b->entries[i].expires_at,
                              i + 1 < b->size ? (int64_t) i + 2 : 0);
    }

    for (i = 0; i <= NGX_CHAT_BLOCK_WHOLE; i++) {
        ngx_chat_blocks_store(&b->counts[i], 0);
    }

    for (i = 0; i < 3; i++) {
        ngx_chat_blocks_store(&b->lengths[i], 0);
    }

    ngx_chat_blocks_store(&b->used, 0);

    b->free = b->size ? 1 : 0;
    b->seen = 0;
    b->full = 0;
}
