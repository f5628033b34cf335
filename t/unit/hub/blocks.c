
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "hub/blocks.h"

#include <pthread.h>


#define MODEL_SIZE    200
#define MODEL_STEPS   40000
#define MANY          100000
#define LOOKUPS       10000
#define CHANGES       200000
#define READS         1000


static ngx_chat_blocks_t *blocks_new(ngx_uint_t n);
static ngx_chat_block_t block_of(const char *network, int mode, int64_t id);
static ngx_chat_block_mode_e block_at(ngx_chat_blocks_t *b,
    const char *address, int64_t now);
static uint64_t random_number(uint64_t *state);
static ngx_uint_t key_in(ngx_chat_block_key_t *address,
    ngx_chat_block_key_t *network);
static void *change_always(void *data);
static ngx_chat_blocks_t *many_networks(uint64_t *state);
static double go_through(ngx_chat_blocks_t *b);

static _Atomic uint64_t  reads;             /* beside the changes */


/* on malloc: what is written or read outside is a report */

static ngx_chat_blocks_t *
blocks_new(ngx_uint_t n)
{
    ngx_chat_blocks_t  *b;

    b = malloc(ngx_chat_blocks_memory(n));
    memset(b, 0xa5, ngx_chat_blocks_memory(n));
    ngx_chat_blocks_init(b, n, 0x123456789abcdef);

    return b;
}


static ngx_chat_block_t
block_of(const char *network, int mode, int64_t id)
{
    ngx_str_t         text;
    ngx_chat_block_t  block;

    memset(&block, 0, sizeof(block));

    text.data = (u_char *) network;
    text.len = strlen(network);

    block.id = id;
    block.mode = mode;
    (void) ngx_chat_block_key_parse(&block.key, &text);

    return block;
}


static ngx_chat_block_mode_e
block_at(ngx_chat_blocks_t *b, const char *address, int64_t now)
{
    ngx_chat_block_t       at;
    ngx_chat_blocks_hit_t  hit;

    at = block_of(address, NGX_CHAT_BLOCK_NONE, 0);

    return ngx_chat_blocks_find(b, NULL, &at.key, now, &hit);
}


/* splitmix64 */

static uint64_t
random_number(uint64_t *state)
{
    uint64_t  z;

    z = (*state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;

    return z ^ (z >> 31);
}


UNIT_TEST(nobody_is_blocked_at_first)
{
    ngx_chat_blocks_t  *b;

    b = blocks_new(10);

    is_int(block_at(b, "203.0.113.7", 0), NGX_CHAT_BLOCK_NONE, "nobody");
    is_int(ngx_chat_blocks_used(b), 0, "none is in it");
    is_int(ngx_chat_blocks_room(b), 10, "there is room");

    free(b);
}


UNIT_TEST(a_network_holds_its_addresses)
{
    ngx_chat_block_t    block;
    ngx_chat_blocks_t  *b;

    b = blocks_new(10);

    block = block_of("203.0.113.0/24", NGX_CHAT_BLOCK_REFUSE, 1);
    is_int(ngx_chat_blocks_set(b, &block, 0), NGX_OK, "IPv4");
    block = block_of("2001:db8:7::/48", NGX_CHAT_BLOCK_CLOSE, 2);
    is_int(ngx_chat_blocks_set(b, &block, 0), NGX_OK, "IPv6");

    is_int(block_at(b, "203.0.113.255", 0), NGX_CHAT_BLOCK_REFUSE, "within");
    is_int(block_at(b, "203.0.114.0", 0), NGX_CHAT_BLOCK_NONE, "beside");
    is_int(block_at(b, "::ffff:203.0.113.1", 0), NGX_CHAT_BLOCK_REFUSE,
           "within, in IPv6");
    is_int(block_at(b, "2001:db8:7:ffff::1", 0), NGX_CHAT_BLOCK_CLOSE,
           "IPv6 within");
    is_int(block_at(b, "2001:db8:8::1", 0), NGX_CHAT_BLOCK_NONE,
           "IPv6 beside");

    ngx_chat_blocks_clear(b, &block.key);

    is_int(block_at(b, "2001:db8:7:ffff::1", 0), NGX_CHAT_BLOCK_NONE,
           "lifted");
    is_int(block_at(b, "203.0.113.255", 0), NGX_CHAT_BLOCK_REFUSE,
           "the other stays");

    free(b);
}


UNIT_TEST(the_strictest_acts)
{
    ngx_chat_block_t        wide, narrow, person;
    ngx_chat_blocks_t      *b;
    ngx_chat_block_key_t   *address;
    ngx_chat_blocks_hit_t   hit;

    b = blocks_new(10);

    wide = block_of("203.0.0.0/16", NGX_CHAT_BLOCK_REFUSE, 1);
    narrow = block_of("203.0.113.7", NGX_CHAT_BLOCK_GHOST, 2);
    person = block_of("2001:db8::1", NGX_CHAT_BLOCK_REFUSE, 3);
    person.key.length = NGX_CHAT_BLOCK_WHOLE;
    address = &narrow.key;

    (void) ngx_chat_blocks_set(b, &wide, 0);
    (void) ngx_chat_blocks_set(b, &narrow, 0);

    is_int(ngx_chat_blocks_find(b, NULL, address, 0, &hit),
           NGX_CHAT_BLOCK_REFUSE, "a ghost in a refused network is refused");
    is_int(hit.id, 1, "by the network");

    wide.expires_at = 100;
    (void) ngx_chat_blocks_set(b, &wide, 0);

    is_int(ngx_chat_blocks_find(b, NULL, address, 100, &hit),
           NGX_CHAT_BLOCK_GHOST, "a ghost once that has expired");
    is_int(hit.id, 2, "by its own block");

    (void) ngx_chat_blocks_set(b, &person, 0);

    is_int(ngx_chat_blocks_find(b, &person.key, address, 0, &hit),
           NGX_CHAT_BLOCK_REFUSE, "a person");
    is_int(hit.id, 3, "of equals the most specific is named");
    is_int(ngx_chat_blocks_find(b, NULL, &person.key, 0, &hit),
           NGX_CHAT_BLOCK_NONE, "a person is no address");
    is_int(ngx_chat_blocks_find(b, &narrow.key, NULL, 0, &hit),
           NGX_CHAT_BLOCK_GHOST, "without an address");

    free(b);
}


UNIT_TEST(what_was_met_is_counted)
{
    ngx_chat_block_t        block;
    ngx_chat_blocks_t      *b;
    ngx_chat_blocks_hit_t   hit;

    b = blocks_new(2);
    block = block_of("203.0.113.7", NGX_CHAT_BLOCK_REFUSE, 1);

    (void) ngx_chat_blocks_set(b, &block, 0);
    (void) ngx_chat_blocks_find(b, NULL, &block.key, 0, &hit);

    ngx_chat_blocks_met(b, &hit);
    ngx_chat_blocks_met(b, &hit);

    is_int(ngx_chat_blocks_count(b, &block.key, 1), 2, "two");
    is_int(ngx_chat_blocks_count(b, &block.key, 2), 0, "not another's");

    block.id = 2;
    (void) ngx_chat_blocks_set(b, &block, 0);
    ngx_chat_blocks_met(b, &hit);

    is_int(ngx_chat_blocks_count(b, &block.key, 2), 0,
           "another block of the same address begins anew");

    free(b);
}


UNIT_TEST(when_it_is_full)
{
    char                 text[32];
    ngx_int_t            i;
    ngx_chat_block_t     block;
    ngx_chat_blocks_t   *b;

    b = blocks_new(100);

    for (i = 0; i < 100; i++) {
        sprintf(text, "10.0.0.%d", (int) i);
        block = block_of(text, NGX_CHAT_BLOCK_REFUSE, i + 1);
        block.expires_at = i < 10 ? 1000 : 0;

        if (ngx_chat_blocks_set(b, &block, 0) != NGX_OK) {
            break;
        }
    }

    is_int(i, 100, "as many as it was made for");
    is_int(ngx_chat_blocks_room(b), 0, "full");

    block = block_of("10.0.1.1", NGX_CHAT_BLOCK_REFUSE, 200);
    is_int(ngx_chat_blocks_set(b, &block, 999), NGX_DECLINED, "no room");
    is_int(block_at(b, "10.0.1.1", 999), NGX_CHAT_BLOCK_NONE, "nothing done");

    block = block_of("10.0.0.5", NGX_CHAT_BLOCK_CLOSE, 201);
    is_int(ngx_chat_blocks_set(b, &block, 999), NGX_OK, "a change fits");
    is_int(block_at(b, "10.0.0.5", 999), NGX_CHAT_BLOCK_CLOSE, "changed");

    block = block_of("10.0.1.1", NGX_CHAT_BLOCK_REFUSE, 202);
    is_int(ngx_chat_blocks_set(b, &block, 1000), NGX_OK,
           "what has expired makes room");
    is_int(ngx_chat_blocks_used(b), 92, "all of those are gone");
    is_int(block_at(b, "10.0.1.1", 1000), NGX_CHAT_BLOCK_REFUSE, "found");
    is_int(block_at(b, "10.0.0.50", 1000), NGX_CHAT_BLOCK_REFUSE, "others");

    free(b);
}


UNIT_TEST(a_change_that_broke_off_is_seen)
{
    ngx_chat_block_t    block;
    ngx_chat_blocks_t  *b;

    b = blocks_new(10);
    block = block_of("10.0.0.1", NGX_CHAT_BLOCK_REFUSE, 1);

    (void) ngx_chat_blocks_set(b, &block, 0);
    b->seen = 5;
    b->generation++;

    ok(ngx_chat_blocks_broken(b), "its holder died");
    is_int(block_at(b, "10.0.0.1", 0), NGX_CHAT_BLOCK_REFUSE,
           "a reader does not wait for ever");

    ngx_chat_blocks_reset(b);

    ok(!ngx_chat_blocks_broken(b), "mended");
    is_int(b->seen, 0, "to be filled anew");
    is_int(block_at(b, "10.0.0.1", 0), NGX_CHAT_BLOCK_NONE, "empty");

    free(b);
}


UNIT_TEST(memory_is_what_was_asked_for)
{
    size_t      size;
    ngx_uint_t  n, wrong;

    wrong = 0;

    for (size = 0; size < 3000000; size += 4093) {
        n = ngx_chat_blocks_fit(size);

        if (n && (ngx_chat_blocks_memory(n) > size
                  || ngx_chat_blocks_memory(n + 1) <= size))
        {
            wrong++;
        }
    }

    is_int(wrong, 0, "as many as fit, and no more");
    is_int(ngx_chat_blocks_fit(0), 0, "none in nothing");
    ok(ngx_chat_blocks_fit(6 * 1024 * 1024) >= MANY, "%d in 6 MiB: %d", MANY,
       (int) ngx_chat_blocks_fit(6 * 1024 * 1024));
}


static ngx_uint_t
key_in(ngx_chat_block_key_t *address, ngx_chat_block_key_t *network)
{
    ngx_chat_block_key_t  key;

    key = *address;
    ngx_chat_block_key_mask(&key, network->length);

    return key.word[0] == network->word[0] && key.word[1] == network->word[1];
}


/* against a list that is gone through */

UNIT_TEST(it_is_like_a_list)
{
    uint64_t                state, seed, n;
    ngx_uint_t              i, step, at, mode, expected;
    ngx_chat_block_t        model[MODEL_SIZE], block;
    ngx_chat_blocks_t      *b;
    ngx_chat_blocks_hit_t   hit;

    seed = (uint64_t) time(NULL) * 1000003 + (uint64_t) getpid();
    state = seed;

    printf("# seed %llu\n", (unsigned long long) seed);

    b = blocks_new(MODEL_SIZE);
    memset(model, 0, sizeof(model));

    for (step = 0; step < MODEL_STEPS; step++) {

        /* few bits, so that networks meet and are nested */

        memset(&block, 0, sizeof(block));

        block.key.word[0] = (random_number(&state) & 7) << 61;
        block.key.word[1] = (random_number(&state) & 7) << 61
                            | (random_number(&state) & 3);
        block.key.length = 128;

        n = random_number(&state);
        ngx_chat_block_key_mask(&block.key, n % 129);

        block.id = step + 1;
        block.mode = 1 + n / 200 % 3;
        block.expires_at = n / 1000 % 4 ? 0 : (int64_t) (step + n % 2000);

        for (i = 0, at = MODEL_SIZE; i < MODEL_SIZE; i++) {

            if (model[i].mode && model[i].key.length == block.key.length
                && key_in(&model[i].key, &block.key))
            {
                at = i;
                break;
            }

            if (model[i].mode == 0 && at == MODEL_SIZE) {
                at = i;
            }
        }

        if (n / 10000 % 3 == 0) {
            ngx_chat_blocks_clear(b, &block.key);

            if (i < MODEL_SIZE) {
                model[i].mode = 0;
            }

        } else if (at < MODEL_SIZE
                   && ngx_chat_blocks_set(b, &block, 0) == NGX_OK)
        {
            model[at] = block;
        }

        block.key.word[0] |= random_number(&state) >> 3;
        block.key.word[1] |= random_number(&state) & 3;
        block.key.length = 128;

        expected = 0;

        for (i = 0; i < MODEL_SIZE; i++) {
            if (model[i].mode && key_in(&block.key, &model[i].key)
                && (model[i].expires_at == 0
                    || (int64_t) step < model[i].expires_at))
            {
                expected = ngx_max(expected, (ngx_uint_t) model[i].mode);
            }
        }

        mode = ngx_chat_blocks_find(b, NULL, &block.key, step, &hit);

        if (mode != expected) {
            break;
        }
    }

    is_int(step, MODEL_STEPS, "the same answer at each step");

    free(b);
}


/*
 * One network never changes and must be found always, one is never there; the
 * rest comes and goes, and pushes both about.
 */

static void *
change_always(void *data)
{
    uint64_t            i, state;
    ngx_chat_block_t    block;
    ngx_chat_blocks_t  *b = data;

    state = 1;

    for (i = 0; i < CHANGES || reads < READS; i++) {
        memset(&block, 0, sizeof(block));
        block.id = (int64_t) i + 10;
        block.mode = NGX_CHAT_BLOCK_CLOSE;
        block.key.word[0] = (random_number(&state) % 40) << 40 | 1;
        block.key.length = 128;

        if (random_number(&state) & 1) {
            (void) ngx_chat_blocks_set(b, &block, 0);

        } else {
            ngx_chat_blocks_clear(b, &block.key);
        }
    }

    return NULL;
}


UNIT_TEST(readers_see_no_half_change)
{
    uint64_t                missed, wrong;
    pthread_t               thread;
    ngx_chat_block_t        stays, never;
    ngx_chat_blocks_t      *b;
    ngx_chat_blocks_hit_t   hit;

    b = blocks_new(64);
    stays = block_of("203.0.113.0/24", NGX_CHAT_BLOCK_GHOST, 1);
    never = block_of("198.51.100.1", NGX_CHAT_BLOCK_GHOST, 2);

    (void) ngx_chat_blocks_set(b, &stays, 0);

    missed = 0;
    wrong = 0;
    reads = 0;

    (void) pthread_create(&thread, NULL, change_always, b);

    while (pthread_tryjoin_np(thread, NULL) != 0) {
        stays.key.length = 128;

        if (ngx_chat_blocks_find(b, NULL, &stays.key, 0, &hit)
            != NGX_CHAT_BLOCK_GHOST
            || hit.id != 1)
        {
            missed++;
        }

        wrong += ngx_chat_blocks_find(b, &never.key, &never.key, 0, &hit)
                 != NGX_CHAT_BLOCK_NONE;
        reads++;
    }

    ok(reads >= READS, "%llu reads beside %d changes",
       (unsigned long long) reads, CHANGES);
    is_int(missed, 0, "what stays was always found");
    is_int(wrong, 0, "what is not there never was");

    free(b);
}


/* as in lists of this kind: IPv4 from /12 to /32, a fifth is IPv6 */

static ngx_chat_blocks_t *
many_networks(uint64_t *state)
{
    uint64_t            i;
    ngx_chat_block_t    block;
    ngx_chat_blocks_t  *b;

    b = blocks_new(MANY);

    for (i = 0; ngx_chat_blocks_used(b) < MANY; i++) {
        memset(&block, 0, sizeof(block));

        block.id = (int64_t) i + 1;
        block.mode = NGX_CHAT_BLOCK_REFUSE;

        if (i % 5) {
            block.key.word[1] = 0xffff00000000
                                | (random_number(state) & 0xffffffff);
            ngx_chat_block_key_mask(&block.key,
                                    96 + 12 + random_number(state) % 21);

        } else {
            block.key.word[0] = 0x2000000000000000
                                | random_number(state) >> 3;
            block.key.word[1] = random_number(state);
            ngx_chat_block_key_mask(&block.key,
                                    32 + random_number(state) % 5 * 8);
        }

        (void) ngx_chat_blocks_set(b, &block, 0);
    }

    return b;
}


/* ns to go through all of them once */

static double
go_through(ngx_chat_blocks_t *b)
{
    double                 began, least;
    ngx_uint_t             i, n;
    ngx_chat_block_key_t   key;
    volatile ngx_uint_t    same;

    memset(&key, 0, sizeof(key));
    least = 1e12;
    same = 0;

    for (n = 0; n < 20; n++) {
        began = unit_worked();

        for (i = 0; i < MANY; i++) {
            same += b->entries[i].word[0] == key.word[0]
                    && b->entries[i].word[1] == key.word[1];
        }

        least = ngx_min(least, unit_worked() - began);
    }

    return least;
}


UNIT_TEST(a_hundred_thousand_networks)
{
    double                  began, all, one;
    uint64_t                state, i, n, found;
    ngx_chat_blocks_t      *b;
    ngx_chat_block_key_t   *keys;
    ngx_chat_blocks_hit_t   hit;

    state = 42;
    b = many_networks(&state);
    keys = malloc(LOOKUPS * sizeof(ngx_chat_block_key_t));

    for (i = 0; i < LOOKUPS; i++) {
        keys[i].word[0] = 0;
        keys[i].word[1] = 0xffff00000000
                          | (random_number(&state) & 0xffffffff);
        keys[i].length = 128;
    }

    one = 1e12;
    found = 0;

    for (n = 0; n < 20; n++) {
        began = unit_worked();

        for (i = 0; i < LOOKUPS; i++) {
            found += ngx_chat_blocks_find(b, NULL, &keys[i], 0, &hit)
                     != NGX_CHAT_BLOCK_NONE;
        }

        one = ngx_min(one, (unit_worked() - began) / LOOKUPS);
    }

    all = go_through(b);

    printf("# %d networks in %zu bytes, %.0f ns a lookup, %.0f ns for all of "
           "them, %.0f %% found\n", MANY, ngx_chat_blocks_memory(MANY), one,
           all, (double) found * 5 / LOOKUPS);

    ok(one < all / 50, "a lookup goes through no list");
    ok(one < 1000 * UNIT_SLOWER, "a lookup takes less than 1 us");
    ok(found > 0 && found < 20 * LOOKUPS, "some are blocked, some are not");

    free(keys);
    free(b);
}
