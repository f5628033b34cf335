
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What becomes of an invitation: orders count once, for whom they are due, and
 * who said no has peace.
 */


#include "fixture.h"
#include "command/invite.h"
#include "command/trigger.h"
#include "store/sqlite.h"


#define ANNA   "anna-0123456789a"
#define TOPIC  ((uint64_t) 'a' + 1)     /* as fixture.h makes it */
#define NOW    1764000000000
#define DAY    86400000


static int64_t
rule(fixture_t *f, int64_t admin, int64_t quiet)
{
    answer_t                 answer;
    ngx_chat_trigger_args_t  a;

    memset(&a, 0, sizeof(a));

    a.operator = admin;
    a.now = NOW;
    arg(&a.trigger, name, "Long on the page");
    arg(&a.trigger, text, "Hello");
    a.trigger.enabled = 1;
    a.trigger.days = NGX_CHAT_WEEK;
    a.trigger.share = 100;
    a.trigger.quiet = quiet;

    if (ngx_array_init(&a.trigger.conditions, f->pool, 1,
                       sizeof(ngx_chat_condition_t))
        != NGX_OK)
    {
        abort();
    }

    write_command(f, &answer, ngx_chat_trigger_add, &a);
    is_result(&answer, CREATED, "a rule");

    return a.trigger.id;
}


static void
rules(fixture_t *f, answer_t *answer, int64_t admin)
{
    ngx_chat_trigger_args_t  a;

    memset(&a, 0, sizeof(a));
    a.operator = admin;

    read_command(f, answer, ngx_chat_trigger_list, &a);
}


static void
order(fixture_t *f, int64_t followed, const char *uid, int64_t id, int64_t at,
    int64_t amount, const char *currency)
{
    answer_t                      answer;
    ngx_chat_invite_order_args_t  a;

    memset(&a, 0, sizeof(a));

    a.followed = followed;
    a.uid.data = (u_char *) uid;
    a.uid.len = strlen(uid);
    a.order.id = id;
    a.order.at = at;
    a.order.amount = amount;
    a.order.currency.data = (u_char *) currency;
    a.order.currency.len = strlen(currency);

    write_command(f, &answer, ngx_chat_invite_order, &a);
    is_result(&answer, EMPTY, "an order is taken");
}


static void
outcome(fixture_t *f, int64_t trigger, ngx_uint_t what, uint64_t topic,
    int64_t now)
{
    answer_t                answer;
    ngx_chat_invite_args_t  a;

    memset(&a, 0, sizeof(a));

    a.trigger = trigger;
    a.outcome = what;
    a.topic = topic;
    a.now = now;

    write_command(f, &answer, ngx_chat_invite_count, &a);
    is_result(&answer, EMPTY, "what became of it is taken");
}


/* how many invitations there are for somebody, some time later */

static ngx_uint_t
offers(fixture_t *f, uint64_t topic, int64_t now)
{
    answer_t                answer;
    ngx_chat_invite_args_t  a;

    memset(&a, 0, sizeof(a));

    a.topic = topic;
    a.now = now;
    a.today = now;
    a.average = -1;
    a.facts.attended = 1;

    read_command(f, &answer, ngx_chat_invite_offer, &a);
    is_result(&answer, OK, "asked");

    return strstr(answer.body, "\"trigger\":") != NULL;
}


/* a ghost is left alone as anybody is, and moves no counter */

UNIT_TEST(a_ghost_counts_for_nothing)
{
    int64_t                  admin, one;
    answer_t                 answer;
    fixture_t                f;
    ngx_chat_invite_args_t   a;
    ngx_chat_visitor_args_t  v;

    fixture_open(&f, pool, log);

    admin = hire(&f, "root", NGX_CHAT_ROLE_ADMIN);
    one = rule(&f, admin, 3);

    memset(&a, 0, sizeof(a));
    a.trigger = one;
    a.topic = TOPIC;
    a.now = NOW;
    a.ghost = 1;

    for (a.outcome = 0; a.outcome <= NGX_CHAT_INVITE_DISMISSED; a.outcome++) {
        write_command(&f, &answer, ngx_chat_invite_count, &a);
        is_result(&answer, EMPTY, "taken");
    }

    ok(!offers(&f, TOPIC, NOW + 1), "its no is one");

    rules(&f, &answer, admin);
    has(&answer, "\"shown\":0,\"opened\":0,\"dismissed\":0", "not counted");

    /* an operator's hand does not reach into a talk that nobody sees */

    memset(&v, 0, sizeof(v));
    arg(&v, uid, ANNA);
    v.topic = TOPIC;
    v.now = NOW;
    v.hidden = 1;
    arg(&v, client_id, "client-1");
    arg(&v, text, "boo");

    write_command(&f, &answer, ngx_chat_visitor_send, &v);
    is_result(&answer, CREATED, "a ghost's conversation");

    memset(&a, 0, sizeof(a));
    a.now = NOW;
    a.today = NOW;
    a.average = -1;
    a.invite.visit.invited = NGX_CHAT_INVITED_BY_HAND;

    read_command(&f, &answer, ngx_chat_invite_offer, &a);
    has(&answer, "\"trigger\":-1", "somebody who does not talk is invited");

    arg(&a, uid, ANNA);

    read_command(&f, &answer, ngx_chat_invite_offer, &a);
    ok(strstr(answer.body, "\"trigger\":-1") == NULL, "who talks is not");

    fixture_stop(&f);
}


UNIT_TEST(orders_are_counted_once_and_summed)
{
    int64_t    admin, one, other;
    answer_t   answer;
    fixture_t  f;

    fixture_open(&f, pool, log);

    admin = hire(&f, "root", NGX_CHAT_ROLE_ADMIN);
    one = rule(&f, admin, 7);
    other = rule(&f, admin, 7);

    order(&f, one, "", 1001, NOW, 129900, "EUR");
    order(&f, one, "", 1001, NOW + 1, 129900, "EUR");
    order(&f, other, "", 1001, NOW + 2, 129900, "EUR");
    order(&f, one, "", 1002, NOW, 100, "EUR");
    order(&f, one, "", 1003, NOW, 5, "CHF");
    order(&f, one, "", 1004, NOW, 1000, "");
    order(&f, NGX_CHAT_INVITED_BY_HAND, "", 1005, NOW, 1000, "EUR");
    order(&f, 999, "", 1006, NOW, 1000, "EUR");

    rules(&f, &answer, admin);

    has(&answer, "\"orders\":4},\"sales\":[{\"amount\":\"1.00\"},"
                 "{\"amount\":\"0.005\",\"currency\":\"CHF\"},"
                 "{\"amount\":\"130.00\",\"currency\":\"EUR\"}]",
        "the first one's");
    has(&answer, "\"orders\":0},\"sales\":[]", "none of the other one's");

    fixture_stop(&f);
}


/* the conversation's own counter, the rule's name, a week's claim */

UNIT_TEST(an_order_after_a_proactive_conversation)
{
    int64_t                  admin, one;
    answer_t                 answer;
    fixture_t                f;
    ngx_chat_visitor_args_t  a;

    fixture_open(&f, pool, log);

    admin = hire(&f, "root", NGX_CHAT_ROLE_ADMIN);
    one = rule(&f, admin, 7);

    memset(&a, 0, sizeof(a));
    arg(&a, uid, ANNA);
    a.topic = TOPIC;
    a.now = NOW;
    a.invited = one;
    arg(&a, client_id, "client-1");
    arg(&a, text, "yes, please");

    write_command(&f, &answer, ngx_chat_visitor_send, &a);
    is_result(&answer, CREATED, "a conversation");

    get(&f, &answer, 1);
    has(&answer, "\"proactive\":true,\"invitation\":{\"trigger\":1,"
                 "\"name\":\"Long on the page\"}", "which says where from");

    order(&f, 0, "nobody-012345678", 1, NOW + DAY, 1000, "EUR");
    order(&f, 0, ANNA, 2, NOW + 7 * (int64_t) DAY, 2000, "EUR");
    order(&f, 0, ANNA, 3, NOW + 7 * (int64_t) DAY + 1, 4000, "EUR");
    order(&f, NGX_CHAT_INVITED_BY_HAND, ANNA, 4, NOW + DAY, 8000, "EUR");

    rules(&f, &answer, admin);
    has(&answer, "\"conversations\":1,\"orders\":1},\"sales\":"
                 "[{\"amount\":\"2.00\",\"currency\":\"EUR\"}]",
        "the one in time");

    fixture_stop(&f);
}


UNIT_TEST(no_is_remembered_for_days)
{
    int64_t    admin, one;
    answer_t   answer;
    fixture_t  f;

    fixture_open(&f, pool, log);

    admin = hire(&f, "root", NGX_CHAT_ROLE_ADMIN);
    one = rule(&f, admin, 3);

    ok(offers(&f, TOPIC, NOW), "invited");

    outcome(&f, one, NGX_CHAT_INVITE_SHOWN, TOPIC, NOW);
    outcome(&f, one, NGX_CHAT_INVITE_OPENED, TOPIC, NOW);
    ok(offers(&f, TOPIC, NOW), "which is no no");

    outcome(&f, one, NGX_CHAT_INVITE_DISMISSED, TOPIC, NOW);
    ok(!offers(&f, TOPIC, NOW + 1), "left alone");
    ok(!offers(&f, TOPIC, NOW + 3 * (int64_t) DAY - 1), "for three days");
    ok(offers(&f, TOPIC, NOW + 3 * (int64_t) DAY), "and no longer");
    ok(offers(&f, TOPIC + 1, NOW + 1), "somebody else is not");
    ok(offers(&f, 0, NOW + 1), "nor is who can't be remembered");

    outcome(&f, one, NGX_CHAT_INVITE_DISMISSED, 0, NOW);
    ok(offers(&f, 0, NOW + 1), "of whom nothing is kept");

    /* a rule that is no more, and an operator's hand: a week, never less */

    outcome(&f, NGX_CHAT_INVITED_BY_HAND, NGX_CHAT_INVITE_DISMISSED, TOPIC,
            NOW);
    ok(!offers(&f, TOPIC, NOW + 7 * (int64_t) DAY - 1), "a week");
    outcome(&f, one, NGX_CHAT_INVITE_DISMISSED, TOPIC, NOW);
    ok(!offers(&f, TOPIC, NOW + 7 * (int64_t) DAY - 1), "still");

    /* what is over is forgotten with the next one */

    outcome(&f, one, NGX_CHAT_INVITE_DISMISSED, TOPIC + 7,
            NOW + 30 * (int64_t) DAY);
    ok(offers(&f, TOPIC, NOW + 1), "forgotten");

    rules(&f, &answer, admin);
    has(&answer, "\"shown\":1,\"opened\":1,\"dismissed\":4", "all counted");

    fixture_stop(&f);
}


/* by another program: what the module stores it can read */

UNIT_TEST(a_rule_that_can_not_be_read)
{
    char       path[300];
    int64_t    admin;
    sqlite3   *db;
    answer_t   answer;
    fixture_t  f;

    fixture_open(&f, pool, log);

    admin = hire(&f, "admin", NGX_CHAT_ROLE_ADMIN);
    (void) rule(&f, admin, 0);

    snprintf(path, sizeof(path), "%s/chat.db", f.dir);
    sqlite3_open(path, &db);
    is_int(sqlite3_exec(db, "UPDATE \"trigger\" SET conditions = '[7]'",
                        NULL, NULL, NULL),
           SQLITE_OK, "spoiled");
    sqlite3_close(db);

    unit_forget_log();
    rules(&f, &answer, admin);

    is_int(answer.rc, NGX_ERROR, "a failure");
    is_int(unit_logged(NGX_LOG_ERR), 1, "one line");
    ok(strstr(unit_last_log(), "the conditions of trigger 1 can't be read: ")
       != NULL, "which says what: %s", unit_last_log());

    fixture_stop(&f);
}
