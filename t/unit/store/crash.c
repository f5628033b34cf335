
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Several processes on one state directory with one ring in shared memory,
 * and processes that are killed: ids come in order, none is lost, none comes
 * twice, and what was acknowledged is in the file.
 */


#include "step.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>


#define CRASH_RING   40000
#define CRASH_FLIGHT 16

/* who has told so many that nobody has heard waits: what is killed late has
   not gone beyond the ring */
#define CRASH_ACKS   2048


/* the lock of the store is the ring's, too */

typedef struct {
    int64_t      base;
    uint64_t     n;                 /* the one word that publishes */
    int64_t      ids[CRASH_RING];
} crash_ring_t;


typedef struct {
    fixture_t        f;
    crash_ring_t    *ring;
    int              acks;          /* pipe */
    int64_t          next;
    int64_t          end;
} crash_t;


static int64_t
crash_published(void *ctx)
{
    crash_t   *c = ctx;
    uint64_t   n;

    n = __atomic_load_n(&c->ring->n, __ATOMIC_SEQ_CST);

    return n ? c->ring->ids[n - 1] : c->ring->base;
}


static void
crash_base(void *ctx, int64_t id)
{
    crash_t  *c = ctx;

    c->ring->base = id;
}


static void
crash_publish(void *ctx, ngx_chat_record_t *records, ngx_uint_t n)
{
    crash_t     *c = ctx;
    ngx_uint_t   i;

    for (i = 0; i < n && c->ring->n < CRASH_RING; i++) {
        c->ring->ids[c->ring->n] = records[i].id;
        __atomic_add_fetch(&c->ring->n, 1, __ATOMIC_SEQ_CST);
    }
}


static void crash_send(crash_t *c);


static void
crash_done(ngx_chat_job_t *job)
{
    crash_t  *c = job->data;
    step_t   *s = job->args;

    if (job->rc != NGX_OK
        || write(c->acks, &s->event, sizeof(int64_t)) != sizeof(int64_t))
    {
        _exit(2);
    }

    ngx_chat_job_destroy(job);

    if (c->next < c->end) {
        crash_send(c);
    }
}


static void
crash_send(crash_t *c)
{
    ngx_chat_job_t  *job;

    job = step(&c->f, c->next++, NGX_OK);
    job->data = c;
    job->done = crash_done;

    if (ngx_chat_store_write(c->f.store, job) != NGX_OK) {
        _exit(3);
    }
}


/* a worker: writes rows from to end, CRASH_FLIGHT of them in flight */

static void
crash_worker(crash_t *c, int64_t from, int64_t end)
{
    ngx_uint_t  i;

    c->next = from;
    c->end = end;

    fixture_start(&c->f);

    for (i = 0; i < CRASH_FLIGHT; i++) {
        crash_send(c);
    }

    if (!fixture_drain(&c->f)) {
        _exit(4);
    }

    fixture_stop(&c->f);

    _exit(0);
}


/* forks one; *acks is the end to read from */

static pid_t
crash_fork(crash_t *c, int64_t from, int64_t end, int *acks)
{
    int    fds[2];
    pid_t  pid;

    if (pipe(fds) == -1
        || fcntl(fds[1], F_SETPIPE_SZ, CRASH_ACKS * sizeof(int64_t)) == -1)
    {
        abort();
    }

    fflush(stdout);

    pid = fork();

    if (pid == 0) {
        close(fds[0]);
        c->acks = fds[1];
        crash_worker(c, from, end);
    }

    close(fds[1]);
    *acks = fds[0];

    return pid;
}


static void
crash_init(crash_t *c, ngx_pool_t *pool, ngx_log_t *log)
{
    fixture_init(&c->f, pool, log);

    c->ring = mmap(NULL, sizeof(crash_ring_t), PROT_READ|PROT_WRITE,
                   MAP_SHARED|MAP_ANONYMOUS, -1, 0);

    if (c->ring == MAP_FAILED) {
        abort();
    }

    c->ring->base = -1;
    c->f.conf.full = 1;
    c->f.conf.published = crash_published;
    c->f.conf.base = crash_base;
    c->f.conf.publish = crash_publish;
}


/* 1, 2, 3, ... up to the newest */

static ngx_uint_t
crash_ring_wrong(crash_t *c)
{
    uint64_t    i;
    ngx_uint_t  wrong;

    wrong = 0;

    for (i = 0; i < c->ring->n; i++) {
        wrong += c->ring->ids[i] != (int64_t) i + 1;
    }

    return wrong;
}


static ngx_int_t
crash_check_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    step_t  *s = job->args;

    if (ngx_chat_sqlite_value(db,
                     "SELECT count(*) FROM pragma_foreign_key_check",
                     &s->found)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_sqlite_value(db,
                     "SELECT count(*) = 1 FROM pragma_integrity_check"
                     " WHERE integrity_check = 'ok'", &s->event);
}


static void
crash_check(crash_t *c)
{
    ngx_chat_job_t  *job;

    job = fixture_job(&c->f, crash_check_run, sizeof(step_t));

    is_int(fixture_read(&c->f, job), NGX_OK, "the file is read");
    is_int(step_of(job)->event, 1, "its integrity holds");
    is_int(step_of(job)->found, 0, "each reference is to a row");

    ngx_chat_job_destroy(job);
}


UNIT_TEST(two_processes_share_a_directory)
{
    int      acks[2], status[2];
    char     buf[4096];
    pid_t    pid[2];
    crash_t  c;

    crash_init(&c, pool, log);

    pid[0] = crash_fork(&c, 1, 1501, &acks[0]);
    pid[1] = crash_fork(&c, 5001, 6501, &acks[1]);

    while (read(acks[0], buf, sizeof(buf)) > 0) { /* void */ }
    while (read(acks[1], buf, sizeof(buf)) > 0) { /* void */ }

    waitpid(pid[0], &status[0], 0);
    waitpid(pid[1], &status[1], 0);

    is_int(status[0], 0, "one is through");
    is_int(status[1], 0, "so is the other");
    is_int(c.ring->n, 3000, "the ring has all");
    is_int(crash_ring_wrong(&c), 0, "each once, in the order of the ids");

    fixture_start(&c.f);
    is_int(count(&c.f), 3000, "as many rows");
    crash_check(&c);
    fixture_stop(&c.f);

    close(acks[0]);
    close(acks[1]);
    munmap(c.ring, sizeof(crash_ring_t));
}


static u_char  acked[CRASH_RING];


UNIT_TEST(killed_under_load)
{
    int          acks[2], status;
    char         rest[4096];
    pid_t        pid[2];
    int64_t      id, kept;
    crash_t      c;
    ngx_uint_t   i, n, killed, missing;

    crash_init(&c, pool, log);
    killed = 0;

    for (i = 0; i < 10; i++) {

        /* one is killed after some acknowledgements, another goes on */

        pid[0] = crash_fork(&c, i * 100000 + 1, (i + 1) * 100000, &acks[0]);
        pid[1] = crash_fork(&c, i * 100000 + 50000000,
                            i * 100000 + 50000300, &acks[1]);

        for (n = 0; n < 20 + i * 37; n++) {
            if (read(acks[0], &id, sizeof(id)) != sizeof(id)) {
                break;
            }

            acked[id] = 1;
        }

        kill(pid[0], SIGKILL);
        waitpid(pid[0], &status, 0);

        killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

        while (read(acks[0], &id, sizeof(id)) == sizeof(id)) {
            acked[id] = 1;
        }

        while (read(acks[1], &id, sizeof(id)) == sizeof(id)) {
            acked[id] = 1;
        }

        waitpid(pid[1], &status, 0);

        if (status) {
            ok(0, "the survivor: status %d", status);
        }

        close(acks[0]);
        close(acks[1]);
    }

    is_int(killed, 10, "killed");

    fixture_start(&c.f);

    kept = count(&c.f);

    for (id = 1, missing = 0; id < CRASH_RING; id++) {
        missing += acked[id] && id > kept;
    }

    is_int(missing, 0, "what was acknowledged is there");
    is_int(crash_ring_wrong(&c), 0, "the ring has each once, in order");
    is_int(c.ring->n, kept, "and none is lacking");
    crash_check(&c);

    snprintf(rest, sizeof(rest), "%ld rows", (long) kept);
    ok(kept > 3000, "%s", rest);

    fixture_stop(&c.f);
    munmap(c.ring, sizeof(crash_ring_t));
}
