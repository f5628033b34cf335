
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What a conversation shows: its counters after each event, and its JSON.
 */


#include "unit.h"
#include "base/text.h"
#include "domain/conversation.h"


static void view_applied(ngx_chat_conversation_t *c, int64_t id,
    ngx_chat_event_type_e type, ngx_chat_author_e author, ngx_str_t *text);


static void
view_applied(ngx_chat_conversation_t *c, int64_t id,
    ngx_chat_event_type_e type, ngx_chat_author_e author, ngx_str_t *text)
{
    ngx_chat_event_t  e;

    memset(&e, 0, sizeof(e));

    e.id = id;
    e.type = type;
    e.author = author;
    e.at = id * 10;
    e.text = *text;
    e.value = 2;

    ngx_chat_conversation_applied(c, &e);
}


UNIT_TEST(after_events)
{
    ngx_str_t                text = ngx_string("Hello"), none;
    ngx_uint_t               i;
    ngx_chat_conversation_t  c;

    enum { VIS = NGX_CHAT_AUTHOR_VISITOR, OP = NGX_CHAT_AUTHOR_OPERATOR,
           SYS = NGX_CHAT_AUTHOR_SYSTEM };
    enum { MSG = NGX_CHAT_EVENT_MESSAGE, STATE = NGX_CHAT_EVENT_STATE,
           ASSIGNED = NGX_CHAT_EVENT_ASSIGNED };

    /* an event, then the marks and the unread of both sides after it */

    static struct {
        int   id;
        int   type;
        int   author;
        int   visitor_read;
        int   visitor_unread;
        int   operator_read;
        int   operator_unread;
        int   last_text_by;
    } steps[] = {
        { 3, STATE, VIS, 0, 0, 0, 0, 0 },
        { 4, MSG, VIS, 4, 0, 0, 1, VIS },
        { 7, MSG, VIS, 7, 0, 0, 2, VIS },
        { 8, ASSIGNED, OP, 7, 0, 0, 2, VIS },
        { 9, STATE, OP, 7, 0, 0, 2, VIS },
        { 10, MSG, OP, 7, 1, 10, 0, OP },
        { 12, MSG, OP, 7, 2, 12, 0, OP },
        { 13, MSG, VIS, 13, 0, 12, 1, VIS },
        { 15, ASSIGNED, SYS, 13, 0, 12, 1, VIS },
        { 16, STATE, SYS, 13, 0, 12, 1, VIS },
        { 17, MSG, SYS, 13, 0, 12, 1, SYS },
        { 18, STATE, VIS, 13, 0, 12, 1, SYS }
    };

    ngx_str_null(&none);
    memset(&c, 0, sizeof(c));
    c.state = NGX_CHAT_CONVERSATION_WAITING;

    for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        view_applied(&c, steps[i].id, steps[i].type, steps[i].author,
                     steps[i].type == MSG ? &text : &none);

        is_int(c.last_event, steps[i].id, "last event");
        is_int(c.updated_at, steps[i].id * 10, "time");
        is_int(c.visitor_read, steps[i].visitor_read, "visitor's mark");
        is_int(c.visitor_unread, steps[i].visitor_unread, "visitor's unread");
        is_int(c.operator_read, steps[i].operator_read, "team's mark");
        is_int(c.operator_unread, steps[i].operator_unread, "team's unread");
        is_int(c.last_text_by, steps[i].last_text_by, "whose last text");
    }

    is_int(c.last_text_at, 170, "when the last text was written");
    is_str(&c.last_text, "Hello", "the last text");
    is_int(c.state, NGX_CHAT_CONVERSATION_WAITING, "decisions set the state");
}


UNIT_TEST(snippet)
{
    ngx_str_t                text;
    ngx_uint_t               n;
    ngx_chat_conversation_t  c;

    text.data = ngx_palloc(pool, 4000 * 4);

    for (n = 0; n < 4000; n++) {
        memcpy(text.data + n * 4, "\xf0\x9f\x98\x80", 4);
    }

    memset(&c, 0, sizeof(c));

    for (n = 199; n < 202; n++) {
        text.len = n * 4;
        view_applied(&c, n, NGX_CHAT_EVENT_MESSAGE, NGX_CHAT_AUTHOR_VISITOR,
                     &text);

        is_int(ngx_chat_text_length(&c.last_text), n < 200 ? n : 200,
               "characters");
        is_int(text.len, n * 4, "the message keeps its own");
    }
}


UNIT_TEST(full)
{
    ngx_str_t                text;
    ngx_chat_json_out_t     *o;
    ngx_chat_conversation_t  c;

    memset(&c, 0, sizeof(c));
    c.id = 12;
    c.state = NGX_CHAT_CONVERSATION_CLOSED;
    c.visitor = 5;
    c.topic = 99;
    ngx_str_set(&c.visitor_name, "Ada");
    c.operator = 7;
    ngx_str_set(&c.operator_name, "L\xc3\xa9" "a");
    c.opened_at = 1000;
    c.closed_at = 3000;
    c.updated_at = 2999;
    c.last_event = 40;
    c.visitor_read = 38;
    c.operator_read = 39;
    c.visitor_unread = 2;
    c.operator_unread = 3;
    ngx_str_set(&c.last_text, "Hello");
    c.last_text_at = 2500;
    c.last_text_by = NGX_CHAT_AUTHOR_OPERATOR;
    ngx_str_set(&c.page_url, "https://shop.example/");
    ngx_str_set(&c.page_title, "Shop");
    ngx_str_set(&c.locale, "fr-CA");

    o = ngx_chat_json_out(pool);
    ngx_chat_conversation_json(o, NULL, &c);
    is_int(ngx_chat_json_end(o, &text), NGX_OK, "for operators");
    is_str(&text,
           "{\"id\":12,\"state\":\"closed\",\"visitor\":{\"id\":5,\"name\":"
           "\"Ada\",\"email\":null,\"facts\":[],\"user\":null,\"form\":[]},"
           "\"operator\":{\"id\":7,\"name\":\"L\xc3\xa9" "a\"},"
           "\"opened_at\":1000,\"closed_at\":3000,\"updated_at\":2999,"
           "\"unread\":3,\"visitor_read\":38,\"operator_read\":39,"
           "\"last_event\":40,\"last_message\":{\"text\":\"Hello\","
           "\"at\":2500,\"author\":\"operator\"},\"page\":{\"url\":"
           "\"https://shop.example/\",\"title\":\"Shop\"},"
           "\"locale\":\"fr-CA\",\"proactive\":false,"
            "\"invitation\":null}",
           "all of it");

    o = ngx_chat_json_out(pool);
    ngx_chat_json_open(o, NULL);
    ngx_chat_conversation_visitor_json(o, "conversation", &c);
    ngx_chat_json_close(o);
    is_int(ngx_chat_json_end(o, &text), NGX_OK, "for the visitor");
    is_str(&text,
           "{\"conversation\":{\"id\":12,\"state\":\"closed\",\"operator\":"
           "{\"id\":7,\"name\":\"L\xc3\xa9" "a\"},\"opened_at\":1000,"
           "\"closed_at\":3000,\"unread\":2,\"visitor_read\":38,"
           "\"operator_read\":39,\"last_event\":40}}",
           "what is the visitor's");

    /* a page need not have a title, and one without address is none */

    ngx_str_null(&c.page_title);
    o = ngx_chat_json_out(pool);
    ngx_chat_conversation_json(o, NULL, &c);
    ngx_chat_json_end(o, &text);
    ok(ngx_strnstr(text.data, ",\"page\":{\"url\":\"https://shop.example/\"},",
                   text.len), "a page without a title");
}


UNIT_TEST(bare)
{
    ngx_str_t                text;
    ngx_chat_json_out_t     *o;
    ngx_chat_conversation_t  c;

    memset(&c, 0, sizeof(c));
    c.id = 12;
    c.state = NGX_CHAT_CONVERSATION_WAITING;
    c.visitor = 5;
    c.opened_at = 1000;
    c.updated_at = 1000;
    ngx_str_set(&c.page_title, "a title without an address");

    o = ngx_chat_json_out(pool);
    ngx_chat_conversation_json(o, NULL, &c);
    is_int(ngx_chat_json_end(o, &text), NGX_OK, "for operators");
    is_str(&text,
           "{\"id\":12,\"state\":\"waiting\",\"visitor\":{\"id\":5,\"name\":"
           "null,\"email\":null,\"facts\":[],\"user\":null,\"form\":[]},"
           "\"operator\":null,"
           "\"opened_at\":1000,\"closed_at\":null,"
           "\"updated_at\":1000,\"unread\":0,\"visitor_read\":0,"
           "\"operator_read\":0,\"last_event\":0,\"last_message\":null,"
           "\"page\":null,\"locale\":null,\"proactive\":false,"
            "\"invitation\":null}",
           "all fields stand there");

    o = ngx_chat_json_out(pool);
    ngx_chat_conversation_visitor_json(o, NULL, &c);
    is_int(ngx_chat_json_end(o, &text), NGX_OK, "for the visitor");
    is_str(&text,
           "{\"id\":12,\"state\":\"waiting\",\"operator\":null,"
           "\"opened_at\":1000,\"closed_at\":null,\"unread\":0,"
           "\"visitor_read\":0,\"operator_read\":0,\"last_event\":0}",
           "all fields stand there");

    c.state = 4;
    o = ngx_chat_json_out(pool);
    ngx_chat_conversation_json(o, NULL, &c);
    is_int(ngx_chat_json_end(o, &text), NGX_ERROR, "no such state");
}
