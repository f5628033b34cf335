
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A talk is somebody who sends, one message at a time; a waiter gets what is
 * sent.  A talk has any number of waiters, and all of it belongs to one
 * thread but the waiters of a lone talk, which are spread over all.
 *
 * A message carries "~talk.number.time~" in hexadecimal, the time being that
 * at which it was to be sent.  So whoever gets it knows how long it took and
 * whether one is missing or came twice.
 */


#ifndef _LOAD_H_INCLUDED_
#define _LOAD_H_INCLUDED_


#include <pthread.h>
#include <stdint.h>

#include "load/conn.h"
#include "load/meter.h"


#define LOAD_REQUEST  2048
#define LOAD_COOKIE   256
#define LOAD_TAG      64
#define LOAD_BURSTS   1024
#define LOAD_THREADS  16
#define LOAD_LATE     128       /* ms, more than any waiter is late */


typedef struct load_s    load_t;
typedef struct side_s    side_t;
typedef struct thread_s  thread_t;
typedef struct waiter_s  waiter_t;


typedef struct {
    unsigned     id;
    thread_t    *thread;
    conn_t       conn;
    char         cookie[LOAD_COOKIE];
    int64_t      cursor;                /* at the beginning */
    int64_t      since;                 /* the message on its way */
    uint32_t     next;                  /* its number */
    uint32_t     acked;
    uint32_t     left;                  /* what is to come until the next */
    unsigned     flying:1;              /* it was not acknowledged yet */
    unsigned     refused:1;             /* the last answer was an error */
} talk_t;


struct waiter_s {
    talk_t      *talk;                  /* NULL: it hears all of them */
    thread_t    *thread;
    conn_t       conn;
    int64_t      cursor;
    char         modified[LOAD_TAG];    /* nchan's cursor */
    char         etag[LOAD_TAG];
    uint32_t    *heard;                 /* of each talk: number + 1 */
    uint32_t     one;                   /* .heard for one talk */
    waiter_t    *next;                  /* of those who come back with it */
};


/* the HTTP of one server */

struct side_s {
    const char  *name;

    /* what comes first, on the connection of the talk; may be NULL */
    int        (*open)(load_t *load, talk_t *talk);

    size_t     (*send)(load_t *load, talk_t *talk, char *p);
    size_t     (*wait)(load_t *load, waiter_t *w, char *p);

    /* what the answer says of where to go on; may be NULL */
    void       (*cursor)(waiter_t *w, answer_t *a);

    /* the same of what a stream said; may be NULL */
    void       (*streamed)(waiter_t *w, const char *p, size_t len);
};


struct thread_s {
    load_t      *load;
    pthread_t    id;
    unsigned     number;
    int          epoll;
    int64_t      last;                  /* when something came */
    uint64_t     turn;                  /* open loop: the next message of all */
    uint32_t     busy;                  /* talks with a message on its way */
    unsigned     begun;                 /* waiters of all that were looked at */
    waiter_t    *late[LOAD_LATE];       /* who come back, by ms */
    unsigned     late_waiters;
    int64_t      tick;                  /* ms, .late is empty up to it */
    unsigned     seed;
    unsigned     stopped:1;

    uint64_t     sent;
    uint64_t     acked;
    uint64_t     delivered;
    uint64_t     lost;
    uint64_t     doubled;
    uint64_t     failed;
    uint64_t     closed;                /* by the server */
    uint64_t     polls;                 /* answered */
    uint64_t     bytes;                 /* of bodies that were sent for */
    meter_t      delivery;
    meter_t      during;                /* of .delivery: see fault.c */
    meter_t      ack;
    int64_t      burst[LOAD_BURSTS];    /* when the last waiter had it, ns */
};


struct load_s {
    const side_t  *side;
    const char    *state;               /* chat_state, for the setup code */
    const char    *path;                /* of a plain GET */
    const char    *list;                /* file with many of these */
    char         **line;
    unsigned       lines;
    int            master;              /* pid */
    unsigned       talks;
    unsigned       waiters;             /* of each talk */
    unsigned       threads;
    unsigned       size;                /* of a message */
    unsigned       count;               /* of messages of each talk */
    unsigned       place;               /* of sender and waiter: PLACE_* */
    unsigned       probes;
    double         rate;                /* of all talks; 0: closed loop */
    double         seconds;
    double         settle;
    double         ramp;                /* seconds until all wait */
    unsigned       wait;                /* seconds of a poll; 0: the server's */
    int            fault_signal;        /* 0: none */
    double         fault;               /* seconds after the start */
    unsigned       stream:1;
    unsigned       inbox:1;             /* waiters are operators */
    unsigned       login:1;             /* plain GETs are an operator's */
    unsigned       idle:1;              /* send nothing: measure memory */
    unsigned       awake:1;             /* idle: measure CPU instead */
    unsigned       spin:1;              /* no sleep before a message is due */

    char           operator[LOAD_COOKIE];
    int64_t        inbox_cursor;
    uint32_t       nonce;
    int64_t        begin;               /* the first one waits */
    int64_t        start;
    int64_t        end;
    int64_t        gone;                /* ns until the old workers were gone */
    uint64_t       polls;
    double         cpu;
    double         memory;
    talk_t        *talk;
    waiter_t      *waiter;
    unsigned       nwaiters;
    thread_t       thread[LOAD_THREADS];
    meter_t        other;               /* of the probes */
};


enum {
    PLACE_ANY = 0,
    PLACE_SAME,                         /* worker */
    PLACE_OTHER
};


extern const side_t  side_ours;
extern const side_t  side_nchan;
extern const side_t  side_get;

/* logs an operator in, whose cookie is load->operator */
int side_operator(load_t *load);

/* pid of the worker that has this connection */
int side_worker(conn_t *c);

/* opens all connections, and a session for each talk */
void open_all(load_t *load);

/* the waiters begin to wait, the talks to talk; returns when all is over */
void run_all(load_t *load);

void run_talk(talk_t *talk);
void run_next(talk_t *talk);
void run_failed(thread_t *t, answer_t *a);

/* makes a waiter, which is not connected yet */
void wait_listen(waiter_t *w);

/* who has to wait now, or again; returns when to look again, in ns */
int64_t wait_due(thread_t *t, int64_t now);

/* all wait: what it costs in memory is load->memory */
void wait_memory(load_t *load);

/* a thread that sends the signal, and waits until old workers are gone */
void *fault_run(void *data);

/* whether it was the moment of the signal when a message was to be sent */
int fault_during(load_t *load, int64_t since);

/* a thread that asks each worker for nothing, all the time */
void *probe_run(void *data);

void die(const char *what);


#endif /* _LOAD_H_INCLUDED_ */
