
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What nginx's core objects need of the parts of nginx that a unit test does
 * not link: the log (lines are kept for the test to ask about, under a lock,
 * since threads log, too) and a few globals.
 */


#include "unit.h"

#include <ngx_event.h>
#include <pthread.h>


volatile ngx_cycle_t    *ngx_cycle;
ngx_uint_t               ngx_process = NGX_PROCESS_SINGLE;
ngx_int_t                ngx_process_slot;
ngx_uint_t               ngx_worker;
ngx_pid_t                ngx_pid;
ngx_uint_t               ngx_exiting;
sig_atomic_t             ngx_quit;
sig_atomic_t             ngx_terminate;

static pthread_mutex_t   unit_log_mutex = PTHREAD_MUTEX_INITIALIZER;
static ngx_uint_t        unit_log_counts[NGX_LOG_DEBUG + 1];
static char              unit_log_line[NGX_MAX_ERROR_STR + 1];


void
ngx_log_error_core(ngx_uint_t level, ngx_log_t *log, ngx_err_t err,
    const char *fmt, ...)
{
    u_char   line[NGX_MAX_ERROR_STR], *p;
    va_list  args;

    va_start(args, fmt);
    p = ngx_vslprintf(line, line + sizeof(line), fmt, args);
    va_end(args);

    pthread_mutex_lock(&unit_log_mutex);

    unit_log_counts[ngx_min(level, NGX_LOG_DEBUG)]++;

    if (level < NGX_LOG_DEBUG) {
        snprintf(unit_log_line, sizeof(unit_log_line), "%.*s%s%s",
                 (int) (p - line), (char *) line,
                 err ? ": " : "", err ? strerror(err) : "");

        fprintf(stderr, "# log %lu: %s\n", (unsigned long) level,
                unit_log_line);
    }

    pthread_mutex_unlock(&unit_log_mutex);
}


ngx_uint_t
unit_logged(ngx_uint_t level)
{
    ngx_uint_t  n, count;

    pthread_mutex_lock(&unit_log_mutex);

    count = 0;

    for (n = 0; n <= ngx_min(level, NGX_LOG_DEBUG); n++) {
        count += unit_log_counts[n];
    }

    pthread_mutex_unlock(&unit_log_mutex);

    return count;
}


const char *
unit_last_log(void)
{
    return unit_log_line;
}


void
unit_forget_log(void)
{
    pthread_mutex_lock(&unit_log_mutex);
    ngx_memzero(unit_log_counts, sizeof(unit_log_counts));
    unit_log_line[0] = '\0';
    pthread_mutex_unlock(&unit_log_mutex);
}
