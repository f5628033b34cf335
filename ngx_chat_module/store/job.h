
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A job: work that the event loop hands to a thread.  The loop makes it, and
 * owns it again when .done is called; in between it belongs to the thread.
 * Its pool is its own: never a request's or a cycle's.
 */

#ifndef NGX_CHAT_JOB_H
#define NGX_CHAT_JOB_H


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct ngx_chat_db_s   ngx_chat_db_t;       /* store/db.h */
typedef struct ngx_chat_job_s  ngx_chat_job_t;


/*
 * In a thread.  NGX_OK: what was written is kept.  NGX_DECLINED: what was
 * written is undone (a refusal; .result says which).  NGX_ERROR: the
 * database failed; undone, the cause is logged by the store.  A job that
 * writes may be run a second time, when another of its group had to be
 * undone: what it does beside the database it does again.
 */
typedef ngx_int_t (*ngx_chat_job_run_pt)(ngx_chat_job_t *job,
    ngx_chat_db_t *db);

/*
 * On the event loop, once, after the commit: job->rc is what run returned,
 * or NGX_ERROR when the commit failed or there is no database now.  It owns
 * the job and destroys it.
 */
typedef void (*ngx_chat_job_done_pt)(ngx_chat_job_t *job);


struct ngx_chat_job_s {
    ngx_chat_job_t        *next;        /* the queue's */
    ngx_pool_t            *pool;
    ngx_chat_job_run_pt    run;
    ngx_chat_job_done_pt   done;
    void                  *data;        /* the loop's; threads don't look */
    void                  *args;        /* what run works on */
    ngx_int_t              rc;
    ngx_uint_t             result;      /* NGX_CHAT_RESULT_* of the command */
    ngx_str_t              body;        /* JSON for the answer, in .pool */
    const ngx_uint_t      *outcomes;    /* the loop's: metrics; or NULL */
    unsigned               heavy:1;     /* password hash: one at a time */
    unsigned               guest:1;     /* for somebody who may be anybody:
                                           others go first, see job_room() */
    unsigned               stays:1;     /* only its owner can run it: the
                                           answer does not fit on the desk */
    unsigned               again:1;     /* it was begun before, and perhaps
                                           committed, but not answered */

    /* the desk's: a job on its way, and the copy that is run */

    uint64_t               ticket;      /* its number among its owner's */
    ngx_uint_t             tray;        /* of the desk, from 1 on; 0: none */
    uint64_t               place;       /* where it ends in the tray */
    uint32_t              *tries;       /* how often it was begun */
};


/*
 * A kind of job that may run in another worker (desk.h): where the strings
 * stand in its arguments, which otherwise hold nothing but numbers and
 * addresses in the shared zone.  What is run twice must have the result of
 * the first time.  A table of kinds ends with a .run of NULL.
 */

#define NGX_CHAT_JOB_STRINGS  14

typedef struct {
    ngx_chat_job_run_pt    run;
    size_t                 size;        /* of the arguments */
    ngx_uint_t             n;
    size_t                 strings[NGX_CHAT_JOB_STRINGS];
} ngx_chat_job_kind_t;


/* a job with a pool of its own and size bytes of zeroed .args; NULL when
   memory is out */
ngx_chat_job_t *ngx_chat_job_create(ngx_chat_job_run_pt run,
    ngx_chat_job_done_pt done, size_t size, ngx_log_t *log);

/* with its pool and all that is in it; nobody else may know it any more */
void ngx_chat_job_destroy(ngx_chat_job_t *job);

/*
 * Whether a queue of this limit, with so many in it, has room for the job.
 * The last quarter is not for guests: a flood of them leaves it free.
 */
ngx_uint_t ngx_chat_job_room(ngx_chat_job_t *job, ngx_uint_t queued,
    ngx_uint_t limit);

/*
 * Copies s into the job's pool; NGX_ERROR when memory is out.  A string that
 * is not there (.data is NULL) stays so; an empty one stays there.
 */
ngx_int_t ngx_chat_job_copy(ngx_chat_job_t *job, ngx_str_t *dst,
    ngx_str_t *src);


/* a list of jobs in their order; no lock of its own */

typedef struct {
    ngx_chat_job_t         *first;
    ngx_chat_job_t        **last;
    ngx_uint_t              n;
} ngx_chat_jobs_t;


/* an empty list; and to its end */
void ngx_chat_jobs_init(ngx_chat_jobs_t *jobs);
void ngx_chat_jobs_add(ngx_chat_jobs_t *jobs, ngx_chat_job_t *job);

/* moves up to n of them, the oldest first, to the end of another list */
void ngx_chat_jobs_move(ngx_chat_jobs_t *to, ngx_chat_jobs_t *from,
    ngx_uint_t n);

/* takes the oldest one off, or NULL */
ngx_chat_job_t *ngx_chat_jobs_take(ngx_chat_jobs_t *jobs);


#endif /* NGX_CHAT_JOB_H */
