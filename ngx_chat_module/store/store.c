
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The store as the event loop sees it: store.h.  Everything here runs on the
 * event loop; the count of pending jobs is its own.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/finished.h"
#include "store/reader.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "store/visits.h"
#include "store/writer.h"


struct ngx_chat_store_s {
    ngx_chat_store_conf_t    conf;
    ngx_chat_finished_t      finished;
    ngx_chat_reader_t       *reader;
    ngx_chat_writer_t       *writer;
    ngx_chat_visits_writer_t  *visits;      /* or NULL */
    ngx_uint_t               pending;
};


ngx_chat_store_t *
ngx_chat_store_create(ngx_chat_store_conf_t *conf, ngx_msec_t wait)
{
    ngx_chat_store_t  *store;

    store = ngx_calloc(sizeof(ngx_chat_store_t), conf->log);
    if (store == NULL) {
        return NULL;
    }

    store->conf = *conf;

    ngx_chat_sqlite_setup();

    if (ngx_chat_finished_init(&store->finished, &store->conf) != NGX_OK) {
        ngx_free(store);
        return NULL;
    }

    store->reader = ngx_chat_reader_create(&store->conf, &store->finished);

    if (store->reader) {
        store->writer = ngx_chat_writer_create(&store->conf, &store->finished,
                                               store->reader);
    }

    if (store->writer && conf->visits) {
        store->visits = ngx_chat_visits_writer_create(&store->conf,
                                                      &store->finished);
    }

    if (store->writer == NULL || (conf->visits && store->visits == NULL)) {
        ngx_chat_store_destroy(store);
        return NULL;
    }

    ngx_chat_writer_ready(store->writer, wait);

    return store;
}


ngx_int_t
ngx_chat_store_write(ngx_chat_store_t *store, ngx_chat_job_t *job)
{
    ngx_int_t  rc;

    rc = store->writer ? ngx_chat_writer_push(store->writer, job) : NGX_BUSY;

    if (rc == NGX_OK) {
        store->pending++;
    }

    return rc;
}


ngx_int_t
ngx_chat_store_read(ngx_chat_store_t *store, ngx_chat_job_t *job)
{
    ngx_int_t  rc;

    rc = store->reader ? ngx_chat_reader_push(store->reader, job) : NGX_BUSY;

    if (rc == NGX_OK) {
        store->pending++;
    }

    return rc;
}


void
ngx_chat_store_expect(ngx_chat_store_t *store)
{
    if (store->writer) {
        ngx_chat_writer_expect(store->writer);
    }
}


ngx_int_t
ngx_chat_store_view(ngx_chat_store_t *store, ngx_chat_view_t *view)
{
    return store->visits ? ngx_chat_visits_writer_view(store->visits, view)
                         : NGX_DECLINED;
}


ngx_int_t
ngx_chat_store_keep(ngx_chat_store_t *store, uint64_t visitor)
{
    return store->visits ? ngx_chat_visits_writer_keep(store->visits, visitor)
                         : NGX_DECLINED;
}


ngx_int_t
ngx_chat_store_read_visits(ngx_chat_store_t *store, ngx_chat_job_t *job)
{
    ngx_int_t  rc;

    rc = store->visits ? ngx_chat_visits_writer_read(store->visits, job)
                       : NGX_DECLINED;

    if (rc == NGX_OK) {
        store->pending++;
    }

    return rc;
}


void
ngx_chat_store_reap(ngx_chat_store_t *store)
{
    ngx_chat_job_t   *job;
    ngx_chat_jobs_t   jobs;

    ngx_chat_jobs_init(&jobs);

    ngx_chat_finished_take(&store->finished, &jobs);

    if (store->writer) {
        ngx_chat_writer_reap(store->writer, &jobs);
    }

    for ( ;; ) {
        job = ngx_chat_jobs_take(&jobs);
        if (job == NULL) {
            break;
        }

        store->pending--;
        job->done(job);
    }
}


ngx_uint_t
ngx_chat_store_pending(ngx_chat_store_t *store)
{
    return store->pending;
}


void
ngx_chat_store_destroy(ngx_chat_store_t *store)
{
    /*
     * The readers finish while there is a database, and their memory stays
     * until the writer has told them that there is none.
     */

    if (store->visits) {
        ngx_chat_visits_writer_destroy(store->visits);
        store->visits = NULL;
    }

    if (store->reader) {
        ngx_chat_reader_stop(store->reader);
    }

    if (store->writer) {
        ngx_chat_writer_stop(store->writer);
    }

    if (store->reader) {
        ngx_chat_reader_destroy(store->reader);
        store->reader = NULL;
    }

    /* who wants to hand in a second job now is told that the queue is full */

    ngx_chat_store_reap(store);

    if (store->writer) {
        ngx_chat_writer_destroy(store->writer);
    }

    ngx_chat_finished_destroy(&store->finished);

    ngx_free(store);
}
