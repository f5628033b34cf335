
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The mutex guards the lists and the counts; the connection of each thread is
 * its own, opened when the first job comes and again after an error that
 * makes it useless.
 *
 * While reads fail, a thread that has nothing to do tries again by itself: on
 * a site where nobody asks for anything the outage would stand for ever.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/reader.h"
#include "store/schema.h"
#include "store/sqlite.h"
#include "store/thread.h"


#define NGX_CHAT_READER_THREADS  2
#define NGX_CHAT_READER_HEAVY    64     /* queued: about a second of hashing */
#define NGX_CHAT_READER_AGAIN    1000   /* ms */


typedef struct {
    pthread_t                 thread;
    ngx_chat_reader_t        *reader;
    ngx_chat_db_t             db;
    ngx_chat_job_t            again;        /* nobody's: a read */
    ngx_uint_t                epoch;        /* of the open connection */
    ngx_log_t                 log;
} ngx_chat_reader_thread_t;


struct ngx_chat_reader_s {
    pthread_mutex_t             mutex;
    pthread_cond_t              cond;
    ngx_chat_jobs_t             light;
    ngx_chat_jobs_t             guests;         /* light, but after .light */
    ngx_chat_jobs_t             heavy;
    ngx_uint_t                  limit;
    ngx_uint_t                  epoch;
    ngx_chat_finished_t        *finished;
    ngx_chat_fault_t            fault;
    ngx_log_t                   log;
    u_char                     *path;       /* of the database */
    ngx_chat_lane_t            *lane;       /* cells written with the mutex */
    ngx_chat_job_t              checkpoint;
    int                         moved;      /* pages, by the last one */
    ngx_uint_t                  running;    /* threads that were started */
    ngx_chat_reader_thread_t    threads[NGX_CHAT_READER_THREADS];
    unsigned                    hashing:1;  /* a heavy job runs */
    unsigned                    moving:1;   /* .checkpoint is queued or runs */
    unsigned                    keep:1;     /* open connections, no others */
    unsigned                    stop:1;
};


static ngx_int_t ngx_chat_reader_start(ngx_chat_reader_t *r,
    ngx_chat_store_conf_t *conf);
static ngx_uint_t ngx_chat_reader_queued(ngx_chat_reader_t *r);
static ngx_int_t ngx_chat_reader_move(ngx_chat_job_t *job, ngx_chat_db_t *db);
static ngx_int_t ngx_chat_reader_again(ngx_chat_job_t *job,
    ngx_chat_db_t *db);
static void *ngx_chat_reader_run(void *data);
static ngx_chat_job_t *ngx_chat_reader_next(ngx_chat_reader_thread_t *t,
    ngx_uint_t *epoch);
static ngx_int_t ngx_chat_reader_wait(ngx_chat_reader_t *r);
static void ngx_chat_reader_done(ngx_chat_reader_t *r, ngx_chat_job_t *job);
static void ngx_chat_reader_job(ngx_chat_reader_thread_t *t,
    ngx_chat_job_t *job, ngx_uint_t epoch);
static ngx_int_t ngx_chat_reader_connect(ngx_chat_reader_thread_t *t,
    ngx_uint_t epoch);


ngx_chat_reader_t *
ngx_chat_reader_create(ngx_chat_store_conf_t *conf,
    ngx_chat_finished_t *finished)
{
    size_t              size;
    ngx_chat_reader_t  *r;

    r = ngx_calloc(sizeof(ngx_chat_reader_t), conf->log);
    if (r == NULL) {
        return NULL;
    }

    ngx_chat_jobs_init(&r->light);
    ngx_chat_jobs_init(&r->guests);
    ngx_chat_jobs_init(&r->heavy);

    r->checkpoint.run = ngx_chat_reader_move;
    r->checkpoint.data = r;
    r->limit = conf->queue;
    r->finished = finished;
    ngx_chat_thread_log(&r->log, conf->log);

    size = conf->path.len + sizeof("/" NGX_CHAT_DB_FILE);

    r->path = ngx_alloc(size, conf->log);
    if (r->path == NULL) {
        ngx_free(r);
        return NULL;
    }

    (void) ngx_snprintf(r->path, size, "%V/%s%Z", &conf->path,
                        NGX_CHAT_DB_FILE);

    if (ngx_chat_fault_init(&r->fault, "reads", &r->log) != NGX_OK
        || pthread_mutex_init(&r->mutex, NULL) != 0
        || ngx_chat_thread_cond_init(&r->cond) != NGX_OK)
    {
        ngx_free(r->path);
        ngx_free(r);
        return NULL;
    }

    r->lane = ngx_chat_metrics_lane(conf->metrics, NGX_CHAT_LANE_READERS);

    ngx_chat_fault_count(&r->fault, r->lane, NGX_CHAT_METRIC_OUTAGES_READS,
                         NGX_CHAT_METRIC_DOWN_READS);

    if (ngx_chat_reader_start(r, conf) != NGX_OK) {
        ngx_chat_reader_stop(r);
        ngx_chat_reader_destroy(r);
        return NULL;
    }

    return r;
}


static ngx_int_t
ngx_chat_reader_start(ngx_chat_reader_t *r, ngx_chat_store_conf_t *conf)
{
    ngx_uint_t                 i;
    ngx_chat_reader_thread_t  *t;

    for (i = 0; i < NGX_CHAT_READER_THREADS; i++) {
        t = &r->threads[i];

        t->reader = r;
        t->again.run = ngx_chat_reader_again;
        ngx_chat_thread_log(&t->log, conf->log);

        t->db.path = r->path;
        t->db.state = conf->path;
        t->db.log = &t->log;
        t->db.fault = &r->fault;
        t->db.lane = ngx_chat_metrics_lane(conf->metrics,
                                           NGX_CHAT_LANE_READERS + i);

        if (ngx_chat_thread_create(&t->thread, "chat-reader",
                                   ngx_chat_reader_run, t, conf->log)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        r->running++;
    }

    return NGX_OK;
}


void
ngx_chat_reader_stop(ngx_chat_reader_t *r)
{
    ngx_uint_t  i;

    (void) pthread_mutex_lock(&r->mutex);

    r->stop = 1;

    (void) pthread_cond_broadcast(&r->cond);
    (void) pthread_mutex_unlock(&r->mutex);

    for (i = 0; i < r->running; i++) {
        (void) pthread_join(r->threads[i].thread, NULL);
    }

    r->running = 0;
}


void
ngx_chat_reader_destroy(ngx_chat_reader_t *r)
{
    (void) pthread_cond_destroy(&r->cond);
    (void) pthread_mutex_destroy(&r->mutex);

    ngx_chat_fault_destroy(&r->fault);

    ngx_free(r->path);
    ngx_free(r);
}


ngx_int_t
ngx_chat_reader_push(ngx_chat_reader_t *r, ngx_chat_job_t *job)
{
    ngx_int_t  rc;

    rc = NGX_OK;

    (void) pthread_mutex_lock(&r->mutex);

    if (!ngx_chat_job_room(job, ngx_chat_reader_queued(r), r->limit)
        || (job->heavy && r->heavy.n >= NGX_CHAT_READER_HEAVY))
    {
        rc = NGX_BUSY;

    } else {
        ngx_chat_jobs_add(job->heavy ? &r->heavy
                          : job->guest ? &r->guests : &r->light, job);
        (void) pthread_cond_signal(&r->cond);

        ngx_chat_metric_set(r->lane, NGX_CHAT_METRIC_QUEUE_READS,
                            ngx_chat_reader_queued(r));
    }

    (void) pthread_mutex_unlock(&r->mutex);

    return rc;
}


/* with the mutex */

static ngx_uint_t
ngx_chat_reader_queued(ngx_chat_reader_t *r)
{
    return r->light.n + r->guests.n + r->heavy.n;
}


void
ngx_chat_reader_epoch(ngx_chat_reader_t *r, ngx_uint_t epoch)
{
    (void) pthread_mutex_lock(&r->mutex);

    r->epoch = epoch;
    r->keep = 0;

    (void) pthread_mutex_unlock(&r->mutex);
}


void
ngx_chat_reader_keep(ngx_chat_reader_t *r)
{
    (void) pthread_mutex_lock(&r->mutex);

    r->keep = 1;

    (void) pthread_mutex_unlock(&r->mutex);
}


void
ngx_chat_reader_checkpoint(ngx_chat_reader_t *r)
{
    (void) pthread_mutex_lock(&r->mutex);

    if (!r->moving) {
        r->moving = 1;
        ngx_chat_jobs_add(&r->light, &r->checkpoint);
        (void) pthread_cond_signal(&r->cond);
    }

    (void) pthread_mutex_unlock(&r->mutex);
}


int
ngx_chat_reader_moved(ngx_chat_reader_t *r)
{
    int  moved;

    (void) pthread_mutex_lock(&r->mutex);

    moved = r->moved;
    r->moved = 0;

    (void) pthread_mutex_unlock(&r->mutex);

    return moved;
}


static ngx_int_t
ngx_chat_reader_move(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_int_t           rc;
    ngx_chat_reader_t  *r = job->data;

    rc = ngx_chat_sqlite_checkpoint(db);

    (void) pthread_mutex_lock(&r->mutex);

    r->moved = db->wal_moved;

    (void) pthread_mutex_unlock(&r->mutex);

    return rc;
}


static ngx_int_t
ngx_chat_reader_again(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    int64_t  newest;

    return ngx_chat_db_cursor(db, &newest);
}


static void *
ngx_chat_reader_run(void *data)
{
    ngx_uint_t                 epoch;
    ngx_chat_job_t            *job;
    ngx_chat_reader_t         *r;
    ngx_chat_reader_thread_t  *t;

    t = data;
    r = t->reader;

    for ( ;; ) {
        job = ngx_chat_reader_next(t, &epoch);
        if (job == NULL) {
            break;
        }

        ngx_chat_reader_job(t, job, epoch);

        if (job != &t->again) {
            ngx_chat_reader_done(r, job);
        }
    }

    ngx_chat_sqlite_close(&t->db);

    return NULL;
}


/* NULL: the end */

static ngx_chat_job_t *
ngx_chat_reader_next(ngx_chat_reader_thread_t *t, ngx_uint_t *epoch)
{
    ngx_chat_job_t     *job;
    ngx_chat_reader_t  *r;

    r = t->reader;

    (void) pthread_mutex_lock(&r->mutex);

    for ( ;; ) {
        job = r->hashing ? NULL : ngx_chat_jobs_take(&r->heavy);

        if (job) {
            r->hashing = 1;
            break;
        }

        job = ngx_chat_jobs_take(&r->light);

        if (job == NULL) {
            job = ngx_chat_jobs_take(&r->guests);
        }

        if (job || (r->stop && r->heavy.n == 0)) {
            break;
        }

        if (ngx_chat_reader_wait(r) == NGX_AGAIN) {
            job = &t->again;
            break;
        }
    }

    ngx_chat_metric_set(r->lane, NGX_CHAT_METRIC_QUEUE_READS,
                        ngx_chat_reader_queued(r));

    *epoch = r->epoch;

    if (r->keep && (t->db.handle == NULL || t->epoch != r->epoch)) {
        *epoch = 0;
    }

    (void) pthread_mutex_unlock(&r->mutex);

    return job;
}


/* with the mutex; NGX_AGAIN: for long enough, and reads fail */

static ngx_int_t
ngx_chat_reader_wait(ngx_chat_reader_t *r)
{
    if (ngx_chat_fault_stands(&r->fault)) {
        return ngx_chat_thread_wait(&r->cond, &r->mutex, ngx_chat_fault_now()
                                                   + NGX_CHAT_READER_AGAIN);
    }

    (void) pthread_cond_wait(&r->cond, &r->mutex);

    return NGX_OK;
}


static void
ngx_chat_reader_done(ngx_chat_reader_t *r, ngx_chat_job_t *job)
{
    ngx_chat_jobs_t  jobs;

    if (job == &r->checkpoint) {
        (void) pthread_mutex_lock(&r->mutex);

        r->moving = 0;

        (void) pthread_mutex_unlock(&r->mutex);

        return;
    }

    if (job->heavy) {
        (void) pthread_mutex_lock(&r->mutex);

        r->hashing = 0;

        /* the other one may wait for this, or for the end */

        if (r->heavy.n || r->stop) {
            (void) pthread_cond_broadcast(&r->cond);
        }

        (void) pthread_mutex_unlock(&r->mutex);
    }

    ngx_chat_jobs_init(&jobs);
    ngx_chat_jobs_add(&jobs, job);

    ngx_chat_finished_add(r->finished, &jobs);
}


static void
ngx_chat_reader_job(ngx_chat_reader_thread_t *t, ngx_chat_job_t *job,
    ngx_uint_t epoch)
{
    ngx_chat_db_t  *db;

    db = &t->db;

    if (ngx_chat_reader_connect(t, epoch) != NGX_OK) {
        job->rc = NGX_ERROR;
        return;
    }

    db->failed = 0;

    job->rc = job->run(job, db);

    ngx_chat_db_release(db);

    if (db->failed) {
        job->rc = NGX_ERROR;

    } else {
        ngx_chat_fault_over(db->fault, (char *) db->path);
    }

    if (db->reopen || ngx_chat_sqlite_in_transaction(db)) {
        ngx_chat_sqlite_close(db);
    }
}


static ngx_int_t
ngx_chat_reader_connect(ngx_chat_reader_thread_t *t, ngx_uint_t epoch)
{
    if (t->db.handle && t->epoch != epoch) {
        ngx_chat_sqlite_close(&t->db);
    }

    if (epoch == 0) {
        return NGX_ERROR;
    }

    if (t->db.handle) {
        return NGX_OK;
    }

    if (ngx_chat_sqlite_open(&t->db) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_chat_schema_check(&t->db) != NGX_OK
        || ngx_chat_sqlite_prepare(&t->db) != NGX_OK)
    {
        ngx_chat_sqlite_close(&t->db);
        return NGX_ERROR;
    }

    t->epoch = epoch;

    return NGX_OK;
}
