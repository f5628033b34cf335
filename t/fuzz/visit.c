
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What a browser says of a page view: addresses, referrer, languages, agent.
 * What is kept lies within the input or its buffer, and is printable.
 */


#include "fuzz.h"
#include "domain/visit.h"


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    size_t            i, len;
    u_char            page[NGX_CHAT_VISIT_PAGE];
    ngx_str_t         own, part;
    ngx_chat_agent_t  agent;

    len = ngx_chat_visit_page(input, page);

    must(len < NGX_CHAT_VISIT_PAGE);

    for (i = 0; i < len; i++) {
        must(page[i] > 0x20 && page[i] < 0x7f);
    }

    ngx_str_set(&own, "www.example.com");
    ngx_str_null(&part);

    ngx_chat_visit_referrer(input, &own, &part);
    must(part.len <= input->len);

    ngx_str_null(&part);

    ngx_chat_visit_language(input, &part);
    must(part.len <= input->len);

    memset(&agent, 0, sizeof(agent));

    ngx_chat_visit_agent(input, &agent);
}
