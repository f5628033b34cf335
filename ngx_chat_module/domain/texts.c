
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "base/header.h"
#include "domain/texts.h"


/* French wants a narrow no-break space before "!" and "?" */

#define NGX_CHAT_NNBSP  "\xe2\x80\xaf"


static ngx_chat_texts_t *ngx_chat_texts_find(ngx_str_t *range);


/* the first is for everybody whose language is not here */

static ngx_chat_texts_t  ngx_chat_texts[] = {

    { ngx_string("en"),
      ngx_string("Chat with us"),
      ngx_string("Hello! How can we help you?"),
      ngx_string("Nobody is here right now. Leave us a message, and we will "
                 "answer as soon as we are back.") },

    { ngx_string("fr"),
      ngx_string("Discutons ensemble"),
      ngx_string("Bonjour" NGX_CHAT_NNBSP "! Comment pouvons-nous vous aider"
                 NGX_CHAT_NNBSP "?"),
      ngx_string("Nous sommes absents pour le moment. Laissez-nous un "
                 "message, nous vous répondrons dès notre retour.") },

    { ngx_string("de"),
      ngx_string("Chatten Sie mit uns"),
      ngx_string("Guten Tag! Wie können wir Ihnen helfen?"),
      ngx_string("Zurzeit ist niemand hier. Hinterlassen Sie uns eine "
                 "Nachricht, wir antworten, sobald wir zurück sind.") },

    { ngx_null_string,
      ngx_null_string,
      ngx_null_string,
      ngx_null_string }
};


/* a plain tag is a header with one item */

ngx_chat_texts_t *
ngx_chat_texts_for(ngx_str_t *locale)
{
    ngx_int_t          weight, best;
    ngx_str_t          rest, range;
    ngx_chat_texts_t  *texts, *found;

    best = 0;
    found = &ngx_chat_texts[0];
    rest = *locale;

    while (rest.len) {
        weight = ngx_chat_header_item(&rest, &range);

        /* the first one of equals wins, and weight 0 never does */

        if (weight <= best) {
            continue;
        }

        texts = ngx_chat_texts_find(&range);

        if (texts) {
            best = weight;
            found = texts;
        }
    }

    return found;
}


void
ngx_chat_texts_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_texts_t *texts)
{
    ngx_chat_json_open(o, name);

    ngx_chat_json_str(o, "title", &texts->title);
    ngx_chat_json_str(o, "welcome", &texts->welcome);
    ngx_chat_json_str(o, "away", &texts->away);

    ngx_chat_json_close(o);
}


void
ngx_chat_texts_all_json(ngx_chat_json_out_t *o, const char *name)
{
    ngx_chat_texts_t  *texts;

    ngx_chat_json_open(o, name);

    for (texts = ngx_chat_texts; texts->locale.len; texts++) {
        ngx_chat_texts_json(o, (char *) texts->locale.data, texts);
    }

    ngx_chat_json_close(o);
}


/* the language must match, its regions and scripts need not */

static ngx_chat_texts_t *
ngx_chat_texts_find(ngx_str_t *range)
{
    size_t             len;
    ngx_chat_texts_t  *texts;

    if (range->len == 1 && range->data[0] == '*') {
        return &ngx_chat_texts[0];
    }

    for (texts = ngx_chat_texts; texts->locale.len; texts++) {

        len = texts->locale.len;

        if (range->len < len
            || ngx_strncasecmp(range->data, texts->locale.data, len) != 0)
        {
            continue;
        }

        if (range->len == len || range->data[len] == '-') {
            return texts;
        }
    }

    return NULL;
}
