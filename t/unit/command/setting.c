
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A setting is stored for an administrator, and for nobody else.
 */


#include "fixture.h"
#include "command/words.h"


static void
put(fixture_t *f, answer_t *answer, int64_t operator, const char *list)
{
    ngx_chat_words_args_t  a;

    memset(&a, 0, sizeof(a));

    a.operator = operator;
    a.now = 5;
    a.words.list.data = (u_char *) list;
    a.words.list.len = strlen(list);

    write_command(f, answer, ngx_chat_words_put, &a);
}


UNIT_TEST(by_whom)
{
    int64_t                admin, agent;
    answer_t               answer;
    fixture_t              f;
    ngx_chat_words_args_t  a;

    fixture_open(&f, pool, log);

    admin = hire(&f, "admin", NGX_CHAT_ROLE_ADMIN);
    agent = hire(&f, "agent", NGX_CHAT_ROLE_SUPERVISOR);

    put(&f, &answer, admin, "one");
    is_result(&answer, OK, "an administrator's");
    has(&answer, "{\"words\":{\"action\":\"refuse\",\"list\":\"one\"}}",
        "the answer");

    put(&f, &answer, agent, "two");
    is_result(&answer, ROLE, "a supervisor's");
    put(&f, &answer, 99, "three");
    is_result(&answer, CREDENTIALS, "nobody's");

    memset(&a, 0, sizeof(a));
    read_command(&f, &answer, ngx_chat_words_show, &a);
    has(&answer, "\"list\":\"one\"", "stays");

    fixture_stop(&f);
}
