
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "step.h"
#include "store/desk.h"

#include <sys/wait.h>


#define DESK_SIZE  (16 * 1024)


typedef struct {
    int64_t              n;
    ngx_str_t            text;
    ngx_str_t            none;
} note_t;


static ngx_int_t  note_run(ngx_chat_job_t *job, ngx_chat_db_t *db);
static ngx_int_t  other_run(ngx_chat_job_t *job, ngx_chat_db_t *db);
static ngx_int_t  loud_run(ngx_chat_job_t *job, ngx_chat_db_t *db);


static ngx_chat_job_kind_t  kinds[] = {
    { note_run, sizeof(note_t), 2,
      { offsetof(note_t, text), offsetof(note_t, none) } },
    { step_run, sizeof(step_t), 1, { offsetof(step_t, uid) } },
    { loud_run, sizeof(step_t), 0, { 0 } },
    { NULL, 0, 0, { 0 } }
};


static ngx_chat_desk_terms_t  terms = { kinds, 1, 0 };


/* the answer is what it was told, so many times */

static ngx_int_t
note_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    note_t  *note = job->args;

    job->result = (ngx_uint_t) note->n;
    job->body = note->text;

    return note->none.data == NULL ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
other_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    return NGX_OK;
}


/* the answer is as long as a whole pipe */

static ngx_int_t
loud_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    job->body.len = 2 * DESK_SIZE;
    job->body.data = ngx_pcalloc(job->pool, job->body.len);

    return NGX_OK;
}


static ngx_chat_job_t *
note(ngx_log_t *log, uint64_t ticket, const char *text)
{
    note_t          *n;
    ngx_chat_job_t  *job;

    job = ngx_chat_job_create(note_run, NULL, sizeof(note_t), log);
    if (job == NULL) {
        abort();
    }

    n = job->args;
    n->n = (int64_t) ticket * 10;
    n->text.data = (u_char *) text;
    n->text.len = strlen(text);

    job->ticket = ticket;

    return job;
}


static ngx_chat_desk_t *
desk_new(ngx_pool_t *pool, ngx_uint_t n)
{
    void             *memory;
    ngx_chat_desk_t  *desk;

    desk = ngx_pcalloc(pool, sizeof(ngx_chat_desk_t));

    while (n--) {
        memory = ngx_pcalloc(pool, ngx_chat_tray_memory(DESK_SIZE));

        if (ngx_chat_desk_extend(desk, memory, DESK_SIZE) != NGX_OK) {
            abort();
        }
    }

    return desk;
}


static ngx_chat_tray_t *
desk_tray(ngx_chat_desk_t *desk, ngx_uint_t worker)
{
    ngx_chat_tray_t  *tray;

    tray = ngx_chat_desk_claim(desk, getpid(), worker);
    if (tray == NULL) {
        abort();
    }

    ngx_chat_tray_open(tray, &terms);

    return tray;
}


static void
desk_put(ngx_chat_tray_t *tray, ngx_log_t *log, uint64_t ticket,
    const char *text)
{
    ngx_chat_job_t  *job;

    job = note(log, ticket, text);
    is_int(ngx_chat_tray_put(tray, job), NGX_OK, "on the desk");
    ngx_chat_job_destroy(job);
}


static ngx_uint_t  woken[4];


static void
desk_wake(void *ctx, ngx_uint_t worker)
{
    woken[worker]++;
}


static void
desk_run(ngx_chat_jobs_t *jobs)
{
    ngx_chat_job_t  *job;

    for (job = jobs->first; job; job = job->next) {
        job->rc = job->run(job, NULL);
    }
}


static void
desk_forget(ngx_chat_jobs_t *jobs)
{
    ngx_chat_job_t  *job;

    for (job = ngx_chat_jobs_take(jobs); job; job = ngx_chat_jobs_take(jobs)) {
        ngx_chat_job_destroy(job);
    }
}


UNIT_TEST(jobs_go_and_answers_come)
{
    ngx_chat_jobs_t        jobs;
    ngx_chat_desk_t       *desk;
    ngx_chat_tray_t       *a, *b;
    ngx_chat_answer_t      answer;
    ngx_chat_desk_turn_t   turn;

    memset(&turn, 0, sizeof(turn));
    memset(woken, 0, sizeof(woken));
    ngx_chat_jobs_init(&jobs);

    desk = desk_new(pool, 3);
    a = desk_tray(desk, 1);
    b = desk_tray(desk, 2);

    desk_put(a, log, 1, "first");
    desk_put(b, log, 1, "");
    desk_put(a, log, 2, "second");

    ngx_chat_desk_take(desk, &turn, &terms, &jobs, 100, log);
    is_int(jobs.n, 3, "the jobs of both");

    desk_run(&jobs);
    ok(ngx_chat_tray_waiting(a), "they stay until they are answered");

    ngx_chat_desk_answer(desk, &turn, &jobs, desk_wake, NULL);

    is_int(jobs.n, 0, "none is left over");
    ok(!ngx_chat_tray_waiting(a) && !ngx_chat_tray_waiting(b), "nor waits");
    ok(woken[1] == 1 && woken[2] == 1 && woken[0] == 0, "both are told");

    is_int(ngx_chat_tray_answer(a, &answer), NGX_OK, "an answer");
    ok(answer.ticket == 1 && answer.result == 10 && answer.rc == NGX_OK,
       "to the first");
    is_str(&answer.body, "first", "what it said");
    ngx_chat_tray_drop(a);

    is_int(ngx_chat_tray_answer(a, &answer), NGX_OK, "an answer");
    is_str(&answer.body, "second", "to the second");
    ngx_chat_tray_drop(a);
    is_int(ngx_chat_tray_answer(a, &answer), NGX_DONE, "no more");

    is_int(ngx_chat_tray_answer(b, &answer), NGX_OK, "to the other one");
    is_int(answer.body.len, 0, "who said nothing");
}


UNIT_TEST(what_can_not_travel_stays)
{
    char              text[DESK_SIZE / 4];
    ngx_chat_job_t   *job;
    ngx_chat_tray_t  *tray;

    tray = desk_tray(desk_new(pool, 1), 0);

    job = note(log, 1, "x");
    job->run = other_run;
    is_int(ngx_chat_tray_put(tray, job), NGX_DECLINED, "no such kind");
    ngx_chat_job_destroy(job);

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';

    job = note(log, 1, text);
    is_int(ngx_chat_tray_put(tray, job), NGX_DECLINED,
           "too long for the pipe");
    ngx_chat_job_destroy(job);

    ok(!ngx_chat_tray_waiting(tray), "nothing is there");
}


/* a holder that dies has taken jobs and dropped none */

UNIT_TEST(who_dies_leaves_the_jobs_to_the_next)
{
    ngx_uint_t             i;
    ngx_chat_jobs_t        jobs;
    ngx_chat_desk_t       *desk;
    ngx_chat_tray_t       *tray;
    ngx_chat_answer_t      answer;
    ngx_chat_desk_turn_t   turn;

    memset(&turn, 0, sizeof(turn));
    ngx_chat_jobs_init(&jobs);

    desk = desk_new(pool, 1);
    tray = desk_tray(desk, 0);
    desk_put(tray, log, 5, "again");

    for (i = 0; i < 2; i++) {
        ngx_chat_desk_take(desk, &turn, &terms, &jobs, 100, log);
        desk_forget(&jobs);
    }

    ngx_chat_desk_take(desk, &turn, &terms, &jobs, 100, log);
    desk_run(&jobs);
    ngx_chat_desk_answer(desk, &turn, &jobs, desk_wake, NULL);

    is_int(ngx_chat_tray_answer(tray, &answer), NGX_OK, "answered");
    is_int(answer.rc, NGX_ERROR, "it has killed two, it gets no third");
    ok(!ngx_chat_tray_waiting(tray), "and is gone");
}


UNIT_TEST(answers_that_nobody_takes_keep_jobs_waiting)
{
    uint64_t               n, put;
    ngx_uint_t             got;
    ngx_chat_job_t        *job;
    ngx_chat_jobs_t        jobs;
    ngx_chat_desk_t       *desk;
    ngx_chat_tray_t       *tray;
    ngx_chat_answer_t      answer;
    ngx_chat_desk_turn_t   turn;
    static char            text[600];

    memset(&turn, 0, sizeof(turn));
    ngx_chat_jobs_init(&jobs);
    memset(text, 't', sizeof(text) - 1);

    desk = desk_new(pool, 1);
    tray = desk_tray(desk, 0);

    /* until there is no room on either side */

    put = 0;

    do {
        for (n = put; ; n++) {
            job = note(log, n + 1, text);

            if (ngx_chat_tray_put(tray, job) != NGX_OK) {
                ngx_chat_job_destroy(job);
                break;
            }

            ngx_chat_job_destroy(job);
        }

        if (n == put) {
            break;
        }

        put = n;

        ngx_chat_desk_take(desk, &turn, &terms, &jobs, 1000, log);
        desk_run(&jobs);
        ngx_chat_desk_answer(desk, &turn, &jobs, desk_wake, NULL);

    } while (1);

    ok(ngx_chat_desk_crowded(desk, &turn, tray), "crowded");
    ok(ngx_chat_tray_waiting(tray), "the rest waits");

    /* however often it is tried meanwhile, it counts as none */

    for (n = 0; n < 5; n++) {
        ngx_chat_desk_take(desk, &turn, &terms, &jobs, 1000, log);
        desk_run(&jobs);
        ngx_chat_desk_answer(desk, &turn, &jobs, desk_wake, NULL);
    }

    for (got = 0; got < put; ) {

        if (ngx_chat_tray_answer(tray, &answer) == NGX_DONE) {
            ngx_chat_desk_take(desk, &turn, &terms, &jobs, 1000, log);

            if (jobs.n == 0) {
                break;
            }

            desk_run(&jobs);
            ngx_chat_desk_answer(desk, &turn, &jobs, desk_wake, NULL);
            continue;
        }

        if (answer.ticket != got + 1 || answer.rc != NGX_OK) {
            break;
        }

        got++;
        ngx_chat_tray_drop(tray);
    }

    is_int(got, put, "each is answered once, in order");
}


UNIT_TEST(an_answer_that_never_fits_is_not_tried_for_ever)
{
    ngx_chat_job_t        *job;
    ngx_chat_jobs_t        jobs;
    ngx_chat_desk_t       *desk;
    ngx_chat_tray_t       *tray;
    ngx_chat_answer_t      answer;
    ngx_chat_desk_turn_t   turn;

    memset(&turn, 0, sizeof(turn));
    ngx_chat_jobs_init(&jobs);

    desk = desk_new(pool, 1);
    tray = desk_tray(desk, 0);

    job = ngx_chat_job_create(loud_run, NULL, sizeof(step_t), log);
    job->ticket = 1;
    is_int(ngx_chat_tray_put(tray, job), NGX_OK, "on the desk");
    ngx_chat_job_destroy(job);

    desk_put(tray, log, 2, "short");

    ngx_chat_desk_take(desk, &turn, &terms, &jobs, 100, log);
    desk_run(&jobs);
    ngx_chat_desk_answer(desk, &turn, &jobs, desk_wake, NULL);

    is_int(ngx_chat_tray_answer(tray, &answer), NGX_OK, "answered");
    ok(answer.ticket == 1 && answer.rc == NGX_AGAIN, "run it yourself");
    is_int(answer.body.len, 0, "without a part of what it said");
    ngx_chat_tray_drop(tray);

    is_int(ngx_chat_tray_answer(tray, &answer), NGX_OK, "the next one");
    is_str(&answer.body, "short", "does not wait");
    ok(!ngx_chat_tray_waiting(tray), "and nothing is left");
}


/* of before a reload that changed where the database is, or how sure */

UNIT_TEST(a_tray_on_other_terms_is_left_alone)
{
    ngx_uint_t              i;
    ngx_chat_jobs_t         jobs;
    ngx_chat_desk_t        *desk;
    ngx_chat_tray_t        *tray;
    ngx_chat_desk_turn_t    turn;
    ngx_chat_desk_terms_t   other[3];
    static ngx_str_t        here = ngx_string("/srv/here");
    static ngx_str_t        there = ngx_string("/srv/there");

    memset(&turn, 0, sizeof(turn));
    ngx_chat_jobs_init(&jobs);

    ngx_chat_desk_terms(&terms, kinds, &here, 0);
    ngx_chat_desk_terms(&other[0], kinds, &there, 0);
    ngx_chat_desk_terms(&other[1], kinds, &here, 1);
    ngx_chat_desk_terms(&other[2], kinds + 1, &here, 0);

    desk = desk_new(pool, 1);
    tray = desk_tray(desk, 0);
    desk_put(tray, log, 1, "here");

    for (i = 0; i < 3; i++) {
        ngx_chat_desk_take(desk, &turn, &other[i], &jobs, 100, log);
        is_int(jobs.n, 0, "not on these terms");
        ngx_chat_desk_answer(desk, &turn, &jobs, desk_wake, NULL);
    }

    ngx_chat_desk_take(desk, &turn, &terms, &jobs, 100, log);
    is_int(jobs.n, 1, "but on its own");
    desk_forget(&jobs);
}


UNIT_TEST(a_tray_of_the_dead_is_taken_over)
{
    pid_t                  child;
    ngx_chat_jobs_t        jobs;
    ngx_chat_desk_t       *desk;
    ngx_chat_tray_t       *tray;
    ngx_chat_desk_turn_t   turn;

    memset(&turn, 0, sizeof(turn));
    ngx_chat_jobs_init(&jobs);

    desk = desk_new(pool, 1);
    tray = desk_tray(desk, 0);
    desk_put(tray, log, 1, "left behind");

    ok(ngx_chat_desk_claim(desk, getpid(), 1) == NULL, "it has an owner");

    child = fork();

    if (child == 0) {
        _exit(0);
    }

    waitpid(child, NULL, 0);
    tray->owner = child;

    ok(ngx_chat_desk_claim(desk, getpid(), 1) == tray, "who is dead");

    ngx_chat_desk_take(desk, &turn, &terms, &jobs, 100, log);
    is_int(jobs.n, 0, "closed until the new owner opens it");

    ngx_chat_tray_open(tray, &terms);
    ok(!ngx_chat_tray_waiting(tray), "and empty then");

    ngx_chat_tray_release(tray);
    ok(ngx_chat_desk_claim(desk, getpid(), 2) == tray, "given back");
}


/* the lock's file was removed while it was held: another holder comes */

UNIT_TEST(of_two_holders_one_answers)
{
    ngx_uint_t             i;
    ngx_chat_jobs_t        jobs[2];
    ngx_chat_desk_t       *desk;
    ngx_chat_tray_t       *a, *b;
    ngx_chat_answer_t      answer;
    ngx_chat_desk_turn_t   turns[2];

    memset(turns, 0, sizeof(turns));

    desk = desk_new(pool, 2);
    a = desk_tray(desk, 0);
    b = desk_tray(desk, 1);
    desk_put(a, log, 1, "of both");

    for (i = 0; i < 2; i++) {
        ngx_chat_jobs_init(&jobs[i]);
        ngx_chat_desk_take(desk, &turns[i], &terms, &jobs[i], 100, log);
        is_int(jobs[i].n, 1, "each has the job");
        is_int(jobs[i].first->again, i, "of which the second knows");
        desk_run(&jobs[i]);
    }

    desk_put(a, log, 2, "later");
    desk_put(b, log, 1, "later");

    ngx_chat_desk_answer(desk, &turns[0], &jobs[0], desk_wake, NULL);
    is_int(jobs[0].n, 0, "the first one forgets it");
    ok(turns[0].overtaken && !turns[1].overtaken, "and knows");
    is_int(ngx_chat_tray_answer(a, &answer), NGX_DONE, "and says nothing");

    ngx_chat_desk_answer(desk, &turns[1], &jobs[1], desk_wake, NULL);
    is_int(ngx_chat_tray_answer(a, &answer), NGX_OK, "the second one does");
    is_str(&answer.body, "of both", "what is to be said");
    ngx_chat_tray_drop(a);
    is_int(ngx_chat_tray_answer(a, &answer), NGX_DONE, "once");

    ngx_chat_desk_take(desk, &turns[0], &terms, &jobs[0], 100, log);
    is_int(jobs[0].n, 2, "what came meanwhile waits");
    desk_run(&jobs[0]);
    ngx_chat_desk_answer(desk, &turns[0], &jobs[0], desk_wake, NULL);
    is_int(ngx_chat_tray_answer(a, &answer), NGX_OK, "and is answered");
    is_int(ngx_chat_tray_answer(b, &answer), NGX_OK, "there, too");
}
