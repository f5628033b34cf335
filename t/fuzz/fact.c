
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A header of trusted facts, the first byte says which: a malformed one
 * changes nothing, and every text ends within its field.
 */


#include "fuzz.h"
#include "domain/fact.h"


#define fuzz_ends(field)  memchr((field), '\0', sizeof(field))


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    int64_t           sum;
    ngx_str_t         value;
    ngx_uint_t        i, header;
    ngx_chat_facts_t  facts, before, known;

    if (input->len == 0) {
        return;
    }

    header = 1u << (input->data[0] & 3);
    value.data = input->data + 1;
    value.len = input->len - 1;

    memset(&facts, 0, sizeof(facts));
    before = facts;

    if (ngx_chat_fact_read(header, &value, &facts) != NGX_OK) {
        must(memcmp(&facts, &before, sizeof(facts)) == 0);
        return;
    }

    must(value.len <= NGX_CHAT_FACT_HEADER);
    must(fuzz_ends(facts.user) && fuzz_ends(facts.name));
    must(fuzz_ends(facts.email) && fuzz_ends(facts.currency));
    must(fuzz_ends(facts.amount) && fuzz_ends(facts.order));
    must(fuzz_ends(facts.order_amount) && fuzz_ends(facts.order_currency));
    must(facts.n <= NGX_CHAT_FACTS_MAX);

    for (i = 0; i < facts.n; i++) {
        must(fuzz_ends(facts.facts[i].name));
        must(fuzz_ends(facts.facts[i].value));
    }

    sum = ngx_chat_amount_thousandths(facts.amount);
    must(sum >= 0 || facts.amount[0] == '-');

    /* what was said twice is known once */

    known = facts;
    ngx_chat_fact_merge(&known, &facts);
    must(known.n == facts.n);
}
