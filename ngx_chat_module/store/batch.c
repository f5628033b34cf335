
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A job that is refused or fails takes back what it wrote itself, its events
 * included, and nothing of the others'.
 *
 * Refusals come before anything is written, so that there is nothing to take
 * back, and a savepoint for each job, some 4 us, would be for nothing.  When
 * a job has written and then did not succeed after all, the transaction is
 * rolled back and all jobs run once more, now each in its savepoint.  A job
 * that is alone has the transaction for that.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/batch.h"
#include "store/publish.h"
#include "store/setup.h"
#include "store/vfs.h"


#define NGX_CHAT_BATCH_POOL     16384
#define NGX_CHAT_BATCH_RECORDS  32


static ngx_int_t ngx_chat_batch_attempt(ngx_chat_db_t *db,
    ngx_chat_jobs_t *jobs, ngx_uint_t savepoints);
static ngx_int_t ngx_chat_batch_begin(ngx_chat_db_t *db);
static ngx_int_t ngx_chat_batch_job(ngx_chat_db_t *db, ngx_chat_job_t *job);
static ngx_int_t ngx_chat_batch_saved(ngx_chat_db_t *db, ngx_chat_job_t *job);
static void ngx_chat_batch_rollback(ngx_chat_db_t *db);
static void ngx_chat_batch_end(ngx_chat_db_t *db);


void
ngx_chat_batch_run(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf,
    ngx_chat_jobs_t *jobs)
{
    uint64_t   started;
    ngx_int_t  rc;

    started = ngx_chat_metrics_now();

    rc = ngx_chat_batch_attempt(db, jobs, 0);

    if (rc == NGX_AGAIN && jobs->n > 1) {
        ngx_chat_batch_rollback(db);
        ngx_chat_batch_end(db);

        rc = ngx_chat_batch_attempt(db, jobs, 1);
    }

    switch (rc) {

    case NGX_OK:
        ngx_chat_metric_observe(db->lane, NGX_CHAT_HISTOGRAM_COMMIT,
                                ngx_chat_metrics_now() - started);
        ngx_chat_metric_observe(db->lane, NGX_CHAT_HISTOGRAM_BATCH, jobs->n);
        ngx_chat_metric_set(conf->metrics_all, NGX_CHAT_METRIC_WAL_PAGES,
                            (uint64_t) db->wal_pages);

        /* first: who is told of a block finds it */

        if (db->blocked) {
            ngx_chat_publish_blocks(db, conf);
        }

        ngx_chat_publish_batch(db, conf);

        if (db->accounts) {
            ngx_chat_setup_withdraw(db);
        }

        ngx_chat_fault_over(db->fault, (char *) db->path);
        break;

    case NGX_AGAIN:
        /* the only one is undone; it has its own result */

        ngx_chat_batch_rollback(db);
        break;

    default:
        ngx_chat_metric_add(db->lane, NGX_CHAT_METRIC_COMMIT_FAILURES, 1);

        ngx_chat_batch_rollback(db);
        ngx_chat_batch_fail(jobs);
    }

    ngx_chat_batch_end(db);
}


void
ngx_chat_batch_fail(ngx_chat_jobs_t *jobs)
{
    ngx_chat_job_t  *job;

    for (job = jobs->first; job; job = job->next) {
        job->rc = NGX_ERROR;
    }
}


/*
 * NGX_OK: committed.  NGX_AGAIN: a job has to be undone, and has no
 * savepoint.  NGX_ERROR: none of them stands.
 */

static ngx_int_t
ngx_chat_batch_attempt(ngx_chat_db_t *db, ngx_chat_jobs_t *jobs,
    ngx_uint_t savepoints)
{
    ngx_int_t        rc;
    ngx_chat_job_t  *job;

    if (ngx_chat_batch_begin(db) != NGX_OK) {
        return NGX_ERROR;
    }

    for (job = jobs->first; job; job = job->next) {

        rc = savepoints ? ngx_chat_batch_saved(db, job)
                        : ngx_chat_batch_job(db, job);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return ngx_chat_query_plain(db, NGX_CHAT_SQL_COMMIT);
}


static ngx_int_t
ngx_chat_batch_begin(ngx_chat_db_t *db)
{
    db->failed = 0;
    db->accounts = 0;
    db->blocks = 0;
    db->blocked = 0;

    /* a pool for each batch: one that is reset forgets its cleanups */

    db->pool = ngx_create_pool(NGX_CHAT_BATCH_POOL, db->log);
    if (db->pool == NULL) {
        return NGX_ERROR;
    }

    if (ngx_array_init(&db->records, db->pool, NGX_CHAT_BATCH_RECORDS,
                       sizeof(ngx_chat_record_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_vfs_begin(db);

    return ngx_chat_query_plain(db, NGX_CHAT_SQL_BEGIN_WRITE);
}


static ngx_int_t
ngx_chat_batch_job(ngx_chat_db_t *db, ngx_chat_job_t *job)
{
    int64_t     changes;
    ngx_uint_t  records;

    records = db->records.nelts;
    changes = ngx_chat_sqlite_changes(db);

    job->rc = job->run(job, db);

    if (db->failed) {
        return NGX_ERROR;
    }

    if (job->rc == NGX_OK) {
        return NGX_OK;
    }

    db->records.nelts = records;

    return ngx_chat_sqlite_changes(db) == changes ? NGX_OK : NGX_AGAIN;
}


static ngx_int_t
ngx_chat_batch_saved(ngx_chat_db_t *db, ngx_chat_job_t *job)
{
    ngx_uint_t  records, accounts, blocks;

    records = db->records.nelts;
    accounts = db->accounts;
    blocks = db->blocks;

    if (ngx_chat_query_plain(db, NGX_CHAT_SQL_SAVEPOINT) != NGX_OK) {
        return NGX_ERROR;
    }

    job->rc = job->run(job, db);

    if (db->failed) {
        return NGX_ERROR;
    }

    if (job->rc != NGX_OK) {
        db->records.nelts = records;
        db->accounts = accounts;
        db->blocks = blocks;

        if (ngx_chat_query_plain(db, NGX_CHAT_SQL_UNDO) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_chat_query_plain(db, NGX_CHAT_SQL_RELEASE);
}


static void
ngx_chat_batch_rollback(ngx_chat_db_t *db)
{
    if (!ngx_chat_sqlite_in_transaction(db)) {
        return;
    }

    if (ngx_chat_query_plain(db, NGX_CHAT_SQL_ROLLBACK) != NGX_OK) {
        db->reopen = 1;
    }
}


static void
ngx_chat_batch_end(ngx_chat_db_t *db)
{
    if (db->pool) {
        ngx_destroy_pool(db->pool);
        db->pool = NULL;
    }
}
