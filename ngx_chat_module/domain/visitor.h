
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A visitor of the site: a row only from the first message on.
 */

#ifndef NGX_CHAT_VISITOR_H
#define NGX_CHAT_VISITOR_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/json_out.h"
#include "domain/claim.h"


typedef struct {
    int64_t      id;                /* row; 0: not stored yet */
    ngx_str_t    uid;               /* 16 bytes */
    uint64_t     topic;
    ngx_str_t    name;              /* may be empty, as the next two; all */
    ngx_str_t    email;             /* said by the page, nobody proved it */
    ngx_str_t    facts;             /* lines of "name=value" */
    ngx_str_t    locale;            /* may be empty */
    int64_t      created_at;        /* ms */
    ngx_str_t    user_id;           /* proved by the site (claim.h), as the */
    ngx_str_t    user_name;         /* next two; empty: nobody did */
    ngx_str_t    user_email;
    ngx_str_t    form;              /* what it was filled in with: answer.h;
                                       empty: it was not */
} ngx_chat_visitor_t;


/* what is said now counts, what is empty stays; whether anything changed */
ngx_uint_t ngx_chat_visitor_learn(ngx_chat_visitor_t *visitor, ngx_str_t *name,
    ngx_str_t *email, ngx_str_t *facts);

/* whether the team's name for it is the visitor's own */
ngx_uint_t ngx_chat_visitor_called(ngx_chat_visitor_t *visitor,
    ngx_str_t *name);

/* what is proved counts as a whole; whether anything changed */
ngx_uint_t ngx_chat_visitor_prove(ngx_chat_visitor_t *visitor,
    ngx_chat_claim_t *claim);

/* [{"name":...,"value":...},...]; lines without a name and "=" are left out */
void ngx_chat_visitor_facts_json(ngx_chat_json_out_t *o, const char *name,
    ngx_str_t *facts);

/* who the site has proved that it is: {"id":...,"name":...,"email":...}, null
   for nobody */
void ngx_chat_visitor_user_json(ngx_chat_json_out_t *o, const char *name,
    ngx_str_t *id, ngx_str_t *user, ngx_str_t *email);

/* what a form was filled in with, as it was rendered then; [] if it was not */
void ngx_chat_visitor_form_json(ngx_chat_json_out_t *o, const char *name,
    ngx_str_t *form);


#endif /* NGX_CHAT_VISITOR_H */
