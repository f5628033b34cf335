
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/exposition.h"

#include <sys/wait.h>
#include <unistd.h>


/* what a page is made of */

typedef struct {
    ngx_pool_t          *pool;
    ngx_chat_metrics_t  *m;
    ngx_chat_given_t     given;
} metrics_t;


static ngx_chat_slot_t *metrics_init(metrics_t *f, ngx_pool_t *pool,
    ngx_pid_t pid, ngx_uint_t worker);
static void *metrics_zeroed(ngx_pool_t *pool, size_t size);
static ngx_chat_slot_t *metrics_slot(metrics_t *f, ngx_pid_t pid,
    ngx_uint_t worker);
static ngx_pid_t metrics_dead(void);
static ngx_str_t metrics_page(metrics_t *f, ngx_uint_t open_metrics);
static ngx_uint_t metrics_has(ngx_str_t *page, const char *line);


/* all slots, and the first process's */

static ngx_chat_slot_t *
metrics_init(metrics_t *f, ngx_pool_t *pool, ngx_pid_t pid, ngx_uint_t worker)
{
    f->pool = pool;
    f->m = metrics_zeroed(pool, sizeof(ngx_chat_metrics_t));

    ngx_chat_given_init(&f->given);

    return metrics_slot(f, pid, worker);
}


static void *
metrics_zeroed(ngx_pool_t *pool, size_t size)
{
    void  *p;

    p = ngx_pmemalign(pool, size, 64);

    if (p == NULL) {
        abort();
    }

    return memset(p, 0, size);
}


static ngx_chat_slot_t *
metrics_slot(metrics_t *f, ngx_pid_t pid, ngx_uint_t worker)
{
    ngx_chat_slot_t  *slot;

    slot = ngx_chat_metrics_claim(f->m, pid, worker);

    if (slot) {
        return slot;
    }

    slot = metrics_zeroed(f->pool, sizeof(ngx_chat_slot_t));

    return ngx_chat_metrics_extend(f->m, slot) == NGX_OK
           ? ngx_chat_metrics_claim(f->m, pid, worker) : NULL;
}


/* a number that was a process a moment ago */

static ngx_pid_t
metrics_dead(void)
{
    pid_t  pid;

    pid = fork();

    if (pid == 0) {
        _exit(0);
    }

    (void) waitpid(pid, NULL, 0);

    return pid;
}


static ngx_str_t
metrics_page(metrics_t *f, ngx_uint_t open_metrics)
{
    ngx_str_t  page;

    ok(ngx_chat_exposition(f->pool, f->m, &f->given, open_metrics, &page)
       == NGX_OK,
       "there is a page");

    return page;
}


static ngx_uint_t
metrics_has(ngx_str_t *page, const char *line)
{
    size_t   len;
    u_char  *p, *last;

    len = strlen(line);
    last = page->data + page->len;

    for (p = page->data; p < last; p++) {
        if ((size_t) (last - p) > len && memcmp(p, line, len) == 0
            && p[len] == '\n' && (p == page->data || p[-1] == '\n'))
        {
            return 1;
        }

        p = memchr(p, '\n', last - p);

        if (p == NULL) {
            break;
        }
    }

    return 0;
}


#define has(page, line)                                                       \
    ok(metrics_has(&page, line), "%s\n%.*s", line,                            \
       metrics_has(&page, line) ? 0 : (int) page.len, page.data)
#define lacks(page, line)  ok(!metrics_has(&page, line), "no %s", line)


UNIT_TEST(slots_sum_up)
{
    ngx_str_t         page;
    metrics_t         f;
    ngx_chat_slot_t  *a, *b;

    a = metrics_init(&f, pool, getpid(), 0);
    b = metrics_slot(&f, getppid(), 1);

    ok(a != NULL && b != NULL && a != b, "each process has a slot");
    is_int(f.m->n, 2, "and there is none too many");

    ngx_chat_metric_add(&a->lanes[0], NGX_CHAT_METRIC_CATCH_UPS, 2);
    ngx_chat_metric_add(&a->lanes[1], NGX_CHAT_METRIC_CATCH_UPS, 30);
    ngx_chat_metric_add(&b->lanes[3], NGX_CHAT_METRIC_CATCH_UPS, 400);
    ngx_chat_metric_add(&b->lanes[0], NGX_CHAT_METRIC_WAITERS_VISITOR_POLL, 5);
    ngx_chat_metric_add(&b->lanes[0], NGX_CHAT_METRIC_WAITERS_VISITOR_POLL,
                        -1);
    ngx_chat_metric_set(&b->lanes[1], NGX_CHAT_METRIC_QUEUE_WRITES, 7);
    ngx_chat_metric_set(&a->lanes[1], NGX_CHAT_METRIC_DOWN_WRITES, 1);
    ngx_chat_metric_set(&b->lanes[1], NGX_CHAT_METRIC_DOWN_WRITES, 1);
    ngx_chat_metric_set(&f.m->all, NGX_CHAT_METRIC_WAL_PAGES, 17);

    ngx_chat_metric_add(NULL, NGX_CHAT_METRIC_CATCH_UPS, 1);
    ngx_chat_metric_set(NULL, NGX_CHAT_METRIC_CATCH_UPS, 1);
    ngx_chat_metric_observe(NULL, NGX_CHAT_HISTOGRAM_BATCH, 1);

    page = metrics_page(&f, 0);

    has(page, "# TYPE ngx_chat_catch_ups_total counter");
    has(page, "ngx_chat_catch_ups_total 432");
    has(page, "ngx_chat_waiters{who=\"visitor\",by=\"poll\"} 4");
    has(page, "ngx_chat_queue_jobs{queue=\"writes\",worker=\"0\"} 0");
    has(page, "ngx_chat_queue_jobs{queue=\"writes\",worker=\"1\"} 7");
    has(page, "ngx_chat_down{of=\"writes\"} 1");
    has(page, "ngx_chat_down{of=\"reads\"} 0");
    has(page, "ngx_chat_wal_pages 17");
}


UNIT_TEST(who_is_gone_leaves_counters)
{
    ngx_str_t         page;
    metrics_t         f;
    ngx_chat_slot_t  *a, *b;

    a = metrics_init(&f, pool, metrics_dead(), 0);
    ngx_chat_metric_add(&a->lanes[0], NGX_CHAT_METRIC_CATCH_UPS, 3);
    ngx_chat_metric_set(&a->lanes[0], NGX_CHAT_METRIC_TOPICS, 9);
    ngx_chat_metric_set(&a->lanes[1], NGX_CHAT_METRIC_QUEUE_WRITES, 8);
    ngx_chat_metric_set(&a->lanes[1], NGX_CHAT_METRIC_DOWN_WRITES, 1);
    ngx_chat_metric_observe(&a->lanes[1], NGX_CHAT_HISTOGRAM_BATCH, 3);

    page = metrics_page(&f, 0);

    has(page, "ngx_chat_catch_ups_total 3");
    has(page, "ngx_chat_topics 0");
    has(page, "ngx_chat_down{of=\"writes\"} 0");
    has(page, "ngx_chat_commit_jobs_count 1");
    lacks(page, "ngx_chat_queue_jobs{queue=\"writes\",worker=\"0\"} 8");

    b = metrics_slot(&f, getpid(), 4);

    ok(a == b, "the next one goes on in its place");
    ngx_chat_metric_add(&b->lanes[0], NGX_CHAT_METRIC_CATCH_UPS, 1);
    ngx_chat_metric_set(&b->lanes[0], NGX_CHAT_METRIC_TOPICS, 2);

    page = metrics_page(&f, 0);

    has(page, "ngx_chat_catch_ups_total 4");
    has(page, "ngx_chat_topics 2");
    has(page, "ngx_chat_queue_jobs{queue=\"writes\",worker=\"4\"} 0");

    ngx_chat_metrics_release(b);

    page = metrics_page(&f, 0);

    has(page, "ngx_chat_catch_ups_total 4");
    has(page, "ngx_chat_topics 0");
}


UNIT_TEST(two_of_one_number)
{
    ngx_str_t         page;
    metrics_t         f;
    ngx_chat_slot_t  *a, *b;

    a = metrics_init(&f, pool, getpid(), 0);
    b = metrics_slot(&f, getppid(), 0);

    ngx_chat_metric_set(&a->lanes[2], NGX_CHAT_METRIC_QUEUE_READS, 2);
    ngx_chat_metric_set(&b->lanes[2], NGX_CHAT_METRIC_QUEUE_READS, 3);

    page = metrics_page(&f, 0);

    has(page, "ngx_chat_queue_jobs{queue=\"reads\",worker=\"0\"} 5");
}


UNIT_TEST(a_bounded_number_of_slots)
{
    ngx_uint_t  i;
    metrics_t   f;

    (void) metrics_init(&f, pool, getpid(), 0);

    for (i = 1; i < NGX_CHAT_METRICS_SLOTS; i++) {
        if (metrics_slot(&f, getpid(), i) == NULL) {
            break;
        }
    }

    is_int(i, NGX_CHAT_METRICS_SLOTS, "as many as there may be");
    ok(metrics_slot(&f, getpid(), 0) == NULL, "and no more");
}


UNIT_TEST(histograms)
{
    ngx_str_t         page;
    metrics_t         f;
    ngx_chat_slot_t  *a;

    a = metrics_init(&f, pool, getpid(), 0);

    ngx_chat_metric_observe(&a->lanes[1], NGX_CHAT_HISTOGRAM_COMMIT, 0);
    ngx_chat_metric_observe(&a->lanes[1], NGX_CHAT_HISTOGRAM_COMMIT, 100);
    ngx_chat_metric_observe(&a->lanes[1], NGX_CHAT_HISTOGRAM_COMMIT, 101);
    ngx_chat_metric_observe(&a->lanes[1], NGX_CHAT_HISTOGRAM_COMMIT, 10000000);
    ngx_chat_metric_observe(&a->lanes[1], NGX_CHAT_HISTOGRAM_COMMIT, 99000000);
    ngx_chat_metric_observe(&a->lanes[1], NGX_CHAT_HISTOGRAM_BATCH, 512);
    ngx_chat_metric_observe(&a->lanes[2], NGX_CHAT_HISTOGRAM_BATCH, 513);

    page = metrics_page(&f, 0);

    has(page, "# TYPE ngx_chat_commit_seconds histogram");
    has(page, "ngx_chat_commit_seconds_bucket{le=\"0.0001\"} 2");
    has(page, "ngx_chat_commit_seconds_bucket{le=\"0.00025\"} 3");
    has(page, "ngx_chat_commit_seconds_bucket{le=\"1.0\"} 3");
    has(page, "ngx_chat_commit_seconds_bucket{le=\"10.0\"} 4");
    has(page, "ngx_chat_commit_seconds_bucket{le=\"+Inf\"} 5");
    has(page, "ngx_chat_commit_seconds_sum 109.000201");
    has(page, "ngx_chat_commit_seconds_count 5");
    has(page, "ngx_chat_commit_jobs_bucket{le=\"256.0\"} 0");
    has(page, "ngx_chat_commit_jobs_bucket{le=\"512.0\"} 1");
    has(page, "ngx_chat_commit_jobs_bucket{le=\"+Inf\"} 2");
    has(page, "ngx_chat_commit_jobs_sum 1025");
}


UNIT_TEST(given_and_not_known)
{
    ngx_str_t         page;
    metrics_t         f;
    ngx_chat_slot_t  *a;

    a = metrics_init(&f, pool, getpid(), 0);

    f.given.values[NGX_CHAT_METRIC_SESSIONS] = 0;
    f.given.values[NGX_CHAT_METRIC_DATABASE_WAL_BYTES] = 5000000000;
    f.given.values[NGX_CHAT_METRIC_BUILD] = 1;

    ok(ngx_chat_exposition_label(pool, &f.given.labels, "one", "1") == NGX_OK
       && ngx_chat_exposition_label(pool, &f.given.labels, "two",
                                    "a\"b\\c\nd")
          == NGX_OK,
       "labels");

    ngx_chat_metric_add(&a->lanes[1], NGX_CHAT_METRIC_CHECKPOINT_TIME_WRITER,
                        2500000);

    page = metrics_page(&f, 0);

    has(page, "ngx_chat_sessions 0");
    has(page, "ngx_chat_database_bytes{file=\"chat.db-wal\"} 5000000000");
    has(page, "# HELP ngx_chat_database_bytes Size of the files of the "
              "database.");
    has(page, "ngx_chat_build_info{one=\"1\",two=\"a\\\"b\\\\c\\nd\"} 1");
    has(page, "ngx_chat_checkpoint_seconds_total{thread=\"writer\"} 2.5");
    has(page, "ngx_chat_checkpoint_seconds_total{thread=\"reader\"} 0.0");
    lacks(page, "# TYPE ngx_chat_operators_present gauge");
    lacks(page, "# TYPE ngx_chat_conversations gauge");
    lacks(page, "# EOF");
}


UNIT_TEST(open_metrics)
{
    ngx_str_t         page;
    metrics_t         f;
    ngx_chat_slot_t  *a;

    a = metrics_init(&f, pool, getpid(), 0);
    ngx_chat_metric_add(&a->lanes[0], NGX_CHAT_METRIC_CATCH_UPS, 1);

    page = metrics_page(&f, 1);

    has(page, "# TYPE ngx_chat_catch_ups counter");
    has(page, "ngx_chat_catch_ups_total 1");
    has(page, "# TYPE ngx_chat_topics gauge");
    ok(page.len > 6 && memcmp(page.data + page.len - 6, "# EOF\n", 6) == 0,
       "it ends with an end");
}


/* the largest numbers have room */

UNIT_TEST(all_at_their_largest)
{
    metrics_t         f;
    ngx_uint_t        i, k;
    ngx_chat_slot_t  *a;

    a = metrics_init(&f, pool, getpid(), 255);

    for (i = 0; i < NGX_CHAT_METRIC_MAX; i++) {
        a->lanes[0].cells[i] = (uint64_t) -1;
        f.m->all.cells[i] = (uint64_t) -1;
        f.given.values[i] = NGX_MAX_INT_T_VALUE;
    }

    for (i = 0; i < NGX_CHAT_HISTOGRAM_MAX; i++) {
        for (k = 0; k <= NGX_CHAT_METRICS_BOUNDS; k++) {
            a->lanes[0].histograms[i].buckets[k] = (uint64_t) -1 >> 8;
        }

        a->lanes[0].histograms[i].sum = (uint64_t) -1;
    }

    (void) metrics_page(&f, 1);
}
