
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * The form before a chat and what it is filled in with, on the bare functions;
 * that it is asked for is in t/api/form.t.
 */


#include "unit.h"
#include "domain/answer.h"


#define FORM                                                                  \
    "{\"ask\":\"always\",\"fields\":["                                        \
    "{\"name\":\"n\",\"type\":\"name\",\"required\":true},"                   \
    "{\"name\":\"e\",\"type\":\"email\"},"                                    \
    "{\"name\":\"l\",\"type\":\"line\",\"required\":true,"                    \
    "\"labels\":{\"de\":\"Linie\"}},"                                         \
    "{\"name\":\"c\",\"type\":\"choice\",\"labels\":{\"en\":\"C\"},"          \
    "\"choices\":[\"a\",\"b\"]}]}"


static ngx_str_t
text(const char *s)
{
    ngx_str_t  t;

    t.data = (u_char *) s;
    t.len = strlen(s);

    return t;
}


static ngx_int_t
answered(ngx_pool_t *pool, const char *json, ngx_uint_t known,
    ngx_chat_visitor_t *visitor, ngx_chat_field_error_t *err)
{
    ngx_str_t         s, why;
    ngx_chat_form_t   form;
    ngx_chat_json_t  *tree;

    s = text(FORM);
    ngx_chat_form_read(pool, &s, &form);

    s = text(json);
    tree = ngx_chat_json_parse(pool, &s, &why);

    memset(visitor, 0, sizeof(*visitor));

    return ngx_chat_answers_read(pool, &form, tree, known, visitor, err);
}


UNIT_TEST(a_form_is_read)
{
    ngx_str_t             s;
    ngx_chat_form_t       form;
    ngx_chat_json_out_t  *o;

    s = text(FORM);
    ngx_chat_form_read(pool, &s, &form);

    is_int(form.ask, NGX_CHAT_FORM_ALWAYS, "asked");
    is_int(form.n, 4, "fields");
    is_int(ngx_chat_form_missing(&form, 0), 1, "something is missing");
    is_int(ngx_chat_form_missing(&form,
                                 NGX_CHAT_FORM_KNOWS(NGX_CHAT_FORM_NAME)), 1,
           "the line still is");

    form.fields[2].required = NGX_CHAT_FALSE;
    is_int(ngx_chat_form_missing(&form,
                                 NGX_CHAT_FORM_KNOWS(NGX_CHAT_FORM_NAME)), 0,
           "nothing is");

    o = ngx_chat_json_out(pool);
    s = text("fr");
    ngx_chat_form_visitor_json(o, NULL, &form, &s,
                               NGX_CHAT_FORM_KNOWS(NGX_CHAT_FORM_NAME));
    is_int(ngx_chat_json_end(o, &s), NGX_OK, "rendered");
    is_str(&s, "{\"ask\":\"always\",\"link\":\"\",\"intro\":\"\","
               "\"privacy\":\"\",\"fields\":["
               "{\"name\":\"e\",\"type\":\"email\",\"required\":false,"
               "\"label\":\"\",\"choices\":[]},"
               "{\"name\":\"l\",\"type\":\"line\",\"required\":false,"
               "\"label\":\"Linie\",\"choices\":[]},"
               "{\"name\":\"c\",\"type\":\"choice\",\"required\":false,"
               "\"label\":\"C\",\"choices\":[\"a\",\"b\"]}]}",
           "without what is known");

    s = text("{\"ask\":\"always\",\"fields\":[{\"name\":\"x\"}]}");
    ngx_chat_form_read(pool, &s, &form);
    is_int(form.ask, NGX_CHAT_FORM_NEVER, "one that is damaged asks nothing");
    is_int(form.n, 0, "no field");
}


UNIT_TEST(answers_are_read)
{
    ngx_uint_t               i;
    ngx_chat_visitor_t       v;
    ngx_chat_field_error_t   err;

    static struct {
        const char    *json;
        const char    *field;
    } wrong[] = {
        { "[]", "answers.n" },
        { "[{\"name\":\"n\",\"value\":\"A\"}]", "answers.l" },
        { "[{\"name\":\"n\",\"value\":\"A\"},"
          "{\"name\":\"l\",\"value\":\" \\t\"}]", "answers.l" },
        { "[{\"name\":\"z\",\"value\":\"A\"}]", "answers.z" },
        { "[{\"name\":\"e\",\"value\":\"a@\"}]", "answers.e" },
        { "[{\"name\":\"c\",\"value\":\"ab\"}]", "answers.c" },
        { "[{\"name\":\"c\",\"value\":5}]", "answers.c" },
        { "[{\"value\":\"x\"}]", "answers" },
        { "[null]", "answers" }
    };

    is_int(answered(pool, "[{\"name\":\"n\",\"value\":\"Ada\"},"
                          "{\"name\":\"c\",\"value\":\"b\"},"
                          "{\"name\":\"l\",\"value\":\"x \\\"y\\\"\"}]",
                    0, &v, &err),
           NGX_OK, "all that is asked");
    is_str(&v.name, "Ada", "the name");
    is_int(v.email.len, 0, "no address");
    is_str(&v.form, "[{\"type\":\"line\",\"label\":\"Linie\","
                    "\"value\":\"x \\\"y\\\"\"},"
                    "{\"type\":\"choice\",\"label\":\"C\",\"value\":\"b\"}]",
           "in the form's order");

    is_int(answered(pool, "[{\"name\":\"l\",\"value\":\"x\"}]",
                    NGX_CHAT_FORM_KNOWS(NGX_CHAT_FORM_NAME), &v, &err),
           NGX_OK, "what is known is not missed");

    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        is_int(answered(pool, wrong[i].json, 0, &v, &err), NGX_ERROR,
               wrong[i].json);
        is_int(err.status, 422, "a wrong field");
        unit_is_str(&err.field, wrong[i].field, strlen(wrong[i].field),
                    __FILE__, __LINE__, "by its name");
        ok(err.detail.len > 0, "and why");
        is_int(v.form.len, 0, "nothing is kept");
    }
}
