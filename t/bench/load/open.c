
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * All connections and sessions, before anything is measured.
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "load/load.h"


#define OPEN_TRIES  200         /* connections, until one is well placed */


static void open_list(load_t *load);
static void open_talk(load_t *load, talk_t *talk);
static void open_waiter(load_t *load, waiter_t *w, unsigned n);
static void open_place(load_t *load, conn_t *c, conn_t *other);


void
open_all(load_t *load)
{
    unsigned  i;

    load->nwaiters = load->inbox ? load->threads
                                 : load->talks * load->waiters;

    load->talk = calloc(load->talks, sizeof(talk_t));
    load->waiter = calloc(load->nwaiters + 1, sizeof(waiter_t));

    if (load->talk == NULL || load->waiter == NULL) {
        die("no memory");
    }

    for (i = 0; i < load->threads; i++) {
        load->thread[i].load = load;
        load->thread[i].number = i;
        load->thread[i].epoll = epoll_create1(EPOLL_CLOEXEC);
    }

    for (i = 0; i < load->talks; i++) {
        load->talk[i].id = i;
        load->talk[i].thread = &load->thread[i % load->threads];
        open_talk(load, &load->talk[i]);
    }

    if (load->list) {
        open_list(load);
    }

    if ((load->inbox || load->login) && side_operator(load) == -1) {
        die("the operator can't log in");
    }

    for (i = 0; i < load->nwaiters; i++) {
        open_waiter(load, &load->waiter[i], i);
    }
}


static void
open_list(load_t *load)
{
    char     line[LOAD_REQUEST / 4], **lines;
    FILE    *file;

    file = fopen(load->list, "r");
    if (file == NULL) {
        die("no such list");
    }

    while (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';

        lines = realloc(load->line, (load->lines + 1) * sizeof(char *));
        if (lines == NULL) {
            die("no memory");
        }

        load->line = lines;
        load->line[load->lines++] = strdup(line);
    }

    fclose(file);

    if (load->lines == 0) {
        die("an empty list");
    }
}


static void
open_talk(load_t *load, talk_t *talk)
{
    talk_t  *last;

    talk->conn.data = talk;

    run_talk(talk);

    /* who sends nothing needs one connection for all sessions */

    if (load->idle && talk->id) {
        last = &load->talk[talk->id - 1];
        talk->conn.fd = last->conn.fd;
        talk->conn.tls = last->conn.tls;
        last->conn.fd = -1;
        last->conn.tls = NULL;

    } else if (conn_open(&talk->conn) == -1) {
        die("can't connect");
    }

    if (load->side->open && load->side->open(load, talk) == -1) {
        die("no session");
    }

    if (load->idle && talk->id == load->talks - 1) {
        conn_close(&talk->conn);
    }
}


static void
open_waiter(load_t *load, waiter_t *w, unsigned n)
{
    w->conn.data = w;
    w->conn.stream = load->stream;

    if (load->inbox) {
        w->thread = &load->thread[n];
        w->cursor = load->inbox_cursor;
        w->heard = calloc(load->talks, sizeof(uint32_t));

        if (w->heard == NULL) {
            die("no memory");
        }

    } else {
        w->talk = &load->talk[n / load->waiters];
        w->cursor = w->talk->cursor;
        w->heard = &w->one;
        w->thread = load->talks == 1 ? &load->thread[n % load->threads]
                                     : w->talk->thread;
    }

    wait_listen(w);

    if (load->idle) {
        return;
    }

    if (conn_open(&w->conn) == -1) {
        die("can't connect");
    }

    if (load->place != PLACE_ANY) {
        open_place(load, &w->conn, &load->talk[n].conn);
    }
}


/* another connection, until it is with the worker that it should be with */

static void
open_place(load_t *load, conn_t *c, conn_t *other)
{
    int       worker;
    unsigned  i;

    worker = side_worker(other);

    for (i = 0; i < OPEN_TRIES; i++) {

        if ((side_worker(c) == worker) == (load->place == PLACE_SAME)) {
            return;
        }

        conn_close(c);

        if (conn_open(c) == -1) {
            break;
        }
    }

    die("no connection to that worker");
}
