
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Each job of a batch has its savepoint, so that one that is refused or fails
 * takes back only what it wrote itself, its events included.  A job that is
 * alone has the transaction for that.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/batch.h"
#include "store/publish.h"
#include "store/setup.h"


#define NGX_CHAT_BATCH_POOL     16384
#define NGX_CHAT_BATCH_RECORDS  32


static ngx_int_t ngx_chat_batch_begin(ngx_chat_db_t *db);
static ngx_int_t ngx_chat_batch_jobs(ngx_chat_db_t *db,
    ngx_chat_jobs_t *jobs);
static ngx_int_t ngx_chat_batch_job(ngx_chat_db_t *db, ngx_chat_job_t *job);
static ngx_int_t ngx_chat_batch_only(ngx_chat_db_t *db, ngx_chat_job_t *job);
static void ngx_chat_batch_rollback(ngx_chat_db_t *db);


void
ngx_chat_batch_run(ngx_chat_db_t *db, ngx_chat_store_conf_t *conf,
    ngx_chat_jobs_t *jobs)
{
    ngx_int_t  rc;

    rc = ngx_chat_batch_begin(db);

    if (rc == NGX_OK) {
        rc = jobs->n == 1 ? ngx_chat_batch_only(db, jobs->first)
                          : ngx_chat_batch_jobs(db, jobs);
    }

    if (rc == NGX_OK) {
        rc = ngx_chat_db_index(db);
    }

    if (rc == NGX_OK) {
        rc = ngx_chat_query_plain(db, NGX_CHAT_SQL_COMMIT);
    }

    switch (rc) {

    case NGX_OK:
        ngx_chat_publish_batch(db, conf);

        if (db->accounts) {
            ngx_chat_setup_withdraw(db);
        }

        ngx_chat_fault_over(db->fault, (char *) db->path);
        break;

    case NGX_DECLINED:
        ngx_chat_batch_rollback(db);
        break;

    default:
        ngx_chat_batch_rollback(db);
        ngx_chat_batch_fail(jobs);
    }

    if (db->pool) {
        ngx_destroy_pool(db->pool);
        db->pool = NULL;
    }
}


void
ngx_chat_batch_fail(ngx_chat_jobs_t *jobs)
{
    ngx_chat_job_t  *job;

    for (job = jobs->first; job; job = job->next) {
        job->rc = NGX_ERROR;
    }
}


static ngx_int_t
ngx_chat_batch_begin(ngx_chat_db_t *db)
{
    db->failed = 0;
    db->accounts = 0;

    /* a pool for each batch: one that is reset forgets its cleanups */

    db->pool = ngx_create_pool(NGX_CHAT_BATCH_POOL, db->log);
    if (db->pool == NULL) {
        return NGX_ERROR;
    }

    if (ngx_array_init(&db->records, db->pool, NGX_CHAT_BATCH_RECORDS,
                       sizeof(ngx_chat_record_t))
        != NGX_OK
        || ngx_array_init(&db->texts, db->pool, NGX_CHAT_BATCH_RECORDS,
                          sizeof(ngx_chat_db_text_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_query_plain(db, NGX_CHAT_SQL_BEGIN_WRITE);
}


/* NGX_ERROR: none of them stands */

static ngx_int_t
ngx_chat_batch_jobs(ngx_chat_db_t *db, ngx_chat_jobs_t *jobs)
{
    ngx_chat_job_t  *job;

    for (job = jobs->first; job; job = job->next) {

        if (ngx_chat_batch_job(db, job) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_chat_batch_job(ngx_chat_db_t *db, ngx_chat_job_t *job)
{
    ngx_uint_t  records, texts, accounts;

    records = db->records.nelts;
    texts = db->texts.nelts;
    accounts = db->accounts;

    if (ngx_chat_query_plain(db, NGX_CHAT_SQL_SAVEPOINT) != NGX_OK) {
        return NGX_ERROR;
    }

    job->rc = job->run(job, db);

    if (db->failed) {
        return NGX_ERROR;
    }

    if (job->rc != NGX_OK) {
        db->records.nelts = records;
        db->texts.nelts = texts;
        db->accounts = accounts;

        if (ngx_chat_query_plain(db, NGX_CHAT_SQL_UNDO) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_chat_query_plain(db, NGX_CHAT_SQL_RELEASE);
}


/* NGX_DECLINED: there is nothing to commit */

static ngx_int_t
ngx_chat_batch_only(ngx_chat_db_t *db, ngx_chat_job_t *job)
{
    job->rc = job->run(job, db);

    if (db->failed) {
        return NGX_ERROR;
    }

    return job->rc == NGX_OK ? NGX_OK : NGX_DECLINED;
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
