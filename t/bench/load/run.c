
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The loop of a thread.  In the closed loop a talk sends when its last message
 * was acknowledged and all its waiters have it; in the open loop at its time,
 * or as soon as the last one was acknowledged, and what that took counts.
 */


#define _GNU_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "load/load.h"
#include "load/server.h"


#define RUN_EVENTS  512
#define RUN_QUIET   500000000LL     /* ns without anything, then it is over */
#define RUN_SPIN    300000LL        /* ns before a message is due */


static void *run_thread(void *data);
static void run_loop(thread_t *t);
static int run_over(thread_t *t, int64_t now);
static int64_t run_due(thread_t *t, int64_t now);
static int64_t run_time(load_t *load, talk_t *talk);
static void run_send(talk_t *talk, int64_t since);
static void run_resend(talk_t *talk);
static void run_next(talk_t *talk);
static void run_acked(conn_t *c, answer_t *a);
static void run_answered(conn_t *c, answer_t *a);
static size_t run_streamed(conn_t *c, const char *p, size_t len);
static size_t run_scan(waiter_t *w, const char *p, size_t len);
static void run_heard(waiter_t *w, unsigned id, uint32_t number,
    int64_t since);
static void run_talk_gone(conn_t *c);
static void run_waiter_gone(conn_t *c);
static void run_failed(thread_t *t, answer_t *a);
static void run_memory(load_t *load);


void
run_all(load_t *load)
{
    unsigned   i;
    pthread_t  probe;

    load->start = meter_now() + (int64_t) (load->settle * 1e9);
    load->end = load->start + (int64_t) (load->seconds * 1e9);

    if (load->idle) {
        run_memory(load);
        return;
    }

    for (i = 0; i < load->talks; i++) {
        if (conn_watch(&load->talk[i].conn, load->talk[i].thread->epoll)
            == -1)
        {
            die("epoll");
        }
    }

    for (i = 0; i < load->nwaiters; i++) {
        run_wait(&load->waiter[i]);
    }

    for (i = 0; i < load->threads; i++) {
        if (pthread_create(&load->thread[i].id, NULL, run_thread,
                           &load->thread[i])
            != 0)
        {
            die("pthread_create");
        }
    }

    if (load->probes && pthread_create(&probe, NULL, probe_run, load) != 0) {
        die("pthread_create");
    }

    usleep((load->start - meter_now()) / 1000);

    load->cpu = -server_cpu(load->master);

    for (i = 0; i < load->threads; i++) {
        pthread_join(load->thread[i].id, NULL);
    }

    load->cpu += server_cpu(load->master);

    if (load->probes) {
        pthread_join(probe, NULL);
    }
}


static void
run_memory(load_t *load)
{
    unsigned  i;

    usleep(500000);

    load->memory = -server_memory(load->master);

    for (i = 0; i < load->nwaiters; i++) {

        if (conn_open(&load->waiter[i].conn) == -1) {
            die("can't connect");
        }

        run_wait(&load->waiter[i]);
    }

    usleep((useconds_t) (load->settle * 1e6));

    load->memory += server_memory(load->master);
}


void
run_wait(waiter_t *w)
{
    char  request[LOAD_REQUEST];

    if (w->conn.epoll == 0 && conn_watch(&w->conn, w->thread->epoll) == -1) {
        die("epoll");
    }

    conn_send(&w->conn, request,
              w->thread->load->side->wait(w->thread->load, w, request));
}


static void *
run_thread(void *data)
{
    (void) prctl(PR_SET_TIMERSLACK, 1);

    run_loop(data);

    return NULL;
}


static void
run_loop(thread_t *t)
{
    int                 i, n;
    int64_t             now, wait;
    struct timespec     ts;
    struct epoll_event  events[RUN_EVENTS];

    for ( ;; ) {
        now = meter_now();

        if (run_over(t, now)) {
            return;
        }

        wait = run_due(t, now) - meter_now();

        if (wait < (t->load->spin ? RUN_SPIN : 0)) {
            wait = 0;

        } else if (t->load->spin) {
            wait -= RUN_SPIN;
        }

        ts.tv_sec = wait / 1000000000;
        ts.tv_nsec = wait % 1000000000;

        n = epoll_pwait2(t->epoll, events, RUN_EVENTS, &ts, NULL);

        for (i = 0; i < n; i++) {
            conn_event(events[i].data.ptr, events[i].events);
        }
    }
}


/* no message on its way, and those that wait have heard nothing for a while */

static int
run_over(thread_t *t, int64_t now)
{
    if (!t->stopped && now >= t->load->end) {
        t->stopped = 1;
    }

    if (!t->stopped || now - t->load->end > 10000000000LL) {
        return t->stopped;
    }

    if (t->load->nwaiters == 0) {
        return t->busy == 0;
    }

    return now - t->last > RUN_QUIET && now - t->load->end > RUN_QUIET;
}


/* sends what is due; returns when to look again */

static int64_t
run_due(thread_t *t, int64_t now)
{
    load_t   *load;
    talk_t   *talk;
    int64_t   at;

    load = t->load;

    if (now < load->start) {
        return load->start;
    }

    if (t->stopped) {
        return now + 100000000;
    }

    for ( ;; ) {
        if (load->rate == 0 && t->turn >= load->talks) {
            return load->end;
        }

        talk = &load->talk[t->turn % load->talks];

        if (talk->thread != t) {
            t->turn++;
            continue;
        }

        at = load->start;

        if (load->rate) {
            at += (int64_t) (t->turn / load->rate * 1e9);

            if (at > now) {
                return at < load->end ? at : load->end;
            }
        }

        t->turn++;

        if (talk->left == 0) {
            run_next(talk);
        }
    }
}


/* when the next message of this talk is to be sent; 0: now */

static int64_t
run_time(load_t *load, talk_t *talk)
{
    if (load->rate == 0) {
        return 0;
    }

    return load->start
           + (int64_t) (((double) talk->next * load->talks + talk->id)
                        / load->rate * 1e9);
}


static void
run_next(talk_t *talk)
{
    int64_t    at, now;
    load_t    *load;

    load = talk->thread->load;
    now = meter_now();

    if (talk->thread->stopped || now >= load->end
        || (load->count && talk->next >= load->count))
    {
        return;
    }

    at = run_time(load, talk);

    if (at <= now) {
        run_send(talk, at ? at : now);
    }
}


static void
run_send(talk_t *talk, int64_t since)
{
    load_t  *load;

    load = talk->thread->load;

    talk->since = since;
    talk->left = 1;

    if (load->rate == 0) {
        talk->left += load->inbox ? 1 : load->waiters;
    }

    talk->thread->sent++;
    talk->thread->busy++;

    run_resend(talk);
}


static void
run_resend(talk_t *talk)
{
    char  request[LOAD_REQUEST];

    conn_send(&talk->conn, request,
              talk->thread->load->side->send(talk->thread->load, talk,
                                             request));
}


void
run_talk(talk_t *talk)
{
    talk->conn.answer = run_acked;
    talk->conn.gone = run_talk_gone;
}


void
run_listen(waiter_t *w)
{
    w->conn.answer = run_answered;
    w->conn.bytes = run_streamed;
    w->conn.gone = run_waiter_gone;
}


/* an answer to what was sent */

static void
run_acked(conn_t *c, answer_t *a)
{
    talk_t    *talk;
    thread_t  *t;

    talk = c->data;
    t = talk->thread;

    t->last = meter_now();

    if (a->status < 200 || a->status > 299) {
        run_failed(t, a);
        talk->left = 1;

    } else {
        t->acked++;
        talk->acked++;
        meter_add(&t->ack, t->last - talk->since);
    }

    talk->left--;
    talk->next++;
    t->busy--;

    if (talk->left == 0) {
        run_next(talk);
    }
}


/* an answer to a poll */

static void
run_answered(conn_t *c, answer_t *a)
{
    waiter_t  *w;
    thread_t  *t;

    w = c->data;
    t = w->thread;

    t->last = meter_now();

    if (a->status != 200 && a->status != 304) {
        run_failed(t, a);

    } else {
        (void) run_scan(w, a->body, a->body_len);
        t->load->side->cursor(w, a);
    }

    if (!t->stopped || t->last < t->load->end + 5000000000LL) {
        run_wait(w);
    }
}


/* all "~talk.number.time~"; returns where the first incomplete one begins */

static size_t
run_scan(waiter_t *w, const char *p, size_t len)
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
            run_heard(w, id, number, since);
        }

        p = end + 1;
    }
}


/* of a stream */

static size_t
run_streamed(conn_t *c, const char *p, size_t len)
{
    waiter_t  *w;

    w = c->data;
    w->thread->last = meter_now();

    return run_scan(w, p, len);
}


static void
run_heard(waiter_t *w, unsigned id, uint32_t number, int64_t since)
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

    *heard = number + 1;

    if (number < LOAD_BURSTS && took > t->burst[number]) {
        t->burst[number] = took;
    }

    if (t->load->rate == 0 && --talk->left == 0) {
        run_next(talk);
    }
}


static void
run_talk_gone(conn_t *c)
{
    talk_t  *talk;

    talk = c->data;
    talk->thread->failed++;

    if (conn_open(c) == -1 || conn_watch(c, talk->thread->epoll) == -1) {
        return;
    }

    /* it has the same id */

    if (talk->left && talk->since) {
        run_resend(talk);
    }
}


static void
run_waiter_gone(conn_t *c)
{
    waiter_t  *w;

    w = c->data;
    w->thread->failed++;

    c->epoll = 0;

    if (!w->thread->stopped && conn_open(c) == 0) {
        run_wait(w);
    }
}


static void
run_failed(thread_t *t, answer_t *a)
{
    if (t->failed++ == 0) {
        fprintf(stderr, "load: %d %.*s\n", a->status,
                a->body_len < 300 ? (int) a->body_len : 300, a->body);
    }
}
