
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The writer thread.  A turn: take the lock, then everything that all workers
 * have queued by now, one transaction for it, publish, free the lock, hand
 * the jobs back.  Batches form by themselves: what comes during a turn waits
 * for the next, of whichever worker.
 *
 * The connection and the lock file are the thread's own.
 *
 * Waiting for the lock has no end: a holder that is dead has freed it, and
 * one that is slow is committing.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/batch.h"
#include "store/checkpoint.h"
#include "store/db.h"
#include "store/lock.h"
#include "store/publish.h"
#include "store/queue.h"
#include "store/schema.h"
#include "store/setup.h"
#include "store/sqlite.h"
#include "store/thread.h"
#include "store/writer.h"


#define NGX_CHAT_WRITER_BATCH  512      /* jobs */
#define NGX_CHAT_WRITER_TICK   1000     /* ms */

/*
 * The lock is kept while there are jobs, so that the pages in this
 * connection's cache stay good: a commit of somebody else's makes all of them
 * worthless.  Not longer than .hold at a time, for those who are not on the
 * desk (a second nginx, a command line), and only until somebody waits with
 * jobs of its own.
 */
#define NGX_CHAT_WRITER_YIELD  20       /* times 50 us, for such a one */

#define NGX_CHAT_WRITER_REST   5        /* idle ticks until a checkpoint */


struct ngx_chat_writer_s {
    ngx_chat_queue_t          queue;
    ngx_chat_desk_turn_t      taken;

    pthread_mutex_t           mutex;
    pthread_cond_t            opened;       /* ready */

    pthread_t                 thread;
    ngx_chat_store_conf_t    *conf;
    ngx_chat_finished_t      *finished;
    ngx_chat_reader_t        *reader;
    ngx_chat_fault_t          fault;
    ngx_log_t                 log;
    ngx_chat_lock_t           lock;
    ngx_chat_db_t             db;
    u_char                   *paths;        /* memory of both paths */

    ngx_msec_t                retry;        /* opening, not before this */
    ngx_msec_t                tick;         /* the next look around */
    ngx_uint_t                epoch;
    int64_t                   version;      /* data_version at the last one */
    ngx_uint_t                idle;         /* ticks since the last turn */
    ngx_chat_checkpoint_t     checkpoint;

    unsigned                  ready:1;
};


static ngx_int_t ngx_chat_writer_init(ngx_chat_writer_t *w);
static void ngx_chat_writer_free(ngx_chat_writer_t *w);
static void *ngx_chat_writer_run(void *data);
static void ngx_chat_writer_turn(ngx_chat_writer_t *w);
static ngx_uint_t ngx_chat_writer_wanted(ngx_chat_writer_t *w);
static ngx_uint_t ngx_chat_writer_disputed(ngx_chat_writer_t *w);
static void ngx_chat_writer_yield(ngx_chat_writer_t *w);
static ngx_uint_t ngx_chat_writer_work(ngx_chat_writer_t *w);
static void ngx_chat_writer_fail(ngx_chat_writer_t *w);
static ngx_int_t ngx_chat_writer_enter(ngx_chat_writer_t *w);
static void ngx_chat_writer_leave(ngx_chat_writer_t *w);
static ngx_int_t ngx_chat_writer_open(ngx_chat_writer_t *w);
static ngx_int_t ngx_chat_writer_connect(ngx_chat_writer_t *w);
static void ngx_chat_writer_close(ngx_chat_writer_t *w);
static void ngx_chat_writer_idle(ngx_chat_writer_t *w);
static ngx_int_t ngx_chat_writer_changed(ngx_chat_writer_t *w);


ngx_chat_writer_t *
ngx_chat_writer_create(ngx_chat_store_conf_t *conf,
    ngx_chat_finished_t *finished, ngx_chat_reader_t *reader)
{
    ngx_chat_writer_t  *w;

    w = ngx_calloc(sizeof(ngx_chat_writer_t), conf->log);
    if (w == NULL) {
        return NULL;
    }

    w->conf = conf;
    w->finished = finished;
    w->reader = reader;

    if (ngx_chat_writer_init(w) != NGX_OK) {
        ngx_free(w->paths);
        ngx_free(w);
        return NULL;
    }

    if (ngx_chat_thread_create(&w->thread, "chat-writer", ngx_chat_writer_run,
                               w, conf->log)
        != NGX_OK)
    {
        ngx_chat_writer_free(w);
        return NULL;
    }

    return w;
}


static ngx_int_t
ngx_chat_writer_init(ngx_chat_writer_t *w)
{
    size_t      size;
    ngx_str_t  *state;

    state = &w->conf->path;

    size = state->len + sizeof("/" NGX_CHAT_LOCK_FILE);

    w->paths = ngx_alloc(2 * size, w->conf->log);
    if (w->paths == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_thread_log(&w->log, w->conf->log);

    w->lock.fd = -1;
    w->lock.path = w->paths;
    w->lock.log = &w->log;
    w->lock.fault = &w->fault;

    w->db.path = w->paths + size;
    w->db.state = *state;
    w->db.log = &w->log;
    w->db.fault = &w->fault;
    w->db.lane = ngx_chat_metrics_lane(w->conf->metrics, NGX_CHAT_LANE_WRITER);
    w->db.full = w->conf->full ? 1 : 0;
    w->db.writer = 1;

    (void) ngx_snprintf(w->lock.path, size, "%V/%s%Z", state,
                        NGX_CHAT_LOCK_FILE);
    (void) ngx_snprintf(w->db.path, size, "%V/%s%Z", state, NGX_CHAT_DB_FILE);

    if (ngx_chat_fault_init(&w->fault, "writes", &w->log) != NGX_OK
        || ngx_chat_queue_init(&w->queue, w->conf) != NGX_OK
        || pthread_mutex_init(&w->mutex, NULL) != 0
        || ngx_chat_thread_cond_init(&w->opened) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_fault_count(&w->fault, w->db.lane, NGX_CHAT_METRIC_OUTAGES_WRITES,
                         NGX_CHAT_METRIC_DOWN_WRITES);

    return NGX_OK;
}


static void
ngx_chat_writer_free(ngx_chat_writer_t *w)
{
    (void) pthread_cond_destroy(&w->opened);
    (void) pthread_mutex_destroy(&w->mutex);

    ngx_chat_queue_destroy(&w->queue);

    ngx_chat_fault_destroy(&w->fault);

    ngx_free(w->paths);
    ngx_free(w);
}


void
ngx_chat_writer_ready(ngx_chat_writer_t *w, ngx_msec_t ms)
{
    ngx_msec_t  until;

    until = ngx_chat_fault_now() + ms;

    (void) pthread_mutex_lock(&w->mutex);

    while (!w->ready) {

        if (ngx_chat_thread_wait(&w->opened, &w->mutex, until) != NGX_OK) {
            break;
        }
    }

    (void) pthread_mutex_unlock(&w->mutex);
}


void
ngx_chat_writer_expect(ngx_chat_writer_t *w)
{
    ngx_chat_queue_expect(&w->queue);
}


ngx_int_t
ngx_chat_writer_push(ngx_chat_writer_t *w, ngx_chat_job_t *job)
{
    return ngx_chat_queue_push(&w->queue, job);
}


void
ngx_chat_writer_reap(ngx_chat_writer_t *w, ngx_chat_jobs_t *jobs)
{
    ngx_chat_queue_reap(&w->queue, jobs);
}


void
ngx_chat_writer_stop(ngx_chat_writer_t *w)
{
    ngx_chat_queue_stop(&w->queue);

    (void) pthread_join(w->thread, NULL);
}


void
ngx_chat_writer_destroy(ngx_chat_writer_t *w)
{
    ngx_chat_queue_close(&w->queue);
    ngx_chat_writer_free(w);
}


static void *
ngx_chat_writer_run(void *data)
{
    ngx_chat_writer_t *w = data;

    ngx_int_t  rc;

    if (ngx_chat_writer_enter(w) == NGX_OK) {
        ngx_chat_writer_leave(w);
    }

    (void) pthread_mutex_lock(&w->mutex);

    w->ready = 1;

    (void) pthread_cond_broadcast(&w->opened);
    (void) pthread_mutex_unlock(&w->mutex);

    w->tick = ngx_chat_fault_now() + NGX_CHAT_WRITER_TICK;

    for ( ;; ) {
        rc = ngx_chat_queue_wait(&w->queue, w->tick);

        if (rc == NGX_DONE) {
            break;
        }

        if (rc == NGX_OK) {
            ngx_chat_writer_turn(w);

        } else {
            ngx_chat_writer_idle(w);
        }
    }

    ngx_chat_writer_close(w);
    ngx_chat_lock_close(&w->lock);

    return NULL;
}


static void
ngx_chat_writer_turn(ngx_chat_writer_t *w)
{
    ngx_msec_t  until;

    if (ngx_chat_writer_enter(w) != NGX_OK) {
        ngx_chat_writer_fail(w);
        return;
    }

    until = ngx_chat_fault_now() + w->conf->hold;

    /* the one who had the lock before may have taken them all */

    while (ngx_chat_writer_wanted(w)) {

        if (ngx_chat_writer_work(w) == 0 || w->db.reopen || w->taken.overtaken
            || ngx_chat_fault_now() >= until || ngx_chat_writer_disputed(w))
        {
            break;
        }
    }

    ngx_chat_writer_leave(w);
    ngx_chat_writer_yield(w);

    w->idle = 0;
}


static ngx_uint_t
ngx_chat_writer_wanted(ngx_chat_writer_t *w)
{
    return ngx_chat_queue_ready(&w->queue)
           || (w->conf->desk
               && ngx_chat_desk_waiting(w->conf->desk, &w->queue.terms));
}


static ngx_uint_t
ngx_chat_writer_disputed(ngx_chat_writer_t *w)
{
    return w->conf->desk && w->conf->tray
           && ngx_chat_desk_wanted(w->conf->desk, w->conf->tray);
}


/*
 * flock() is not fair: who frees the lock would have it again before the
 * other one has woken up.
 */

static void
ngx_chat_writer_yield(ngx_chat_writer_t *w)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_WRITER_YIELD && ngx_chat_writer_disputed(w); i++)
    {
        (void) usleep(50);
    }
}


/* with the lock: what waits here and on the desk, in one transaction */

static ngx_uint_t
ngx_chat_writer_work(ngx_chat_writer_t *w)
{
    ngx_uint_t              n;
    ngx_chat_jobs_t         jobs;
    ngx_chat_store_conf_t  *conf;

    conf = w->conf;

    ngx_chat_jobs_init(&jobs);
    ngx_chat_queue_take(&w->queue, &jobs, NGX_CHAT_WRITER_BATCH);

    if (conf->desk) {
        ngx_chat_desk_take(conf->desk, &w->taken, &w->queue.terms, &jobs,
                           NGX_CHAT_WRITER_BATCH, &w->log);
    }

    n = jobs.n;

    if (n) {
        ngx_chat_batch_run(&w->db, conf, &jobs);
    }

    /* before the checkpoint: nobody has to wait for that */

    if (conf->desk) {
        ngx_chat_desk_answer(conf->desk, &w->taken, &jobs, conf->wake,
                             conf->ctx);

        if (ngx_chat_desk_crowded(conf->desk, &w->taken, conf->tray)) {
            ngx_chat_queue_crowded(&w->queue);
        }

        if (w->taken.starved) {
            ngx_chat_queue_starved(&w->queue);
        }
    }

    ngx_chat_finished_add(w->finished, &jobs);

    /* those who wait here for what others sent are woken by no answer */

    if (n) {
        conf->notify(conf->ctx);
    }

    ngx_chat_checkpoint(&w->checkpoint, &w->db, w->reader);

    return n;
}


static void
ngx_chat_writer_fail(ngx_chat_writer_t *w)
{
    ngx_chat_jobs_t  jobs;

    ngx_chat_jobs_init(&jobs);

    ngx_chat_queue_fail(&w->queue, &jobs);
    ngx_chat_batch_fail(&jobs);
    ngx_chat_finished_add(w->finished, &jobs);

    /* those on the desk are failed by the event loop */

    w->conf->notify(w->conf->ctx);
}


/*
 * Takes the lock with the database open, or fails without waiting when it
 * could not be opened a moment ago.
 */

static ngx_int_t
ngx_chat_writer_enter(ngx_chat_writer_t *w)
{
    if (w->db.handle == NULL && ngx_chat_fault_now() < w->retry) {
        return NGX_ERROR;
    }

    if (ngx_chat_lock(&w->lock) != NGX_OK) {
        w->retry = ngx_chat_fault_now() + NGX_CHAT_WRITER_TICK;
        return NGX_ERROR;
    }

    if (w->db.handle && ngx_chat_sqlite_replaced(&w->db)) {
        ngx_log_error(NGX_LOG_CRIT, &w->log, 0,
                      "\"%s\" or its log was replaced or removed while it "
                      "was open, opening it anew", w->db.path);

        ngx_chat_reader_epoch(w->reader, 0);
        ngx_chat_sqlite_abandon(&w->db);
    }

    if (w->db.handle == NULL && ngx_chat_writer_open(w) != NGX_OK) {
        w->retry = ngx_chat_fault_now() + NGX_CHAT_WRITER_TICK;
        ngx_chat_unlock(&w->lock);
        return NGX_ERROR;
    }

    ngx_chat_queue_open(&w->queue);

    return NGX_OK;
}


/* a connection that failed is opened anew at the next turn */

static void
ngx_chat_writer_leave(ngx_chat_writer_t *w)
{
    if (w->db.reopen) {
        ngx_chat_reader_keep(w->reader);
        ngx_chat_sqlite_close(&w->db);
    }

    ngx_chat_unlock(&w->lock);
}


static ngx_int_t
ngx_chat_writer_open(ngx_chat_writer_t *w)
{
    if (ngx_chat_sqlite_open(&w->db) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_chat_writer_connect(w) != NGX_OK) {
        ngx_chat_sqlite_close(&w->db);
        return NGX_ERROR;
    }

    ngx_chat_publish_blocks(&w->db, w->conf);
    ngx_chat_publish_missing(&w->db, w->conf);
    ngx_chat_setup_offer(&w->db);
    ngx_chat_reader_epoch(w->reader, ++w->epoch);

    return NGX_OK;
}


static ngx_int_t
ngx_chat_writer_connect(ngx_chat_writer_t *w)
{
    if (ngx_chat_schema_migrate(&w->db, ngx_chat_migrations) != NGX_OK
        || ngx_chat_sqlite_prepare(&w->db) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_chat_writer_changed(w) == NGX_ERROR) {
        return NGX_ERROR;
    }

    return ngx_chat_sqlite_remember(&w->db);
}


static void
ngx_chat_writer_close(ngx_chat_writer_t *w)
{
    ngx_chat_reader_epoch(w->reader, 0);
    ngx_chat_sqlite_close(&w->db);
}


/* nothing to do for a second */

static void
ngx_chat_writer_idle(ngx_chat_writer_t *w)
{
    w->tick = ngx_chat_fault_now() + NGX_CHAT_WRITER_TICK;
    w->idle++;

    if (w->db.handle
        && !ngx_chat_sqlite_replaced(&w->db)
        && ngx_chat_writer_changed(w) == NGX_DECLINED)
    {
        /* a copy of the file alone is fresh after this */

        if (w->idle == NGX_CHAT_WRITER_REST && w->db.wal_pages) {
            w->db.wal_pages = 0;
            ngx_chat_reader_checkpoint(w->reader);
        }

        return;
    }

    if (ngx_chat_writer_enter(w) != NGX_OK) {
        w->version = -1;
        return;
    }

    ngx_chat_publish_blocks(&w->db, w->conf);
    ngx_chat_publish_missing(&w->db, w->conf);

    ngx_chat_writer_leave(w);
}


/* NGX_OK when another connection has committed, NGX_DECLINED when none has */

static ngx_int_t
ngx_chat_writer_changed(ngx_chat_writer_t *w)
{
    int64_t           version;
    ngx_int_t         rc;
    ngx_chat_query_t  q;

    version = 0;

    ngx_chat_query(&q, &w->db, NULL, NGX_CHAT_SQL_DATA_VERSION);

    rc = ngx_chat_query_step(&q);

    if (rc == NGX_OK) {
        version = ngx_chat_query_int(&q);
    }

    (void) ngx_chat_query_end(&q);

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    if (version == w->version) {
        return NGX_DECLINED;
    }

    w->version = version;

    return NGX_OK;
}
