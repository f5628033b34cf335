
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/memory.h"
#include "base/field.h"


typedef struct {
    ngx_str_t             text;
    ngx_str_t             line;
    ngx_str_t             token;
    ngx_str_t             letters;
    ngx_str_t             language;
    ngx_str_t             secret;
    ngx_str_t             url;
    ngx_str_t             deep;
    int64_t               n;
    int64_t               from;
    int64_t               to;
    ngx_chat_tristate_e   on;
    ngx_uint_t            kind;
} field_form_t;


typedef struct {
    const char  *body;
    ngx_uint_t   status;
    const char  *field;
    const char  *detail;
} field_case_t;


static ngx_int_t field_read(ngx_pool_t *pool, const char *body,
    field_form_t *form, ngx_chat_field_error_t *err);
static char *field_body(ngx_pool_t *pool, const char *name, const char *unit,
    ngx_uint_t n);


static ngx_str_t  field_kinds[] = {
    ngx_string("\0"),
    ngx_string("red"),
    ngx_string("green"),
    ngx_null_string
};


static ngx_chat_field_t  field_inmost[] = {

    { ngx_string("x"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_REQUIRED, 0, 1,
      offsetof(field_form_t, deep), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  field_inner[] = {

    { ngx_string("url"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_REQUIRED, 1, 5,
      offsetof(field_form_t, url), NULL, NULL, NULL },

    { ngx_string("sub"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0,
      0, NULL, NULL, field_inmost },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  field_table[] = {

    { ngx_string("text"), NGX_CHAT_FIELD_TEXT,
      NGX_CHAT_FIELD_REQUIRED|NGX_CHAT_FIELD_FILLED, 1, 4000,
      offsetof(field_form_t, text), NULL, NULL, NULL },

    { ngx_string("line"), NGX_CHAT_FIELD_LINE, NGX_CHAT_FIELD_FILLED, 1, 3,
      offsetof(field_form_t, line), NULL, NULL, NULL },

    { ngx_string("token"), NGX_CHAT_FIELD_TOKEN, 0, 8, 10,
      offsetof(field_form_t, token), NULL, "_-", NULL },

    { ngx_string("letters"), NGX_CHAT_FIELD_TOKEN, 0, 0, 1,
      offsetof(field_form_t, letters), NULL, NULL, NULL },

    { ngx_string("language"), NGX_CHAT_FIELD_LANGUAGE, 0, 2, 20,
      offsetof(field_form_t, language), NULL, NULL, NULL },

    { ngx_string("secret"), NGX_CHAT_FIELD_SECRET, 0, 2, 4,
      offsetof(field_form_t, secret), NULL, NULL, NULL },

    { ngx_string("n"), NGX_CHAT_FIELD_INT, 0, -5, 5,
      offsetof(field_form_t, n), NULL, NULL, NULL },

    { ngx_string("from"), NGX_CHAT_FIELD_INT, 0, 1, INT64_MAX,
      offsetof(field_form_t, from), NULL, NULL, NULL },

    { ngx_string("to"), NGX_CHAT_FIELD_INT, 0, INT64_MIN, 0,
      offsetof(field_form_t, to), NULL, NULL, NULL },

    { ngx_string("on"), NGX_CHAT_FIELD_BOOL, 0, 0, 0,
      offsetof(field_form_t, on), NULL, NULL, NULL },

    { ngx_string("kind"), NGX_CHAT_FIELD_ENUM, 0, 0, 0,
      offsetof(field_form_t, kind), field_kinds, NULL, NULL },

    { ngx_string("page"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0,
      0, NULL, NULL, field_inner },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_int_t
field_read(ngx_pool_t *pool, const char *body, field_form_t *form,
    ngx_chat_field_error_t *err)
{
    ngx_str_t         text, why;
    ngx_chat_json_t  *json;

    text.data = (u_char *) body;
    text.len = strlen(body);

    json = ngx_chat_json_parse(pool, &text, &why);

    if (json == NULL) {
        ok(0, "%s parses", body);
    }

    memset(form, 0, sizeof(field_form_t));
    memset(err, 0xff, sizeof(ngx_chat_field_error_t));

    return ngx_chat_fields_read(pool, json, field_table, form, err);
}


/* {"text":"a","NAME":"UNITUNIT..."} */

static char *
field_body(ngx_pool_t *pool, const char *name, const char *unit,
    ngx_uint_t n)
{
    char  *body, *p;

    body = ngx_palloc(pool, n * strlen(unit) + 64);

    p = body + sprintf(body, "{%s\"%s\":\"",
                       strcmp(name, "text") ? "\"text\":\"a\"," : "", name);

    while (n--) {
        p += sprintf(p, "%s", unit);
    }

    sprintf(p, "\"}");

    return body;
}


UNIT_TEST(everything)
{
    field_form_t            f;
    ngx_chat_field_error_t  err;

    is_int(field_read(pool, "{\"page\":{\"url\":\"/\xc3\xa9\",\"sub\":{\"x\":"
                      "\"!\"},\"more\":1},\"kind\":\"green\",\"on\":true,"
                      "\"n\":-5,\"from\":9223372036854775807,"
                      "\"to\":-9223372036854775808,\"secret\":\"a\\nb\","
                      "\"token\":\"AZaz09_-\",\"line\":\"two\","
                      "\"letters\":\"\",\"language\":\"De-1996-xA\","
                      "\"other\":[{}],"
                      "\"text\":\"a\\tb\\r\\nc\\rd\\n\"}", &f, &err),
           NGX_OK, "read");

    is_str(&f.text, "a\tb\nc\nd\n", "text, its line ends made one kind");
    is_str(&f.line, "two", "line");
    is_str(&f.token, "AZaz09_-", "token");
    is_str(&f.letters, "", "an empty string");
    is_str(&f.language, "De-1996-xA", "language");
    is_str(&f.secret, "a\nb", "secret");
    is_str(&f.url, "/\xc3\xa9", "page.url");
    is_str(&f.deep, "!", "page.sub.x");
    is_int(f.n, -5, "n");
    ok(f.from == INT64_MAX, "from");
    ok(f.to == INT64_MIN, "to");
    is_int(f.on, NGX_CHAT_TRUE, "on");
    is_int(f.kind, 2, "kind");
    is_int(err.status, 0, "no error");
}


UNIT_TEST(absent)
{
    ngx_str_t               text = ngx_string("{\"text\":\"a\"}"), why;
    field_form_t            f;
    ngx_chat_field_error_t  err;

    is_int(field_read(pool, "{\"text\":\"a\",\"on\":false}", &f, &err),
           NGX_OK, "read");
    ok(f.line.data == NULL && f.url.data == NULL, "absent strings");
    is_int(f.on, NGX_CHAT_FALSE, "false is not absent");

    memset(&f, 0, sizeof(f));
    f.n = 3;
    f.kind = 1;
    ngx_str_set(&f.line, "old");

    is_int(ngx_chat_fields_read(pool, ngx_chat_json_parse(pool, &text, &why),
                                field_table, &f, &err),
           NGX_OK, "over defaults");
    is_int(f.n, 3, "an integer's default stays");
    is_int(f.kind, 1, "a choice's default stays");
    is_int(f.on, NGX_CHAT_ABSENT, "absent is not false");
    is_str(&f.line, "old", "a string's default stays");
}


UNIT_TEST(refusals)
{
    ngx_uint_t              i;
    const char             *name;
    field_form_t            f;
    ngx_chat_field_error_t  err;

#define A        "{\"text\":\"a\","
#define TEXT     "must not have control characters but tab and line feed"
#define LINE     "must be one line without control characters"
#define LANGUAGE "must be a language tag such as \"en\" or \"fr-CA\""
#define TOKEN    "may have only the characters A-Z, a-z, 0-9 and _-"
#define CHOICE   "must be one of \"red\", \"green\""
#define BODY     "the body must be a JSON object"

    static field_case_t  cases[] = {
        { "[]", 400, "", BODY },
        { "null", 400, "", BODY },
        { "\"text\"", 400, "", BODY },

        { "{}", 422, "text", "is required" },
        { "{\"Text\":\"a\"}", 422, "text", "is required" },
        { "{\"text\":null}", 422, "text", "must be a string" },
        { "{\"text\":1}", 422, "text", "must be a string" },
        { "{\"text\":[\"a\"]}", 422, "text", "must be a string" },
        { "{\"text\":\"\"}", 422, "text", "must not be empty" },
        { "{\"text\":\" \\t\\n\\u3000\"}", 422, "text",
          "must not be only white space" },
        { "{\"text\":\"\\r\\n\"}", 422, "text",
          "must not be only white space" },
        { "{\"text\":\"a\\u0007\"}", 422, "text", TEXT },
        { "{\"text\":\"a\\u0085\"}", 422, "text", TEXT },

        { A "\"line\":null}", 422, "line", "must be a string" },
        { A "\"line\":\"\"}", 422, "line", "must not be empty" },
        { A "\"line\":\"a\\tb\"}", 422, "line", LINE },
        { A "\"line\":\"a\\nb\"}", 422, "line", LINE },
        { A "\"line\":\"a\\rb\"}", 422, "line", LINE },
        { A "\"line\":\"a\\u2028b\"}", 422, "line", LINE },
        { A "\"line\":\"abcd\"}", 422, "line",
          "must have at most 3 characters" },
        { A "\"line\":\"   \"}", 422, "line",
          "must not be only white space" },

        { A "\"token\":8}", 422, "token", "must be a string" },
        { A "\"token\":\"1234567\"}", 422, "token",
          "must have at least 8 characters" },
        { A "\"token\":\"12345678901\"}", 422, "token",
          "must have at most 10 characters" },
        { A "\"token\":\"\"}", 422, "token", "must not be empty" },
        { A "\"token\":\"12345678.\"}", 422, "token", TOKEN },
        { A "\"token\":\"1234567\\u00e9\"}", 422, "token", TOKEN },
        { A "\"token\":\"1234567 \"}", 422, "token", TOKEN },
        { A "\"letters\":\"_\"}", 422, "letters",
          "may have only the characters A-Z, a-z, 0-9" },
        { A "\"letters\":\"ab\"}", 422, "letters",
          "must have at most 1 character" },

        { A "\"language\":[]}", 422, "language", "must be a string" },
        { A "\"language\":\"\"}", 422, "language", LANGUAGE },
        { A "\"language\":\"e\"}", 422, "language", LANGUAGE },
        { A "\"language\":\"engl\"}", 422, "language", LANGUAGE },
        { A "\"language\":\"e1\"}", 422, "language", LANGUAGE },
        { A "\"language\":\"en-\"}", 422, "language", LANGUAGE },
        { A "\"language\":\"-en\"}", 422, "language", LANGUAGE },
        { A "\"language\":\"en--US\"}", 422, "language", LANGUAGE },
        { A "\"language\":\"en_US\"}", 422, "language", LANGUAGE },
        { A "\"language\":\"en-123456789\"}", 422, "language", LANGUAGE },
        { A "\"language\":\"en-12345678-123456789\"}", 422, "language",
          LANGUAGE },
        { A "\"language\":\"en-12345678-1234-1234\"}", 422, "language",
          "must have at most 20 characters" },

        { A "\"secret\":\"a\"}", 422, "secret",
          "must have at least 2 characters" },
        { A "\"secret\":\"abcde\"}", 422, "secret",
          "must have at most 4 characters" },

        { A "\"n\":\"1\"}", 422, "n", "must be an integer" },
        { A "\"n\":1.0}", 422, "n", "must be an integer" },
        { A "\"n\":1e0}", 422, "n", "must be an integer" },
        { A "\"n\":true}", 422, "n", "must be an integer" },
        { A "\"n\":-6}", 422, "n", "must be from -5 to 5" },
        { A "\"n\":6}", 422, "n", "must be from -5 to 5" },
        { A "\"from\":0}", 422, "from", "must be at least 1" },
        { A "\"from\":9223372036854775808}", 422, "from",
          "must be an integer" },
        { A "\"to\":1}", 422, "to", "must be at most 0" },

        { A "\"on\":1}", 422, "on", "must be true or false" },
        { A "\"on\":\"true\"}", 422, "on", "must be true or false" },
        { A "\"on\":null}", 422, "on", "must be true or false" },

        { A "\"kind\":1}", 422, "kind", "must be a string" },
        { A "\"kind\":\"blue\"}", 422, "kind", CHOICE },
        { A "\"kind\":\"Red\"}", 422, "kind", CHOICE },
        { A "\"kind\":\"re\"}", 422, "kind", CHOICE },
        { A "\"kind\":\"\"}", 422, "kind", CHOICE },

        { A "\"page\":\"/\"}", 422, "page", "must be an object" },
        { A "\"page\":[]}", 422, "page", "must be an object" },
        { A "\"page\":{}}", 422, "page.url", "is required" },
        { A "\"page\":{\"url\":\"123456\"}}", 422, "page.url",
          "must have at most 5 characters" },
        { A "\"page\":{\"url\":\"/\",\"sub\":{}}}", 422, "page.sub.x",
          "is required" },
        { A "\"page\":{\"url\":\"/\",\"sub\":{\"x\":1}}}", 422,
          "page.sub.x", "must be a string" },

        { "{\"n\":99,\"line\":1}", 422, "text", "is required" },
        { A "\"n\":99,\"line\":1}", 422, "line", "must be a string" }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        name = cases[i].body;

        is_int(field_read(pool, name, &f, &err), NGX_ERROR, name);
        is_int(err.status, cases[i].status, name);
        unit_is_str(&err.field, cases[i].field, strlen(cases[i].field),
                    __FILE__, __LINE__, name);
        unit_is_str(&err.detail, cases[i].detail, strlen(cases[i].detail),
                    __FILE__, __LINE__, name);
    }

    is_int(ngx_chat_fields_read(pool, NULL, field_table, &f, &err), NGX_ERROR,
           "no JSON at all");
    is_int(err.status, 400, "is malformed");
}


/* characters are counted, whatever their bytes */

UNIT_TEST(lengths)
{
    ngx_uint_t              i;
    field_form_t            f;
    ngx_chat_field_error_t  err;

    static const char  *units[] = {
        "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
        "\\ud83d\\ude00", "\\r\\n"
    };

    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {

        is_int(field_read(pool, field_body(pool, "secret", units[i],
                                           i == 5 ? 2 : 4),
                          &f, &err),
               NGX_OK, "4 characters of 4");

        if (i == 5) {
            break;
        }

        is_int(field_read(pool, field_body(pool, "text", units[i], 4000),
                          &f, &err),
               NGX_OK, "4000 characters of 4000");
        is_int(field_read(pool, field_body(pool, "text", units[i], 4001),
                          &f, &err),
               NGX_ERROR, "4001 characters of 4000");
        is_str(&err.detail, "must have at most 4000 characters", units[i]);
    }

    is_int(field_read(pool, "{\"text\":\"a\\r\\n\"}", &f, &err), NGX_OK,
           "CR LF");
    is_int(f.text.len, 2, "counts once");
}


UNIT_TEST(memory)
{
    long                     n;
    ngx_int_t                rc;
    ngx_str_t                why;
    ngx_uint_t               i, wrong, moments;
    field_form_t             f;
    ngx_chat_json_t         *json;
    ngx_chat_field_error_t   err;

    static ngx_str_t  bodies[] = {
        ngx_string("{}"),
        ngx_string("{\"text\":\"a\",\"kind\":\"blue\"}"),
        ngx_string("{\"text\":\"a\",\"page\":{\"url\":\"\"}}")
    };

    wrong = 0;
    moments = 0;

    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        json = ngx_chat_json_parse(pool, &bodies[i], &why);

        for (n = 0; ; n++) {
            memory_refuse(n);
            rc = ngx_chat_fields_read(pool, json, field_table, &f, &err);

            if (!memory_refused()) {
                break;
            }

            if (rc != NGX_ERROR || err.status != 500 || err.field.len
                || err.detail.len)
            {
                wrong++;
            }
        }

        moments += n;
    }

    is_int(wrong, 0, "out at any moment is an error of ours");
    ok(moments >= 6, "%lu moments", (unsigned long) moments);
}


UNIT_TEST(arguments)
{
    int64_t       n;
    ngx_str_t     value;
    ngx_uint_t    i;
    field_form_t  form;

    static ngx_chat_field_t  number = {
        ngx_string("n"), NGX_CHAT_FIELD_INT, 0, 1, 100,
        offsetof(field_form_t, n), NULL, NULL, NULL
    };

    static ngx_chat_field_t  name = {
        ngx_string("kind"), NGX_CHAT_FIELD_ENUM, 0, 0, 0,
        offsetof(field_form_t, kind), field_kinds, NULL, NULL
    };

    static struct {
        const char  *value;
        int64_t      n;             /* 0: refused */
    } cases[] = {
        { "1", 1 }, { "100", 100 }, { "0099", 99 }, { "", 0 }, { "0", 0 },
        { "101", 0 }, { "-1", 0 }, { "+1", 0 }, { " 1", 0 }, { "1.0", 0 },
        { "9223372036854775807", 0 }, { "9223372036854775808", 0 },
        { "18446744073709551617", 0 }, { "%31", 0 }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        value.data = (u_char *) cases[i].value;
        value.len = strlen(cases[i].value);
        form.n = 0;

        n = ngx_chat_field_argument(&number, &value, &form);
        is_int(n, cases[i].n ? NGX_OK : NGX_ERROR, cases[i].value);
        is_int(form.n, cases[i].n, "and its value");
    }

    form.kind = 7;
    ngx_str_set(&value, "gree");
    is_int(ngx_chat_field_argument(&name, &value, &form), NGX_ERROR,
           "a part of a name");
    ngx_str_set(&value, "");
    is_int(ngx_chat_field_argument(&name, &value, &form), NGX_ERROR,
           "no name");
    is_int(form.kind, 7, "nothing is left");

    ngx_str_set(&value, "green");
    is_int(ngx_chat_field_argument(&name, &value, &form), NGX_OK, "a name");
    is_int(form.kind, 2, "which");
}


UNIT_TEST(stored)
{
    ngx_str_t     json;
    ngx_uint_t    i;
    field_form_t  form;

    static struct {
        const char  *json;
        ngx_int_t    rc;
    } cases[] = {
        { "{\"text\":\"x\",\"to\":-3}", NGX_OK },
        { "", NGX_ERROR },
        { "{\"text\":\"x\"", NGX_ERROR },
        { "[\"x\"]", NGX_ERROR },
        { "{\"to\":-3}", NGX_ERROR }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memset(&form, 0, sizeof(form));
        json.data = (u_char *) cases[i].json;
        json.len = strlen(cases[i].json);

        is_int(ngx_chat_fields_parse(pool, &json, field_table, &form),
               cases[i].rc, cases[i].json);

        if (i == 0) {
            is_str(&form.text, "x", "a text");
            is_int(form.to, -3, "a number");
        }
    }
}
