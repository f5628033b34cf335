
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What an invitation may hang on: one fact of a visitor, compared with a
 * value.  Some facts only the browser knows: what hangs on them is answered
 * with "later" here, and decided by static/shared/condition.ts with the same
 * rules and the same test cases (t/unit/domain/condition.json).  Pure.
 */

#ifndef NGX_CHAT_CONDITION_H
#define NGX_CHAT_CONDITION_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/json_in.h"
#include "base/json_out.h"
#include "domain/fact.h"


#define NGX_CHAT_CONDITIONS_MAX    16       /* of one rule */
#define NGX_CHAT_CONDITION_TEXT    200      /* characters of a value */
#define NGX_CHAT_CONDITION_NUMBER  1000000000


typedef enum {
    NGX_CHAT_ABOUT_PAGE = 0,
    NGX_CHAT_ABOUT_REFERRER,
    NGX_CHAT_ABOUT_CAMPAIGN,
    NGX_CHAT_ABOUT_SOURCE,
    NGX_CHAT_ABOUT_MEDIUM,
    NGX_CHAT_ABOUT_COUNTRY,
    NGX_CHAT_ABOUT_LANGUAGE,
    NGX_CHAT_ABOUT_DEVICE,
    NGX_CHAT_ABOUT_CUSTOM,          /* a fact of the backend's, by name */
    NGX_CHAT_ABOUT_PAGES,           /* seen in this visit */
    NGX_CHAT_ABOUT_CHATS,           /* conversations until now */
    NGX_CHAT_ABOUT_CART,            /* amount, in whole units */
    NGX_CHAT_ABOUT_TOOK,            /* ms, the page that is shown */
    NGX_CHAT_ABOUT_STATUS,          /* of that page */
    NGX_CHAT_ABOUT_RETURNING,
    NGX_CHAT_ABOUT_TIME_ON_SITE,    /* s; this and what follows: browser */
    NGX_CHAT_ABOUT_TIME_ON_PAGE,
    NGX_CHAT_ABOUT_SCROLL,          /* percent of the page seen */
    NGX_CHAT_ABOUT_IDLE,            /* s without a sign of life */
    NGX_CHAT_ABOUT_EXIT,            /* about to leave */
    NGX_CHAT_ABOUT
} ngx_chat_about_e;


typedef enum {
    NGX_CHAT_COMPARE_IS = 0,
    NGX_CHAT_COMPARE_NOT,
    NGX_CHAT_COMPARE_STARTS,
    NGX_CHAT_COMPARE_MATCHES,       /* "*" stands for anything */
    NGX_CHAT_COMPARE_AT_LEAST,
    NGX_CHAT_COMPARE_BELOW
} ngx_chat_compare_e;


typedef enum {
    NGX_CHAT_ANSWER_NO = 0,
    NGX_CHAT_ANSWER_LATER,
    NGX_CHAT_ANSWER_YES
} ngx_chat_answer_e;


typedef struct {
    ngx_chat_about_e      about;
    ngx_chat_compare_e    compare;
    ngx_str_t             name;         /* CUSTOM */
    ngx_str_t             text;         /* as it was said */
    ngx_str_t             plain;        /* and as it is compared */
    int64_t               number;       /* or a flag */
    ngx_uint_t            average;      /* of the page, instead of a number */
} ngx_chat_condition_t;


typedef struct {
    ngx_str_t            text[NGX_CHAT_ABOUT];      /* as compared: plain */
    int64_t              number[NGX_CHAT_ABOUT];
    uint32_t             later;         /* bits of facts: not known here */
    int64_t              average;       /* s on this page; 0: not known */
    ngx_chat_facts_t    *custom;        /* or NULL */
} ngx_chat_about_t;


/* names as in the API; len == 0 ends */
extern ngx_str_t  ngx_chat_about_names[];
extern ngx_str_t  ngx_chat_compare_names[];


/*
 * A text as it is compared: of a page and its campaign, which are parts of an
 * address, what the codes in it stand for.  dst has text->len bytes; returns
 * the length.
 */
size_t ngx_chat_condition_plain(ngx_chat_about_e about, ngx_str_t *text,
    u_char *dst);

/* bits of .later: what only a browser knows */
uint32_t ngx_chat_condition_browser(void);

/*
 * An array of conditions into *conditions, an array of ngx_chat_condition_t.
 * NGX_DECLINED: *field ("conditions.2.value") is wrong, *detail says how.
 */
ngx_int_t ngx_chat_conditions_parse(ngx_pool_t *pool, ngx_chat_json_t *array,
    ngx_array_t *conditions, ngx_str_t *field, ngx_str_t *detail);

/* LATER: it hangs on what only the browser knows */
ngx_chat_answer_e ngx_chat_condition_answer(ngx_chat_condition_t *c,
    ngx_chat_about_t *about);

/* all of them, or any of them; none at all is yes */
ngx_chat_answer_e ngx_chat_conditions_answer(ngx_array_t *conditions,
    ngx_uint_t any, ngx_chat_about_t *about);

/* whether one hangs on the page's average */
ngx_uint_t ngx_chat_conditions_average(ngx_array_t *conditions);

/*
 * An array as it is parsed.  With about: only what is to be decided later,
 * with the page's average as a number.
 */
void ngx_chat_conditions_json(ngx_chat_json_out_t *o, const char *name,
    ngx_array_t *conditions, ngx_chat_about_t *about);


#endif /* NGX_CHAT_CONDITION_H */
