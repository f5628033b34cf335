
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


typedef struct {
    int64_t                     now;        /* ms */
    int64_t                     today;      /* ms: when the day began */
    ngx_str_t                   uid;        /* empty: not known by a token */
    ngx_chat_invite_t           invite;
    ngx_chat_trigger_facts_t    facts;      /* clock and presence are set */
    int64_t                     average;    /* s; -1: was not looked for */
    ngx_uint_t                  rules;      /* out: those that are on */
    ngx_uint_t                  wanted;     /* out: the average is */
    ngx_uint_t                  offers;     /* out: rules that are offered */
    int64_t                     offered[NGX_CHAT_VISIT_OFFERS];
    uint64_t                    topic;      /* where it may be kept that the
                                               visitor said no; 0: may not */
    int64_t                     trigger;    /* count */
    ngx_uint_t                  outcome;    /* count */
    ngx_uint_t                  ghost;      /* count: of a blocked visitor */
    ngx_uint_t                  talks;      /* a conversation is open, be it
                                               one that nobody sees */
} ngx_chat_invite_args_t;


typedef struct {
    int64_t                     followed;   /* in the visit; domain/invite.h */
    ngx_str_t                   uid;        /* empty: not known by a token */
    ngx_chat_order_t            order;      /* but for its trigger */
} ngx_chat_invite_order_args_t;


/* read: {"on_site":s,"invitations":[...]}, the first that fires is shown */
ngx_int_t ngx_chat_invite_offer(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* read, from visits.db: how long .page is looked at, into .average */
ngx_int_t ngx_chat_invite_average(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* writes: one more of .outcome, unless it is a ghost's, and who said no has
   peace for as long as the rule says; EMPTY */
ngx_int_t ngx_chat_invite_count(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* writes: an order, counted once for the trigger that led to it, if any */
ngx_int_t ngx_chat_invite_order(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_INVITE_H */
