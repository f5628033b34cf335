
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/text.h"
#include "domain/condition.h"


typedef enum {
    NGX_CHAT_VALUE_TEXT = 0,
    NGX_CHAT_VALUE_NUMBER,
    NGX_CHAT_VALUE_FLAG
} ngx_chat_value_e;


#define compare(name)  (1 << NGX_CHAT_COMPARE_##name)

#define NGX_CHAT_COMPARE_TEXT                                                 \
    (compare(IS)|compare(NOT)|compare(STARTS)|compare(MATCHES))
#define NGX_CHAT_COMPARE_NUMBER                                               \
    (compare(IS)|compare(NOT)|compare(AT_LEAST)|compare(BELOW))


/* how each kind of value may be compared, by ngx_chat_value_e */

static ngx_uint_t  ngx_chat_value_compares[] = {
    NGX_CHAT_COMPARE_TEXT,
    NGX_CHAT_COMPARE_NUMBER,
    compare(IS)
};


/* by ngx_chat_about_e */

static ngx_chat_value_e  ngx_chat_about_values[] = {
    NGX_CHAT_VALUE_TEXT, NGX_CHAT_VALUE_TEXT, NGX_CHAT_VALUE_TEXT,
    NGX_CHAT_VALUE_TEXT, NGX_CHAT_VALUE_TEXT, NGX_CHAT_VALUE_TEXT,
    NGX_CHAT_VALUE_TEXT, NGX_CHAT_VALUE_TEXT, NGX_CHAT_VALUE_TEXT,
    NGX_CHAT_VALUE_NUMBER, NGX_CHAT_VALUE_NUMBER, NGX_CHAT_VALUE_NUMBER,
    NGX_CHAT_VALUE_NUMBER, NGX_CHAT_VALUE_NUMBER, NGX_CHAT_VALUE_FLAG,
    NGX_CHAT_VALUE_NUMBER, NGX_CHAT_VALUE_NUMBER, NGX_CHAT_VALUE_NUMBER,
    NGX_CHAT_VALUE_NUMBER, NGX_CHAT_VALUE_FLAG
};


ngx_str_t  ngx_chat_about_names[] = {
    ngx_string("page"),
    ngx_string("referrer"),
    ngx_string("campaign"),
    ngx_string("source"),
    ngx_string("medium"),
    ngx_string("country"),
    ngx_string("language"),
    ngx_string("device"),
    ngx_string("custom"),
    ngx_string("pages"),
    ngx_string("chats"),
    ngx_string("cart"),
    ngx_string("took"),
    ngx_string("status"),
    ngx_string("returning"),
    ngx_string("time_on_site"),
    ngx_string("time_on_page"),
    ngx_string("scroll"),
    ngx_string("idle"),
    ngx_string("exit"),
    ngx_null_string
};


ngx_str_t  ngx_chat_compare_names[] = {
    ngx_string("is"),
    ngx_string("not"),
    ngx_string("starts"),
    ngx_string("matches"),
    ngx_string("at_least"),
    ngx_string("below"),
    ngx_null_string
};


static const char *ngx_chat_condition_parse(ngx_chat_json_t *object,
    ngx_chat_condition_t *c, const char **field);
static const char *ngx_chat_condition_value(ngx_chat_json_t *value,
    ngx_chat_condition_t *c);
static ngx_int_t ngx_chat_condition_index(ngx_chat_json_t *value,
    ngx_str_t *names);
static ngx_uint_t ngx_chat_condition_line(ngx_chat_json_t *value,
    ngx_int_t max);
static ngx_int_t ngx_chat_condition_wrong(ngx_pool_t *pool, ngx_uint_t n,
    const char *name, ngx_str_t *field);
static ngx_uint_t ngx_chat_condition_text(ngx_chat_condition_t *c,
    ngx_str_t *text);
static ngx_uint_t ngx_chat_condition_number(ngx_chat_condition_t *c,
    int64_t number, int64_t limit);
static int64_t ngx_chat_condition_limit(ngx_chat_condition_t *c,
    ngx_chat_about_t *about);
static ngx_uint_t ngx_chat_condition_pattern(ngx_str_t *pattern,
    ngx_str_t *text);
static void ngx_chat_condition_fact(ngx_chat_condition_t *c,
    ngx_chat_about_t *about, ngx_str_t *text);
static void ngx_chat_condition_json(ngx_chat_json_out_t *o,
    ngx_chat_condition_t *c, ngx_chat_about_t *about);


static ngx_str_t  ngx_chat_condition_average = ngx_string("average");


uint32_t
ngx_chat_condition_browser(void)
{
    return 1 << NGX_CHAT_ABOUT_TIME_ON_SITE | 1 << NGX_CHAT_ABOUT_TIME_ON_PAGE
           | 1 << NGX_CHAT_ABOUT_SCROLL | 1 << NGX_CHAT_ABOUT_IDLE
           | 1 << NGX_CHAT_ABOUT_EXIT;
}


ngx_int_t
ngx_chat_conditions_parse(ngx_pool_t *pool, ngx_chat_json_t *array,
    ngx_array_t *conditions, ngx_str_t *field, ngx_str_t *detail)
{
    const char            *name, *why;
    ngx_uint_t             n;
    ngx_chat_json_t       *value;
    ngx_chat_condition_t  *c;

    if (ngx_array_init(conditions, pool, 4, sizeof(ngx_chat_condition_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (n = 0, value = array->first; value; n++, value = value->next) {

        c = ngx_array_push(conditions);
        if (c == NULL) {
            return NGX_ERROR;
        }

        ngx_memzero(c, sizeof(ngx_chat_condition_t));
        name = NULL;

        why = ngx_chat_condition_parse(value, c, &name);

        if (why) {
            detail->data = (u_char *) why;
            detail->len = ngx_strlen(why);

            return ngx_chat_condition_wrong(pool, n, name, field);
        }

        if (c->text.len == 0) {
            continue;
        }

        c->plain.data = ngx_pnalloc(pool, c->text.len);
        if (c->plain.data == NULL) {
            return NGX_ERROR;
        }

        c->plain.len = ngx_chat_condition_plain(c->about, &c->text,
                                                c->plain.data);
    }

    return NGX_OK;
}


size_t
ngx_chat_condition_plain(ngx_chat_about_e about, ngx_str_t *text, u_char *dst)
{
    switch (about) {

    case NGX_CHAT_ABOUT_PAGE:
        return ngx_chat_text_unescape(dst, text, 0);

    case NGX_CHAT_ABOUT_CAMPAIGN:
    case NGX_CHAT_ABOUT_SOURCE:
    case NGX_CHAT_ABOUT_MEDIUM:
        return ngx_chat_text_unescape(dst, text, 1);

    default:
        return ngx_cpymem(dst, text->data, text->len) - dst;
    }
}


/* NULL, or what is wrong with *field of it */

static const char *
ngx_chat_condition_parse(ngx_chat_json_t *object, ngx_chat_condition_t *c,
    const char **field)
{
    ngx_int_t         about, compare;
    ngx_chat_json_t  *name;

    static ngx_str_t  fact = ngx_string("fact");
    static ngx_str_t  op = ngx_string("op");
    static ngx_str_t  value = ngx_string("value");
    static ngx_str_t  called = ngx_string("name");

    if (object->type != NGX_CHAT_JSON_OBJECT) {
        return "must be an object";
    }

    *field = "fact";

    about = ngx_chat_condition_index(ngx_chat_json_member(object, &fact),
                                     ngx_chat_about_names);
    if (about == NGX_ERROR) {
        return "must be a fact that there is";
    }

    *field = "op";
    c->about = (ngx_chat_about_e) about;

    compare = ngx_chat_condition_index(ngx_chat_json_member(object, &op),
                                       ngx_chat_compare_names);

    if (compare == NGX_ERROR
        || !(ngx_chat_value_compares[ngx_chat_about_values[about]]
             & 1 << compare))
    {
        return "must be one that this fact can be compared by";
    }

    c->compare = (ngx_chat_compare_e) compare;

    if (about == NGX_CHAT_ABOUT_CUSTOM) {
        *field = "name";
        name = ngx_chat_json_member(object, &called);

        if (!ngx_chat_condition_line(name, 23)) {
            return "must be the name of a fact, at most 23 characters";
        }

        c->name = name->str;
    }

    *field = "value";

    return ngx_chat_condition_value(ngx_chat_json_member(object, &value), c);
}


static const char *
ngx_chat_condition_value(ngx_chat_json_t *value, ngx_chat_condition_t *c)
{
    switch (ngx_chat_about_values[c->about]) {

    case NGX_CHAT_VALUE_TEXT:
        if (!ngx_chat_condition_line(value, NGX_CHAT_CONDITION_TEXT)) {
            return "must be one line of 1 to 200 characters";
        }

        c->text = value->str;
        return NULL;

    case NGX_CHAT_VALUE_FLAG:
        if (value == NULL || value->type != NGX_CHAT_JSON_BOOL) {
            return "must be true or false";
        }

        c->number = value->value;
        return NULL;

    default:
        break;
    }

    if (value
        && value->type == NGX_CHAT_JSON_STRING
        && value->str.len == ngx_chat_condition_average.len
        && ngx_strncmp(value->str.data, ngx_chat_condition_average.data,
                       value->str.len)
           == 0
        && c->about == NGX_CHAT_ABOUT_TIME_ON_PAGE
        && c->compare == NGX_CHAT_COMPARE_AT_LEAST)
    {
        c->average = 1;
        return NULL;
    }

    if (value == NULL || value->type != NGX_CHAT_JSON_INT || value->value < 0
        || value->value > NGX_CHAT_CONDITION_NUMBER)
    {
        return "must be an integer from 0 to 1000000000";
    }

    c->number = value->value;

    return NULL;
}


static ngx_int_t
ngx_chat_condition_index(ngx_chat_json_t *value, ngx_str_t *names)
{
    if (value == NULL || value->type != NGX_CHAT_JSON_STRING) {
        return NGX_ERROR;
    }

    return ngx_chat_text_index(names, &value->str);
}


static ngx_uint_t
ngx_chat_condition_line(ngx_chat_json_t *value, ngx_int_t max)
{
    ngx_int_t  n;

    if (value == NULL || value->type != NGX_CHAT_JSON_STRING) {
        return 0;
    }

    n = ngx_chat_text_length(&value->str);

    return n > 0 && n <= max && ngx_chat_text_printable(&value->str, 1);
}


/* "conditions.2.value" */

static ngx_int_t
ngx_chat_condition_wrong(ngx_pool_t *pool, ngx_uint_t n, const char *name,
    ngx_str_t *field)
{
    u_char  *p;

    p = ngx_pnalloc(pool, sizeof("conditions..value") + NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    field->data = p;

    p = ngx_sprintf(p, "conditions.%ui", n);

    if (name) {
        p = ngx_sprintf(p, ".%s", name);
    }

    field->len = p - field->data;

    return NGX_DECLINED;
}


ngx_chat_answer_e
ngx_chat_condition_answer(ngx_chat_condition_t *c, ngx_chat_about_t *about)
{
    int64_t     limit;
    ngx_str_t   text;
    ngx_uint_t  met;

    /* without an average nobody has looked longer than it */

    if (c->average && about->average == 0) {
        return NGX_CHAT_ANSWER_NO;
    }

    if (about->later & 1 << c->about) {
        return NGX_CHAT_ANSWER_LATER;
    }

    if (ngx_chat_about_values[c->about] == NGX_CHAT_VALUE_TEXT) {
        ngx_chat_condition_fact(c, about, &text);
        met = ngx_chat_condition_text(c, &text);

    } else {
        limit = ngx_chat_condition_limit(c, about);
        met = ngx_chat_condition_number(c, about->number[c->about], limit);
    }

    return met ? NGX_CHAT_ANSWER_YES : NGX_CHAT_ANSWER_NO;
}


/* four thirds of the average: three minutes are four */

static int64_t
ngx_chat_condition_limit(ngx_chat_condition_t *c, ngx_chat_about_t *about)
{
    return c->average ? (about->average * 4 + 2) / 3 : c->number;
}


static void
ngx_chat_condition_fact(ngx_chat_condition_t *c, ngx_chat_about_t *about,
    ngx_str_t *text)
{
    u_char  *value;

    *text = about->text[c->about];

    if (c->about != NGX_CHAT_ABOUT_CUSTOM || about->custom == NULL) {
        return;
    }

    value = ngx_chat_fact_value(about->custom, &c->name);

    if (value) {
        text->data = value;
        text->len = ngx_strlen(value);
    }
}


static ngx_uint_t
ngx_chat_condition_text(ngx_chat_condition_t *c, ngx_str_t *text)
{
    ngx_uint_t  same;

    if (c->compare == NGX_CHAT_COMPARE_MATCHES) {
        return ngx_chat_condition_pattern(&c->plain, text);
    }

    same = text->len >= c->plain.len
           && ngx_strncasecmp(text->data, c->plain.data, c->plain.len) == 0;

    if (c->compare == NGX_CHAT_COMPARE_STARTS) {
        return same;
    }

    same = same && text->len == c->plain.len;

    return c->compare == NGX_CHAT_COMPARE_IS ? same : !same;
}


static ngx_uint_t
ngx_chat_condition_number(ngx_chat_condition_t *c, int64_t number,
    int64_t limit)
{
    switch (c->compare) {

    case NGX_CHAT_COMPARE_AT_LEAST:
        return number >= limit;

    case NGX_CHAT_COMPARE_BELOW:
        return number < limit;

    case NGX_CHAT_COMPARE_NOT:
        return number != limit;

    default:
        return number == limit;
    }
}


/* goes back to the last "*" only: no text takes long */

static ngx_uint_t
ngx_chat_condition_pattern(ngx_str_t *pattern, ngx_str_t *text)
{
    u_char      *p, *t, *star, *mark, *pattern_last, *text_last;

    p = pattern->data;
    t = text->data;
    pattern_last = p + pattern->len;
    text_last = t + text->len;
    star = NULL;
    mark = t;

    while (t < text_last) {

        if (p < pattern_last && *p == '*') {
            star = p++;
            mark = t;

        } else if (p < pattern_last && ngx_tolower(*p) == ngx_tolower(*t)) {
            p++;
            t++;

        } else if (star) {
            p = star + 1;
            t = ++mark;

        } else {
            return 0;
        }
    }

    while (p < pattern_last && *p == '*') {
        p++;
    }

    return p == pattern_last;
}


ngx_chat_answer_e
ngx_chat_conditions_answer(ngx_array_t *conditions, ngx_uint_t any,
    ngx_chat_about_t *about)
{
    ngx_uint_t             i;
    ngx_chat_answer_e      answer, all;
    ngx_chat_condition_t  *c;

    c = conditions->elts;

    if (conditions->nelts == 0) {
        return NGX_CHAT_ANSWER_YES;
    }

    all = any ? NGX_CHAT_ANSWER_NO : NGX_CHAT_ANSWER_YES;

    for (i = 0; i < conditions->nelts; i++) {
        answer = ngx_chat_condition_answer(&c[i], about);
        all = any ? ngx_max(all, answer) : ngx_min(all, answer);
    }

    return all;
}


ngx_uint_t
ngx_chat_conditions_average(ngx_array_t *conditions)
{
    ngx_uint_t             i;
    ngx_chat_condition_t  *c;

    c = conditions->elts;

    for (i = 0; i < conditions->nelts; i++) {
        if (c[i].average) {
            return 1;
        }
    }

    return 0;
}


void
ngx_chat_conditions_json(ngx_chat_json_out_t *o, const char *name,
    ngx_array_t *conditions, ngx_chat_about_t *about)
{
    ngx_uint_t             i;
    ngx_chat_condition_t  *c;

    c = conditions->elts;

    ngx_chat_json_open_array(o, name);

    for (i = 0; i < conditions->nelts; i++) {

        if (about == NULL
            || ngx_chat_condition_answer(&c[i], about)
               == NGX_CHAT_ANSWER_LATER)
        {
            ngx_chat_condition_json(o, &c[i], about);
        }
    }

    ngx_chat_json_close_array(o);
}


static void
ngx_chat_condition_json(ngx_chat_json_out_t *o, ngx_chat_condition_t *c,
    ngx_chat_about_t *about)
{
    ngx_chat_json_open(o, NULL);
    ngx_chat_json_enum(o, "fact", ngx_chat_about_names, c->about);

    if (c->about == NGX_CHAT_ABOUT_CUSTOM) {
        ngx_chat_json_str(o, "name", &c->name);
    }

    ngx_chat_json_enum(o, "op", ngx_chat_compare_names, c->compare);

    if (ngx_chat_about_values[c->about] == NGX_CHAT_VALUE_TEXT) {
        ngx_chat_json_str(o, "value", &c->text);

    } else if (ngx_chat_about_values[c->about] == NGX_CHAT_VALUE_FLAG) {
        ngx_chat_json_bool(o, "value", c->number ? 1 : 0);

    } else if (c->average && about == NULL) {
        ngx_chat_json_str(o, "value", &ngx_chat_condition_average);

    } else {
        ngx_chat_json_int(o, "value", ngx_chat_condition_limit(c, about));
    }

    ngx_chat_json_close(o);
}
