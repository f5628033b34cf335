
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
#define RUN_QUIET   1500000000LL    /* ns without anything, then it is over */
#define RUN_SPIN    300000LL        /* ns before a message is due */


static void *run_thread(void *data);
static void run_loop(thread_t *t);
static int run_over(thread_t *t, int64_t now);
static int64_t run_due(thread_t *t, int64_t now);
static int64_t run_time(load_t *load, talk_t *talk);
static void run_send(talk_t *talk, int64_t since);
static void run_resend(talk_t *talk);
static void run_acked(conn_t *c, answer_t *a);
static void run_talk_gone(conn_t *c);
static void run_idle(load_t *load);
static void run_start(load_t *load);
static pthread_t run_beside(load_t *load, void *(*body)(void *));


void
run_all(load_t *load)
{
    unsigned   i;
    pthread_t  probe, fault;

    probe = 0;
    fault = 0;

    load->begin = meter_now();
    load->start = load->begin
                  + (int64_t) ((load->ramp + load->settle) * 1e9);
    load->end = load->start + (int64_t) (load->seconds * 1e9);

    if (load->idle && !load->awake) {
        wait_memory(load);
        return;
    }

    run_start(load);

    if (load->probes) {
        probe = run_beside(load, probe_run);
    }

    if (load->fault_signal) {
        fault = run_beside(load, fault_run);
    }

    usleep((load->start - meter_now()) / 1000);

    load->cpu = -server_cpu(load->master);

    if (load->idle) {
        run_idle(load);
    }

    for (i = 0; i < load->threads; i++) {
        pthread_join(load->thread[i].id, NULL);
    }

    load->cpu += load->idle ? 0 : server_cpu(load->master);

    if (load->probes) {
        pthread_join(probe, NULL);
    }

    if (load->fault_signal) {
        pthread_join(fault, NULL);
    }
}


static void
run_start(load_t *load)
{
    unsigned  i;

    for (i = 0; i < load->talks && !load->idle; i++) {
        if (conn_watch(&load->talk[i].conn, load->talk[i].thread->epoll)
            == -1)
        {
            die("epoll");
        }
    }

    for (i = 0; i < load->threads; i++) {
        load->thread[i].seed = load->nonce + i;

        if (pthread_create(&load->thread[i].id, NULL, run_thread,
                           &load->thread[i])
            != 0)
        {
            die("pthread_create");
        }
    }
}


static pthread_t
run_beside(load_t *load, void *(*body)(void *))
{
    pthread_t  id;

    if (pthread_create(&id, NULL, body, load) != 0) {
        die("pthread_create");
    }

    return id;
}


/* not a moment longer: what the end of it all costs is not counted */

static void
run_idle(load_t *load)
{
    unsigned  i;
    uint64_t  polls;

    polls = 0;

    for (i = 0; i < load->threads; i++) {
        polls += load->thread[i].polls;
    }

    usleep((useconds_t) ((load->end - meter_now()) / 1000));

    load->cpu += server_cpu(load->master);

    for (i = 0; i < load->threads; i++) {
        load->polls += load->thread[i].polls;
    }

    load->polls -= polls;
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
    int64_t             now, wait, due;
    struct timespec     ts;
    struct epoll_event  events[RUN_EVENTS];

    for ( ;; ) {
        now = meter_now();

        if (run_over(t, now)) {
            return;
        }

        wait = wait_due(t, now);
        due = run_due(t, now);
        wait = (wait < due ? wait : due) - meter_now();

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

    if (t->load->idle) {
        return 1;
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

    if (t->stopped || load->idle) {
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


void
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

    talk->flying = 1;
    talk->thread->sent++;
    talk->thread->busy++;

    run_resend(talk);
}


static void
run_resend(talk_t *talk)
{
    char  request[LOAD_REQUEST];

    if (talk->conn.fd == -1
        && conn_reopen(&talk->conn, talk->thread->epoll) == -1)
    {
        talk->thread->failed++;
        return;
    }

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


/* an answer to what was sent */

static void
run_acked(conn_t *c, answer_t *a)
{
    talk_t    *talk;
    thread_t  *t;

    talk = c->data;
    t = talk->thread;

    t->last = meter_now();

    talk->flying = 0;

    /* what was refused is sent again, in its turn, with the same id */

    talk->refused = a->status < 200 || a->status > 299;

    if (talk->refused) {
        run_failed(t, a);
        talk->left = 1;

    } else {
        t->acked++;
        talk->acked++;
        talk->next++;
        t->bytes += a->body_len;
        meter_add(&t->ack, t->last - talk->since);
    }

    talk->left--;
    t->busy--;

    if (talk->left == 0 && (t->load->rate == 0 || !talk->refused)) {
        run_next(talk);
    }
}


/* it is opened again for the next message, or for this one, with its id */

static void
run_talk_gone(conn_t *c)
{
    talk_t  *talk;

    talk = c->data;
    talk->thread->closed++;

    if (talk->flying) {
        run_resend(talk);
    }
}


void
run_failed(thread_t *t, answer_t *a)
{
    if (t->failed++ == 0) {
        fprintf(stderr, "load: %d %.*s\n", a->status,
                a->body_len < 300 ? (int) a->body_len : 300, a->body);
    }
}
