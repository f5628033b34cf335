
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "fixture.h"
#include "store/fault.h"
#include "store/queue.h"

#include <sched.h>


static ngx_chat_queue_t  queue;
static ngx_int_t         waited;


static void *
queue_writer(void *data)
{
    waited = ngx_chat_queue_wait(&queue,
                                 ngx_chat_fault_now() + FIXTURE_WAIT * 1000);

    return NULL;
}


/* until the writer sleeps; what it has been told is not to be believed */

static ngx_uint_t
queue_asleep(ngx_uint_t vain)
{
    ngx_uint_t  is;
    ngx_msec_t  until;

    until = ngx_chat_fault_now() + FIXTURE_WAIT * 1000;

    do {
        sched_yield();

        pthread_mutex_lock(&queue.mutex);
        is = queue.asleep && queue.vain == vain && queue.coming == 0;
        pthread_mutex_unlock(&queue.mutex);

    } while (!is && ngx_chat_fault_now() < until);

    return is;
}


static ngx_int_t
queue_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    return NGX_OK;
}


UNIT_TEST(a_job_may_be_expected)
{
    pthread_t               thread;
    ngx_uint_t              i, n;
    ngx_chat_job_t         *job;
    ngx_chat_jobs_t         jobs;
    ngx_chat_store_conf_t   conf;

    memset(&conf, 0, sizeof(conf));
    memset(&queue, 0, sizeof(queue));

    conf.queue = 10;
    conf.path.data = (u_char *) "state";
    conf.path.len = 5;

    is_int(ngx_chat_queue_init(&queue, &conf), NGX_OK, "a queue");

    ngx_chat_queue_expect(&queue);
    is_int(queue.coming, 0, "nobody is there to be woken");

    waited = NGX_ERROR;
    pthread_create(&thread, NULL, queue_writer, NULL);

    ok(queue_asleep(0), "the writer sleeps");

    ngx_chat_queue_expect(&queue);
    ok(queue_asleep(16), "and again, when it was in vain");

    for (i = 16; i; i--) {
        ngx_chat_queue_expect(&queue);

        pthread_mutex_lock(&queue.mutex);
        n = queue.vain;
        pthread_mutex_unlock(&queue.mutex);

        if (n != i - 1 || !queue_asleep(i - 1)) {
            break;
        }
    }

    is_int(i, 0, "it is left alone for a while");

    ngx_chat_queue_expect(&queue);

    job = ngx_chat_job_create(queue_run, NULL, 0, log);
    is_int(ngx_chat_queue_push(&queue, job), NGX_OK, "a job");

    pthread_join(thread, NULL);
    is_int(waited, NGX_OK, "it has come");
    is_int(queue.coming, 0, "nothing more is expected");

    ngx_chat_jobs_init(&jobs);
    ngx_chat_queue_take(&queue, &jobs, 10);
    is_int(jobs.n, 1, "here it is");
    ngx_chat_job_destroy(ngx_chat_jobs_take(&jobs));

    ngx_chat_queue_destroy(&queue);
}
