
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Those who come with a cursor to a worker that has no window for them.
 */


#include "fixture.h"


UNIT_TEST(whom_nothing_concerned_need_not_ask)
{
    hub_client_t  c = { .n = 0 }, missed = { .n = 0 }, old = { .n = 0 },
                  inbox = { .n = 0 };

    hub_start(log, 10, 8);

    hub_event(11, HUB_OTHER, NGX_CHAT_TO_VISITOR|NGX_CHAT_TO_OPERATORS);
    hub_event(12, HUB_VISITOR, NGX_CHAT_TO_OPERATORS);
    hub_run();

    c.waiter.after = 10;
    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter), NGX_AGAIN,
           "it waits: a note of operators is not for it");

    missed.waiter.after = 10;
    is_int(ngx_chat_hub_wait(hub, HUB_OTHER, &missed.waiter), NGX_DECLINED,
           "11 was for the other one, who has to ask");
    is_int(ngx_chat_hub_caught_up(hub, &missed.waiter, 12), NGX_AGAIN,
           "and then waits");

    old.waiter.after = 9;
    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &old.waiter), NGX_DECLINED,
           "what was before its time the worker does not know");
    is_int(ngx_chat_hub_caught_up(hub, &old.waiter, 12), NGX_AGAIN, "asked");

    inbox.waiter.after = 10;
    is_int(ngx_chat_hub_wait(hub, NGX_CHAT_INBOX, &inbox.waiter),
           NGX_DECLINED, "operators are concerned by all");

    hub_event(13, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();
    is_int(c.n, 1, "it hears what comes");
    is_int(c.got[0], 13, "that");
    is_int(missed.n, 0, "the other one does not");

    ngx_chat_hub_leave(hub, &c.waiter);
    ngx_chat_hub_leave(hub, &missed.waiter);
    ngx_chat_hub_leave(hub, &old.waiter);
    ngx_chat_hub_leave(hub, &inbox.waiter);
    hub_stop();
}


UNIT_TEST(who_comes_from_a_worker_that_is_ahead_hears_the_rest)
{
    hub_client_t  c = { .n = 0 };

    hub_start(log, 10, 8);

    hub_event(11, HUB_OTHER, NGX_CHAT_TO_VISITOR);
    hub_event(12, HUB_OTHER, NGX_CHAT_TO_VISITOR);

    c.waiter.after = 12;
    is_int(ngx_chat_hub_wait(hub, HUB_VISITOR, &c.waiter), NGX_AGAIN,
           "this worker looks at once what the other has seen");

    hub_event(13, HUB_VISITOR, NGX_CHAT_TO_VISITOR);
    hub_run();
    is_int(c.n, 1, "it hears what comes");

    ngx_chat_hub_leave(hub, &c.waiter);
    hub_stop();
}
