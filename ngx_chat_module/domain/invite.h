
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a visit tells a rule of invitations, and whether a visit may be
 * invited at all.  Pure; any thread.
 */

#ifndef NGX_CHAT_INVITE_H
#define NGX_CHAT_INVITE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/trigger.h"
#include "domain/visit.h"


#define NGX_CHAT_INVITE_CLAIM  604800000    /* ms: seven days */


/* what a rule is asked about: a visit, and the page that is looked at */

typedef struct {
    ngx_chat_visit_t    visit;          /* a copy */
    u_char              page[NGX_CHAT_VISIT_PAGE];      /* no query */
    ngx_uint_t          page_len;
    u_char              plain[4][NGX_CHAT_VISIT_PAGE];  /* for its facts */
} ngx_chat_invite_t;


/* nobody is invited twice in a visit, or out of a conversation */
ngx_uint_t ngx_chat_invite_allowed(ngx_chat_visit_t *visit);

/*
 * Facts of the visit; the texts point into *invite.  The caller adds what a
 * visit does not know: conversations, the clock, who is there.
 */
void ngx_chat_invite_facts(ngx_chat_invite_t *invite,
    ngx_chat_trigger_facts_t *facts);

/* the browser has this rule's invitation, and may tell that it showed it */
void ngx_chat_invite_offered(ngx_chat_visit_t *visit, int64_t trigger);

/*
 * What a browser tells of an invitation is noted in the visit.  NGX_OK: it is
 * news; NGX_DECLINED: it is not, or is of another invitation.
 */
ngx_int_t ngx_chat_invite_outcome(ngx_chat_visit_t *visit, int64_t trigger,
    ngx_chat_invite_outcome_e outcome);

/* the trigger that the visitor said yes to in this visit, -1 for an operator's
   hand, or 0 */
int64_t ngx_chat_invite_followed(ngx_chat_visit_t *visit);

/*
 * The trigger that led to an order, or 0: the one followed in the visit that
 * it was made in or, without any, the one that the visitor's last proactive
 * conversation came from, if that began at most NGX_CHAT_INVITE_CLAIM ms ago.
 * An operator's hand counts for no trigger, and ends an older one's claim.
 */
int64_t ngx_chat_invite_credited(int64_t followed, int64_t last,
    int64_t opened_at, int64_t now);


#endif /* NGX_CHAT_INVITE_H */
