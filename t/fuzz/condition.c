
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Conditions of a rule, the first byte says of what visitor they are asked:
 * what is taken is written as JSON that is taken again and says the same, and
 * each has an answer, which is a final one where all is known.  What is left
 * for the browser is taken as well.
 */


#include "fuzz.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "domain/condition.h"


static ngx_int_t fuzz_parse(ngx_pool_t *pool, ngx_str_t *text,
    ngx_array_t *conditions);
static ngx_int_t fuzz_write(ngx_pool_t *pool, ngx_array_t *conditions,
    ngx_chat_about_t *about, ngx_str_t *text);
static void fuzz_visitor(ngx_chat_about_t *about, ngx_chat_facts_t *facts,
    u_char what);


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    ngx_uint_t             i;
    ngx_str_t              text, first, second;
    ngx_array_t            conditions, again;
    ngx_chat_facts_t       facts;
    ngx_chat_about_t       about;
    ngx_chat_condition_t  *c;

    if (input->len == 0) {
        return;
    }

    text.data = input->data + 1;
    text.len = input->len - 1;

    if (fuzz_parse(pool, &text, &conditions) != NGX_OK) {
        return;
    }

    must(fuzz_write(pool, &conditions, NULL, &first) == NGX_OK);
    must(fuzz_parse(pool, &first, &again) == NGX_OK);
    must(again.nelts == conditions.nelts);
    must(fuzz_write(pool, &again, NULL, &second) == NGX_OK);
    must(first.len == second.len
         && memcmp(first.data, second.data, first.len) == 0);

    fuzz_visitor(&about, &facts, input->data[0]);

    c = conditions.elts;

    for (i = 0; i < conditions.nelts; i++) {
        must(ngx_chat_condition_answer(&c[i], &about)
             != NGX_CHAT_ANSWER_LATER
             || (about.later & 1u << c[i].about));
    }

    must(ngx_chat_conditions_answer(&conditions, 0, &about)
         != NGX_CHAT_ANSWER_LATER || about.later);
    must(ngx_chat_conditions_answer(&conditions, 1, &about)
         != NGX_CHAT_ANSWER_LATER || about.later);

    must(fuzz_write(pool, &conditions, &about, &first) == NGX_OK);
    must(fuzz_parse(pool, &first, &again) == NGX_OK);
    must(again.nelts <= conditions.nelts);
}


static ngx_int_t
fuzz_parse(ngx_pool_t *pool, ngx_str_t *text, ngx_array_t *conditions)
{
    ngx_int_t         rc;
    ngx_str_t         why, field, detail;
    ngx_chat_json_t  *array;

    array = ngx_chat_json_parse(pool, text, &why);

    if (array == NULL || array->type != NGX_CHAT_JSON_ARRAY) {
        return NGX_DECLINED;
    }

    ngx_str_null(&field);
    ngx_str_null(&detail);

    rc = ngx_chat_conditions_parse(pool, array, conditions, &field, &detail);

    must(rc == NGX_OK || (rc == NGX_DECLINED && field.len && detail.len));

    return rc;
}


static ngx_int_t
fuzz_write(ngx_pool_t *pool, ngx_array_t *conditions, ngx_chat_about_t *about,
    ngx_str_t *text)
{
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(pool);

    if (o == NULL) {
        abort();
    }

    ngx_chat_conditions_json(o, NULL, conditions, about);

    return ngx_chat_json_end(o, text);
}


static void
fuzz_visitor(ngx_chat_about_t *about, ngx_chat_facts_t *facts, u_char what)
{
    ngx_uint_t        i;
    static ngx_str_t  value = ngx_string("/shop/tents?a=*");

    memset(about, 0, sizeof(ngx_chat_about_t));
    memset(facts, 0, sizeof(ngx_chat_facts_t));

    about->later = (what & 1) ? ngx_chat_condition_browser() : 0;
    about->average = what >> 1;
    about->custom = (what & 2) ? facts : NULL;

    for (i = 0; i < NGX_CHAT_ABOUT; i++) {
        about->number[i] = what;

        if (what & 4) {
            about->text[i].data = value.data;
            about->text[i].len = value.len - (what >> 5);
        }
    }

    facts->n = 1;
    memcpy(facts->facts[0].name, "plan", sizeof("plan"));
    memcpy(facts->facts[0].value, "gold", sizeof("gold"));
}
