
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Page views on their way to visits.db, a file of its own so that tracking
 * never delays a message: a bounded queue, and a thread that takes what has
 * gathered and commits it as one transaction (synchronous NORMAL).  All of it
 * may be lost: a view that finds the queue full, or a disk that fails, is
 * counted and gone, and nobody waits.
 */

#ifndef NGX_CHAT_STORE_VISITS_H
#define NGX_CHAT_STORE_VISITS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/visit.h"
#include "store/finished.h"
#include "store/job.h"
#include "store/store.h"


typedef struct ngx_chat_visits_writer_s  ngx_chat_visits_writer_t;


/* NULL is logged; conf and finished outlive it */
ngx_chat_visits_writer_t *ngx_chat_visits_writer_create(
    ngx_chat_store_conf_t *conf, ngx_chat_finished_t *finished);

/* event loop; copies the view.  NGX_BUSY: the queue is full, it is dropped */
ngx_int_t ngx_chat_visits_writer_view(ngx_chat_visits_writer_t *w,
    ngx_chat_view_t *view);

/* event loop: the visitor has a conversation, and ages no more */
ngx_int_t ngx_chat_visits_writer_keep(ngx_chat_visits_writer_t *w,
    uint64_t key);

/* event loop: a job that reads, run between two batches; NGX_BUSY: full */
ngx_int_t ngx_chat_visits_writer_read(ngx_chat_visits_writer_t *w,
    ngx_chat_job_t *job);

/* event loop: finishes what is queued, joins, closes */
void ngx_chat_visits_writer_destroy(ngx_chat_visits_writer_t *w);


#endif /* NGX_CHAT_STORE_VISITS_H */
