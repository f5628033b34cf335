
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Behind one address there may be an office or a mobile network: its limit is
 * far wider than a visitor's.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/brake.h"
#include "http/conf.h"
#include "http/reply.h"
#include "http/words.h"
#include "http/worker.h"


#define NGX_HTTP_CHAT_BRAKE_MINUTE  60000       /* ms */
#define NGX_HTTP_CHAT_BRAKE_MEMORY  600000      /* ms, of texts and ids */

/* ms that it is known since when the chat is open, beyond first_delay: a day */
#define NGX_HTTP_CHAT_BRAKE_OPEN    86400000

/* the same text from one address, for each that one visitor may send */
#define NGX_HTTP_CHAT_BRAKE_WIDER   5


typedef enum {
    NGX_HTTP_CHAT_BRAKE_BY_VISITOR = 0,
    NGX_HTTP_CHAT_BRAKE_BY_ADDRESS,
    NGX_HTTP_CHAT_BRAKE_BY_TEXT,
    NGX_HTTP_CHAT_BRAKE_BY_TEXT_THERE,
    NGX_HTTP_CHAT_BRAKE_KEYS
} ngx_http_chat_brake_key_e;


typedef struct {
    uint64_t      key;
    ngx_int_t     limit;            /* 0: none */
    int64_t       window;           /* ms */
    int64_t       wait;
} ngx_http_chat_brake_count_t;


_Static_assert(NGX_CHAT_UID_LEN == 16 && NGX_CHAT_BLOCK_KEY_LEN == 16,
               "who is counted is known by 16 bytes");


static int64_t ngx_http_chat_brake_delay(uint64_t opened, ngx_msec_t delay,
    int64_t now);
static void ngx_http_chat_brake_counts(ngx_http_chat_ctx_t *ctx,
    ngx_chat_visitor_args_t *args, ngx_http_chat_brake_count_t *counts);
static uint64_t ngx_http_chat_brake_key(ngx_http_chat_ctx_t *ctx,
    uint64_t kind, ngx_str_t *text);
static uint64_t ngx_http_chat_brake_number(uint64_t kind, const u_char *who,
    uint64_t what);
static uint64_t ngx_http_chat_brake_address(ngx_chat_visitor_args_t *args);
static void ngx_http_chat_brake_note(ngx_http_chat_ctx_t *ctx,
    ngx_chat_brake_e brake);
static ngx_int_t ngx_http_chat_brake_answer(ngx_http_chat_ctx_t *ctx,
    ngx_chat_brake_e brake, int64_t wait);
static void ngx_http_chat_brake_count(ngx_chat_throttle_t *t, uint64_t again,
    ngx_http_chat_brake_count_t *counts, int64_t now);


/*
 * By the server's own clock and memory, so that no cookie that a page gave
 * counts for an open chat.  The first of several counts.
 */

void
ngx_http_chat_brake_opened(ngx_http_chat_ctx_t *ctx)
{
    int64_t                    window;
    uint64_t                   key;
    ngx_http_chat_zone_t      *zone;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(ctx->request, ngx_http_chat_module);

    if (clcf->first_delay == 0) {
        return;
    }

    zone = ngx_http_chat_worker->zone;
    key = ngx_http_chat_brake_key(ctx, 'o', NULL);
    window = (int64_t) clcf->first_delay + NGX_HTTP_CHAT_BRAKE_OPEN;

    ngx_shmtx_lock(zone->mutex);

    ngx_chat_throttle_begin(zone->brakes, key, window, ngx_http_chat_now());

    ngx_shmtx_unlock(zone->mutex);
}


/* who has not opened the chat begins to with the message that is held */

static int64_t
ngx_http_chat_brake_delay(uint64_t opened, ngx_msec_t delay, int64_t now)
{
    int64_t  age;

    age = ngx_chat_throttle_age(ngx_http_chat_worker->zone->brakes, opened,
                                (int64_t) delay + NGX_HTTP_CHAT_BRAKE_OPEN,
                                now);

    return (int64_t) delay - ngx_max(age, 0);
}


ngx_int_t
ngx_http_chat_brake_message(ngx_http_chat_ctx_t *ctx,
    ngx_chat_visitor_args_t *args)
{
    int64_t                       now, wait;
    uint64_t                      again, opened;
    ngx_chat_brake_e              brake;
    ngx_http_chat_zone_t         *zone;
    ngx_chat_brake_facts_t        facts;
    ngx_http_chat_loc_conf_t     *clcf;
    ngx_http_chat_brake_count_t   counts[NGX_HTTP_CHAT_BRAKE_KEYS];

    clcf = ngx_http_get_module_loc_conf(ctx->request, ngx_http_chat_module);

    args->brake.links_max = clcf->first_links;

    if (clcf->first_links) {
        args->brake.links = ngx_chat_brake_links(&args->text);
    }

    if (clcf->visitor_rate == 0 && clcf->address_rate == 0
        && clcf->repeats == 0 && clcf->first_delay == 0)
    {
        return NGX_DECLINED;
    }

    ngx_http_chat_brake_counts(ctx, args, counts);

    now = args->now;
    zone = ngx_http_chat_worker->zone;
    again = ngx_http_chat_brake_key(ctx, 'c', &args->client_id);
    opened = ngx_http_chat_brake_key(ctx, 'o', NULL);

    ngx_shmtx_lock(zone->mutex);

    ngx_http_chat_brake_count(zone->brakes, again, counts, now);

    if (clcf->first_delay) {
        args->brake.delay = ngx_http_chat_brake_delay(opened,
                                                      clcf->first_delay, now);
    }

    ngx_shmtx_unlock(zone->mutex);

    ngx_memzero(&facts, sizeof(ngx_chat_brake_facts_t));

    facts.visitor = counts[NGX_HTTP_CHAT_BRAKE_BY_VISITOR].wait;
    facts.address = counts[NGX_HTTP_CHAT_BRAKE_BY_ADDRESS].wait;
    facts.repeat = ngx_max(counts[NGX_HTTP_CHAT_BRAKE_BY_TEXT].wait,
                           counts[NGX_HTTP_CHAT_BRAKE_BY_TEXT_THERE].wait);

    brake = ngx_chat_brake(&facts, &wait);

    return brake == NGX_CHAT_BRAKE_NONE
           ? NGX_DECLINED : ngx_http_chat_brake_answer(ctx, brake, wait);
}


static void
ngx_http_chat_brake_counts(ngx_http_chat_ctx_t *ctx,
    ngx_chat_visitor_args_t *args, ngx_http_chat_brake_count_t *counts)
{
    uint64_t                   there, text;
    ngx_int_t                  repeats;
    ngx_uint_t                 i;
    ngx_http_chat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(ctx->request, ngx_http_chat_module);

    /* a form has no text */

    repeats = args->text.len ? clcf->repeats : 0;

    there = ngx_http_chat_brake_address(args);
    text = ngx_chat_auth_quick(&ngx_http_chat_worker->key, &args->text);

    counts[NGX_HTTP_CHAT_BRAKE_BY_VISITOR].key =
                                      ngx_http_chat_brake_key(ctx, 'w', NULL);
    counts[NGX_HTTP_CHAT_BRAKE_BY_VISITOR].limit = clcf->visitor_rate;

    counts[NGX_HTTP_CHAT_BRAKE_BY_ADDRESS].key = there;
    counts[NGX_HTTP_CHAT_BRAKE_BY_ADDRESS].limit = there ? clcf->address_rate
                                                         : 0;

    counts[NGX_HTTP_CHAT_BRAKE_BY_TEXT].key =
                            ngx_http_chat_brake_number('t', ctx->uid, text);
    counts[NGX_HTTP_CHAT_BRAKE_BY_TEXT].limit = repeats;

    /* both are keyed numbers already: so is their sum */

    counts[NGX_HTTP_CHAT_BRAKE_BY_TEXT_THERE].key = (there + text) | 1;
    counts[NGX_HTTP_CHAT_BRAKE_BY_TEXT_THERE].limit =
             there ? repeats * NGX_HTTP_CHAT_BRAKE_WIDER : 0;

    for (i = 0; i < NGX_HTTP_CHAT_BRAKE_KEYS; i++) {
        counts[i].wait = 0;
        counts[i].window = i < NGX_HTTP_CHAT_BRAKE_BY_TEXT
                           ? NGX_HTTP_CHAT_BRAKE_MINUTE
                           : NGX_HTTP_CHAT_BRAKE_MEMORY;
    }
}


/* of this visitor, with a text or without */

static uint64_t
ngx_http_chat_brake_key(ngx_http_chat_ctx_t *ctx, uint64_t kind,
    ngx_str_t *text)
{
    uint64_t  what;

    what = text ? ngx_chat_auth_quick(&ngx_http_chat_worker->key, text) : 0;

    return ngx_http_chat_brake_number(kind, ctx->uid, what);
}


/* who: 16 bytes */

static uint64_t
ngx_http_chat_brake_number(uint64_t kind, const u_char *who, uint64_t what)
{
    uint64_t   words[4];
    ngx_str_t  text;

    words[0] = kind;
    ngx_memcpy(&words[1], who, 2 * sizeof(uint64_t));
    words[3] = what;

    text.data = (u_char *) words;
    text.len = sizeof(words);

    return ngx_chat_auth_quick(&ngx_http_chat_worker->key, &text) | 1;
}


/* who has one address of IPv6 has 2^64 of them; 0: a UNIX socket's */

static uint64_t
ngx_http_chat_brake_address(ngx_chat_visitor_args_t *args)
{
    u_char                 bytes[NGX_CHAT_BLOCK_KEY_LEN];
    ngx_chat_block_key_t   net;

    if (args->where.length == 0) {
        return 0;
    }

    net = args->where;

    if (net.word[0]) {
        ngx_chat_block_key_mask(&net, 64);
    }

    ngx_chat_block_key_out(&net, bytes);

    return ngx_http_chat_brake_number('a', bytes, 0);
}


/* what is held is not counted: who waits as long as told may go on */

static void
ngx_http_chat_brake_count(ngx_chat_throttle_t *t, uint64_t again,
    ngx_http_chat_brake_count_t *counts, int64_t now)
{
    int64_t     wait;
    ngx_uint_t  i;

    if (ngx_chat_throttle_wait(t, again, 1, NGX_HTTP_CHAT_BRAKE_MEMORY, now))
    {
        return;
    }

    wait = 0;

    for (i = 0; i < NGX_HTTP_CHAT_BRAKE_KEYS; i++) {
        if (counts[i].limit) {
            counts[i].wait = ngx_chat_throttle_wait(t, counts[i].key,
                                                    counts[i].limit,
                                                    counts[i].window, now);
            wait = ngx_max(wait, counts[i].wait);
        }
    }

    if (wait) {
        return;
    }

    ngx_chat_throttle_failed(t, again, NGX_HTTP_CHAT_BRAKE_MEMORY, now);

    for (i = 0; i < NGX_HTTP_CHAT_BRAKE_KEYS; i++) {
        if (counts[i].limit) {
            ngx_chat_throttle_failed(t, counts[i].key, counts[i].window, now);
        }
    }
}


/* the command may have run elsewhere: decided again, from the same facts */

ngx_int_t
ngx_http_chat_brake_first(ngx_http_chat_ctx_t *ctx,
    ngx_chat_visitor_args_t *args)
{
    int64_t           wait;
    ngx_chat_brake_e  brake;

    args->brake.first = 1;

    brake = ngx_chat_brake(&args->brake, &wait);

    if (brake == NGX_CHAT_BRAKE_DELAY) {
        ngx_http_chat_brake_opened(ctx);
    }

    return ngx_http_chat_brake_answer(ctx, brake, wait);
}


ngx_int_t
ngx_http_chat_brake_words(ngx_http_chat_ctx_t *ctx,
    ngx_chat_visitor_args_t *args)
{
    ngx_int_t                rc;
    ngx_chat_words_action_e  action;

    rc = ngx_http_chat_words_found(ctx->request->pool, &args->text, &action);

    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? NGX_DECLINED
                                  : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (action == NGX_CHAT_WORDS_HIDE) {
        ngx_http_chat_brake_note(ctx, NGX_CHAT_BRAKE_WORDS);
        args->hidden = 1;
        return NGX_DECLINED;
    }

    return ngx_http_chat_brake_answer(ctx, NGX_CHAT_BRAKE_WORDS, 0);
}


ngx_int_t
ngx_http_chat_brake_form(ngx_http_chat_ctx_t *ctx)
{
    ngx_http_chat_brake_note(ctx, NGX_CHAT_BRAKE_FORM);

    return ngx_http_chat_reply_problem(ctx->request, NGX_HTTP_CHAT_FORM, NULL,
                                       NULL, 0);
}


static void
ngx_http_chat_brake_note(ngx_http_chat_ctx_t *ctx, ngx_chat_brake_e brake)
{
    ngx_chat_metric_add(ngx_http_chat_worker->lane,
                        NGX_CHAT_METRIC_BRAKED_VISITOR + brake
                        - NGX_CHAT_BRAKE_VISITOR,
                        1);

    ngx_log_error(NGX_LOG_INFO, ctx->request->connection->log, 0,
                  "chat braked a message: %V", &ngx_chat_brake_names[brake]);
}


static ngx_int_t
ngx_http_chat_brake_answer(ngx_http_chat_ctx_t *ctx, ngx_chat_brake_e brake,
    int64_t wait)
{
    static ngx_str_t  field = ngx_string("text");

    static ngx_str_t  details[] = {
        ngx_null_string,
        ngx_string("too many messages, wait a moment"),
        ngx_string("too many messages from this network, wait a moment"),
        ngx_string("the same message was sent too often"),
        ngx_string("the first message came too soon, wait a moment"),
        ngx_string("has too many links for a first message"),
        ngx_null_string,
        ngx_string("has a word that is not allowed here")
    };

    ngx_http_chat_brake_note(ctx, brake);

    /* where waiting does not help, another text does */

    return ngx_http_chat_reply_problem(ctx->request, NGX_HTTP_CHAT_BRAKED,
                                       &details[brake], wait ? NULL : &field,
                                       (ngx_uint_t) (wait + 999) / 1000);
}
