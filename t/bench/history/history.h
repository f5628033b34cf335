
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What was made, for the lists that ask for it.
 */


#ifndef _HISTORY_H_INCLUDED_
#define _HISTORY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include "base/auth.h"
#include "store/fault.h"
#include "store/sqlite.h"


#define HISTORY_OPEN       50           /* conversations that go on at once */
#define HISTORY_LONG       100          /* a part of all messages: the first */


typedef struct {
    int64_t              visitor;       /* id: its place + 1 */
    int64_t              operator;
    int64_t              first;         /* event */
    int64_t              last;
    unsigned             left;          /* messages until it ends */
    unsigned             number;
} history_conversation_t;


typedef struct {
    u_char               token[NGX_CHAT_VISITOR_TOKEN_LEN];
    int64_t              conversation;  /* its latest: place */
    int64_t              before;        /* its first: place */
    unsigned             talks:1;
} history_visitor_t;


typedef struct {
    const char               *dir;
    int64_t                   messages;
    int64_t                   at;       /* ms, of the first message */
    uint64_t                  seed;
    ngx_chat_db_t             db;
    ngx_chat_fault_t          fault;
    ngx_log_t                 log;
    ngx_chat_key_t            key;
    history_conversation_t   *conversation;
    int64_t                   conversations;
    history_visitor_t        *visitor;
    int64_t                   visitors;
    int64_t                   open[HISTORY_OPEN];
} history_t;


/* below a bound; the same numbers in each run */
uint64_t history_random(history_t *h, uint64_t below);

/* all lists, into the directory */
void list_write_all(history_t *h);

void die(const char *what);


#endif /* _HISTORY_H_INCLUDED_ */
