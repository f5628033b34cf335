
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The languages that visitors are spoken to in.  What there is for each of
 * them stands in this order everywhere.  Pure; any thread.
 */

#ifndef NGX_CHAT_LOCALE_H
#define NGX_CHAT_LOCALE_H


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CHAT_LOCALES  3


/* a member for each, an object that is read by one of these tables */

#define ngx_chat_locale_fields(en, fr, de)                                    \
    { ngx_string("en"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0, 0, NULL, NULL, en },  \
    { ngx_string("fr"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0, 0, NULL, NULL, fr },  \
    { ngx_string("de"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0, 0, NULL, NULL, de }


extern const char  *ngx_chat_locales[];


/*
 * Which fits best: locale is a BCP 47 tag or the value of an Accept-Language
 * header (with q values); English when nothing fits.
 */
ngx_uint_t ngx_chat_locale_for(ngx_str_t *locale);


#endif /* NGX_CHAT_LOCALE_H */
