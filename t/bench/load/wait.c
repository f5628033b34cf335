
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Those who wait: by polls one after the other, or with a stream.  One whose
 * connection was closed comes back with its cursor: at once when something
 * had come through the connection before, as browsers do with one that they
 * use again, else after a moment.  An answer that says that it is the last one
 * of its connection is believed.
 */


#define _GNU_SOURCE

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load/load.h"
#include "load/server.h"


#define WAIT_LAST    5000000000LL       /* ns after the end: polls go on */
#define WAIT_JITTER  100                /* ms, until a client comes back */
#define WAIT_MS      1000000LL


static void wait_open(waiter_t *w);
static void wait_ask(waiter_t *w);
static void wait_late(waiter_t *w);
static void wait_again(waiter_t *w);
static void wait_answered(conn_t *c, answer_t *a);
static size_t wait_streamed(conn_t *c, const char *p, size_t len);
static size_t wait_scan(waiter_t *w, const char *p, size_t len);
static void wait_heard(waiter_t *w, unsigned id, uint32_t number,
    int64_t since);
static void wait_gone(conn_t *c);


void
wait_listen(waiter_t *w)
{
    w->conn.fd = -1;
    w->conn.answer = wait_answered;
    w->conn.bytes = wait_streamed;
    w->conn.gone = wait_gone;
}


void
wait_memory(load_t *load)
{
    unsigned  i;

    usleep(500000);

    load->memory = -server_memory(load->master);

    for (i = 0; i < load->nwaiters; i++) {
        wait_open(&load->waiter[i]);
    }

    usleep((useconds_t) (load->settle * 1e6));

    load->memory += server_memory(load->master);
}


static void
wait_open(waiter_t *w)
{
    if (w->conn.fd == -1 && conn_open(&w->conn) == -1) {
        die("can't connect");
    }

    if (conn_watch(&w->conn, w->thread->epoll) == -1) {
        die("epoll");
    }

    wait_ask(w);
}


static void
wait_ask(waiter_t *w)
{
    char           request[LOAD_REQUEST];
    load_t        *load;
    const side_t  *side;

    load = w->thread->load;
    side = load->side;

    /* where nobody can wait, a connection that has done its work is kept */

    conn_send(&w->conn, request,
              side->wait ? side->wait(load, w, request)
                         : side->send(load, w->talk, request));
}


/* those whose first time, or next time, has come */

int64_t
wait_due(thread_t *t, int64_t now)
{
    load_t    *load;
    int64_t    at;
    waiter_t  *w, *next;

    load = t->load;

    while (t->begun < load->nwaiters) {
        w = &load->waiter[t->begun];
        at = load->begin
             + (int64_t) (load->ramp * 1e9 * t->begun / load->nwaiters);

        if (at > now) {
            return at;
        }

        t->begun++;

        if (w->thread == t) {
            wait_open(w);
        }
    }

    if (t->late_waiters == 0) {
        t->tick = now / WAIT_MS;
        return INT64_MAX;
    }

    while (t->tick < now / WAIT_MS) {
        t->tick++;

        w = t->late[t->tick % LOAD_LATE];
        t->late[t->tick % LOAD_LATE] = NULL;

        for ( /* void */ ; w; w = next) {
            next = w->next;
            t->late_waiters--;
            wait_again(w);
        }
    }

    return (t->tick + 1) * WAIT_MS;
}


static void
wait_late(waiter_t *w)
{
    int64_t    tick;
    thread_t  *t;

    t = w->thread;
    tick = meter_now() / WAIT_MS;

    if (t->late_waiters == 0) {
        t->tick = tick;
    }

    tick += 1 + rand_r(&t->seed) % WAIT_JITTER;

    w->next = t->late[tick % LOAD_LATE];
    t->late[tick % LOAD_LATE] = w;
    t->late_waiters++;
}


static void
wait_again(waiter_t *w)
{
    if (w->conn.fd == -1 && conn_reopen(&w->conn, w->thread->epoll) == -1) {
        wait_late(w);
        return;
    }

    wait_ask(w);
}


/* an answer to a poll; 408 is nchan's when nothing came */

static void
wait_answered(conn_t *c, answer_t *a)
{
    waiter_t  *w;
    thread_t  *t;

    w = c->data;
    t = w->thread;

    t->last = meter_now();

    if (a->status == 200 || a->status == 304) {
        t->polls++;
        (void) wait_scan(w, a->body, a->body_len);
        t->load->side->cursor(w, a);

    } else if (a->status == 408) {
        t->polls++;

    } else {
        run_failed(t, a);

        if (!a->close) {
            wait_late(w);
        }

        return;
    }

    if (!t->stopped || t->last < t->load->end + WAIT_LAST) {
        wait_ask(w);
    }
}


/* all "~talk.number.time~"; returns where the first incomplete one begins */

static size_t
wait_scan(waiter_t *w, const char *p, size_t len)
{
    char        *e;
    int64_t      since;
    unsigned     id;
    uint32_t     number;
    const char  *begin, *end, *last;

    begin = p;
    last = p + len;

    for ( ;; ) {
        p = memchr(p, '~', last - p);

        if (p == NULL) {
            return len;
        }

        end = memchr(p + 1, '~', last - p - 1);

        if (end == NULL) {
            return p - begin;
        }

        id = strtoul(p + 1, &e, 16);
        number = strtoul(e + 1, &e, 16);
        since = strtoll(e + 1, &e, 16);

        if (e == end && id < w->thread->load->talks) {
            wait_heard(w, id, number, since);
        }

        p = end + 1;
    }
}


static size_t
wait_streamed(conn_t *c, const char *p, size_t len)
{
    size_t     done;
    waiter_t  *w;

    w = c->data;
    w->thread->last = meter_now();

    done = wait_scan(w, p, len);

    if (w->thread->load->side->streamed) {
        w->thread->load->side->streamed(w, p, done);
    }

    return done;
}


static void
wait_heard(waiter_t *w, unsigned id, uint32_t number, int64_t since)
{
    talk_t    *talk;
    int64_t    took;
    uint32_t  *heard;
    thread_t  *t;

    t = w->thread;
    talk = &t->load->talk[id];
    heard = w->talk ? w->heard : &w->heard[id];

    if (w->talk == NULL && talk->thread != t) {
        return;
    }

    if (number < *heard) {
        t->doubled++;
        return;
    }

    took = t->last - since;

    t->lost += number - *heard;
    t->delivered++;
    meter_add(&t->delivery, took);

    if (fault_during(t->load, since)) {
        meter_add(&t->during, took);
    }

    *heard = number + 1;

    if (number < LOAD_BURSTS && took > t->burst[number]) {
        t->burst[number] = took;
    }

    if (t->load->rate == 0 && --talk->left == 0) {
        run_next(talk);
    }
}


static void
wait_gone(conn_t *c)
{
    waiter_t  *w;

    w = c->data;
    w->thread->closed++;

    if (meter_now() > w->thread->load->end + WAIT_LAST) {
        return;
    }

    if (c->used) {
        wait_again(w);

    } else {
        wait_late(w);
    }
}
