
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Blocking and lifting, and who was blocked.  Agents may block and let in
 * visitors; networks are for supervisors and administrators.
 */

#ifndef NGX_CHAT_COMMAND_BLOCK_H
#define NGX_CHAT_COMMAND_BLOCK_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"
#include "hub/blocks.h"


typedef struct {
    int64_t               operator;     /* who asks */
    int64_t               now;          /* ms */
    ngx_chat_blocks_t    *blocks;       /* in the shared zone */
    int64_t               id;           /* lift */
    ngx_uint_t            mode;         /* add: NGX_CHAT_BLOCK_* */
    int64_t               conversation; /* add: whose visitor; or 0 */
    ngx_uint_t            network;      /* add: .key is one */
    ngx_chat_block_key_t  key;
    ngx_str_t             reason;       /* add; may be empty */
    int64_t               expires_in;   /* add: s, 0: never */
    ngx_uint_t            which;        /* list: NGX_CHAT_BLOCKS_* */
    ngx_str_t             search;       /* list: as it was typed, or empty */
    int64_t               visitor;      /* list: row, 0: all */
    int64_t               before;       /* list: 0: newest */
    ngx_uint_t            limit;        /* list */
} ngx_chat_block_args_t;


/* read: {"blocks":[...],"active":n,"room":n,"more":...}, newest first */
ngx_int_t ngx_chat_block_list(ngx_chat_job_t *job, ngx_chat_db_t *db);

/*
 * Writes: CREATED with {"block":...}, or NOT_FOUND, ROLE, BLOCKS_FULL.  A
 * block of the same visitor or network that there is ends with it.
 */
ngx_int_t ngx_chat_block_add(ngx_chat_job_t *job, ngx_chat_db_t *db);

/*
 * Writes: OK with {"block":...}, or NOT_FOUND, ROLE.  One that was lifted
 * stays as it is.
 */
ngx_int_t ngx_chat_block_lift(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_BLOCK_H */
