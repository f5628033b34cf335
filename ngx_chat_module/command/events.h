
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Catching up: the events after a cursor, rendered, for a poll or a stream
 * that the worker's own window can't answer.
 */

#ifndef NGX_CHAT_COMMAND_EVENTS_H
#define NGX_CHAT_COMMAND_EVENTS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"


#define NGX_CHAT_EVENTS_PAGE  200


typedef struct {
    ngx_str_t       uid;            /* a visitor's; empty: an operator's */
    int64_t         after;
    ngx_array_t     records;        /* out: ngx_chat_record_t, ascending, in
                                       the job's pool */
    int64_t         cursor;         /* out: all up to here is in records */
    ngx_uint_t      more;           /* out */
} ngx_chat_events_args_t;


/* read, in one snapshot; with more, cursor is the last record's id, else it
   is the newest event id of the database */
ngx_int_t ngx_chat_events_after(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_EVENTS_H */
