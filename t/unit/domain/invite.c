
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What a visit tells a rule, what becomes of an invitation, and which one led
 * to an order.
 */


#include "unit.h"
#include "domain/invite.h"


UNIT_TEST(what_a_visit_tells)
{
    ngx_chat_invite_t         invite;
    ngx_chat_trigger_facts_t  facts;

    ngx_memzero(&invite, sizeof(ngx_chat_invite_t));
    ngx_memzero(&facts, sizeof(ngx_chat_trigger_facts_t));

    strcpy((char *) invite.visit.entry,
           "/?xutm_source=no&utm_source=mail&utm_campaign=spring");
    strcpy((char *) invite.visit.facts.amount, "99.99");
    invite.visit.facts.cart = 1;
    invite.visit.views = 3;
    invite.visit.visits = 2;
    invite.visit.agent.device = NGX_CHAT_DEVICE_PHONE;

    ngx_chat_invite_facts(&invite, &facts);

    is_str(&facts.about.text[NGX_CHAT_ABOUT_SOURCE], "mail", "source");
    is_str(&facts.about.text[NGX_CHAT_ABOUT_CAMPAIGN], "spring", "campaign");
    is_str(&facts.about.text[NGX_CHAT_ABOUT_MEDIUM], "", "medium");
    is_str(&facts.about.text[NGX_CHAT_ABOUT_DEVICE], "phone", "device");
    is_int(facts.about.number[NGX_CHAT_ABOUT_CART], 99, "whole units");
    is_int(facts.about.number[NGX_CHAT_ABOUT_PAGES], 3, "pages");
    is_int(facts.about.number[NGX_CHAT_ABOUT_RETURNING], 1, "returning");
}


UNIT_TEST(addresses_are_compared_as_they_are_meant)
{
    ngx_str_t                 text, field, why;
    ngx_uint_t                i, k;
    ngx_array_t               conditions;
    ngx_chat_invite_t         invite;
    ngx_chat_trigger_facts_t  facts;

    static const char  *said[] = {
        "[{\"fact\":\"page\",\"op\":\"is\",\"value\":\"/caf\xc3\xa9+1\"}]",
        "[{\"fact\":\"page\",\"op\":\"is\",\"value\":\"/caf%c3%A9+1\"}]",
        "[{\"fact\":\"campaign\",\"op\":\"is\",\"value\":\"50% off\"}]",
        "[{\"fact\":\"campaign\",\"op\":\"is\",\"value\":\"50%25+off\"}]",
        "[{\"fact\":\"source\",\"op\":\"is\",\"value\":\"a&b\"}]"
    };

    static const char  *cut[] = { "%", "%2", "%2g", "%%41" };
    static const char  *left[] = { "%", "%2", "%2g", "%A" };

    ngx_memzero(&invite, sizeof(ngx_chat_invite_t));
    ngx_memzero(&facts, sizeof(ngx_chat_trigger_facts_t));

    strcpy((char *) invite.visit.entry,
           "/?utm_source=a%26b&utm_campaign=50%25%20off");
    strcpy((char *) invite.page, "/caf%C3%A9+1");
    invite.page_len = strlen((char *) invite.page);

    ngx_chat_invite_facts(&invite, &facts);

    for (i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        text.data = (u_char *) said[i];
        text.len = strlen(said[i]);

        is_int(ngx_chat_conditions_parse(pool,
                                         ngx_chat_json_parse(pool, &text,
                                                             &why),
                                         &conditions, &field, &why),
               NGX_OK, said[i]);
        is_int(ngx_chat_conditions_answer(&conditions, 0, &facts.about),
               NGX_CHAT_ANSWER_YES, said[i]);
    }

    is_cstr(invite.page, "/caf%C3%A9+1", "what it is known by stays");

    for (k = 0; k < sizeof(cut) / sizeof(cut[0]); k++) {
        strcpy((char *) invite.page, cut[k]);
        invite.page_len = strlen(cut[k]);
        ngx_chat_invite_facts(&invite, &facts);
        text = facts.about.text[NGX_CHAT_ABOUT_PAGE];

        ok(text.len == strlen(left[k])
           && memcmp(text.data, left[k], text.len) == 0,
           "what is no code stays: %s", cut[k]);
    }
}


UNIT_TEST(one_invitation_a_visit)
{
    ngx_uint_t        i;
    ngx_chat_visit_t  v;

    ngx_memzero(&v, sizeof(ngx_chat_visit_t));

    ok(ngx_chat_invite_allowed(&v), "a visit may be invited");
    is_int(ngx_chat_invite_outcome(&v, 5, NGX_CHAT_INVITE_SHOWN),
           NGX_DECLINED, "shown, and was not offered");
    is_int(v.invited, 0, "nobody was invited");

    for (i = 1; i <= NGX_CHAT_VISIT_OFFERS; i++) {
        ngx_chat_invite_offered(&v, (int64_t) i);
        ngx_chat_invite_offered(&v, (int64_t) i);
    }

    ngx_chat_invite_offered(&v, 1);
    ngx_chat_invite_offered(&v, 100);
    is_int(ngx_chat_invite_outcome(&v, 2, NGX_CHAT_INVITE_SHOWN),
           NGX_DECLINED, "offered long ago");
    is_int(ngx_chat_invite_outcome(&v, 5, NGX_CHAT_INVITE_OPENED),
           NGX_DECLINED, "opened before it is shown");
    is_int(ngx_chat_invite_outcome(&v, 0, NGX_CHAT_INVITE_SHOWN),
           NGX_DECLINED, "no rule");
    is_int(ngx_chat_invite_outcome(&v, NGX_CHAT_INVITED_BY_HAND,
                                   NGX_CHAT_INVITE_SHOWN),
           NGX_DECLINED, "nobody did so by hand");
    is_int(ngx_chat_invite_outcome(&v, 5, NGX_CHAT_INVITE_SHOWN), NGX_OK,
           "shown");
    is_int(ngx_chat_invite_outcome(&v, 5, NGX_CHAT_INVITE_SHOWN),
           NGX_DECLINED, "shown again");
    is_int(ngx_chat_invite_outcome(&v, 6, NGX_CHAT_INVITE_SHOWN),
           NGX_DECLINED, "another one");
    ok(!ngx_chat_invite_allowed(&v), "not twice");
    is_int(ngx_chat_invite_outcome(&v, 5, NGX_CHAT_INVITE_OPENED), NGX_OK,
           "opened");
    is_int(ngx_chat_invite_outcome(&v, 6, NGX_CHAT_INVITE_DISMISSED),
           NGX_DECLINED, "another one is not dismissed");
    is_int(v.invited, 5, "it was that one");

    ngx_memzero(&v, sizeof(ngx_chat_visit_t));
    v.conversation = 1;
    ok(!ngx_chat_invite_allowed(&v), "not out of a conversation");
}


UNIT_TEST(what_led_to_an_order)
{
    ngx_uint_t         i;
    ngx_chat_visit_t   v;

    enum { AGO = NGX_CHAT_INVITE_CLAIM, NOW = 2000000000 };

    static struct {
        const char  *name;
        int64_t      followed, last, opened_at, trigger;
    } cases[] = {
        { "nobody was invited", 0, 0, 0, 0 },
        { "an invitation of this visit", 5, 0, 0, 5 },
        { "which is newer than a conversation", 5, 6, NOW - 1, 5 },
        { "an operator's hand", NGX_CHAT_INVITED_BY_HAND, 0, 0, 0 },
        { "which ends an older claim", NGX_CHAT_INVITED_BY_HAND, 6, NOW - 1,
          0 },
        { "a conversation of before", 0, 6, NOW - 1, 6 },
        { "a week ago", 0, 6, NOW - AGO, 6 },
        { "longer ago", 0, 6, NOW - AGO - 1, 0 },
        { "by hand, before", 0, NGX_CHAT_INVITED_BY_HAND, NOW - 1, 0 }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        is_int(ngx_chat_invite_credited(cases[i].followed, cases[i].last,
                                        cases[i].opened_at, NOW),
               cases[i].trigger, cases[i].name);
    }

    /* shown is not enough, nor is no for an answer */

    ngx_memzero(&v, sizeof(ngx_chat_visit_t));

    is_int(ngx_chat_invite_followed(&v), 0, "no invitation");
    ngx_chat_invite_offered(&v, 5);
    (void) ngx_chat_invite_outcome(&v, 5, NGX_CHAT_INVITE_SHOWN);
    is_int(ngx_chat_invite_followed(&v), 0, "shown");
    (void) ngx_chat_invite_outcome(&v, 5, NGX_CHAT_INVITE_DISMISSED);
    is_int(ngx_chat_invite_followed(&v), 0, "dismissed");
    (void) ngx_chat_invite_outcome(&v, 5, NGX_CHAT_INVITE_OPENED);
    is_int(ngx_chat_invite_followed(&v), 5, "and yet answered");
}


UNIT_TEST(an_order_is_news_once)
{
    ngx_uint_t         i;
    ngx_str_t          header;
    ngx_chat_view_t    view;
    ngx_chat_facts_t   facts;
    ngx_chat_visit_t   v;

    static struct {
        const char  *order;
        ngx_uint_t   news;
    } pages[] = {
        { NULL, 0 }, { "id=A-1;amount=5", 1 }, { "id=A-1;amount=5", 0 },
        { NULL, 0 }, { "id=A-1;amount=7", 0 }, { "id=A-2;amount=7", 1 }
    };

    ngx_memzero(&v, sizeof(ngx_chat_visit_t));

    for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        ngx_memzero(&view, sizeof(ngx_chat_view_t));
        ngx_memzero(&facts, sizeof(ngx_chat_facts_t));

        if (pages[i].order) {
            header.data = (u_char *) pages[i].order;
            header.len = strlen(pages[i].order);

            is_int(ngx_chat_fact_read(NGX_CHAT_FACT_ORDER, &header, &facts),
                   NGX_OK, "an order");
            view.facts = &facts;
        }

        view.at = (int64_t) i * 1000;
        ngx_chat_visit_view(&v, &view);

        ok(view.ordered == pages[i].news, "page %d", (int) i);
    }
}
