
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * The store as the event loop sees it: groups, order, bounds, what is undone
 * and what is published.
 */


#include "step.h"


UNIT_TEST(one_bad_job_among_good_ones)
{
    hold_t           h;
    fixture_t        f;
    ngx_uint_t       i;
    ngx_chat_job_t  *job[6];
    ngx_int_t        rc[6] = { NGX_OK, NGX_DECLINED, NGX_OK, NGX_ERROR,
                               NGX_OK, NGX_OK };

    fixture_open(&f, pool, log);
    hold(&f, &h);

    for (i = 0; i < 6; i++) {
        job[i] = step(&f, i, rc[i]);
        ngx_chat_store_write(f.store, job[i]);
    }

    is_int(ngx_chat_store_pending(f.store), 7, "pending");

    let_go(&h);
    ok(fixture_drain(&f), "all came back");

    is_int(ngx_chat_store_pending(f.store), 0, "none pending");
    is_int(f.done, 7, "done, each once");

    for (i = 0; i < 6; i++) {
        is_int(job[i]->rc, rc[i], "its own result");
    }

    is_int(count(&f), 4, "what was refused and what failed is undone");
    is_int(f.records.nelts, 4, "and not published");

    is_int(step_of(job[0])->event, 1, "ids have no gaps");
    is_int(step_of(job[2])->event, 2, "ids have no gaps");
    is_int(step_of(job[4])->event, 3, "ids have no gaps");
    is_int(step_of(job[5])->event, 4, "ids have no gaps");

    for (i = 0; i < 4; i++) {
        is_int(fixture_record(&f, i)->id, i + 1, "published in order");
    }

    for (i = 0; i < 6; i++) {
        ngx_chat_job_destroy(job[i]);
    }

    hold_free(&h);
    fixture_stop(&f);
}


static ngx_int_t
refuse_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_event_t  event;

    /* what is only told, and not written, goes with the refusal as well */

    memset(&event, 0, sizeof(event));
    event.type = NGX_CHAT_EVENT_READ;
    event.author = NGX_CHAT_AUTHOR_VISITOR;

    if (ngx_chat_db_event_add(db, &event) != NGX_OK) {
        return NGX_ERROR;
    }

    return NGX_DECLINED;
}


UNIT_TEST(a_refusal_before_writing_costs_the_others_nothing)
{
    hold_t           h;
    fixture_t        f;
    ngx_chat_job_t  *one, *two, *three;

    fixture_open(&f, pool, log);
    hold(&f, &h);

    one = step(&f, 1, NGX_OK);
    two = fixture_job(&f, refuse_run, sizeof(step_t));
    three = step(&f, 3, NGX_OK);

    step_order = 0;

    ngx_chat_store_write(f.store, one);
    ngx_chat_store_write(f.store, two);
    ngx_chat_store_write(f.store, three);

    let_go(&h);
    fixture_drain(&f);

    is_int(one->rc, NGX_OK, "the first");
    is_int(two->rc, NGX_DECLINED, "the refusal");
    is_int(three->rc, NGX_OK, "the third");
    is_int(step_of(three)->order, 2, "each was run once");
    is_int(f.records.nelts, 2, "what was refused is not told");

    ngx_chat_job_destroy(one);
    ngx_chat_job_destroy(two);
    ngx_chat_job_destroy(three);
    hold_free(&h);
    fixture_stop(&f);
}


UNIT_TEST(a_bad_job_alone)
{
    fixture_t        f;
    ngx_chat_job_t  *job;

    fixture_open(&f, pool, log);

    job = step(&f, 1, NGX_DECLINED);
    is_int(fixture_write(&f, job), NGX_DECLINED, "refused");
    ngx_chat_job_destroy(job);

    job = step(&f, 2, NGX_ERROR);
    is_int(fixture_write(&f, job), NGX_ERROR, "failed");
    ngx_chat_job_destroy(job);

    is_int(count(&f), 0, "undone");
    is_int(f.records.nelts, 0, "nothing published");

    job = step(&f, 1, NGX_OK);
    is_int(fixture_write(&f, job), NGX_OK, "the same rows now");
    is_int(step_of(job)->event, 1, "with the first id");
    ngx_chat_job_destroy(job);

    is_int(f.last, 1, "published");

    fixture_stop(&f);
}


UNIT_TEST(a_uniqueness_undoes_its_job_only)
{
    hold_t           h;
    fixture_t        f;
    ngx_chat_job_t  *one, *two, *three;

    fixture_open(&f, pool, log);
    unit_forget_log();
    hold(&f, &h);

    one = step(&f, 1, NGX_OK);
    two = step(&f, 1, NGX_OK);          /* the same uid */
    three = step(&f, 3, NGX_OK);

    ngx_chat_store_write(f.store, one);
    ngx_chat_store_write(f.store, two);
    ngx_chat_store_write(f.store, three);

    let_go(&h);
    fixture_drain(&f);

    is_int(one->rc, NGX_OK, "the first");
    is_int(two->rc, NGX_ERROR, "its double");
    is_int(three->rc, NGX_OK, "the third");
    is_int(count(&f), 2, "rows");
    is_int(unit_logged(NGX_LOG_ERR), 1, "one line");
    ok(strstr(unit_last_log(), "UNIQUE constraint failed") != NULL,
       "with the cause: %s", unit_last_log());

    ngx_chat_job_destroy(one);
    ngx_chat_job_destroy(two);
    ngx_chat_job_destroy(three);
    hold_free(&h);
    fixture_stop(&f);
}


UNIT_TEST(a_full_queue_is_busy)
{
    hold_t           h;
    fixture_t        f;
    ngx_chat_job_t  *one, *two, *three;

    fixture_init(&f, pool, log);
    f.conf.queue = 2;
    fixture_start(&f);
    hold(&f, &h);

    one = step(&f, 1, NGX_OK);
    two = step(&f, 2, NGX_OK);
    three = step(&f, 3, NGX_OK);

    is_int(ngx_chat_store_write(f.store, one), NGX_OK, "first");
    is_int(ngx_chat_store_write(f.store, two), NGX_OK, "second");
    is_int(ngx_chat_store_write(f.store, three), NGX_BUSY, "third");
    is_int(ngx_chat_store_pending(f.store), 3, "the third is not counted");

    let_go(&h);
    fixture_drain(&f);

    is_int(f.done, 3, "and was not run");
    is_int(fixture_write(&f, three), NGX_OK, "there is room again");

    ngx_chat_job_destroy(one);
    ngx_chat_job_destroy(two);
    ngx_chat_job_destroy(three);
    hold_free(&h);
    fixture_stop(&f);
}


static ngx_uint_t  reaped[4000];
static ngx_uint_t  nreaped;


static void
reap_done(ngx_chat_job_t *job)
{
    reaped[nreaped++] = step_of(job)->n;
    ngx_chat_job_destroy(job);
}


UNIT_TEST(many_jobs_come_back_in_order)
{
    hold_t           h;
    fixture_t        f;
    ngx_uint_t       i, wrong;
    ngx_chat_job_t  *job;

    fixture_init(&f, pool, log);
    f.conf.queue = 4000;
    fixture_start(&f);
    hold(&f, &h);

    nreaped = 0;

    /* more than fit in one batch */

    for (i = 0; i < 1500; i++) {
        job = step(&f, i, i % 7 ? NGX_OK : NGX_DECLINED);
        job->done = reap_done;
        ngx_chat_store_write(f.store, job);
    }

    let_go(&h);
    ok(fixture_drain(&f), "all came back");

    wrong = nreaped != 1500;

    for (i = 0; i < nreaped; i++) {
        wrong += reaped[i] != i;
    }

    is_int(wrong, 0, "in the order in which they were handed in");
    is_int(f.records.nelts, 1500 - 215, "published");

    for (i = 0, wrong = 0; i < f.records.nelts; i++) {
        wrong += fixture_record(&f, i)->id != (int64_t) i + 1;
    }

    is_int(wrong, 0, "by id");

    hold_free(&h);
    fixture_stop(&f);
}


UNIT_TEST(destroy_finishes_what_is_queued)
{
    hold_t           h;
    fixture_t        f;
    ngx_uint_t       i;
    ngx_chat_job_t  *job[20], *read;

    fixture_open(&f, pool, log);
    hold(&f, &h);

    for (i = 0; i < 20; i++) {
        job[i] = step(&f, i, NGX_OK);
        ngx_chat_store_write(f.store, job[i]);
    }

    read = fixture_job(&f, count_run, sizeof(step_t));
    ngx_chat_store_read(f.store, read);

    let_go(&h);
    fixture_stop(&f);

    is_int(f.done, 22, "all are done");
    is_int(read->rc, NGX_OK, "the reader, too");

    for (i = 0; i < 20; i++) {
        is_int(job[i]->rc, NGX_OK, "committed");
        ngx_chat_job_destroy(job[i]);
    }

    ngx_chat_job_destroy(read);
    hold_free(&h);

    fixture_start(&f);
    is_int(count(&f), 20, "found again");
    fixture_stop(&f);
}


/* the readers */

static sem_t  gate, entered;


static ngx_int_t
gate_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    sem_post(&entered);
    sem_wait(&gate);

    return NGX_OK;
}


static ngx_int_t
light_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    return NGX_OK;
}


UNIT_TEST(light_reads_pass_heavy_ones)
{
    fixture_t        f;
    ngx_chat_job_t  *one, *two, *light;

    sem_init(&gate, 0, 0);
    sem_init(&entered, 0, 0);

    fixture_open(&f, pool, log);

    one = fixture_job(&f, gate_run, 1);
    two = fixture_job(&f, gate_run, 1);
    one->heavy = 1;
    two->heavy = 1;

    ngx_chat_store_read(f.store, one);
    sem_wait(&entered);
    ngx_chat_store_read(f.store, two);

    light = fixture_job(&f, light_run, 1);
    ngx_chat_store_read(f.store, light);

    ok(fixture_turn(&f), "one came back");
    is_int(f.done, 1, "while a heavy one runs");
    is_int(sem_trywait(&entered), -1, "and the other waits for it");

    sem_post(&gate);
    sem_wait(&entered);
    sem_post(&gate);

    ok(fixture_drain(&f), "both come back");

    ngx_chat_job_destroy(one);
    ngx_chat_job_destroy(two);
    ngx_chat_job_destroy(light);
    fixture_stop(&f);
    sem_destroy(&gate);
    sem_destroy(&entered);
}


static ngx_int_t
scribble_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    return ngx_chat_sqlite_exec(db, "DELETE FROM event");
}


UNIT_TEST(readers_can_not_write)
{
    fixture_t        f;
    ngx_chat_job_t  *job;

    fixture_open(&f, pool, log);

    job = step(&f, 1, NGX_OK);
    fixture_write(&f, job);
    ngx_chat_job_destroy(job);

    job = fixture_job(&f, scribble_run, 1);
    is_int(fixture_read(&f, job), NGX_ERROR, "refused");
    ngx_chat_job_destroy(job);

    is_int(count(&f), 1, "the row is there");

    fixture_stop(&f);
}


/* the ring */

UNIT_TEST(the_ring_begins_at_the_newest_id)
{
    fixture_t        f;
    ngx_chat_job_t  *job;

    fixture_open(&f, pool, log);
    is_int(f.last, 0, "an empty database");

    job = step(&f, 1, NGX_OK);
    fixture_write(&f, job);
    ngx_chat_job_destroy(job);
    fixture_stop(&f);

    f.last = -1;
    f.records.nelts = 0;
    fixture_start(&f);

    is_int(f.last, 1, "a ring that knows nothing begins here");
    is_int(f.records.nelts, 0, "and gets nothing old");
    fixture_stop(&f);

    /* a worker died between its commit and publishing */

    f.last = 0;
    fixture_start(&f);

    is_int(f.last, 1, "a ring that is behind gets what it lacks");
    is_int(f.records.nelts, 1, "one record");
    ok(strstr((char *) fixture_record(&f, 0)->body.data,
              "\"text\":\"words n1\"") != NULL, "rendered from the row");
    fixture_stop(&f);

    /* the database was replaced by an older one */

    f.last = 100;
    f.records.nelts = 0;
    fixture_start(&f);

    is_int(f.last, 1, "a ring that is ahead begins anew");
    is_int(f.records.nelts, 0, "without records");
    fixture_stop(&f);
}


UNIT_TEST(what_others_committed_is_published_first)
{
    fixture_t        f;
    ngx_uint_t       i;
    ngx_chat_job_t  *job;

    fixture_open(&f, pool, log);

    for (i = 0; i < 450; i++) {
        job = step(&f, i, NGX_OK);
        job->done = reap_done;
        nreaped = 0;
        ngx_chat_store_write(f.store, job);
    }

    fixture_drain(&f);

    /* as if all but the first had been committed by one who did not publish:
       more than two pages */

    f.last = 1;
    f.records.nelts = 0;

    job = step(&f, 1000, NGX_OK);
    is_int(fixture_write(&f, job), NGX_OK, "the next one");
    ngx_chat_job_destroy(job);

    is_int(f.records.nelts, 450, "came with those that were missing");

    for (i = 0; i < f.records.nelts; i++) {
        if (fixture_record(&f, i)->id != (int64_t) i + 2) {
            ok(0, "order at %lu", (unsigned long) i);
        }
    }

    fixture_stop(&f);
}


UNIT_TEST(an_idle_store_hears_of_others_commits)
{
    fixture_t        one, two;
    ngx_chat_job_t  *job;

    fixture_open(&one, pool, log);

    fixture_init(&two, pool, log);
    two.conf.path = one.conf.path;
    fixture_start(&two);

    job = step(&one, 1, NGX_OK);
    fixture_write(&one, job);
    ngx_chat_job_destroy(job);

    ok(fixture_wait_published(&two, 1), "by looking once a second");
    is_int(two.records.nelts, 1, "one record");

    fixture_stop(&one);
    fixture_stop(&two);
}


/* the first account's code */

UNIT_TEST(the_code_is_made_once)
{
    fixture_t     f;
    char          path[300], code[64], again[64];
    FILE         *file;
    struct stat   sb;

    fixture_open(&f, pool, log);

    snprintf(path, sizeof(path), "%s/setup-code", f.dir);

    memset(code, 0, sizeof(code));
    memset(again, 0, sizeof(again));

    is_int(stat(path, &sb), 0, "the file is there");
    is_int(sb.st_mode & 0777, 0600, "for nobody else");
    is_int(sb.st_size, NGX_CHAT_SETUP_CODE_LEN + 1, "a code and a line end");
    ok(strstr(unit_last_log(), "no operator yet, the one-time code for the "
              "first account is in \"/") != NULL, "log: %s", unit_last_log());

    file = fopen(path, "r");
    ok(fread(code, 1, sizeof(code), file) == NGX_CHAT_SETUP_CODE_LEN + 1
       && code[NGX_CHAT_SETUP_CODE_LEN] == '\n', "in that order");
    fclose(file);

    fixture_stop(&f);
    unit_forget_log();
    fixture_start(&f);

    file = fopen(path, "r");
    ok(fread(again, 1, sizeof(again), file) > 0 && strcmp(code, again) == 0,
       "it stays the same");
    fclose(file);
    is_int(unit_logged(NGX_LOG_NOTICE), 0, "and is not announced again");

    fixture_stop(&f);
}
