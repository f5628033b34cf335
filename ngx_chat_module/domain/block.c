
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/block.h"


#define NGX_CHAT_BLOCK_MAPPED    96     /* bits of ::ffff:0:0 */

#define NGX_CHAT_BLOCK_WIDEST_4  8
#define NGX_CHAT_BLOCK_WIDEST_6  16


static ngx_int_t ngx_chat_block_key_inet(ngx_chat_block_key_t *key,
    ngx_str_t *text);
static ngx_uint_t ngx_chat_block_key_mapped(ngx_chat_block_key_t *key);
static ngx_uint_t ngx_chat_block_key_too_wide(ngx_chat_block_key_t *key);
static void ngx_chat_block_visitor_json(ngx_chat_json_out_t *o,
    ngx_chat_block_t *block);
static void ngx_chat_block_time_json(ngx_chat_json_out_t *o,
    const char *name, int64_t at);


ngx_str_t  ngx_chat_block_kind_names[] = {
    ngx_string("\0"),
    ngx_string("visitor"),
    ngx_string("network"),
    ngx_null_string
};


ngx_str_t  ngx_chat_block_mode_names[] = {
    ngx_string("\0"),
    ngx_string("ghost"),
    ngx_string("refuse"),
    ngx_string("close"),
    ngx_null_string
};


static u_char  ngx_chat_block_prefix[NGX_CHAT_BLOCK_KEY_LEN] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0
};


void
ngx_chat_block_key_bytes(ngx_chat_block_key_t *key,
    u_char bytes[NGX_CHAT_BLOCK_KEY_LEN], ngx_uint_t length)
{
    uint32_t    part[NGX_CHAT_BLOCK_KEY_LEN / 4];
    ngx_uint_t  i;

    /* each page view and each message has one: four steps, not sixteen */

    ngx_memcpy(part, bytes, NGX_CHAT_BLOCK_KEY_LEN);

    for (i = 0; i < 2; i++) {
        key->word[i] = (uint64_t) ntohl(part[2 * i]) << 32
                       | ntohl(part[2 * i + 1]);
    }

    key->length = (uint32_t) length;
}


void
ngx_chat_block_key_out(ngx_chat_block_key_t *key,
    u_char bytes[NGX_CHAT_BLOCK_KEY_LEN])
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_BLOCK_KEY_LEN; i++) {
        bytes[i] = (u_char) (key->word[i / 8] >> (56 - i % 8 * 8));
    }
}


ngx_int_t
ngx_chat_block_key_sockaddr(ngx_chat_block_key_t *key,
    struct sockaddr *sockaddr)
{
    u_char                bytes[NGX_CHAT_BLOCK_KEY_LEN];
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    switch (sockaddr->sa_family) {

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) sockaddr;
        ngx_chat_block_key_bytes(key, sin6->sin6_addr.s6_addr, 128);
        return NGX_OK;
#endif

    case AF_INET:
        sin = (struct sockaddr_in *) sockaddr;
        ngx_memcpy(bytes, ngx_chat_block_prefix, 12);
        ngx_memcpy(bytes + 12, &sin->sin_addr.s_addr, 4);
        ngx_chat_block_key_bytes(key, bytes, 128);
        return NGX_OK;
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_chat_block_key_parse(ngx_chat_block_key_t *key, ngx_str_t *text)
{
    u_char      *slash;
    ngx_int_t    bits;
    ngx_str_t    address, length;
    ngx_uint_t   ipv4, most;

    address = *text;
    bits = -1;

    slash = ngx_strlchr(text->data, text->data + text->len, '/');

    if (slash) {
        address.len = slash - text->data;
        length.data = slash + 1;
        length.len = text->len - address.len - 1;

        bits = ngx_atoi(length.data, length.len);

        if (bits == NGX_ERROR || length.len > 3) {
            return NGX_DECLINED;
        }
    }

    if (ngx_chat_block_key_inet(key, &address) != NGX_OK) {
        return NGX_DECLINED;
    }

    ipv4 = ngx_strlchr(address.data, address.data + address.len, ':') == NULL;
    most = ipv4 ? 32 : 128;

    if (bits == -1) {
        bits = most;
    }

    if ((ngx_uint_t) bits > most) {
        return NGX_DECLINED;
    }

    ngx_chat_block_key_mask(key, ipv4 ? NGX_CHAT_BLOCK_MAPPED + bits : bits);

    return ngx_chat_block_key_too_wide(key) ? NGX_ABORT : NGX_OK;
}


static ngx_int_t
ngx_chat_block_key_inet(ngx_chat_block_key_t *key, ngx_str_t *text)
{
    u_char     bytes[NGX_CHAT_BLOCK_KEY_LEN];
    in_addr_t  inet, none;

    if (ngx_strlchr(text->data, text->data + text->len, ':')) {

        if (text->len >= INET6_ADDRSTRLEN
            || ngx_inet6_addr(text->data, text->len, bytes) != NGX_OK)
        {
            return NGX_DECLINED;
        }

    } else {
        inet = ngx_inet_addr(text->data, text->len);

        ngx_memcpy(bytes, ngx_chat_block_prefix, 12);
        ngx_memcpy(bytes + 12, &inet, 4);
    }

    /* 255.255.255.255 looks like a failure, and is nobody's address */

    none = INADDR_NONE;

    if (ngx_memcmp(bytes, ngx_chat_block_prefix, 12) == 0
        && ngx_memcmp(bytes + 12, &none, 4) == 0)
    {
        return NGX_DECLINED;
    }

    ngx_chat_block_key_bytes(key, bytes, 128);

    return NGX_OK;
}


/* also by IPv4's place in IPv6, or by what that is a part of */

static ngx_uint_t
ngx_chat_block_key_too_wide(ngx_chat_block_key_t *key)
{
    ngx_chat_block_key_t  ipv4, start;

    ngx_chat_block_key_bytes(&ipv4, ngx_chat_block_prefix, 128);

    start = *key;

    ngx_chat_block_key_mask(&ipv4, ngx_min(key->length,
                                           NGX_CHAT_BLOCK_MAPPED));
    ngx_chat_block_key_mask(&start, ipv4.length);

    if (start.word[0] == ipv4.word[0] && start.word[1] == ipv4.word[1]) {
        return key->length < NGX_CHAT_BLOCK_MAPPED + NGX_CHAT_BLOCK_WIDEST_4;
    }

    return key->length < NGX_CHAT_BLOCK_WIDEST_6;
}


static ngx_uint_t
ngx_chat_block_key_mapped(ngx_chat_block_key_t *key)
{
    return key->length >= NGX_CHAT_BLOCK_MAPPED
           && key->word[0] == 0
           && key->word[1] >> 32 == 0xffff;
}


void
ngx_chat_block_key_mask(ngx_chat_block_key_t *key, ngx_uint_t length)
{
    key->length = (uint32_t) length;

    if (length < 64) {
        key->word[0] &= length ? ~(uint64_t) 0 << (64 - length) : 0;
        key->word[1] = 0;

    } else if (length < 128) {
        key->word[1] &= length > 64 ? ~(uint64_t) 0 << (128 - length) : 0;
    }
}


void
ngx_chat_block_key_truncate(ngx_chat_block_key_t *key)
{
    ngx_chat_block_key_mask(key, ngx_chat_block_key_mapped(key)
                                 ? NGX_CHAT_BLOCK_MAPPED + 24 : 48);
}


void
ngx_chat_block_key_text(ngx_chat_block_key_t *key, ngx_str_t *text)
{
    u_char      *p, bytes[NGX_CHAT_BLOCK_KEY_LEN];
    ngx_uint_t   length;

    ngx_chat_block_key_out(key, bytes);

    p = text->data;
    length = key->length;

    if (ngx_chat_block_key_mapped(key)) {
        p = ngx_sprintf(p, "%ud.%ud.%ud.%ud", bytes[12], bytes[13], bytes[14],
                        bytes[15]);
        length -= NGX_CHAT_BLOCK_MAPPED;

    } else {
        p += ngx_inet6_ntop(bytes, p, INET6_ADDRSTRLEN);
    }

    /* a whole address needs no length */

    if (key->length < 128) {
        p = ngx_sprintf(p, "/%ui", length);
    }

    text->len = p - text->data;
}


ngx_uint_t
ngx_chat_block_active(ngx_chat_block_t *block, int64_t now)
{
    return block->lifted_at == 0
           && (block->expires_at == 0 || now < block->expires_at);
}


ngx_uint_t
ngx_chat_block_allowed(ngx_chat_role_e role, ngx_chat_block_kind_e kind)
{
    return role >= (kind == NGX_CHAT_BLOCK_VISITOR ? NGX_CHAT_ROLE_AGENT
                                                   : NGX_CHAT_ROLE_SUPERVISOR);
}


void
ngx_chat_block_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_block_t *block, uint64_t met, int64_t now)
{
    u_char     buf[NGX_CHAT_BLOCK_TEXT_MAX];
    ngx_str_t  text;

    ngx_chat_json_open(o, name);

    ngx_chat_json_int(o, "id", block->id);
    ngx_chat_json_enum(o, "kind", ngx_chat_block_kind_names, block->kind);
    ngx_chat_json_enum(o, "mode", ngx_chat_block_mode_names, block->mode);

    if (block->kind == NGX_CHAT_BLOCK_NETWORK) {
        text.data = buf;
        ngx_chat_block_key_text(&block->key, &text);

        ngx_chat_json_null(o, "visitor");
        ngx_chat_json_str(o, "network", &text);

    } else {
        ngx_chat_block_visitor_json(o, block);
        ngx_chat_json_null(o, "network");
    }

    if (block->conversation) {
        ngx_chat_json_int(o, "conversation", block->conversation);

    } else {
        ngx_chat_json_null(o, "conversation");
    }

    ngx_chat_json_str(o, "reason", &block->reason);
    ngx_chat_json_bool(o, "active", ngx_chat_block_active(block, now));
    ngx_chat_json_int(o, "met", (int64_t) met);
    ngx_chat_operator_ref_json(o, "author", block->author,
                               &block->author_name);
    ngx_chat_json_int(o, "created_at", block->created_at);
    ngx_chat_block_time_json(o, "expires_at", block->expires_at);
    ngx_chat_block_time_json(o, "lifted_at", block->lifted_at);
    ngx_chat_operator_ref_json(o, "lifted_by", block->lifted_by,
                               &block->lifted_by_name);

    ngx_chat_json_close(o);
}


static void
ngx_chat_block_visitor_json(ngx_chat_json_out_t *o, ngx_chat_block_t *block)
{
    ngx_chat_json_open(o, "visitor");
    ngx_chat_json_int(o, "id", block->visitor);

    if (block->visitor_name.len) {
        ngx_chat_json_str(o, "name", &block->visitor_name);

    } else {
        ngx_chat_json_null(o, "name");
    }

    ngx_chat_json_close(o);
}


static void
ngx_chat_block_time_json(ngx_chat_json_out_t *o, const char *name, int64_t at)
{
    if (at) {
        ngx_chat_json_int(o, name, at);

    } else {
        ngx_chat_json_null(o, name);
    }
}
