
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What may happen to a conversation, as one table: each act, in each state,
 * by each role.  Operator 7 acts; a colleague is 8; the visitor's row is 5.
 */


#include "unit.h"
#include "base/memory.h"
#include "domain/conversation.h"


enum { ASK, REPLY, TAKE, FORCE, RELEASE, CLOSE, ACTS };
enum { WAITING, MINE, OTHERS, CLOSED, CLOSED_UNHAD, STARTS };
enum { NOBODY, VISITOR, AGENT, SUPERVISOR, ADMIN, ACTORS };


typedef struct {
    ngx_uint_t    act;
    ngx_uint_t    start;
    ngx_uint_t    first;                /* actors from this one */
    ngx_uint_t    last;                 /* to this one */
    const char   *expected;
} conversation_case_t;


static const char  *acts[] = {
    "ask", "reply", "take", "force", "release", "close"
};

static const char  *starts[] = {
    "waiting", "mine", "others", "closed", "closed, never had"
};

static const char  *actors[] = {
    "nobody", "visitor", "agent", "supervisor", "admin"
};


/* result, then state and operator, then events with their author's kind */

#define TOOK       "ok active:7 assigned=7/op state=2/op"


static conversation_case_t  cases[] = {

    { ASK, WAITING, VISITOR, VISITOR, "ok waiting:0 message=0/vis" },
    { ASK, MINE, VISITOR, VISITOR, "ok active:7 message=0/vis" },
    { ASK, OTHERS, VISITOR, VISITOR, "ok active:8 message=0/vis" },
    { ASK, CLOSED, VISITOR, VISITOR, "CLOSED" },
    { ASK, CLOSED_UNHAD, VISITOR, VISITOR, "CLOSED" },

    { REPLY, WAITING, AGENT, ADMIN, TOOK " message=0/op" },
    { REPLY, MINE, AGENT, ADMIN, "ok active:7 message=0/op" },
    { REPLY, OTHERS, AGENT, AGENT, "TAKEN" },
    { REPLY, OTHERS, SUPERVISOR, ADMIN, "ok active:8 message=0/op" },
    { REPLY, CLOSED, AGENT, ADMIN, "CLOSED" },
    { REPLY, CLOSED_UNHAD, AGENT, ADMIN, "CLOSED" },

    { TAKE, WAITING, AGENT, ADMIN, TOOK },
    { TAKE, MINE, AGENT, ADMIN, "ok active:7" },
    { TAKE, OTHERS, AGENT, ADMIN, "TAKEN" },
    { TAKE, CLOSED, AGENT, ADMIN, "CLOSED" },
    { TAKE, CLOSED_UNHAD, AGENT, ADMIN, "CLOSED" },

    { FORCE, WAITING, AGENT, ADMIN, TOOK },
    { FORCE, MINE, AGENT, ADMIN, "ok active:7" },
    { FORCE, OTHERS, AGENT, AGENT, "ROLE" },
    { FORCE, OTHERS, SUPERVISOR, ADMIN, "ok active:7 assigned=7/op" },
    { FORCE, CLOSED, AGENT, ADMIN, "CLOSED" },
    { FORCE, CLOSED_UNHAD, AGENT, ADMIN, "CLOSED" },

    { RELEASE, WAITING, NOBODY, NOBODY, "ok waiting:0" },
    { RELEASE, MINE, NOBODY, NOBODY,
      "ok waiting:0 assigned=0/sys state=1/sys" },
    { RELEASE, OTHERS, NOBODY, NOBODY,
      "ok waiting:0 assigned=0/sys state=1/sys" },
    { RELEASE, CLOSED, NOBODY, NOBODY, "ok closed:7" },
    { RELEASE, CLOSED_UNHAD, NOBODY, NOBODY, "ok closed:0" },

    { CLOSE, WAITING, VISITOR, VISITOR, "ok closed:0 state=3/vis" },
    { CLOSE, WAITING, AGENT, ADMIN, "ok closed:0 state=3/op" },
    { CLOSE, MINE, VISITOR, VISITOR, "ok closed:7 state=3/vis" },
    { CLOSE, MINE, AGENT, ADMIN, "ok closed:7 state=3/op" },
    { CLOSE, OTHERS, VISITOR, VISITOR, "ok closed:8 state=3/vis" },
    { CLOSE, OTHERS, AGENT, AGENT, "TAKEN" },
    { CLOSE, OTHERS, SUPERVISOR, ADMIN, "ok closed:8 state=3/op" },
    { CLOSE, CLOSED, VISITOR, ADMIN, "ok closed:7" },
    { CLOSE, CLOSED_UNHAD, VISITOR, ADMIN, "ok closed:0" }
};


/* those that can be: who may come to do what at all */

static ngx_uint_t
conversation_possible(ngx_uint_t act, ngx_uint_t actor)
{
    switch (act) {

    case ASK:
        return actor == VISITOR;

    case RELEASE:
        return actor == NOBODY;

    case CLOSE:
        return actor >= VISITOR;

    default:
        return actor >= AGENT;
    }
}


static void
conversation_start(ngx_chat_conversation_t *c, ngx_uint_t start)
{
    memset(c, 0, sizeof(ngx_chat_conversation_t));

    c->id = 12;
    c->visitor = 5;
    c->topic = 99;
    ngx_str_set(&c->visitor_name, "Ada");
    c->opened_at = 1000;
    c->updated_at = 1500;
    c->last_event = 40;

    switch (start) {

    case WAITING:
        c->state = NGX_CHAT_CONVERSATION_WAITING;
        return;

    case OTHERS:
        c->state = NGX_CHAT_CONVERSATION_ACTIVE;
        c->operator = 8;
        ngx_str_set(&c->operator_name, "Zo\xc3\xa9");
        return;

    case MINE:
    case CLOSED:
        c->state = NGX_CHAT_CONVERSATION_ACTIVE;
        c->operator = 7;
        ngx_str_set(&c->operator_name, "L\xc3\xa9" "a");
    }

    if (start != MINE) {
        c->state = NGX_CHAT_CONVERSATION_CLOSED;
        c->closed_at = 1400;
    }
}


static void
conversation_operator(ngx_chat_operator_t *op, ngx_uint_t actor)
{
    memset(op, 0, sizeof(ngx_chat_operator_t));

    op->id = 7;
    ngx_str_set(&op->login, "lea@shop");
    ngx_str_set(&op->name, "L\xc3\xa9" "a");
    op->role = actor == AGENT ? NGX_CHAT_ROLE_AGENT
               : actor == SUPERVISOR ? NGX_CHAT_ROLE_SUPERVISOR
               : NGX_CHAT_ROLE_ADMIN;
}


static ngx_int_t
conversation_act(ngx_chat_conversation_t *c, ngx_uint_t act, ngx_uint_t actor,
    ngx_chat_effects_t *fx)
{
    ngx_str_t             id = ngx_string("client-1");
    ngx_str_t             text = ngx_string("Hello");
    ngx_chat_operator_t   op;

    conversation_operator(&op, actor);

    switch (act) {

    case ASK:
        return ngx_chat_conversation_ask(c, &id, &text, fx);

    case REPLY:
        return ngx_chat_conversation_reply(c, &op, &id, &text, fx);

    case TAKE:
        return ngx_chat_conversation_take(c, &op, 0, fx);

    case FORCE:
        return ngx_chat_conversation_take(c, &op, 1, fx);

    case RELEASE:
        return ngx_chat_conversation_release(c, fx);

    default:
        return ngx_chat_conversation_close(c, actor == VISITOR ? NULL : &op,
                                           fx);
    }
}


static void
conversation_dump(char *p, char *last, ngx_int_t rc,
    ngx_chat_conversation_t *c, ngx_chat_effects_t *fx)
{
    ngx_uint_t         i;
    ngx_chat_event_t  *event;

    static const char  *states[] = { "?", "waiting", "active", "closed" };
    static const char  *types[] = { "?", "message", "state", "assigned" };
    static const char  *authors[] = { "?", "vis", "op", "sys" };

    if (rc != NGX_OK) {
        snprintf(p, last - p, "%s",
                 rc == NGX_CHAT_REFUSED_CLOSED ? "CLOSED"
                 : rc == NGX_CHAT_REFUSED_TAKEN ? "TAKEN"
                 : rc == NGX_CHAT_REFUSED_ROLE ? "ROLE" : "ERROR");
        return;
    }

    p += snprintf(p, last - p, "ok %s:%d", states[c->state],
                  (int) c->operator);

    event = fx->events.elts;

    for (i = 0; i < fx->events.nelts; i++) {
        p += snprintf(p, last - p, " %s=%d/%s", types[event[i].type],
                      (int) event[i].value, authors[event[i].author]);
    }
}


static void
conversation_case(ngx_pool_t *pool, conversation_case_t *t, ngx_uint_t actor)
{
    char                      got[256], name[128];
    ngx_int_t                 rc;
    ngx_chat_effects_t        fx;
    ngx_chat_conversation_t   c, before;

    snprintf(name, sizeof(name), "%s, %s, by %s", acts[t->act],
             starts[t->start], actors[actor]);

    conversation_start(&c, t->start);
    conversation_start(&before, t->start);
    ngx_chat_effects_init(&fx, pool, 2000);

    rc = conversation_act(&c, t->act, actor, &fx);

    conversation_dump(got, got + sizeof(got), rc, &c, &fx);
    ok(strcmp(got, t->expected) == 0, "%s: %s", name, got);

    /* nothing happened: not a byte of it */

    if (rc != NGX_OK || fx.events.nelts == 0) {
        ok(memcmp(&c, &before, sizeof(c)) == 0 && fx.events.nelts == 0,
           "%s: nothing changed", name);
        return;
    }

    ok(c.id == 12 && c.visitor == 5 && c.topic == 99 && c.opened_at == 1000
       && c.last_event == 40 && c.updated_at == 1500,
       "%s: the rest stays", name);
    is_int(c.closed_at, c.state == NGX_CHAT_CONVERSATION_CLOSED ? 2000 : 0,
           name);
}


UNIT_TEST(every_act_in_every_state)
{
    ngx_uint_t           i, act, start, actor;
    conversation_case_t *found;

    for (act = 0; act < ACTS; act++) {
        for (start = 0; start < STARTS; start++) {
            for (actor = 0; actor < ACTORS; actor++) {

                if (!conversation_possible(act, actor)) {
                    continue;
                }

                found = NULL;

                for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                    if (cases[i].act == act && cases[i].start == start
                        && actor >= cases[i].first && actor <= cases[i].last)
                    {
                        found = &cases[i];
                    }
                }

                if (found == NULL) {
                    ok(0, "%s, %s, by %s is in the table", acts[act],
                       starts[start], actors[actor]);
                    continue;
                }

                conversation_case(pool, found, actor);
            }
        }
    }
}


UNIT_TEST(opened)
{
    ngx_chat_event_t         *event;
    ngx_chat_visitor_t        visitor;
    ngx_chat_effects_t        fx;
    ngx_chat_conversation_t   c, expected;

    memset(&visitor, 0, sizeof(visitor));
    visitor.id = 5;
    visitor.topic = 99;
    ngx_str_set(&visitor.name, "Ada");
    ngx_str_set(&visitor.locale, "fr");

    memset(&expected, 0, sizeof(expected));
    expected.state = NGX_CHAT_CONVERSATION_WAITING;
    expected.visitor = 5;
    expected.topic = 99;
    expected.visitor_name = visitor.name;
    expected.locale = visitor.locale;
    expected.opened_at = 2000;
    expected.updated_at = 2000;

    ngx_chat_effects_init(&fx, pool, 2000);
    memset(&c, 0xff, sizeof(c));

    is_int(ngx_chat_conversation_open(&c, &visitor, &fx), NGX_OK, "opened");
    ok(memcmp(&c, &expected, sizeof(c)) == 0, "whatever was there before");

    event = fx.events.elts;
    is_int(fx.events.nelts, 1, "one event");
    is_int(event->type, NGX_CHAT_EVENT_STATE, "its type");
    is_int(event->value, NGX_CHAT_CONVERSATION_WAITING, "its state");
    is_int(event->author, NGX_CHAT_AUTHOR_VISITOR, "by the visitor");
    is_int(event->author_id, 5, "by this one");
}


UNIT_TEST(events_of_a_reply_that_takes)
{
    ngx_uint_t                i;
    ngx_chat_event_t         *event;
    ngx_chat_effects_t        fx;
    ngx_chat_conversation_t   c;

    conversation_start(&c, WAITING);
    ngx_chat_effects_init(&fx, pool, 2000);
    conversation_act(&c, REPLY, AGENT, &fx);

    event = fx.events.elts;

    for (i = 0; i < fx.events.nelts; i++) {
        is_int(event[i].id, 0, "no id yet");
        is_int(event[i].conversation, 12, "conversation");
        is_int(event[i].visitor, 5, "visitor");
        is_int(event[i].topic, 99, "topic");
        is_int(event[i].at, 2000, "time");
        is_int(event[i].author_id, 7, "author");
        is_str(&event[i].author_name, "L\xc3\xa9" "a", "author's name");
    }

    is_str(&event[0].text, "L\xc3\xa9" "a", "to whom it was assigned");
    is_str(&event[2].text, "Hello", "text");
    is_str(&event[2].client_id, "client-1", "client id");
    is_str(&c.operator_name, "L\xc3\xa9" "a", "operator's name");
}


UNIT_TEST(events_of_others)
{
    ngx_chat_event_t         *event;
    ngx_chat_effects_t        fx;
    ngx_chat_conversation_t   c;

    conversation_start(&c, OTHERS);
    ngx_chat_effects_init(&fx, pool, 2000);
    conversation_act(&c, ASK, VISITOR, &fx);

    event = fx.events.elts;
    is_int(event->author_id, 5, "a visitor's row");
    is_str(&event->author_name, "Ada", "a visitor's name");
    is_str(&event->text, "Hello", "text");
    is_str(&event->client_id, "client-1", "client id");

    conversation_start(&c, OTHERS);
    ngx_chat_effects_init(&fx, pool, 2000);
    conversation_act(&c, RELEASE, NOBODY, &fx);

    event = fx.events.elts;
    is_int(event[0].author_id, 0, "the system has no id");
    is_int(event[0].author_name.len, 0, "and no name");
    is_int(event[0].text.len, 0, "assigned to nobody");
    is_int(event[1].conversation, 12, "conversation");
    is_int(c.operator_name.len, 0, "no operator's name is left");

    conversation_start(&c, OTHERS);
    ngx_chat_effects_init(&fx, pool, 2000);
    conversation_act(&c, FORCE, SUPERVISOR, &fx);
    is_str(&c.operator_name, "L\xc3\xa9" "a", "taken over: the new name");
}


UNIT_TEST(read_marks)
{
    ngx_uint_t                i, side;
    ngx_int_t                 rc;
    ngx_chat_event_t         *event;
    ngx_chat_operator_t       op;
    ngx_chat_effects_t        fx;
    ngx_chat_conversation_t   c;

    static struct {
        int64_t   mark;
        int64_t   up_to;
        int64_t   expected;
    } marks[] = {
        { 0, 0, 0 }, { 0, 1, 1 }, { 0, 40, 40 }, { 0, 41, 40 },
        { 0, INT64_MAX, 40 }, { 0, -1, 0 }, { 20, 19, 20 }, { 20, 20, 20 },
        { 20, 21, 21 }, { 40, 41, 40 }
    };

    conversation_operator(&op, AGENT);

    for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        for (side = 0; side < 2; side++) {

            conversation_start(&c, i % STARTS);
            ngx_chat_effects_init(&fx, pool, 2000);

            c.visitor_read = side ? 3 : marks[i].mark;
            c.operator_read = side ? marks[i].mark : 3;

            rc = ngx_chat_conversation_read(&c, side ? &op : NULL,
                                            marks[i].up_to, &fx);

            is_int(rc, NGX_OK, "read");
            is_int(side ? c.operator_read : c.visitor_read, marks[i].expected,
                   "the mark");
            is_int(side ? c.visitor_read : c.operator_read, 3,
                   "the other side's stays");

            if (marks[i].mark == marks[i].expected) {
                is_int(fx.events.nelts, 0, "nobody is told of nothing");
                continue;
            }

            event = fx.events.elts;
            is_int(fx.events.nelts, 1, "one event");
            is_int(event->type, NGX_CHAT_EVENT_READ, "its type");
            is_int(event->value, marks[i].expected, "up to there");
            is_int(event->author, side ? NGX_CHAT_AUTHOR_OPERATOR
                                       : NGX_CHAT_AUTHOR_VISITOR, "by whom");
        }
    }
}


UNIT_TEST(memory)
{
    long                     n;
    ngx_int_t                rc;
    ngx_uint_t               act;
    ngx_chat_effects_t       fx;
    ngx_chat_conversation_t  c;

    /* room for events runs out before each one that an act adds */

    for (act = 0; act < ACTS; act++) {
        for (n = 0; n <= 4; n++) {

            conversation_start(&c, act == RELEASE ? MINE : WAITING);
            ngx_chat_effects_init(&fx, pool, 2000);

            fx.events.nalloc = n;

            memory_refuse(0);
            rc = conversation_act(&c, act, act == ASK ? VISITOR : AGENT, &fx);

            if (memory_refused()) {
                ok(rc == NGX_ERROR, "%s without room for event %ld",
                   acts[act], n);
                continue;
            }

            ok(rc == NGX_OK, "%s with room for %ld",
               acts[act], n);
            break;
        }
    }
}


UNIT_TEST(memory_of_others)
{
    ngx_chat_visitor_t       visitor;
    ngx_chat_effects_t       fx;
    ngx_chat_conversation_t  c;

    memset(&visitor, 0, sizeof(visitor));
    ngx_chat_effects_init(&fx, pool, 2000);

    fx.events.nalloc = 0;
    memory_refuse(0);
    is_int(ngx_chat_conversation_open(&c, &visitor, &fx), NGX_ERROR, "open");
    ok(memory_refused(), "there was none");

    conversation_start(&c, MINE);
    memory_refuse(0);
    is_int(ngx_chat_conversation_read(&c, NULL, 40, &fx), NGX_ERROR, "read");
    ok(memory_refused(), "there was none");
}
