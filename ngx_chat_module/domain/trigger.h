
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A rule by which visitors are invited to chat, whether it fires for one of
 * them now, and what the invitation says.  Pure; any thread.
 */

#ifndef NGX_CHAT_TRIGGER_H
#define NGX_CHAT_TRIGGER_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/json_out.h"
#include "domain/condition.h"


#define NGX_CHAT_TRIGGERS_MAX  100      /* rules */
#define NGX_CHAT_INVITE_TEXT   300      /* characters of an invitation */

#define NGX_CHAT_INVITE_QUIET  7        /* days, unless said */

#define NGX_CHAT_DAY_MINUTES   1440
#define NGX_CHAT_WEEK          0x7f     /* all days: bit 0 is Monday */


/* what becomes of an invitation: bits of a visit, columns of counters */

typedef enum {
    NGX_CHAT_INVITE_SHOWN = 0,
    NGX_CHAT_INVITE_OPENED,
    NGX_CHAT_INVITE_DISMISSED,
    NGX_CHAT_INVITE_CONVERSATION,
    NGX_CHAT_INVITE_ORDER,
    NGX_CHAT_INVITE_OUTCOMES
} ngx_chat_invite_outcome_e;


/* names as in the API, of those that a browser tells; len == 0 ends */
extern ngx_str_t  ngx_chat_invite_outcome_names[];


/* by an operator's hand, instead of a rule's id */
#define NGX_CHAT_INVITED_BY_HAND  (-1)


typedef struct {
    int64_t        id;
    int64_t        position;
    ngx_str_t      name;
    ngx_uint_t     enabled;
    ngx_uint_t     any;                 /* of .conditions, else all */
    ngx_array_t    conditions;          /* ngx_chat_condition_t */
    int64_t        days;                /* NGX_CHAT_WEEK and parts of it */
    int64_t        from;                /* minutes of the day; the same as */
    int64_t        to;                  /* .to: the whole day */
    int64_t        share;               /* of the visitors, percent */
    ngx_uint_t     attended;            /* only when an operator is there */
    ngx_str_t      text;
    ngx_str_t      sender;              /* whose name it bears; may be empty */
    int64_t        delay;               /* s from then on */
    int64_t        quiet;               /* days after it was dismissed */
    int64_t        counts[NGX_CHAT_INVITE_OUTCOMES];
    int64_t        created_at;          /* ms */
    int64_t        updated_at;
    int64_t        deleted_at;          /* 0: not */
} ngx_chat_trigger_t;


typedef struct {
    ngx_chat_about_t    about;
    uint64_t            visitor;        /* stable: for .share */
    ngx_uint_t          day;            /* of the site's clock, 0 is Monday */
    ngx_uint_t          minute;
    ngx_uint_t          attended;       /* an operator is there */
    ngx_uint_t          known;          /* who asks is who the facts are of */
} ngx_chat_trigger_facts_t;


/* LATER: what is left hangs on facts of the browser */
ngx_chat_answer_e ngx_chat_trigger_answer(ngx_chat_trigger_t *trigger,
    ngx_chat_trigger_facts_t *facts);

/* a span over midnight belongs to the day that it begins on */
ngx_uint_t ngx_chat_trigger_hours(ngx_chat_trigger_t *trigger, ngx_uint_t day,
    ngx_uint_t minute);

/* the same visitor is in or out for a rule, whenever asked */
ngx_uint_t ngx_chat_trigger_sampled(ngx_chat_trigger_t *trigger,
    uint64_t visitor);

/*
 * The text with what is known in place of "{{visitor.name|there}}": name,
 * cart.amount, cart.currency, country, custom.NAME; what follows "|" stands
 * where it is not known.  Of what the backend said nothing is told to somebody
 * who only has the same address and browser.
 */
ngx_int_t ngx_chat_trigger_text(ngx_pool_t *pool, ngx_str_t *text,
    ngx_chat_trigger_facts_t *facts, ngx_str_t *out);

/* what orders came to that it led to, in one currency, which may be empty */

typedef struct {
    ngx_str_t      currency;
    int64_t        amount;              /* thousandths */
} ngx_chat_sale_t;


/* as administrators see it, with its sales: ngx_chat_sale_t */
void ngx_chat_trigger_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_trigger_t *trigger, ngx_array_t *sales);

/* as a browser gets it: what is left to decide, and what to say */
void ngx_chat_trigger_invitation_json(ngx_chat_json_out_t *o,
    ngx_chat_trigger_t *trigger, ngx_chat_trigger_facts_t *facts,
    ngx_str_t *text);


#endif /* NGX_CHAT_TRIGGER_H */
