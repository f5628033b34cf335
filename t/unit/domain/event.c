
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/memory.h"
#include "domain/conversation.h"
#include "domain/event.h"
#include "domain/operator.h"


#define BOTH  (NGX_CHAT_TO_VISITOR|NGX_CHAT_TO_OPERATORS)


typedef struct {
    const char             *name;
    ngx_chat_event_t        event;
    const char             *body;
} event_case_t;


static ngx_chat_event_t event_message(void);


static ngx_chat_event_t
event_message(void)
{
    ngx_chat_event_t  e;

    memset(&e, 0, sizeof(e));

    e.id = 481;
    e.type = NGX_CHAT_EVENT_MESSAGE;
    e.conversation = 12;
    e.visitor = 5;
    e.topic = 99;
    e.at = 1764000000123;
    e.author = NGX_CHAT_AUTHOR_OPERATOR;
    e.author_id = 3;
    ngx_str_set(&e.author_name, "L\xc3\xa9" "a");
    ngx_str_set(&e.client_id, "client-1");
    ngx_str_set(&e.text, "Bonjour \"!\"\n");

    return e;
}


UNIT_TEST(audience)
{
    ngx_uint_t        i, author;
    ngx_chat_event_t  e;

    static struct {
        ngx_chat_event_type_e   type;
        ngx_uint_t              by[4];      /* nobody, visitor, operator,
                                               system */
    } cases[] = {
        { NGX_CHAT_EVENT_MESSAGE, { BOTH, BOTH, BOTH, BOTH } },
        { NGX_CHAT_EVENT_STATE, { BOTH, BOTH, BOTH, BOTH } },
        { NGX_CHAT_EVENT_ASSIGNED, { BOTH, BOTH, BOTH, BOTH } },
        { NGX_CHAT_EVENT_TYPING, { BOTH, NGX_CHAT_TO_OPERATORS, BOTH, BOTH } },
        { NGX_CHAT_EVENT_READ, { BOTH, BOTH, BOTH, BOTH } },
        { NGX_CHAT_EVENT_PRESENCE,
          { NGX_CHAT_TO_OPERATORS, NGX_CHAT_TO_OPERATORS,
            NGX_CHAT_TO_OPERATORS, NGX_CHAT_TO_OPERATORS } },
        { NGX_CHAT_EVENT_AVAILABILITY,
          { NGX_CHAT_TO_VISITOR, NGX_CHAT_TO_VISITOR,
            NGX_CHAT_TO_VISITOR, NGX_CHAT_TO_VISITOR } },
        { NGX_CHAT_EVENT_REVOKED,
          { NGX_CHAT_TO_WORKERS, NGX_CHAT_TO_WORKERS,
            NGX_CHAT_TO_WORKERS, NGX_CHAT_TO_WORKERS } },
        { 0, { 0, 0, 0, 0 } },
        { 4, { 0, 0, 0, 0 } },
        { 255, { 0, 0, 0, 0 } }
    };

    memset(&e, 0, sizeof(e));

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (author = 0; author < 4; author++) {
            e.type = cases[i].type;
            e.author = author;

            ok(ngx_chat_event_audience(&e) == cases[i].by[author],
               "type %d by %d", (int) e.type, (int) author);
        }
    }
}


UNIT_TEST(rendered)
{
    ngx_uint_t         i;
    ngx_chat_record_t  r;

#define AT         "\"at\":9,"
#define OP         "\"author\":{\"kind\":\"operator\",\"id\":3," \
                   "\"name\":\"L\xc3\xa9" "a\"},"
#define VIS        "\"author\":{\"kind\":\"visitor\",\"id\":5},"
#define SYS        "\"author\":{\"kind\":\"system\"},"
#define BY_OP      .author = NGX_CHAT_AUTHOR_OPERATOR, .author_id = 3, \
                   .author_name = ngx_string("L\xc3\xa9" "a")
#define BY_VIS     .author = NGX_CHAT_AUTHOR_VISITOR, .author_id = 5
#define BY_SYS     .author = NGX_CHAT_AUTHOR_SYSTEM

    static event_case_t  cases[] = {

        { "a message of an operator",
          { .id = 1, .type = NGX_CHAT_EVENT_MESSAGE, .conversation = 2,
            .at = 9, BY_OP, .text = ngx_string("\"Hi\"\n"),
            .client_id = ngx_string("abcdefgh") },
          "{\"id\":1,\"type\":\"message\",\"conversation\":2," AT OP
          "\"data\":{\"text\":\"\\\"Hi\\\"\\n\",\"client_id\":\"abcdefgh\"}}" },

        { "a message of a visitor without a name",
          { .id = 9007199254740993, .type = NGX_CHAT_EVENT_MESSAGE,
            .conversation = 2, .at = 9, BY_VIS,
            .text = ngx_string("\xf0\x9f\x98\x80"),
            .client_id = ngx_string("abcdefgh") },
          "{\"id\":9007199254740993,\"type\":\"message\",\"conversation\":2,"
          AT VIS "\"data\":{\"text\":\"\xf0\x9f\x98\x80\","
          "\"client_id\":\"abcdefgh\"}}" },

        { "a message of a visitor with one",
          { .id = 1, .type = NGX_CHAT_EVENT_MESSAGE, .conversation = 2,
            .at = 9, BY_VIS, .author_name = ngx_string("Bo"),
            .text = ngx_string("Hi"), .client_id = ngx_string("abcdefgh") },
          "{\"id\":1,\"type\":\"message\",\"conversation\":2," AT
          "\"author\":{\"kind\":\"visitor\",\"id\":5,\"name\":\"Bo\"},"
          "\"data\":{\"text\":\"Hi\",\"client_id\":\"abcdefgh\"}}" },

        { "its end by that visitor, for whoever may know another name",
          { .id = 1, .type = NGX_CHAT_EVENT_STATE, .conversation = 2,
            .at = 9, BY_VIS, .author_name = ngx_string("Bo"), .value = 3 },
          "{\"id\":1,\"type\":\"state\",\"conversation\":2," AT VIS
          "\"data\":{\"state\":\"closed\"}}" },

        { "its mark",
          { .type = NGX_CHAT_EVENT_READ, .conversation = 2, .at = 9, BY_VIS,
            .author_name = ngx_string("Bo"), .value = 481 },
          "{\"type\":\"read\",\"conversation\":2," AT VIS
          "\"data\":{\"up_to\":481}}" },

        { "waiting",
          { .id = 1, .type = NGX_CHAT_EVENT_STATE, .conversation = 2,
            .at = 9, BY_SYS, .value = 1 },
          "{\"id\":1,\"type\":\"state\",\"conversation\":2," AT SYS
          "\"data\":{\"state\":\"waiting\"}}" },

        { "active",
          { .id = 1, .type = NGX_CHAT_EVENT_STATE, .conversation = 2,
            .at = 9, BY_OP, .value = 2 },
          "{\"id\":1,\"type\":\"state\",\"conversation\":2," AT OP
          "\"data\":{\"state\":\"active\"}}" },

        { "closed",
          { .id = 1, .type = NGX_CHAT_EVENT_STATE, .conversation = 2,
            .at = 9, BY_VIS, .value = 3 },
          "{\"id\":1,\"type\":\"state\",\"conversation\":2," AT VIS
          "\"data\":{\"state\":\"closed\"}}" },

        { "assigned",
          { .id = 1, .type = NGX_CHAT_EVENT_ASSIGNED, .conversation = 2,
            .at = 9, BY_OP, .value = 3,
            .text = ngx_string("L\xc3\xa9" "a") },
          "{\"id\":1,\"type\":\"assigned\",\"conversation\":2," AT OP
          "\"data\":{\"operator\":{\"id\":3,\"name\":\"L\xc3\xa9" "a\"}}}" },

        { "assigned to nobody",
          { .id = 1, .type = NGX_CHAT_EVENT_ASSIGNED, .conversation = 2,
            .at = 9, BY_SYS },
          "{\"id\":1,\"type\":\"assigned\",\"conversation\":2," AT SYS
          "\"data\":{\"operator\":null}}" },

        { "a visitor types",
          { .type = NGX_CHAT_EVENT_TYPING, .conversation = 2, .at = 9, BY_VIS,
            .value = 1, .text = ngx_string("I want") },
          "{\"type\":\"typing\",\"conversation\":2," AT VIS
          "\"data\":{\"typing\":true,\"text\":\"I want\"}}" },

        { "a visitor types nothing more",
          { .type = NGX_CHAT_EVENT_TYPING, .conversation = 2, .at = 9,
            BY_VIS },
          "{\"type\":\"typing\",\"conversation\":2," AT VIS
          "\"data\":{\"typing\":false}}" },

        { "an operator types, and nobody sees what",
          { .type = NGX_CHAT_EVENT_TYPING, .conversation = 2, .at = 9, BY_OP,
            .value = 1, .text = ngx_string("Oh no") },
          "{\"type\":\"typing\",\"conversation\":2," AT OP
          "\"data\":{\"typing\":true}}" },

        { "read",
          { .type = NGX_CHAT_EVENT_READ, .conversation = 2, .at = 9, BY_OP,
            .value = 481 },
          "{\"type\":\"read\",\"conversation\":2," AT OP
          "\"data\":{\"up_to\":481}}" },

        { "presence",
          { .type = NGX_CHAT_EVENT_PRESENCE, .at = 9, BY_OP, .value = 2,
            .present = 1 },
          "{\"type\":\"presence\"," AT OP
          "\"data\":{\"operator\":3,\"status\":\"online\",\"present\":true}}" },

        { "presence, away",
          { .type = NGX_CHAT_EVENT_PRESENCE, .at = 9, BY_OP, .value = 1 },
          "{\"type\":\"presence\"," AT OP
          "\"data\":{\"operator\":3,\"status\":\"away\",\"present\":false}}" },

        { "presence, offline",
          { .type = NGX_CHAT_EVENT_PRESENCE, .at = 9, BY_OP },
          "{\"type\":\"presence\"," AT OP "\"data\":{\"operator\":3,"
          "\"status\":\"offline\",\"present\":false}}" },

        { "available",
          { .type = NGX_CHAT_EVENT_AVAILABILITY, .at = 9, .value = 1 },
          "{\"type\":\"availability\"," AT SYS
          "\"data\":{\"available\":true}}" },

        { "not available",
          { .type = NGX_CHAT_EVENT_AVAILABILITY, .at = 9, BY_SYS },
          "{\"type\":\"availability\"," AT SYS
          "\"data\":{\"available\":false}}" },

        { "revoked",
          { .type = NGX_CHAT_EVENT_REVOKED, .at = 9, .value = 3 }, "" }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memset(&r, 0xff, sizeof(r));

        is_int(ngx_chat_event_render(&cases[i].event, pool, &r), NGX_OK,
               cases[i].name);
        unit_is_str(&r.body, cases[i].body, strlen(cases[i].body),
                    __FILE__, __LINE__, cases[i].name);
        is_int(r.audience, ngx_chat_event_audience(&cases[i].event),
               "its audience");
        is_int(r.type, cases[i].event.type, "its type");
        is_int(r.id, cases[i].event.id, "its id");
        is_int(r.subject, r.audience == NGX_CHAT_TO_WORKERS ? 3
                          : r.type == NGX_CHAT_EVENT_STATE
                          ? cases[i].event.value : 0,
               "its subject");
    }
}


UNIT_TEST(record)
{
    ngx_chat_event_t   e;
    ngx_chat_record_t  r;

    e = event_message();
    is_int(ngx_chat_event_render(&e, pool, &r), NGX_OK, "rendered");

    is_int(r.id, 481, "id");
    is_int(r.topic, 99, "topic");
    is_int(r.conversation, 12, "conversation");
    is_int(r.audience, BOTH, "audience");
    is_int(r.type, NGX_CHAT_EVENT_MESSAGE, "type");
}


/* rows that cannot be: an error, never a read behind a table */

UNIT_TEST(impossible)
{
    ngx_uint_t         i;
    ngx_chat_event_t   e;
    ngx_chat_record_t  r;

    static int64_t  states[] = { 0, 4, 5, -1, INT64_MIN, INT64_MAX };

    for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        e = event_message();
        e.type = NGX_CHAT_EVENT_STATE;
        e.value = states[i];
        is_int(ngx_chat_event_render(&e, pool, &r), NGX_ERROR, "state");
    }

    e = event_message();
    e.type = NGX_CHAT_EVENT_PRESENCE;
    e.value = 3;
    is_int(ngx_chat_event_render(&e, pool, &r), NGX_ERROR, "status");

    e = event_message();
    e.author = 4;
    is_int(ngx_chat_event_render(&e, pool, &r), NGX_ERROR, "author");

    e = event_message();
    ngx_str_set(&e.text, "\xff");
    is_int(ngx_chat_event_render(&e, pool, &r), NGX_ERROR, "not UTF-8");

    e = event_message();
    e.type = 77;
    is_int(ngx_chat_event_render(&e, pool, &r), NGX_OK, "of a later version");
    is_int(r.audience, 0, "for nobody");
    is_int(r.body.len, 0, "with nothing in it");
}


UNIT_TEST(memory)
{
    long               n;
    ngx_int_t          rc;
    ngx_uint_t         wrong;
    ngx_chat_event_t   e;
    ngx_chat_record_t  r;

    wrong = 0;
    e = event_message();

    for (n = 0; ; n++) {
        memory_refuse(n);
        rc = ngx_chat_event_render(&e, pool, &r);

        if (!memory_refused()) {
            break;
        }

        wrong += (rc != NGX_ERROR || r.body.len != 0);
    }

    is_int(wrong, 0, "out at any moment is an error");
    ok(rc == NGX_OK && n > 1, "%ld moments", n);
}


UNIT_TEST(operators)
{
    ngx_str_t             text, none;
    ngx_chat_operator_t   op;
    ngx_chat_json_out_t  *o;

    memset(&op, 0, sizeof(op));
    op.id = 7;
    ngx_str_set(&op.login, "lea@shop");
    ngx_str_set(&op.name, "L\xc3\xa9" "a");
    ngx_str_set(&op.password, "$argon2id$");
    op.role = NGX_CHAT_ROLE_SUPERVISOR;
    op.status = NGX_CHAT_STATUS_AWAY;
    op.created_at = 1000;

    o = ngx_chat_json_out(pool);
    ngx_chat_json_open(o, NULL);
    ngx_chat_operator_json(o, "operator", &op, 0);

    op.role = NGX_CHAT_ROLE_ADMIN;
    op.status = NGX_CHAT_STATUS_ONLINE;
    op.disabled = 1;
    ngx_chat_operator_json(o, "other", &op, 1);

    ngx_str_null(&none);
    ngx_chat_operator_ref_json(o, "ref", 7, &op.name);
    ngx_chat_operator_ref_json(o, "null", 0, &none);
    ngx_chat_json_close(o);

    is_int(ngx_chat_json_end(o, &text), NGX_OK, "written");
    is_str(&text,
           "{\"operator\":{\"id\":7,\"login\":\"lea@shop\",\"name\":"
           "\"L\xc3\xa9" "a\",\"role\":\"supervisor\",\"status\":\"away\","
           "\"present\":false,\"disabled\":false,\"created_at\":1000},"
           "\"other\":{\"id\":7,\"login\":\"lea@shop\",\"name\":"
           "\"L\xc3\xa9" "a\",\"role\":\"admin\",\"status\":\"online\","
           "\"present\":true,\"disabled\":true,\"created_at\":1000},"
           "\"ref\":{\"id\":7,\"name\":\"L\xc3\xa9" "a\"},\"null\":null}",
           "as the API has it, without a password");
}
