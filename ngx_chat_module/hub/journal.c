
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "hub/journal.h"


#define NGX_CHAT_JOURNAL_ALL  ((uint64_t) -1)   /* it was for all visitors */

#define ngx_chat_journal_place(id)                                            \
    ((size_t) (id) & (NGX_CHAT_JOURNAL_IDS - 1))


void
ngx_chat_journal_reset(ngx_chat_journal_t *journal, int64_t id)
{
    journal->from = id;
    journal->to = id;
}


void
ngx_chat_journal_add(ngx_chat_journal_t *journal,
    ngx_chat_ring_record_t *record)
{
    int64_t   id;
    uint64_t  topic;

    id = record->id;
    topic = 0;

    if (record->audience & NGX_CHAT_TO_VISITOR) {
        topic = record->topic ? record->topic : NGX_CHAT_JOURNAL_ALL;
    }

    journal->topics[ngx_chat_journal_place(id)] = topic;
    journal->to = id;
    journal->from = ngx_max(journal->from, id - NGX_CHAT_JOURNAL_IDS);
}


int64_t
ngx_chat_journal_base(ngx_chat_journal_t *journal, uint64_t topic,
    int64_t after, int64_t base)
{
    int64_t   id;
    uint64_t  of;

    /* topic 0, the inbox, is concerned by all */

    if (topic == 0 || after >= base || after < journal->from
        || base > journal->to)
    {
        return base;
    }

    for (id = after + 1; id <= base; id++) {
        of = journal->topics[ngx_chat_journal_place(id)];

        if (of == topic || of == NGX_CHAT_JOURNAL_ALL) {
            return base;
        }
    }

    return after;
}
