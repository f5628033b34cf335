
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "hub/visits.h"


#define MINUTE   60000
#define MANY     400


static ngx_chat_visits_t *
table(size_t room)
{
    size_t              memory;
    ngx_chat_visits_t  *v;

    memory = ngx_chat_visits_memory(room);
    v = calloc(1, memory);

    ngx_chat_visits_init(v, memory);

    return v;
}


static ngx_chat_visit_t *
look(ngx_chat_visits_t *v, uint64_t key, const char *page, int64_t at)
{
    ngx_uint_t       fresh;
    ngx_chat_view_t  view;

    ngx_memzero(&view, sizeof(view));

    view.key = key;
    view.at = at;
    view.page.data = (u_char *) page;
    view.page.len = strlen(page);

    return ngx_chat_visits_view(v, &view, &fresh);
}


UNIT_TEST(a_visit_goes_on_until_it_is_idle)
{
    ngx_chat_visit_t   *visit;
    ngx_chat_visits_t  *v;

    v = table(1);

    is_int(ngx_chat_visits_places(v), NGX_CHAT_VISITS_WAYS, "one bucket");
    ok(ngx_chat_visits_find(v, 7, 0) == NULL, "nobody");

    (void) look(v, 7, "/a", MINUTE);
    visit = look(v, 7, "/b", 2 * MINUTE);

    is_int(visit->views, 2, "two pages");
    is_cstr(visit->entry, "/a", "entry");
    is_cstr(ngx_chat_visit_step(visit, 0)->page, "/b", "now");
    is_cstr(ngx_chat_visit_step(visit, 1)->page, "/a", "before");
    is_int(visit->started_at, MINUTE, "since");

    ok(ngx_chat_visits_find(v, 7, 2 * MINUTE + NGX_CHAT_VISIT_IDLE - 1)
       == visit, "still there");
    ok(ngx_chat_visits_find(v, 7, 2 * MINUTE + NGX_CHAT_VISIT_IDLE) == NULL,
       "over");
    ok(ngx_chat_visits_find(v, 7, 0) == visit, "a clock that was set back");

    visit = look(v, 7, "/c", 90 * MINUTE);
    is_int(visit->views, 1, "another visit");
    is_cstr(visit->entry, "/c", "another entry");

    free(v);
}


UNIT_TEST(a_full_bucket_loses_the_longest_idle)
{
    ngx_uint_t          i;
    ngx_chat_visits_t  *v;

    v = table(1);

    for (i = 1; i <= NGX_CHAT_VISITS_WAYS; i++) {
        (void) look(v, i, "/", (int64_t) i * 1000);
    }

    ok(ngx_chat_visits_crowded(v, 100, 51000), "no place for one more");
    ok(!ngx_chat_visits_crowded(v, 1, 51000), "but for who has one");
    ok(!ngx_chat_visits_crowded(v, 100, NGX_CHAT_VISIT_IDLE + 1000),
       "and when one is over");

    (void) look(v, 1, "/", 50000);
    (void) look(v, 100, "/", 51000);

    ok(ngx_chat_visits_find(v, 2, 51000) == NULL, "the longest idle has gone");
    ok(ngx_chat_visits_find(v, 1, 51000) != NULL, "who came back has not");
    ok(ngx_chat_visits_find(v, 100, 51000) != NULL, "the new one is there");
    is_int(v->evicted, 1, "one had to go early");

    free(v);
}


UNIT_TEST(a_hash_becomes_a_token)
{
    ngx_chat_visit_t   *visit, copy[NGX_CHAT_VISITS_WAYS];
    ngx_chat_visits_t  *v;

    v = table(1);

    visit = look(v, 7, "/a", MINUTE);
    strcpy((char *) visit->facts.user, "42");
    ngx_chat_visits_rename(v, 7, 8, MINUTE);
    ngx_chat_visits_rename(v, 55, 56, MINUTE);

    visit = ngx_chat_visits_find(v, 8, MINUTE);
    ok(visit != NULL && visit->views == 1, "the same visit");
    is_cstr(visit->facts.user, "", "and perhaps somebody else");
    ok(visit != NULL && visit->was == 7, "which knows what it was");
    ok(ngx_chat_visits_find(v, 7, MINUTE) == NULL, "no other");
    is_int(ngx_chat_visits_copy(v, 0, MINUTE, copy), 1, "one visit");

    free(v);
}


UNIT_TEST(changes_are_told_once)
{
    ngx_chat_visit_t    copy[NGX_CHAT_VISITS_WAYS];
    ngx_chat_visits_t  *v;

    v = table(1);

    ok(!ngx_chat_visits_dirty(v, 0), "nothing to tell");
    (void) look(v, 7, "/a", MINUTE);
    (void) look(v, 7, "/b", MINUTE);
    ok(ngx_chat_visits_dirty(v, 0), "something");
    is_int(ngx_chat_visits_changed(v, 0, MINUTE, copy), 1, "one visit");
    is_cstr(ngx_chat_visit_step(&copy[0], 0)->page, "/b", "as it is");
    is_int(ngx_chat_visits_changed(v, 0, MINUTE, copy), 0, "once");
    ok(!ngx_chat_visits_dirty(v, 0), "all was told");

    (void) look(v, 7, "/c", MINUTE);
    is_int(ngx_chat_visits_changed(v, 0, 90 * MINUTE, copy), 0,
           "what is over is no news");

    free(v);
}


UNIT_TEST(nobody_looks_at_so_many_pages_a_second)
{
    ngx_uint_t          i, kept;
    ngx_chat_view_t     view;
    ngx_chat_visits_t  *v;

    v = table(1);

    (void) look(v, 7, "/", MINUTE);

    for (i = 0, kept = 0; i < 50; i++) {
        ngx_memzero(&view, sizeof(view));

        view.at = MINUTE + 1000 + i * 20;
        view.stored = 1;

        ngx_chat_visit_view(ngx_chat_visits_find(v, 7, view.at), &view);
        kept += view.stored;
    }

    is_int(kept, NGX_CHAT_VISIT_RATE, "some of a second are kept");
    is_int(ngx_chat_visits_find(v, 7, MINUTE)->views, 51, "all are counted");

    view.at = MINUTE + 2000;
    view.stored = 1;
    ngx_chat_visit_view(ngx_chat_visits_find(v, 7, view.at), &view);
    is_int(view.stored, 1, "the next second is another one");

    free(v);
}


UNIT_TEST(a_day_has_its_salt)
{
    ngx_chat_key_t      salt;
    ngx_chat_visits_t  *v;

    v = table(1);

    (void) ngx_chat_auth_init();
    ngx_chat_visits_day(v, 86400000LL * 20000);
    salt = v->salt;
    ngx_chat_visits_day(v, 86400000LL * 20000 + 86399999);
    ok(memcmp(&salt, &v->salt, sizeof(salt)) == 0, "all day");
    ngx_chat_visits_day(v, 86400000LL * 20001);
    ok(memcmp(&salt, &v->salt, sizeof(salt)) != 0, "another day");

    free(v);
}


/* against a plain model: nobody is there who never came or is over, counts
   are right, and the table never holds more than it has places */

UNIT_TEST(random_visits_are_as_a_model_has_them)
{
    int64_t             now, seen[MANY];
    unsigned            seed;
    uint32_t            views[MANY];
    ngx_uint_t          i, k, n, step, there, wrong;
    ngx_chat_visit_t   *visit, copy[NGX_CHAT_VISITS_WAYS];
    ngx_chat_visits_t  *v;

    seed = (unsigned) time(NULL);
    printf("# seed %u\n", seed);

    v = table(8 * NGX_CHAT_VISITS_WAYS * sizeof(ngx_chat_visit_t) + 4096);

    ngx_memzero(seen, sizeof(seen));
    ngx_memzero(views, sizeof(views));

    now = NGX_CHAT_VISIT_IDLE;
    wrong = 0;

    for (step = 0; step < 20000; step++) {
        now += rand_r(&seed) % 5000;
        k = rand_r(&seed) % MANY;

        visit = ngx_chat_visits_find(v, k + 1, now);

        if (visit
            && (visit->views != views[k] || visit->seen_at != seen[k]
                || now - seen[k] >= NGX_CHAT_VISIT_IDLE))
        {
            wrong++;
        }

        views[k] = visit ? views[k] + 1 : 1;
        seen[k] = now;

        visit = look(v, k + 1, "/x", now);

        if (visit->views != views[k] || visit->key != k + 1) {
            wrong++;
        }

        if (step % 1000 == 0) {
            for (there = 0, i = 0; i < v->buckets; i++) {
                n = ngx_chat_visits_copy(v, i, now, copy);
                there += n;

                while (n--) {
                    wrong += copy[n].views != views[copy[n].key - 1];
                }
            }

            wrong += there > ngx_chat_visits_places(v);
        }
    }

    is_int(wrong, 0, "all as in the model");
    ok(v->evicted > 0, "some had to go early: %lu",
       (unsigned long) v->evicted);

    free(v);
}
