
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "command/invite.h"
#include "domain/event.h"
#include "http/blocks.h"
#include "http/conf.h"
#include "http/identity.h"
#include "http/invite.h"
#include "http/viewer.h"
#include "http/visit.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_INVITE_STATE   0x03
#define NGX_HTTP_CHAT_INVITE_NONE    1
#define NGX_HTTP_CHAT_INVITE_SOME    2

/* s that pages ask after somebody was invited by hand */
#define NGX_HTTP_CHAT_INVITE_HAND    600

/* s that it is believed that there are no rules: they may have been made
   elsewhere, or by a worker that died before it said so */
#define NGX_HTTP_CHAT_INVITE_TRUST   60


static ngx_uint_t ngx_http_chat_invite_within(uint32_t since,
    uint32_t seconds);
static ngx_int_t ngx_http_chat_invite_buyer(ngx_http_request_t *r,
    ngx_str_t *who);
static ngx_int_t ngx_http_chat_invite_order(ngx_http_request_t *r,
    ngx_chat_job_t *job, ngx_chat_view_t *view, ngx_chat_order_t *order);
static void ngx_http_chat_invite_order_done(ngx_chat_job_t *job);
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

    __atomic_store_n(&ngx_http_chat_worker->zone->settled,
                     (uint32_t) ngx_time(), __ATOMIC_RELAXED);

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
    uint32_t  settled, summoned;

    if (ngx_http_chat_worker == NULL) {
        return 0;
    }

    settled = __atomic_load_n(&ngx_http_chat_worker->zone->settled,
                              __ATOMIC_RELAXED);

    if ((ngx_http_chat_invite_word() & NGX_HTTP_CHAT_INVITE_STATE)
        != NGX_HTTP_CHAT_INVITE_NONE
        || !ngx_http_chat_invite_within(settled, NGX_HTTP_CHAT_INVITE_TRUST))
    {
        return 1;
    }

    summoned = __atomic_load_n(&ngx_http_chat_worker->zone->summoned,
                               __ATOMIC_RELAXED);

    return summoned
           && ngx_http_chat_invite_within(summoned, NGX_HTTP_CHAT_INVITE_HAND);
}


/* less than so many seconds ago; the other worker's time may be one ahead */

static ngx_uint_t
ngx_http_chat_invite_within(uint32_t since, uint32_t seconds)
{
    return (uint32_t) ngx_time() + 1 - since <= seconds;
}


void
ngx_http_chat_invite_offers(uint64_t key, int64_t *triggers, ngx_uint_t n)
{
    ngx_uint_t         i;
    ngx_chat_visit_t  *visit;

    visit = ngx_http_chat_invite_lock(key);

    for (i = 0; visit && i < n; i++) {
        ngx_chat_invite_offered(visit, triggers[i]);
    }

    ngx_http_chat_invite_unlock();
}


ngx_int_t
ngx_http_chat_invite_note(uint64_t key, int64_t trigger,
    ngx_chat_invite_outcome_e outcome)
{
    ngx_int_t          rc;
    ngx_chat_visit_t  *visit;

    visit = ngx_http_chat_invite_lock(key);

    rc = visit ? ngx_chat_invite_outcome(visit, trigger, outcome)
               : NGX_DONE;

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
    int64_t            followed;
    ngx_chat_visit_t  *visit;

    visit = ngx_http_chat_invite_lock(key);

    followed = visit ? ngx_chat_invite_followed(visit) : 0;

    ngx_http_chat_invite_unlock();

    return followed;
}


/*
 * Of whom nothing is to be kept, only this visit is looked at.  A ghost's
 * invitations led to nothing that is counted.
 */

void
ngx_http_chat_invite_ordered(ngx_http_request_t *r, ngx_chat_view_t *view,
    int64_t followed)
{
    u_char                         uid[NGX_CHAT_UID_LEN];
    ngx_str_t                      who;
    ngx_chat_job_t                *job;
    ngx_chat_invite_order_args_t  *args;

    who.data = uid;

    if (!ngx_http_chat_worker->keyed
        || ngx_http_chat_invite_buyer(r, &who) != NGX_OK
        || (followed <= 0 && who.len == 0))
    {
        return;
    }

    job = ngx_chat_job_create(ngx_chat_invite_order,
                              ngx_http_chat_invite_order_done,
                              sizeof(ngx_chat_invite_order_args_t),
                              ngx_http_chat_worker->log);
    if (job == NULL) {
        return;
    }

    args = job->args;
    args->followed = followed;
    job->guest = 1;

    if (ngx_chat_job_copy(job, &args->uid, &who) != NGX_OK
        || ngx_http_chat_invite_order(r, job, view, &args->order) != NGX_OK)
    {
        ngx_chat_job_destroy(job);
        return;
    }

    if (ngx_chat_store_write(ngx_http_chat_worker->store, job) != NGX_OK) {
        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "the chat's queue is full, see \"chat_queue\": an "
                      "order is not counted");

        ngx_chat_metric_add(ngx_http_chat_worker->lane,
                            NGX_CHAT_METRIC_QUEUE_FULL_WRITES, 1);
        ngx_chat_job_destroy(job);
        return;
    }

    ngx_http_chat_worker_busy();
}


/*
 * who->data has room for an uid; who->len is 0 for somebody unknown, or of
 * whom nothing is to be kept.  NGX_DECLINED: a ghost.
 */

static ngx_int_t
ngx_http_chat_invite_buyer(ngx_http_request_t *r, ngx_str_t *who)
{
    ngx_uint_t               known;
    ngx_chat_blocks_hit_t    hit;
    ngx_http_chat_viewer_t  *page;

    page = ngx_http_chat_viewer(r);
    known = ngx_http_chat_visitor_of_page(r, who->data) == NGX_OK;

    who->len = known && page && ngx_http_chat_viewer_stored(r, page)
               ? NGX_CHAT_UID_LEN : 0;

    return ngx_http_chat_blocks_find(r, known ? who->data : NULL, &hit)
           == NGX_CHAT_BLOCK_NONE
           ? NGX_OK : NGX_DECLINED;
}


/* its number is of the site's and the order's, so that it counts once */

static ngx_int_t
ngx_http_chat_invite_order(ngx_http_request_t *r, ngx_chat_job_t *job,
    ngx_chat_view_t *view, ngx_chat_order_t *order)
{
    u_char                     *p;
    ngx_str_t                   text;
    ngx_chat_facts_t           *facts;
    ngx_http_chat_loc_conf_t   *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_chat_module);
    facts = view->facts;

    text.len = clcf->site.len + 1 + ngx_strlen(facts->order);
    text.data = ngx_pnalloc(job->pool, text.len + 1);

    if (text.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(text.data, clcf->site.data, clcf->site.len);
    (void) ngx_sprintf(p, "\n%s%Z", facts->order);

    order->id = (int64_t) (ngx_chat_auth_number(&ngx_http_chat_worker->key,
                                                "order", &text) >> 1);
    order->at = view->at;
    order->amount = ngx_chat_amount_thousandths(facts->order_amount);

    text.data = facts->order_currency;
    text.len = ngx_strlen(text.data);

    return ngx_chat_job_copy(job, &order->currency, &text);
}


/* a failure is in the log already */

static void
ngx_http_chat_invite_order_done(ngx_chat_job_t *job)
{
    ngx_chat_job_destroy(job);
}


/* the visit under way, or NULL; unlock in either case */

static ngx_chat_visit_t *
ngx_http_chat_invite_lock(uint64_t key)
{
    return ngx_http_chat_visit_lock(ngx_http_chat_worker->zone, key,
                                    ngx_http_chat_now());
}


static void
ngx_http_chat_invite_unlock(void)
{
    ngx_http_chat_visit_unlock(ngx_http_chat_worker->zone);
}
