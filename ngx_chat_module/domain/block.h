
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Who is kept out: a visitor, or a network of addresses, in one of three
 * modes, until a time or for good.  Addresses of both families are one kind
 * of key: IPv4 stands in IPv6 as ::ffff:0:0/96, so that a client is the same
 * whichever way it came.  Pure; any thread.
 */

#ifndef NGX_CHAT_BLOCK_H
#define NGX_CHAT_BLOCK_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/json_out.h"
#include "domain/operator.h"


/* stored in the database: never renumber */

typedef enum {
    NGX_CHAT_BLOCK_VISITOR = 1,
    NGX_CHAT_BLOCK_NETWORK = 2
} ngx_chat_block_kind_e;


/* the stricter, the higher: of all that match, the highest acts */

typedef enum {
    NGX_CHAT_BLOCK_NONE = 0,
    NGX_CHAT_BLOCK_GHOST = 1,       /* sees itself, is seen by nobody */
    NGX_CHAT_BLOCK_REFUSE = 2,      /* 403 */
    NGX_CHAT_BLOCK_CLOSE = 3        /* 444: no answer at all */
} ngx_chat_block_mode_e;


/* names as in the API, by the enums (index 0 is a name that nobody can
   send); len == 0 ends */
extern ngx_str_t  ngx_chat_block_kind_names[];
extern ngx_str_t  ngx_chat_block_mode_names[];


#define NGX_CHAT_BLOCK_KEY_LEN  16      /* bytes */

/* .length of a visitor's key, which no network has */
#define NGX_CHAT_BLOCK_WHOLE    255

/* a text of a network: 8 groups, colons, "/128" */
#define NGX_CHAT_BLOCK_TEXT_MAX  64


/* the uid or the address, most significant bit first, the rest is zero */

typedef struct {
    uint64_t    word[2];
    uint32_t    length;             /* bits of a network's prefix, 0 to 128 */
} ngx_chat_block_key_t;


typedef struct {
    int64_t                  id;
    int64_t                  changed;       /* in the order of all changes */
    ngx_chat_block_kind_e    kind;
    ngx_chat_block_mode_e    mode;
    ngx_chat_block_key_t     key;
    int64_t                  visitor;       /* row; 0: a network */
    uint64_t                 topic;         /* the visitor's; 0 */
    ngx_str_t                visitor_name;  /* may be empty */
    int64_t                  conversation;  /* it came from there; 0: none */
    ngx_str_t                reason;        /* may be empty */
    int64_t                  author;
    ngx_str_t                author_name;
    int64_t                  created_at;    /* ms */
    int64_t                  expires_at;    /* ms; 0: never */
    int64_t                  lifted_at;     /* ms; 0: not */
    int64_t                  lifted_by;     /* operator; 0 */
    ngx_str_t                lifted_by_name;
} ngx_chat_block_t;


/* of a visitor's uid, or of an address, of which so many bits count */
void ngx_chat_block_key_bytes(ngx_chat_block_key_t *key,
    u_char bytes[NGX_CHAT_BLOCK_KEY_LEN], ngx_uint_t length);

/* the 16 bytes back */
void ngx_chat_block_key_out(ngx_chat_block_key_t *key,
    u_char bytes[NGX_CHAT_BLOCK_KEY_LEN]);

/* NGX_DECLINED: not an address of the internet (a UNIX socket) */
ngx_int_t ngx_chat_block_key_sockaddr(ngx_chat_block_key_t *key,
    struct sockaddr *sockaddr);

/*
 * "203.0.113.7", "203.0.113.0/24", "2001:db8::/32"; bits beyond the prefix
 * are dropped.  NGX_DECLINED: it is none; NGX_ABORT: so wide that it takes in
 * a large part of the internet (IPv4 below /8, IPv6 below /16, or all of
 * IPv4 by its place in IPv6).
 */
ngx_int_t ngx_chat_block_key_parse(ngx_chat_block_key_t *key,
    ngx_str_t *text);

/* as it is written; *text.data has room for NGX_CHAT_BLOCK_TEXT_MAX */
void ngx_chat_block_key_text(ngx_chat_block_key_t *key, ngx_str_t *text);

/* the network that an address is in: keeps so many bits */
void ngx_chat_block_key_mask(ngx_chat_block_key_t *key, ngx_uint_t length);

/* the same without what names the household: 24 bits of IPv4, 48 of IPv6 */
void ngx_chat_block_key_truncate(ngx_chat_block_key_t *key);

/* whether it acts at this time */
ngx_uint_t ngx_chat_block_active(ngx_chat_block_t *block, int64_t now);

/*
 * Whether an operator may make or lift it.  A visitor is one person, whom
 * any operator may block; a network may be a town.
 */
ngx_uint_t ngx_chat_block_allowed(ngx_chat_role_e role,
    ngx_chat_block_kind_e kind);

/* met: the requests that it has met since it is in memory */
void ngx_chat_block_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_block_t *block, uint64_t met, int64_t now);


#endif /* NGX_CHAT_BLOCK_H */
