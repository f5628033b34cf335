
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The writer is signalled when there was nothing to do before.  It sleeps
 * only when it has seen, with the mutex, that list and tray are empty, and
 * jobs are put there with the mutex; others may empty the tray meanwhile, but
 * never fill it.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/fault.h"
#include "store/queue.h"
#include "store/thread.h"


#define NGX_CHAT_QUEUE_SPIN   200      /* us */
#define NGX_CHAT_QUEUE_VAIN   16       /* expectations after one in vain */


static void ngx_chat_queue_put(ngx_chat_queue_t *q, ngx_chat_jobs_t *jobs);
static void ngx_chat_queue_spin(ngx_chat_queue_t *q);
static ngx_uint_t ngx_chat_queue_pending(ngx_chat_queue_t *q);
static void ngx_chat_queue_count(ngx_chat_queue_t *q);
static void ngx_chat_queue_answered(ngx_chat_queue_t *q,
    ngx_chat_answer_t *a, ngx_chat_jobs_t *jobs);
static void ngx_chat_queue_lost(ngx_chat_queue_t *q, uint64_t ticket,
    ngx_chat_jobs_t *jobs);


ngx_int_t
ngx_chat_queue_init(ngx_chat_queue_t *q, ngx_chat_store_conf_t *conf)
{
    ngx_chat_jobs_init(&q->waiting);
    ngx_chat_jobs_init(&q->away);

    q->limit = conf->queue;
    q->tray = conf->tray;
    ngx_chat_desk_terms(&q->terms, conf->kinds, &conf->path, conf->full);

    q->lane = ngx_chat_metrics_lane(conf->metrics, NGX_CHAT_LANE_WRITER);

    if (pthread_mutex_init(&q->mutex, NULL) != 0
        || ngx_chat_thread_cond_init(&q->cond) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_chat_queue_destroy(ngx_chat_queue_t *q)
{
    (void) pthread_cond_destroy(&q->cond);
    (void) pthread_mutex_destroy(&q->mutex);
}


ngx_int_t
ngx_chat_queue_push(ngx_chat_queue_t *q, ngx_chat_job_t *job)
{
    ngx_int_t        rc;
    ngx_uint_t       idle;
    ngx_chat_jobs_t  jobs;

    rc = NGX_BUSY;
    idle = 0;

    __atomic_store_n(&q->coming, 0, __ATOMIC_RELEASE);

    (void) pthread_mutex_lock(&q->mutex);

    if (!q->stop
        && ngx_chat_job_room(job, q->waiting.n + q->away.n, q->limit))
    {
        rc = NGX_OK;
        idle = !ngx_chat_queue_pending(q);

        ngx_chat_jobs_init(&jobs);
        ngx_chat_jobs_add(&jobs, job);
        ngx_chat_queue_put(q, &jobs);
        ngx_chat_jobs_move(&q->waiting, &jobs, jobs.n);

        ngx_chat_queue_count(q);
    }

    (void) pthread_mutex_unlock(&q->mutex);

    /* without the mutex, which is what it would wake up for */

    if (idle) {
        (void) pthread_cond_signal(&q->cond);
    }

    return rc;
}


/*
 * Waking a thread takes as long as reading a request: both at the same time.
 * A writer that is awake needs no such thing.
 */

void
ngx_chat_queue_expect(ngx_chat_queue_t *q)
{
    ngx_uint_t  wake;

    (void) pthread_mutex_lock(&q->mutex);

    wake = q->asleep && !q->stop;

    if (wake && q->vain) {
        q->vain--;
        wake = 0;
    }

    if (wake) {
        __atomic_store_n(&q->coming, 1, __ATOMIC_RELEASE);
    }

    (void) pthread_mutex_unlock(&q->mutex);

    if (wake) {
        (void) pthread_cond_signal(&q->cond);
    }
}


/*
 * With the mutex, which is not held meanwhile.  The processor is given to
 * whoever wants it, and that may be the event loop.
 */

static void
ngx_chat_queue_spin(ngx_chat_queue_t *q)
{
    uint64_t  until;

    (void) pthread_mutex_unlock(&q->mutex);

    until = ngx_chat_metrics_now() + NGX_CHAT_QUEUE_SPIN;

    while (__atomic_load_n(&q->coming, __ATOMIC_ACQUIRE)
           && ngx_chat_metrics_now() < until)
    {
        ngx_sched_yield();
    }

    (void) pthread_mutex_lock(&q->mutex);

    /* the body takes its time, or a flood of requests is refused */

    if (__atomic_exchange_n(&q->coming, 0, __ATOMIC_ACQ_REL)) {
        q->vain = NGX_CHAT_QUEUE_VAIN;
    }
}


/*
 * With the mutex: the first ones go to the desk, as many as there is room
 * for, until one that only this worker can run.
 */

static void
ngx_chat_queue_put(ngx_chat_queue_t *q, ngx_chat_jobs_t *jobs)
{
    ngx_int_t  rc;

    if (!q->open) {
        return;
    }

    while (jobs->n) {
        jobs->first->ticket = q->ticket + 1;

        rc = ngx_chat_tray_put(q->tray, jobs->first);

        if (rc == NGX_DECLINED) {
            ngx_chat_tray_impatient(q->tray, 1);
        }

        if (rc != NGX_OK) {
            return;
        }

        q->ticket++;
        ngx_chat_jobs_move(&q->away, jobs, 1);
    }
}


/* with the mutex */

static ngx_uint_t
ngx_chat_queue_pending(ngx_chat_queue_t *q)
{
    return q->waiting.n
           || (q->open && !q->crowded && !q->starved
               && ngx_chat_tray_waiting(q->tray));
}


static void
ngx_chat_queue_count(ngx_chat_queue_t *q)
{
    ngx_chat_metric_set(q->lane, NGX_CHAT_METRIC_QUEUE_WRITES,
                        q->waiting.n + q->away.n);

    if (q->waiting.n == 0 && q->tray) {
        ngx_chat_tray_impatient(q->tray, 0);
    }
}


void
ngx_chat_queue_reap(ngx_chat_queue_t *q, ngx_chat_jobs_t *jobs)
{
    ngx_chat_answer_t  a;

    if (q->tray == NULL) {
        return;
    }

    (void) pthread_mutex_lock(&q->mutex);

    while (ngx_chat_tray_answer(q->tray, &a) == NGX_OK) {
        ngx_chat_queue_answered(q, &a, jobs);
        ngx_chat_tray_drop(q->tray);
    }

    ngx_chat_queue_lost(q, q->failed, jobs);

    if (!q->stop) {
        ngx_chat_queue_put(q, &q->waiting);
    }

    if (q->crowded) {
        q->crowded = 0;
        (void) pthread_cond_signal(&q->cond);
    }

    ngx_chat_queue_count(q);

    (void) pthread_mutex_unlock(&q->mutex);
}


/* one that comes twice was begun by a process that died, and again */

static void
ngx_chat_queue_answered(ngx_chat_queue_t *q, ngx_chat_answer_t *a,
    ngx_chat_jobs_t *jobs)
{
    ngx_chat_job_t  *job;

    ngx_chat_queue_lost(q, a->ticket - 1, jobs);

    if (q->away.n == 0 || q->away.first->ticket != a->ticket) {
        return;
    }

    job = ngx_chat_jobs_take(&q->away);

    if (a->rc == NGX_AGAIN && !q->stop) {
        job->stays = 1;
        job->again = 1;
        ngx_chat_jobs_add(&q->waiting, job);
        ngx_chat_tray_impatient(q->tray, 1);
        (void) pthread_cond_signal(&q->cond);
        return;
    }

    job->rc = a->rc == NGX_AGAIN ? NGX_ERROR : a->rc;
    job->result = a->result;
    job->body.len = a->body.len;
    job->body.data = ngx_pstrdup(job->pool, &a->body);

    if (job->body.data == NULL) {
        job->rc = NGX_ERROR;
    }

    ngx_chat_jobs_add(jobs, job);
}


/* whether they were committed is not known: who asked will ask again */

static void
ngx_chat_queue_lost(ngx_chat_queue_t *q, uint64_t ticket,
    ngx_chat_jobs_t *jobs)
{
    ngx_chat_job_t  *job;

    while (q->away.n && q->away.first->ticket <= ticket) {
        job = ngx_chat_jobs_take(&q->away);
        job->rc = NGX_ERROR;

        ngx_chat_jobs_add(jobs, job);
    }
}


void
ngx_chat_queue_stop(ngx_chat_queue_t *q)
{
    (void) pthread_mutex_lock(&q->mutex);

    q->stop = 1;
    q->crowded = 0;
    q->starved = 0;

    (void) pthread_cond_signal(&q->cond);
    (void) pthread_mutex_unlock(&q->mutex);
}


ngx_int_t
ngx_chat_queue_wait(ngx_chat_queue_t *q, ngx_msec_t until)
{
    ngx_int_t  rc;

    rc = NGX_OK;

    (void) pthread_mutex_lock(&q->mutex);

    if (q->starved) {
        until = ngx_min(until, ngx_chat_fault_now() + NGX_CHAT_QUEUE_PAUSE);
    }

    while (!ngx_chat_queue_pending(q)) {

        if (q->stop) {
            rc = NGX_DONE;
            break;
        }

        if (__atomic_load_n(&q->coming, __ATOMIC_ACQUIRE)) {
            ngx_chat_queue_spin(q);
            continue;
        }

        q->asleep = 1;
        rc = ngx_chat_thread_wait(&q->cond, &q->mutex, until);
        q->asleep = 0;

        if (rc == NGX_AGAIN) {
            q->starved = 0;
        }

        if (rc == NGX_AGAIN && !ngx_chat_queue_pending(q)) {
            break;
        }

        rc = NGX_OK;
    }

    (void) pthread_mutex_unlock(&q->mutex);

    return rc;
}


ngx_uint_t
ngx_chat_queue_ready(ngx_chat_queue_t *q)
{
    ngx_uint_t  ready;

    (void) pthread_mutex_lock(&q->mutex);

    ready = ngx_chat_queue_pending(q);

    (void) pthread_mutex_unlock(&q->mutex);

    return ready;
}


void
ngx_chat_queue_take(ngx_chat_queue_t *q, ngx_chat_jobs_t *jobs, ngx_uint_t n)
{
    (void) pthread_mutex_lock(&q->mutex);

    ngx_chat_jobs_move(jobs, &q->waiting, n);
    ngx_chat_queue_count(q);

    (void) pthread_mutex_unlock(&q->mutex);
}


/*
 * The event loop may have taken the answers since; if not, it was woken for
 * them and will.  At the end nobody takes any more: the rest has failed.
 */

void
ngx_chat_queue_crowded(ngx_chat_queue_t *q)
{
    (void) pthread_mutex_lock(&q->mutex);

    if (q->stop) {
        q->open = 0;
        q->failed = q->ticket;

    } else if (!ngx_chat_pipe_empty(q->tray->answers)) {
        q->crowded = 1;
    }

    (void) pthread_mutex_unlock(&q->mutex);
}


/* there may be memory in a while; at the end nobody waits for it */

void
ngx_chat_queue_starved(ngx_chat_queue_t *q)
{
    (void) pthread_mutex_lock(&q->mutex);

    if (q->stop) {
        q->open = 0;
        q->failed = q->ticket;

    } else {
        q->starved = 1;
    }

    (void) pthread_mutex_unlock(&q->mutex);
}


void
ngx_chat_queue_fail(ngx_chat_queue_t *q, ngx_chat_jobs_t *jobs)
{
    (void) pthread_mutex_lock(&q->mutex);

    q->open = 0;
    q->failed = q->ticket;

    ngx_chat_jobs_move(jobs, &q->waiting, q->waiting.n);
    ngx_chat_queue_count(q);

    (void) pthread_mutex_unlock(&q->mutex);
}


void
ngx_chat_queue_open(ngx_chat_queue_t *q)
{
    if (q->tray == NULL) {
        return;
    }

    (void) pthread_mutex_lock(&q->mutex);

    if (!q->open) {
        ngx_chat_tray_open(q->tray, &q->terms);
        q->open = 1;
    }

    (void) pthread_mutex_unlock(&q->mutex);
}


void
ngx_chat_queue_close(ngx_chat_queue_t *q)
{
    if (q->tray == NULL) {
        return;
    }

    (void) pthread_mutex_lock(&q->mutex);

    q->open = 0;
    ngx_chat_tray_release(q->tray);

    (void) pthread_mutex_unlock(&q->mutex);
}
