
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A connection: how it is opened, what its errors mean, how it is closed.
 *
 * Settings, and why:
 *
 *   busy_timeout     2 s, first of all: the lock file serialises us; this is
 *                    for others (a shell, a backup), and for the first pragma
 *   MEMSTATUS        off: nobody counts what SQLite allocates; the rest of
 *                    sqlite3_config() is left alone, as other modules may use
 *                    the library
 *   NOMUTEX          a connection has one thread
 *   mmap_size        0: a failing disk would be SIGBUS instead of an error
 *   cache_size       8 MiB for the writer, so that indexes stay in memory and
 *                    a batch is not spilled; 4 MiB for each reader; that also
 *                    bounds memory, so no soft heap limit is set
 *   cache_spill      off: when a transaction has been spilled into the log
 *                    and is undone, SQLite 3.40 may leave wrong checksums to
 *                    the next one, which a loss of power would then take with
 *                    it; transactions are bounded by their jobs
 *   temp_store       memory: sub-journals of savepoints and small sorts
 *   foreign_keys     off: each reference is of a row that was read in the same
 *                    transaction, rows are never deleted, and a check at each
 *                    statement was a tenth of the writer's time; the tests
 *                    check the whole file instead
 *   autocheckpoint   off: it would run inside somebody's commit (writer.c)
 *   journal_size_limit  the log is overwritten in place, which syncs faster
 *                    than appending does, and cut back to this after a burst
 *   query_only       readers
 *   optimize         never: each statement has the one index that it was
 *                    written for, and statistics taken while tables are small
 *                    could only talk the planner out of it
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <sys/statvfs.h>
#include "store/sqlite.h"
#include "store/vfs.h"


#define NGX_CHAT_SQLITE_BUSY  2000      /* ms */
#define NGX_CHAT_SQLITE_PAGE  4096      /* SQLite's default */


static ngx_int_t ngx_chat_sqlite_create(ngx_chat_db_t *db);
static ngx_int_t ngx_chat_sqlite_writable(ngx_chat_db_t *db);
static ngx_int_t ngx_chat_sqlite_configure(ngx_chat_db_t *db);
static int ngx_chat_sqlite_wal(void *data, sqlite3 *handle, const char *name,
    int pages);
static ngx_int_t ngx_chat_sqlite_stat(ngx_chat_db_t *db, const char *suffix,
    ngx_chat_db_file_t *file);
static void ngx_chat_sqlite_unlink(ngx_chat_db_t *db, const char *suffix,
    ngx_chat_db_file_t *file);


static const char  ngx_chat_sqlite_writer_pragmas[] =
    "PRAGMA cache_size = -8192;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA cache_spill = OFF;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA foreign_keys = OFF;"
    "PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA journal_size_limit = 134217728";

static const char  ngx_chat_sqlite_reader_pragmas[] =
    "PRAGMA query_only = ON;"
    "PRAGMA cache_size = -4096;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA wal_autocheckpoint = 0";


/* what a primary result code means beyond the statement that got it */

#define NGX_CHAT_SQLITE_FAILED  0x01    /* the transaction can't go on */
#define NGX_CHAT_SQLITE_REOPEN  0x02    /* the connection is of no use */

static struct {
    int          code;
    ngx_uint_t   means;
} ngx_chat_sqlite_codes[] = {
    { SQLITE_FULL, NGX_CHAT_SQLITE_FAILED },
    { SQLITE_BUSY, NGX_CHAT_SQLITE_FAILED },
    { SQLITE_NOMEM, NGX_CHAT_SQLITE_FAILED },
    { SQLITE_INTERRUPT, NGX_CHAT_SQLITE_FAILED },
    { SQLITE_IOERR, NGX_CHAT_SQLITE_FAILED|NGX_CHAT_SQLITE_REOPEN },
    { SQLITE_READONLY, NGX_CHAT_SQLITE_FAILED|NGX_CHAT_SQLITE_REOPEN },
    { SQLITE_CORRUPT, NGX_CHAT_SQLITE_FAILED|NGX_CHAT_SQLITE_REOPEN },
    { SQLITE_NOTADB, NGX_CHAT_SQLITE_FAILED|NGX_CHAT_SQLITE_REOPEN },
    { SQLITE_CANTOPEN, NGX_CHAT_SQLITE_FAILED|NGX_CHAT_SQLITE_REOPEN },
    { SQLITE_PROTOCOL, NGX_CHAT_SQLITE_FAILED|NGX_CHAT_SQLITE_REOPEN },
    { SQLITE_OK, 0 }
};


/*
 * Debian's library has no memory of its own for each connection, so that a
 * message costs some 80 calls of malloc(), and counting these for
 * sqlite3_memory_used() two mutexes each.  When another module was first, it
 * stays as it is.
 */

void
ngx_chat_sqlite_setup(void)
{
    (void) sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

    ngx_chat_vfs_setup();
}


ngx_int_t
ngx_chat_sqlite_open(ngx_chat_db_t *db)
{
    int  flags;

    db->failed = 0;
    db->reopen = 0;
    db->wal_pages = 0;

    if (db->writer && ngx_chat_sqlite_create(db) != NGX_OK) {
        return NGX_ERROR;
    }

    flags = SQLITE_OPEN_READWRITE|SQLITE_OPEN_NOMUTEX
            |SQLITE_OPEN_PRIVATECACHE;

    if (sqlite3_open_v2((char *) db->path, &db->handle, flags,
                        db->writer ? ngx_chat_vfs_name() : NULL)
        != SQLITE_OK)
    {
        (void) ngx_chat_sqlite_failed(db, "sqlite3_open_v2()");
        goto failed;
    }

    if (db->writer && ngx_chat_sqlite_writable(db) != NGX_OK) {
        goto failed;
    }

    (void) sqlite3_busy_timeout(db->handle, NGX_CHAT_SQLITE_BUSY);
    (void) sqlite3_extended_result_codes(db->handle, 1);

    if (ngx_chat_sqlite_configure(db) != NGX_OK) {
        goto failed;
    }

    return NGX_OK;

failed:

    ngx_chat_sqlite_close(db);

    return NGX_ERROR;
}


/*
 * SQLite would make the file readable for all that umask allows.  It is
 * opened here only when it is new: closing a descriptor of a file drops the
 * process's POSIX locks on it, those of the readers' connections, too.
 */

static ngx_int_t
ngx_chat_sqlite_create(ngx_chat_db_t *db)
{
    int  fd;

    fd = open((char *) db->path, O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0600);

    if (fd != -1) {
        (void) close(fd);
        return NGX_OK;
    }

    if (ngx_errno == NGX_EEXIST) {
        return NGX_OK;
    }

    if (ngx_chat_fault_raise(db->fault, NGX_CHAT_FAULT_FILE)) {
        ngx_log_error(NGX_LOG_CRIT, db->log, ngx_errno,
                      "open() \"%s\" failed", db->path);
    }

    return NGX_ERROR;
}


/* SQLite is content to read, and would fail at the first write only */

static ngx_int_t
ngx_chat_sqlite_writable(ngx_chat_db_t *db)
{
    ngx_err_t  err;

    if (sqlite3_db_readonly(db->handle, "main") != 1) {
        return NGX_OK;
    }

    err = access((char *) db->path, W_OK) == -1 ? ngx_errno : 0;

    if (ngx_chat_fault_raise(db->fault, NGX_CHAT_FAULT_FILE)) {
        ngx_log_error(NGX_LOG_CRIT, db->log, err,
                      "chat: \"%s\" is readonly, nothing can be written",
                      db->path);
    }

    return NGX_ERROR;
}


static ngx_int_t
ngx_chat_sqlite_configure(ngx_chat_db_t *db)
{
    if (!db->writer) {

        /* the last one to close would remove the log by its path */

        (void) sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                                 1, NULL);

        return ngx_chat_sqlite_exec(db, ngx_chat_sqlite_reader_pragmas);
    }

    if (ngx_chat_sqlite_exec(db, "PRAGMA journal_mode = WAL") != NGX_OK
        || ngx_chat_sqlite_exec(db, ngx_chat_sqlite_writer_pragmas) != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) sqlite3_wal_hook(db->handle, ngx_chat_sqlite_wal, db);

    return ngx_chat_sqlite_exec(db, db->full ? "PRAGMA synchronous = FULL"
                                             : "PRAGMA synchronous = NORMAL");
}


static int
ngx_chat_sqlite_wal(void *data, sqlite3 *handle, const char *name, int pages)
{
    ngx_chat_db_t  *db = data;

    db->wal_pages = pages;

    return SQLITE_OK;
}


ngx_int_t
ngx_chat_sqlite_prepare(ngx_chat_db_t *db)
{
    ngx_uint_t    i;
    const char  **texts;

    texts = db->texts ? db->texts : ngx_chat_sql_texts;

    for (i = 0; i < NGX_CHAT_SQL_MAX && texts[i]; i++) {

        if (sqlite3_prepare_v3(db->handle, texts[i], -1,
                               SQLITE_PREPARE_PERSISTENT, &db->statements[i],
                               NULL)
            != SQLITE_OK)
        {
            return ngx_chat_sqlite_failed(db, "sqlite3_prepare_v3()");
        }
    }

    return NGX_OK;
}


void
ngx_chat_sqlite_close(ngx_chat_db_t *db)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CHAT_SQL_MAX; i++) {
        (void) sqlite3_finalize(db->statements[i]);
        db->statements[i] = NULL;
    }

    (void) sqlite3_close(db->handle);

    db->handle = NULL;
}


ngx_int_t
ngx_chat_sqlite_exec(ngx_chat_db_t *db, const char *sql)
{
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK) {
        return ngx_chat_sqlite_failed(db, "sqlite3_exec()");
    }

    return NGX_OK;
}


ngx_int_t
ngx_chat_sqlite_value(ngx_chat_db_t *db, const char *sql, int64_t *value)
{
    ngx_int_t      rc;
    sqlite3_stmt  *stmt;

    if (sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL) != SQLITE_OK) {
        return ngx_chat_sqlite_failed(db, "sqlite3_prepare_v2()");
    }

    rc = NGX_OK;

    if (sqlite3_step(stmt) == SQLITE_ROW) {
        *value = sqlite3_column_int64(stmt, 0);

    } else {
        rc = ngx_chat_sqlite_failed(db, "sqlite3_step()");
    }

    (void) sqlite3_finalize(stmt);

    return rc;
}


ngx_int_t
ngx_chat_sqlite_failed(ngx_chat_db_t *db, const char *call)
{
    int         code;
    ngx_err_t   err;
    ngx_uint_t  i, level;

    code = sqlite3_extended_errcode(db->handle);

    for (i = 0; ngx_chat_sqlite_codes[i].code; i++) {
        if (ngx_chat_sqlite_codes[i].code == (code & 0xff)) {
            break;
        }
    }

    if (ngx_chat_sqlite_codes[i].means & NGX_CHAT_SQLITE_FAILED) {
        db->failed = 1;
    }

    if (ngx_chat_sqlite_codes[i].means & NGX_CHAT_SQLITE_REOPEN) {
        db->reopen = 1;
    }

    if (ngx_chat_fault_raise(db->fault, code & 0x1f)) {
        level = db->reopen || (code & 0xff) == SQLITE_FULL ? NGX_LOG_CRIT
                                                           : NGX_LOG_ERR;
        err = db->failed ? sqlite3_system_errno(db->handle) : 0;

        ngx_log_error(level, db->log, err, "%s failed (%d: %s) in \"%s\"",
                      call, code, sqlite3_errmsg(db->handle), db->path);
    }

    return NGX_ERROR;
}


/* it wraps, but is only compared */

int64_t
ngx_chat_sqlite_changes(ngx_chat_db_t *db)
{
    return sqlite3_total_changes(db->handle);
}


ngx_uint_t
ngx_chat_sqlite_in_transaction(ngx_chat_db_t *db)
{
    return !sqlite3_get_autocommit(db->handle);
}


ngx_uint_t
ngx_chat_sqlite_room(ngx_chat_db_t *db, int pages)
{
    struct statvfs  vfs;

    if (statvfs((char *) db->path, &vfs) == -1) {
        return 1;
    }

    return (uint64_t) vfs.f_bavail * vfs.f_frsize
           >= (uint64_t) pages * NGX_CHAT_SQLITE_PAGE;
}


ngx_int_t
ngx_chat_sqlite_checkpoint(ngx_chat_db_t *db)
{
    int       rc, done;
    uint64_t  started;

    started = ngx_chat_metrics_now();

    rc = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE,
                                   NULL, &done);

    db->wal_moved = rc == SQLITE_OK ? done : 0;

    ngx_chat_metric_add(db->lane,
                        db->writer ? NGX_CHAT_METRIC_CHECKPOINTS_WRITER
                                   : NGX_CHAT_METRIC_CHECKPOINTS_READER,
                        1);
    ngx_chat_metric_add(db->lane,
                        db->writer ? NGX_CHAT_METRIC_CHECKPOINT_TIME_WRITER
                                   : NGX_CHAT_METRIC_CHECKPOINT_TIME_READER,
                        ngx_chat_metrics_now() - started);

    /* busy: another one is at it */

    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY) {
        return ngx_chat_sqlite_failed(db, "sqlite3_wal_checkpoint_v2()");
    }

    return NGX_OK;
}


ngx_int_t
ngx_chat_sqlite_remember(ngx_chat_db_t *db)
{
    if (ngx_chat_sqlite_stat(db, "", &db->file) != NGX_OK
        || ngx_chat_sqlite_stat(db, "-wal", &db->wal) != NGX_OK
        || ngx_chat_sqlite_stat(db, "-shm", &db->shm) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_uint_t
ngx_chat_sqlite_replaced(ngx_chat_db_t *db)
{
    ngx_chat_db_file_t  file;

    if (ngx_chat_sqlite_stat(db, "", &file) != NGX_OK
        || file.ino != db->file.ino || file.dev != db->file.dev)
    {
        return 1;
    }

    return ngx_chat_sqlite_stat(db, "-wal", &file) != NGX_OK
           || file.ino != db->wal.ino || file.dev != db->wal.dev;
}


void
ngx_chat_sqlite_abandon(ngx_chat_db_t *db)
{
    (void) sqlite3_wal_checkpoint_v2(db->handle, NULL,
                                     SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    (void) sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                             NULL);

    ngx_chat_sqlite_unlink(db, "-wal", &db->wal);
    ngx_chat_sqlite_unlink(db, "-shm", &db->shm);

    ngx_chat_sqlite_close(db);
}


static ngx_int_t
ngx_chat_sqlite_stat(ngx_chat_db_t *db, const char *suffix,
    ngx_chat_db_file_t *file)
{
    u_char       path[NGX_MAX_PATH];
    struct stat  sb;

    (void) ngx_snprintf(path, NGX_MAX_PATH, "%s%s%Z", db->path, suffix);

    if (stat((char *) path, &sb) == -1) {
        return NGX_ERROR;
    }

    file->dev = sb.st_dev;
    file->ino = sb.st_ino;

    return NGX_OK;
}


static void
ngx_chat_sqlite_unlink(ngx_chat_db_t *db, const char *suffix,
    ngx_chat_db_file_t *file)
{
    u_char              path[NGX_MAX_PATH];
    ngx_chat_db_file_t  now;

    if (ngx_chat_sqlite_stat(db, suffix, &now) != NGX_OK
        || now.dev != file->dev || now.ino != file->ino)
    {
        return;
    }

    (void) ngx_snprintf(path, NGX_MAX_PATH, "%s%s%Z", db->path, suffix);
    (void) unlink((char *) path);
}
