
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Invitations in the shared zone: whether a page is worth a question for
 * them, and what is noted in a visit.  Event loop.
 */

#ifndef NGX_HTTP_CHAT_INVITE_H
#define NGX_HTTP_CHAT_INVITE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "domain/invite.h"
#include "http/worker.h"


/*
 * The zone's word of rules counts their changes, and says in its last bits
 * whether there are any: 0 not known, 1 none, 2 some.  Who has read the
 * rules may say so if they have not changed meanwhile.
 */

uint32_t ngx_http_chat_invite_word(void);
void ngx_http_chat_invite_learned(uint32_t word, ngx_uint_t rules);
void ngx_http_chat_invite_changed(void);

/* whether pages should ask: there may be rules, or somebody was invited by
   hand a short time ago */
ngx_uint_t ngx_http_chat_invite_waiting(void);

/* so many rules were offered to the visit, if it is under way */
void ngx_http_chat_invite_offers(uint64_t key, int64_t *triggers,
    ngx_uint_t n);

/* domain/invite.h, in the zone; NGX_DONE: there is no such visit */
ngx_int_t ngx_http_chat_invite_note(uint64_t key, int64_t trigger,
    ngx_chat_invite_outcome_e outcome);

/* it could not be stored: may come again */
void ngx_http_chat_invite_forget(uint64_t key,
    ngx_chat_invite_outcome_e outcome);

/*
 * By hand: text and sender stay with the visit, and go to the visitor's
 * streams at once.  NGX_DECLINED when there is no such visit, NGX_ABORT when
 * it can't be invited.
 */
ngx_int_t ngx_http_chat_invite_summon(uint64_t key, ngx_str_t *text,
    int64_t operator, ngx_str_t *sender);

/* domain/invite.h, of the visit under way */
int64_t ngx_http_chat_invite_followed(uint64_t key);

/*
 * A page has told of an order: counted for the trigger that led to it, by a
 * job that nobody waits for.  followed: in the visit, as above; when the queue
 * is full the order is not counted, and the log says so.
 */
void ngx_http_chat_invite_ordered(ngx_http_request_t *r,
    ngx_chat_view_t *view, int64_t followed);


#endif /* NGX_HTTP_CHAT_INVITE_H */
