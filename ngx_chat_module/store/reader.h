
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Two threads that read, with one queue.  Heavy jobs (password hashes: 15 ms
 * and 19 MiB) run one at a time, and what is light goes on beside them.
 */

#ifndef NGX_CHAT_READER_H
#define NGX_CHAT_READER_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/finished.h"
#include "store/store.h"


typedef struct ngx_chat_reader_s  ngx_chat_reader_t;


/* NULL is logged; conf and finished outlive it */
ngx_chat_reader_t *ngx_chat_reader_create(ngx_chat_store_conf_t *conf,
    ngx_chat_finished_t *finished);

/* event loop: NGX_OK or, when the queue is full, NGX_BUSY */
ngx_int_t ngx_chat_reader_push(ngx_chat_reader_t *r, ngx_chat_job_t *job);

/*
 * Writer: the database is open, with a number that grows each time; or 0,
 * it is not.  Connections of another number are opened anew, and without a
 * database jobs fail at once.
 */
void ngx_chat_reader_epoch(ngx_chat_reader_t *r, ngx_uint_t epoch);

/*
 * Writer: its connection is closed for a failure, until the next epoch.  The
 * readers' connections stay, as a disk that can't be written to can be read.
 * None is opened: on a disk that is read-only it would keep the index of the
 * log so, which is one for all connections of the process, the writer's, too.
 */
void ngx_chat_reader_keep(ngx_chat_reader_t *r);

/*
 * Writer: the log has grown; one thread moves what it can of it into the
 * database, beside the commits.  Nothing when it is at it already.
 */
void ngx_chat_reader_checkpoint(ngx_chat_reader_t *r);

/* writer: pages of the log that the last checkpoint found and moved; 0 when
   it is not over, did not succeed, or was asked for already */
int ngx_chat_reader_moved(ngx_chat_reader_t *r);

/* event loop: finishes what is queued, joins, closes; then frees */
void ngx_chat_reader_stop(ngx_chat_reader_t *r);
void ngx_chat_reader_destroy(ngx_chat_reader_t *r);


#endif /* NGX_CHAT_READER_H */
