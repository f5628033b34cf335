
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Threads as nginx needs them: no signal meant for the event loop ends up in
 * one, and waits are by the monotonic clock.
 */

#ifndef NGX_CHAT_THREAD_H
#define NGX_CHAT_THREAD_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <pthread.h>


/* NGX_ERROR is logged; name: 15 characters at most */
ngx_int_t ngx_chat_thread_create(pthread_t *thread, const char *name,
    void *(*run)(void *data), void *data, ngx_log_t *log);

ngx_int_t ngx_chat_thread_cond_init(pthread_cond_t *cond);

/* waits until it is signalled or the time (ngx_chat_fault_now()) has come;
   NGX_AGAIN when it has */
ngx_int_t ngx_chat_thread_wait(pthread_cond_t *cond, pthread_mutex_t *mutex,
    ngx_msec_t until);


/*
 * A log of a thread's own over the same files: what the event loop sets in
 * its log for a connection is not the thread's business.
 */
void ngx_chat_thread_log(ngx_log_t *log, ngx_log_t *from);


#endif /* NGX_CHAT_THREAD_H */
