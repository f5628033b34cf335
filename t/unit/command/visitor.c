
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What visitors do: once each, in one conversation at a time, and seen by
 * nobody else.
 */


#include "fixture.h"


#define ANNA  "anna-0123456789a"
#define BERT  "bert-0123456789b"


UNIT_TEST(the_first_message_opens_a_conversation)
{
    fixture_t  f;
    answer_t   answer;

    fixture_open(&f, pool, log);

    say(&f, &answer, ANNA, "client-1", "Hello \"you\"");

    is_result(&answer, CREATED, "result");
    is_cstr(answer.body,
            "{\"event\":{\"id\":2,\"type\":\"message\",\"conversation\":1,"
            "\"at\":1764000000000,\"author\":{\"kind\":\"visitor\",\"id\":1},"
            "\"data\":{\"text\":\"Hello \\\"you\\\"\","
            "\"client_id\":\"client-1\"}},"
            "\"conversation\":{\"id\":1,\"state\":\"waiting\","
            "\"operator\":null,\"opened_at\":1764000000000,"
            "\"closed_at\":null,\"unread\":0,\"visitor_read\":2,"
            "\"operator_read\":0,\"last_event\":2}}", "the answer");

    is_int(f.records.nelts, 2, "published: state and message");
    ok(strstr((char *) fixture_record(&f, 0)->body.data,
              "\"data\":{\"state\":\"waiting\"}") != NULL, "the state first");

    get(&f, &answer, 1);
    is_result(&answer, OK, "as operators see it");
    has(&answer, "\"unread\":1", "unread");
    has(&answer, "\"last_message\":{\"text\":\"Hello \\\"you\\\"\"", "snippet");
    has(&answer, "\"page\":{\"url\":\"https://shop.example/basket\","
                 "\"title\":\"Basket\"}", "page");
    has(&answer, "\"locale\":\"fr\"", "language");

    say(&f, &answer, ANNA, "client-2", "again");
    has(&answer, "\"conversation\":1", "the next one stays in it");
    is_int(f.records.nelts, 3, "one event more");

    fixture_stop(&f);
}


UNIT_TEST(a_repeat_returns_the_first_result)
{
    int64_t                   op;
    fixture_t                 f;
    answer_t                  answer;

    fixture_open(&f, pool, log);
    op = hire(&f, "op", NGX_CHAT_ROLE_AGENT);

    say(&f, &answer, ANNA, "client-1", "first");
    say(&f, &answer, ANNA, "client-1", "second");

    is_result(&answer, OK, "known");
    has(&answer, "\"id\":2,\"type\":\"message\"", "the same event");
    has(&answer, "\"text\":\"first\"", "the first text");
    is_int(f.records.nelts, 2, "nothing new is published");

    say(&f, &answer, BERT, "client-1", "other");
    is_result(&answer, CREATED, "another visitor's ids are its own");

    act(&f, &answer, ngx_chat_conversation_end, op, 1);
    is_result(&answer, OK, "closed");

    say(&f, &answer, ANNA, "client-1", "third");
    is_result(&answer, OK, "known still");
    has(&answer, "\"conversation\":1", "the old conversation");
    has(&answer, "\"state\":\"closed\"", "which stays closed");

    say(&f, &answer, ANNA, "client-2", "new");
    is_result(&answer, CREATED, "a new message");
    has(&answer, "\"conversation\":3", "opens a new one");

    fixture_stop(&f);
}


static void
two_tabs_done(ngx_chat_job_t *job)
{
    /* the test looks at it */
}


UNIT_TEST(two_tabs_at_once_make_one_conversation)
{
    answer_t                  answer;
    fixture_t                 f;
    ngx_uint_t                i;
    ngx_chat_job_t           *job[2];
    ngx_chat_visitor_args_t  *a;

    fixture_open(&f, pool, log);

    for (i = 0; i < 2; i++) {
        job[i] = ngx_chat_job_create(ngx_chat_visitor_send, two_tabs_done,
                                     sizeof(ngx_chat_visitor_args_t), log);
        a = job[i]->args;
        arg(a, uid, ANNA);
        arg(a, text, "hello");
        a->now = 1;
        a->topic = 1;
    }

    a = job[0]->args;
    arg(a, client_id, "client-1");
    a = job[1]->args;
    arg(a, client_id, "client-2");

    ngx_chat_store_write(f.store, job[0]);
    ngx_chat_store_write(f.store, job[1]);
    fixture_drain(&f);

    for (i = 0; i < 2; i++) {
        is_int(job[i]->result, NGX_CHAT_RESULT_CREATED, "created");
        answer_keep(&answer, job[i]);
        has(&answer, "\"conversation\":1,", "in the same one");
        ngx_chat_job_destroy(job[i]);
    }

    is_int(f.records.nelts, 3, "one state, two messages");

    fixture_stop(&f);
}


UNIT_TEST(opening_the_chat)
{
    char                      key[32];
    fixture_t                 f;
    answer_t                  answer;
    ngx_uint_t                i;
    ngx_chat_visitor_args_t   a;

    fixture_open(&f, pool, log);

    memset(&a, 0, sizeof(a));
    a.now = 1;
    arg(&a, uid, ANNA);
    arg(&a, token, "the-token");
    arg(&a, locale, "de");

    read_command(&f, &answer, ngx_chat_visitor_open, &a);
    is_result(&answer, OK, "a stranger");
    has(&answer, "{\"token\":\"the-token\",\"conversation\":null,"
                 "\"events\":[],\"more\":false,\"texts\":{\"title\":",
        "the answer");
    has(&answer, "\"brand\":{\"colour\":\"\",", "the looks");
    has(&answer, "\"cursor\":0,\"available\":false,", "where it stands");
    has(&answer, "\"limits\":{\"text\":4000}}", "limits");

    say(&f, &answer, BERT, "client-1", "secret");

    for (i = 0; i < 60; i++) {
        snprintf(key, sizeof(key), "client-%02lu", (unsigned long) i);
        say(&f, &answer, ANNA, key, key);
    }

    ngx_str_null(&a.token);
    read_command(&f, &answer, ngx_chat_visitor_open, &a);
    has_not(&answer, "token", "no token");
    has_not(&answer, "secret", "nothing of others");
    has(&answer, "{\"conversation\":{\"id\":2,\"state\":\"waiting\"", "open");
    has(&answer, "\"more\":true", "there is more");
    has(&answer, "\"cursor\":63", "cursor");
    has_not(&answer, "client-09", "the last page");
    has(&answer, "\"events\":[{\"id\":14,", "oldest first");
    has(&answer, "client-59\"}}],", "newest last");

    a.before = 14;
    a.limit = 5;
    read_command(&f, &answer, ngx_chat_visitor_history, &a);
    is_result(&answer, OK, "history");
    has(&answer, "{\"events\":[{\"id\":9,", "the page before");
    has(&answer, "\"more\":true}", "more");

    a.before = 5;
    read_command(&f, &answer, ngx_chat_visitor_history, &a);
    has(&answer, "{\"events\":[{\"id\":3,", "the first");
    has(&answer, "\"more\":false}", "no more");

    arg(&a, uid, "nobody-012345678");
    read_command(&f, &answer, ngx_chat_visitor_history, &a);
    is_cstr(answer.body, "{\"events\":[],\"more\":false}", "a stranger's");

    fixture_stop(&f);
}


/* an event of a kind that visitors must not see */

static ngx_int_t
hidden_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_event_t  event;

    memset(&event, 0, sizeof(event));
    event.type = 9;
    event.conversation = 1;
    event.author = NGX_CHAT_AUTHOR_SYSTEM;
    ngx_str_set(&event.text, "hidden");

    return ngx_chat_db_event_add(db, &event);
}


UNIT_TEST(what_is_not_for_visitors)
{
    char                      args[1];
    fixture_t                 f;
    answer_t                  answer;
    ngx_uint_t                i;
    ngx_chat_job_t           *job;
    ngx_chat_events_args_t   *e;
    ngx_chat_visitor_args_t   a;

    fixture_open(&f, pool, log);

    say(&f, &answer, ANNA, "client-1", "first");        /* 1, 2 */

    for (i = 0; i < 3; i++) {
        write_command(&f, &answer, hidden_run, &args);  /* 3, 4, 5 */
    }

    say(&f, &answer, ANNA, "client-2", "second");       /* 6 */

    memset(&a, 0, sizeof(a));
    arg(&a, uid, ANNA);
    a.limit = 2;

    read_command(&f, &answer, ngx_chat_visitor_history, &a);
    has(&answer, "{\"events\":[{\"id\":2,", "a page is full without it");
    has(&answer, ",{\"id\":6,", "and has the newest");
    has(&answer, "\"more\":true}", "and knows of the first");

    read_command(&f, &answer, ngx_chat_visitor_open, &a);
    has_not(&answer, "\"id\":4", "nor is it there when the chat opens");

    job = fixture_job(&f, ngx_chat_events_after, sizeof(*e));
    e = job->args;
    arg(e, uid, ANNA);

    is_int(fixture_read(&f, job), NGX_OK, "catching up");
    is_int(e->records.nelts, 3, "three events");
    ngx_chat_job_destroy(job);

    fixture_stop(&f);
}


/* two messages with one id, past the look-up: the index stands behind it */

static ngx_int_t
double_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_uint_t        i;
    ngx_chat_event_t  event;

    for (i = 0; i < 2; i++) {
        memset(&event, 0, sizeof(event));
        event.type = NGX_CHAT_EVENT_MESSAGE;
        event.conversation = 1;
        event.author = NGX_CHAT_AUTHOR_VISITOR;
        event.author_id = 1;
        ngx_str_set(&event.client_id, "client-2");
        ngx_str_set(&event.text, "double");

        if (ngx_chat_db_event_add(db, &event) != NGX_OK) {
            return i ? NGX_ERROR : NGX_DECLINED;
        }
    }

    return NGX_OK;
}


UNIT_TEST(an_id_is_unique_by_the_index)
{
    char       args[1];
    fixture_t  f;
    answer_t   answer;

    fixture_open(&f, pool, log);

    say(&f, &answer, ANNA, "client-1", "first");
    write_command(&f, &answer, double_run, &args);
    is_int(answer.rc, NGX_ERROR, "the second is refused");

    fixture_stop(&f);
}


UNIT_TEST(reading_and_what_is_unread)
{
    int64_t                   op;
    fixture_t                 f;
    answer_t                  answer;
    ngx_chat_visitor_args_t   a;

    fixture_open(&f, pool, log);
    op = hire(&f, "op", NGX_CHAT_ROLE_AGENT);

    memset(&a, 0, sizeof(a));
    a.now = 1;
    a.up_to = 5;
    arg(&a, uid, ANNA);

    write_command(&f, &answer, ngx_chat_visitor_read, &a);
    is_result(&answer, EMPTY, "without a conversation");

    say(&f, &answer, ANNA, "client-1", "hello");       /* 1, 2 */
    reply(&f, &answer, op, 1, "reply-01", "one");      /* 3, 4, 5 */
    reply(&f, &answer, op, 1, "reply-02", "two");      /* 6 */
    reply(&f, &answer, op, 1, "reply-03", "three");    /* 7 */

    read_command(&f, &answer, ngx_chat_visitor_open, &a);
    has(&answer, "\"unread\":3,\"visitor_read\":2", "three unread");

    f.records.nelts = 0;
    a.up_to = 6;
    write_command(&f, &answer, ngx_chat_visitor_read, &a);
    is_result(&answer, EMPTY, "marked");
    is_int(f.records.nelts, 1, "told");
    is_int(fixture_record(&f, 0)->type, NGX_CHAT_EVENT_READ, "as read");
    is_int(fixture_record(&f, 0)->id, 0, "without an id");

    read_command(&f, &answer, ngx_chat_visitor_open, &a);
    has(&answer, "\"unread\":1,\"visitor_read\":6", "one left");

    a.up_to = 3;
    write_command(&f, &answer, ngx_chat_visitor_read, &a);
    is_int(f.records.nelts, 1, "an older mark is nothing");

    a.up_to = 1000000;
    write_command(&f, &answer, ngx_chat_visitor_read, &a);
    read_command(&f, &answer, ngx_chat_visitor_open, &a);
    has(&answer, "\"unread\":0,\"visitor_read\":7", "never beyond the last");

    fixture_stop(&f);
}


UNIT_TEST(closing)
{
    fixture_t                 f;
    answer_t                  answer;
    ngx_chat_visitor_args_t   a;

    fixture_open(&f, pool, log);

    memset(&a, 0, sizeof(a));
    a.now = 99;
    arg(&a, uid, ANNA);

    write_command(&f, &answer, ngx_chat_visitor_close, &a);
    is_result(&answer, OK, "nothing to close");
    is_cstr(answer.body, "{\"conversation\":null}", "null");

    say(&f, &answer, ANNA, "client-1", "hello");

    write_command(&f, &answer, ngx_chat_visitor_close, &a);
    has(&answer, "\"state\":\"closed\"", "closed");
    has(&answer, "\"closed_at\":99", "now");
    is_int(f.records.nelts, 3, "told");

    write_command(&f, &answer, ngx_chat_visitor_close, &a);
    is_result(&answer, OK, "again");
    has(&answer, "\"last_event\":3", "nothing new");
    is_int(f.records.nelts, 3, "nor told");

    fixture_stop(&f);
}


UNIT_TEST(typing)
{
    fixture_t                 f;
    answer_t                  answer;
    ngx_chat_visitor_args_t   a;

    fixture_open(&f, pool, log);

    memset(&a, 0, sizeof(a));
    arg(&a, uid, ANNA);

    read_command(&f, &answer, ngx_chat_visitor_typing, &a);
    is_result(&answer, EMPTY, "a stranger");
    is_int(a.conversation, 0, "nowhere");

    say(&f, &answer, BERT, "client-1", "hello");
    say(&f, &answer, ANNA, "client-1", "hello");

    read_command(&f, &answer, ngx_chat_visitor_typing, &a);
    is_result(&answer, EMPTY, "known");
    is_int(a.conversation, 2, "here");
    is_int(a.visitor, 2, "this one");

    write_command(&f, &answer, ngx_chat_visitor_close, &a);
    read_command(&f, &answer, ngx_chat_visitor_typing, &a);
    is_int(a.conversation, 0, "not in a closed one");

    fixture_stop(&f);
}


static ngx_chat_record_t *
record_at(ngx_chat_events_args_t *a, ngx_uint_t i)
{
    ngx_chat_record_t  *records = a->records.elts;

    return &records[i];
}


UNIT_TEST(catching_up)
{
    char                      key[32];
    fixture_t                 f;
    answer_t                  answer;
    ngx_uint_t                i;
    ngx_chat_job_t           *job;
    ngx_chat_events_args_t   *a;

    fixture_open(&f, pool, log);

    say(&f, &answer, BERT, "client-1", "his");          /* 1, 2 */

    for (i = 0; i < 250; i++) {
        snprintf(key, sizeof(key), "client-%03lu", (unsigned long) i);
        say(&f, &answer, ANNA, key, "hers");            /* 3, 4..253 */
    }

    job = fixture_job(&f, ngx_chat_events_after, sizeof(*a));
    a = job->args;
    arg(a, uid, ANNA);

    is_int(fixture_read(&f, job), NGX_OK, "hers");
    is_int(a->records.nelts, NGX_CHAT_EVENTS_PAGE, "a page");
    is_int(a->more, 1, "more");
    is_int(record_at(a, 0)->id, 3, "from her first");
    is_int(record_at(a, 199)->id, 202, "to the page's last");
    is_int(a->cursor, 202, "which is the cursor");
    is_int(record_at(a, 0)->topic, 'a' + 1, "topic");
    ngx_chat_job_destroy(job);

    job = fixture_job(&f, ngx_chat_events_after, sizeof(*a));
    a = job->args;
    arg(a, uid, BERT);
    a->after = 1;

    is_int(fixture_read(&f, job), NGX_OK, "his");
    is_int(a->records.nelts, 1, "one");
    is_int(a->more, 0, "no more");
    is_int(a->cursor, 253, "the cursor is the newest of all");
    ok(ngx_strnstr(record_at(a, 0)->body.data, "\"text\":\"his\"",
                   record_at(a, 0)->body.len) != NULL, "rendered");
    ngx_chat_job_destroy(job);

    job = fixture_job(&f, ngx_chat_events_after, sizeof(*a));
    a = job->args;
    a->after = 200;

    is_int(fixture_read(&f, job), NGX_OK, "an operator's");
    is_int(a->records.nelts, 53, "all that came after");
    is_int(a->cursor, 253, "cursor");
    ngx_chat_job_destroy(job);

    job = fixture_job(&f, ngx_chat_events_after, sizeof(*a));
    a = job->args;
    arg(a, uid, "nobody-012345678");

    is_int(fixture_read(&f, job), NGX_OK, "a stranger's");
    is_int(a->records.nelts, 0, "nothing");
    is_int(a->cursor, 253, "cursor");
    ngx_chat_job_destroy(job);

    fixture_stop(&f);
}
