
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/invite.h"


static ngx_uint_t ngx_chat_invite_place(ngx_chat_visit_t *visit,
    int64_t trigger);
static void ngx_chat_invite_addresses(ngx_chat_invite_t *invite,
    ngx_chat_about_t *about);
static void ngx_chat_invite_text(ngx_str_t *text, u_char *value);
static void ngx_chat_invite_campaign(ngx_str_t *text, u_char *page,
    const char *name);


ngx_uint_t
ngx_chat_invite_allowed(ngx_chat_visit_t *visit)
{
    return visit->conversation == 0 && visit->invited == 0;
}


void
ngx_chat_invite_facts(ngx_chat_invite_t *invite,
    ngx_chat_trigger_facts_t *facts)
{
    ngx_chat_visit_t  *v;
    ngx_chat_about_t  *about;

    v = &invite->visit;
    about = &facts->about;

    ngx_memzero(about, sizeof(ngx_chat_about_t));

    about->later = ngx_chat_condition_browser();
    about->custom = &v->facts;

    ngx_chat_invite_text(&about->text[NGX_CHAT_ABOUT_REFERRER], v->referrer);
    ngx_chat_invite_text(&about->text[NGX_CHAT_ABOUT_COUNTRY], v->country);
    ngx_chat_invite_text(&about->text[NGX_CHAT_ABOUT_LANGUAGE], v->language);

    about->text[NGX_CHAT_ABOUT_DEVICE] = ngx_chat_device_names[v->agent.device];

    ngx_chat_invite_addresses(invite, about);

    about->number[NGX_CHAT_ABOUT_PAGES] = v->views;
    about->number[NGX_CHAT_ABOUT_TOOK] = v->took;
    about->number[NGX_CHAT_ABOUT_STATUS] = v->status;
    about->number[NGX_CHAT_ABOUT_RETURNING] = v->visits > 1;

    if (v->facts.cart) {
        about->number[NGX_CHAT_ABOUT_CART] =
            ngx_chat_amount_thousandths(v->facts.amount) / 1000;
    }

    facts->visitor = v->key;
    facts->known = v->known;
}


/* parts of an address: the page's, and of that which the visit began with */

static void
ngx_chat_invite_addresses(ngx_chat_invite_t *invite, ngx_chat_about_t *about)
{
    ngx_str_t   *text;
    ngx_uint_t   i;

    static struct {
        ngx_chat_about_e   about;
        const char        *name;
    } address[] = {
        { NGX_CHAT_ABOUT_PAGE, NULL },
        { NGX_CHAT_ABOUT_CAMPAIGN, "utm_campaign=" },
        { NGX_CHAT_ABOUT_SOURCE, "utm_source=" },
        { NGX_CHAT_ABOUT_MEDIUM, "utm_medium=" }
    };

    about->text[NGX_CHAT_ABOUT_PAGE].data = invite->page;
    about->text[NGX_CHAT_ABOUT_PAGE].len = invite->page_len;

    for (i = 0; i < sizeof(address) / sizeof(address[0]); i++) {
        text = &about->text[address[i].about];

        if (address[i].name) {
            ngx_chat_invite_campaign(text, invite->visit.entry,
                                     address[i].name);
        }

        if (text->len) {
            text->len = ngx_chat_condition_plain(address[i].about, text,
                                                 invite->plain[i]);
            text->data = invite->plain[i];
        }
    }
}


static void
ngx_chat_invite_text(ngx_str_t *text, u_char *value)
{
    text->data = value;
    text->len = ngx_strlen(value);
}


/* "/?utm_source=x&utm_campaign=y" */

static void
ngx_chat_invite_campaign(ngx_str_t *text, u_char *page, const char *name)
{
    u_char  *p;

    if (*page == '\0') {
        return;
    }

    p = page;

    do {
        p = (u_char *) ngx_strstr(p + 1, name);

        if (p == NULL) {
            return;
        }

    } while (p[-1] != '?' && p[-1] != '&');

    text->data = p + ngx_strlen(name);
    text->len = strcspn((char *) text->data, "&");
}


void
ngx_chat_invite_offered(ngx_chat_visit_t *visit, int64_t trigger)
{
    ngx_uint_t  i;

    i = ngx_min(ngx_chat_invite_place(visit, trigger),
                NGX_CHAT_VISIT_OFFERS - 1);

    ngx_memmove(&visit->offered[1], &visit->offered[0], i * sizeof(int64_t));

    visit->offered[0] = trigger;
}


/* beyond the last when it is not there */

static ngx_uint_t
ngx_chat_invite_place(ngx_chat_visit_t *visit, int64_t trigger)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_VISIT_OFFERS; i++) {
        if (visit->offered[i] == trigger) {
            break;
        }
    }

    return i;
}


/*
 * A rule's first: it is shown from now on, and no other one is.  What is not
 * shown can't be opened; a dismissed one may still be answered.
 */

ngx_int_t
ngx_chat_invite_outcome(ngx_chat_visit_t *visit, int64_t trigger,
    ngx_chat_invite_outcome_e outcome)
{
    if (outcome == NGX_CHAT_INVITE_SHOWN && visit->invited == 0
        && trigger > 0
        && ngx_chat_invite_place(visit, trigger) < NGX_CHAT_VISIT_OFFERS)
    {
        visit->invited = trigger;
        visit->outcomes = 0;
    }

    if (visit->invited != trigger
        || trigger == 0
        || (visit->outcomes & 1 << outcome)
        || (outcome != NGX_CHAT_INVITE_SHOWN
            && !(visit->outcomes & 1 << NGX_CHAT_INVITE_SHOWN)))
    {
        return NGX_DECLINED;
    }

    visit->outcomes |= 1 << outcome;
    visit->dirty = 1;

    return NGX_OK;
}


int64_t
ngx_chat_invite_followed(ngx_chat_visit_t *visit)
{
    return (visit->outcomes & 1 << NGX_CHAT_INVITE_OPENED) ? visit->invited
                                                           : 0;
}


int64_t
ngx_chat_invite_credited(int64_t followed, int64_t last, int64_t opened_at,
    int64_t now)
{
    if (followed == 0 && now - opened_at <= NGX_CHAT_INVITE_CLAIM) {
        followed = last;
    }

    return ngx_max(followed, 0);
}
