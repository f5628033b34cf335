
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The desk: jobs of all workers, in shared memory, so that whoever holds the
 * lock commits them together.  Each process has a tray on it with a pipe for
 * jobs, which its event loop fills and the holder of the lock empties, and a
 * pipe for answers, the other way round.
 *
 * A job stays in its pipe until it is committed and answered.  If the holder
 * dies before that, the next one runs it again, so only jobs whose repeat
 * has the first result may travel; those that do are listed by the commands.
 * The owner's own writer takes the lock for each job that is still there, so
 * none depends on another process being alive.
 *
 * A holder takes only from trays whose owners would do the same with the job:
 * on the same terms.  A reload may change them while the workers before it
 * still drain, and the zone stays.
 */

#ifndef NGX_CHAT_DESK_H
#define NGX_CHAT_DESK_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/pipe.h"
#include "store/job.h"


#define NGX_CHAT_DESK_TRAYS  512        /* processes at one time */


typedef struct {
    ngx_chat_job_kind_t *kinds;         /* where the code is: the same for all
                                           forks of one master */
    uint64_t             state;         /* which database, and lock */
    ngx_uint_t           full;          /* durability */
} ngx_chat_desk_terms_t;


typedef struct {
    ngx_pid_t            owner;         /* 0: nobody's */
    ngx_uint_t           worker;        /* to be woken */
    ngx_chat_desk_terms_t  terms;       /* the owner's */
    uint32_t             open;          /* the holder may look */
    ngx_chat_pipe_t     *jobs;
    ngx_chat_pipe_t     *answers;
} ngx_chat_tray_t;


typedef struct {
    uint32_t             n;
    ngx_chat_tray_t     *trays[NGX_CHAT_DESK_TRAYS];
} ngx_chat_desk_t;


/* what the holder of the lock has taken in this turn */

typedef struct {
    ngx_uint_t           first;         /* whose turn it is to be first */
    ngx_uint_t           trays;         /* there were */
    uint64_t             taken[NGX_CHAT_DESK_TRAYS];
    u_char               touched[NGX_CHAT_DESK_TRAYS];
} ngx_chat_desk_turn_t;


/* NGX_AGAIN: it was run, but has more to say than the pipe can ever hold, and
   the owner must run it itself */

typedef struct {
    uint64_t             ticket;
    ngx_int_t            rc;
    ngx_uint_t           result;
    ngx_str_t            body;          /* in the pipe, until it is dropped */
} ngx_chat_answer_t;


/* of the jobs that are committed in this state directory */
void ngx_chat_desk_terms(ngx_chat_desk_terms_t *terms,
    ngx_chat_job_kind_t *kinds, ngx_str_t *state, ngx_uint_t full);

/* bytes of a tray whose pipe for jobs has this size, a power of two */
size_t ngx_chat_tray_memory(size_t size);

/*
 * Event loop, with the zone's mutex.  Claim: a tray that nobody owns or whose
 * owner has died, or NULL; extend: lays one out in zeroed memory, NGX_DECLINED
 * when the desk is full.  The tray is closed.
 */
ngx_chat_tray_t *ngx_chat_desk_claim(ngx_chat_desk_t *desk, ngx_pid_t pid,
    ngx_uint_t worker);
ngx_int_t ngx_chat_desk_extend(ngx_chat_desk_t *desk, void *memory,
    size_t size);

/*
 * Writer, with the lock: what is in the tray is forgotten, and it may be
 * used; or it is nobody's any more.
 */
void ngx_chat_tray_open(ngx_chat_tray_t *tray,
    ngx_chat_desk_terms_t *terms);
void ngx_chat_tray_release(ngx_chat_tray_t *tray);

/*
 * Owner, one thread at a time: NGX_OK, or NGX_DECLINED when the job can't
 * travel or has no room, and the owner must run it itself.
 */
ngx_int_t ngx_chat_tray_put(ngx_chat_tray_t *tray, ngx_chat_job_t *job);

/* owner, event loop: the next answer, NGX_DONE when there is none; drop moves
   on, when the body has been copied */
ngx_int_t ngx_chat_tray_answer(ngx_chat_tray_t *tray, ngx_chat_answer_t *a);
void ngx_chat_tray_drop(ngx_chat_tray_t *tray);

/* any: whether jobs of this tray wait for somebody with the lock */
ngx_uint_t ngx_chat_tray_waiting(ngx_chat_tray_t *tray);

/*
 * Writer, with the lock: fills the list up to n with jobs of all trays on
 * these terms, each a copy with a pool of its own.  When they are committed
 * (or failed), answer takes them off the list again, writes the answers, drops
 * the jobs and calls wake for each worker that has got some.  What found no
 * room for its answer stays, and is run again.
 */
void ngx_chat_desk_take(ngx_chat_desk_t *desk, ngx_chat_desk_turn_t *turn,
    ngx_chat_desk_terms_t *terms, ngx_chat_jobs_t *jobs, ngx_uint_t n,
    ngx_log_t *log);
void ngx_chat_desk_answer(ngx_chat_desk_t *desk, ngx_chat_desk_turn_t *turn,
    ngx_chat_jobs_t *jobs, void (*wake)(void *ctx, ngx_uint_t worker),
    void *ctx);

/* whether that has happened to this tray: its owner must take answers first */
ngx_uint_t ngx_chat_desk_crowded(ngx_chat_desk_t *desk,
    ngx_chat_desk_turn_t *turn, ngx_chat_tray_t *tray);


#endif /* NGX_CHAT_DESK_H */
