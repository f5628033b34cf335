
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The mutex guards the lists; the connection, the lock file and the sweep are
 * the thread's.  The threads of all workers write to the one file and take
 * turns by a lock file of its own.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/fault.h"
#include "store/lock.h"
#include "store/schema.h"
#include "store/sqlite.h"
#include "store/thread.h"
#include "store/visits.h"
#include "store/visits_db.h"
#include "store/visits_item.h"
#include "store/visits_schema.h"


#define NGX_CHAT_VISITS_GATHER  200         /* ms that a view waits for more */
#define NGX_CHAT_VISITS_BATCH   1024        /* in a transaction */
#define NGX_CHAT_VISITS_WAL     1000        /* pages until a checkpoint */
#define NGX_CHAT_VISITS_SWEEP   600000      /* ms between sweeps */
#define NGX_CHAT_VISITS_REST    1000        /* ms between parts of a sweep */
#define NGX_CHAT_VISITS_GUESTS  16          /* jobs of visitors that wait */


struct ngx_chat_visits_writer_s {
    pthread_mutex_t            mutex;
    pthread_cond_t             cond;
    ngx_chat_visits_list_t     items;
    ngx_chat_jobs_t            jobs;
    ngx_chat_store_conf_t     *conf;
    ngx_chat_finished_t       *finished;
    ngx_chat_fault_t           fault;
    ngx_chat_lock_t            lock;
    ngx_chat_db_t              db;
    ngx_chat_lane_t           *loop;        /* the event loop's */
    ngx_chat_lane_t           *lane;        /* the thread's */
    ngx_log_t                  log;
    ngx_msec_t                 retry;       /* not to be opened before */
    ngx_msec_t                 sweep;       /* next one */
    pthread_t                  thread;
    ngx_uint_t                 running;     /* the event loop's */
    ngx_uint_t                 stop;        /* with the mutex */
};


static u_char *ngx_chat_visits_writer_path(ngx_chat_store_conf_t *conf,
    const char *file);
static ngx_int_t ngx_chat_visits_writer_push(ngx_chat_visits_writer_t *w,
    ngx_chat_visits_item_t *item);
static void *ngx_chat_visits_writer_run(void *data);
static ngx_uint_t ngx_chat_visits_writer_next(ngx_chat_visits_writer_t *w,
    ngx_chat_visits_list_t *items, ngx_chat_jobs_t *jobs);
static void ngx_chat_visits_writer_batch(ngx_chat_visits_writer_t *w,
    ngx_chat_visits_list_t *items);
static ngx_int_t ngx_chat_visits_writer_commit(ngx_chat_visits_writer_t *w,
    ngx_chat_visits_item_t *first);
static ngx_int_t ngx_chat_visits_writer_item(ngx_chat_visits_writer_t *w,
    ngx_chat_visits_item_t *item, ngx_pool_t *pool);
static void ngx_chat_visits_writer_jobs(ngx_chat_visits_writer_t *w,
    ngx_chat_jobs_t *jobs);
static void ngx_chat_visits_writer_sweep(ngx_chat_visits_writer_t *w);
static ngx_int_t ngx_chat_visits_writer_open(ngx_chat_visits_writer_t *w);
static void ngx_chat_visits_writer_after(ngx_chat_visits_writer_t *w);


ngx_chat_visits_writer_t *
ngx_chat_visits_writer_create(ngx_chat_store_conf_t *conf,
    ngx_chat_finished_t *finished)
{
    ngx_chat_visits_writer_t  *w;

    w = ngx_calloc(sizeof(ngx_chat_visits_writer_t), conf->log);
    if (w == NULL) {
        return NULL;
    }

    ngx_chat_jobs_init(&w->jobs);

    ngx_chat_visits_list_init(&w->items);

    w->conf = conf;
    w->finished = finished;
    w->loop = ngx_chat_metrics_lane(conf->metrics, NGX_CHAT_LANE_LOOP);
    w->lane = ngx_chat_metrics_lane(conf->metrics, NGX_CHAT_LANE_VISITS);
    ngx_chat_thread_log(&w->log, conf->log);

    w->db.path = ngx_chat_visits_writer_path(conf, NGX_CHAT_VISITS_FILE);
    w->lock.path = ngx_chat_visits_writer_path(conf, NGX_CHAT_VISITS_LOCK);

    if (w->db.path == NULL
        || w->lock.path == NULL
        || ngx_chat_fault_init(&w->fault, "writes", &w->log) != NGX_OK
        || pthread_mutex_init(&w->mutex, NULL) != 0
        || ngx_chat_thread_cond_init(&w->cond) != NGX_OK)
    {
        ngx_free(w->lock.path);
        ngx_free(w->db.path);
        ngx_free(w);
        return NULL;
    }

    w->lock.fd = -1;
    w->lock.log = &w->log;
    w->lock.fault = &w->fault;

    w->db.texts = ngx_chat_visits_texts;
    w->db.application = NGX_CHAT_VISITS_APPLICATION;
    w->db.state = conf->path;
    w->db.log = &w->log;
    w->db.fault = &w->fault;
    w->db.writer = 1;

    /* not all workers at once, and not while the site starts */

    w->sweep = ngx_chat_fault_now() + NGX_CHAT_VISITS_REST * (1 + ngx_worker);

    if (ngx_chat_thread_create(&w->thread, "chat-visits",
                               ngx_chat_visits_writer_run, w, conf->log)
        != NGX_OK)
    {
        ngx_chat_visits_writer_destroy(w);
        return NULL;
    }

    w->running = 1;

    return w;
}


static u_char *
ngx_chat_visits_writer_path(ngx_chat_store_conf_t *conf, const char *file)
{
    u_char  *path;
    size_t   size;

    size = conf->path.len + 1 + ngx_strlen(file) + 1;

    path = ngx_alloc(size, conf->log);

    if (path) {
        (void) ngx_snprintf(path, size, "%V/%s%Z", &conf->path, file);
    }

    return path;
}


void
ngx_chat_visits_writer_destroy(ngx_chat_visits_writer_t *w)
{
    if (w->running) {
        (void) pthread_mutex_lock(&w->mutex);

        w->stop = 1;

        (void) pthread_cond_signal(&w->cond);
        (void) pthread_mutex_unlock(&w->mutex);

        (void) pthread_join(w->thread, NULL);
    }

    (void) pthread_cond_destroy(&w->cond);
    (void) pthread_mutex_destroy(&w->mutex);

    ngx_chat_lock_close(&w->lock);
    ngx_chat_fault_destroy(&w->fault);

    ngx_free(w->lock.path);
    ngx_free(w->db.path);
    ngx_free(w);
}


ngx_int_t
ngx_chat_visits_writer_view(ngx_chat_visits_writer_t *w,
    ngx_chat_view_t *view)
{
    ngx_int_t                rc;
    ngx_chat_visits_item_t  *item;

    if (view->agent.crawler) {
        (void) pthread_mutex_lock(&w->mutex);
        rc = ngx_chat_visits_list_crawler(&w->items, view);
        (void) pthread_mutex_unlock(&w->mutex);

        if (rc == NGX_OK) {
            return NGX_OK;
        }
    }

    item = ngx_chat_visits_item_view(view, &w->log);

    return item ? ngx_chat_visits_writer_push(w, item) : NGX_BUSY;
}


ngx_int_t
ngx_chat_visits_writer_keep(ngx_chat_visits_writer_t *w, uint64_t key)
{
    ngx_chat_visits_item_t  *item;

    item = ngx_chat_visits_item_keep(key, &w->log);

    return item ? ngx_chat_visits_writer_push(w, item) : NGX_BUSY;
}


static ngx_int_t
ngx_chat_visits_writer_push(ngx_chat_visits_writer_t *w,
    ngx_chat_visits_item_t *item)
{
    ngx_uint_t  n;

    (void) pthread_mutex_lock(&w->mutex);

    n = w->items.n;

    if (n < w->conf->visits) {
        ngx_chat_visits_list_add(&w->items, item);

        /* the first one wakes the thread, and one when it is time to hurry */

        if (n == 0 || n == w->conf->visits / 2) {
            (void) pthread_cond_signal(&w->cond);
        }
    }

    (void) pthread_mutex_unlock(&w->mutex);

    if (n < w->conf->visits) {
        return NGX_OK;
    }

    ngx_free(item);
    ngx_chat_metric_add(w->loop, NGX_CHAT_METRIC_VIEWS_DROPPED, 1);

    return NGX_BUSY;
}


ngx_int_t
ngx_chat_visits_writer_read(ngx_chat_visits_writer_t *w, ngx_chat_job_t *job)
{
    ngx_int_t  rc;

    (void) pthread_mutex_lock(&w->mutex);

    /* what visitors ask takes milliseconds, and views wait meanwhile */

    rc = w->jobs.n < (job->guest ? NGX_CHAT_VISITS_GUESTS : w->conf->queue)
         ? NGX_OK : NGX_BUSY;

    if (rc == NGX_OK) {
        ngx_chat_jobs_add(&w->jobs, job);
        (void) pthread_cond_signal(&w->cond);
    }

    (void) pthread_mutex_unlock(&w->mutex);

    return rc;
}


static void *
ngx_chat_visits_writer_run(void *data)
{
    ngx_chat_jobs_t            jobs;
    ngx_chat_visits_list_t     items;
    ngx_chat_visits_writer_t  *w;

    w = data;

    while (ngx_chat_visits_writer_next(w, &items, &jobs)) {

        if (jobs.n) {
            ngx_chat_visits_writer_jobs(w, &jobs);
        }

        if (items.n) {
            ngx_chat_visits_writer_batch(w, &items);
        }

        if (ngx_chat_fault_now() >= w->sweep) {
            ngx_chat_visits_writer_sweep(w);
        }
    }

    ngx_chat_sqlite_close(&w->db);

    return NULL;
}


/* what there is, when it is time for it; 0: the end */

static ngx_uint_t
ngx_chat_visits_writer_next(ngx_chat_visits_writer_t *w,
    ngx_chat_visits_list_t *items, ngx_chat_jobs_t *jobs)
{
    ngx_msec_t  until;

    ngx_chat_jobs_init(jobs);
    until = w->sweep;

    (void) pthread_mutex_lock(&w->mutex);

    while (!w->stop && w->jobs.n == 0 && w->items.n < w->conf->visits / 2) {

        if (w->items.n) {
            until = ngx_min(until,
                            ngx_chat_fault_now() + NGX_CHAT_VISITS_GATHER);
        }

        if (ngx_chat_thread_wait(&w->cond, &w->mutex, until) == NGX_AGAIN) {
            break;
        }
    }

    *items = w->items;

    if (items->first == NULL) {
        items->last = &items->first;
    }

    ngx_chat_visits_list_init(&w->items);

    ngx_chat_jobs_move(jobs, &w->jobs, w->jobs.n);

    until = !w->stop || items->n || jobs->n;

    (void) pthread_mutex_unlock(&w->mutex);

    return until ? 1 : 0;
}


static void
ngx_chat_visits_writer_batch(ngx_chat_visits_writer_t *w,
    ngx_chat_visits_list_t *items)
{
    ngx_int_t                rc;
    ngx_uint_t               i, views;
    ngx_chat_visits_item_t  *item, *first;

    for (first = items->first; first; first = item) {
        rc = ngx_chat_visits_writer_commit(w, first);
        views = 0;

        for (item = first, i = 0; item && i < NGX_CHAT_VISITS_BATCH; i++) {

            views += item->views;

            if (rc == NGX_OK && item->visits && w->conf->visited) {
                w->conf->visited(w->conf->ctx, item->view.key, item->visits);
            }

            item = item->next;
        }

        ngx_chat_metric_add(w->lane,
                            rc == NGX_OK ? NGX_CHAT_METRIC_VIEWS_STORED
                                         : NGX_CHAT_METRIC_VIEWS_FAILED,
                            views);
    }

    ngx_chat_visits_items_free(items);
}


/* up to a batch of them, all or none */

static ngx_int_t
ngx_chat_visits_writer_commit(ngx_chat_visits_writer_t *w,
    ngx_chat_visits_item_t *first)
{
    ngx_int_t                rc;
    ngx_uint_t               i;
    ngx_pool_t              *pool;
    ngx_chat_visits_item_t  *item;

    pool = ngx_create_pool(4096, &w->log);
    if (pool == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_chat_lock(&w->lock);

    if (rc == NGX_OK) {
        rc = ngx_chat_visits_writer_open(w);
    }

    if (rc == NGX_OK) {
        rc = ngx_chat_sqlite_exec(&w->db, "BEGIN IMMEDIATE");
    }

    item = first;

    for (i = 0; rc == NGX_OK && item && i < NGX_CHAT_VISITS_BATCH; i++) {
        rc = ngx_chat_visits_writer_item(w, item, pool);
        item = item->next;
    }

    if (rc == NGX_OK) {
        rc = ngx_chat_sqlite_exec(&w->db, "COMMIT");
    }

    if (rc == NGX_OK) {
        ngx_chat_fault_over(&w->fault, (char *) w->db.path);
    }

    ngx_chat_visits_writer_after(w);
    ngx_chat_unlock(&w->lock);
    ngx_destroy_pool(pool);

    return rc;
}


static ngx_int_t
ngx_chat_visits_writer_item(ngx_chat_visits_writer_t *w,
    ngx_chat_visits_item_t *item, ngx_pool_t *pool)
{
    if (item->keep) {
        return ngx_chat_visits_db_keep(&w->db, (int64_t) item->view.key);
    }

    return item->view.agent.crawler
           ? ngx_chat_visits_db_crawler(&w->db, &item->view, item->views)
           : ngx_chat_visits_db_view(&w->db, pool, &item->view,
                                     &item->visits);
}


static void
ngx_chat_visits_writer_jobs(ngx_chat_visits_writer_t *w,
    ngx_chat_jobs_t *jobs)
{
    ngx_int_t        rc;
    ngx_chat_job_t  *job;

    rc = ngx_chat_lock(&w->lock);

    if (rc == NGX_OK) {
        rc = ngx_chat_visits_writer_open(w);
        ngx_chat_unlock(&w->lock);
    }

    for (job = jobs->first; job; job = job->next) {
        w->db.failed = 0;
        job->rc = rc == NGX_OK ? job->run(job, &w->db) : NGX_ERROR;
    }

    ngx_chat_visits_writer_after(w);
    ngx_chat_finished_add(w->finished, jobs);
}


static void
ngx_chat_visits_writer_sweep(ngx_chat_visits_writer_t *w)
{
    int64_t          now;
    ngx_int_t        rc;
    struct timespec  ts;

    (void) clock_gettime(CLOCK_REALTIME, &ts);

    now = (int64_t) ts.tv_sec * 1000;

    rc = ngx_chat_lock(&w->lock);

    if (rc == NGX_OK) {
        rc = ngx_chat_visits_writer_open(w);
    }

    if (rc == NGX_OK) {
        rc = ngx_chat_sqlite_exec(&w->db, "BEGIN IMMEDIATE");
    }

    if (rc == NGX_OK) {
        rc = ngx_chat_visits_db_sweep(&w->db, now - w->conf->retention);

        if (rc != NGX_ERROR
            && ngx_chat_sqlite_exec(&w->db, "COMMIT") != NGX_OK)
        {
            rc = NGX_ERROR;
        }
    }

    ngx_chat_visits_writer_after(w);
    ngx_chat_unlock(&w->lock);

    w->sweep = ngx_chat_fault_now() + (rc == NGX_AGAIN
                                       ? NGX_CHAT_VISITS_REST
                                       : NGX_CHAT_VISITS_SWEEP);
}


/* with the lock */

static ngx_int_t
ngx_chat_visits_writer_open(ngx_chat_visits_writer_t *w)
{
    if (w->db.handle && ngx_chat_sqlite_replaced(&w->db)) {
        ngx_log_error(NGX_LOG_WARN, &w->log, 0,
                      "\"%s\" or its log was replaced or removed while it "
                      "was open", w->db.path);

        ngx_chat_sqlite_abandon(&w->db);
    }

    w->db.failed = 0;

    if (w->db.handle) {
        return NGX_OK;
    }

    if (ngx_chat_fault_now() < w->retry) {
        return NGX_ERROR;
    }

    w->retry = ngx_chat_fault_now() + 1000;

    if (ngx_chat_sqlite_open(&w->db) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_chat_schema_migrate(&w->db, ngx_chat_visits_migrations) != NGX_OK
        || ngx_chat_sqlite_prepare(&w->db) != NGX_OK
        || ngx_chat_sqlite_remember(&w->db) != NGX_OK)
    {
        ngx_chat_sqlite_close(&w->db);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* whatever became of it: no transaction, no useless connection, a short log */

static void
ngx_chat_visits_writer_after(ngx_chat_visits_writer_t *w)
{
    if (w->db.handle == NULL) {
        return;
    }

    if (ngx_chat_sqlite_in_transaction(&w->db)) {
        (void) ngx_chat_sqlite_exec(&w->db, "ROLLBACK");
    }

    if (w->db.reopen || ngx_chat_sqlite_in_transaction(&w->db)) {
        ngx_chat_sqlite_close(&w->db);
        return;
    }

    if (w->db.wal_pages > NGX_CHAT_VISITS_WAL) {
        w->db.wal_pages = 0;
        (void) ngx_chat_sqlite_checkpoint(&w->db);
    }
}
