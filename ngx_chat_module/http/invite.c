
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "domain/event.h"
#include "http/invite.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_INVITE_STATE   0x03
#define NGX_HTTP_CHAT_INVITE_NONE    1
#define NGX_HTTP_CHAT_INVITE_SOME    2

/* s that pages ask after somebody was invited by hand */
#define NGX_HTTP_CHAT_INVITE_HAND    600


static ngx_chat_visit_t *ngx_http_chat_invite_lock(uint64_t key);
static void ngx_http_chat_invite_unlock(void);


uint32_t
ngx_http_chat_invite_word(void)
{
    return __atomic_load_n(&ngx_http_chat_worker->zone->rules,
                           __ATOMIC_ACQUIRE);
}


void
ngx_http_chat_invite_learned(uint32_t word, ngx_uint_t rules)
{
    uint32_t  learned;

    learned = (word & ~NGX_HTTP_CHAT_INVITE_STATE)
              | (rules ? NGX_HTTP_CHAT_INVITE_SOME
                       : NGX_HTTP_CHAT_INVITE_NONE);

    (void) __atomic_compare_exchange_n(&ngx_http_chat_worker->zone->rules,
                                       &word, learned, 0, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}


void
ngx_http_chat_invite_changed(void)
{
    uint32_t   word, changed;
    uint32_t  *rules;

    rules = &ngx_http_chat_worker->zone->rules;
    word = ngx_http_chat_invite_word();

    do {
        changed = (word & ~NGX_HTTP_CHAT_INVITE_STATE)
                  + NGX_HTTP_CHAT_INVITE_STATE + 1;

    } while (!__atomic_compare_exchange_n(rules, &word, changed, 0,
                                          __ATOMIC_ACQ_REL,
                                          __ATOMIC_ACQUIRE));
}


ngx_uint_t
ngx_http_chat_invite_waiting(void)
{
    uint32_t  summoned;

    if (ngx_http_chat_worker == NULL) {
        return 0;
    }

    if ((ngx_http_chat_invite_word() & NGX_HTTP_CHAT_INVITE_STATE)
        != NGX_HTTP_CHAT_INVITE_NONE)
    {
        return 1;
    }

    summoned = __atomic_load_n(&ngx_http_chat_worker->zone->summoned,
                               __ATOMIC_RELAXED);

    return summoned
           && (uint32_t) ngx_time() - summoned < NGX_HTTP_CHAT_INVITE_HAND;
}


ngx_int_t
ngx_http_chat_invite_note(uint64_t key, int64_t trigger,
    ngx_chat_invite_outcome_e outcome)
{
    ngx_int_t          rc;
    ngx_chat_visit_t  *visit;

    visit = ngx_http_chat_invite_lock(key);

    rc = visit ? ngx_chat_invite_outcome(visit, trigger, outcome)
               : NGX_DECLINED;

    ngx_http_chat_invite_unlock();

    return rc;
}


void
ngx_http_chat_invite_forget(uint64_t key, ngx_chat_invite_outcome_e outcome)
{
    ngx_chat_visit_t  *visit;

    visit = ngx_http_chat_invite_lock(key);

    if (visit) {
        visit->outcomes &= ~((uint32_t) 1 << outcome);
    }

    ngx_http_chat_invite_unlock();
}


ngx_int_t
ngx_http_chat_invite_summon(uint64_t key, ngx_str_t *text, int64_t operator,
    ngx_str_t *sender)
{
    ngx_int_t          rc;
    ngx_chat_event_t   event;
    ngx_chat_visit_t  *visit;

    visit = ngx_http_chat_invite_lock(key);

    rc = visit == NULL ? NGX_DECLINED
         : ngx_chat_invite_allowed(visit) ? NGX_OK : NGX_ABORT;

    if (rc == NGX_OK) {
        visit->invited = NGX_CHAT_INVITED_BY_HAND;
        visit->outcomes = 0;
        visit->dirty = 1;

        ngx_chat_visit_text(visit->hand, NGX_CHAT_VISIT_HAND, text);
        ngx_chat_visit_text(visit->sender, NGX_CHAT_VISIT_SENDER, sender);
    }

    ngx_http_chat_invite_unlock();

    if (rc != NGX_OK) {
        return rc;
    }

    __atomic_store_n(&ngx_http_chat_worker->zone->summoned,
                     (uint32_t) ngx_time(), __ATOMIC_RELAXED);

    ngx_memzero(&event, sizeof(ngx_chat_event_t));

    event.type = NGX_CHAT_EVENT_INVITATION;
    event.topic = key;
    event.author = NGX_CHAT_AUTHOR_OPERATOR;
    event.author_id = operator;
    event.author_name = *sender;
    event.text = *text;

    ngx_http_chat_publish(&event);

    return NGX_OK;
}


int64_t
ngx_http_chat_invite_followed(uint64_t key)
{
    int64_t            invited;
    ngx_chat_visit_t  *visit;

    visit = ngx_http_chat_invite_lock(key);

    invited = visit && (visit->outcomes & 1 << NGX_CHAT_INVITE_OPENED)
              ? visit->invited : 0;

    ngx_http_chat_invite_unlock();

    return invited;
}


/* the visit under way, or NULL; unlock in either case */

static ngx_chat_visit_t *
ngx_http_chat_invite_lock(uint64_t key)
{
    ngx_http_chat_zone_t  *zone;

    zone = ngx_http_chat_worker->zone;

    ngx_shmtx_lock(zone->mutex);

    return ngx_chat_visits_find(zone->visits, key, ngx_http_chat_now());
}


static void
ngx_http_chat_invite_unlock(void)
{
    ngx_shmtx_unlock(ngx_http_chat_worker->zone->mutex);
}
