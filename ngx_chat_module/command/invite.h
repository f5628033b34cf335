
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Which invitations a visitor may get on the page that is looked at, and
 * what became of them.
 */

#ifndef NGX_CHAT_COMMAND_INVITE_H
#define NGX_CHAT_COMMAND_INVITE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"
#include "domain/invite.h"


#define NGX_CHAT_OFFERS_MAX  10         /* invitations in one answer */


typedef struct {
    int64_t                     now;        /* ms */
    int64_t                     today;      /* ms: when the day began */
    ngx_str_t                   uid;        /* empty: not known by a token */
    ngx_chat_invite_t           invite;
    ngx_chat_trigger_facts_t    facts;      /* clock and presence are set */
    int64_t                     average;    /* s; -1: was not looked for */
    ngx_uint_t                  rules;      /* out: those that are on */
    ngx_uint_t                  wanted;     /* out: the average is */
    int64_t                     trigger;    /* count */
    ngx_uint_t                  outcome;    /* count */
} ngx_chat_invite_args_t;


/* read: {"on_site":s,"invitations":[...]}, the first that fires is shown */
ngx_int_t ngx_chat_invite_offer(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* read, from visits.db: how long .page is looked at, into .average */
ngx_int_t ngx_chat_invite_average(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* writes: one more of .outcome; EMPTY */
ngx_int_t ngx_chat_invite_count(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_INVITE_H */
