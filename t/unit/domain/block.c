
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "domain/block.h"


static const char *block_as_read(const char *text);


/* what is written of what was read, or why it was not */

static const char *
block_as_read(const char *text)
{
    ngx_int_t             rc;
    ngx_str_t             s, out;
    ngx_chat_block_key_t  key;

    static u_char  buf[NGX_CHAT_BLOCK_TEXT_MAX + 1];

    s.data = (u_char *) text;
    s.len = strlen(text);

    rc = ngx_chat_block_key_parse(&key, &s);

    if (rc == NGX_DECLINED) {
        return "none";
    }

    if (rc == NGX_ABORT) {
        return "too wide";
    }

    out.data = buf;
    ngx_chat_block_key_text(&key, &out);
    buf[out.len] = '\0';

    return (const char *) buf;
}


UNIT_TEST(a_network_is_read_and_written)
{
    ngx_uint_t  i;

    static struct {
        const char  *text;
        const char  *read;
    } cases[] = {
        { "203.0.113.7", "203.0.113.7" },
        { "203.0.113.7/32", "203.0.113.7" },
        { "203.0.113.7/24", "203.0.113.0/24" },
        { "203.0.113.0/24", "203.0.113.0/24" },
        { "10.0.0.0/8", "10.0.0.0/8" },
        { "2001:db8::1", "2001:db8::1" },
        { "2001:DB8::1/128", "2001:db8::1" },
        { "2001:db8:1:2:3:4:5:6/64", "2001:db8:1:2::/64" },
        { "2001:db8::/33", "2001:db8::/33" },
        { "2001::/16", "2001::/16" },

        /* one kind of key */
        { "::ffff:203.0.113.7", "203.0.113.7" },
        { "::ffff:203.0.113.7/120", "203.0.113.0/24" },

        { "10.0.0.0/7", "too wide" },
        { "0.0.0.0/0", "too wide" },
        { "::/0", "too wide" },
        { "::/16", "too wide" },
        { "::/80", "too wide" },
        { "::ffff:0:0/96", "too wide" },
        { "::ffff:10.0.0.0/103", "too wide" },
        { "2000::/15", "too wide" },
        { "::ffff:10.0.0.0/104", "10.0.0.0/8" },
        { "::1", "::1" },

        { "", "none" },
        { "/", "none" },
        { "/8", "none" },
        { "10.0.0.0/", "none" },
        { "10.0.0.0/33", "none" },
        { "10.0.0.0/-1", "none" },
        { "10.0.0.0/+8", "none" },
        { "10.0.0.0/8 ", "none" },
        { "10.0.0.0/0000008", "none" },
        { "10.0.0.0/8/8", "none" },
        { "10.0.0", "none" },
        { "10.0.0.256", "none" },
        { "255.255.255.255", "none" },
        { "::ffff:ffff:ffff", "none" },
        { "2001:db8::/129", "none" },
        { "2001:db8:::", "none" },
        { "2001:db8::1%eth0", "none" },
        { "1:2:3:4:5:6:7:8:9", "none" },
        { "0000000000000000000000000000000000000000000000001::", "none" },
        { "localhost", "none" },
        { NULL, NULL }
    };

    for (i = 0; cases[i].text; i++) {
        is_cstr(block_as_read(cases[i].text), cases[i].read, cases[i].text);
    }
}


UNIT_TEST(a_client_is_the_same_whichever_way_it_came)
{
    struct sockaddr_in    sin;
    struct sockaddr_un    sun;
    struct sockaddr_in6   sin6;
    ngx_chat_block_key_t  four, six;

    memset(&sin, 0, sizeof(sin));
    sin.sin_family = AF_INET;
    sin.sin_addr.s_addr = inet_addr("203.0.113.7");

    memset(&sin6, 0, sizeof(sin6));
    sin6.sin6_family = AF_INET6;
    memcpy(sin6.sin6_addr.s6_addr, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xcb\0\x71\7",
           16);

    memset(&sun, 0, sizeof(sun));
    sun.sun_family = AF_UNIX;

    is_int(ngx_chat_block_key_sockaddr(&four, (struct sockaddr *) &sin),
           NGX_OK, "IPv4");
    is_int(ngx_chat_block_key_sockaddr(&six, (struct sockaddr *) &sin6),
           NGX_OK, "IPv4 in IPv6");
    ok(four.word[0] == six.word[0] && four.word[1] == six.word[1]
       && four.length == six.length, "the same");
    is_int(ngx_chat_block_key_sockaddr(&six, (struct sockaddr *) &sun),
           NGX_DECLINED, "a UNIX socket has no address");
}


UNIT_TEST(bits_are_dropped_and_given_back)
{
    u_char                in[16], out[16];
    ngx_uint_t            length, i, bit;
    ngx_chat_block_key_t  key;

    memset(in, 0xff, sizeof(in));

    for (length = 0; length <= 128; length++) {
        ngx_chat_block_key_bytes(&key, in, 128);
        ngx_chat_block_key_mask(&key, length);
        ngx_chat_block_key_out(&key, out);

        for (i = 0; i < 128; i++) {
            bit = out[i / 8] >> (7 - i % 8) & 1;

            if (bit != (i < length)) {
                break;
            }
        }

        if (i != 128 || key.length != length) {
            break;
        }
    }

    is_int(length, 129, "all prefixes from 0 to 128");
}


UNIT_TEST(a_block_ends_on_time)
{
    ngx_chat_block_t  block;

    memset(&block, 0, sizeof(block));

    ok(ngx_chat_block_active(&block, 1000), "for good");

    block.expires_at = 1000;

    ok(ngx_chat_block_active(&block, 999), "until");
    ok(!ngx_chat_block_active(&block, 1000), "to the millisecond");

    block.expires_at = 0;
    block.lifted_at = 5;

    ok(!ngx_chat_block_active(&block, 1000), "lifted");
}


UNIT_TEST(a_network_is_for_supervisors)
{
    ok(ngx_chat_block_allowed(NGX_CHAT_ROLE_AGENT, NGX_CHAT_BLOCK_VISITOR),
       "an agent blocks a visitor");
    ok(!ngx_chat_block_allowed(NGX_CHAT_ROLE_AGENT, NGX_CHAT_BLOCK_NETWORK),
       "but no network");
    ok(ngx_chat_block_allowed(NGX_CHAT_ROLE_SUPERVISOR,
                              NGX_CHAT_BLOCK_NETWORK), "a supervisor does");
    ok(ngx_chat_block_allowed(NGX_CHAT_ROLE_ADMIN, NGX_CHAT_BLOCK_NETWORK),
       "and an administrator");
}


UNIT_TEST(a_block_is_shown)
{
    ngx_str_t             text;
    ngx_str_t             network = ngx_string("203.0.113.9/24");
    ngx_chat_block_t      block;
    ngx_chat_json_out_t  *o;

    memset(&block, 0, sizeof(block));

    block.id = 7;
    block.kind = NGX_CHAT_BLOCK_NETWORK;
    block.mode = NGX_CHAT_BLOCK_CLOSE;
    block.author = 3;
    ngx_str_set(&block.author_name, "Ada");
    ngx_str_set(&block.reason, "spam");
    block.created_at = 10;
    block.expires_at = 20;

    (void) ngx_chat_block_key_parse(&block.key, &network);

    o = ngx_chat_json_out(pool);
    ngx_chat_block_json(o, NULL, &block, 5, 15);

    is_int(ngx_chat_json_end(o, &text), NGX_OK, "a network");
    is_str(&text, "{\"id\":7,\"kind\":\"network\",\"mode\":\"close\","
           "\"visitor\":null,\"network\":\"203.0.113.0/24\","
           "\"conversation\":null,\"reason\":\"spam\",\"active\":true,"
           "\"met\":5,\"author\":{\"id\":3,\"name\":\"Ada\"},"
           "\"created_at\":10,\"expires_at\":20,\"lifted_at\":null,"
           "\"lifted_by\":null}", "as the contract says");

    block.kind = NGX_CHAT_BLOCK_VISITOR;
    block.mode = NGX_CHAT_BLOCK_GHOST;
    block.visitor = 12;
    block.conversation = 34;
    block.lifted_at = 12;
    block.lifted_by = 3;
    ngx_str_set(&block.lifted_by_name, "Ada");

    o = ngx_chat_json_out(pool);
    ngx_chat_block_json(o, NULL, &block, 0, 15);

    is_int(ngx_chat_json_end(o, &text), NGX_OK, "a visitor");
    is_str(&text, "{\"id\":7,\"kind\":\"visitor\",\"mode\":\"ghost\","
           "\"visitor\":{\"id\":12,\"name\":null},\"network\":null,"
           "\"conversation\":34,\"reason\":\"spam\",\"active\":false,"
           "\"met\":0,\"author\":{\"id\":3,\"name\":\"Ada\"},"
           "\"created_at\":10,\"expires_at\":20,\"lifted_at\":12,"
           "\"lifted_by\":{\"id\":3,\"name\":\"Ada\"}}", "lifted");
}


UNIT_TEST(what_is_left_of_an_address)
{
    ngx_uint_t            i;
    ngx_str_t             whole, left;
    u_char                text[NGX_CHAT_BLOCK_TEXT_MAX];
    ngx_chat_block_key_t  key;

    static const char  *pairs[][2] = {
        { "203.0.113.77", "203.0.113.0/24" },
        { "::ffff:203.0.113.77", "203.0.113.0/24" },
        { "2001:db8:7:1::5", "2001:db8:7::/48" },
        { "::1", "::/48" },
    };

    for (i = 0; i < 4; i++) {
        whole.data = (u_char *) pairs[i][0];
        whole.len = strlen(pairs[i][0]);
        left.data = text;
        left.len = 0;

        is_int(ngx_chat_block_key_parse(&key, &whole), NGX_OK, pairs[i][0]);
        ngx_chat_block_key_truncate(&key);
        ngx_chat_block_key_text(&key, &left);

        ok(left.len == strlen(pairs[i][1])
           && memcmp(left.data, pairs[i][1], left.len) == 0,
           "its network: %.*s", (int) left.len, (char *) left.data);
    }
}
