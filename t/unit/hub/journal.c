
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "hub/journal.h"


#define JOURNAL_VISITOR  0x1234567890abcdefULL
#define JOURNAL_OTHER    0x0fedcba987654321ULL


static ngx_chat_journal_t  journal;


/* whether nothing was for the topic in between */

static ngx_uint_t
journal_silent(uint64_t topic, int64_t after, int64_t upto)
{
    return ngx_chat_journal_base(&journal, topic, after, upto) == after;
}


static void
journal_add(int64_t id, uint64_t topic, uint32_t audience)
{
    ngx_chat_ring_record_t  record;

    memset(&record, 0, sizeof(record));

    record.id = id;
    record.topic = topic;
    record.audience = audience;

    ngx_chat_journal_add(&journal, &record);
}


UNIT_TEST(it_knows_whom_each_id_was_for)
{
    ngx_chat_journal_reset(&journal, 10);

    is_int(journal_silent(JOURNAL_VISITOR, 10, 10), 1,
           "nothing has come");

    journal_add(11, JOURNAL_VISITOR, NGX_CHAT_TO_VISITOR);
    journal_add(12, JOURNAL_OTHER, NGX_CHAT_TO_VISITOR);
    journal_add(13, JOURNAL_VISITOR, NGX_CHAT_TO_OPERATORS);

    is_int(journal_silent(JOURNAL_VISITOR, 10, 13), 0,
           "11 was its");
    is_int(journal_silent(JOURNAL_VISITOR, 11, 13), 1,
           "13 is of operators");
    is_int(journal_silent(JOURNAL_OTHER, 10, 13), 0,
           "12 was the other's");
    is_int(journal_silent(JOURNAL_OTHER, 10, 11), 1,
           "and comes after 11");

    journal_add(14, 0, NGX_CHAT_TO_VISITOR);

    is_int(journal_silent(JOURNAL_VISITOR, 13, 14), 0,
           "for all visitors is for each");
    is_int(journal_silent(0, 13, 14), 0, "and operators get everything");
    is_int(ngx_chat_journal_base(&journal, JOURNAL_VISITOR, 20, 14), 14,
           "who is ahead of the base leaves it");
}


UNIT_TEST(it_says_nothing_of_what_it_does_not_know)
{
    ngx_chat_journal_reset(&journal, -1);

    is_int(journal_silent(JOURNAL_VISITOR, 0, NGX_MAX_INT_T_VALUE), 0,
           "there is no base yet");

    ngx_chat_journal_reset(&journal, 10);
    journal_add(11, JOURNAL_OTHER, NGX_CHAT_TO_VISITOR);

    is_int(journal_silent(JOURNAL_VISITOR, 9, 11), 0,
           "before its time");
    is_int(journal_silent(JOURNAL_VISITOR, 10, 12), 0,
           "what is to come");
}


UNIT_TEST(it_forgets_the_oldest)
{
    int64_t  id;

    ngx_chat_journal_reset(&journal, 0);

    for (id = 1; id <= 3 * NGX_CHAT_JOURNAL_IDS; id++) {
        journal_add(id, id % 1000 == 0 ? JOURNAL_VISITOR : JOURNAL_OTHER,
                    NGX_CHAT_TO_VISITOR);
    }

    id--;

    is_int(journal_silent(1, id - NGX_CHAT_JOURNAL_IDS, id), 1,
           "so many are known");
    is_int(journal_silent(1, id - NGX_CHAT_JOURNAL_IDS - 1, id), 0,
           "and no more");
    is_int(journal_silent(JOURNAL_VISITOR, 49000, id), 1,
           "49000 was the last that was its");
    is_int(journal_silent(JOURNAL_VISITOR, 48999, id), 0,
           "that one");
}
