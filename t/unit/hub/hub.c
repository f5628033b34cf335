
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "fixture.h"


UNIT_TEST(a_waiter_gets_what_comes)
{
    hub_client_t  c = { .n = 0 };

    hub_start(log, 10, 8);

    c.waiter.after = 10;
    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter), NGX_AGAIN,
           "nothing yet");

    hub_event(11, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_event(12, HUB_OTHER, NGX_CHAT_TO_VISITOR);
    hub_event(13, HUB_VISITOR, NGX_CHAT_TO_OPERATORS);
    hub_event(14, HUB_VISITOR, NGX_CHAT_TO_VISITOR|NGX_CHAT_TO_OPERATORS);
    hub_run();

    is_int(c.woken, 1, "woken once for all of it");
    is_int(c.n, 2, "only its own");
    is_int(c.got[0], 11, "in order");
    is_int(c.got[1], 14, "in order");
    is_int(ngx_chat_hub_cursor(hub, &c.waiter), 14, "and stands at the end");

    hub_event(15, HUB_OTHER, NGX_CHAT_TO_VISITOR);
    hub_run();

    is_int(c.woken, 1, "another's event wakes nobody");
    is_int(ngx_chat_hub_cursor(hub, &c.waiter), 15, "but moves the cursor");

    ngx_chat_hub_leave(hub, &c.waiter);
    is_int(ngx_chat_hub_count(hub), 0, "gone");

    hub_stop();
}


UNIT_TEST(the_window_answers_who_comes_back)
{
    hub_client_t  c = { .n = 0 };

    hub_start(log, 10, 8);

    c.waiter.after = 10;
    (void) ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter);
    ngx_chat_hub_leave(hub, &c.waiter);

    hub_event(11, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_event(12, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();

    c.waiter.after = 11;
    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter), NGX_OK,
           "there is something");

    hub_pull(&c);
    is_int(c.n, 1, "what it lacks");
    is_int(c.got[0], 12, "and no more");

    ngx_chat_hub_leave(hub, &c.waiter);
    hub_stop();
}


UNIT_TEST(what_the_window_cannot_tell_the_database_must)
{
    hub_client_t  c = { .n = 0 };

    hub_start(log, 10, 8);

    c.waiter.after = 9;
    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter), NGX_DECLINED,
           "older than what this worker has seen");

    hub_event(11, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_event(12, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();
    is_int(c.n, 0, "while it catches up it pulls nothing");

    is_int(ngx_chat_hub_caught_up(hub, &c.waiter, 11), NGX_OK,
           "the database knew up to 11");
    hub_pull(&c);
    is_int(c.n, 1, "12 came meanwhile");
    is_int(c.got[0], 12, "and 11 not twice");

    ngx_chat_hub_leave(hub, &c.waiter);
    hub_stop();
}


UNIT_TEST(a_cursor_from_the_future_is_settled)
{
    hub_client_t  c = { .n = 0 };

    hub_start(log, 10, 8);

    c.waiter.after = 1000;
    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter), NGX_DECLINED,
           "ahead of this worker");
    is_int(ngx_chat_hub_caught_up(hub, &c.waiter, 10), NGX_AGAIN,
           "of the database too");

    hub_event(11, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();
    is_int(c.n, 1, "it hears what comes now");

    ngx_chat_hub_leave(hub, &c.waiter);
    hub_stop();
}


UNIT_TEST(an_overflowing_window_sends_to_the_database)
{
    int64_t       id;
    hub_client_t  c = { .n = 0 };

    hub_start(log, 0, 8);

    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter), NGX_AGAIN, "waits");

    for (id = 1; id <= 20; id++) {
        hub_event(id, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    }

    hub_run();

    is_int(c.n, 0, "no half of it");
    is_int(c.waiter.catching, 1, "it must catch up");
    is_int(ngx_chat_hub_caught_up(hub, &c.waiter, 20), NGX_AGAIN, "and has");

    hub_event(21, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();
    is_int(c.n, 1, "and goes on");
    is_int(c.got[0], 21, "with the next");

    ngx_chat_hub_leave(hub, &c.waiter);
    hub_stop();
}


UNIT_TEST(a_lost_place_in_the_ring_makes_all_catch_up)
{
    int64_t       id;
    hub_client_t  c = { .n = 0 }, d = { .n = 0 };

    hub_start(log, 0, 8);

    (void) ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter);
    (void) ngx_chat_hub_wait(hub, NGX_CHAT_INBOX, &d.waiter);

    for (id = 1; id <= 5000; id++) {
        hub_event(id, HUB_OTHER, NGX_CHAT_TO_VISITOR);
    }

    hub_run();

    is_int(c.waiter.catching, 1, "the visitor");
    is_int(d.waiter.catching, 1, "the operator");
    is_int(c.woken, 1, "is told");

    is_int(ngx_chat_hub_caught_up(hub, &c.waiter, 5000), NGX_AGAIN, "done");
    ngx_chat_hub_leave(hub, &c.waiter);
    ngx_chat_hub_leave(hub, &d.waiter);
    hub_stop();
}


UNIT_TEST(a_gap_in_the_ids_is_a_loss)
{
    hub_client_t  c = { .n = 0 };

    hub_start(log, 0, 8);

    (void) ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter);

    hub_event(1, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_event(3, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();

    is_int(c.waiter.catching, 1, "2 is in the database only");
    is_int(ngx_chat_hub_caught_up(hub, &c.waiter, 3), NGX_AGAIN, "found");

    ring->last = 4;
    hub_run();
    is_int(c.waiter.catching, 1, "so is 4, that was too large");

    ngx_chat_hub_leave(hub, &c.waiter);
    hub_stop();
}


UNIT_TEST(a_replaced_database_is_noticed)
{
    hub_client_t  c = { .n = 0 };

    hub_start(log, 100, 8);

    c.waiter.after = 100;
    (void) ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter);

    ngx_chat_ring_base(ring, 4);
    hub_event(5, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();

    is_int(c.waiter.catching, 1, "the waiter asks the new one");
    is_int(ngx_chat_hub_caught_up(hub, &c.waiter, 5), NGX_AGAIN, "it has");

    hub_event(6, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();
    is_int(c.n, 1, "and hears on");
    is_int(c.got[0], 6, "with the new ids");

    ngx_chat_hub_leave(hub, &c.waiter);
    hub_stop();
}


UNIT_TEST(before_the_ring_has_a_base_only_the_database_knows)
{
    hub_client_t  c = { .n = 0 };

    hub_start(log, -1, 8);

    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter), NGX_DECLINED,
           "no base");
    is_int(ngx_chat_hub_caught_up(hub, &c.waiter, 5), NGX_DECLINED,
           "still none");

    ngx_chat_ring_base(ring, 5);
    hub_run();
    is_int(ngx_chat_hub_caught_up(hub, &c.waiter, 5), NGX_AGAIN, "now");

    hub_event(6, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();
    is_int(c.n, 1, "delivered");

    ngx_chat_hub_leave(hub, &c.waiter);
    hub_stop();
}


UNIT_TEST(ephemeral_events_reach_only_who_waits)
{
    hub_client_t  c = { .n = 0 }, d = { .n = 0 }, late = { .n = 0 };

    hub_start(log, 0, 8);

    (void) ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter);
    (void) ngx_chat_hub_wait(hub, NGX_CHAT_INBOX, &d.waiter);

    hub_event(0, HUB_VISITOR, NGX_CHAT_TO_OPERATORS);
    hub_event(0, 0, NGX_CHAT_TO_VISITOR);
    hub_run();

    is_int(d.n, 1, "typing reaches the operator");
    is_int(c.n, 1, "what is for all visitors reaches the visitor");

    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &late.waiter), NGX_AGAIN,
           "not who comes later");

    ngx_chat_hub_leave(hub, &c.waiter);
    ngx_chat_hub_leave(hub, &d.waiter);
    ngx_chat_hub_leave(hub, &late.waiter);
    hub_stop();
}


UNIT_TEST(workers_are_told_of_revocations)
{
    hub_start(log, 0, 8);

    revoked = 0;
    hub_event(0, 0, NGX_CHAT_TO_WORKERS);
    hub_run();
    is_int(revoked, 77, "the operator");

    hub_event(2, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();
    is_int(revoked, 0, "or perhaps anybody");

    hub_stop();
}


UNIT_TEST(a_fan_out_is_served_in_turns)
{
    ngx_uint_t    i, woken;
    hub_client_t  c[10];

    memset(c, 0, sizeof(c));
    hub_start(log, 0, 8);

    for (i = 0; i < 10; i++) {
        (void) ngx_chat_hub_wait(hub, HUB_VISITOR, &c[i].waiter);
    }

    hub_event(1, HUB_VISITOR, NGX_CHAT_TO_VISITOR);

    is_int(ngx_chat_hub_drain(hub), NGX_AGAIN, "there is work");
    is_int(ngx_chat_hub_serve(hub), NGX_AGAIN, "four, and some are left");

    for (i = 0, woken = 0; i < 10; i++) {
        woken += c[i].woken;
    }

    is_int(woken, 4, "a turn");

    ngx_chat_hub_leave(hub, &c[9].waiter);

    while (ngx_chat_hub_serve(hub) == NGX_AGAIN) { /* void */ }

    for (i = 0, woken = 0; i < 10; i++) {
        woken += c[i].woken;
    }

    is_int(woken, 9, "all but the one who left meanwhile");

    for (i = 0; i < 9; i++) {
        ngx_chat_hub_leave(hub, &c[i].waiter);
    }

    hub_stop();
}


UNIT_TEST(unused_topics_are_forgotten)
{
    int64_t       left = (int64_t) ngx_current_msec;
    hub_client_t  c = { .n = 0 };

    hub_start(log, 0, 8);

    (void) ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter);
    ngx_chat_hub_leave(hub, &c.waiter);

    hub_event(1, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();

    ngx_chat_hub_expire(hub, left + 30000);
    c.waiter.after = 0;
    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter), NGX_OK,
           "after half a minute it is there");
    ngx_chat_hub_leave(hub, &c.waiter);

    ngx_chat_hub_expire(hub, left + 61000);
    c.waiter.after = 0;
    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter), NGX_DECLINED,
           "after more than a minute it is not");
    ngx_chat_hub_leave(hub, &c.waiter);

    hub_stop();
}


/*
 * Whatever is interleaved, a waiter that follows the protocol gets every
 * event of its topic once and in order.  The database is an array here.
 */

#define HUB_EVENTS  4000


static uint64_t  hub_seed;


static ngx_uint_t
hub_random(ngx_uint_t n)
{
    hub_seed = hub_seed * 6364136223846793005ULL + 1442695040888963407ULL;

    return (ngx_uint_t) (hub_seed >> 33) % n;
}


static void
hub_database(hub_client_t *c, uint64_t *topics, int64_t newest)
{
    int64_t  id;

    /* as a reader thread would: all after the cursor, then the newest id */

    for (id = c->waiter.after + 1; id <= newest; id++) {
        if (topics[id] == HUB_VISITOR) {
            c->got[c->n++ % 512] = id;
        }
    }
}


UNIT_TEST(any_interleaving_delivers_once_and_in_order)
{
    int64_t        id, after, expected;
    uint64_t       topics[HUB_EVENTS + 1];
    ngx_int_t      rc;
    ngx_uint_t     i, wrong, total;
    hub_client_t   c;

    hub_seed = (uint64_t) time(NULL);
    printf("# seed %llu\n", (unsigned long long) hub_seed);

    hub_start(log, 0, 4);

    memset(&c, 0, sizeof(c));
    id = 0;
    after = 0;
    wrong = 0;
    total = 0;

    while (id < HUB_EVENTS) {

        for (i = hub_random(4); i && id < HUB_EVENTS; i--) {
            topics[++id] = hub_random(3) ? HUB_VISITOR : HUB_OTHER;
            hub_event(id, topics[id], NGX_CHAT_TO_VISITOR);
        }

        if (hub_random(2)) {
            hub_run();
        }

        c.n = 0;
        c.waiter.after = after;

        rc = ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter);

        while (rc == NGX_DECLINED) {
            int64_t  newest = id;

            hub_database(&c, topics, newest);

            if (hub_random(2) && id < HUB_EVENTS) {
                topics[++id] = HUB_VISITOR;
                hub_event(id, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
                hub_run();
            }

            rc = ngx_chat_hub_caught_up(hub, &c.waiter, newest);
        }

        hub_pull(&c);
        hub_run();
        hub_pull(&c);

        for (i = 0, expected = after; i < c.n; i++) {

            do { expected++; } while (topics[expected] != HUB_VISITOR);

            if (c.got[i] != expected) {
                wrong++;
            }
        }

        total += c.n;
        after = ngx_chat_hub_cursor(hub, &c.waiter);

        for (expected++; expected <= after; expected++) {
            wrong += topics[expected] == HUB_VISITOR && !c.waiter.catching;
        }

        ngx_chat_hub_leave(hub, &c.waiter);
    }

    is_int(wrong, 0, "nothing lost, doubled or out of order");
    ok(total > HUB_EVENTS / 2, "%u delivered", (unsigned) total);

    hub_stop();
}
