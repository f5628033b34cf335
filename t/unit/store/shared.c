
/*
 * Copyright (C) ngx_chat_module contributors
 */


/* stores that share a desk, as workers do */


#include "step.h"
#include "store/desk.h"


#define SHARED_SIZE  (16 * 1024)


static ngx_int_t  loud_run(ngx_chat_job_t *job, ngx_chat_db_t *db);
static ngx_int_t  who_run(ngx_chat_job_t *job, ngx_chat_db_t *db);


static ngx_chat_job_kind_t  kinds[] = {
    { step_run, sizeof(step_t), 1, { offsetof(step_t, uid) } },
    { loud_run, sizeof(step_t), 0, { 0 } },
    { who_run, sizeof(step_t), 0, { 0 } },
    { NULL, 0, 0, { 0 } }
};


/* whose connection it was run with, a writer's each */

static ngx_chat_db_t  *who[3];


static ngx_int_t
who_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    step_t  *s = job->args;

    who[s->n] = db;

    return NGX_OK;
}


/* the same, of a kind that does not travel */

static ngx_int_t
stay_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    return who_run(job, db);
}


/* the answer is as long as a whole pipe */

static ngx_int_t
loud_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    job->body.len = 2 * SHARED_SIZE;
    job->body.data = ngx_pcalloc(job->pool, job->body.len);

    return NGX_OK;
}


/* two stores on one state directory, as two workers have them */

static fixture_t  pair[2];


/* what was published when the event loop of each was woken the last time */

static ngx_uint_t  heard[2];


static void
pair_wake(void *ctx, ngx_uint_t worker)
{
    pthread_mutex_lock(&pair[0].mutex);
    heard[worker] = pair[0].records.nelts;
    pthread_mutex_unlock(&pair[0].mutex);

    fixture_notify(pair[worker].conf.ctx);
}


static void
pair_notify_first(void *ctx)
{
    pair_wake(ctx, 0);
}


static void
pair_notify_second(void *ctx)
{
    pair_wake(ctx, 1);
}


static void
pair_open_on(ngx_pool_t *pool, ngx_log_t *log, ngx_uint_t apart,
    ngx_msec_t hold)
{
    void             *memory;
    ngx_uint_t        i;
    ngx_chat_desk_t  *desk;

    desk = ngx_pcalloc(pool, sizeof(ngx_chat_desk_t));

    for (i = 0; i < 2; i++) {
        memory = ngx_pcalloc(pool, ngx_chat_tray_memory(SHARED_SIZE));
        is_int(ngx_chat_desk_extend(desk, memory, SHARED_SIZE), NGX_OK,
               "a tray");
        fixture_init(&pair[i], pool, log);

        if (i && !apart) {
            pair[i].conf.path = pair[0].conf.path;
        }

        pair[i].conf.hold = hold;
        pair[i].conf.desk = desk;
        pair[i].conf.tray = ngx_chat_desk_claim(desk, getpid(), i);
        pair[i].conf.kinds = kinds;
        pair[i].conf.wake = pair_wake;
        pair[i].conf.notify = i ? pair_notify_second : pair_notify_first;
        heard[i] = 0;

        /* one ring and one event loop for both */

        pair[i].conf.ctx = apart ? &pair[i] : &pair[0];

        fixture_start(&pair[i]);
    }
}


/* who has the lock keeps it, however long a test holds the writer */

static void
pair_open(ngx_pool_t *pool, ngx_log_t *log)
{
    pair_open_on(pool, log, 0, FIXTURE_WAIT * 1000);
}


/* until all jobs of both are done */

static int
pair_drain(void)
{
    while (ngx_chat_store_pending(pair[0].store)
           || ngx_chat_store_pending(pair[1].store))
    {
        if (!fixture_turn(&pair[0])) {
            return 0;
        }

        ngx_chat_store_reap(pair[1].store);
    }

    return 1;
}


UNIT_TEST(who_has_the_lock_commits_for_both)
{
    hold_t           h;
    ngx_uint_t       i, right;
    ngx_chat_job_t  *job[20];

    pair_open(pool, log);
    hold(&pair[0], &h);

    /* while the first one is held, both get jobs */

    for (i = 0; i < 20; i++) {
        job[i] = step(&pair[i % 2], (int64_t) i, i == 7 ? NGX_DECLINED
                                                        : NGX_OK);
        is_int(ngx_chat_store_write(pair[i % 2].store, job[i]), NGX_OK,
               "taken");
    }

    let_go(&h);
    ok(pair_drain(), "all are done");

    right = 0;

    for (i = 0; i < 20; i++) {
        right += job[i]->rc == (i == 7 ? NGX_DECLINED : NGX_OK);
        ngx_chat_job_destroy(job[i]);
    }

    is_int(right, 20, "each has its own result");
    is_int(count(&pair[0]), 19, "each is stored once");
    is_int(pair[0].records.nelts, 19, "and published once");

    for (i = 0; i < 19; i++) {
        if (fixture_record(&pair[0], i)->id != (int64_t) i + 1) {
            break;
        }
    }

    is_int(i, 19, "in the order of the ids");

    hold_free(&h);
    fixture_stop(&pair[1]);
    fixture_stop(&pair[0]);
}


/*
 * While the first one has the lock, the second one gets jobs: one that may
 * travel and, if it is to be, one that may not.
 */

static void
pair_meet(hold_t *h, ngx_uint_t stays)
{
    ngx_uint_t       i;
    ngx_chat_job_t  *job[2];

    hold(&pair[0], h);

    for (i = 0; i < 2; i++) {
        who[i] = NULL;

        job[i] = fixture_job(&pair[1], i && stays ? stay_run : who_run,
                             sizeof(step_t));
        step_of(job[i])->n = (int64_t) i;

        is_int(ngx_chat_store_write(pair[1].store, job[i]), NGX_OK, "taken");
    }

    let_go(h);
    ok(pair_drain(), "both are done");
    ok(who[0] != NULL && who[0] == who[1], "by the same one");

    ngx_chat_job_destroy(job[0]);
    ngx_chat_job_destroy(job[1]);
    hold_free(h);
}


/* whose connection the first one's is */

static ngx_chat_db_t *
pair_alone(void)
{
    ngx_chat_job_t  *job;

    job = fixture_job(&pair[0], who_run, sizeof(step_t));
    is_int(fixture_write(&pair[0], job), NGX_OK, "alone");
    ngx_chat_job_destroy(job);

    return who[0];
}


UNIT_TEST(the_lock_is_kept_while_there_are_jobs)
{
    hold_t          h;
    ngx_chat_db_t  *first;

    pair_open(pool, log);
    first = pair_alone();

    pair_meet(&h, 0);
    ok(who[0] == first, "by the one who had the lock");

    pair_meet(&h, 1);
    ok(who[0] != first, "until another one has jobs of its own");

    fixture_stop(&pair[1]);
    fixture_stop(&pair[0]);
}


/* there may be others, who are not on the desk */

UNIT_TEST(the_lock_is_free_when_its_time_is_over)
{
    hold_t          h;
    ngx_chat_db_t  *first;

    pair_open_on(pool, log, 0, 0);
    first = pair_alone();

    pair_meet(&h, 0);
    ok(who[0] != first, "by the next one");

    fixture_stop(&pair[1]);
    fixture_stop(&pair[0]);
}


/* it has waiters of its own for what others send */

UNIT_TEST(who_commits_for_another_is_woken)
{
    hold_t           h;
    ngx_chat_job_t  *job;

    pair_open(pool, log);
    hold(&pair[0], &h);

    job = step(&pair[1], 1, NGX_OK);
    is_int(ngx_chat_store_write(pair[1].store, job), NGX_OK, "taken");

    let_go(&h);
    ok(pair_drain(), "done");

    hold_free(&h);
    fixture_stop(&pair[1]);
    fixture_stop(&pair[0]);

    is_int(job->rc, NGX_OK, "stored");
    is_int(pair[0].records.nelts, 1, "and published");
    is_int(heard[0], 1, "who committed it hears of it");
    is_int(heard[1], 1, "so does who sent it");

    ngx_chat_job_destroy(job);
}


#define ROOM_JOBS  200


/* the desk is full; when there is room, the one with the lock takes the rest */

UNIT_TEST(what_found_no_room_goes_to_the_desk_later)
{
    hold_t           h[3];
    ngx_uint_t       i;
    ngx_chat_job_t  *job[ROOM_JOBS];

    pair_open(pool, log);

    who[0] = who[1] = NULL;

    hold(&pair[0], &h[0]);

    for (i = 0; i < ROOM_JOBS; i++) {
        job[i] = fixture_job(&pair[1], who_run, sizeof(step_t));
        step_of(job[i])->n = i == 0 ? 0 : i < ROOM_JOBS - 1 ? 2 : 1;

        is_int(ngx_chat_store_write(pair[1].store, job[i]), NGX_OK, "taken");
    }

    is_int(job[ROOM_JOBS - 1]->ticket, job[ROOM_JOBS - 2]->ticket,
           "there is no room for the last");

    /* the second turn has what is on the desk, the third one is held */

    hold_put(&pair[0], &h[1]);
    let_go(&h[0]);
    sem_wait(&h[1].entered);

    hold_put(&pair[0], &h[2]);
    let_go(&h[1]);
    sem_wait(&h[2].entered);

    ngx_chat_store_reap(pair[1].store);

    ok(who[0] != NULL && pair[1].done < ROOM_JOBS, "not all are done");
    ok(who[1] == NULL, "the last is not");

    let_go(&h[2]);
    ok(pair_drain(), "now they are");
    is_int(pair[1].done, ROOM_JOBS, "once each");
    ok(who[0] == who[1], "by the same one");

    for (i = 0; i < ROOM_JOBS; i++) {
        ngx_chat_job_destroy(job[i]);
    }

    for (i = 0; i < 3; i++) {
        hold_free(&h[i]);
    }

    fixture_stop(&pair[1]);
    fixture_stop(&pair[0]);
}


UNIT_TEST(what_is_meant_for_one_database_is_not_in_another)
{
    hold_t           h;
    ngx_chat_job_t  *job[2];

    pair_open_on(pool, log, 1, FIXTURE_WAIT * 1000);

    /* a job of the second lies there while the first has work */

    job[0] = step(&pair[1], 1, NGX_OK);
    is_int(fixture_write(&pair[1], job[0]), NGX_OK, "its tray is open");
    ngx_chat_job_destroy(job[0]);

    hold(&pair[1], &h);

    job[0] = step(&pair[0], 2, NGX_OK);
    job[1] = step(&pair[1], 3, NGX_OK);

    is_int(ngx_chat_store_write(pair[1].store, job[1]), NGX_OK, "taken");
    is_int(fixture_write(&pair[0], job[0]), NGX_OK, "done");

    let_go(&h);
    ok(fixture_drain(&pair[1]), "done, too");

    is_int(count(&pair[0]), 1, "one is here");
    is_int(count(&pair[1]), 2, "the others are there");

    ngx_chat_job_destroy(job[0]);
    ngx_chat_job_destroy(job[1]);
    hold_free(&h);
    fixture_stop(&pair[1]);
    fixture_stop(&pair[0]);
}


UNIT_TEST(a_long_answer_comes_whole)
{
    ngx_chat_job_t  *job;

    pair_open(pool, log);

    /* the tray is open from the first job on */

    job = step(&pair[0], 1, NGX_OK);
    is_int(fixture_write(&pair[0], job), NGX_OK, "the first");
    ngx_chat_job_destroy(job);

    job = fixture_job(&pair[0], loud_run, sizeof(step_t));
    is_int(fixture_write(&pair[0], job), NGX_OK, "a loud one");
    is_int(job->body.len, 2 * SHARED_SIZE, "with all that it says");
    ngx_chat_job_destroy(job);

    fixture_stop(&pair[1]);
    fixture_stop(&pair[0]);
}


/* who has got an answer at the end wants to hand in something more */

static ngx_chat_job_t  *late_job;
static ngx_int_t        late;


static void
late_done(ngx_chat_job_t *job)
{
    late = ngx_chat_store_write(pair[0].store, late_job);
}


UNIT_TEST(nothing_is_taken_once_it_has_ended)
{
    ngx_chat_job_t  *job;

    pair_open(pool, log);

    job = step(&pair[0], 1, NGX_OK);
    job->done = late_done;

    late = NGX_ERROR;
    late_job = step(&pair[0], 2, NGX_OK);

    is_int(ngx_chat_store_write(pair[0].store, job), NGX_OK, "taken");

    fixture_stop(&pair[1]);
    fixture_stop(&pair[0]);

    is_int(job->rc, NGX_OK, "done before the end");
    is_int(late, NGX_BUSY, "nobody is there for the next");

    ngx_chat_job_destroy(job);
    ngx_chat_job_destroy(late_job);
}
