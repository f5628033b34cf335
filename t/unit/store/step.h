
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A job that writes one message, one that counts them, and one that holds the
 * writer until it is let go.
 */


#ifndef _STEP_H_INCLUDED_
#define _STEP_H_INCLUDED_


#include "fixture.h"
#include "store/sqlite.h"

#include <semaphore.h>


typedef struct {
    ngx_str_t     uid;              /* 16 bytes */
    int64_t       n;
    int64_t       event;            /* out */
    int64_t       found;            /* out */
    ngx_int_t     rc;               /* what run shall return */
    sem_t        *gate;             /* waits for it */
    sem_t        *entered;          /* posts it */
    ngx_uint_t    order;
} step_t;


static ngx_uint_t  step_order;


/* a visitor, a conversation and a message; then whatever .rc says */

static ngx_int_t
step_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    step_t                   *s = job->args;
    u_char                    client[32], text[32];
    ngx_chat_event_t          event;
    ngx_chat_visitor_t        visitor;
    ngx_chat_conversation_t   c;

    s->order = ++step_order;

    if (s->entered) {
        sem_post(s->entered);
    }

    if (s->gate) {
        sem_wait(s->gate);
    }

    memset(&visitor, 0, sizeof(visitor));
    memset(&event, 0, sizeof(event));
    memset(&c, 0, sizeof(c));

    visitor.uid = s->uid;
    visitor.topic = s->n;

    if (ngx_chat_db_visitor_add(db, &visitor) != NGX_OK) {
        return NGX_ERROR;
    }

    c.state = NGX_CHAT_CONVERSATION_WAITING;
    c.visitor = visitor.id;

    if (ngx_chat_db_conversation_add(db, &c) != NGX_OK) {
        return NGX_ERROR;
    }

    event.type = NGX_CHAT_EVENT_MESSAGE;
    event.conversation = c.id;
    event.at = s->n;
    event.author = NGX_CHAT_AUTHOR_VISITOR;
    event.author_id = visitor.id;
    event.client_id.data = client;
    event.client_id.len = ngx_sprintf(client, "client-%L", s->n) - client;
    event.text.data = text;
    event.text.len = ngx_sprintf(text, "words n%L", s->n) - text;

    if (ngx_chat_db_event_add(db, &event) != NGX_OK) {
        return NGX_ERROR;
    }

    s->event = event.id;

    return s->rc;
}


static inline ngx_chat_job_t *
step(fixture_t *f, int64_t n, ngx_int_t rc)
{
    step_t          *s;
    ngx_chat_job_t  *job;

    job = fixture_job(f, step_run, sizeof(step_t));

    s = job->args;
    s->n = n;
    s->rc = rc;
    s->uid.data = ngx_pcalloc(job->pool, 16);
    s->uid.len = 16;
    ngx_sprintf(s->uid.data, "%015L", n);

    return job;
}


static inline step_t *
step_of(ngx_chat_job_t *job)
{
    return job->args;
}


/* how many rows there are, by a reader */

static ngx_int_t
count_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    step_t  *s = job->args;

    return ngx_chat_sqlite_value(db, "SELECT count(*) FROM event", &s->found);
}


static inline int64_t
count(fixture_t *f)
{
    int64_t          n;
    ngx_chat_job_t  *job;

    job = fixture_job(f, count_run, sizeof(step_t));
    n = fixture_read(f, job) == NGX_OK ? step_of(job)->found : -1;
    ngx_chat_job_destroy(job);

    return n;
}


/* a job that holds the writer until it is let go, so that a batch forms */

typedef struct {
    sem_t            gate;
    sem_t            entered;
    ngx_chat_job_t  *job;
} hold_t;


static ngx_int_t
hold_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    step_t  *s = job->args;

    sem_post(s->entered);
    sem_wait(s->gate);

    return NGX_OK;
}


static inline void
hold_put(fixture_t *f, hold_t *h)
{
    sem_init(&h->gate, 0, 0);
    sem_init(&h->entered, 0, 0);

    h->job = fixture_job(f, hold_run, sizeof(step_t));
    step_of(h->job)->gate = &h->gate;
    step_of(h->job)->entered = &h->entered;

    ngx_chat_store_write(f->store, h->job);
}


static inline void
hold(fixture_t *f, hold_t *h)
{
    hold_put(f, h);

    sem_wait(&h->entered);
}


static inline void
let_go(hold_t *h)
{
    sem_post(&h->gate);
}


static inline void
hold_free(hold_t *h)
{
    ngx_chat_job_destroy(h->job);
    sem_destroy(&h->gate);
    sem_destroy(&h->entered);
}


#endif /* _STEP_H_INCLUDED_ */
