
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * JSON to outside: a thin writer over yajl_gen with a sticky error, so that
 * callers check once at the end.  One writer belongs to one thread; the text
 * grows in the pool, and yajl's own memory is freed at the end.
 */

#ifndef NGX_CHAT_JSON_OUT_H
#define NGX_CHAT_JSON_OUT_H


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct ngx_chat_json_out_s  ngx_chat_json_out_t;


/* NULL when memory is out; freed by _end() or with the pool */
ngx_chat_json_out_t *ngx_chat_json_out(ngx_pool_t *pool);

/* name is the key, or NULL inside an array and at the top */
void ngx_chat_json_open(ngx_chat_json_out_t *o, const char *name);
void ngx_chat_json_close(ngx_chat_json_out_t *o);
void ngx_chat_json_open_array(ngx_chat_json_out_t *o, const char *name);
void ngx_chat_json_close_array(ngx_chat_json_out_t *o);
void ngx_chat_json_str(ngx_chat_json_out_t *o, const char *name, ngx_str_t *s);
void ngx_chat_json_chars(ngx_chat_json_out_t *o, const char *name,
    const char *s);
void ngx_chat_json_int(ngx_chat_json_out_t *o, const char *name, int64_t n);
void ngx_chat_json_bool(ngx_chat_json_out_t *o, const char *name,
    ngx_uint_t on);
void ngx_chat_json_null(ngx_chat_json_out_t *o, const char *name);

/*
 * The name at index of a table that an empty one ends, as a string; an index
 * beyond the table is a failure, and so is a gap in it, "\0".
 */
void ngx_chat_json_enum(ngx_chat_json_out_t *o, const char *name,
    ngx_str_t *names, ngx_uint_t index);

/* a complete JSON value that was rendered before, put in as it is */
void ngx_chat_json_raw(ngx_chat_json_out_t *o, const char *name, ngx_str_t *s);

/*
 * Ends the writer: *text is the JSON in the pool.  NGX_ERROR when at any
 * earlier call memory was out or a string was not UTF-8, or when the text is
 * not complete; *text is empty then.
 */
ngx_int_t ngx_chat_json_end(ngx_chat_json_out_t *o, ngx_str_t *text);


#endif /* NGX_CHAT_JSON_OUT_H */
