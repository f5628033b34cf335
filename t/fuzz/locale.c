
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Any Accept-Language header finds one of our languages.
 */


#include "fuzz.h"
#include "domain/locale.h"


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    must(ngx_chat_locale_for(input) < NGX_CHAT_LOCALES);
}
