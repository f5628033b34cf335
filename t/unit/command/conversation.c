
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What operators do with conversations, and each refusal.
 */


#include "fixture.h"


#define ANNA  "anna-0123456789a"
#define BERT  "bert-0123456789b"


typedef struct {
    fixture_t    f;
    answer_t     answer;
    int64_t      agent;
    int64_t      colleague;
    int64_t      supervisor;
} team_t;


static team_t  t;


static void
team(ngx_pool_t *pool, ngx_log_t *log)
{
    memset(&t, 0, sizeof(team_t));

    fixture_open(&t.f, pool, log);

    t.agent = hire(&t.f, "agent", NGX_CHAT_ROLE_AGENT);
    t.colleague = hire(&t.f, "colleague", NGX_CHAT_ROLE_AGENT);
    t.supervisor = hire(&t.f, "supervisor", NGX_CHAT_ROLE_SUPERVISOR);

    say(&t.f, &t.answer, ANNA, "client-1", "hello");    /* 1: 1, 2 */

    t.f.records.nelts = 0;
}


static void
take(int64_t operator, ngx_uint_t force)
{
    ngx_chat_conversation_args_t  a;

    memset(&a, 0, sizeof(a));
    a.operator = operator;
    a.id = 1;
    a.now = 5;
    a.force = force;

    write_command(&t.f, &t.answer, ngx_chat_conversation_assign, &a);
}


static void
list(int64_t operator, ngx_uint_t states, ngx_uint_t mine, int64_t before,
    ngx_uint_t limit)
{
    ngx_chat_conversation_args_t  a;

    memset(&a, 0, sizeof(a));
    a.operator = operator;
    a.states = states;
    a.mine = mine;
    a.before = before;
    a.limit = limit;

    read_command(&t.f, &t.answer, ngx_chat_conversation_list, &a);
}


UNIT_TEST(taking)
{
    team(pool, log);

    take(t.agent, 0);
    is_result(&t.answer, OK, "a waiting one");
    has(&t.answer, "{\"conversation\":{\"id\":1,\"state\":\"active\"",
        "active");
    has(&t.answer, "\"operator\":{\"id\":1,\"name\":\"agent\"}", "assigned");
    is_int(t.f.records.nelts, 2, "assigned and state are told");

    take(t.agent, 0);
    is_result(&t.answer, OK, "one's own");
    is_int(t.f.records.nelts, 2, "without an event");

    take(t.colleague, 0);
    is_result(&t.answer, TAKEN, "a colleague's");

    take(t.colleague, 1);
    is_result(&t.answer, ROLE, "by force needs a role");

    take(t.supervisor, 1);
    is_result(&t.answer, OK, "which a supervisor has");
    has(&t.answer, "\"name\":\"supervisor\"", "assigned anew");
    is_int(t.f.records.nelts, 3, "assigned is told");

    act(&t.f, &t.answer, ngx_chat_conversation_end, t.supervisor, 1);
    take(t.agent, 0);
    is_result(&t.answer, CLOSED, "a closed one");

    fixture_stop(&t.f);
}


UNIT_TEST(replying)
{
    team(pool, log);

    reply(&t.f, &t.answer, t.agent, 1, "reply-01", "good day");
    is_result(&t.answer, CREATED, "to a waiting one");
    has(&t.answer, "{\"event\":{\"id\":5,\"type\":\"message\"", "event");
    has(&t.answer, "\"author\":{\"kind\":\"operator\",\"id\":1,"
                   "\"name\":\"agent\"}", "author");
    has(&t.answer, "\"state\":\"active\"", "takes it");
    has(&t.answer, "\"unread\":0", "and has read it");
    is_int(t.f.records.nelts, 3, "assigned, state, message");

    reply(&t.f, &t.answer, t.agent, 1, "reply-01", "again");
    is_result(&t.answer, OK, "a repeat");
    has(&t.answer, "\"text\":\"good day\"", "the first text");
    has(&t.answer, "\"id\":5,", "the first event");
    is_int(t.f.records.nelts, 3, "nothing new");

    reply(&t.f, &t.answer, t.colleague, 1, "reply-01", "me too");
    is_result(&t.answer, TAKEN, "a colleague's");
    is_int(t.f.records.nelts, 3, "nothing is written");

    reply(&t.f, &t.answer, t.supervisor, 1, "reply-01", "let me");
    is_result(&t.answer, CREATED, "supervisors may");
    has(&t.answer, "\"operator\":{\"id\":1", "without taking it");

    say(&t.f, &t.answer, BERT, "client-1", "hi");       /* 2 */

    reply(&t.f, &t.answer, t.agent, 2, "reply-01", "elsewhere");
    is_result(&t.answer, CLIENT_ID, "the id was used elsewhere");
    get(&t.f, &t.answer, 2);
    has(&t.answer, "\"state\":\"waiting\"", "it was not taken either");

    act(&t.f, &t.answer, ngx_chat_conversation_end, t.agent, 1);

    reply(&t.f, &t.answer, t.agent, 1, "reply-02", "late");
    is_result(&t.answer, CLOSED, "it has ended");

    reply(&t.f, &t.answer, t.agent, 1, "reply-01", "late");
    is_result(&t.answer, OK, "a repeat gets its first result all the same");
    has(&t.answer, "\"text\":\"good day\"", "the first text");

    fixture_stop(&t.f);
}


UNIT_TEST(no_such_conversation)
{
    ngx_uint_t                     i;
    ngx_chat_conversation_args_t   a;

    static ngx_chat_job_run_pt  writes[] = {
        ngx_chat_conversation_assign, ngx_chat_conversation_send,
        ngx_chat_conversation_mark, ngx_chat_conversation_end
    };

    static ngx_chat_job_run_pt  reads[] = {
        ngx_chat_conversation_get, ngx_chat_conversation_history,
        ngx_chat_conversation_typing
    };

    team(pool, log);

    for (i = 0; i < 4; i++) {
        act(&t.f, &t.answer, writes[i], t.agent, 77);
        is_result(&t.answer, NOT_FOUND, "a write");
        is_int(t.answer.rc, NGX_DECLINED, "undone");
    }

    for (i = 0; i < 3; i++) {
        memset(&a, 0, sizeof(a));
        a.operator = t.agent;
        a.id = 77;
        a.limit = 10;

        read_command(&t.f, &t.answer, reads[i], &a);
        is_result(&t.answer, NOT_FOUND, "a read");
    }

    fixture_stop(&t.f);
}


static ngx_int_t
disable_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    hire_t  *h = job->args;

    if (ngx_chat_db_operator(db, job->pool, h->op.id, &h->op) != NGX_OK) {
        return NGX_ERROR;
    }

    h->op.disabled = 1;

    return ngx_chat_db_operator_update(db, &h->op);
}


UNIT_TEST(a_disabled_account_does_nothing_more)
{
    hire_t       h;
    ngx_uint_t   i;

    static ngx_chat_job_run_pt  writes[] = {
        ngx_chat_conversation_assign, ngx_chat_conversation_send,
        ngx_chat_conversation_mark, ngx_chat_conversation_end
    };

    team(pool, log);

    memset(&h, 0, sizeof(h));
    h.op.id = t.agent;
    write_command(&t.f, &t.answer, disable_run, &h);
    is_int(t.answer.rc, NGX_OK, "disabled");

    for (i = 0; i < 4; i++) {
        act(&t.f, &t.answer, writes[i], t.agent, 1);
        is_result(&t.answer, CREDENTIALS, "by a disabled one");

        act(&t.f, &t.answer, writes[i], 99, 1);
        is_result(&t.answer, CREDENTIALS, "by nobody");
    }

    is_int(t.f.records.nelts, 0, "nothing happened");

    fixture_stop(&t.f);
}


UNIT_TEST(marking_as_read)
{
    ngx_chat_conversation_args_t  a;

    team(pool, log);

    say(&t.f, &t.answer, ANNA, "client-2", "two");      /* 3 */
    say(&t.f, &t.answer, ANNA, "client-3", "three");    /* 4 */

    get(&t.f, &t.answer, 1);
    has(&t.answer, "\"unread\":3", "three");

    t.f.records.nelts = 0;
    memset(&a, 0, sizeof(a));
    a.operator = t.agent;
    a.id = 1;
    a.up_to = 3;

    write_command(&t.f, &t.answer, ngx_chat_conversation_mark, &a);
    is_result(&t.answer, EMPTY, "marked");
    is_int(t.f.records.nelts, 1, "told");

    get(&t.f, &t.answer, 1);
    has(&t.answer, "\"unread\":1", "one left");
    has(&t.answer, "\"operator_read\":3", "the mark");

    a.up_to = 2;
    write_command(&t.f, &t.answer, ngx_chat_conversation_mark, &a);
    is_result(&t.answer, EMPTY, "an older mark");
    is_int(t.f.records.nelts, 1, "is nothing");

    fixture_stop(&t.f);
}


UNIT_TEST(ending)
{
    team(pool, log);

    take(t.agent, 0);

    act(&t.f, &t.answer, ngx_chat_conversation_end, t.colleague, 1);
    is_result(&t.answer, TAKEN, "a colleague's");

    act(&t.f, &t.answer, ngx_chat_conversation_end, t.agent, 1);
    is_result(&t.answer, OK, "one's own");
    has(&t.answer, "\"state\":\"closed\"", "closed");
    has(&t.answer, "\"closed_at\":1764000001000", "now");

    t.f.records.nelts = 0;
    act(&t.f, &t.answer, ngx_chat_conversation_end, t.agent, 1);
    is_result(&t.answer, OK, "again");
    is_int(t.f.records.nelts, 0, "without an event");

    fixture_stop(&t.f);
}


UNIT_TEST(lists_and_pages)
{
    char        uid[17], key[32];
    ngx_uint_t  i;

    team(pool, log);

    list(t.agent, 0x06, 0, 0, 10);
    is_result(&t.answer, OK, "one");
    has(&t.answer, "{\"conversations\":[{\"id\":1,", "list");
    has(&t.answer, "\"cursor\":2,\"more\":false}", "and the rest");

    for (i = 2; i <= 6; i++) {
        snprintf(uid, sizeof(uid), "v%015lu", (unsigned long) i);
        say(&t.f, &t.answer, uid, "client-1", "hi");    /* 2..6: 3..12 */
    }

    list(t.agent, 0x06, 0, 0, 2);
    has(&t.answer, "[{\"id\":6,", "latest activity first");
    has(&t.answer, ",{\"id\":5,", "then the one before");
    has_not(&t.answer, ",{\"id\":4,", "no more than asked for");
    has(&t.answer, "\"more\":true", "more");

    list(t.agent, 0x06, 0, 10, 2);
    has(&t.answer, "[{\"id\":4,", "the next page");
    has(&t.answer, ",{\"id\":3,", "all of it");

    list(t.agent, 0x06, 0, 6, 2);
    has(&t.answer, "[{\"id\":2,", "the last page");
    has(&t.answer, "\"more\":false", "no more");

    say(&t.f, &t.answer, ANNA, "client-9", "me again");
    list(t.agent, 0x06, 0, 0, 1);
    has(&t.answer, "[{\"id\":1,", "a message brings it to the top");

    reply(&t.f, &t.answer, t.agent, 3, "reply-01", "yes");
    reply(&t.f, &t.answer, t.colleague, 4, "reply-01", "yes");
    act(&t.f, &t.answer, ngx_chat_conversation_end, t.colleague, 5);

    list(t.agent, 0x06, 1, 0, 10);
    has(&t.answer, "{\"conversations\":[{\"id\":3,", "mine");
    has_not(&t.answer, "{\"id\":4,\"state\"", "not a colleague's");
    has_not(&t.answer, "{\"id\":1,\"state\"", "not nobody's");

    list(t.agent, 1 << NGX_CHAT_CONVERSATION_CLOSED, 0, 0, 10);
    has(&t.answer, "{\"conversations\":[{\"id\":5,", "closed");
    has_not(&t.answer, "{\"id\":3,\"state\"", "only those");

    list(t.agent, 1 << NGX_CHAT_CONVERSATION_WAITING, 0, 0, 10);
    has_not(&t.answer, "{\"id\":5,\"state\"", "waiting is not closed");
    has_not(&t.answer, "{\"id\":3,\"state\"", "nor active");
    has(&t.answer, "{\"id\":6,\"state\"", "but waiting");

    list(t.agent, 0x0e, 0, 0, 3);
    has(&t.answer, "[{\"id\":5,", "all: the latest is the closed one");
    has(&t.answer, ",{\"id\":4,\"state\"", "then the active ones");
    has(&t.answer, ",{\"id\":3,\"state\"", "by activity");

    snprintf(key, sizeof(key), "\"more\":true");
    has(&t.answer, key, "more");

    fixture_stop(&t.f);
}


UNIT_TEST(history)
{
    ngx_chat_conversation_args_t  a;

    team(pool, log);

    say(&t.f, &t.answer, BERT, "client-1", "other");    /* 3, 4 */
    say(&t.f, &t.answer, ANNA, "client-2", "two");      /* 5 */
    reply(&t.f, &t.answer, t.agent, 1, "reply-01", "so"); /* 6, 7, 8 */

    memset(&a, 0, sizeof(a));
    a.operator = t.agent;
    a.id = 1;
    a.limit = 3;

    read_command(&t.f, &t.answer, ngx_chat_conversation_history, &a);
    is_result(&t.answer, OK, "the newest page");
    has(&t.answer, "{\"events\":[{\"id\":6,", "oldest of it first");
    has(&t.answer, "\"more\":true}", "more");

    a.before = 6;
    read_command(&t.f, &t.answer, ngx_chat_conversation_history, &a);
    has(&t.answer, "{\"events\":[{\"id\":1,", "the page before");
    has(&t.answer, "\"more\":false}", "no more");
    has_not(&t.answer, "other", "nothing of others");

    fixture_stop(&t.f);
}


UNIT_TEST(typing)
{
    ngx_chat_conversation_args_t  a;

    team(pool, log);

    memset(&a, 0, sizeof(a));
    a.operator = t.agent;
    a.id = 1;

    read_command(&t.f, &t.answer, ngx_chat_conversation_typing, &a);
    is_result(&t.answer, EMPTY, "known");
    is_int(a.topic, 'a' + 1, "the visitor's topic");
    is_int(a.state, NGX_CHAT_CONVERSATION_WAITING, "state");

    a.operator = 99;
    read_command(&t.f, &t.answer, ngx_chat_conversation_typing, &a);
    is_result(&t.answer, CREDENTIALS, "nobody types");

    fixture_stop(&t.f);
}
