
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The jobs of this worker that write, until their answers are there: in a
 * list of its own, or on the desk (desk.h), where any worker may take them.
 */

#ifndef NGX_CHAT_QUEUE_H
#define NGX_CHAT_QUEUE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <pthread.h>
#include "store/desk.h"
#include "store/store.h"


#define NGX_CHAT_QUEUE_PAUSE  100       /* ms, without memory */


/* the mutex guards all that follows it */

typedef struct {
    ngx_chat_tray_t       *tray;        /* or NULL */
    ngx_chat_desk_terms_t  terms;
    ngx_uint_t             limit;       /* jobs */
    ngx_chat_lane_t       *lane;

    pthread_mutex_t        mutex;
    pthread_cond_t         cond;        /* jobs, room, stop */
    ngx_chat_jobs_t        waiting;     /* in the list */
    ngx_chat_jobs_t        away;        /* on the desk */
    uint64_t               ticket;      /* of the last one on the desk */
    uint64_t               failed;      /* those up to here have failed */
    uint32_t               coming;      /* expected, and not there yet */
    ngx_uint_t             vain;        /* so many are not believed */
    unsigned               asleep:1;    /* the writer */
    unsigned               open:1;      /* the tray may be used */
    unsigned               crowded:1;   /* answers must be taken first */
    unsigned               starved:1;   /* no memory for jobs of the tray */
    unsigned               stop:1;
} ngx_chat_queue_t;


ngx_int_t ngx_chat_queue_init(ngx_chat_queue_t *q,
    ngx_chat_store_conf_t *conf);
void ngx_chat_queue_destroy(ngx_chat_queue_t *q);

/* event loop: NGX_OK or, when there are too many or it is the end, NGX_BUSY */
ngx_int_t ngx_chat_queue_push(ngx_chat_queue_t *q, ngx_chat_job_t *job);

/* event loop: a job will be pushed in a moment, or the request is refused */
void ngx_chat_queue_expect(ngx_chat_queue_t *q);

/* event loop: appends the jobs whose answers have come from the desk */
void ngx_chat_queue_reap(ngx_chat_queue_t *q, ngx_chat_jobs_t *jobs);

/* event loop: the writer is to finish what there is, and end */
void ngx_chat_queue_stop(ngx_chat_queue_t *q);

/*
 * Writer: waits until there are jobs (NGX_OK), the time has come (NGX_AGAIN)
 * or all is done (NGX_DONE).  There may be none when it gets the lock, as
 * somebody else was faster.
 */
ngx_int_t ngx_chat_queue_wait(ngx_chat_queue_t *q, ngx_msec_t until);

/* writer: whether there are jobs that nobody has taken */
ngx_uint_t ngx_chat_queue_ready(ngx_chat_queue_t *q);

/* writer: up to n jobs of the list */
void ngx_chat_queue_take(ngx_chat_queue_t *q, ngx_chat_jobs_t *jobs,
    ngx_uint_t n);

/* writer: the desk has no room for the answers to the rest of the tray */
void ngx_chat_queue_crowded(ngx_chat_queue_t *q);

/* writer: there is no memory for the rest of the tray; pauses with it */
void ngx_chat_queue_starved(ngx_chat_queue_t *q);

/* writer: nothing can be written; all jobs have failed, and what comes now
   goes to the list until _open() */
void ngx_chat_queue_fail(ngx_chat_queue_t *q, ngx_chat_jobs_t *jobs);

/* writer, with the lock: the tray may be used from now on; it is free */
void ngx_chat_queue_open(ngx_chat_queue_t *q);
void ngx_chat_queue_close(ngx_chat_queue_t *q);


#endif /* NGX_CHAT_QUEUE_H */
