
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The lock file of a state directory: whoever holds it commits and publishes.
 * The kernel frees it when its holder dies; it spans workers, a second nginx
 * during a binary upgrade, and the command line.  One descriptor for each
 * holder, never inherited: an inherited one would share the lock.
 */

#ifndef NGX_CHAT_LOCK_H
#define NGX_CHAT_LOCK_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/fault.h"


#define NGX_CHAT_LOCK_FILE  "chat.lock"


typedef struct {
    int                  fd;            /* -1: not open */
    u_char              *path;          /* NUL-terminated */
    ngx_log_t           *log;
    ngx_chat_fault_t    *fault;
} ngx_chat_lock_t;


/* waits for the lock; NGX_ERROR is logged */
ngx_int_t ngx_chat_lock(ngx_chat_lock_t *lock);
void ngx_chat_unlock(ngx_chat_lock_t *lock);

/* frees it, too, if it is held */
void ngx_chat_lock_close(ngx_chat_lock_t *lock);


#endif /* NGX_CHAT_LOCK_H */
