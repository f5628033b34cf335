
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a process has on the desk (desk.h): a pipe for its jobs and one for
 * their answers, in shared memory.  A job in a pipe is a header, its arguments
 * as they are, and the bytes of its strings, whose lengths stand in the
 * arguments.
 */

#ifndef NGX_CHAT_TRAY_H
#define NGX_CHAT_TRAY_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/pipe.h"
#include "store/job.h"


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
    uint32_t             impatient;     /* the owner has jobs that only it
                                           can run, and waits for the lock */
    uint64_t             turns;         /* in which jobs were taken */
    ngx_chat_pipe_t     *jobs;
    ngx_chat_pipe_t     *answers;
} ngx_chat_tray_t;


/* what the records in the pipes begin with */

typedef struct {
    uint64_t     ticket;
    uint16_t     kind;
    uint16_t     begun;
    uint32_t     tries;
} ngx_chat_desk_job_t;


typedef struct {
    uint64_t     ticket;
    int64_t      rc;
    uint64_t     result;
} ngx_chat_desk_answer_t;


/* NGX_AGAIN: it was run, but has more to say than the pipe can ever hold, and
   the owner must run it itself, as one that was begun before */

typedef struct {
    uint64_t             ticket;
    ngx_int_t            rc;
    ngx_uint_t           result;
    ngx_str_t            body;          /* in the pipe, until it is dropped */
} ngx_chat_answer_t;


/* bytes of a tray whose pipe for jobs has this size, a power of two */
size_t ngx_chat_tray_memory(size_t size);

/*
 * Writer, with the lock: what is in the tray is forgotten, and it may be
 * used; or it is nobody's any more.
 */
void ngx_chat_tray_open(ngx_chat_tray_t *tray,
    ngx_chat_desk_terms_t *terms);
void ngx_chat_tray_release(ngx_chat_tray_t *tray);

/*
 * Owner, one thread at a time: NGX_OK, NGX_BUSY when there is no room now, or
 * NGX_DECLINED when the job can't travel, and the owner must run it itself.
 */
ngx_int_t ngx_chat_tray_put(ngx_chat_tray_t *tray, ngx_chat_job_t *job);

/* owner, event loop: the next answer, NGX_DONE when there is none; drop moves
   on, when the body has been copied */
ngx_int_t ngx_chat_tray_answer(ngx_chat_tray_t *tray, ngx_chat_answer_t *a);
void ngx_chat_tray_drop(ngx_chat_tray_t *tray);

/* any: whether jobs of this tray wait for somebody with the lock */
ngx_uint_t ngx_chat_tray_waiting(ngx_chat_tray_t *tray);

/* owner: whether it has jobs that only it can run */
void ngx_chat_tray_impatient(ngx_chat_tray_t *tray, ngx_uint_t yes);

/* any: whether its owner is dead */
ngx_uint_t ngx_chat_tray_deserted(ngx_chat_tray_t *tray);


#endif /* NGX_CHAT_TRAY_H */
