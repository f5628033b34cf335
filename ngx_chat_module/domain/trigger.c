
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/trigger.h"


static void ngx_chat_trigger_variable(ngx_chat_trigger_facts_t *facts,
    ngx_str_t *name, ngx_str_t *value);
static void ngx_chat_trigger_set(ngx_str_t *value, u_char *text);
static size_t ngx_chat_trigger_write(u_char *dst, ngx_str_t *text,
    ngx_chat_trigger_facts_t *facts);
static u_char *ngx_chat_trigger_find(u_char *p, u_char *last, u_char ch);
static void ngx_chat_trigger_sales_json(ngx_chat_json_out_t *o,
    ngx_array_t *sales);
static void ngx_chat_trigger_hours_json(ngx_chat_json_out_t *o,
    ngx_chat_trigger_t *trigger);
static void ngx_chat_trigger_time_json(ngx_chat_json_out_t *o,
    const char *name, int64_t minute);


ngx_str_t  ngx_chat_invite_outcome_names[] = {
    ngx_string("shown"),
    ngx_string("opened"),
    ngx_string("dismissed"),
    ngx_null_string
};


/* of the counters, by ngx_chat_invite_outcome_e */

static const char  *ngx_chat_trigger_counts[] = {
    "shown", "opened", "dismissed", "conversations", "orders"
};


ngx_chat_answer_e
ngx_chat_trigger_answer(ngx_chat_trigger_t *trigger,
    ngx_chat_trigger_facts_t *facts)
{
    if (!trigger->enabled
        || trigger->deleted_at
        || (trigger->attended && !facts->attended)
        || !ngx_chat_trigger_hours(trigger, facts->day, facts->minute)
        || !ngx_chat_trigger_sampled(trigger, facts->visitor))
    {
        return NGX_CHAT_ANSWER_NO;
    }

    return ngx_chat_conditions_answer(&trigger->conditions, trigger->any,
                                      &facts->about);
}


ngx_uint_t
ngx_chat_trigger_hours(ngx_chat_trigger_t *trigger, ngx_uint_t day,
    ngx_uint_t minute)
{
    int64_t  now;

    now = (int64_t) minute;

    if (trigger->from < trigger->to
        && (now < trigger->from || now >= trigger->to))
    {
        return 0;
    }

    if (trigger->from > trigger->to && now < trigger->from) {

        if (now >= trigger->to) {
            return 0;
        }

        day = (day + 6) % 7;
    }

    return (trigger->days >> day & 1) ? 1 : 0;
}


/* the finalizer of splitmix64 spreads what two rules have in common */

ngx_uint_t
ngx_chat_trigger_sampled(ngx_chat_trigger_t *trigger, uint64_t visitor)
{
    uint64_t  n;

    n = visitor + (uint64_t) trigger->id * 0x9e3779b97f4a7c15ULL;
    n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9ULL;
    n = (n ^ n >> 27) * 0x94d049bb133111ebULL;
    n = n ^ n >> 31;

    return (int64_t) (n % 100) < trigger->share;
}


ngx_int_t
ngx_chat_trigger_text(ngx_pool_t *pool, ngx_str_t *text,
    ngx_chat_trigger_facts_t *facts, ngx_str_t *out)
{
    out->len = ngx_chat_trigger_write(NULL, text, facts);

    out->data = ngx_pnalloc(pool, out->len + 1);
    if (out->data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_chat_trigger_write(out->data, text, facts);

    return NGX_OK;
}


/* with dst NULL only the length */

static size_t
ngx_chat_trigger_write(u_char *dst, ngx_str_t *text,
    ngx_chat_trigger_facts_t *facts)
{
    u_char     *p, *last, *end, *bar;
    size_t      len;
    ngx_str_t   name, value;

    p = text->data;
    last = p + text->len;
    len = 0;

    while (p < last) {
        value.data = p;
        value.len = 1;

        if (*p == '{' && last - p > 2 && p[1] == '{') {
            end = ngx_chat_trigger_find(p + 2, last, '}');

            if (end) {
                bar = ngx_chat_trigger_find(p + 2, end, '|');

                name.data = p + 2;
                name.len = (bar ? bar : end) - name.data;

                ngx_chat_trigger_variable(facts, &name, &value);

                if (value.len == 0 && bar) {
                    value.data = bar + 1;
                    value.len = end - value.data;
                }

                p = end + 1;
            }
        }

        if (dst) {
            ngx_memcpy(dst + len, value.data, value.len);
        }

        len += value.len;
        p++;
    }

    return len;
}


/* a brace stands twice */

static u_char *
ngx_chat_trigger_find(u_char *p, u_char *last, u_char ch)
{
    for ( /* void */ ; p < last; p++) {

        if (*p == ch && (ch != '}' || (p + 1 < last && p[1] == '}'))) {
            return p;
        }
    }

    return NULL;
}


static void
ngx_chat_trigger_variable(ngx_chat_trigger_facts_t *facts, ngx_str_t *name,
    ngx_str_t *value)
{
    ngx_str_t          rest;
    ngx_uint_t         i;
    ngx_chat_facts_t  *custom;

    static struct {
        ngx_str_t    name;
        size_t       offset;
    } known[] = {
        { ngx_string("visitor.name"), offsetof(ngx_chat_facts_t, name) },
        { ngx_string("cart.amount"), offsetof(ngx_chat_facts_t, amount) },
        { ngx_string("cart.currency"), offsetof(ngx_chat_facts_t, currency) },
        { ngx_null_string, 0 }
    };

    custom = facts->about.custom;
    value->len = 0;

    if (name->len == sizeof("country") - 1
        && ngx_strncmp(name->data, "country", name->len) == 0)
    {
        *value = facts->about.text[NGX_CHAT_ABOUT_COUNTRY];
        return;
    }

    if (custom == NULL || !facts->known) {
        return;
    }

    for (i = 0; known[i].name.len; i++) {

        if (known[i].name.len == name->len
            && ngx_strncmp(known[i].name.data, name->data, name->len) == 0)
        {
            ngx_chat_trigger_set(value, (u_char *) custom + known[i].offset);
            return;
        }
    }

    if (name->len > sizeof("custom.") - 1
        && ngx_strncmp(name->data, "custom.", sizeof("custom.") - 1) == 0)
    {
        rest.data = name->data + sizeof("custom.") - 1;
        rest.len = name->len - (sizeof("custom.") - 1);

        ngx_chat_trigger_set(value, ngx_chat_fact_value(custom, &rest));
    }
}


static void
ngx_chat_trigger_set(ngx_str_t *value, u_char *text)
{
    value->data = text;
    value->len = text ? ngx_strlen(text) : 0;
}


void
ngx_chat_trigger_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_trigger_t *trigger, ngx_array_t *sales)
{
    ngx_uint_t  i;

    ngx_chat_json_open(o, name);

    ngx_chat_json_int(o, "id", trigger->id);
    ngx_chat_json_int(o, "position", trigger->position);
    ngx_chat_json_str(o, "name", &trigger->name);
    ngx_chat_json_bool(o, "enabled", trigger->enabled);
    ngx_chat_json_chars(o, "match", trigger->any ? "any" : "all");
    ngx_chat_conditions_json(o, "conditions", &trigger->conditions, NULL);
    ngx_chat_trigger_hours_json(o, trigger);
    ngx_chat_json_int(o, "share", trigger->share);
    ngx_chat_json_bool(o, "attended", trigger->attended);
    ngx_chat_json_str(o, "text", &trigger->text);
    ngx_chat_json_str(o, "sender", &trigger->sender);
    ngx_chat_json_int(o, "delay", trigger->delay);
    ngx_chat_json_int(o, "quiet_days", trigger->quiet);

    ngx_chat_json_open(o, "counts");

    for (i = 0; i < NGX_CHAT_INVITE_OUTCOMES; i++) {
        ngx_chat_json_int(o, ngx_chat_trigger_counts[i], trigger->counts[i]);
    }

    ngx_chat_json_close(o);

    ngx_chat_trigger_sales_json(o, sales);
    ngx_chat_json_int(o, "created_at", trigger->created_at);
    ngx_chat_json_int(o, "updated_at", trigger->updated_at);

    ngx_chat_json_close(o);
}


static void
ngx_chat_trigger_sales_json(ngx_chat_json_out_t *o, ngx_array_t *sales)
{
    u_char            amount[NGX_CHAT_AMOUNT_SUM];
    ngx_uint_t        i;
    ngx_chat_sale_t  *sale;

    sale = sales->elts;

    ngx_chat_json_open_array(o, "sales");

    for (i = 0; i < sales->nelts; i++) {
        ngx_chat_amount_decimals(sale[i].amount, amount);

        ngx_chat_json_open(o, NULL);
        ngx_chat_json_chars(o, "amount", (char *) amount);

        if (sale[i].currency.len) {
            ngx_chat_json_str(o, "currency", &sale[i].currency);
        }

        ngx_chat_json_close(o);
    }

    ngx_chat_json_close_array(o);
}


static void
ngx_chat_trigger_hours_json(ngx_chat_json_out_t *o,
    ngx_chat_trigger_t *trigger)
{
    ngx_uint_t  day;

    ngx_chat_json_open(o, "hours");
    ngx_chat_json_open_array(o, "days");

    for (day = 0; day < 7; day++) {
        if (trigger->days >> day & 1) {
            ngx_chat_json_int(o, NULL, (int64_t) day + 1);
        }
    }

    ngx_chat_json_close_array(o);
    ngx_chat_trigger_time_json(o, "from", trigger->from);
    ngx_chat_trigger_time_json(o, "to", trigger->to);
    ngx_chat_json_close(o);
}


static void
ngx_chat_trigger_time_json(ngx_chat_json_out_t *o, const char *name,
    int64_t minute)
{
    u_char     buf[sizeof("00:00") + NGX_INT64_LEN];
    ngx_str_t  text;

    text.data = buf;
    text.len = ngx_sprintf(buf, "%02L:%02L", minute / 60, minute % 60) - buf;

    ngx_chat_json_str(o, name, &text);
}


void
ngx_chat_trigger_invitation_json(ngx_chat_json_out_t *o,
    ngx_chat_trigger_t *trigger, ngx_chat_trigger_facts_t *facts,
    ngx_str_t *text)
{
    ngx_uint_t   now;
    ngx_array_t  none;

    now = ngx_chat_conditions_answer(&trigger->conditions, trigger->any,
                                     &facts->about)
          == NGX_CHAT_ANSWER_YES;

    none.nelts = 0;
    none.elts = NULL;

    ngx_chat_json_open(o, NULL);
    ngx_chat_json_int(o, "trigger", trigger->id);
    ngx_chat_json_chars(o, "match", trigger->any ? "any" : "all");
    ngx_chat_conditions_json(o, "conditions",
                             now ? &none : &trigger->conditions,
                             &facts->about);
    ngx_chat_json_str(o, "text", text);
    ngx_chat_json_str(o, "sender", &trigger->sender);
    ngx_chat_json_int(o, "delay", trigger->delay);
    ngx_chat_json_int(o, "quiet_days", trigger->quiet);
    ngx_chat_json_close(o);
}
