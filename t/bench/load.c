
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Load on one server, and what it answers, as JSON.
 *
 *     load [options] ours|nchan|get
 *
 *     -a address:port   of the server, 127.0.0.1:8080
 *     -p pid            of its master, for CPU and memory
 *     -S directory      ours: chat_state, to make the first operator
 *     -u path           get: what to ask for
 *     -l file           get: the same, a line each, "path" or "path TAB token
 *                       of a visitor", from the top to the end and again
 *     -O                get: log an operator in, who asks
 *     -c talks          that go on at the same time, 1
 *     -w waiters        of each talk, 1
 *     -e                waiters stream instead of polling
 *     -o                ours: the waiters are operators, who hear all talks
 *     -r rate           messages a second of all talks; else a closed loop
 *     -d seconds        how long, 3
 *     -n messages       of each talk at most
 *     -s seconds        before the first message, 0.3
 *     -t threads        1
 *     -b bytes          of a message, 100
 *     -x, -y            sender and waiter with another, with the same worker
 *     -P probes         connections that ask for nothing meanwhile
 *     -i                send nothing: the memory of those who wait
 *     -I                send nothing: the CPU that their waiting takes
 *     -g seconds        until all wait, evenly spread, 0
 *     -W seconds        ours: how long a poll waits; else the server's choice
 *     -T                TLS
 *     -H, -K seconds    after the first message: HUP, or KILL of one worker
 *     -k                don't sleep right before a message is due
 *
 * A time counts from when the message was to be sent, not from when there
 * was time to send it.
 */


#define _GNU_SOURCE

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "load/load.h"


#define LOAD_OPTIONS  "a:p:S:u:l:Oc:w:eor:d:n:s:t:b:xyP:iIg:W:TH:K:k"


static void load_options(load_t *load, int argc, char **argv);
static void load_option(load_t *load, int option, char *value);
static void load_address(char *text);
static void load_fault(load_t *load, int signal, char *value);
static void load_descriptors(void);
static void load_sum(load_t *load, thread_t *sum);
static void load_print(load_t *load, thread_t *sum);
static void load_times(const char *name, meter_t *m);
static void load_bursts(load_t *load, thread_t *sum);
static int load_ascending(const void *one, const void *two);


static const side_t  *load_sides[] = {
    &side_ours, &side_nchan, &side_get, NULL
};


int
main(int argc, char **argv)
{
    thread_t  *sum;

    static load_t  load;

    load.talks = 1;
    load.waiters = 1;
    load.threads = 1;
    load.size = 100;
    load.seconds = 3;
    load.settle = 0.3;
    load.nonce = (uint32_t) meter_now() ^ ((uint32_t) getpid() << 16);

    load_address("127.0.0.1:8080");
    load_options(&load, argc, argv);

    sum = calloc(1, sizeof(thread_t));
    if (sum == NULL) {
        die("no memory");
    }

    (void) signal(SIGPIPE, SIG_IGN);

    load_descriptors();

    open_all(&load);
    run_all(&load);

    load_sum(&load, sum);
    load_print(&load, sum);

    return 0;
}


static void
load_options(load_t *load, int argc, char **argv)
{
    int       option;
    unsigned  i;

    while ((option = getopt(argc, argv, LOAD_OPTIONS)) != -1) {
        load_option(load, option, optarg);
    }

    for (i = 0; load_sides[i] && optind < argc; i++) {
        if (strcmp(load_sides[i]->name, argv[optind]) == 0) {
            load->side = load_sides[i];
        }
    }

    if (load->side == NULL) {
        die("which server? ours, nchan or get");
    }

    if (load->side->wait == NULL && !load->idle) {
        load->waiters = 0;
    }

    if (load->talks < 1 || load->threads < 1 || load->threads > LOAD_THREADS
        || load->size > LOAD_REQUEST / 4)
    {
        die("too few or too many");
    }

    if (load->rate == 0 && load->talks == 1 && load->threads > 1) {
        die("a lone talk of several threads needs a rate");
    }
}


static void
load_option(load_t *load, int option, char *value)
{
    switch (option) {

    case 'a': load_address(value);               break;
    case 'p': load->master = atoi(value);        break;
    case 'S': load->state = value;               break;
    case 'u': load->path = value;                break;
    case 'l': load->list = value;                break;
    case 'O': load->login = 1;                   break;
    case 'c': load->talks = atoi(value);         break;
    case 'w': load->waiters = atoi(value);       break;
    case 'e': load->stream = 1;                  break;
    case 'o': load->inbox = 1;                   break;
    case 'r': load->rate = atof(value);          break;
    case 'd': load->seconds = atof(value);       break;
    case 'n': load->count = atoi(value);         break;
    case 's': load->settle = atof(value);        break;
    case 't': load->threads = atoi(value);       break;
    case 'b': load->size = atoi(value);          break;
    case 'x': load->place = PLACE_OTHER;         break;
    case 'y': load->place = PLACE_SAME;          break;
    case 'P': load->probes = atoi(value);        break;
    case 'i': load->idle = 1;                    break;
    case 'I': load->idle = load->awake = 1;      break;
    case 'g': load->ramp = atof(value);          break;
    case 'W': load->wait = atoi(value);          break;
    case 'H': load_fault(load, SIGHUP, value);   break;
    case 'K': load_fault(load, SIGKILL, value);  break;
    case 'k': load->spin = 1;                    break;

    case 'T':
        if (conn_use_tls() == -1) {
            die("no TLS");
        }

        break;

    default:
        exit(2);
    }
}


static void
load_fault(load_t *load, int signal, char *value)
{
    load->fault_signal = signal;
    load->fault = atof(value);
}


static void
load_descriptors(void)
{
    struct rlimit  limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void) setrlimit(RLIMIT_NOFILE, &limit);
    }
}


static void
load_address(char *text)
{
    char  host[64], *colon;

    snprintf(host, sizeof(host), "%s", text);

    colon = strchr(host, ':');
    if (colon == NULL) {
        die("an address is host:port");
    }

    *colon = '\0';

    conn_address.sin_family = AF_INET;
    conn_address.sin_port = htons(atoi(colon + 1));

    if (inet_pton(AF_INET, host, &conn_address.sin_addr) != 1) {
        die("no such address");
    }
}


static void
load_sum(load_t *load, thread_t *sum)
{
    unsigned   i, k;
    thread_t  *t;

    for (i = 0; i < load->threads; i++) {
        t = &load->thread[i];

        sum->sent += t->sent;
        sum->acked += t->acked;
        sum->delivered += t->delivered;
        sum->lost += t->lost;
        sum->doubled += t->doubled;
        sum->failed += t->failed;
        sum->closed += t->closed;
        sum->bytes += t->bytes;

        if (t->last > sum->last) {
            sum->last = t->last;
        }

        meter_merge(&sum->delivery, &t->delivery);
        meter_merge(&sum->during, &t->during);
        meter_merge(&sum->ack, &t->ack);

        for (k = 0; k < LOAD_BURSTS; k++) {
            if (t->burst[k] > sum->burst[k]) {
                sum->burst[k] = t->burst[k];
            }
        }
    }

    /* what came after the last that was heard */

    for (i = 0; i < load->nwaiters && load->waiter[i].talk; i++) {
        if (load->waiter[i].one < load->waiter[i].talk->acked) {
            sum->lost += load->waiter[i].talk->acked - load->waiter[i].one;
        }
    }

    for (k = 0; load->inbox && k < load->talks; k++) {
        i = load->waiter[k % load->threads].heard[k];

        if (i < load->talk[k].acked) {
            sum->lost += load->talk[k].acked - i;
        }
    }
}


static void
load_print(load_t *load, thread_t *sum)
{
    double  seconds;

    if (load->idle) {
        printf("{\"side\":\"%s\",\"waiters\":%u,\"closed\":%llu,"
               "\"failed\":%llu,", load->side->name, load->nwaiters,
               (unsigned long long) sum->closed,
               (unsigned long long) sum->failed);

        if (load->awake) {
            printf("\"core\":%.4f,\"polls\":%.1f}\n",
                   load->cpu / 1e7 / load->seconds,
                   load->polls / load->seconds);

        } else {
            printf("\"bytes\":%.0f}\n", load->memory / load->nwaiters);
        }

        return;
    }

    seconds = (sum->last - load->start) / 1e9;

    printf("{\"side\":\"%s\",\"sent\":%llu,\"acknowledged\":%llu,"
           "\"delivered\":%llu,\"lost\":%llu,\"doubled\":%llu,"
           "\"failed\":%llu,\"closed\":%llu,\"seconds\":%.3f,"
           "\"rate\":%.1f,\"cpu\":%.3f",
           load->side->name, (unsigned long long) sum->sent,
           (unsigned long long) sum->acked,
           (unsigned long long) sum->delivered,
           (unsigned long long) sum->lost, (unsigned long long) sum->doubled,
           (unsigned long long) sum->failed,
           (unsigned long long) sum->closed, seconds, sum->acked / seconds,
           load->master && sum->acked ? load->cpu / 1000 / sum->acked : 0);

    load_times("ack", &sum->ack);
    load_times("delivery", &sum->delivery);

    if (load->list) {
        printf(",\"page\":%.0f", (double) sum->bytes / (sum->acked + 1));
    }

    if (load->probes) {
        load_times("other", &load->other);
    }

    if (load->waiters > 1) {
        load_bursts(load, sum);
    }

    if (load->fault_signal) {
        load_times("during", &sum->during);
        printf(",\"gone\":%.1f", load->gone / 1e3);
    }

    printf("}\n");
}


static void
load_times(const char *name, meter_t *m)
{
    if (m->n == 0) {
        return;
    }

    printf(",\"%s\":{\"min\":%.1f,\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f}",
           name, m->min / 1e3, meter_at(m, 0.5), meter_at(m, 0.99),
           m->max / 1e3);
}


/* the time to the last waiter, of each message */

static void
load_bursts(load_t *load, thread_t *sum)
{
    unsigned  n;

    n = sum->acked < LOAD_BURSTS ? sum->acked : LOAD_BURSTS;

    if (n == 0) {
        return;
    }

    qsort(sum->burst, n, sizeof(int64_t), load_ascending);

    printf(",\"last\":{\"min\":%.1f,\"p50\":%.1f,\"max\":%.1f}",
           sum->burst[0] / 1e3, sum->burst[n / 2] / 1e3,
           sum->burst[n - 1] / 1e3);
}


static int
load_ascending(const void *one, const void *two)
{
    int64_t  a, b;

    a = *(const int64_t *) one;
    b = *(const int64_t *) two;

    return (a > b) - (a < b);
}


void
die(const char *what)
{
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}
