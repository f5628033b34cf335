
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A store with a ring in memory and an event loop that is a wait for the
 * store's notification.  A header, as each test file is one program.
 */


#ifndef _FIXTURE_H_INCLUDED_
#define _FIXTURE_H_INCLUDED_


#include "unit.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auth.h"
#include "store/db.h"
#include "store/fault.h"
#include "store/store.h"


#define FIXTURE_WAIT  20                /* seconds until a wait has failed */


typedef struct {
    int64_t      id;
    uint32_t     type;
    int64_t      subject;
    ngx_str_t    body;
} fixture_record_t;


typedef struct {
    ngx_chat_store_t        *store;
    ngx_chat_store_conf_t    conf;
    char                     dir[256];

    pthread_mutex_t          mutex;         /* what the threads touch */
    pthread_cond_t           cond;
    ngx_uint_t               notified;
    int64_t                  last;          /* the ring's newest id */
    ngx_uint_t               based;
    ngx_array_t              records;       /* fixture_record_t */
    ngx_pool_t              *pool;

    ngx_uint_t               done;          /* the event loop's */
} fixture_t;


static int64_t
fixture_published(void *ctx)
{
    int64_t     last;
    fixture_t  *f = ctx;

    pthread_mutex_lock(&f->mutex);
    last = f->last;
    pthread_mutex_unlock(&f->mutex);

    return last;
}


static void
fixture_base(void *ctx, int64_t id)
{
    fixture_t  *f = ctx;

    pthread_mutex_lock(&f->mutex);
    f->last = id;
    f->based++;
    pthread_mutex_unlock(&f->mutex);
}


static void
fixture_publish(void *ctx, ngx_chat_record_t *records, ngx_uint_t n)
{
    fixture_t         *f = ctx;
    ngx_uint_t         i;
    fixture_record_t  *r;

    pthread_mutex_lock(&f->mutex);

    for (i = 0; i < n; i++) {
        r = ngx_array_push(&f->records);

        r->id = records[i].id;
        r->type = records[i].type;
        r->subject = records[i].subject;
        r->body.len = records[i].body.len;
        r->body.data = ngx_pnalloc(f->pool, r->body.len + 1);
        memcpy(r->body.data, records[i].body.data, r->body.len);
        r->body.data[r->body.len] = '\0';

        if (r->id) {
            f->last = r->id;
        }
    }

    pthread_cond_broadcast(&f->cond);
    pthread_mutex_unlock(&f->mutex);
}


static void
fixture_notify(void *ctx)
{
    fixture_t  *f = ctx;

    pthread_mutex_lock(&f->mutex);
    f->notified++;
    pthread_cond_broadcast(&f->cond);
    pthread_mutex_unlock(&f->mutex);
}


/* a directory of its own for each fixture */

static void
fixture_init(fixture_t *f, ngx_pool_t *pool, ngx_log_t *log)
{
    static ngx_uint_t  n;

    memset(f, 0, sizeof(fixture_t));

    snprintf(f->dir, sizeof(f->dir), "%s/state%lu", unit_dir(),
             (unsigned long) n++);

    if (mkdir(f->dir, 0700) == -1) {
        abort();
    }

    f->pool = pool;
    f->last = -1;

    pthread_mutex_init(&f->mutex, NULL);
    pthread_cond_init(&f->cond, NULL);

    if (ngx_array_init(&f->records, pool, 64, sizeof(fixture_record_t))
        != NGX_OK
        || ngx_chat_auth_init() != NGX_OK)
    {
        abort();
    }

    f->conf.path.data = (u_char *) f->dir;
    f->conf.path.len = strlen(f->dir);
    f->conf.full = 0;
    f->conf.queue = 1024;
    f->conf.hold = NGX_CHAT_STORE_HOLD;
    f->conf.log = log;
    f->conf.ctx = f;
    f->conf.published = fixture_published;
    f->conf.base = fixture_base;
    f->conf.publish = fixture_publish;
    f->conf.notify = fixture_notify;
}


static inline void
fixture_start(fixture_t *f)
{
    f->store = ngx_chat_store_create(&f->conf, FIXTURE_WAIT * 1000);

    if (f->store == NULL) {
        abort();
    }
}


static inline void
fixture_stop(fixture_t *f)
{
    ngx_chat_store_destroy(f->store);
    f->store = NULL;
}


static inline void
fixture_open(fixture_t *f, ngx_pool_t *pool, ngx_log_t *log)
{
    fixture_init(f, pool, log);
    fixture_start(f);
}


/* one turn of the event loop: until the store notifies, then reaps */

static inline int
fixture_turn(fixture_t *f)
{
    int              rc;
    struct timespec  ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    ts.tv_sec += FIXTURE_WAIT;

    rc = 0;

    pthread_mutex_lock(&f->mutex);

    while (f->notified == 0 && rc == 0) {
        rc = pthread_cond_timedwait(&f->cond, &f->mutex, &ts);
    }

    f->notified = 0;

    pthread_mutex_unlock(&f->mutex);

    ngx_chat_store_reap(f->store);

    return rc == 0;
}


static inline int
fixture_drain(fixture_t *f)
{
    while (ngx_chat_store_pending(f->store)) {
        if (!fixture_turn(f)) {
            return 0;
        }
    }

    return 1;
}


/* until the ring has this id */

static inline int
fixture_wait_published(fixture_t *f, int64_t id)
{
    int              rc;
    struct timespec  ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    ts.tv_sec += FIXTURE_WAIT;

    rc = 0;

    pthread_mutex_lock(&f->mutex);

    while (f->last < id && rc == 0) {
        rc = pthread_cond_timedwait(&f->cond, &f->mutex, &ts);
    }

    pthread_mutex_unlock(&f->mutex);

    return rc == 0;
}


/* where the clock is all that there is to wait for; 0: it is the end */

static inline ngx_uint_t
fixture_moment(ngx_msec_t end)
{
    (void) usleep(20000);

    return ngx_chat_fault_now() < end;
}


static inline fixture_record_t *
fixture_record(fixture_t *f, ngx_uint_t i)
{
    fixture_record_t  *records = f->records.elts;

    return i < f->records.nelts ? &records[i] : NULL;
}


/* the test destroys the job */

static inline void
fixture_done(ngx_chat_job_t *job)
{
    fixture_t  *f = job->data;

    f->done++;
}


static inline ngx_chat_job_t *
fixture_job(fixture_t *f, ngx_chat_job_run_pt run, size_t size)
{
    ngx_chat_job_t  *job;

    job = ngx_chat_job_create(run, fixture_done, size, f->conf.log);

    if (job == NULL) {
        abort();
    }

    job->data = f;

    return job;
}


/* runs one job to its end; its rc */

static inline ngx_int_t
fixture_write(fixture_t *f, ngx_chat_job_t *job)
{
    if (ngx_chat_store_write(f->store, job) != NGX_OK) {
        return NGX_BUSY;
    }

    if (!fixture_drain(f)) {
        return NGX_ABORT;
    }

    return job->rc;
}


static inline ngx_int_t
fixture_read(fixture_t *f, ngx_chat_job_t *job)
{
    if (ngx_chat_store_read(f->store, job) != NGX_OK) {
        return NGX_BUSY;
    }

    if (!fixture_drain(f)) {
        return NGX_ABORT;
    }

    return job->rc;
}


#endif /* _FIXTURE_H_INCLUDED_ */
