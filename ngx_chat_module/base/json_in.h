
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * JSON from outside: a strict parser (yajl) into a small tree that lives in
 * a pool.  Bounded depth and size, duplicate keys and trailing bytes refused,
 * strings well-formed UTF-8 without NUL.  Any thread may call it.
 */

#ifndef NGX_CHAT_JSON_IN_H
#define NGX_CHAT_JSON_IN_H


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CHAT_JSON_DEPTH    16
#define NGX_CHAT_JSON_NODES    4096
#define NGX_CHAT_JSON_MEMBERS  128      /* of one object */


typedef enum {
    NGX_CHAT_JSON_NULL = 0,
    NGX_CHAT_JSON_BOOL,
    NGX_CHAT_JSON_INT,          /* fits int64_t */
    NGX_CHAT_JSON_NUMBER,       /* any other number, kept as text */
    NGX_CHAT_JSON_STRING,
    NGX_CHAT_JSON_ARRAY,
    NGX_CHAT_JSON_OBJECT
} ngx_chat_json_type_e;


typedef struct ngx_chat_json_s  ngx_chat_json_t;

struct ngx_chat_json_s {
    ngx_chat_json_type_e   type;
    ngx_str_t              key;         /* in an object */
    ngx_str_t              str;         /* STRING, NUMBER */
    int64_t                value;       /* INT, BOOL */
    ngx_chat_json_t       *first;       /* ARRAY, OBJECT */
    ngx_chat_json_t       *next;        /* sibling, in the order of the text */
};


/*
 * Parses one JSON text.  NULL on failure: *why then is a constant phrase for
 * a person ("not valid JSON", "nested too deeply", "a key stands twice",
 * ...), or has zero length when memory is out.  Copies what it keeps.
 */
ngx_chat_json_t *ngx_chat_json_parse(ngx_pool_t *pool, ngx_str_t *text,
    ngx_str_t *why);

/* the member of an object by key, or NULL; NULL for any other type */
ngx_chat_json_t *ngx_chat_json_member(ngx_chat_json_t *object, ngx_str_t *key);


#endif /* NGX_CHAT_JSON_IN_H */
