
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/memory.h"
#include "base/json_in.h"


typedef struct {
    const char  *text;
    size_t       len;
    const char  *expected;
} json_case_t;


#define TEXT(s)  s, sizeof(s) - 1


static u_char *json_dump(u_char *p, u_char *last, ngx_chat_json_t *node);
static ngx_chat_json_t *json_parse(ngx_pool_t *pool, const char *text,
    size_t len, ngx_str_t *why);
static ngx_str_t json_nested(ngx_pool_t *pool, const char *open,
    const char *close, ngx_uint_t depth);
static ngx_str_t json_wide(ngx_pool_t *pool, ngx_uint_t n, ngx_uint_t keys);
static void json_refused(ngx_pool_t *pool, ngx_str_t *text, const char *why,
    const char *name);


/* a tree as text, each value with its type's letter */

static u_char *
json_dump(u_char *p, u_char *last, ngx_chat_json_t *node)
{
    char              number[24];
    ngx_chat_json_t  *child;

    if (node->key.len) {
        p = ngx_slprintf(p, last, "%V:", &node->key);
    }

    switch (node->type) {

    case NGX_CHAT_JSON_NULL:
        return ngx_slprintf(p, last, "z");

    case NGX_CHAT_JSON_BOOL:
        return ngx_slprintf(p, last, "b%L", node->value);

    case NGX_CHAT_JSON_INT:

        /* nginx's "%L" negates INT64_MIN, which the sanitizer sees */

        snprintf(number, sizeof(number), "%lld", (long long) node->value);
        return ngx_slprintf(p, last, "i%s", number);

    case NGX_CHAT_JSON_NUMBER:
        return ngx_slprintf(p, last, "n%V", &node->str);

    case NGX_CHAT_JSON_STRING:
        return ngx_slprintf(p, last, "s<%V>", &node->str);

    default:
        p = ngx_slprintf(p, last, "%s(",
                         node->type == NGX_CHAT_JSON_ARRAY ? "a" : "o");

        for (child = node->first; child; child = child->next) {
            p = json_dump(p, last, child);
            p = ngx_slprintf(p, last, child->next ? " " : "");
        }

        return ngx_slprintf(p, last, ")");
    }
}


/* from memory of exactly this size, which is gone before the tree is read */

static ngx_chat_json_t *
json_parse(ngx_pool_t *pool, const char *text, size_t len, ngx_str_t *why)
{
    ngx_str_t         s;
    ngx_chat_json_t  *node;

    s.len = len;
    s.data = malloc(len);

    if (len) {
        memcpy(s.data, text, len);
    }

    node = ngx_chat_json_parse(pool, &s, why);
    free(s.data);

    return node;
}


static ngx_str_t
json_nested(ngx_pool_t *pool, const char *open, const char *close,
    ngx_uint_t depth)
{
    u_char      *p;
    ngx_str_t    s;
    ngx_uint_t   i;

    s.data = ngx_palloc(pool, depth * (strlen(open) + strlen(close)) + 1);
    p = s.data;

    for (i = 0; i < depth; i++) {
        p = ngx_cpymem(p, open, strlen(open));
    }

    /* an object's value */

    if (*open == '{') {
        *p++ = '1';
    }

    for (i = 0; i < depth; i++) {
        p = ngx_cpymem(p, close, strlen(close));
    }

    s.len = p - s.data;

    return s;
}


/* n values in an array, or in an object by keys */

static ngx_str_t
json_wide(ngx_pool_t *pool, ngx_uint_t n, ngx_uint_t keys)
{
    u_char      *p, *last;
    ngx_str_t    s;
    ngx_uint_t   i;

    s.data = ngx_palloc(pool, n * 16 + 2);
    last = s.data + n * 16 + 2;
    p = s.data;

    *p++ = keys ? '{' : '[';

    for (i = 0; i < n; i++) {
        p = keys ? ngx_slprintf(p, last, "\"k%ui\":", i) : p;
        p = ngx_slprintf(p, last, "%ui,", i % 10);
    }

    p[-1] = keys ? '}' : ']';
    s.len = p - s.data;

    return s;
}


static void
json_refused(ngx_pool_t *pool, ngx_str_t *text, const char *why,
    const char *name)
{
    ngx_str_t  got;

    ngx_str_null(&got);

    ok(ngx_chat_json_parse(pool, text, &got) == NULL, "%s is refused", name);
    unit_is_str(&got, why, strlen(why), __FILE__, __LINE__, name);
}


UNIT_TEST(values)
{
    u_char            buf[1024], *p;
    ngx_str_t         got, why;
    ngx_uint_t        i;
    ngx_chat_json_t  *node;

    static json_case_t  cases[] = {
        { TEXT("null"), "z" },
        { TEXT("true"), "b1" },
        { TEXT("false"), "b0" },
        { TEXT(" \t\r\n1 \n"), "i1" },
        { TEXT("0"), "i0" },
        { TEXT("-0"), "i0" },
        { TEXT("-1"), "i-1" },
        { TEXT("12345678901"), "i12345678901" },
        { TEXT("9223372036854775807"), "i9223372036854775807" },
        { TEXT("9223372036854775808"), "n9223372036854775808" },
        { TEXT("-9223372036854775808"), "i-9223372036854775808" },
        { TEXT("-9223372036854775809"), "n-9223372036854775809" },
        { TEXT("18446744073709551617"), "n18446744073709551617" },
        { TEXT("123456789012345678901234567890"),
          "n123456789012345678901234567890" },
        { TEXT("1.0"), "n1.0" },
        { TEXT("1e2"), "n1e2" },
        { TEXT("-1.5E-3"), "n-1.5E-3" },
        { TEXT("1e999999"), "n1e999999" },
        { TEXT("\"\""), "s<>" },
        { TEXT("\"a b\""), "s<a b>" },
        { TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "s<\"\\/\b\f\n\r\t>" },
        { TEXT("\"\\u00e9\\u20AC\""), "s<\xc3\xa9\xe2\x82\xac>" },
        { TEXT("\"\\ud83d\\ude00\""), "s<\xf0\x9f\x98\x80>" },
        { TEXT("\"\\uDBFF\\uDFFF\""), "s<\xf4\x8f\xbf\xbf>" },
        { TEXT("\"\\uD800\\uDC00\""), "s<\xf0\x90\x80\x80>" },
        { TEXT("\"\\uD7FF\\uE000\""), "s<\xed\x9f\xbf\xee\x80\x80>" },
        { TEXT("\"\\\\ud800\""), "s<\\ud800>" },
        { TEXT("\"\xf0\x9f\x98\x80\""), "s<\xf0\x9f\x98\x80>" },
        { TEXT("\"\x7f\""), "s<\x7f>" },
        { TEXT("[]"), "a()" },
        { TEXT("{}"), "o()" },
        { TEXT("[1,[2,[]],{}]"), "a(i1 a(i2 a()) o())" },
        { TEXT("{\"a\":1,\"b\":{\"a\":[true]},\"c\":null}"),
          "o(a:i1 b:o(a:a(b1)) c:z)" },
        { TEXT("[{\"a\":1},{\"a\":2}]"), "a(o(a:i1) o(a:i2))" },
        { TEXT("{\"\xc3\xa9\":\"\"}"), "o(\xc3\xa9:s<>)" },
        { TEXT("{\"\":1}"), "o(i1)" },
        { TEXT("{\"a\":1,\"A\":2}"), "o(a:i1 A:i2)" }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        node = json_parse(pool, cases[i].text, cases[i].len, &why);

        if (!ok(node, "%s is valid", cases[i].text)) {
            continue;
        }

        p = json_dump(buf, buf + sizeof(buf), node);
        got.data = buf;
        got.len = p - buf;

        unit_is_str(&got, cases[i].expected, strlen(cases[i].expected),
                    __FILE__, __LINE__, cases[i].text);
    }
}


UNIT_TEST(refusals)
{
    ngx_str_t         why;
    ngx_uint_t        i;
    ngx_chat_json_t  *node;

#define INVALID  "not valid JSON"
#define TWICE    "a key stands twice"
#define NOT8     "not valid UTF-8"
#define ZERO     "a NUL character"
#define HALF     "half a surrogate pair"

    static json_case_t  cases[] = {
        { TEXT(""), INVALID },
        { TEXT(" \n"), INVALID },
        { TEXT("1 2"), INVALID },
        { TEXT("{} x"), INVALID },
        { TEXT("{}}"), INVALID },
        { TEXT("{}{}"), INVALID },
        { TEXT("\"a\"\"b\""), INVALID },
        { TEXT("12x"), INVALID },
        { TEXT("]"), INVALID },
        { TEXT("[1,]"), INVALID },
        { TEXT("[,1]"), INVALID },
        { TEXT("[1 2]"), INVALID },
        { TEXT("[1}"), INVALID },
        { TEXT("{\"a\":1,}"), INVALID },
        { TEXT("{\"a\" 1}"), INVALID },
        { TEXT("{\"a\"}"), INVALID },
        { TEXT("{a:1}"), INVALID },
        { TEXT("{1:2}"), INVALID },
        { TEXT("{null:2}"), INVALID },
        { TEXT("'a'"), INVALID },
        { TEXT("nul"), INVALID },
        { TEXT("nulL"), INVALID },
        { TEXT("True"), INVALID },
        { TEXT("NaN"), INVALID },
        { TEXT("Infinity"), INVALID },
        { TEXT("01"), INVALID },
        { TEXT("-"), INVALID },
        { TEXT("+1"), INVALID },
        { TEXT("1."), INVALID },
        { TEXT(".5"), INVALID },
        { TEXT("1e"), INVALID },
        { TEXT("0x1"), INVALID },
        { TEXT("/* a */ 1"), INVALID },
        { TEXT("// a\n1"), INVALID },
        { TEXT("\xef\xbb\xbf{}"), INVALID },
        { TEXT("\v1"), INVALID },
        { TEXT("[1,\f2]"), INVALID },
        { TEXT("\"a\tb\""), INVALID },
        { TEXT("\"a\nb\""), INVALID },
        { TEXT("\"\x1f\""), INVALID },
        { TEXT("\"\\x\""), INVALID },
        { TEXT("\"\\u12\""), INVALID },
        { TEXT("\"\\u12g4\""), INVALID },
        { TEXT("\"\\"), INVALID },
        { TEXT("\"\\u"), INVALID },
        { TEXT("\\u0041"), INVALID },
        { TEXT("\"\xff\""), INVALID },
        { TEXT("\"\xe2\x82\""), INVALID },
        { TEXT("\"\xc0\x80\""), NOT8 },
        { TEXT("\"\xe0\x80\x80\""), NOT8 },
        { TEXT("\"\xed\xa0\x80\""), NOT8 },
        { TEXT("\"\xf4\x90\x80\x80\""), NOT8 },
        { TEXT("{\"\xc0\xaf\":1}"), NOT8 },
        { TEXT("\"a\0b\""), ZERO },
        { TEXT("{}\0"), ZERO },
        { TEXT("\"\\u0000\""), ZERO },
        { TEXT("{\"a\\u0000\":1}"), ZERO },
        { TEXT("\"\\ud800\""), HALF },
        { TEXT("\"\\uD83Dx\""), HALF },
        { TEXT("\"\\ud83d\\u0041\""), HALF },
        { TEXT("\"\\ud83d\\n\""), HALF },
        { TEXT("\"\\ud83d\\ud83d\\ude00\""), HALF },
        { TEXT("\"\\ude00\""), HALF },
        { TEXT("\"\\udc00\\udc00\""), HALF },
        { TEXT("\"\\udfff\""), HALF },
        { TEXT("\"\\ud83d\\ue000\""), HALF },
        { TEXT("\"\\ud83d\\ud83d\""), HALF },
        { TEXT("\"\\ud83dxude00\""), HALF },
        { TEXT("\"\\ud83d\\xde00\""), HALF },
        { TEXT("\"\\ud83d\\ude00\\ud83d\""), HALF },
        { TEXT("\"\\n\\ud83d\""), HALF },
        { TEXT("\"\\u0041\\ud83d\""), HALF },
        { TEXT("\"\\ude00\\ud83d\""), HALF },
        { TEXT("\"\\ud83d"), HALF },
        { TEXT("\"\\ud83d\\u"), HALF },
        { TEXT("{\"a\":1,\"a\":1}"), TWICE },
        { TEXT("{\"a\":1,\"b\":2,\"\\u0061\":3}"), TWICE },
        { TEXT("{\"\":1,\"\":2}"), TWICE },
        { TEXT("[{\"x\":{\"k\":1,\"k\":2}}]"), TWICE }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_str_set(&why, "?");
        node = json_parse(pool, cases[i].text, cases[i].len, &why);

        ok(node == NULL, "%s is refused", cases[i].text);
        unit_is_str(&why, cases[i].expected, strlen(cases[i].expected),
                    __FILE__, __LINE__, cases[i].text);
    }
}


UNIT_TEST(every_prefix_is_refused)
{
    size_t      n;
    ngx_str_t   why;
    ngx_uint_t  accepted;

    static const char  text[] = "{\"a\":[1,-2.5e3,true,null,\"\\ud83d\\ude00"
                                "\xe2\x82\xac\"],\"b\\n\":{\"c\":\"d\"}}";

    accepted = 0;

    for (n = 0; n < sizeof(text) - 1; n++) {
        if (json_parse(pool, text, n, &why) || why.len == 0) {
            accepted++;
        }
    }

    is_int(accepted, 0, "each with a reason");
    ok(json_parse(pool, text, n, &why), "but not the whole");
}


UNIT_TEST(depth)
{
    ngx_str_t  text, why;

    text = json_nested(pool, "[", "]", 16);
    ok(ngx_chat_json_parse(pool, &text, &why), "16 arrays");

    text = json_nested(pool, "[", "]", 17);
    json_refused(pool, &text, "nested too deeply", "17 arrays");

    text = json_nested(pool, "{\"a\":", "}", 16);
    ok(ngx_chat_json_parse(pool, &text, &why), "16 objects");

    text = json_nested(pool, "{\"a\":", "}", 17);
    json_refused(pool, &text, "nested too deeply", "17 objects");

    text = json_nested(pool, "[", "", 100000);
    json_refused(pool, &text, "nested too deeply", "100000 brackets");

    ngx_str_set(&text, "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]],[[[[[[[[[[[[[[[]]]]]"
                       "]]]]]]]]]]]");
    ok(ngx_chat_json_parse(pool, &text, &why), "down and up and down again");
}


UNIT_TEST(size)
{
    ngx_str_t  text, why;

    text = json_wide(pool, NGX_CHAT_JSON_NODES - 1, 0);
    ok(ngx_chat_json_parse(pool, &text, &why), "4096 values");

    text = json_wide(pool, NGX_CHAT_JSON_NODES, 0);
    json_refused(pool, &text, "too many values", "4097 values");

    text = json_wide(pool, NGX_CHAT_JSON_MEMBERS, 1);
    ok(ngx_chat_json_parse(pool, &text, &why), "128 members");

    text = json_wide(pool, NGX_CHAT_JSON_MEMBERS + 1, 1);
    json_refused(pool, &text, "too many values", "129 members");
}


/* the bound is each object's own */

UNIT_TEST(size_of_siblings)
{
    u_char     *p;
    ngx_str_t   object, text, why;

    object = json_wide(pool, NGX_CHAT_JSON_MEMBERS, 1);

    text.len = object.len * 2 + 3;
    text.data = ngx_palloc(pool, text.len);

    p = text.data;
    *p++ = '[';
    p = ngx_cpymem(p, object.data, object.len);
    *p++ = ',';
    p = ngx_cpymem(p, object.data, object.len);
    *p = ']';

    ok(ngx_chat_json_parse(pool, &text, &why), "two of 128 members");
}


UNIT_TEST(member)
{
    ngx_str_t         text, why, key;
    ngx_chat_json_t  *root;

    ngx_str_set(&text, "{\"a\":1,\"ab\":{\"a\":2},\"\":3}");
    root = ngx_chat_json_parse(pool, &text, &why);

    ngx_str_set(&key, "a");
    is_int(ngx_chat_json_member(root, &key)->value, 1, "of this level");

    ngx_str_set(&key, "ab");
    is_int(ngx_chat_json_member(root, &key)->type, NGX_CHAT_JSON_OBJECT,
           "of a longer name");

    ngx_str_set(&key, "");
    is_int(ngx_chat_json_member(root, &key)->value, 3, "of no name");

    ngx_str_set(&key, "A");
    ok(ngx_chat_json_member(root, &key) == NULL, "letter case counts");

    ngx_str_set(&key, "a");
    ok(ngx_chat_json_member(root->first, &key) == NULL, "a number has none");
    ok(ngx_chat_json_member(NULL, &key) == NULL, "nothing has none");

    ngx_str_set(&text, "[{\"a\":1}]");
    root = ngx_chat_json_parse(pool, &text, &why);
    ok(ngx_chat_json_member(root, &key) == NULL, "an array has none");
}


UNIT_TEST(memory)
{
    long              n;
    ngx_str_t         text, why;
    ngx_uint_t        wrong;
    ngx_chat_json_t  *root;

    ngx_str_set(&text, "{\"a\":[1,\"b\",null,true],\"c\":{\"d\":1.5}}");
    wrong = 0;

    for (n = 0; ; n++) {
        memory_refuse(n);
        root = ngx_chat_json_parse(pool, &text, &why);

        if (!memory_refused()) {
            break;
        }

        if (root || why.len) {
            wrong++;
        }
    }

    is_int(wrong, 0, "out at any moment: no tree, no reason");
    ok(root && n > 10, "%ld moments", n);
}
