
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Whether a visitor's message is to wait: too many of them, the same one over
 * and over, or a first one as machines send it.  Pure; any thread.
 */

#ifndef NGX_CHAT_BRAKE_H
#define NGX_CHAT_BRAKE_H


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_CHAT_BRAKE_NONE = 0,
    NGX_CHAT_BRAKE_VISITOR,         /* messages a minute */
    NGX_CHAT_BRAKE_ADDRESS,         /* the same, of all at an address */
    NGX_CHAT_BRAKE_REPEAT,          /* the same text */
    NGX_CHAT_BRAKE_DELAY,           /* sooner after opening than people write */
    NGX_CHAT_BRAKE_LINKS,           /* in the first message */
    NGX_CHAT_BRAKE_FORM,            /* to be filled in before the first */
    NGX_CHAT_BRAKE_WORDS,           /* of a list */
    NGX_CHAT_BRAKE_MAX
} ngx_chat_brake_e;


/* names for the log, by the enum */
extern ngx_str_t  ngx_chat_brake_names[];


typedef struct {
    int64_t      visitor;           /* ms until the limit allows one more; 0:
                                       at once */
    int64_t      address;
    int64_t      repeat;
    int64_t      delay;             /* ms until it may write first */
    ngx_uint_t   first;             /* it has never written */
    ngx_uint_t   links;             /* in its text */
    ngx_uint_t   links_max;         /* that a first message may have; 0: any */
} ngx_chat_brake_facts_t;


/*
 * The first brake that holds, and in *wait the ms for which it will; 0 when
 * waiting is no use.  All of them are asked how long: who waits that long is
 * not held by another.
 */
ngx_chat_brake_e ngx_chat_brake(ngx_chat_brake_facts_t *facts, int64_t *wait);

/* addresses of pages in a text: "http://", "https://", "www." at the start of
   a word, in any case */
ngx_uint_t ngx_chat_brake_links(ngx_str_t *text);


#endif /* NGX_CHAT_BRAKE_H */
