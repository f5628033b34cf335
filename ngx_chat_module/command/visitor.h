
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a visitor does.  The visitor is known by uid; a row comes into being
 * with the first message.
 */

#ifndef NGX_CHAT_COMMAND_VISITOR_H
#define NGX_CHAT_COMMAND_VISITOR_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"
#include "domain/brake.h"
#include "hub/blocks.h"


typedef struct {
    ngx_str_t             uid;          /* 16 bytes */
    uint64_t              topic;
    int64_t               now;          /* ms */
    ngx_chat_presence_t  *presence;
    ngx_chat_blocks_t    *blocks;       /* NULL: nobody is blocked */
    ngx_chat_block_key_t  who;
    ngx_chat_block_key_t  where;        /* an address; .length 0: none */
    ngx_str_t             token;        /* open: shown in the answer if any */
    ngx_str_t             client_id;    /* send */
    ngx_str_t             text;         /* send */
    ngx_str_t             locale;       /* open, send; may be empty */
    ngx_str_t             page_url;     /* send; may be empty */
    ngx_str_t             page_title;
    ngx_str_t             said_name;    /* send: by the page; empty: nothing */
    ngx_str_t             said_email;
    ngx_str_t             said_facts;
    ngx_chat_claim_t      claim;        /* send: proved; or empty */
    int64_t               up_to;        /* read */
    int64_t               before;       /* history; 0: newest */
    ngx_uint_t            limit;        /* history */
    int64_t               conversation; /* open, typing: out, 0 when none is
                                           open */
    int64_t               visitor;      /* typing: out, row */
    ngx_str_t             name;         /* typing: out, may be empty */
    int64_t               invited;      /* send: the trigger that led here, -1
                                           by hand, 0 none */
    ngx_uint_t            hidden;       /* send: as if a ghost said it */
    ngx_chat_blocks_hit_t  hit;         /* out: the block that it met */
    ngx_chat_brake_facts_t  brake;      /* send: what is known already */
} ngx_chat_visitor_args_t;


/* reads: the body is a VisitorSession (api.yaml) */
ngx_int_t ngx_chat_visitor_open(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* reads: {"events":[...],"more":...}, oldest of the page first */
ngx_int_t ngx_chat_visitor_history(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* reads: fills in .conversation, .visitor, .name; EMPTY */
ngx_int_t ngx_chat_visitor_typing(ngx_chat_job_t *job, ngx_chat_db_t *db);

/*
 * Writes: CREATED, or OK for a client_id that was known already, with
 * {"event":...,"conversation":...}.  Adds the visitor and opens a
 * conversation where there is none open.  BLOCKED when the visitor is; in
 * ghost mode all is as usual, and operators see nothing of it.  BRAKED when
 * it is a first message as machines send it, FORM when the form is to be
 * filled in before.
 */
ngx_int_t ngx_chat_visitor_send(ngx_chat_job_t *job, ngx_chat_db_t *db);

/*
 * A step of those that write: NGX_OK with .hit, the block that the visitor is
 * under; NGX_DECLINED, BLOCKED, when it may not do that.
 */
ngx_int_t ngx_chat_visitor_enter(ngx_chat_job_t *job);

/* writes: the mark of the visitor's last conversation; EMPTY or BLOCKED */
ngx_int_t ngx_chat_visitor_read(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* writes: OK, {"conversation":...|null}, or BLOCKED */
ngx_int_t ngx_chat_visitor_close(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_VISITOR_H */
