
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>
#include "store/schema.h"
#include "store/sqlite.h"
#include "store/visits.h"
#include "store/visits_db.h"
#include "store/visits_schema.h"


#define DAY     86400000LL
#define NOW     (20000 * DAY)
#define MINUTE  60000


static ngx_chat_fault_t  fault;


/* a connection to a visits.db of its own, with its schema */

static void
connect_db(ngx_chat_db_t *db, const char *name, ngx_log_t *log)
{
    static char  path[512];

    ngx_memzero(db, sizeof(ngx_chat_db_t));

    snprintf(path, sizeof(path), "%s/%s", unit_dir(), name);

    if (ngx_chat_fault_init(&fault, "writes", log) != NGX_OK) {
        abort();
    }

    db->path = (u_char *) path;
    db->texts = ngx_chat_visits_texts;
    db->application = NGX_CHAT_VISITS_APPLICATION;
    db->log = log;
    db->fault = &fault;
    db->writer = 1;

    if (ngx_chat_sqlite_open(db) != NGX_OK
        || ngx_chat_schema_migrate(db, ngx_chat_visits_migrations) != NGX_OK
        || ngx_chat_sqlite_prepare(db) != NGX_OK)
    {
        abort();
    }
}


static int64_t
value(ngx_chat_db_t *db, const char *sql)
{
    int64_t  n = -1;

    if (ngx_chat_sqlite_value(db, sql, &n) != NGX_OK) {
        return -2;
    }

    return n;
}


static void
view_of(ngx_chat_view_t *view, uint64_t key, const char *page, int64_t at)
{
    ngx_memzero(view, sizeof(ngx_chat_view_t));

    view->key = key;
    view->at = at;
    view->status = 200;
    view->stored = 1;
    view->known = 1;
    ngx_str_set(&view->site, "default");
    view->page.data = (u_char *) page;
    view->page.len = strlen(page);
}


static int64_t
add(ngx_chat_db_t *db, ngx_pool_t *pool, uint64_t key, const char *page,
    int64_t at)
{
    int64_t          visits;
    ngx_chat_view_t  view;

    view_of(&view, key, page, at);

    return ngx_chat_visits_db_view(db, pool, &view, &visits) == NGX_OK
           ? visits : -1;
}


UNIT_TEST(every_text_is_a_statement)
{
    ngx_uint_t  n;

    for (n = 0; ngx_chat_visits_texts[n]; n++) { /* void */ }

    is_int(n, NGX_CHAT_VISITS_MAX, "one for each name");
    ok(n <= NGX_CHAT_SQL_MAX, "a connection has room for them");
}


UNIT_TEST(views_make_visits)
{
    ngx_chat_db_t  db;

    connect_db(&db, "visits-1.db", log);

    is_int(add(&db, pool, 7, "/a", NOW), 1, "the first visit");
    is_int(add(&db, pool, 7, "/b", NOW + MINUTE), 0, "the same");
    is_int(add(&db, pool, 8, "/a", NOW + MINUTE), 1, "somebody else");
    is_int(add(&db, pool, 7, "/c", NOW + 31 * MINUTE), 2, "another visit");
    is_int(add(&db, pool, 7, "/d", NOW + 30 * MINUTE), 0,
           "a little late from another worker");

    is_int(value(&db, "SELECT count(*) FROM visitor"), 2, "visitors");
    is_int(value(&db, "SELECT visits FROM visitor WHERE id = 7"), 2,
           "visits of one");
    is_int(value(&db, "SELECT count(*) FROM visit WHERE visitor = 7"), 2,
           "as many rows");
    is_int(value(&db, "SELECT views FROM visit WHERE id = 1"), 2,
           "pages of the first visit");
    is_int(value(&db, "SELECT dwell FROM page_view WHERE page = '/a'"
                      " ORDER BY id LIMIT 1"), MINUTE, "looked at so long");
    is_int(value(&db, "SELECT dwell IS NULL FROM page_view"
                      " WHERE page = '/b'"), 1, "the last one's is unknown");
    is_int(value(&db, "SELECT entry = '/a' AND page = '/b' FROM visit"
                      " WHERE id = 1"), 1, "entry and last page");
    is_int(value(&db, "SELECT seen_at FROM visit WHERE id = 3"),
           NOW + 31 * MINUTE, "seen last when it was");

    ngx_chat_sqlite_close(&db);
}


UNIT_TEST(an_order_counts_once_and_crawlers_are_sums)
{
    int64_t           visits;
    ngx_str_t         order = ngx_string("id=A-1;amount=12.5;currency=EUR");
    ngx_chat_db_t     db;
    ngx_chat_view_t   view;
    ngx_chat_facts_t  facts;

    connect_db(&db, "visits-2.db", log);

    ngx_memzero(&facts, sizeof(facts));
    is_int(ngx_chat_fact_read(NGX_CHAT_FACT_ORDER, &order, &facts), NGX_OK,
           "an order");

    view_of(&view, 7, "/thanks", NOW);
    view.facts = &facts;

    (void) ngx_chat_visits_db_view(&db, pool, &view, &visits);
    (void) ngx_chat_visits_db_view(&db, pool, &view, &visits);

    is_int(value(&db, "SELECT count(*) FROM conversion"), 1, "once");
    is_int(value(&db, "SELECT amount FROM conversion"), 12500, "its amount");

    (void) ngx_chat_visits_db_crawler(&db, &view, 1);
    (void) ngx_chat_visits_db_crawler(&db, &view, 40);

    is_int(value(&db, "SELECT views FROM crawler_day"), 41, "crawlers");
    is_int(value(&db, "SELECT count(*) FROM page_view"), 2, "are no people");

    ngx_chat_sqlite_close(&db);
}


UNIT_TEST(what_is_old_goes_and_profiles_stay)
{
    int64_t        i;
    ngx_int_t      rc;
    ngx_uint_t     parts;
    ngx_chat_db_t  db;

    connect_db(&db, "visits-3.db", log);

    (void) ngx_chat_sqlite_exec(&db, "BEGIN");

    for (i = 1; i <= 2500; i++) {
        (void) add(&db, pool, i, "/old", NOW - 100 * DAY);
    }

    (void) add(&db, pool, 9001, "/new", NOW - DAY);
    (void) add(&db, pool, 9002, "/old", NOW - 100 * DAY);
    (void) add(&db, pool, 9002, "/new", NOW - DAY);
    is_int(ngx_chat_visits_db_keep(&db, 2), NGX_OK, "a profile");
    (void) ngx_chat_sqlite_exec(&db, "COMMIT");

    for (parts = 0, rc = NGX_AGAIN; rc == NGX_AGAIN && parts < 20; parts++) {
        rc = ngx_chat_visits_db_sweep(&db, NOW - 90 * DAY);
    }

    is_int(rc, NGX_OK, "swept");
    ok(parts > 2, "in parts: %lu", (unsigned long) parts);
    is_int(value(&db, "SELECT count(*) FROM visitor"), 3, "who is left");
    is_int(value(&db, "SELECT count(*) FROM visitor"
                      " WHERE id IN (2, 9001, 9002)"), 3, "the right ones");
    is_int(value(&db, "SELECT count(*) FROM page_view"), 2, "new pages");
    is_int(value(&db, "SELECT count(*) FROM visit WHERE visitor = 2"), 1,
           "a profile keeps its visits");
    is_int(value(&db, "SELECT count(*) FROM visit WHERE visitor = 9002"), 1,
           "the others their new ones");
    is_int(value(&db, "SELECT count(*) FROM pragma_foreign_key_check"), 0,
           "and nothing dangles");

    ngx_chat_sqlite_close(&db);
}


static ngx_chat_visits_writer_t *
writer_in(const char *name, ngx_chat_slot_t *slot,
    ngx_chat_store_conf_t *conf, ngx_chat_finished_t *finished, ngx_log_t *log)
{
    static char  dir[512];

    snprintf(dir, sizeof(dir), "%s/%s", unit_dir(), name);
    mkdir(dir, 0700);

    ngx_memzero(conf, sizeof(ngx_chat_store_conf_t));

    conf->path.data = (u_char *) dir;
    conf->path.len = strlen(dir);
    conf->queue = 16;
    conf->visits = 64;
    conf->metrics = slot;
    conf->log = log;

    /* the thread sweeps after a second, and now is years after NOW */

    conf->retention = 100 * 365 * DAY;

    if (ngx_chat_finished_init(finished, conf) != NGX_OK) {
        abort();
    }

    return ngx_chat_visits_writer_create(conf, finished);
}


UNIT_TEST(the_thread_stores_what_it_was_given_before_it_ends)
{
    ngx_uint_t                 i, taken;
    ngx_chat_db_t              db;
    ngx_chat_view_t            view;
    ngx_chat_finished_t        finished;
    ngx_chat_store_conf_t      conf;
    ngx_chat_visits_writer_t  *w;

    w = writer_in("visits", NULL, &conf, &finished, log);
    taken = 0;

    for (i = 0; i < 1000; i++) {
        view_of(&view, 7, "/a", (int64_t) time(NULL) * 1000);
        taken += ngx_chat_visits_writer_view(w, &view) == NGX_OK;
    }

    ok(taken >= 64, "at least a queue's worth was taken: %lu",
       (unsigned long) taken);

    ngx_chat_visits_writer_destroy(w);
    ngx_chat_finished_destroy(&finished);

    connect_db(&db, "visits/visits.db", log);
    is_int(value(&db, "SELECT count(*) FROM page_view"), taken,
           "all of that is stored, and nothing else");
    ngx_chat_sqlite_close(&db);
}


/* a flood of them needs no more room than one, and fills no queue */

UNIT_TEST(views_of_crawlers_are_counted_before_they_are_stored)
{
    ngx_uint_t                 i, taken;
    ngx_chat_db_t              db;
    ngx_chat_view_t            view;
    ngx_chat_finished_t        finished;
    ngx_chat_store_conf_t      conf;
    ngx_chat_visits_writer_t  *w;

    w = writer_in("crawlers", NULL, &conf, &finished, log);
    taken = 0;

    for (i = 0; i < 30000; i++) {
        view_of(&view, 0, "", i % 5 == 0 ? NOW - DAY : NOW);
        view.agent.crawler = 1;
        view.status = i % 3 == 0 ? 404 : 200;

        taken += ngx_chat_visits_writer_view(w, &view) == NGX_OK;
    }

    is_int(taken, 30000, "none is dropped");

    ngx_chat_visits_writer_destroy(w);
    ngx_chat_finished_destroy(&finished);

    connect_db(&db, "crawlers/visits.db", log);
    is_int(value(&db, "SELECT sum(views) FROM crawler_day"), 30000,
           "all are counted");
    is_int(value(&db, "SELECT sum(views) FROM crawler_day"
                      " WHERE status = 404"), 10000, "by status");
    is_int(value(&db, "SELECT views FROM crawler_day"
                      " WHERE status = 200 ORDER BY day LIMIT 1"), 4000,
           "and day");
    is_int(value(&db, "SELECT count(*) FROM visitor"), 0, "none is a person");
    ngx_chat_sqlite_close(&db);
}


/* a word of one writer, the visits thread */

static uint64_t
failed(ngx_chat_slot_t *slot)
{
    return __atomic_load_n(
        &slot->lanes[NGX_CHAT_LANE_VISITS].cells[NGX_CHAT_METRIC_VIEWS_FAILED],
        __ATOMIC_RELAXED);
}


UNIT_TEST(no_disk_is_one_line_in_the_log)
{
    char                       path[600];
    ngx_msec_t                 end;
    ngx_chat_slot_t           *slot;
    ngx_chat_view_t            view;
    ngx_chat_finished_t        finished;
    ngx_chat_store_conf_t      conf;
    ngx_chat_visits_writer_t  *w;

    slot = ngx_pmemalign(pool, sizeof(ngx_chat_slot_t), 64);
    if (slot == NULL) {
        abort();
    }

    memset(slot, 0, sizeof(ngx_chat_slot_t));

    w = writer_in("broken", slot, &conf, &finished, log);

    /* a directory in place of the file */

    snprintf(path, sizeof(path), "%s/visits.db", (char *) conf.path.data);
    mkdir(path, 0700);

    /* more than the queue takes, so more than one batch */

    end = ngx_chat_fault_now() + 20000;

    while (failed(slot) <= conf.visits && ngx_chat_fault_now() < end) {
        view_of(&view, 7, "/a", NOW);
        (void) ngx_chat_visits_writer_view(w, &view);
        (void) sched_yield();
    }

    ok(failed(slot) > conf.visits, "views were lost: %lu",
       (unsigned long) failed(slot));

    ngx_chat_visits_writer_destroy(w);
    ngx_chat_finished_destroy(&finished);

    is_int(unit_logged(NGX_LOG_CRIT), 1, "said once");
}
