
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The store of one worker: a writer thread, two reader threads, their
 * bounded queues and connections.  Made in init_process, never in the
 * master; SQLite is never open across a fork.
 *
 * The writer takes flock() on "<state>/chat.lock" (its own descriptor),
 * drains its queue, runs all jobs in one transaction, each undone by itself
 * when it is refused or fails, commits, publishes the events while it still
 * holds the lock (ring order is id order), and hands the jobs back.
 */

#ifndef NGX_CHAT_STORE_H
#define NGX_CHAT_STORE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/metrics.h"
#include "domain/block.h"
#include "domain/event.h"
#include "domain/visit.h"
#include "store/desk.h"
#include "store/job.h"


#define NGX_CHAT_STORE_HOLD  50         /* ms, a .hold that suits most */


typedef struct ngx_chat_store_s  ngx_chat_store_t;


typedef struct {
    ngx_str_t      path;            /* state directory, NUL-terminated */
    ngx_uint_t     full;            /* synchronous: 1 FULL, 0 NORMAL */
    ngx_uint_t     queue;           /* jobs at most in a queue */
    ngx_msec_t     hold;            /* that the writer keeps the lock while
                                       there are jobs; 0: for one batch */
    ngx_uint_t     visits;          /* page views at most in their queue, 0:
                                       none are kept, and no visits.db */
    int64_t        retention;       /* of them, ms */
    ngx_log_t     *log;             /* lives as long as the process */
    ngx_chat_slot_t  *metrics;      /* what the threads count; or NULL */
    ngx_chat_lane_t  *metrics_all;  /* written with the lock; or NULL */

    /* where workers share their jobs; all NULL: they don't */
    ngx_chat_desk_t      *desk;
    ngx_chat_tray_t      *tray;     /* this process's own; or NULL */
    ngx_chat_job_kind_t  *kinds;    /* what may be on it */

    void          *ctx;             /* first argument of what follows */

    /*
     * Called by the writer with the lock held.  published: id of the newest
     * durable event in the ring, or -1 when the ring has none yet; base: the
     * ring starts after this id, which is lower than what it has published
     * when the database was replaced by an older one; publish: appends,
     * durable ones in id order.
     */
    int64_t      (*published)(void *ctx);
    void         (*base)(void *ctx, int64_t id);
    void         (*publish)(void *ctx, ngx_chat_record_t *records,
                            ngx_uint_t n);

    /* thread of the visits, or NULL: a visit began, and is the n-th */
    void         (*visited)(void *ctx, uint64_t key, int64_t visits);

    /*
     * Writer, with the lock held.  blocks: .changed of the newest block that
     * was handed over, 0 when none was; block: one that was made or lifted,
     * or NULL: forget all, the others follow.  NULL where nobody wants them.
     */
    int64_t      (*blocks)(void *ctx);
    void         (*block)(void *ctx, ngx_chat_block_t *block);

    /* any of the threads: there is something to reap, or was published, for
       the event loop here or of another worker */
    void         (*notify)(void *ctx);
    void         (*wake)(void *ctx, ngx_uint_t worker);
} ngx_chat_store_conf_t;


/*
 * Starts the threads and waits up to wait ms until the database is open, so
 * that the first requests find it.  A database that can't be opened is no
 * error here: the writer tries again every second, jobs fail meanwhile.
 * NULL: no memory or no threads.  Copies conf.
 */
ngx_chat_store_t *ngx_chat_store_create(ngx_chat_store_conf_t *conf,
    ngx_msec_t wait);

/*
 * Event loop.  NGX_OK: the store has the job, .done will be called.
 * NGX_BUSY: the queue is full; the caller still owns the job.  Of heavy reads
 * no more than about a second's worth (64) are queued.
 */
ngx_int_t ngx_chat_store_write(ngx_chat_store_t *store, ngx_chat_job_t *job);
ngx_int_t ngx_chat_store_read(ngx_chat_store_t *store, ngx_chat_job_t *job);

/*
 * Event loop: a job that writes will follow within the same turn, as it
 * looks: a writer that sleeps is woken meanwhile.
 */
void ngx_chat_store_expect(ngx_chat_store_t *store);

/*
 * Event loop: a page view on its way to visits.db, copied; a visitor who has
 * a conversation and ages no more; a job that reads from visits.db.  NGX_BUSY:
 * the queue is full, and the view is dropped and counted; NGX_DECLINED: there
 * is no such database here.
 */
ngx_int_t ngx_chat_store_view(ngx_chat_store_t *store, ngx_chat_view_t *view);
ngx_int_t ngx_chat_store_keep(ngx_chat_store_t *store, uint64_t visitor);
ngx_int_t ngx_chat_store_read_visits(ngx_chat_store_t *store,
    ngx_chat_job_t *job);

/* event loop, after notify: calls .done of every finished job, in order */
void ngx_chat_store_reap(ngx_chat_store_t *store);

/* event loop: jobs handed in and not reaped yet */
ngx_uint_t ngx_chat_store_pending(ngx_chat_store_t *store);

/*
 * Event loop, at exit: lets the threads finish what they have, joins them,
 * reaps, closes the databases.
 */
void ngx_chat_store_destroy(ngx_chat_store_t *store);


#endif /* NGX_CHAT_STORE_H */
