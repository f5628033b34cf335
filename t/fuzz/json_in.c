
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What parses is written, parsed and written again: the same text both times,
 * well-formed, within the bounds.  What does not parse has a reason.
 */


#include "fuzz.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/text.h"


static void fuzz_write(ngx_pool_t *pool, ngx_chat_json_t *root,
    ngx_str_t *text);
static void fuzz_value(ngx_pool_t *pool, ngx_chat_json_out_t *o,
    ngx_chat_json_t *node, ngx_uint_t depth);


static ngx_uint_t  fuzz_nodes;


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    ngx_str_t         why, first, second;
    ngx_chat_json_t  *root;

    ngx_str_null(&why);
    root = ngx_chat_json_parse(pool, input, &why);

    if (root == NULL) {
        must(why.len > 0);
        return;
    }

    fuzz_write(pool, root, &first);

    root = ngx_chat_json_parse(pool, &first, &why);
    must(root != NULL);

    fuzz_write(pool, root, &second);
    must(first.len == second.len
         && memcmp(first.data, second.data, first.len) == 0);
}


static void
fuzz_write(ngx_pool_t *pool, ngx_chat_json_t *root, ngx_str_t *text)
{
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(pool);
    must(o != NULL);

    fuzz_nodes = 0;
    must(root->next == NULL && root->key.len == 0);
    fuzz_value(pool, o, root, 0);
    must(fuzz_nodes <= NGX_CHAT_JSON_NODES);

    must(ngx_chat_json_end(o, text) == NGX_OK);
    must(ngx_chat_text_length(text) > 0);
}


static void
fuzz_value(ngx_pool_t *pool, ngx_chat_json_out_t *o, ngx_chat_json_t *node,
    ngx_uint_t depth)
{
    char             *name;
    ngx_chat_json_t  *child;

    fuzz_nodes++;
    must(depth <= NGX_CHAT_JSON_DEPTH);

    /* top and arrays have no names; a name in an object may be empty */

    name = NULL;

    if (node->key.data) {
        must(ngx_strlchr(node->key.data, node->key.data + node->key.len, 0)
             == NULL);

        name = ngx_pcalloc(pool, node->key.len + 1);
        must(name != NULL);
        ngx_memcpy(name, node->key.data, node->key.len);
    }

    switch (node->type) {

    case NGX_CHAT_JSON_NULL:
        ngx_chat_json_null(o, name);
        return;

    case NGX_CHAT_JSON_BOOL:
        ngx_chat_json_bool(o, name, node->value);
        return;

    case NGX_CHAT_JSON_INT:
        ngx_chat_json_int(o, name, node->value);
        return;

    case NGX_CHAT_JSON_NUMBER:
        ngx_chat_json_raw(o, name, &node->str);
        return;

    case NGX_CHAT_JSON_STRING:
        must(ngx_chat_text_length(&node->str) >= 0);
        ngx_chat_json_str(o, name, &node->str);
        return;

    case NGX_CHAT_JSON_ARRAY:
        ngx_chat_json_open_array(o, name);

        for (child = node->first; child; child = child->next) {
            must(child->key.data == NULL);
            fuzz_value(pool, o, child, depth + 1);
        }

        ngx_chat_json_close_array(o);
        return;

    case NGX_CHAT_JSON_OBJECT:
        ngx_chat_json_open(o, name);

        for (child = node->first; child; child = child->next) {
            must(child->key.data != NULL);
            must(ngx_chat_json_member(node, &child->key) == child);
            fuzz_value(pool, o, child, depth + 1);
        }

        ngx_chat_json_close(o);
        return;
    }

    must(!"a type that there is not");
}
