
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Preloaded into nginx by a test: its clocks stand off by so many seconds as
 * the file that CHAT_CLOCK names says (two int64_t: the wall clock, the
 * monotonic one).  All processes map it, so that a test moves the clocks of a
 * running server.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>


static volatile int64_t  *offsets;


__attribute__((constructor))
static void
clock_open(void)
{
    int    fd;
    char  *path;
    void  *p;

    path = getenv("CHAT_CLOCK");

    if (path == NULL) {
        return;
    }

    fd = open(path, O_RDONLY|O_CLOEXEC);

    if (fd == -1) {
        return;
    }

    p = mmap(NULL, 2 * sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);

    if (p != MAP_FAILED) {
        offsets = p;
    }

    (void) close(fd);
}


int
clock_gettime(clockid_t clock, struct timespec *ts)
{
    int  rc;

    rc = (int) syscall(SYS_clock_gettime, clock, ts);

    if (rc != 0 || offsets == NULL) {
        return rc;
    }

    switch (clock) {

    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
        ts->tv_sec += offsets[0];
        break;

    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_COARSE:
        ts->tv_sec += offsets[1];
        break;
    }

    return 0;
}


int
gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_REALTIME, &ts);

    tv->tv_sec = ts.tv_sec;
    tv->tv_usec = ts.tv_nsec / 1000;

    return 0;
}


/* the kernel waits by its own monotonic clock, which the module names */

int
pthread_cond_timedwait(pthread_cond_t *restrict cond,
    pthread_mutex_t *restrict mutex, const struct timespec *restrict until)
{
    static int  (*wait)(pthread_cond_t *, pthread_mutex_t *,
                        const struct timespec *);
    struct timespec  ts;

    if (wait == NULL) {
        *(void **) &wait = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    }

    ts = *until;

    if (offsets) {
        ts.tv_sec -= offsets[1];
    }

    return wait(cond, mutex, &ts);
}
