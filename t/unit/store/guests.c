
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Jobs of those who may be anybody: behind the others, and never with all the
 * places of a queue.
 */


#include "unit.h"
#include "store/fixture.h"

#include <semaphore.h>


static sem_t  gate, entered;


static ngx_int_t
gate_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    sem_post(&entered);
    sem_wait(&gate);

    return NGX_OK;
}


/* in the order in which they ran */

static ngx_uint_t  ran[8];
static ngx_uint_t  runs;


static ngx_int_t
order_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ran[runs++] = job->guest;

    return NGX_OK;
}


UNIT_TEST(guests_wait_for_the_others)
{
    fixture_t        f;
    ngx_uint_t       i;
    ngx_chat_job_t  *gates[2], *jobs[4];

    sem_init(&gate, 0, 0);
    sem_init(&entered, 0, 0);
    runs = 0;

    fixture_open(&f, pool, log);

    for (i = 0; i < 2; i++) {
        gates[i] = fixture_job(&f, gate_run, 1);
        ngx_chat_store_read(f.store, gates[i]);
        sem_wait(&entered);
    }

    /* both threads are busy: guests come first, the others later */

    for (i = 0; i < 4; i++) {
        jobs[i] = fixture_job(&f, order_run, 1);
        jobs[i]->guest = i < 2;
        ngx_chat_store_read(f.store, jobs[i]);
    }

    /* one thread goes on, so that the order is one */

    sem_post(&gate);

    while (f.done < 5) {
        if (!ok(fixture_turn(&f), "one came back")) {
            break;
        }
    }

    is_int(runs, 4, "all have run");
    is_int(ran[0] + ran[1], 0, "the others first");
    is_int(ran[2] + ran[3], 2, "then the guests");

    sem_post(&gate);
    ok(fixture_drain(&f), "all come back");

    for (i = 0; i < 4; i++) {
        ngx_chat_job_destroy(jobs[i]);
    }

    ngx_chat_job_destroy(gates[0]);
    ngx_chat_job_destroy(gates[1]);
    fixture_stop(&f);
    sem_destroy(&gate);
    sem_destroy(&entered);
}


UNIT_TEST(room_for_guests)
{
    ngx_chat_job_t  job;

    memset(&job, 0, sizeof(job));

    is_int(ngx_chat_job_room(&job, 15, 16), 1, "the last place");
    is_int(ngx_chat_job_room(&job, 16, 16), 0, "no place");

    job.guest = 1;
    is_int(ngx_chat_job_room(&job, 11, 16), 1, "the last one for a guest");
    is_int(ngx_chat_job_room(&job, 12, 16), 0, "none for a guest");
}
