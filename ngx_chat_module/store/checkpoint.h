
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * When the log is moved into the database, and by whom.
 */

#ifndef NGX_CHAT_CHECKPOINT_H
#define NGX_CHAT_CHECKPOINT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/reader.h"


/* pages in the log; zeroed at first */

typedef struct {
    int     pages;              /* from here on: ask a reader */
    int     pages_max;          /* do it here */
    int     room;               /* look for room on the disk */
} ngx_chat_checkpoint_t;


/* writer, with the lock, when the jobs of a turn have their answers */
void ngx_chat_checkpoint(ngx_chat_checkpoint_t *c, ngx_chat_db_t *db,
    ngx_chat_reader_t *reader);


#endif /* NGX_CHAT_CHECKPOINT_H */
