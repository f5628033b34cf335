
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * See vfs.h.  Only files opened as a log have methods of ours, others are
 * given to SQLite's "unix" as they are.
 *
 * Frames of a transaction come one behind the other, the one of the commit
 * last.  Behind that SQLite may write headers again whose checksums have
 * changed, and nothing after the last of them: these are not gathered.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/vfs.h"


#define NGX_CHAT_VFS_NAME    "ngx_chat"
#define NGX_CHAT_VFS_HEADER  24             /* of a frame */
#define NGX_CHAT_VFS_PAGE    4096

/* "unix" takes less than 128 KiB in one call */
#define NGX_CHAT_VFS_ROOM                                                    \
    (31 * (NGX_CHAT_VFS_HEADER + NGX_CHAT_VFS_PAGE))


typedef struct {
    sqlite3_file      file;             /* first: what SQLite knows */
    sqlite3_file     *real;             /* behind this */
    u_char           *held;             /* or NULL: nothing is gathered */
    int               len;
    sqlite3_int64     offset;           /* of what is held */
    unsigned          begun:1;          /* until the commit */
    unsigned          commit:1;         /* the page of this header ends it */
} ngx_chat_vfs_log_t;


static void ngx_chat_vfs_undone(void *data);
static ngx_chat_vfs_log_t *ngx_chat_vfs_log(ngx_chat_db_t *db);
static int ngx_chat_vfs_open(sqlite3_vfs *vfs, const char *name,
    sqlite3_file *file, int flags, int *out);
static int ngx_chat_vfs_close(sqlite3_file *file);
static int ngx_chat_vfs_read(sqlite3_file *file, void *buf, int n,
    sqlite3_int64 offset);
static int ngx_chat_vfs_write(sqlite3_file *file, const void *buf, int n,
    sqlite3_int64 offset);
static int ngx_chat_vfs_hold(ngx_chat_vfs_log_t *log, const u_char *p, int n,
    sqlite3_int64 offset);
static int ngx_chat_vfs_flush(ngx_chat_vfs_log_t *log);
static int ngx_chat_vfs_truncate(sqlite3_file *file, sqlite3_int64 size);
static int ngx_chat_vfs_sync(sqlite3_file *file, int flags);
static int ngx_chat_vfs_size(sqlite3_file *file, sqlite3_int64 *size);
static int ngx_chat_vfs_lock(sqlite3_file *file, int level);
static int ngx_chat_vfs_unlock(sqlite3_file *file, int level);
static int ngx_chat_vfs_reserved(sqlite3_file *file, int *out);
static int ngx_chat_vfs_control(sqlite3_file *file, int op, void *arg);
static int ngx_chat_vfs_sector(sqlite3_file *file);
static int ngx_chat_vfs_device(sqlite3_file *file);


static sqlite3_vfs   ngx_chat_vfs;
static sqlite3_vfs  *ngx_chat_vfs_unix;


static const sqlite3_io_methods  ngx_chat_vfs_methods = {
    .iVersion = 1,
    .xClose = ngx_chat_vfs_close,
    .xRead = ngx_chat_vfs_read,
    .xWrite = ngx_chat_vfs_write,
    .xTruncate = ngx_chat_vfs_truncate,
    .xSync = ngx_chat_vfs_sync,
    .xFileSize = ngx_chat_vfs_size,
    .xLock = ngx_chat_vfs_lock,
    .xUnlock = ngx_chat_vfs_unlock,
    .xCheckReservedLock = ngx_chat_vfs_reserved,
    .xFileControl = ngx_chat_vfs_control,
    .xSectorSize = ngx_chat_vfs_sector,
    .xDeviceCharacteristics = ngx_chat_vfs_device
};


/* the same for all connections of the process, and for its whole life */

void
ngx_chat_vfs_setup(void)
{
    sqlite3_vfs  *os;

    if (ngx_chat_vfs_unix || sqlite3_initialize() != SQLITE_OK) {
        return;
    }

    os = sqlite3_vfs_find("unix");
    if (os == NULL) {
        return;
    }

    ngx_chat_vfs = *os;
    ngx_chat_vfs.pNext = NULL;
    ngx_chat_vfs.zName = NGX_CHAT_VFS_NAME;
    ngx_chat_vfs.szOsFile += ngx_align(sizeof(ngx_chat_vfs_log_t), 16);
    ngx_chat_vfs.xOpen = ngx_chat_vfs_open;

    if (sqlite3_vfs_register(&ngx_chat_vfs, 0) == SQLITE_OK) {
        ngx_chat_vfs_unix = os;
    }
}


const char *
ngx_chat_vfs_name(void)
{
    return ngx_chat_vfs_unix ? NGX_CHAT_VFS_NAME : NULL;
}


void
ngx_chat_vfs_begin(ngx_chat_db_t *db)
{
    ngx_chat_vfs_log_t  *log;

    log = ngx_chat_vfs_log(db);

    if (log && log->held) {
        (void) sqlite3_rollback_hook(db->handle, ngx_chat_vfs_undone, db);

        log->begun = 1;
        log->len = 0;
    }
}


/* where that would be written somebody else's frames may be soon */

static void
ngx_chat_vfs_undone(void *data)
{
    ngx_chat_db_t *db = data;

    ngx_chat_vfs_log_t  *log;

    log = ngx_chat_vfs_log(db);

    if (log) {
        log->begun = 0;
        log->len = 0;
    }
}


static ngx_chat_vfs_log_t *
ngx_chat_vfs_log(ngx_chat_db_t *db)
{
    sqlite3_file  *file;

    file = NULL;

    if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER,
                             &file)
        != SQLITE_OK
        || file == NULL || file->pMethods != &ngx_chat_vfs_methods)
    {
        return NULL;
    }

    return (ngx_chat_vfs_log_t *) file;
}


static int
ngx_chat_vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
    int flags, int *out)
{
    int                  rc;
    ngx_chat_vfs_log_t  *log;

    if (!(flags & SQLITE_OPEN_WAL)) {
        return ngx_chat_vfs_unix->xOpen(ngx_chat_vfs_unix, name, file, flags,
                                        out);
    }

    log = (ngx_chat_vfs_log_t *) file;

    ngx_memzero(log, sizeof(ngx_chat_vfs_log_t));

    log->real = (sqlite3_file *) ((u_char *) file
                              + ngx_align(sizeof(ngx_chat_vfs_log_t), 16));

    rc = ngx_chat_vfs_unix->xOpen(ngx_chat_vfs_unix, name, log->real, flags,
                                  out);

    if (log->real->pMethods) {
        log->file.pMethods = &ngx_chat_vfs_methods;
        log->held = sqlite3_malloc(NGX_CHAT_VFS_ROOM);
    }

    return rc;
}


static int
ngx_chat_vfs_close(sqlite3_file *file)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    sqlite3_free(log->held);
    log->held = NULL;

    return log->real->pMethods->xClose(log->real);
}


static int
ngx_chat_vfs_write(sqlite3_file *file, const void *buf, int n,
    sqlite3_int64 offset)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    int            rc;
    const u_char  *p = buf;

    if (log->begun) {

        if (n == NGX_CHAT_VFS_HEADER) {
            log->commit = p[4] || p[5] || p[6] || p[7];

            return ngx_chat_vfs_hold(log, p, n, offset);
        }

        if (log->len && offset == log->offset + log->len
            && log->len + n <= NGX_CHAT_VFS_ROOM)
        {
            rc = ngx_chat_vfs_hold(log, p, n, offset);

            if (rc == SQLITE_OK && log->commit) {
                log->begun = 0;
                rc = ngx_chat_vfs_flush(log);
            }

            return rc;
        }
    }

    rc = ngx_chat_vfs_flush(log);

    if (rc != SQLITE_OK) {
        return rc;
    }

    return log->real->pMethods->xWrite(log->real, buf, n, offset);
}


/* a header is held only if its page has room beside it */

static int
ngx_chat_vfs_hold(ngx_chat_vfs_log_t *log, const u_char *p, int n,
    sqlite3_int64 offset)
{
    int  rc, room;

    room = n == NGX_CHAT_VFS_HEADER ? n + NGX_CHAT_VFS_PAGE : n;

    if (log->len
        && (offset != log->offset + log->len
            || log->len + room > NGX_CHAT_VFS_ROOM))
    {
        rc = ngx_chat_vfs_flush(log);

        if (rc != SQLITE_OK) {
            return rc;
        }
    }

    if (log->len == 0) {
        log->offset = offset;
    }

    ngx_memcpy(log->held + log->len, p, n);

    log->len += n;

    return SQLITE_OK;
}


static int
ngx_chat_vfs_flush(ngx_chat_vfs_log_t *log)
{
    int  n;

    n = log->len;

    if (n == 0) {
        return SQLITE_OK;
    }

    log->len = 0;

    return log->real->pMethods->xWrite(log->real, log->held, n, log->offset);
}


static int
ngx_chat_vfs_read(sqlite3_file *file, void *buf, int n, sqlite3_int64 offset)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    int  rc;

    rc = SQLITE_OK;

    if (offset < log->offset + log->len && offset + n > log->offset) {
        rc = ngx_chat_vfs_flush(log);
    }

    return rc != SQLITE_OK ? rc
           : log->real->pMethods->xRead(log->real, buf, n, offset);
}


static int
ngx_chat_vfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    int  rc;

    rc = ngx_chat_vfs_flush(log);

    return rc != SQLITE_OK ? rc
           : log->real->pMethods->xTruncate(log->real, size);
}


static int
ngx_chat_vfs_sync(sqlite3_file *file, int flags)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    int  rc;

    rc = ngx_chat_vfs_flush(log);

    return rc != SQLITE_OK ? rc
           : log->real->pMethods->xSync(log->real, flags);
}


static int
ngx_chat_vfs_size(sqlite3_file *file, sqlite3_int64 *size)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    int  rc;

    rc = ngx_chat_vfs_flush(log);

    return rc != SQLITE_OK ? rc
           : log->real->pMethods->xFileSize(log->real, size);
}


static int
ngx_chat_vfs_lock(sqlite3_file *file, int level)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    return log->real->pMethods->xLock(log->real, level);
}


static int
ngx_chat_vfs_unlock(sqlite3_file *file, int level)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    return log->real->pMethods->xUnlock(log->real, level);
}


static int
ngx_chat_vfs_reserved(sqlite3_file *file, int *out)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    return log->real->pMethods->xCheckReservedLock(log->real, out);
}


static int
ngx_chat_vfs_control(sqlite3_file *file, int op, void *arg)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    return log->real->pMethods->xFileControl(log->real, op, arg);
}


static int
ngx_chat_vfs_sector(sqlite3_file *file)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    return log->real->pMethods->xSectorSize(log->real);
}


static int
ngx_chat_vfs_device(sqlite3_file *file)
{
    ngx_chat_vfs_log_t *log = (ngx_chat_vfs_log_t *) file;

    return log->real->pMethods->xDeviceCharacteristics(log->real);
}
