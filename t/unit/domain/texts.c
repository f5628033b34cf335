
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/json_in.h"
#include "base/text.h"
#include "domain/texts.h"


UNIT_TEST(words)
{
    ngx_uint_t             i, j;
    ngx_str_t              text, why, key;
    ngx_chat_json_t       *root, *node;
    ngx_chat_json_out_t   *o;

    static const char  *keys[] = { "title", "welcome", "away" };

    for (i = 0; i < NGX_CHAT_LOCALES; i++) {
        o = ngx_chat_json_out(pool);
        ngx_chat_texts_json(o, NULL, &ngx_chat_texts[i]);

        if (!is_int(ngx_chat_json_end(o, &text), NGX_OK, "written")) {
            return;
        }

        root = ngx_chat_json_parse(pool, &text, &why);

        for (j = 0; j < 3; j++) {
            key.data = (u_char *) keys[j];
            key.len = strlen(keys[j]);
            node = ngx_chat_json_member(root, &key);

            ok(node && node->str.len > 5
               && ngx_chat_text_printable(&node->str, 1),
               "%s: %s", ngx_chat_locales[i], keys[j]);
        }

        ok(node->next == NULL, "no other");
    }

    ngx_str_set(&text, "fr");
    i = ngx_chat_locale_for(&text);
    ok(strstr((char *) ngx_chat_texts[i].welcome.data,
              "Bonjour\xe2\x80\xaf!") != NULL,
       "a narrow space before a French mark");
}
