
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include <sys/eventfd.h>
#include "base/wakeup.h"


/*
 * Process-wide on purpose: a reload runs in the same master, and finds here
 * what the workers that still drain have inherited.
 */

static int         ngx_chat_wakeup_fds[NGX_CHAT_WORKERS_MAX];
static ngx_uint_t  ngx_chat_wakeup_n;


ngx_int_t
ngx_chat_wakeup_init(ngx_uint_t n, ngx_log_t *log)
{
    int  fd;

    if (n > NGX_CHAT_WORKERS_MAX) {
        ngx_log_error(NGX_LOG_EMERG, log, 0,
                      "%ui worker processes are too many for the chat, "
                      "the limit is %d", n, NGX_CHAT_WORKERS_MAX);
        return NGX_ERROR;
    }

    while (ngx_chat_wakeup_n < n) {

        fd = eventfd(0, EFD_CLOEXEC|EFD_NONBLOCK);

        if (fd == -1) {
            ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                          "eventfd() for worker process %ui failed",
                          ngx_chat_wakeup_n);
            return NGX_ERROR;
        }

        ngx_chat_wakeup_fds[ngx_chat_wakeup_n++] = fd;
    }

    return NGX_OK;
}


int
ngx_chat_wakeup_fd(ngx_uint_t worker)
{
    if (worker >= ngx_chat_wakeup_n) {
        return -1;
    }

    return ngx_chat_wakeup_fds[worker];
}


void
ngx_chat_wakeup(ngx_uint_t worker)
{
    int       fd;
    ssize_t   n;
    uint64_t  one;

    fd = ngx_chat_wakeup_fd(worker);

    if (fd == -1) {
        return;
    }

    /*
     * Each write is an edge, whatever the counter.  As nobody reads, it only
     * grows; it would be full after 2^64 - 2 wake-ups.
     */

    one = 1;

    do {
        n = write(fd, &one, sizeof(uint64_t));
    } while (n == -1 && ngx_errno == NGX_EINTR);
}
