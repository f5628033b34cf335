
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * See thread.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/thread.h"


ngx_int_t
ngx_chat_thread_create(pthread_t *thread, const char *name,
    void *(*run)(void *data), void *data, ngx_log_t *log)
{
    int       err;
    sigset_t  set, old;

    /* blocked before the thread is there; those of its own mistakes stay */

    (void) sigfillset(&set);
    (void) sigdelset(&set, SIGSEGV);
    (void) sigdelset(&set, SIGBUS);
    (void) sigdelset(&set, SIGFPE);
    (void) sigdelset(&set, SIGILL);

    (void) pthread_sigmask(SIG_SETMASK, &set, &old);

    err = pthread_create(thread, NULL, run, data);

    (void) pthread_sigmask(SIG_SETMASK, &old, NULL);

    if (err) {
        ngx_log_error(NGX_LOG_ALERT, log, err, "pthread_create() failed");
        return NGX_ERROR;
    }

    (void) pthread_setname_np(*thread, name);

    return NGX_OK;
}


ngx_int_t
ngx_chat_thread_cond_init(pthread_cond_t *cond)
{
    ngx_int_t           rc;
    pthread_condattr_t  attr;

    if (pthread_condattr_init(&attr) != 0) {
        return NGX_ERROR;
    }

    rc = NGX_ERROR;

    if (pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0
        && pthread_cond_init(cond, &attr) == 0)
    {
        rc = NGX_OK;
    }

    (void) pthread_condattr_destroy(&attr);

    return rc;
}


ngx_int_t
ngx_chat_thread_wait(pthread_cond_t *cond, pthread_mutex_t *mutex,
    ngx_msec_t until)
{
    struct timespec  ts;

    ts.tv_sec = until / 1000;
    ts.tv_nsec = (until % 1000) * 1000000;

    return pthread_cond_timedwait(cond, mutex, &ts) == ETIMEDOUT ? NGX_AGAIN
                                                                 : NGX_OK;
}


void
ngx_chat_thread_log(ngx_log_t *log, ngx_log_t *from)
{
    *log = *from;

    log->connection = 0;
    log->handler = NULL;
    log->data = NULL;
    log->action = NULL;
}
