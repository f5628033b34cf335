
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "hub/ring.h"

#include <pthread.h>
#include <semaphore.h>


#define RING_SIZE  4096


static ngx_chat_ring_t *ring_new(uint64_t size);
static ngx_int_t ring_put(ngx_chat_ring_t *ring, int64_t id, size_t len);
static u_char ring_byte(int64_t id, size_t i);
static ngx_uint_t ring_whole(ngx_chat_ring_record_t *record, u_char *body);


/* on malloc: what is written or read outside is a report */

static ngx_chat_ring_t *
ring_new(uint64_t size)
{
    ngx_chat_ring_t  *ring;

    ring = malloc(ngx_chat_ring_memory(size));
    ngx_chat_ring_init(ring, size);

    return ring;
}


/* a body that tells whether it is whole */

static u_char
ring_byte(int64_t id, size_t i)
{
    return (u_char) (id * 31 + (int64_t) i * 7);
}


static ngx_int_t
ring_put(ngx_chat_ring_t *ring, int64_t id, size_t len)
{
    size_t             i;
    u_char             body[RING_SIZE];
    ngx_chat_record_t  record;

    for (i = 0; i < len; i++) {
        body[i] = ring_byte(id, i);
    }

    memset(&record, 0, sizeof(record));

    record.id = id;
    record.topic = (uint64_t) id * 3;
    record.conversation = id * 5;
    record.subject = id * 7;
    record.audience = NGX_CHAT_TO_VISITOR;
    record.type = NGX_CHAT_EVENT_MESSAGE;
    record.body.data = body;
    record.body.len = len;

    return ngx_chat_ring_append(ring, &record);
}


static ngx_uint_t
ring_whole(ngx_chat_ring_record_t *record, u_char *body)
{
    size_t  i;

    for (i = 0; i < record->len; i++) {
        if (body[i] != ring_byte(record->id, i)) {
            return 0;
        }
    }

    return record->topic == (uint64_t) record->id * 3
           && record->conversation == record->id * 5
           && record->subject == record->id * 7;
}


UNIT_TEST(what_is_appended_is_read_in_order)
{
    u_char                  body[RING_SIZE];
    int64_t                 id;
    uint64_t                pos;
    ngx_chat_ring_t        *ring;
    ngx_chat_ring_record_t  record;

    ring = ring_new(RING_SIZE);
    pos = ngx_chat_ring_head(ring);

    is_int(ngx_chat_ring_last(ring), -1, "no id is known at first");
    is_int(ngx_chat_ring_read(ring, &pos, &record), NGX_DONE, "empty");

    for (id = 1; id <= 1000; id++) {
        if (ring_put(ring, id, (size_t) (id % 300)) != NGX_OK
            || ngx_chat_ring_read(ring, &pos, &record) != NGX_OK
            || record.id != id
            || record.len != (uint32_t) (id % 300)
            || ngx_chat_ring_body(ring, &pos, &record, body) != NGX_OK
            || !ring_whole(&record, body))
        {
            break;
        }

        ngx_chat_ring_skip(&pos, &record);
    }

    is_int(id, 1001, "a thousand records of all lengths, over many wraps");
    is_int(ngx_chat_ring_read(ring, &pos, &record), NGX_DONE, "then none");
    is_int(ngx_chat_ring_last(ring), 1000, "the newest id");

    free(ring);
}


UNIT_TEST(a_reader_that_was_overtaken_is_told)
{
    int64_t                 id;
    uint64_t                pos;
    ngx_chat_ring_t        *ring;
    ngx_chat_ring_record_t  record;

    ring = ring_new(RING_SIZE);
    pos = ngx_chat_ring_head(ring);

    for (id = 1; id <= 100; id++) {
        (void) ring_put(ring, id, 100);
    }

    is_int(ngx_chat_ring_read(ring, &pos, &record), NGX_DECLINED, "lost");
    is_int(pos, ngx_chat_ring_head(ring), "goes on at the head");

    (void) ring_put(ring, id, 100);

    is_int(ngx_chat_ring_read(ring, &pos, &record), NGX_OK, "reads again");
    is_int(record.id, 101, "the next one");

    free(ring);
}


UNIT_TEST(a_body_that_is_overwritten_meanwhile_is_refused)
{
    u_char                  body[RING_SIZE];
    int64_t                 id;
    uint64_t                pos;
    ngx_chat_ring_t        *ring;
    ngx_chat_ring_record_t  record;

    ring = ring_new(RING_SIZE);
    pos = ngx_chat_ring_head(ring);

    (void) ring_put(ring, 1, 100);

    is_int(ngx_chat_ring_read(ring, &pos, &record), NGX_OK, "the header");

    for (id = 2; id <= 60; id++) {
        (void) ring_put(ring, id, 100);
    }

    is_int(ngx_chat_ring_body(ring, &pos, &record, body), NGX_DECLINED,
           "the body is gone");

    free(ring);
}


UNIT_TEST(a_durable_record_stands_once)
{
    uint64_t          head;
    ngx_chat_ring_t  *ring;

    ring = ring_new(RING_SIZE);

    is_int(ring_put(ring, 5, 10), NGX_OK, "5");
    head = ngx_chat_ring_head(ring);

    is_int(ring_put(ring, 5, 10), NGX_DECLINED, "5 again");
    is_int(ring_put(ring, 4, 10), NGX_DECLINED, "an older one");
    is_int(ngx_chat_ring_head(ring), head, "nothing was written");
    is_int(ring_put(ring, 0, 10), NGX_OK, "ephemeral ones always go in");
    is_int(ngx_chat_ring_last(ring), 5, "and leave the newest id");

    free(ring);
}


UNIT_TEST(one_too_large_leaves_a_gap_in_the_ids)
{
    uint64_t                pos;
    ngx_chat_ring_t        *ring;
    ngx_chat_ring_record_t  record;

    ring = ring_new(RING_SIZE);
    pos = ngx_chat_ring_head(ring);

    is_int(ring_put(ring, 1, RING_SIZE / 4), NGX_DECLINED, "too large");
    is_int(ngx_chat_ring_last(ring), 1, "counted all the same");
    is_int(ring_put(ring, 2, 10), NGX_OK, "the next");
    is_int(ngx_chat_ring_read(ring, &pos, &record), NGX_OK, "is read");
    is_int(record.id, 2, "and shows the gap");

    free(ring);
}


UNIT_TEST(who_is_at_the_end_learns_of_what_did_not_come)
{
    uint64_t          pos;
    ngx_chat_ring_t  *ring;

    ring = ring_new(RING_SIZE);
    (void) ring_put(ring, 1, 10);
    pos = ngx_chat_ring_head(ring);

    ok(!ngx_chat_ring_missed(ring, pos, 1), "all came");
    ok(ngx_chat_ring_missed(ring, pos, 0), "1 was begun, and its id not set");

    (void) ring_put(ring, 2, 10);
    ok(!ngx_chat_ring_missed(ring, pos, 1), "2 is still to be read");

    pos = ngx_chat_ring_head(ring);
    (void) ring_put(ring, 3, RING_SIZE / 2);
    ok(ngx_chat_ring_missed(ring, pos, 2), "3 is too large");

    free(ring);
}


UNIT_TEST(a_base_that_goes_back_is_a_new_epoch)
{
    ngx_chat_ring_t  *ring;

    ring = ring_new(RING_SIZE);

    ngx_chat_ring_base(ring, 0);
    is_int(ngx_chat_ring_last(ring), 0, "an empty database");

    ngx_chat_ring_base(ring, 40);
    is_int(ngx_chat_ring_last(ring), 40, "one that is ahead");
    is_int(ngx_chat_ring_epoch(ring), 0, "is the same");

    ngx_chat_ring_base(ring, 30);
    is_int(ngx_chat_ring_last(ring), 30, "one that is behind");
    is_int(ngx_chat_ring_epoch(ring), 1, "is another");
    is_int(ring_put(ring, 31, 10), NGX_OK, "whose ids are news again");

    free(ring);
}


UNIT_TEST(a_writer_that_died_leaves_nothing)
{
    uint64_t                pos;
    ngx_chat_ring_t        *ring;
    ngx_chat_ring_record_t  record;

    ring = ring_new(RING_SIZE);
    pos = ngx_chat_ring_head(ring);

    (void) ring_put(ring, 1, 50);

    /* announced and half written, never published */

    ring->reserved = ring->head + 200;
    memset(ring->data + ring->head, 0xff, 100);

    is_int(ngx_chat_ring_read(ring, &pos, &record), NGX_OK, "the one before");
    ngx_chat_ring_skip(&pos, &record);
    is_int(ngx_chat_ring_read(ring, &pos, &record), NGX_DONE, "not the half");

    (void) ring_put(ring, 2, 50);

    is_int(ngx_chat_ring_read(ring, &pos, &record), NGX_OK, "the next writer");
    is_int(record.id, 2, "starts over");

    free(ring);
}


/* one writer, readers without a lock: what is read is whole, and in order */

#define RING_RACE  200000


UNIT_TEST(what_a_writer_that_died_has_overwritten_is_refused)
{
    int64_t                 id;
    uint64_t                pos;
    ngx_chat_ring_t        *ring;
    ngx_chat_ring_record_t  record;

    ring = ring_new(RING_SIZE);
    pos = ngx_chat_ring_head(ring);

    /* all but full: the next ones overwrite the first ones */

    for (id = 1; ring->head + 128 < RING_SIZE; id++) {
        (void) ring_put(ring, id, 80);
    }

    /* one that dies with 512 bytes written, and a short one after it */

    ring->reserved = ring->head + 512;
    memset(ring->data + ring->head, 0xff, RING_SIZE - ring->head);
    memset(ring->data, 0xff, 512 - (RING_SIZE - ring->head));

    (void) ring_put(ring, id, 8);
    ok(ring->head <= RING_SIZE, "that overwrites nothing itself");

    is_int(ngx_chat_ring_read(ring, &pos, &record), NGX_DECLINED,
           "the oldest is gone");
    ok(pos == ngx_chat_ring_head(ring), "and the reader at the end");

    free(ring);
}


typedef struct {
    ngx_chat_ring_t  *ring;
    sem_t            *there;        /* posted at the place to read from */
    int64_t           seen;
    int64_t           torn;
    int64_t           lost;
} ring_reader_t;


static void *
ring_race(void *data)
{
    u_char                  body[RING_SIZE];
    int64_t                 last;
    uint64_t                pos;
    ngx_int_t               rc;
    ring_reader_t          *reader = data;
    ngx_chat_ring_record_t  record;

    pos = ngx_chat_ring_head(reader->ring);
    last = 0;

    sem_post(reader->there);

    while (last < RING_RACE) {
        rc = ngx_chat_ring_read(reader->ring, &pos, &record);

        if (rc == NGX_OK) {
            rc = ngx_chat_ring_body(reader->ring, &pos, &record, body);
        }

        if (rc == NGX_DECLINED) {
            reader->lost++;

            if (ngx_chat_ring_last(reader->ring) >= RING_RACE) {
                break;
            }

            continue;
        }

        if (rc == NGX_DONE) {

            if (ngx_chat_ring_last(reader->ring) >= RING_RACE
                && pos == ngx_chat_ring_head(reader->ring))
            {
                break;
            }

            continue;
        }

        if (!ring_whole(&record, body) || record.id <= last) {
            reader->torn++;
        }

        last = record.id;
        reader->seen++;

        ngx_chat_ring_skip(&pos, &record);
    }

    return NULL;
}


UNIT_TEST(readers_race_with_the_writer)
{
    sem_t            there;
    int64_t          id;
    pthread_t        threads[2];
    ngx_uint_t       i;
    ring_reader_t    readers[2];
    ngx_chat_ring_t  *ring;

    ring = ring_new(RING_SIZE);
    memset(readers, 0, sizeof(readers));

    sem_init(&there, 0, 0);

    for (i = 0; i < 2; i++) {
        readers[i].ring = ring;
        readers[i].there = &there;
        pthread_create(&threads[i], NULL, ring_race, &readers[i]);
    }

    sem_wait(&there);
    sem_wait(&there);

    for (id = 1; id <= RING_RACE; id++) {
        (void) ring_put(ring, id, (size_t) (id % 200));
    }

    for (i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        is_int(readers[i].torn, 0, "nothing torn, nothing out of order");
        ok(readers[i].seen + readers[i].lost > 0, "it was there");
    }

    sem_destroy(&there);
    free(ring);
}
