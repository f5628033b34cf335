
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Messages a second through the real writer, beside a bare SQLite loop with
 * the same statements on the same rows in batches of the same sizes.
 *
 *     store [-c clients] [-m messages] [-r rounds] [-s full|normal] [-d dir]
 *
 * Each client is a visitor with one message in flight (a closed loop), so the
 * batches are those that form by themselves.  Real: jobs, queue, lock,
 * savepoints, domain, rendering of the event and of the answer, publishing,
 * notification.  Bare: one thread that binds, steps and commits.  The rounds
 * alternate, each on a new database in the directory, which should be on the
 * disk that counts.  The sizes of the batches of a real round are those of
 * the bare round after it.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/auth.h"
#include "command/visitor.h"
#include "store/store.h"
#include "clock.h"
#include "store_bare.h"


#define BENCH_ROUNDS_MAX  100


typedef struct bench_s  bench_t;

typedef struct {
    bench_t             *bench;
    u_char               uid[16];
    ngx_uint_t           sent;
    double               since;
} bench_client_t;


struct bench_s {
    ngx_uint_t           clients;
    ngx_uint_t           messages;      /* of all clients in a round */
    ngx_uint_t           rounds;
    ngx_uint_t           full;
    const char          *dir;
    char                 state[512];

    ngx_log_t            log;
    ngx_chat_store_t    *store;
    bench_client_t      *client;
    ngx_uint_t           left;          /* messages to be sent still */

    pthread_mutex_t      mutex;
    pthread_cond_t       cond;
    ngx_uint_t           notified;
    int64_t              last;          /* the ring's */
    ngx_uint_t          *sizes;         /* of the batches */
    ngx_uint_t           batches;

    double              *waits;         /* of each message, in seconds */
    ngx_uint_t           waited;
};


typedef struct {
    double               rate;
    double               cpu;           /* us of the writing thread */
    double               p50;
    double               p99;
    double               batch;
} bench_result_t;


static void bench_options(bench_t *b, int argc, char **argv);
static void bench_real(bench_t *b, bench_result_t *result);
static void bench_bare(bench_t *b, bench_result_t *result);
static void bench_report(bench_t *b, bench_result_t *real,
    bench_result_t *bare);


static int
ascending(const void *one, const void *two)
{
    double  a = *(const double *) one, b = *(const double *) two;

    return a < b ? -1 : a > b;
}


int
main(int argc, char **argv)
{
    bench_t              b;
    ngx_uint_t           i, n;
    bench_result_t       real[BENCH_ROUNDS_MAX], bare[BENCH_ROUNDS_MAX];
    static ngx_cycle_t   cycle;

    memset(&b, 0, sizeof(bench_t));

    bench_options(&b, argc, argv);

    b.log.log_level = NGX_LOG_CRIT;
    cycle.log = &b.log;
    ngx_cycle = &cycle;

    ngx_pid = getpid();
    ngx_pagesize = getpagesize();
    ngx_cacheline_size = NGX_CPU_CACHE_LINE;

    for (n = ngx_pagesize; n >>= 1; ngx_pagesize_shift++) { /* void */ }

    ngx_time_init();

    b.client = calloc(b.clients, sizeof(bench_client_t));
    b.sizes = calloc(b.messages + b.clients, sizeof(ngx_uint_t));
    b.waits = calloc(b.messages, sizeof(double));

    if (b.client == NULL || b.sizes == NULL || b.waits == NULL
        || ngx_chat_auth_init() != NGX_OK)
    {
        die("out of memory");
    }

    pthread_mutex_init(&b.mutex, NULL);
    pthread_cond_init(&b.cond, NULL);

    for (i = 0; i < b.rounds; i++) {
        bench_real(&b, &real[i]);
        bench_bare(&b, &bare[i]);

        printf("round %2lu  real %7.0f/s  p50 %6.2f  p99 %6.2f ms  "
               "batch %5.1f  cpu %4.1f us   bare %7.0f/s  cpu %4.1f us   "
               "ratio %.2f\n",
               (unsigned long) i + 1, real[i].rate, real[i].p50 * 1000,
               real[i].p99 * 1000, real[i].batch, real[i].cpu, bare[i].rate,
               bare[i].cpu, real[i].rate / bare[i].rate);
        fflush(stdout);
    }

    bench_report(&b, real, bare);

    return 0;
}


static void
bench_options(bench_t *b, int argc, char **argv)
{
    int  c;

    b->clients = 64;
    b->messages = 20000;
    b->rounds = 5;
    b->full = 1;
    b->dir = ".";

    while ((c = getopt(argc, argv, "c:m:r:s:d:")) != -1) {

        switch (c) {

        case 'c':
            b->clients = strtoul(optarg, NULL, 10);
            break;

        case 'm':
            b->messages = strtoul(optarg, NULL, 10);
            break;

        case 'r':
            b->rounds = strtoul(optarg, NULL, 10);
            break;

        case 's':
            b->full = strcmp(optarg, "normal") != 0;
            break;

        case 'd':
            b->dir = optarg;
            break;

        default:
            die("usage: store [-c clients] [-m messages] [-r rounds] "
                "[-s full|normal] [-d dir]");
        }
    }

    if (b->clients == 0 || b->messages < b->clients
        || b->rounds == 0 || b->rounds > BENCH_ROUNDS_MAX)
    {
        die("a number makes no sense");
    }
}


static void
bench_state(bench_t *b)
{
    snprintf(b->state, sizeof(b->state), "%s/bench-XXXXXX", b->dir);

    if (mkdtemp(b->state) == NULL) {
        die("mkdtemp() failed");
    }
}


static void
bench_state_remove(bench_t *b)
{
    char  command[600];

    snprintf(command, sizeof(command), "rm -rf '%s'", b->state);

    if (system(command) != 0) {
        die("the state directory can't be removed");
    }
}


static int64_t
bench_published(void *ctx)
{
    bench_t  *b = ctx;

    return b->last;
}


static void
bench_base(void *ctx, int64_t id)
{
    bench_t  *b = ctx;

    b->last = id;
}


static void
bench_publish(void *ctx, ngx_chat_record_t *records, ngx_uint_t n)
{
    bench_t     *b = ctx;
    ngx_uint_t   i, messages;

    messages = 0;

    for (i = 0; i < n; i++) {
        if (records[i].type == NGX_CHAT_EVENT_MESSAGE) {
            messages++;
        }

        if (records[i].id) {
            b->last = records[i].id;
        }
    }

    b->sizes[b->batches++] = messages;
}


static void
bench_notify(void *ctx)
{
    bench_t  *b = ctx;

    pthread_mutex_lock(&b->mutex);
    b->notified = 1;
    pthread_cond_signal(&b->cond);
    pthread_mutex_unlock(&b->mutex);
}


static void bench_done(ngx_chat_job_t *job);


static void
bench_send(bench_client_t *client)
{
    u_char                   *p;
    bench_t                  *b = client->bench;
    ngx_str_t                 text = ngx_string(BENCH_TEXT);
    ngx_str_t                 uid, id;
    ngx_chat_job_t           *job;
    ngx_chat_visitor_args_t  *a;
    u_char                    buf[64];

    job = ngx_chat_job_create(ngx_chat_visitor_send, bench_done,
                              sizeof(ngx_chat_visitor_args_t), &b->log);
    if (job == NULL) {
        die("out of memory");
    }

    job->data = client;
    a = job->args;

    uid.data = client->uid;
    uid.len = 16;

    p = ngx_sprintf(buf, "%08uiXabcdefghi", client->sent++);
    id.data = buf;
    id.len = p - buf;

    if (ngx_chat_job_copy(job, &a->uid, &uid) != NGX_OK
        || ngx_chat_job_copy(job, &a->client_id, &id) != NGX_OK
        || ngx_chat_job_copy(job, &a->text, &text) != NGX_OK)
    {
        die("out of memory");
    }

    a->topic = client - b->client + 1;
    a->now = 1764000000000 + client->sent;

    client->since = now();

    if (ngx_chat_store_write(b->store, job) != NGX_OK) {
        die("the queue is full");
    }
}


static void
bench_done(ngx_chat_job_t *job)
{
    bench_t         *b;
    bench_client_t  *client;

    client = job->data;
    b = client->bench;

    if (job->rc != NGX_OK || job->result != NGX_CHAT_RESULT_CREATED) {
        die("a message was not stored");
    }

    ngx_chat_job_destroy(job);

    if (b->waited < b->messages) {
        b->waits[b->waited++] = now() - client->since;
    }

    if (b->left) {
        b->left--;
        bench_send(client);
    }
}


static void
bench_loop(bench_t *b)
{
    while (ngx_chat_store_pending(b->store)) {

        pthread_mutex_lock(&b->mutex);

        while (!b->notified) {
            pthread_cond_wait(&b->cond, &b->mutex);
        }

        b->notified = 0;

        pthread_mutex_unlock(&b->mutex);

        ngx_chat_store_reap(b->store);
    }
}


/* every client once, so that visitors and conversations are there */

static void
bench_first(bench_t *b)
{
    ngx_uint_t  i;

    b->left = 0;

    for (i = 0; i < b->clients; i++) {
        b->client[i].bench = b;
        b->client[i].sent = 0;
        memset(b->client[i].uid, 'u', 16);
        memcpy(b->client[i].uid, &i, sizeof(ngx_uint_t));

        bench_send(&b->client[i]);
    }

    bench_loop(b);

    b->waited = 0;
    b->batches = 0;
}


static void
bench_real(bench_t *b, bench_result_t *result)
{
    double                  start, took, used;
    ngx_uint_t              i;
    ngx_chat_store_conf_t   conf;

    bench_state(b);

    memset(&conf, 0, sizeof(ngx_chat_store_conf_t));

    conf.path.data = (u_char *) b->state;
    conf.path.len = strlen(b->state);
    conf.full = b->full;
    conf.queue = b->clients + 1;
    conf.hold = NGX_CHAT_STORE_HOLD;
    conf.log = &b->log;
    conf.ctx = b;
    conf.published = bench_published;
    conf.base = bench_base;
    conf.publish = bench_publish;
    conf.notify = bench_notify;

    b->last = -1;
    b->store = ngx_chat_store_create(&conf, 10000);

    if (b->store == NULL) {
        die("the store does not start");
    }

    bench_first(b);

    b->left = b->messages - b->clients;

    used = cpu_of_thread("chat-writer");
    start = now();

    for (i = 0; i < b->clients; i++) {
        bench_send(&b->client[i]);
    }

    bench_loop(b);

    took = now() - start;
    used = cpu_of_thread("chat-writer") - used;

    ngx_chat_store_destroy(b->store);
    bench_state_remove(b);

    qsort(b->waits, b->waited, sizeof(double), ascending);

    result->rate = b->messages / took;
    result->cpu = used / b->messages * 1e6;
    result->p50 = b->waits[b->waited / 2];
    result->p99 = b->waits[b->waited - 1 - b->waited / 100];
    result->batch = (double) b->messages / b->batches;
}


/* the schema and the first messages come from the real store */

static void
bench_bare_state(bench_t *b)
{
    ngx_uint_t              batches;
    ngx_chat_store_conf_t   conf;

    bench_state(b);

    memset(&conf, 0, sizeof(ngx_chat_store_conf_t));

    conf.path.data = (u_char *) b->state;
    conf.path.len = strlen(b->state);
    conf.queue = b->clients + 1;
    conf.hold = NGX_CHAT_STORE_HOLD;
    conf.log = &b->log;
    conf.ctx = b;
    conf.published = bench_published;
    conf.base = bench_base;
    conf.publish = bench_publish;
    conf.notify = bench_notify;

    batches = b->batches;
    b->last = -1;
    b->store = ngx_chat_store_create(&conf, 10000);

    if (b->store == NULL) {
        die("the store does not start");
    }

    /* the sizes of the real round are kept behind those of this one */

    b->sizes += batches;

    bench_first(b);
    ngx_chat_store_destroy(b->store);

    b->sizes -= batches;
    b->batches = batches;
}


static void
bench_bare(bench_t *b, bench_result_t *result)
{
    double         start, took, used;
    sqlite3       *db;
    ngx_uint_t     i, n, next;
    sqlite3_stmt  *stmt[NGX_CHAT_SQL_MAX];

    bench_client_t  *client;

    bench_bare_state(b);

    db = bench_bare_open(b->state, b->full, stmt);
    next = 0;

    used = cpu();
    start = now();

    for (i = 0; i < b->batches; i++) {
        bench_plain(stmt[NGX_CHAT_SQL_BEGIN_WRITE]);

        for (n = 0; n < b->sizes[i]; n++) {
            client = &b->client[next++ % b->clients];
            bench_bare_message(stmt, client->uid, client->sent++);
        }

        bench_plain(stmt[NGX_CHAT_SQL_COMMIT]);
    }

    took = now() - start;
    used = cpu() - used;

    for (i = 0; i < NGX_CHAT_SQL_MAX; i++) {
        sqlite3_finalize(stmt[i]);
    }

    sqlite3_close(db);
    bench_state_remove(b);

    memset(result, 0, sizeof(bench_result_t));

    result->rate = next / took;
    result->cpu = used / next * 1e6;
}


static double
bench_median(double *values, ngx_uint_t n)
{
    qsort(values, n, sizeof(double), ascending);

    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}


static void
bench_report(bench_t *b, bench_result_t *real, bench_result_t *bare)
{
    double      one[BENCH_ROUNDS_MAX], two[BENCH_ROUNDS_MAX];
    double      ratio[BENCH_ROUNDS_MAX], p50[BENCH_ROUNDS_MAX];
    double      p99[BENCH_ROUNDS_MAX], medians[7];
    double      used[BENCH_ROUNDS_MAX], bare_used[BENCH_ROUNDS_MAX];
    ngx_uint_t  i, n;

    n = b->rounds;

    for (i = 0; i < n; i++) {
        one[i] = real[i].rate;
        two[i] = bare[i].rate;
        p50[i] = real[i].p50 * 1000;
        p99[i] = real[i].p99 * 1000;
        ratio[i] = real[i].rate / bare[i].rate;
        used[i] = real[i].cpu;
        bare_used[i] = bare[i].cpu;
    }

    medians[0] = bench_median(one, n);
    medians[1] = bench_median(two, n);
    medians[2] = bench_median(ratio, n);
    medians[3] = bench_median(p50, n);
    medians[4] = bench_median(p99, n);
    medians[5] = bench_median(used, n);
    medians[6] = bench_median(bare_used, n);

    printf("store  clients %lu  messages %lu  synchronous %s\n"
           "real   %.0f/s [%.0f..%.0f]  p50 %.2f  p99 %.2f ms [%.2f..%.2f]\n"
           "bare   %.0f/s [%.0f..%.0f]\n"
           "ratio  %.2f [%.2f..%.2f]  (target 0.80)\n"
           "CPU of the writing thread: real %.1f, bare %.1f us a message\n",
           (unsigned long) b->clients, (unsigned long) b->messages,
           b->full ? "full" : "normal",
           medians[0], one[0], one[n - 1], medians[3], medians[4], p99[0],
           p99[n - 1], medians[1], two[0], two[n - 1], medians[2], ratio[0],
           ratio[n - 1], medians[5], medians[6]);
}
