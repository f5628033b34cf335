
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


/* what a rule is asked about: a visit, and the page that is looked at */

typedef struct {
    ngx_chat_visit_t    visit;          /* a copy */
    u_char              page[NGX_CHAT_VISIT_PAGE];      /* no query */
    ngx_uint_t          page_len;
} ngx_chat_invite_t;


/* nobody is invited twice in a visit, or out of a conversation */
ngx_uint_t ngx_chat_invite_allowed(ngx_chat_visit_t *visit);

/*
 * Facts of the visit; the texts point into *invite.  The caller adds what a
 * visit does not know: conversations, the clock, who is there.
 */
void ngx_chat_invite_facts(ngx_chat_invite_t *invite,
    ngx_chat_trigger_facts_t *facts);

/*
 * What a browser tells of an invitation is noted in the visit.  NGX_OK: it is
 * news; NGX_DECLINED: it is not, or is of another invitation.
 */
ngx_int_t ngx_chat_invite_outcome(ngx_chat_visit_t *visit, int64_t trigger,
    ngx_chat_invite_outcome_e outcome);


#endif /* NGX_CHAT_INVITE_H */
