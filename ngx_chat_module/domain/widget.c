
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/text.h"
#include "domain/widget.h"


#define NGX_CHAT_WIDGET_STATE                                                 \
    sizeof("{\"at\":,\"available\":false,\"offline\":\"hide\",\"brand\":}")   \
    + sizeof(",\"invite\":true,\"store\":false") + NGX_TIME_T_LEN


static u_char *ngx_chat_widget_state(u_char *p, ngx_chat_widget_t *widget);


ngx_int_t
ngx_chat_widget_element(ngx_pool_t *pool, ngx_chat_widget_t *widget,
    ngx_str_t *element)
{
    u_char  *p;
    size_t   len;

    len = sizeof("<script src=\"\" async nonce=\"\" data-chat=''></script>")
          + sizeof(" data-track")
          + ngx_chat_text_attribute(NULL, &widget->loader)
          + ngx_chat_text_attribute(NULL, &widget->nonce)
          + ngx_chat_text_attribute(NULL, &widget->look)
          + NGX_CHAT_WIDGET_STATE;

    p = ngx_pnalloc(pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    element->data = p;

    p = ngx_cpymem(p, "<script src=\"", sizeof("<script src=\"") - 1);
    p += ngx_chat_text_attribute(p, &widget->loader);
    p = ngx_cpymem(p, "\" async", sizeof("\" async") - 1);

    if (widget->nonce.len) {
        p = ngx_cpymem(p, " nonce=\"", sizeof(" nonce=\"") - 1);
        p += ngx_chat_text_attribute(p, &widget->nonce);
        *p++ = '"';
    }

    if (widget->track) {
        p = ngx_cpymem(p, " data-track", sizeof(" data-track") - 1);
    }

    p = ngx_cpymem(p, " data-chat='", sizeof(" data-chat='") - 1);
    p = ngx_chat_widget_state(p, widget);
    p = ngx_cpymem(p, "'></script>", sizeof("'></script>") - 1);

    element->len = p - element->data;

    return NGX_OK;
}


/* but for the look nothing that would have to be escaped */

static u_char *
ngx_chat_widget_state(u_char *p, ngx_chat_widget_t *widget)
{
    p = ngx_sprintf(p, "{\"at\":%T", widget->now);

    if (widget->known) {
        p = ngx_sprintf(p, ",\"available\":%s",
                        widget->available ? "true" : "false");
    }

    p = ngx_sprintf(p, ",\"offline\":\"%s\"", widget->hide ? "hide" : "show");

    if (widget->invite) {
        p = ngx_sprintf(p, ",\"invite\":true");
    }

    if (widget->refused) {
        p = ngx_sprintf(p, ",\"store\":false");
    }

    if (widget->look.len) {
        p = ngx_cpymem(p, ",\"brand\":", sizeof(",\"brand\":") - 1);
        p += ngx_chat_text_attribute(p, &widget->look);
    }

    *p++ = '}';

    return p;
}
