
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Asks each worker for nothing once a millisecond, in a thread of its own:
 * how long others have to wait while a worker is busy with the waiters.
 */


#define _GNU_SOURCE

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#include "load/load.h"


#define PROBE_INTERVAL  1000000LL       /* ns */
#define PROBE_MAX       64


typedef struct {
    conn_t     conn;
    load_t    *load;
    int64_t    since;                   /* it was to be sent */
    unsigned   asked:1;
} probe_t;


static void probe_open(probe_t *probe, load_t *load, int epoll);
static void probe_send(probe_t *probe);
static void probe_answer(conn_t *c, answer_t *a);
static void probe_gone(conn_t *c);


void *
probe_run(void *data)
{
    load_t *load = data;

    int                 epoll, i, n;
    int64_t             now;
    probe_t            *probe;
    unsigned            k;
    struct timespec     ts;
    struct epoll_event  events[PROBE_MAX];

    (void) prctl(PR_SET_TIMERSLACK, 1);

    epoll = epoll_create1(EPOLL_CLOEXEC);
    probe = calloc(load->probes, sizeof(probe_t));

    if (epoll == -1 || probe == NULL) {
        die("no memory");
    }

    for (k = 0; k < load->probes; k++) {
        probe_open(&probe[k], load, epoll);
    }

    while ((now = meter_now()) < load->end) {
        ts.tv_sec = 0;
        ts.tv_nsec = PROBE_INTERVAL / 4;

        for (k = 0; k < load->probes; k++) {
            if (!probe[k].asked && probe[k].since <= now) {
                probe_send(&probe[k]);
            }
        }

        n = epoll_pwait2(epoll, events, PROBE_MAX, &ts, NULL);

        for (i = 0; i < n; i++) {
            conn_event(events[i].data.ptr, events[i].events);
        }
    }

    return NULL;
}


/* each with a worker of its own, as far as chance has it */

static void
probe_open(probe_t *probe, load_t *load, int epoll)
{
    probe->conn.data = probe;
    probe->conn.answer = probe_answer;
    probe->conn.gone = probe_gone;
    probe->load = load;
    probe->since = load->start;

    if (conn_open(&probe->conn) == -1 || conn_watch(&probe->conn, epoll) == -1)
    {
        die("can't connect");
    }
}


static void
probe_send(probe_t *probe)
{
    static const char  request[] = "GET /204 HTTP/1.1\r\nHost: bench\r\n\r\n";

    probe->asked = 1;

    conn_send(&probe->conn, request, sizeof(request) - 1);
}


static void
probe_answer(conn_t *c, answer_t *a)
{
    int64_t   now;
    probe_t  *probe;

    now = meter_now();
    probe = c->data;

    meter_add(&probe->load->other, now - probe->since);

    /* one that had to wait does not make the next one late */

    probe->asked = 0;
    probe->since += (now - probe->since) / PROBE_INTERVAL * PROBE_INTERVAL
                    + PROBE_INTERVAL;
}


static void
probe_gone(conn_t *c)
{
    die("a probe was closed");
}
