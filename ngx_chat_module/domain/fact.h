
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a site's backend says of the person who asked for a page: who it is,
 * what is in the cart, what was ordered, and facts of its own.  Each comes in
 * a header field of the answer, as "name=value" pairs between semicolons;
 * values are percent-encoded where need be.  Strict and bounded: a field that
 * is not as it should be is not believed in part.  Pure.
 */

#ifndef NGX_CHAT_FACT_H
#define NGX_CHAT_FACT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/amount.h"


#define NGX_CHAT_FACT_HEADER    1024        /* bytes of a header's value */
#define NGX_CHAT_FACTS_MAX      6           /* facts of one visitor */


typedef struct {
    u_char      name[24];
    u_char      value[72];
} ngx_chat_fact_t;


/* texts are NUL-terminated, an empty one is not known */

typedef struct {
    u_char               user[64];          /* id */
    u_char               name[104];
    u_char               email[128];

    u_char               amount[NGX_CHAT_AMOUNT_LEN];      /* of the cart */
    u_char               currency[4];
    uint16_t             items;
    uint16_t             cart;              /* there is one */

    u_char               order[48];         /* id */
    u_char               order_amount[NGX_CHAT_AMOUNT_LEN];
    u_char               order_currency[4];

    uint16_t             n;
    ngx_chat_fact_t      facts[NGX_CHAT_FACTS_MAX];

    uint16_t             said;              /* NGX_CHAT_FACT_*, of a page */
} ngx_chat_facts_t;


#define NGX_CHAT_FACT_USER   0x01
#define NGX_CHAT_FACT_CART   0x02
#define NGX_CHAT_FACT_ORDER  0x04
#define NGX_CHAT_FACT_OTHER  0x08


/*
 * Whether a header field is one of these, case aside; NGX_CHAT_FACT_* or 0.
 */
ngx_uint_t ngx_chat_fact_header(ngx_str_t *key);

/*
 * Reads a field's value into *facts, in place of what one of the same kind
 * said before; "none" takes a user or a cart back.  NGX_DECLINED when it is
 * malformed: then *facts is as it was.
 */
ngx_int_t ngx_chat_fact_read(ngx_uint_t header, ngx_str_t *value,
    ngx_chat_facts_t *facts);

/* the value of a fact of the backend's own, or NULL */
u_char *ngx_chat_fact_value(ngx_chat_facts_t *facts, ngx_str_t *name);

/* what a page has said goes over what was known */
void ngx_chat_fact_merge(ngx_chat_facts_t *known, ngx_chat_facts_t *said);


#endif /* NGX_CHAT_FACT_H */
