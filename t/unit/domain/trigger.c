
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The cases of conditions are in condition.json, for the browser's half, too.
 */


#include "unit.h"
#include "base/json_in.h"
#include "domain/trigger.h"

#include <unistd.h>


static ngx_str_t trigger_file(ngx_pool_t *pool, const char *path);
static ngx_chat_json_t *trigger_json(ngx_pool_t *pool, const char *text);
static ngx_chat_json_t *trigger_member(ngx_chat_json_t *object,
    const char *name);
static ngx_uint_t trigger_name(ngx_str_t *names, ngx_str_t *name);
static void trigger_facts(ngx_pool_t *pool, ngx_chat_json_t *one,
    ngx_chat_about_t *about);
static ngx_str_t trigger_text(const char *text);


static ngx_str_t  trigger_answers[] = {
    ngx_string("no"), ngx_string("later"), ngx_string("yes"), ngx_null_string
};


UNIT_TEST(the_cases_that_browsers_have_too)
{
    ngx_str_t          text, why, field;
    ngx_uint_t         n;
    ngx_array_t        conditions;
    ngx_chat_json_t   *all, *one, *match;
    ngx_chat_about_t   about;
    ngx_chat_answer_e  answer;

    text = trigger_file(pool, "domain/condition.json");
    all = ngx_chat_json_parse(pool, &text, &why);

    if (!ok(all != NULL, "the file is read: %.*s", (int) why.len, why.data)) {
        return;
    }

    for (n = 0, one = all->first; one; n++, one = one->next) {
        trigger_facts(pool, one, &about);

        is_int(ngx_chat_conditions_parse(pool,
                                         trigger_member(one, "conditions"),
                                         &conditions, &field, &why),
               NGX_OK, "they are conditions");

        match = trigger_member(one, "match");
        answer = ngx_chat_conditions_answer(&conditions,
                                            match && match->str.len == 3
                                            && match->str.data[1] == 'n',
                                            &about);

        text = trigger_member(one, "case")->str;

        ok(answer == trigger_name(trigger_answers,
                                  &trigger_member(one, "fires")->str),
           "%.*s", (int) text.len, text.data);
    }

    ok(n > 40, "%d cases", (int) n);
}


static void
trigger_facts(ngx_pool_t *pool, ngx_chat_json_t *one,
    ngx_chat_about_t *about)
{
    ngx_uint_t        i;
    ngx_chat_fact_t  *fact;
    ngx_chat_json_t  *list, *value;

    ngx_memzero(about, sizeof(ngx_chat_about_t));

    list = trigger_member(one, "facts");

    for (value = list ? list->first : NULL; value; value = value->next) {
        i = trigger_name(ngx_chat_about_names, &value->key);

        about->text[i] = value->str;
        about->number[i] = value->value;
    }

    list = trigger_member(one, "later");

    for (value = list ? list->first : NULL; value; value = value->next) {
        about->later |= 1 << trigger_name(ngx_chat_about_names, &value->str);
    }

    value = trigger_member(one, "average");
    about->average = value ? value->value : 0;

    list = trigger_member(one, "custom");

    if (list == NULL) {
        return;
    }

    about->custom = ngx_pcalloc(pool, sizeof(ngx_chat_facts_t));

    for (value = list->first; value; value = value->next) {
        fact = &about->custom->facts[about->custom->n++];

        ngx_memcpy(fact->name, value->key.data, value->key.len);
        ngx_memcpy(fact->value, value->str.data, value->str.len);
    }
}


UNIT_TEST(what_is_no_condition)
{
    ngx_uint_t        i;
    ngx_str_t         field, why;
    ngx_array_t       conditions;
    ngx_chat_json_t  *array;

    static struct {
        const char  *text;
        const char  *field;
    } cases[] = {
        { "[1]", "conditions.0" },
        { "[{}]", "conditions.0.fact" },
        { "[{\"fact\":\"weather\"}]", "conditions.0.fact" },
        { "[{\"fact\":\"page\"}]", "conditions.0.op" },
        { "[{\"fact\":\"page\",\"op\":\"below\",\"value\":\"a\"}]",
          "conditions.0.op" },
        { "[{\"fact\":\"pages\",\"op\":\"starts\",\"value\":1}]",
          "conditions.0.op" },
        { "[{\"fact\":\"exit\",\"op\":\"not\",\"value\":true}]",
          "conditions.0.op" },
        { "[{\"fact\":\"page\",\"op\":\"is\"}]", "conditions.0.value" },
        { "[{\"fact\":\"page\",\"op\":\"is\",\"value\":\"\"}]",
          "conditions.0.value" },
        { "[{\"fact\":\"page\",\"op\":\"is\",\"value\":\"a\\nb\"}]",
          "conditions.0.value" },
        { "[{\"fact\":\"pages\",\"op\":\"is\",\"value\":\"1\"}]",
          "conditions.0.value" },
        { "[{\"fact\":\"pages\",\"op\":\"is\",\"value\":-1}]",
          "conditions.0.value" },
        { "[{\"fact\":\"pages\",\"op\":\"at_least\",\"value\":\"average\"}]",
          "conditions.0.value" },
        { "[{\"fact\":\"exit\",\"op\":\"is\",\"value\":1}]",
          "conditions.0.value" },
        { "[{\"fact\":\"custom\",\"op\":\"is\",\"value\":\"a\"}]",
          "conditions.0.name" },
        { "[{\"fact\":\"exit\",\"op\":\"is\",\"value\":true},"
          " {\"fact\":\"page\",\"op\":\"is\",\"value\":7}]",
          "conditions.1.value" }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        array = trigger_json(pool, cases[i].text);

        is_int(ngx_chat_conditions_parse(pool, array, &conditions, &field,
                                         &why),
               NGX_DECLINED, cases[i].text);
        ok(field.len == strlen(cases[i].field)
           && memcmp(field.data, cases[i].field, field.len) == 0,
           "%s: %.*s", cases[i].text, (int) field.len, field.data);
    }
}


UNIT_TEST(hours_of_the_week)
{
    ngx_uint_t          i;
    ngx_chat_trigger_t  t;

    static struct {
        int64_t      days, from, to;
        ngx_uint_t   day, minute, in;
    } cases[] = {
        { NGX_CHAT_WEEK, 0, 0, 6, 1439, 1 },
        { 0x1f, 0, 0, 4, 0, 1 },
        { 0x1f, 0, 0, 5, 0, 0 },
        { 0x1f, 540, 1080, 0, 539, 0 },
        { 0x1f, 540, 1080, 0, 540, 1 },
        { 0x1f, 540, 1080, 0, 1079, 1 },
        { 0x1f, 540, 1080, 0, 1080, 0 },

        /* over midnight: Friday's goes on into Saturday */
        { 0x10, 1320, 120, 4, 1320, 1 },
        { 0x10, 1320, 120, 5, 119, 1 },
        { 0x10, 1320, 120, 5, 120, 0 },
        { 0x10, 1320, 120, 4, 60, 0 },
        { 0x40, 1320, 120, 0, 60, 1 },
        { NGX_CHAT_WEEK, 1320, 120, 2, 720, 0 }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_memzero(&t, sizeof(ngx_chat_trigger_t));

        t.days = cases[i].days;
        t.from = cases[i].from;
        t.to = cases[i].to;

        ok(ngx_chat_trigger_hours(&t, cases[i].day, cases[i].minute)
           == cases[i].in, "case %d", (int) i);
    }
}


UNIT_TEST(a_share_is_the_same_visitors)
{
    uint64_t            visitor;
    ngx_uint_t          in, both, stays;
    ngx_chat_trigger_t  one, other;

    ngx_memzero(&one, sizeof(ngx_chat_trigger_t));

    one.id = 1;
    one.share = 30;
    other = one;
    other.id = 2;

    in = both = 0;
    stays = 1;

    for (visitor = 1; visitor <= 10000; visitor++) {

        if (ngx_chat_trigger_sampled(&one, visitor)) {
            in++;
            both += ngx_chat_trigger_sampled(&other, visitor);

            one.share = 31;
            stays &= ngx_chat_trigger_sampled(&one, visitor);
            one.share = 30;
        }
    }

    ok(in > 2800 && in < 3200, "about 30 of 100: %d", (int) in);
    ok(both > 800 && both < 1000, "one rule is not another: %d", (int) both);
    ok(stays, "who is in a small share is in a larger one");

    one.share = 100;
    ok(ngx_chat_trigger_sampled(&one, 7), "100 is everybody");
}


UNIT_TEST(what_keeps_a_rule_from_firing)
{
    ngx_chat_trigger_t        t;
    ngx_chat_trigger_facts_t  facts;

    ngx_memzero(&t, sizeof(ngx_chat_trigger_t));
    ngx_memzero(&facts, sizeof(ngx_chat_trigger_facts_t));

    t.enabled = 1;
    t.days = NGX_CHAT_WEEK;
    t.share = 100;

    is_int(ngx_chat_trigger_answer(&t, &facts), NGX_CHAT_ANSWER_YES, "it may");

    t.attended = 1;
    is_int(ngx_chat_trigger_answer(&t, &facts), NGX_CHAT_ANSWER_NO,
           "nobody is there");

    facts.attended = 1;
    is_int(ngx_chat_trigger_answer(&t, &facts), NGX_CHAT_ANSWER_YES,
           "somebody is");

    t.enabled = 0;
    is_int(ngx_chat_trigger_answer(&t, &facts), NGX_CHAT_ANSWER_NO, "off");

    t.enabled = 1;
    t.deleted_at = 1;
    is_int(ngx_chat_trigger_answer(&t, &facts), NGX_CHAT_ANSWER_NO,
           "deleted");

    t.deleted_at = 0;
    t.days = 0x02;
    is_int(ngx_chat_trigger_answer(&t, &facts), NGX_CHAT_ANSWER_NO,
           "another day");
}


UNIT_TEST(texts_with_what_is_known)
{
    ngx_str_t                 in, out;
    ngx_uint_t                i;
    ngx_chat_facts_t          known, nothing;
    ngx_chat_trigger_facts_t  facts;

    static struct {
        const char  *text;
        const char  *known;
        const char  *unknown;
    } cases[] = {
        { "Hello {{visitor.name|there}}!", "Hello Zoe!", "Hello there!" },
        { "Hello {{visitor.name}}!", "Hello Zoe!", "Hello !" },
        { "{{cart.amount}} {{cart.currency}}", "12.50 EUR", " " },
        { "{{custom.plan|none}}", "gold", "none" },
        { "{{country|?}}", "FR", "?" },
        { "{{weather|fine}}", "fine", "fine" },
        { "{{", "{{", "{{" },
        { "{{visitor.name", "{{visitor.name", "{{visitor.name" },
        { "{x} }} {{}}", "{x} }} ", "{x} }} " },
        { "a|b", "a|b", "a|b" }
    };

    ngx_memzero(&known, sizeof(ngx_chat_facts_t));
    nothing = known;

    strcpy((char *) known.name, "Zoe");
    strcpy((char *) known.amount, "12.50");
    strcpy((char *) known.currency, "EUR");
    strcpy((char *) known.facts[0].name, "plan");
    strcpy((char *) known.facts[0].value, "gold");
    known.n = 1;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_memzero(&facts, sizeof(ngx_chat_trigger_facts_t));
        in = trigger_text(cases[i].text);

        facts.about.custom = &nothing;

        is_int(ngx_chat_trigger_text(pool, &in, &facts, &out), NGX_OK, "text");
        ok(out.len == strlen(cases[i].unknown)
           && memcmp(out.data, cases[i].unknown, out.len) == 0,
           "%s: %.*s", cases[i].text, (int) out.len, out.data);

        facts.about.custom = &known;

        is_int(ngx_chat_trigger_text(pool, &in, &facts, &out), NGX_OK, "text");
        ok(out.len == strlen(cases[i].unknown)
           && memcmp(out.data, cases[i].unknown, out.len) == 0,
           "of somebody like that: %.*s", (int) out.len, out.data);

        facts.known = 1;
        facts.about.text[NGX_CHAT_ABOUT_COUNTRY] = trigger_text("FR");

        is_int(ngx_chat_trigger_text(pool, &in, &facts, &out), NGX_OK, "text");
        ok(out.len == strlen(cases[i].known)
           && memcmp(out.data, cases[i].known, out.len) == 0,
           "%s: %.*s", cases[i].text, (int) out.len, out.data);
    }
}


static ngx_str_t
trigger_file(ngx_pool_t *pool, const char *path)
{
    FILE       *file;
    ngx_str_t   text;

    text.data = ngx_palloc(pool, 65536);
    text.len = 0;

    /* from here, as make does it, or from the top */

    file = fopen(path, "r");

    if (file == NULL && chdir("t/unit") == 0) {
        file = fopen(path, "r");
    }

    if (file) {
        text.len = fread(text.data, 1, 65536, file);
        fclose(file);
    }

    return text;
}


static ngx_chat_json_t *
trigger_json(ngx_pool_t *pool, const char *text)
{
    ngx_str_t  s, why;

    s = trigger_text(text);

    return ngx_chat_json_parse(pool, &s, &why);
}


static ngx_chat_json_t *
trigger_member(ngx_chat_json_t *object, const char *name)
{
    ngx_str_t  s;

    s = trigger_text(name);

    return ngx_chat_json_member(object, &s);
}


static ngx_uint_t
trigger_name(ngx_str_t *names, ngx_str_t *name)
{
    ngx_uint_t  i;

    for (i = 0; names[i].len; i++) {
        if (names[i].len == name->len
            && memcmp(names[i].data, name->data, name->len) == 0)
        {
            break;
        }
    }

    return i;
}


static ngx_str_t
trigger_text(const char *text)
{
    ngx_str_t  s;

    s.data = (u_char *) text;
    s.len = strlen(text);

    return s;
}
