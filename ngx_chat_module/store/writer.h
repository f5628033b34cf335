
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The thread that commits the jobs that write: those of this worker's queue
 * and, as it has the lock, all that lie on the desk.
 */

#ifndef NGX_CHAT_WRITER_H
#define NGX_CHAT_WRITER_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/finished.h"
#include "store/reader.h"
#include "store/store.h"


typedef struct ngx_chat_writer_s  ngx_chat_writer_t;


/* NULL is logged; conf, finished and reader outlive it */
ngx_chat_writer_t *ngx_chat_writer_create(ngx_chat_store_conf_t *conf,
    ngx_chat_finished_t *finished, ngx_chat_reader_t *reader);

/* event loop: until the first attempt at opening is over, or ms have passed */
void ngx_chat_writer_ready(ngx_chat_writer_t *w, ngx_msec_t ms);

/* event loop: a job will follow at once, as it looks */
void ngx_chat_writer_expect(ngx_chat_writer_t *w);

/* event loop: NGX_OK or, when the queue is full, NGX_BUSY */
ngx_int_t ngx_chat_writer_push(ngx_chat_writer_t *w, ngx_chat_job_t *job);

/* event loop: appends jobs that were committed by way of the desk */
void ngx_chat_writer_reap(ngx_chat_writer_t *w, ngx_chat_jobs_t *jobs);

/* event loop: finishes what is queued, joins, closes; then, when what it has
   finished is reaped, frees */
void ngx_chat_writer_stop(ngx_chat_writer_t *w);
void ngx_chat_writer_destroy(ngx_chat_writer_t *w);


#endif /* NGX_CHAT_WRITER_H */
