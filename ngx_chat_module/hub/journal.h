
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * For whom the latest durable events were: of each id the topic, whether
 * anybody waited for it or not.  After a reload all clients come at once to
 * a worker that has no windows yet; for nearly all of them nothing has come
 * meanwhile, and the journal knows that without a look into the database.
 *
 * Event loop only; one a hub.
 */

#ifndef NGX_CHAT_JOURNAL_H
#define NGX_CHAT_JOURNAL_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/ring.h"


#define NGX_CHAT_JOURNAL_IDS  16384     /* a power of two; 8 bytes each */


typedef struct {
    int64_t     from;                   /* knows all ids above this one */
    int64_t     to;                     /*   up to this one */
    uint64_t    topics[NGX_CHAT_JOURNAL_IDS];   /* 0: of no visitor */
} ngx_chat_journal_t;


/* knows nothing: what comes next comes after this id */
void ngx_chat_journal_reset(ngx_chat_journal_t *journal, int64_t id);

/* the record of the next id */
void ngx_chat_journal_add(ngx_chat_journal_t *journal,
    ngx_chat_ring_record_t *record);

/*
 * A visitor's topic is complete above base; the least id above which it is,
 * for somebody who has everything up to after: after, when nothing in between
 * was for the topic, else base, also when the journal does not reach so far
 * back.  It looks at each id in between: some microseconds at the most.
 */
int64_t ngx_chat_journal_base(ngx_chat_journal_t *journal, uint64_t topic,
    int64_t after, int64_t base);


#endif /* NGX_CHAT_JOURNAL_H */
