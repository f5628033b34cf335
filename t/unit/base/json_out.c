
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/memory.h"
#include "base/json_in.h"
#include "base/json_out.h"


typedef void (*json_write_pt)(ngx_chat_json_out_t *o);


static void json_misuse(ngx_pool_t *pool, json_write_pt write,
    const char *name);
static ngx_int_t json_sample(ngx_pool_t *pool, ngx_str_t *text);


static ngx_str_t  json_names[] = {
    ngx_string("zero"),
    ngx_string("one"),
    ngx_null_string
};


static ngx_int_t
json_sample(ngx_pool_t *pool, ngx_str_t *text)
{
    ngx_str_t             s = ngx_string("\xc3\xa9\"\\/\n\x01\x7f");
    ngx_str_t             raw = ngx_string("{\"x\":[1, 2]}");
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_json_str(o, "str", &s);
    ngx_chat_json_chars(o, "chars", "a");
    ngx_chat_json_int(o, "min", INT64_MIN);
    ngx_chat_json_int(o, "max", INT64_MAX);
    ngx_chat_json_bool(o, "true", 0x100);
    ngx_chat_json_bool(o, "false", 0);
    ngx_chat_json_null(o, "null");
    ngx_chat_json_enum(o, "enum", json_names, 1);
    ngx_chat_json_raw(o, "raw", &raw);
    ngx_chat_json_open(o, "object");
    ngx_chat_json_close(o);
    ngx_chat_json_open_array(o, "array");
    ngx_chat_json_int(o, NULL, 1);
    ngx_chat_json_raw(o, NULL, &raw);
    ngx_chat_json_open(o, NULL);
    ngx_chat_json_close(o);
    ngx_chat_json_open_array(o, NULL);
    ngx_chat_json_close_array(o);
    ngx_chat_json_chars(o, NULL, "");
    ngx_chat_json_close_array(o);
    ngx_chat_json_int(o, "last", -1);
    ngx_chat_json_close(o);

    return ngx_chat_json_end(o, text);
}


UNIT_TEST(everything)
{
    ngx_str_t  text;

    is_int(json_sample(pool, &text), NGX_OK, "written");

    is_str(&text,
           "{\"str\":\"\xc3\xa9\\\"\\\\/\\n\\u0001\x7f\",\"chars\":\"a\","
           "\"min\":-9223372036854775808,\"max\":9223372036854775807,"
           "\"true\":true,\"false\":false,\"null\":null,\"enum\":\"one\","
           "\"raw\":{\"x\":[1, 2]},\"object\":{},"
           "\"array\":[1,{\"x\":[1, 2]},{},[],\"\"],\"last\":-1}",
           "as expected");
}


UNIT_TEST(top_level_values)
{
    ngx_str_t             text, raw = ngx_string("{\"a\":1}");
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(pool);
    ngx_chat_json_raw(o, NULL, &raw);
    is_int(ngx_chat_json_end(o, &text), NGX_OK, "a raw value");
    is_str(&text, "{\"a\":1}", "as it is");

    o = ngx_chat_json_out(pool);
    ngx_chat_json_open_array(o, NULL);
    ngx_chat_json_close_array(o);
    is_int(ngx_chat_json_end(o, &text), NGX_OK, "an array");
    is_str(&text, "[]", "with nothing in it");
}


/* much more than the first piece of memory, and read back */

UNIT_TEST(large_text)
{
    ngx_str_t             text, why, s;
    ngx_uint_t            i;
    ngx_chat_json_t      *root, *node;
    ngx_chat_json_out_t  *o;

    s.len = 1000;
    s.data = ngx_palloc(pool, s.len);
    ngx_memset(s.data, 0x1b, s.len);

    o = ngx_chat_json_out(pool);
    ngx_chat_json_open_array(o, NULL);

    for (i = 0; i < 100; i++) {
        ngx_chat_json_str(o, NULL, &s);
    }

    ngx_chat_json_close_array(o);
    is_int(ngx_chat_json_end(o, &text), NGX_OK, "written");
    is_int(text.len, 2 + 100 * (6000 + 2) + 99, "its length");

    root = ngx_chat_json_parse(pool, &text, &why);
    ok(root, "it parses");

    i = 0;

    for (node = root ? root->first : NULL; node; node = node->next) {
        i += (node->str.len == s.len
              && memcmp(node->str.data, s.data, s.len) == 0);
    }

    is_int(i, 100, "all strings came back");
}


UNIT_TEST(not_utf8)
{
    ngx_str_t             text;
    ngx_uint_t            i;
    ngx_chat_json_out_t  *o;

    static ngx_str_t  cases[] = {
        ngx_string("\xff"),
        ngx_string("a\xe2\x82"),
        ngx_string("\xc0\x80"),
        ngx_string("\xed\xa0\x80"),
        ngx_string("\xf4\x90\x80\x80")
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        o = ngx_chat_json_out(pool);
        ngx_chat_json_open(o, NULL);
        ngx_chat_json_str(o, "s", &cases[i]);

        /* what is right afterwards does not make it good */

        ngx_chat_json_int(o, "n", 1);
        ngx_chat_json_close(o);

        ngx_str_set(&text, "?");
        is_int(ngx_chat_json_end(o, &text), NGX_ERROR, "refused at the end");
        is_int(text.len, 0, "and no text");
    }
}


static void
json_misuse(ngx_pool_t *pool, json_write_pt write, const char *name)
{
    ngx_str_t             text;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(pool);
    write(o);
    is_int(ngx_chat_json_end(o, &text), NGX_ERROR, name);
}


static void
json_write_nothing(ngx_chat_json_out_t *o)
{
    /* void */
}


static void
json_write_open(ngx_chat_json_out_t *o)
{
    ngx_chat_json_open(o, NULL);
}


static void
json_write_half(ngx_chat_json_out_t *o)
{
    ngx_chat_json_open(o, NULL);
    ngx_chat_json_open_array(o, "a");
    ngx_chat_json_close_array(o);
}


static void
json_write_two(ngx_chat_json_out_t *o)
{
    ngx_chat_json_int(o, NULL, 1);
    ngx_chat_json_int(o, NULL, 2);
}


static void
json_write_close(ngx_chat_json_out_t *o)
{
    ngx_uint_t  i;

    for (i = 0; i < 300; i++) {
        ngx_chat_json_close(o);
        ngx_chat_json_close_array(o);
    }
}


static void
json_write_deep(ngx_chat_json_out_t *o)
{
    ngx_uint_t  i;

    for (i = 0; i < 300; i++) {
        ngx_chat_json_open_array(o, NULL);
    }

    for (i = 0; i < 300; i++) {
        ngx_chat_json_close_array(o);
    }
}


static void
json_write_nameless(ngx_chat_json_out_t *o)
{
    ngx_chat_json_open(o, NULL);
    ngx_chat_json_int(o, NULL, 1);
    ngx_chat_json_close(o);
}


static void
json_write_no_raw(ngx_chat_json_out_t *o)
{
    ngx_str_t  raw = ngx_null_string;

    ngx_chat_json_open(o, NULL);
    ngx_chat_json_raw(o, "a", &raw);
    ngx_chat_json_close(o);
}


static void
json_write_enum(ngx_chat_json_out_t *o)
{
    ngx_chat_json_open_array(o, NULL);
    ngx_chat_json_enum(o, NULL, json_names, 2);
    ngx_chat_json_close_array(o);
}


static void
json_write_enum_negative(ngx_chat_json_out_t *o)
{
    ngx_chat_json_open_array(o, NULL);
    ngx_chat_json_enum(o, NULL, json_names, (ngx_uint_t) -1);
    ngx_chat_json_close_array(o);
}


UNIT_TEST(misuse)
{
    json_misuse(pool, json_write_nothing, "nothing");
    json_misuse(pool, json_write_open, "an open object");
    json_misuse(pool, json_write_half, "an object that was not closed");
    json_misuse(pool, json_write_two, "two values");
    json_misuse(pool, json_write_close, "closed and not opened");
    json_misuse(pool, json_write_deep, "too deep");
    json_misuse(pool, json_write_nameless, "no name in an object");
    json_misuse(pool, json_write_no_raw, "an empty raw value");
    json_misuse(pool, json_write_enum, "the name that ends the table");
    json_misuse(pool, json_write_enum_negative, "a negative index");
}


/* the leak check at the program's end would tell */

UNIT_TEST(freed_with_the_pool)
{
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(pool);
    ngx_chat_json_open(o, NULL);

    ok(o, "never ended");
}


UNIT_TEST(memory)
{
    long        n;
    ngx_int_t   rc;
    ngx_str_t   text;
    ngx_uint_t  wrong;

    wrong = 0;

    for (n = 0; ; n++) {
        memory_refuse(n);
        rc = json_sample(pool, &text);

        if (!memory_refused()) {
            break;
        }

        if (rc != NGX_ERROR) {
            wrong++;
        }
    }

    is_int(wrong, 0, "out at any moment is told at the end");
    ok(rc == NGX_OK && n > 2, "%ld moments", n);
}


UNIT_TEST(memory_while_growing)
{
    ngx_str_t             text, s;
    ngx_chat_json_out_t  *o;

    s.len = 4096;
    s.data = ngx_pcalloc(pool, s.len);
    ngx_memset(s.data, 'a', s.len);

    o = ngx_chat_json_out(pool);
    ngx_chat_json_open_array(o, NULL);

    memory_refuse(0);
    ngx_chat_json_str(o, NULL, &s);
    ok(memory_refused(), "refused");

    ngx_chat_json_str(o, NULL, &s);
    ngx_chat_json_close_array(o);

    is_int(ngx_chat_json_end(o, &text), NGX_ERROR, "told at the end");
}
