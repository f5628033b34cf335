
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
#include "store/tray.h"


#define NGX_CHAT_DESK_TRAYS  512        /* processes at one time */


typedef struct {
    uint32_t             n;
    ngx_chat_tray_t     *trays[NGX_CHAT_DESK_TRAYS];
} ngx_chat_desk_t;


/* what the holder of the lock has taken in this turn */

typedef struct {
    ngx_uint_t           first;         /* whose turn it is to be first */
    ngx_uint_t           trays;         /* there were */
    uint64_t             turns[NGX_CHAT_DESK_TRAYS];
    uint64_t             taken[NGX_CHAT_DESK_TRAYS];
    u_char               touched[NGX_CHAT_DESK_TRAYS];
    unsigned             starved:1;     /* no memory for what is there */
    unsigned             overtaken:1;   /* another holder has come */
} ngx_chat_desk_turn_t;


/* of the jobs that are committed in this state directory */
void ngx_chat_desk_terms(ngx_chat_desk_terms_t *terms,
    ngx_chat_job_kind_t *kinds, ngx_str_t *state, ngx_uint_t full);

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
 * Writer, with the lock: whether there are jobs that it may take; and, with
 * or without it: whether another one than the owner of this tray waits for the
 * lock with jobs that it can't take.
 */
ngx_uint_t ngx_chat_desk_waiting(ngx_chat_desk_t *desk,
    ngx_chat_desk_terms_t *terms);
ngx_uint_t ngx_chat_desk_wanted(ngx_chat_desk_t *desk, ngx_chat_tray_t *tray);

/*
 * Writer, with the lock: fills the list up to n with jobs of all trays on
 * these terms, each a copy with a pool of its own.  When they are committed
 * (or failed), answer takes them off the list again, writes the answers, drops
 * the jobs and calls wake for each worker that has got some.  What found no
 * room for its answer stays, and is run again.
 *
 * The lock is a file, which somebody may remove while it is held, and then
 * another holder comes.  Of two who have taken jobs of a tray at a time, the
 * first writes no answers.
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
