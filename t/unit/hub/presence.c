
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "hub/presence.h"
#include "hub/throttle.h"


#define GRACE  NGX_CHAT_PRESENCE_GRACE


UNIT_TEST(present_is_online_with_a_poll_open)
{
    ngx_chat_presence_t  *p;

    p = calloc(1, ngx_chat_presence_size());

    is_int(ngx_chat_presence_touch(p, 3, NGX_CHAT_STATUS_OFFLINE, 1000), 0,
           "a poll alone is not presence");
    is_int(ngx_chat_presence_of(p, 3, 1000), 0, "not present");
    is_int(ngx_chat_presence_choose(p, 3, NGX_CHAT_STATUS_ONLINE, 1000), 1,
           "online with a poll open: came");
    is_int(ngx_chat_presence_of(p, 3, 1000), 1, "present");
    is_int(ngx_chat_presence_any(p, 1000), 1, "somebody is");
    is_int(ngx_chat_presence_touch(p, 3, NGX_CHAT_STATUS_OFFLINE, 2000), 0,
           "an older choice from a cache changes nothing");
    is_int(ngx_chat_presence_status(p, 3, NGX_CHAT_STATUS_AWAY),
           NGX_CHAT_STATUS_ONLINE, "the choice");
    is_int(ngx_chat_presence_choose(p, 3, NGX_CHAT_STATUS_AWAY, 2000), 1,
           "away: gone");
    is_int(ngx_chat_presence_any(p, 2000), 0, "nobody is");
    is_int(ngx_chat_presence_status(p, 4, NGX_CHAT_STATUS_AWAY),
           NGX_CHAT_STATUS_AWAY, "unknown: what the caller says");

    free(p);
}


UNIT_TEST(who_leaves_is_gone_without_a_grace)
{
    ngx_chat_presence_t         *p;
    ngx_chat_presence_change_t   changes[4];

    p = calloc(1, ngx_chat_presence_size());

    is_int(ngx_chat_presence_leave(p, 3), 0, "who never came can't leave");
    is_int(ngx_chat_presence_touch(p, 3, NGX_CHAT_STATUS_ONLINE, GRACE), 1,
           "came");
    ok(ngx_chat_presence_with(p, 3, NGX_CHAT_STATUS_ONLINE, GRACE)
       && !ngx_chat_presence_with(p, 3, NGX_CHAT_STATUS_AWAY, GRACE)
       && !ngx_chat_presence_with(p, 4, NGX_CHAT_STATUS_ONLINE, GRACE),
       "what another choice would mean");
    is_int(ngx_chat_presence_leave(p, 3), 1, "left");
    is_int(ngx_chat_presence_of(p, 3, GRACE), 0, "not present");
    is_int(ngx_chat_presence_any(p, GRACE), 0, "nobody is");
    is_int(ngx_chat_presence_leave(p, 3), 0, "once");
    is_int(ngx_chat_presence_sweep(p, 3 * GRACE, changes, 4), 0,
           "and there is nothing to sweep");
    is_int(ngx_chat_presence_status(p, 3, NGX_CHAT_STATUS_AWAY),
           NGX_CHAT_STATUS_ONLINE, "the choice stays");
    is_int(ngx_chat_presence_touch(p, 3, NGX_CHAT_STATUS_AWAY, GRACE), 1,
           "and back");

    free(p);
}


UNIT_TEST(who_is_silent_is_swept_once)
{
    ngx_chat_presence_t         *p;
    ngx_chat_presence_change_t   changes[4];

    p = calloc(1, ngx_chat_presence_size());

    is_int(ngx_chat_presence_touch(p, 3, NGX_CHAT_STATUS_ONLINE, 1000), 1,
           "came");
    is_int(ngx_chat_presence_sweep(p, 1000 + GRACE - 1, changes, 4), 0,
           "within the grace");
    is_int(ngx_chat_presence_sweep(p, 1000 + GRACE, changes, 4), 1, "gone");
    is_int(changes[0].operator, 3, "who");
    is_int(changes[0].status, NGX_CHAT_STATUS_ONLINE, "the choice stays");
    is_int(ngx_chat_presence_sweep(p, 1001 + GRACE, changes, 4), 0, "once");
    is_int(ngx_chat_presence_touch(p, 3, NGX_CHAT_STATUS_ONLINE,
                                   2000 + GRACE), 1, "and back");

    free(p);
}


UNIT_TEST(a_clock_set_back_makes_nobody_present_for_ever)
{
    ngx_chat_presence_t  *p;

    p = calloc(1, ngx_chat_presence_size());

    (void) ngx_chat_presence_touch(p, 3, NGX_CHAT_STATUS_ONLINE,
                                   10 * GRACE);
    is_int(ngx_chat_presence_of(p, 3, GRACE), 0, "seen in the future");

    free(p);
}


UNIT_TEST(a_full_table_takes_nobody_more)
{
    int64_t               id;
    ngx_chat_presence_t  *p;

    p = calloc(1, ngx_chat_presence_size());

    for (id = 1; id <= NGX_CHAT_PRESENCE_MAX; id++) {
        (void) ngx_chat_presence_touch(p, id, NGX_CHAT_STATUS_ONLINE, 1000);
    }

    is_int(ngx_chat_presence_of(p, NGX_CHAT_PRESENCE_MAX, 1000), 1, "last");
    is_int(ngx_chat_presence_touch(p, id, NGX_CHAT_STATUS_ONLINE, 1000), 0,
           "one more has no place");
    is_int(ngx_chat_presence_of(p, id, 1000), 0, "and is not present");

    free(p);
}


UNIT_TEST(failures_add_up_within_the_window)
{
    ngx_uint_t            i;
    ngx_chat_throttle_t  *t;

    t = calloc(1, sizeof(ngx_chat_throttle_t));

    for (i = 0; i < 5; i++) {
        is_int(ngx_chat_throttle_wait(t, 42, 5, 1000, 100), 0, "may try");
        ngx_chat_throttle_failed(t, 42, 1000, 100 + i);
    }

    is_int(ngx_chat_throttle_wait(t, 42, 5, 1000, 200), 900, "must wait");
    is_int(ngx_chat_throttle_wait(t, 43, 5, 1000, 200), 0, "others not");
    is_int(ngx_chat_throttle_wait(t, 42, 5, 1000, 1100), 0, "until it ends");
    is_int(ngx_chat_throttle_wait(t, 42, 5, 1000, 50), 0,
           "a clock set back locks nobody out");

    is_int(ngx_chat_throttle_age(t, 42, 1000, 1099), 999, "since the first");
    is_int(ngx_chat_throttle_age(t, 42, 1000, 1100), -1, "it is over");
    is_int(ngx_chat_throttle_age(t, 42, 1000, 50), -1, "not begun");
    is_int(ngx_chat_throttle_age(t, 43, 1000, 200), -1, "others never did");

    ngx_chat_throttle_forgive(t, 42);
    is_int(ngx_chat_throttle_wait(t, 42, 5, 1000, 200), 0, "forgiven one");

    ngx_chat_throttle_failed(t, 42, 1000, 200);
    ngx_chat_throttle_clear(t, 42);
    ngx_chat_throttle_failed(t, 42, 1000, 300);
    is_int(ngx_chat_throttle_wait(t, 42, 2, 1000, 300), 0, "forgotten all");

    free(t);
}


UNIT_TEST(the_oldest_of_a_bucket_makes_room)
{
    uint64_t              i, key;
    ngx_chat_throttle_t  *t;

    t = calloc(1, sizeof(ngx_chat_throttle_t));

    for (i = 0; i <= NGX_CHAT_THROTTLE_WAYS; i++) {
        key = 1 + i * NGX_CHAT_THROTTLE_BUCKETS;
        ngx_chat_throttle_failed(t, key, 100000, (int64_t) (100 + i));
    }

    is_int(ngx_chat_throttle_wait(t, 1, 1, 100000, 200), 0, "the oldest");
    ok(ngx_chat_throttle_wait(t, 1 + NGX_CHAT_THROTTLE_BUCKETS, 1, 100000,
                              200) > 0, "the others stay");

    free(t);
}


/* who is counted must not be able to push the own count out by new keys */

UNIT_TEST(a_count_outlives_keys_that_come_once)
{
    uint64_t              i;
    ngx_chat_throttle_t  *t;

    t = calloc(1, sizeof(ngx_chat_throttle_t));

    for (i = 0; i < 3; i++) {
        ngx_chat_throttle_failed(t, 42, 1000, 100);
    }

    for (i = 0; i < 8 * NGX_CHAT_THROTTLE_BUCKETS * NGX_CHAT_THROTTLE_WAYS;
         i++)
    {
        ngx_chat_throttle_failed(t, 1000 + i, 500, 200);
    }

    ok(ngx_chat_throttle_wait(t, 42, 3, 1000, 300) > 0, "still counted");

    /* what is over makes room, however much it was */

    for (i = 0; i < NGX_CHAT_THROTTLE_WAYS; i++) {
        ngx_chat_throttle_failed(t, 42 + i * NGX_CHAT_THROTTLE_BUCKETS, 1000,
                                 2000);
    }

    for (i = 0; i < NGX_CHAT_THROTTLE_WAYS; i++) {
        ok(ngx_chat_throttle_wait(t, 42 + i * NGX_CHAT_THROTTLE_BUCKETS, 1,
                                  1000, 2100) > 0, "one of a full bucket");
    }

    free(t);
}


/* what is remembered for long leaves room for what is counted */

UNIT_TEST(what_began_gives_way_to_counts)
{
    uint64_t              i, key;
    ngx_uint_t            n;
    ngx_chat_throttle_t  *t;

    t = calloc(1, sizeof(ngx_chat_throttle_t));

    ngx_chat_throttle_failed(t, 1, 1000, 100);
    ngx_chat_throttle_failed(t, 1, 1000, 110);

    /* each of them many times */

    for (i = 1; i < NGX_CHAT_THROTTLE_WAYS; i++) {
        key = 1 + i * NGX_CHAT_THROTTLE_BUCKETS;

        for (n = 0; n < 5; n++) {
            ngx_chat_throttle_begin(t, key, 100000, 200 + (int64_t) n);
        }

        is_int(ngx_chat_throttle_age(t, key, 100000, 210), 10,
               "since the first time");
    }

    for (n = 0; n < 2; n++) {
        for (i = 2; i <= NGX_CHAT_THROTTLE_WAYS; i++) {
            key = 1 + i * 1000 * NGX_CHAT_THROTTLE_BUCKETS;
            ngx_chat_throttle_failed(t, key, 1000, 300 + (int64_t) n);
        }
    }

    ok(ngx_chat_throttle_wait(t, 1, 2, 1000, 400) > 0, "counted still");

    for (i = 2; i <= NGX_CHAT_THROTTLE_WAYS; i++) {
        key = 1 + i * 1000 * NGX_CHAT_THROTTLE_BUCKETS;
        ok(ngx_chat_throttle_wait(t, key, 2, 1000, 400) > 0, "so is each");
    }

    free(t);
}
