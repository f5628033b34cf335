
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Any Accept-Language header finds texts in one of our languages.
 */


#include "fuzz.h"
#include "domain/texts.h"


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    ngx_chat_texts_t  *texts;

    texts = ngx_chat_texts_for(input);

    must(texts->locale.len == 2);
    must(texts->title.len && texts->welcome.len && texts->away.len);
}
