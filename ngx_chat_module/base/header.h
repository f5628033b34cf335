
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The values of request headers, as far as the module reads them itself.  All
 * functions are pure and copy nothing; any thread may call them.
 */

#ifndef NGX_CHAT_HEADER_H
#define NGX_CHAT_HEADER_H


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Takes the first item off a list such as "de-AT;q=0.8, en".  Returns its
 * weight in thousandths: 1000 without one, 0 when it is malformed.  The value
 * may be empty; it is a part of the list.
 */
ngx_int_t ngx_chat_header_item(ngx_str_t *list, ngx_str_t *value);

/*
 * The weight of what a list names, case aside, by its first item of that name;
 * 0 when it is not named.  NULL is a header that is not there.
 */
ngx_int_t ngx_chat_header_weight(ngx_str_t *list, ngx_str_t *name);

/* whether a value is this one, case and parameters aside */
ngx_uint_t ngx_chat_header_is(ngx_str_t *value, ngx_str_t *expected);

/* what stands behind "Bearer "; NGX_DECLINED for another scheme */
ngx_int_t ngx_chat_header_bearer(ngx_str_t *value, ngx_str_t *token);

/* whether an origin, "scheme://host:port", is of this "host:port" */
ngx_uint_t ngx_chat_header_origin(ngx_str_t *origin, ngx_str_t *host);


#endif /* NGX_CHAT_HEADER_H */
