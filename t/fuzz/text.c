
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Any bytes as text: the functions agree with each other.
 */


#include "fuzz.h"
#include "base/text.h"


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    ngx_int_t   n, cut;
    ngx_str_t   s, lines;
    ngx_uint_t  at;

    n = ngx_chat_text_length(input);

    if (n == NGX_ERROR) {
        must(!ngx_chat_text_printable(input, 0));
        must(!ngx_chat_text_printable(input, 1));
        must(!ngx_chat_text_blank(input));
        return;
    }

    must((size_t) n <= input->len && input->len <= (size_t) n * 4);
    must(n > 0 || ngx_chat_text_blank(input));
    must(!ngx_chat_text_printable(input, 1)
         || ngx_chat_text_printable(input, 0));

    for (at = 0; at <= (ngx_uint_t) n + 1 && at < 64; at++) {
        s = *input;
        ngx_chat_text_cut(&s, at);
        cut = ngx_chat_text_length(&s);
        must(cut == ngx_min(n, (ngx_int_t) at));
    }

    lines = *input;
    ngx_chat_text_newlines(&lines);
    must(lines.len <= input->len);
    must(ngx_strlchr(lines.data, lines.data + lines.len, CR) == NULL);
    must(ngx_chat_text_length(&lines) <= n);

    s = lines;
    ngx_chat_text_newlines(&s);
    must(s.len == lines.len);
}
