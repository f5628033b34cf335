
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/wakeup.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>


static int wakeup_epoll(ngx_uint_t worker);
static ngx_uint_t wakeup_woken(int ep);


/* as a worker does: edge-triggered, never read */

static int
wakeup_epoll(ngx_uint_t worker)
{
    int                 ep;
    struct epoll_event  ee;

    memset(&ee, 0, sizeof(ee));
    ee.events = EPOLLIN|EPOLLET;

    ep = epoll_create1(EPOLL_CLOEXEC);

    if (ep == -1
        || epoll_ctl(ep, EPOLL_CTL_ADD, ngx_chat_wakeup_fd(worker), &ee) != 0)
    {
        abort();
    }

    return ep;
}


static ngx_uint_t
wakeup_woken(int ep)
{
    struct epoll_event  ee;

    return epoll_wait(ep, &ee, 1, 0);
}


/* one process, so the tests build on each other */

UNIT_TEST(none_yet)
{
    is_int(ngx_chat_wakeup_fd(0), -1, "no descriptor before there are any");

    ngx_chat_wakeup(0);
    is_int(ngx_chat_wakeup_init(0, log), NGX_OK, "none are wanted");
    is_int(ngx_chat_wakeup_fd(0), -1, "none are there");
}


UNIT_TEST(too_many)
{
    is_int(ngx_chat_wakeup_init(NGX_CHAT_WORKERS_MAX + 1, log), NGX_ERROR,
           "257 workers");
    is_int(unit_logged(NGX_LOG_EMERG), 1, "told in the log");
    is_int(ngx_chat_wakeup_fd(0), -1, "none were made");

    /* the harness takes a line that is so grave for a failure */

    unit_forget_log();
}


UNIT_TEST(kept_over_reloads)
{
    int         first[3];
    ngx_uint_t  i;

    is_int(ngx_chat_wakeup_init(3, log), NGX_OK, "three workers");

    for (i = 0; i < 3; i++) {
        first[i] = ngx_chat_wakeup_fd(i);
        ok(first[i] >= 0, "descriptor %lu", (unsigned long) i);
        ok(fcntl(first[i], F_GETFD) & FD_CLOEXEC, "closed by exec()");
        ok(fcntl(first[i], F_GETFL) & O_NONBLOCK, "never blocks");
    }

    ok(first[0] != first[1] && first[1] != first[2], "each its own");
    is_int(ngx_chat_wakeup_fd(3), -1, "no fourth");

    is_int(ngx_chat_wakeup_init(1, log), NGX_OK, "then one worker");
    is_int(ngx_chat_wakeup_fd(2), first[2], "the others stay");

    is_int(ngx_chat_wakeup_init(5, log), NGX_OK, "then five");

    for (i = 0; i < 3; i++) {
        is_int(ngx_chat_wakeup_fd(i), first[i], "the same as before");
    }

    ok(ngx_chat_wakeup_fd(4) > first[2], "and new ones");
    is_int(ngx_chat_wakeup_fd((ngx_uint_t) -1), -1, "no such worker");
}


UNIT_TEST(wakes)
{
    int         old, new, other;
    ngx_uint_t  i;

    old = wakeup_epoll(0);
    new = wakeup_epoll(0);
    other = wakeup_epoll(1);

    is_int(wakeup_woken(old), 0, "asleep");

    for (i = 0; i < 100; i++) {
        ngx_chat_wakeup(0);

        if (wakeup_woken(old) != 1 || wakeup_woken(new) != 1
            || wakeup_woken(old) != 0)
        {
            break;
        }
    }

    is_int(i, 100, "an old worker and its successor, once each time");
    is_int(wakeup_woken(other), 0, "another worker sleeps");

    ngx_chat_wakeup(1);
    ngx_chat_wakeup(1);
    is_int(wakeup_woken(other), 1, "two wake-ups are one");
    is_int(wakeup_woken(other), 0, "and no more");

    ngx_chat_wakeup(17);
    ngx_chat_wakeup(NGX_CHAT_WORKERS_MAX);
    is_int(wakeup_woken(old) + wakeup_woken(other), 0, "no such worker");

    close(old);
    close(new);
    close(other);
}


UNIT_TEST(wakes_from_another_process)
{
    int    ep;
    pid_t  pid;

    ep = wakeup_epoll(2);
    pid = fork();

    if (pid == 0) {
        ngx_chat_wakeup(2);
        _exit(0);
    }

    waitpid(pid, NULL, 0);
    is_int(wakeup_woken(ep), 1, "woken");

    close(ep);
}


/* a counter that can't grow is readable all the same */

UNIT_TEST(full_counter)
{
    int       ep;
    uint64_t  most = 0xfffffffffffffffdULL;

    ep = wakeup_epoll(4);

    is_int(write(ngx_chat_wakeup_fd(4), &most, sizeof(most)), sizeof(most),
           "nearly full");
    ngx_chat_wakeup(4);
    ngx_chat_wakeup(4);

    is_int(wakeup_woken(ep), 1, "woken, and nothing waited");

    close(ep);
}


UNIT_TEST(out_of_descriptors)
{
    int            fd, last;
    ngx_uint_t     n;
    struct rlimit  limit, less;

    fd = dup(0);
    last = ngx_chat_wakeup_fd(4);

    getrlimit(RLIMIT_NOFILE, &limit);
    less = limit;
    less.rlim_cur = fd + 3;
    setrlimit(RLIMIT_NOFILE, &less);

    is_int(ngx_chat_wakeup_init(100, log), NGX_ERROR, "not enough for 100");
    is_int(unit_logged(NGX_LOG_EMERG), 1, "told in the log");
    unit_forget_log();

    setrlimit(RLIMIT_NOFILE, &limit);
    close(fd);

    is_int(ngx_chat_wakeup_fd(4), last, "those before are kept");

    for (n = 0; ngx_chat_wakeup_fd(n) != -1; n++) { /* void */ }

    ok(n < 100, "%lu are there", (unsigned long) n);
    is_int(ngx_chat_wakeup_init(100, log), NGX_OK, "later there is room");
    ok(ngx_chat_wakeup_fd(99) >= 0, "for all of them");

    is_int(ngx_chat_wakeup_init(NGX_CHAT_WORKERS_MAX, log), NGX_OK,
           "and for as many as there may be");
    ok(ngx_chat_wakeup_fd(NGX_CHAT_WORKERS_MAX - 1) >= 0, "the last");
    is_int(ngx_chat_wakeup_fd(NGX_CHAT_WORKERS_MAX), -1, "no more");
}
