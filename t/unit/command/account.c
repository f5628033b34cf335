
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Accounts: who may make and change them, what disabling does, and that
 * somebody can always administer.
 */


#include "session.h"


static void
disable(int64_t by, int64_t id, ngx_chat_tristate_e yes)
{
    memset(&a, 0, sizeof(a));

    a.operator = by;
    a.id = id;
    a.disabled = yes;

    write_command(&f, &answer, ngx_chat_operator_update, &a);
}


UNIT_TEST(creating_accounts)
{
    int64_t  admin, agent;

    begin(pool, log);

    admin = hire(&f, "admin", NGX_CHAT_ROLE_ADMIN);
    agent = hire(&f, "agent", NGX_CHAT_ROLE_SUPERVISOR);

    a.operator = admin;
    a.now = 5;
    a.role = NGX_CHAT_ROLE_AGENT;
    arg(&a, login, "lea");
    arg(&a, name, "L\xc3\xa9" "a");
    arg(&a, hash, "h");

    write_command(&f, &answer, ngx_chat_operator_create, &a);
    is_result(&answer, CREATED, "created");
    has(&answer, "{\"operator\":{\"id\":3,\"login\":\"lea\","
                 "\"name\":\"L\xc3\xa9" "a\",\"role\":\"agent\"", "account");

    write_command(&f, &answer, ngx_chat_operator_create, &a);
    is_result(&answer, LOGIN_TAKEN, "twice");

    arg(&a, login, "new");
    a.operator = agent;
    write_command(&f, &answer, ngx_chat_operator_create, &a);
    is_result(&answer, ROLE, "by a supervisor");

    a.operator = 99;
    write_command(&f, &answer, ngx_chat_operator_create, &a);
    is_result(&answer, CREDENTIALS, "by nobody");

    memset(&a, 0, sizeof(a));
    read_command(&f, &answer, ngx_chat_operator_list, &a);
    has(&answer, "{\"operators\":[{\"id\":3,", "by name: L before a");
    has_not(&answer, "\"h\"", "no password hash");

    fixture_stop(&f);
}


UNIT_TEST(disabling)
{
    int64_t          admin, lea;
    ngx_chat_job_t  *job;

    begin(pool, log);

    admin = hire(&f, "admin", NGX_CHAT_ROLE_ADMIN);
    employ(pool, admin, "lea", "correct horse", NGX_CHAT_ROLE_AGENT);
    lea = 2;

    verify(pool, "lea", "correct horse", &job);
    log_in(job, HASH_A, 1000);
    ngx_chat_job_destroy(job);

    say(&f, &answer, "anna-0123456789a", "client-1", "hello");
    say(&f, &answer, "bert-0123456789b", "client-1", "hello");
    say(&f, &answer, "carl-0123456789c", "client-1", "hello");
    reply(&f, &answer, lea, 1, "reply-01", "yes");
    reply(&f, &answer, lea, 2, "reply-02", "yes");
    reply(&f, &answer, admin, 3, "reply-01", "yes");
    act(&f, &answer, ngx_chat_conversation_end, lea, 2);

    f.records.nelts = 0;
    disable(admin, lea, NGX_CHAT_TRUE);
    is_result(&answer, OK, "disabled");
    has(&answer, "\"disabled\":true", "shown");

    who(HASH_A, 10);
    is_result(&answer, CREDENTIALS, "the session is gone");

    get(&f, &answer, 1);
    has(&answer, "\"state\":\"waiting\"", "the open one is in the queue");
    has(&answer, "\"operator\":null", "nobody's");
    get(&f, &answer, 2);
    has(&answer, "\"state\":\"closed\"", "the closed one is not");
    has(&answer, "\"operator\":{\"id\":2", "nor is it nobody's");
    get(&f, &answer, 3);
    has(&answer, "\"state\":\"active\"", "a colleague's neither");

    is_int(f.records.nelts, 3, "told: assigned, state, revoked");
    is_int(fixture_record(&f, 2)->type, NGX_CHAT_EVENT_REVOKED, "revoked");
    is_int(fixture_record(&f, 2)->subject, lea, "whose");

    read_command(&f, &answer, ngx_chat_operator_list, &a);
    has_not(&answer, "\"login\":\"lea\"", "not among colleagues");
    a.id = -1;
    read_command(&f, &answer, ngx_chat_operator_list, &a);
    has(&answer, "\"login\":\"lea\"", "but among accounts");

    disable(admin, lea, NGX_CHAT_FALSE);
    is_result(&answer, OK, "enabled again");
    has(&answer, "\"disabled\":false", "shown");

    who(HASH_A, 10);
    is_result(&answer, CREDENTIALS, "its old session does not come back");

    fixture_stop(&f);
}


UNIT_TEST(disabling_one_with_many_conversations)
{
    char        uid[17], key[32];
    int64_t     admin, lea;
    ngx_uint_t  i;

    begin(pool, log);

    admin = hire(&f, "admin", NGX_CHAT_ROLE_ADMIN);
    lea = hire(&f, "lea", NGX_CHAT_ROLE_AGENT);

    for (i = 1; i <= 205; i++) {
        snprintf(uid, sizeof(uid), "v%015lu", (unsigned long) i);
        snprintf(key, sizeof(key), "reply-%03lu", (unsigned long) i);
        say(&f, &answer, uid, "client-1", "hi");
        reply(&f, &answer, lea, i, key, "yes");
    }

    f.records.nelts = 0;
    disable(admin, lea, NGX_CHAT_TRUE);
    is_result(&answer, OK, "disabled");
    is_int(f.records.nelts, 411, "each is released: two events, one revoked");

    fixture_stop(&f);
}


UNIT_TEST(an_administrator_stays)
{
    int64_t  one, two;

    begin(pool, log);

    one = hire(&f, "one", NGX_CHAT_ROLE_ADMIN);
    two = hire(&f, "two", NGX_CHAT_ROLE_ADMIN);
    hire(&f, "agent", NGX_CHAT_ROLE_SUPERVISOR);

    a.operator = one;
    a.id = two;
    a.role = NGX_CHAT_ROLE_AGENT;
    write_command(&f, &answer, ngx_chat_operator_update, &a);
    is_result(&answer, OK, "one of two may be demoted");

    a.id = one;
    write_command(&f, &answer, ngx_chat_operator_update, &a);
    is_result(&answer, LAST_ADMIN, "the last may not");

    a.role = 0;
    a.disabled = NGX_CHAT_TRUE;
    write_command(&f, &answer, ngx_chat_operator_update, &a);
    is_result(&answer, LAST_ADMIN, "nor be disabled");

    a.disabled = NGX_CHAT_ABSENT;
    arg(&a, name, "Uno");
    write_command(&f, &answer, ngx_chat_operator_update, &a);
    is_result(&answer, OK, "but renamed");
    has(&answer, "\"name\":\"Uno\"", "name");
    has(&answer, "\"role\":\"admin\"", "role");

    a.id = 99;
    write_command(&f, &answer, ngx_chat_operator_update, &a);
    is_result(&answer, NOT_FOUND, "nobody");

    a.operator = two;
    a.id = one;
    write_command(&f, &answer, ngx_chat_operator_update, &a);
    is_result(&answer, ROLE, "no admin any more");

    fixture_stop(&f);
}


UNIT_TEST(two_administrators_demote_each_other_at_once)
{
    int64_t                    id[2];
    ngx_uint_t                 i, fine, last;
    ngx_chat_job_t            *job[2];
    ngx_chat_operator_args_t  *args;

    begin(pool, log);

    id[0] = hire(&f, "one", NGX_CHAT_ROLE_ADMIN);
    id[1] = hire(&f, "two", NGX_CHAT_ROLE_ADMIN);

    for (i = 0; i < 2; i++) {
        job[i] = fixture_job(&f, ngx_chat_operator_update, sizeof(*args));
        args = job[i]->args;
        args->operator = id[i];
        args->id = id[i];
        args->role = NGX_CHAT_ROLE_AGENT;
        ngx_chat_store_write(f.store, job[i]);
    }

    fixture_drain(&f);

    for (i = 0, fine = 0, last = 0; i < 2; i++) {
        fine += job[i]->rc == NGX_OK;
        last += job[i]->result == NGX_CHAT_RESULT_LAST_ADMIN;
        ngx_chat_job_destroy(job[i]);
    }

    is_int(fine, 1, "one goes");
    is_int(last, 1, "one stays");

    fixture_stop(&f);
}


UNIT_TEST(choosing_a_status)
{
    begin(pool, log);
    hire(&f, "lea", NGX_CHAT_ROLE_AGENT);

    f.records.nelts = 0;
    a.operator = 1;
    a.status = NGX_CHAT_STATUS_ONLINE;
    write_command(&f, &answer, ngx_chat_operator_status, &a);
    is_result(&answer, OK, "chosen");
    has(&answer, "\"status\":\"online\",\"present\":false", "kept");
    is_int(f.records.nelts, 0, "no stream ends for it");

    write_command(&f, &answer, ngx_chat_operator_status, &a);
    is_result(&answer, OK, "the same again");

    a.operator = 9;
    write_command(&f, &answer, ngx_chat_operator_status, &a);
    is_result(&answer, CREDENTIALS, "nobody's");

    fixture_stop(&f);
}
