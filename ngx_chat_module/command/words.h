
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Words that messages may not have: set by administrators, compiled for
 * workers.
 */

#ifndef NGX_CHAT_COMMAND_WORDS_H
#define NGX_CHAT_COMMAND_WORDS_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"
#include "domain/words.h"


/* the first member is what the API's fields fill in */

typedef struct {
    ngx_chat_words_t     words;
    int64_t              operator;      /* who asks */
    int64_t              now;           /* ms */
} ngx_chat_words_args_t;


typedef struct {
    uint64_t             version;       /* that the worker has; out: of the
                                           table.  0: none, the list is empty */
} ngx_chat_words_look_t;


/* reads: {"words":...} */
ngx_int_t ngx_chat_words_show(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* writes all of it: OK with {"words":...}, or ROLE */
ngx_int_t ngx_chat_words_put(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* reads: the table, which may be empty; EMPTY when the version is the same */
ngx_int_t ngx_chat_words_look(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_WORDS_H */
