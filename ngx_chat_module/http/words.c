
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "base/fold.h"
#include "command/words.h"
#include "http/words.h"


/* s from one look to the next: what this zone does not tell, as another nginx
   has changed it, is found out all the same */

#define NGX_HTTP_CHAT_WORDS_AGE    5
#define NGX_HTTP_CHAT_WORDS_NONE  60

#define NGX_HTTP_CHAT_WORDS_EMPTY  1


typedef struct {
    ngx_str_t     table;
    uint64_t      version;
    time_t        looked;
    uint32_t      word;             /* the zone's, at the last look */
    ngx_uint_t    looking;
} ngx_http_chat_words_t;


static void ngx_http_chat_words_done(ngx_chat_job_t *job);
static void ngx_http_chat_words_none(ngx_http_chat_worker_t *w);


/* of this process: the one worker in it */

static ngx_http_chat_words_t  ngx_http_chat_words;


void
ngx_http_chat_words_tick(ngx_http_chat_worker_t *w)
{
    time_t                  age;
    uint32_t                word;
    ngx_chat_job_t         *job;
    ngx_chat_words_look_t  *args;

    word = __atomic_load_n(&w->zone->words, __ATOMIC_ACQUIRE);

    /* a worker that comes to an empty list need not look */

    if (ngx_http_chat_words.looked == 0 && (word & NGX_HTTP_CHAT_WORDS_EMPTY))
    {
        ngx_http_chat_words.looked = ngx_time();
        ngx_http_chat_words.word = word;
    }

    age = word & NGX_HTTP_CHAT_WORDS_EMPTY ? NGX_HTTP_CHAT_WORDS_NONE
                                           : NGX_HTTP_CHAT_WORDS_AGE;

    if (ngx_exiting
        || ngx_http_chat_words.looking
        || (word == ngx_http_chat_words.word
            && ngx_time() - ngx_http_chat_words.looked < age))
    {
        return;
    }

    job = ngx_chat_job_create(ngx_chat_words_look, ngx_http_chat_words_done,
                              sizeof(ngx_chat_words_look_t), w->log);
    if (job == NULL) {
        return;
    }

    args = job->args;
    args->version = ngx_http_chat_words.version;

    ngx_http_chat_words.looked = ngx_time();
    ngx_http_chat_words.word = word;
    job->data = w;

    if (ngx_chat_store_read(w->store, job) != NGX_OK) {
        ngx_chat_job_destroy(job);
        return;
    }

    ngx_http_chat_words.looking = 1;
}


/* without an answer they stay as they were */

static void
ngx_http_chat_words_done(ngx_chat_job_t *job)
{
    ngx_http_chat_worker_t  *w = job->data;

    u_char                 *p;
    ngx_chat_words_look_t  *args;

    args = job->args;
    p = NULL;

    ngx_http_chat_words.looking = 0;

    if (job->rc != NGX_OK) {
        goto done;
    }

    if (job->result != NGX_CHAT_RESULT_EMPTY) {

        if (job->body.len) {
            p = ngx_alloc(job->body.len, w->log);
            if (p == NULL) {
                goto done;
            }

            ngx_memcpy(p, job->body.data, job->body.len);
        }

        if (ngx_http_chat_words.table.data) {
            ngx_free(ngx_http_chat_words.table.data);
        }

        ngx_http_chat_words.table.data = p;
        ngx_http_chat_words.table.len = job->body.len;
        ngx_http_chat_words.version = args->version;
    }

    if (ngx_http_chat_words.table.len == 0) {
        ngx_http_chat_words_none(w);
    }

done:

    ngx_chat_job_destroy(job);
}


/* unless it has changed meanwhile */

static void
ngx_http_chat_words_none(ngx_http_chat_worker_t *w)
{
    uint32_t  word, none;

    word = ngx_http_chat_words.word;
    none = word | NGX_HTTP_CHAT_WORDS_EMPTY;

    if (__atomic_compare_exchange_n(&w->zone->words, &word, none, 0,
                                    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
    {
        ngx_http_chat_words.word = none;
    }
}


void
ngx_http_chat_words_changed(void)
{
    uint32_t   word, changed;
    uint32_t  *words;

    words = &ngx_http_chat_worker->zone->words;
    word = __atomic_load_n(words, __ATOMIC_ACQUIRE);

    do {
        changed = (word | NGX_HTTP_CHAT_WORDS_EMPTY) + 1;

    } while (!__atomic_compare_exchange_n(words, &word, changed, 0,
                                          __ATOMIC_ACQ_REL,
                                          __ATOMIC_ACQUIRE));
}


ngx_int_t
ngx_http_chat_words_found(ngx_pool_t *pool, ngx_str_t *text,
    ngx_chat_words_action_e *action)
{
    u_char     *buf;
    ngx_int_t   rc;

    if (ngx_http_chat_words.table.len == 0) {
        return NGX_DECLINED;
    }

    buf = ngx_palloc(pool, ngx_chat_fold_size(text->len));
    if (buf == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_chat_words_found(&ngx_http_chat_words.table, text, buf, action)
         ? NGX_OK : NGX_DECLINED;

    (void) ngx_pfree(pool, buf);

    return rc;
}
