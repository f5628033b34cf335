
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * See lock.h.  The file may be removed or replaced while it is open: a lock
 * counts only when the file that it is on still stands at the path.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <sys/file.h>
#include "store/lock.h"


#define NGX_CHAT_LOCK_TRIES  100


static ngx_int_t ngx_chat_lock_open(ngx_chat_lock_t *lock);
static ngx_int_t ngx_chat_lock_wait(ngx_chat_lock_t *lock);
static ngx_uint_t ngx_chat_lock_stands(ngx_chat_lock_t *lock);
static ngx_int_t ngx_chat_lock_failed(ngx_chat_lock_t *lock,
    const char *call);


ngx_int_t
ngx_chat_lock(ngx_chat_lock_t *lock)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_LOCK_TRIES; i++) {

        if (lock->fd == -1 && ngx_chat_lock_open(lock) != NGX_OK) {
            return NGX_ERROR;
        }

        if (ngx_chat_lock_wait(lock) != NGX_OK) {
            return NGX_ERROR;
        }

        if (ngx_chat_lock_stands(lock)) {
            return NGX_OK;
        }

        ngx_chat_lock_close(lock);
    }

    ngx_set_errno(NGX_EAGAIN);

    return ngx_chat_lock_failed(lock, "flock()");
}


static ngx_int_t
ngx_chat_lock_open(ngx_chat_lock_t *lock)
{
    lock->fd = open((char *) lock->path, O_RDWR|O_CREAT|O_CLOEXEC, 0600);

    if (lock->fd == -1) {
        return ngx_chat_lock_failed(lock, "open()");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_chat_lock_wait(ngx_chat_lock_t *lock)
{
    while (flock(lock->fd, LOCK_EX) == -1) {

        if (ngx_errno != NGX_EINTR) {
            return ngx_chat_lock_failed(lock, "flock()");
        }
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_chat_lock_stands(ngx_chat_lock_t *lock)
{
    struct stat  held, there;

    return fstat(lock->fd, &held) == 0
           && stat((char *) lock->path, &there) == 0
           && held.st_ino == there.st_ino
           && held.st_dev == there.st_dev;
}


static ngx_int_t
ngx_chat_lock_failed(ngx_chat_lock_t *lock, const char *call)
{
    ngx_err_t  err;

    err = ngx_errno;

    if (ngx_chat_fault_raise(lock->fault, NGX_CHAT_FAULT_LOCK)) {
        ngx_log_error(NGX_LOG_CRIT, lock->log, err, "%s \"%s\" failed",
                      call, lock->path);
    }

    return NGX_ERROR;
}


void
ngx_chat_unlock(ngx_chat_lock_t *lock)
{
    if (lock->fd != -1) {
        (void) flock(lock->fd, LOCK_UN);
    }
}


void
ngx_chat_lock_close(ngx_chat_lock_t *lock)
{
    if (lock->fd != -1) {
        (void) close(lock->fd);
        lock->fd = -1;
    }
}
