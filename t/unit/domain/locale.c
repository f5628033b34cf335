
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "domain/locale.h"


UNIT_TEST(language)
{
    ngx_str_t    s;
    ngx_uint_t   i;

    static struct {
        const char  *locale;
        const char  *expected;
    } cases[] = {
        { "", "en" },
        { "en", "en" },
        { "fr", "fr" },
        { "de", "de" },
        { "FR", "fr" },
        { "fr-CA", "fr" },
        { "de-Latn-CH-1996", "de" },
        { "DE-at", "de" },
        { "es", "en" },
        { "d", "en" },
        { "deu", "en" },
        { "den", "en" },
        { "frr", "en" },
        { "-de", "en" },
        { "x-de", "en" },
        { "*", "en" },
        { "*x,de;q=0.5", "de" },
        { "d,de;q=0.5", "de" },
        { "fr,de", "fr" },
        { "de,fr", "de" },
        { "es,de", "de" },
        { "es, pt-BR ,\tde-DE , fr", "de" },
        { "fr;q=0.5,de;q=0.8", "de" },
        { "fr;q=0.8,de;q=0.8", "fr" },
        { "fr;q=0.8,de", "de" },
        { "fr;q=1,de", "fr" },
        { "fr;q=1.000,de;q=0.999", "fr" },
        { "fr;q=0.999,de;q=1.000", "de" },
        { "fr;q=0.001", "fr" },
        { "fr;q=0", "en" },
        { "fr;q=0.000", "en" },
        { "fr;q=0,de;q=0.1", "de" },
        { "en;q=0.5,fr;q=0.6,*;q=0.9", "en" },
        { "*;q=0.1,de;q=0.5", "de" },
        { "es;q=1,fr;q=0.3,de;q=0.2", "fr" },
        { "fr ; q=0.2 , de ; Q=0.3", "de" },
        { "fr;level=1;q=0.2,de;q=0.3", "de" },
        { "fr;x=y,de;q=0.3", "fr" },
        { "fr;q=,de;q=0.1", "de" },
        { "fr;q=a,de;q=0.1", "de" },
        { "fr;q=2,de;q=0.1", "de" },
        { "fr;q=1.001,de;q=0.1", "de" },
        { "fr;q=-1,de;q=0.1", "de" },
        { "fr;q=0.1234,de;q=0.1", "de" },
        { "fr;q=99999999999999999999,de;q=0.1", "de" },
        { ",,, ,de", "de" },
        { ";q=1,de;q=0.1", "de" },
        { ";;;,", "en" },
        { "fr\xc3\xa9", "en" },
        { "en-US,en;q=0.9,de-DE;q=0.8,de;q=0.7", "en" },
        { "it-IT,it;q=0.9,de-DE;q=0.8,en;q=0.7", "de" }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        s.len = strlen(cases[i].locale);
        s.data = malloc(s.len);
        memcpy(s.data, cases[i].locale, s.len);

        is_cstr(ngx_chat_locales[ngx_chat_locale_for(&s)], cases[i].expected,
                cases[i].locale);
        free(s.data);
    }

    ngx_str_null(&s);
    is_int(ngx_chat_locale_for(&s), 0, "no header at all");
}
