
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A network as somebody writes it: what is taken is written back as text that
 * means the same.  nginx writes the last bytes of some IPv6 addresses as those
 * of IPv4 ("::255.255.255.255"), and does not read that: people see it, the
 * bytes are what is stored.
 */


#include "fuzz.h"
#include "domain/block.h"


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    u_char                buffer[NGX_CHAT_BLOCK_TEXT_MAX];
    ngx_int_t             rc;
    ngx_str_t             text;
    ngx_chat_block_key_t  key, again;

    memset(&key, 0, sizeof(key));
    memset(&again, 0, sizeof(again));

    rc = ngx_chat_block_key_parse(&key, input);

    must(rc == NGX_OK || rc == NGX_DECLINED || rc == NGX_ABORT);

    if (rc != NGX_OK) {
        return;
    }

    text.data = buffer;
    text.len = 0;

    ngx_chat_block_key_text(&key, &text);

    must(text.len && text.len <= NGX_CHAT_BLOCK_TEXT_MAX);

    if (ngx_strlchr(text.data, text.data + text.len, ':')
        && ngx_strlchr(text.data, text.data + text.len, '.'))
    {
        return;
    }

    must(ngx_chat_block_key_parse(&again, &text) == NGX_OK);
    must(memcmp(&key, &again, sizeof(key)) == 0);
}
