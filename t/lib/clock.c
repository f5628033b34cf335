
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Preloaded into nginx by a test: the wall clock stands off by so many
 * seconds as the file that CHAT_CLOCK names says (an int64_t).  All processes
 * map it, so that a test moves the clock of a running server.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>


static volatile int64_t  *offset;


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

    p = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);

    if (p != MAP_FAILED) {
        offset = p;
    }

    (void) close(fd);
}


int
gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_REALTIME, &ts);

    tv->tv_sec = ts.tv_sec + (offset ? *offset : 0);
    tv->tv_usec = ts.tv_nsec / 1000;

    return 0;
}
