
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "store/fault.h"
#include "store/queue.h"

#include <time.h>
#include <unistd.h>


#define QUEUE_SIZE  (16 * 1024)


typedef struct {
    ngx_pool_t             *pool;
    ngx_log_t              *log;
    ngx_chat_desk_t        *desk;
    ngx_chat_queue_t        queue;
    ngx_chat_store_conf_t   conf;
    ngx_chat_desk_turn_t    turn;
} queue_t;


static ngx_int_t  queue_run(ngx_chat_job_t *job, ngx_chat_db_t *db);


static ngx_chat_job_kind_t  kinds[] = {
    { queue_run, sizeof(int64_t), 0, { 0 } },
    { NULL, 0, 0, { 0 } }
};


/* a test asks for more memory than there is */

const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}


static ngx_int_t
queue_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    return NGX_OK;
}


static void
queue_wake(void *ctx, ngx_uint_t worker)
{
}


static void
queue_init(queue_t *f, ngx_pool_t *pool, ngx_log_t *log)
{
    void  *memory;

    memset(f, 0, sizeof(queue_t));

    f->pool = pool;
    f->log = log;
    f->desk = ngx_pcalloc(pool, sizeof(ngx_chat_desk_t));
    memory = ngx_pcalloc(pool, ngx_chat_tray_memory(QUEUE_SIZE));

    if (ngx_chat_desk_extend(f->desk, memory, QUEUE_SIZE) != NGX_OK) {
        abort();
    }

    f->conf.queue = 16;
    f->conf.kinds = kinds;
    f->conf.desk = f->desk;
    f->conf.tray = ngx_chat_desk_claim(f->desk, getpid(), 0);

    if (ngx_chat_queue_init(&f->queue, &f->conf) != NGX_OK) {
        abort();
    }

    ngx_chat_queue_open(&f->queue);
}


static ngx_int_t
queue_push(queue_t *f)
{
    return ngx_chat_queue_push(&f->queue,
                               ngx_chat_job_create(queue_run, NULL,
                                                   sizeof(int64_t), f->log));
}


/* what a writer does in a turn: how many jobs it took */

static ngx_uint_t
queue_turn(queue_t *f)
{
    ngx_uint_t        n;
    ngx_chat_job_t   *job;
    ngx_chat_jobs_t   jobs;

    ngx_chat_jobs_init(&jobs);

    ngx_chat_desk_take(f->desk, &f->turn, &f->queue.terms, &jobs, 100, f->log);
    n = jobs.n;

    for (job = jobs.first; job; job = job->next) {
        job->rc = job->run(job, NULL);
    }

    ngx_chat_desk_answer(f->desk, &f->turn, &jobs, queue_wake, NULL);

    if (f->turn.starved) {
        ngx_chat_queue_starved(&f->queue);
    }

    return n;
}


/* so many have come back, all with this result */

static ngx_uint_t
queue_reap(queue_t *f, ngx_int_t rc)
{
    ngx_uint_t        n;
    ngx_chat_job_t   *job;
    ngx_chat_jobs_t   jobs;

    ngx_chat_jobs_init(&jobs);
    ngx_chat_queue_reap(&f->queue, &jobs);

    n = 0;

    for (job = ngx_chat_jobs_take(&jobs); job; job = ngx_chat_jobs_take(&jobs))
    {
        n += job->rc == rc;
        ngx_chat_job_destroy(job);
    }

    return n;
}


static ngx_int_t
queue_wait(queue_t *f)
{
    return ngx_chat_queue_wait(&f->queue, ngx_chat_fault_now() + 10000);
}


UNIT_TEST(without_memory_it_pauses)
{
    size_t      size;
    queue_t     f;
    ngx_msec_t  began;

    queue_init(&f, pool, log);

    is_int(queue_push(&f), NGX_OK, "a job on the desk");
    is_int(queue_wait(&f), NGX_OK, "is to be done");

    size = kinds[0].size;
    kinds[0].size = (size_t) 1 << 50;
    began = ngx_chat_fault_now();

    is_int(queue_turn(&f), 0, "there is no memory for it");
    ok(strstr(unit_last_log(), "malloc") != NULL, "log: %s", unit_last_log());
    unit_forget_log();

    kinds[0].size = size;

    is_int(queue_wait(&f), NGX_OK, "it is tried again");
    ok(ngx_chat_fault_now() - began >= NGX_CHAT_QUEUE_PAUSE - 1,
       "after a while");

    is_int(queue_turn(&f), 1, "and done");
    is_int(queue_reap(&f, NGX_OK), 1, "who asked is told");

    ngx_chat_queue_destroy(&f.queue);
}


UNIT_TEST(at_the_end_nobody_waits_for_memory)
{
    size_t   size;
    queue_t  f;

    queue_init(&f, pool, log);

    is_int(queue_push(&f), NGX_OK, "a job on the desk");
    ngx_chat_queue_stop(&f.queue);
    is_int(queue_wait(&f), NGX_OK, "is to be done before the end");

    size = kinds[0].size;
    kinds[0].size = (size_t) 1 << 50;

    is_int(queue_turn(&f), 0, "there is no memory for it");
    unit_forget_log();

    kinds[0].size = size;

    is_int(queue_wait(&f), NGX_DONE, "that is the end");
    is_int(queue_reap(&f, NGX_ERROR), 1, "it has failed");

    ngx_chat_queue_destroy(&f.queue);
}
