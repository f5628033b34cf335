
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/pipe.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>


#define PIPE_SIZE   1024


static ngx_chat_pipe_t *
pipe_new(ngx_pool_t *pool)
{
    ngx_chat_pipe_t  *p;

    p = ngx_pcalloc(pool, ngx_chat_pipe_memory(PIPE_SIZE));
    if (p == NULL) {
        abort();
    }

    ngx_chat_pipe_init(p, PIPE_SIZE);

    return p;
}


/* the n-th record: its bytes say which it is */

static int
pipe_put(ngx_chat_pipe_t *p, ngx_uint_t n, size_t len)
{
    u_char  *place;

    place = ngx_chat_pipe_reserve(p, len);
    if (place == NULL) {
        return 0;
    }

    memset(place, (int) (n & 0xff), len);
    ngx_chat_pipe_publish(p, len);

    return 1;
}


static int
pipe_is(ngx_str_t *record, ngx_uint_t n)
{
    size_t  i;

    for (i = 0; i < record->len; i++) {
        if (record->data[i] != (u_char) n) {
            return 0;
        }
    }

    return 1;
}


UNIT_TEST(a_record_stays_until_it_is_dropped)
{
    uint64_t          pos;
    ngx_str_t         record;
    ngx_chat_pipe_t  *p;

    p = pipe_new(pool);

    ok(ngx_chat_pipe_empty(p), "empty");
    ok(pipe_put(p, 1, 10) && pipe_put(p, 2, 0) && pipe_put(p, 3, 17), "three");

    pos = ngx_chat_pipe_tail(p);
    is_int(ngx_chat_pipe_next(p, &pos, &record), NGX_OK, "the first");
    is_int(record.len, 10, "as long as it was");

    pos = ngx_chat_pipe_tail(p);
    is_int(ngx_chat_pipe_next(p, &pos, &record), NGX_OK, "again");
    is_int(record.len, 10, "the same");

    ngx_chat_pipe_drop(p, pos);

    is_int(ngx_chat_pipe_next(p, &pos, &record), NGX_OK, "the second");
    is_int(record.len, 0, "an empty one is one, too");
    is_int(ngx_chat_pipe_next(p, &pos, &record), NGX_OK, "the third");
    ok(record.len == 17 && pipe_is(&record, 3), "what was put there");
    is_int(ngx_chat_pipe_next(p, &pos, &record), NGX_DONE, "no more");

    ok(!ngx_chat_pipe_empty(p), "not dropped yet");
    ngx_chat_pipe_drop(p, pos);
    ok(ngx_chat_pipe_empty(p), "empty again");
}


UNIT_TEST(what_is_not_published_is_not_there)
{
    uint64_t          pos;
    ngx_str_t         record;
    ngx_chat_pipe_t  *p;

    p = pipe_new(pool);

    ok(ngx_chat_pipe_reserve(p, 100) != NULL, "a place");

    pos = ngx_chat_pipe_tail(p);
    is_int(ngx_chat_pipe_next(p, &pos, &record), NGX_DONE, "nothing in it");

    ok(pipe_put(p, 7, 50), "the next one takes the place");
    is_int(ngx_chat_pipe_next(p, &pos, &record), NGX_OK, "and is there");
    ok(record.len == 50 && pipe_is(&record, 7), "alone");
}


UNIT_TEST(it_is_bounded)
{
    ngx_uint_t        n;
    ngx_chat_pipe_t  *p;

    p = pipe_new(pool);

    ok(ngx_chat_pipe_reserve(p, PIPE_SIZE / 4 + 1) == NULL, "too long");
    ok(ngx_chat_pipe_reserve(p, PIPE_SIZE / 4) != NULL, "just not");

    for (n = 0; pipe_put(p, n, 56); n++) { /* void */ }

    is_int(n, PIPE_SIZE / 64, "full to the last byte");
}


/* random lengths, random numbers of steps at either end, beside a counter */

UNIT_TEST(it_is_a_queue)
{
    int               held;
    unsigned          seed;
    uint64_t          pos;
    ngx_str_t         record;
    ngx_uint_t        put, got, i;
    ngx_chat_pipe_t  *p;

    seed = (unsigned) time(NULL);
    printf("# seed %u\n", seed);
    srandom(seed);

    p = pipe_new(pool);
    put = 0;
    got = 0;
    held = 1;

    for (i = 0; i < 20000 && held; i++) {

        if (random() % 2) {
            put += pipe_put(p, put, (size_t) (random() % (PIPE_SIZE / 4)));
            continue;
        }

        pos = ngx_chat_pipe_tail(p);

        while (random() % 4
               && ngx_chat_pipe_next(p, &pos, &record) == NGX_OK)
        {
            held &= pipe_is(&record, got++);
        }

        ngx_chat_pipe_drop(p, pos);
    }

    ok(held, "all as it was put there");
    ok(put - got <= PIPE_SIZE / 8, "and in order");
    ok(got > 5000, "many times around: %lu", (unsigned long) got);
}


#define PIPE_RECORDS  200000


static void *
pipe_producer(void *data)
{
    ngx_uint_t  n;

    for (n = 0; n < PIPE_RECORDS; ) {
        if (pipe_put(data, n, n % 97)) {
            n++;

        } else {
            sched_yield();
        }
    }

    return NULL;
}


UNIT_TEST(two_threads_use_it)
{
    int               held;
    uint64_t          pos;
    pthread_t         thread;
    ngx_str_t         record;
    ngx_uint_t        n;
    ngx_chat_pipe_t  *p;

    p = pipe_new(pool);
    held = 1;

    if (pthread_create(&thread, NULL, pipe_producer, p) != 0) {
        abort();
    }

    for (n = 0; n < PIPE_RECORDS; ) {

        pos = ngx_chat_pipe_tail(p);

        if (ngx_chat_pipe_next(p, &pos, &record) == NGX_OK) {
            held &= record.len == n % 97 && pipe_is(&record, n);
            n++;
            ngx_chat_pipe_drop(p, pos);

        } else {
            sched_yield();
        }
    }

    pthread_join(thread, NULL);

    ok(held, "each record whole and in its place");
    ok(ngx_chat_pipe_empty(p), "none left");
}
