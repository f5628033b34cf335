
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/texts.h"


/* French wants a narrow no-break space before "!" and "?" */

#define NGX_CHAT_NNBSP  "\xe2\x80\xaf"


ngx_chat_texts_t  ngx_chat_texts[NGX_CHAT_LOCALES] = {

    { ngx_string("Chat with us"),
      ngx_string("Hello! How can we help you?"),
      ngx_string("Nobody is here right now. Leave us a message, and we will "
                 "answer as soon as we are back.") },

    { ngx_string("Discutons ensemble"),
      ngx_string("Bonjour" NGX_CHAT_NNBSP "! Comment pouvons-nous vous aider"
                 NGX_CHAT_NNBSP "?"),
      ngx_string("Nous sommes absents pour le moment. Laissez-nous un "
                 "message, nous vous répondrons dès notre retour.") },

    { ngx_string("Chatten Sie mit uns"),
      ngx_string("Guten Tag! Wie können wir Ihnen helfen?"),
      ngx_string("Zurzeit ist niemand hier. Hinterlassen Sie uns eine "
                 "Nachricht, wir antworten, sobald wir zurück sind.") }
};


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
    ngx_uint_t  i;

    ngx_chat_json_open(o, name);

    for (i = 0; i < NGX_CHAT_LOCALES; i++) {
        ngx_chat_texts_json(o, ngx_chat_locales[i], &ngx_chat_texts[i]);
    }

    ngx_chat_json_close(o);
}
