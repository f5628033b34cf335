
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The table is open-addressed by operator id.  A slot, once taken by an
 * operator, stays theirs until the zone goes, so readers need no lock: they
 * see a slot's operator, then its state, each written by one atomic store.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/presence.h"


typedef struct {
    int64_t        operator;        /* 0: free */
    int64_t        seen;            /* ms since the epoch */
    uint32_t       status;          /* 0: unknown, else _CHOSEN | status */
    uint32_t       announced;       /* present, as was last published */
} ngx_chat_presence_slot_t;


struct ngx_chat_presence_s {
    ngx_chat_presence_slot_t   slots[NGX_CHAT_PRESENCE_MAX];
};


#define NGX_CHAT_PRESENCE_CHOSEN  0x100

#define ngx_chat_presence_load(p)      __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define ngx_chat_presence_store(p, v)  __atomic_store_n(p, v, __ATOMIC_RELEASE)


static ngx_chat_presence_slot_t *ngx_chat_presence_find(
    ngx_chat_presence_t *p, int64_t operator, ngx_uint_t add);
static ngx_uint_t ngx_chat_presence_now(ngx_chat_presence_slot_t *slot,
    int64_t now);
static ngx_uint_t ngx_chat_presence_listens(ngx_chat_presence_slot_t *slot,
    int64_t now);
static ngx_uint_t ngx_chat_presence_announce(ngx_chat_presence_slot_t *slot,
    uint32_t present);


size_t
ngx_chat_presence_size(void)
{
    return sizeof(ngx_chat_presence_t);
}


ngx_uint_t
ngx_chat_presence_choose(ngx_chat_presence_t *p, int64_t operator,
    ngx_chat_status_e status, int64_t now)
{
    ngx_chat_presence_slot_t  *slot;

    slot = ngx_chat_presence_find(p, operator, 1);

    if (slot == NULL) {
        return 0;
    }

    ngx_chat_presence_store(&slot->status,
                            NGX_CHAT_PRESENCE_CHOSEN | (uint32_t) status);

    return ngx_chat_presence_announce(slot, ngx_chat_presence_now(slot, now));
}


ngx_uint_t
ngx_chat_presence_touch(ngx_chat_presence_t *p, int64_t operator,
    ngx_chat_status_e status, int64_t now)
{
    uint32_t                   unknown;
    ngx_chat_presence_slot_t  *slot;

    slot = ngx_chat_presence_find(p, operator, 1);

    if (slot == NULL) {
        return 0;
    }

    unknown = 0;

    (void) __atomic_compare_exchange_n(&slot->status, &unknown,
                                       NGX_CHAT_PRESENCE_CHOSEN
                                       | (uint32_t) status,
                                       0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);

    ngx_chat_presence_store(&slot->seen, now);

    return ngx_chat_presence_announce(slot, ngx_chat_presence_now(slot, now));
}


ngx_uint_t
ngx_chat_presence_leave(ngx_chat_presence_t *p, int64_t operator)
{
    ngx_chat_presence_slot_t  *slot;

    slot = ngx_chat_presence_find(p, operator, 0);

    if (slot == NULL) {
        return 0;
    }

    ngx_chat_presence_store(&slot->seen, 0);

    return ngx_chat_presence_announce(slot, 0);
}


ngx_chat_status_e
ngx_chat_presence_status(ngx_chat_presence_t *p, int64_t operator,
    ngx_chat_status_e otherwise)
{
    uint32_t                   status;
    ngx_chat_presence_slot_t  *slot;

    slot = ngx_chat_presence_find(p, operator, 0);

    if (slot == NULL) {
        return otherwise;
    }

    status = ngx_chat_presence_load(&slot->status);

    return status ? (ngx_chat_status_e) (status & ~NGX_CHAT_PRESENCE_CHOSEN)
                  : otherwise;
}


ngx_uint_t
ngx_chat_presence_of(ngx_chat_presence_t *p, int64_t operator, int64_t now)
{
    ngx_chat_presence_slot_t  *slot;

    slot = ngx_chat_presence_find(p, operator, 0);

    return slot != NULL && ngx_chat_presence_now(slot, now);
}


ngx_uint_t
ngx_chat_presence_with(ngx_chat_presence_t *p, int64_t operator,
    ngx_chat_status_e status, int64_t now)
{
    ngx_chat_presence_slot_t  *slot;

    slot = ngx_chat_presence_find(p, operator, 0);

    return slot != NULL && status == NGX_CHAT_STATUS_ONLINE
           && ngx_chat_presence_listens(slot, now);
}


ngx_uint_t
ngx_chat_presence_any(ngx_chat_presence_t *p, int64_t now)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_PRESENCE_MAX; i++) {
        if (ngx_chat_presence_load(&p->slots[i].operator)
            && ngx_chat_presence_now(&p->slots[i], now))
        {
            return 1;
        }
    }

    return 0;
}


ngx_uint_t
ngx_chat_presence_count(ngx_chat_presence_t *p, int64_t now)
{
    ngx_uint_t  i, n;

    n = 0;

    for (i = 0; i < NGX_CHAT_PRESENCE_MAX; i++) {
        if (ngx_chat_presence_load(&p->slots[i].operator)
            && ngx_chat_presence_now(&p->slots[i], now))
        {
            n++;
        }
    }

    return n;
}


ngx_uint_t
ngx_chat_presence_heard(ngx_chat_presence_t *p, int64_t now)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_PRESENCE_MAX; i++) {
        if (ngx_chat_presence_load(&p->slots[i].operator)
            && now - ngx_chat_presence_load(&p->slots[i].seen)
               < NGX_CHAT_PRESENCE_GRACE)
        {
            return 1;
        }
    }

    return 0;
}


ngx_uint_t
ngx_chat_presence_sweep(ngx_chat_presence_t *p, int64_t now,
    ngx_chat_presence_change_t *changes, ngx_uint_t n)
{
    ngx_uint_t                 i, k;
    ngx_chat_presence_slot_t  *slot;

    k = 0;

    for (i = 0; i < NGX_CHAT_PRESENCE_MAX && k < n; i++) {
        slot = &p->slots[i];

        if (ngx_chat_presence_load(&slot->operator) == 0
            || ngx_chat_presence_now(slot, now)
            || !ngx_chat_presence_announce(slot, 0))
        {
            continue;
        }

        changes[k].operator = slot->operator;
        changes[k].status = (ngx_chat_status_e)
                            (ngx_chat_presence_load(&slot->status)
                             & ~NGX_CHAT_PRESENCE_CHOSEN);
        changes[k].present = 0;
        k++;
    }

    return k;
}


static ngx_chat_presence_slot_t *
ngx_chat_presence_find(ngx_chat_presence_t *p, int64_t operator,
    ngx_uint_t add)
{
    int64_t                    owner;
    ngx_uint_t                 i;
    ngx_chat_presence_slot_t  *slot;

    for (i = 0; i < NGX_CHAT_PRESENCE_MAX; i++) {
        slot = &p->slots[((uint64_t) operator + i) % NGX_CHAT_PRESENCE_MAX];
        owner = ngx_chat_presence_load(&slot->operator);

        if (owner == 0 && add
            && __atomic_compare_exchange_n(&slot->operator, &owner, operator,
                                           0, __ATOMIC_ACQ_REL,
                                           __ATOMIC_ACQUIRE))
        {
            return slot;
        }

        if (owner == operator) {
            return slot;
        }

        if (owner == 0) {
            return NULL;
        }
    }

    return NULL;
}


static ngx_uint_t
ngx_chat_presence_now(ngx_chat_presence_slot_t *slot, int64_t now)
{
    return ngx_chat_presence_load(&slot->status)
           == (NGX_CHAT_PRESENCE_CHOSEN | NGX_CHAT_STATUS_ONLINE)
           && ngx_chat_presence_listens(slot, now);
}


static ngx_uint_t
ngx_chat_presence_listens(ngx_chat_presence_slot_t *slot, int64_t now)
{
    int64_t  seen;

    seen = ngx_chat_presence_load(&slot->seen);

    return now - seen < NGX_CHAT_PRESENCE_GRACE
           && seen - now < NGX_CHAT_PRESENCE_GRACE;
}


/* of all workers that see a change, one gets 1 and publishes it */

static ngx_uint_t
ngx_chat_presence_announce(ngx_chat_presence_slot_t *slot, uint32_t present)
{
    return __atomic_exchange_n(&slot->announced, present, __ATOMIC_ACQ_REL)
           != present;
}
