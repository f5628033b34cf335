
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A visitor of the site: a row only from the first message on.
 */

#ifndef NGX_CHAT_VISITOR_H
#define NGX_CHAT_VISITOR_H


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    int64_t      id;                /* row; 0: not stored yet */
    ngx_str_t    uid;               /* 16 bytes */
    uint64_t     topic;
    ngx_str_t    name;              /* may be empty */
    ngx_str_t    locale;            /* may be empty */
    int64_t      created_at;        /* ms */
} ngx_chat_visitor_t;


#endif /* NGX_CHAT_VISITOR_H */
