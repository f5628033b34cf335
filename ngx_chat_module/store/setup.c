
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * See setup.h.  The code is written aside, synced and renamed, so that nobody
 * reads half of it; the name is the writer's own, since the lock is held.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/auth.h"
#include "store/db.h"
#include "store/setup.h"


static ngx_int_t ngx_chat_setup_write(ngx_chat_db_t *db, u_char *path);
static ngx_int_t ngx_chat_setup_fill(int fd);
static void ngx_chat_setup_path(ngx_chat_db_t *db, u_char *path,
    const char *suffix);
static ngx_int_t ngx_chat_setup_failed(ngx_chat_db_t *db, const char *call,
    u_char *path);


void
ngx_chat_setup_offer(ngx_chat_db_t *db)
{
    u_char           path[NGX_MAX_PATH];
    int64_t          accounts;
    struct stat      sb;

    if (ngx_chat_db_operator_any(db, &accounts) != NGX_OK) {
        return;
    }

    if (accounts) {
        ngx_chat_setup_withdraw(db);
        return;
    }

    ngx_chat_setup_path(db, path, "");

    if (stat((char *) path, &sb) == 0) {
        return;
    }

    if (ngx_chat_setup_write(db, path) == NGX_OK) {
        /* no error, but nginx's default level must show it */

        ngx_log_error(NGX_LOG_ERR, db->log, 0,
                      "chat: no operator yet, the one-time code for the "
                      "first account is in \"%s\"", path);
    }
}


static ngx_int_t
ngx_chat_setup_write(ngx_chat_db_t *db, u_char *path)
{
    int        fd;
    u_char     aside[NGX_MAX_PATH];
    ngx_int_t  rc;

    ngx_chat_setup_path(db, aside, ".new");

    fd = open((char *) aside, O_WRONLY|O_CREAT|O_TRUNC|O_NOFOLLOW|O_CLOEXEC,
              0600);

    if (fd == -1) {
        return ngx_chat_setup_failed(db, "open()", aside);
    }

    rc = ngx_chat_setup_fill(fd);

    if (rc != NGX_OK) {
        (void) ngx_chat_setup_failed(db, "write()", aside);
    }

    (void) close(fd);

    if (rc == NGX_OK && rename((char *) aside, (char *) path) == -1) {
        rc = ngx_chat_setup_failed(db, "rename()", aside);
    }

    if (rc != NGX_OK) {
        (void) unlink((char *) aside);
    }

    return rc;
}


static ngx_int_t
ngx_chat_setup_fill(int fd)
{
    u_char   code[NGX_CHAT_SETUP_CODE_LEN + 1];
    ssize_t  n;

    ngx_chat_auth_setup_code(code);

    code[NGX_CHAT_SETUP_CODE_LEN] = LF;

    n = write(fd, code, sizeof(code));

    ngx_chat_auth_wipe(code, sizeof(code));

    return n == (ssize_t) sizeof(code) && fsync(fd) == 0 ? NGX_OK : NGX_ERROR;
}


void
ngx_chat_setup_withdraw(ngx_chat_db_t *db)
{
    u_char  path[NGX_MAX_PATH];

    ngx_chat_setup_path(db, path, "");

    if (unlink((char *) path) == -1 && ngx_errno != NGX_ENOENT) {
        (void) ngx_chat_setup_failed(db, "unlink()", path);
    }
}


ngx_int_t
ngx_chat_db_setup_code(ngx_chat_db_t *db, ngx_pool_t *pool, ngx_str_t *code)
{
    int      fd;
    u_char   path[NGX_MAX_PATH];
    ssize_t  n;

    ngx_str_null(code);

    ngx_chat_setup_path(db, path, "");

    fd = open((char *) path, O_RDONLY|O_CLOEXEC);

    if (fd == -1) {
        return NGX_DECLINED;
    }

    n = -1;

    code->data = ngx_pnalloc(pool, NGX_CHAT_SETUP_CODE_LEN + 1);

    if (code->data) {
        n = read(fd, code->data, NGX_CHAT_SETUP_CODE_LEN + 1);
    }

    (void) close(fd);

    if (code->data == NULL) {
        return NGX_ERROR;
    }

    while (n > 0 && code->data[n - 1] <= ' ') {
        n--;
    }

    if (n <= 0) {
        return NGX_DECLINED;
    }

    code->len = n;

    return NGX_OK;
}


static void
ngx_chat_setup_path(ngx_chat_db_t *db, u_char *path, const char *suffix)
{
    (void) ngx_snprintf(path, NGX_MAX_PATH, "%V/%s%s%Z", &db->state,
                        NGX_CHAT_SETUP_FILE, suffix);
}


static ngx_int_t
ngx_chat_setup_failed(ngx_chat_db_t *db, const char *call, u_char *path)
{
    ngx_log_error(NGX_LOG_CRIT, db->log, ngx_errno, "%s \"%s\" failed",
                  call, path);

    return NGX_ERROR;
}
