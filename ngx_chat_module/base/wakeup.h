
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * One eventfd for each worker, made in the master before the fork and kept
 * over reloads, so that any process and any thread can wake any worker.
 * Workers register theirs edge-triggered and never read it: a draining old
 * worker and its successor may share one.
 */

#ifndef NGX_CHAT_WAKEUP_H
#define NGX_CHAT_WAKEUP_H


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CHAT_WORKERS_MAX  256


/*
 * Makes sure that n descriptors exist; those made before are kept.  Master
 * (or single process), configuration time.  NGX_ERROR is logged.
 */
ngx_int_t ngx_chat_wakeup_init(ngx_uint_t n, ngx_log_t *log);

/* the descriptor of a worker, or -1 */
int ngx_chat_wakeup_fd(ngx_uint_t worker);

/* wakes one worker; any thread, any process of this master */
void ngx_chat_wakeup(ngx_uint_t worker);


#endif /* NGX_CHAT_WAKEUP_H */
