
/*
 * Copyright (C) ngx_chat_module contributors
 */


/* SQLite's calls of pwrite() are counted, and may fail */


#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/sqlite.h"
#include "store/vfs.h"


#define VFS_ROWS   200
#define VFS_TURNS  40


static ngx_uint_t  writes;
static ngx_uint_t  fails;           /* the call that fails, from 1 on; or 0 */


static ssize_t
vfs_pwrite(int fd, const void *buf, size_t n, off_t offset)
{
    writes++;

    if (fails && --fails == 0) {
        errno = ENOSPC;
        return -1;
    }

    return pwrite(fd, buf, n, offset);
}


static void
vfs_sql(ngx_chat_db_t *db, const char *sql)
{
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK) {
        printf("# %s: %s\n", sql, sqlite3_errmsg(db->handle));
        abort();
    }
}


/* with a cache so small that a transaction is spilled into the log */

static void
vfs_open(ngx_chat_db_t *db, const char *path, const char *name)
{
    sqlite3_vfs  *vfs;

    ngx_chat_sqlite_setup();

    vfs = sqlite3_vfs_find("unix");
    (void) vfs->xSetSystemCall(vfs, "pwrite",
                               (sqlite3_syscall_ptr) vfs_pwrite);
    (void) vfs->xSetSystemCall(vfs, "pwrite64",
                               (sqlite3_syscall_ptr) vfs_pwrite);

    memset(db, 0, sizeof(ngx_chat_db_t));

    if (sqlite3_open_v2(path, &db->handle,
                        SQLITE_OPEN_READWRITE|SQLITE_OPEN_CREATE, name)
        != SQLITE_OK)
    {
        abort();
    }

    vfs_sql(db, "PRAGMA journal_mode = WAL");
    vfs_sql(db, "PRAGMA synchronous = NORMAL");
    vfs_sql(db, "PRAGMA wal_autocheckpoint = 0");
    vfs_sql(db, "PRAGMA cache_size = 12");
    vfs_sql(db, "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, "
                "a INTEGER, b BLOB)");
    vfs_sql(db, "CREATE INDEX IF NOT EXISTS t_a ON t (a)");
}


/* all that is in it, as a number; -1 when it is not whole */

static int64_t
vfs_sum(sqlite3 *handle)
{
    int64_t        sum;
    sqlite3_stmt  *stmt;

    sum = -1;

    if (sqlite3_prepare_v2(handle, "PRAGMA integrity_check", -1, &stmt, NULL)
        != SQLITE_OK)
    {
        return -1;
    }

    if (sqlite3_step(stmt) == SQLITE_ROW
        && strcmp((char *) sqlite3_column_text(stmt, 0), "ok") == 0)
    {
        sum = 0;
    }

    sqlite3_finalize(stmt);

    if (sum == -1
        || sqlite3_prepare_v2(handle, "SELECT id, a, length(b) FROM t"
                              " ORDER BY id", -1, &stmt, NULL) != SQLITE_OK)
    {
        return -1;
    }

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        sum = sum * 31 + sqlite3_column_int64(stmt, 0) * 7
              + sqlite3_column_int64(stmt, 1) * 3
              + sqlite3_column_int64(stmt, 2);
        sum &= 0xffffffffffff;
    }

    sqlite3_finalize(stmt);

    return sum;
}


static void
vfs_copy(const char *from, const char *to, const char *suffix)
{
    int      in, out;
    char     path[512], buf[65536];
    ssize_t  n;

    snprintf(path, sizeof(path), "%s%s", from, suffix);
    in = open(path, O_RDONLY);

    snprintf(path, sizeof(path), "%s%s", to, suffix);
    out = open(path, O_WRONLY|O_CREAT|O_TRUNC, 0600);

    if (in == -1 || out == -1) {
        abort();
    }

    while ((n = read(in, buf, sizeof(buf))) > 0) {
        if (write(out, buf, n) != n) {
            abort();
        }
    }

    close(in);
    close(out);
}


/* what is in the files, for one who comes now */

static int64_t
vfs_sum_of_files(const char *path)
{
    char      copy[512], name[600];
    int64_t   sum;
    sqlite3  *handle;

    snprintf(copy, sizeof(copy), "%s-copy", path);
    snprintf(name, sizeof(name), "%s-shm", copy);
    (void) unlink(name);

    vfs_copy(path, copy, "");
    vfs_copy(path, copy, "-wal");

    if (sqlite3_open(copy, &handle) != SQLITE_OK) {
        abort();
    }

    sum = vfs_sum(handle);

    sqlite3_close(handle);

    return sum;
}


static void
vfs_row(ngx_chat_db_t *db)
{
    char  sql[200];

    snprintf(sql, sizeof(sql), "INSERT INTO t VALUES (%ld, %ld, "
             "zeroblob(%ld)) ON CONFLICT (id) DO UPDATE SET a = excluded.a, "
             "b = excluded.b", random() % VFS_ROWS, random() % 1000,
             random() % 3000);
    vfs_sql(db, sql);
}


UNIT_TEST(a_transaction_is_one_write)
{
    char           path[256];
    ngx_uint_t     i;
    ngx_chat_db_t  db;

    snprintf(path, sizeof(path), "%s/one", unit_dir());
    srandom(1);

    vfs_open(&db, path, NULL);
    vfs_row(&db);
    writes = 0;
    vfs_row(&db);
    ok(writes >= 4, "without it: %lu writes", (unsigned long) writes);
    sqlite3_close(db.handle);

    ok(ngx_chat_vfs_name() != NULL, "there is one");
    vfs_open(&db, path, ngx_chat_vfs_name());
    vfs_row(&db);

    for (i = 0; i < 3; i++) {
        ngx_chat_vfs_begin(&db);
        vfs_sql(&db, "BEGIN IMMEDIATE");
        vfs_row(&db);
        vfs_row(&db);
        writes = 0;
        vfs_sql(&db, "COMMIT");
        is_int(writes, 1, "one write");
    }

    /* the log begins anew, with a header of its own */

    vfs_sql(&db, "PRAGMA wal_checkpoint");
    ngx_chat_vfs_begin(&db);
    vfs_sql(&db, "BEGIN IMMEDIATE");
    vfs_row(&db);
    writes = 0;
    vfs_sql(&db, "COMMIT");
    is_int(writes, 2, "two writes");
    is_int(vfs_sum_of_files(path), vfs_sum(db.handle), "all is there");

    sqlite3_close(db.handle);
}


/*
 * Spilled, undone, rolled back, moved; with another connection that writes
 * in between, too.  After each commit the files must have it all.  What was
 * spilled is not undone: SQLite 3.40 itself may leave wrong checksums then.
 */

static int
vfs_turn(ngx_chat_db_t *db, const char *path)
{
    int64_t     sum;
    ngx_uint_t  n, undo;

    sum = vfs_sum(db->handle);
    undo = random() % 3 == 0;

    vfs_sql(db, undo ? "PRAGMA cache_spill = OFF" : "PRAGMA cache_spill = ON");

    if (random() % 4) {
        ngx_chat_vfs_begin(db);
    }

    vfs_sql(db, "BEGIN IMMEDIATE");

    for (n = (ngx_uint_t) (random() % 60); n; n--) {
        vfs_row(db);
    }

    vfs_sql(db, "SAVEPOINT s");

    for (n = (ngx_uint_t) (random() % 60); n; n--) {
        vfs_row(db);
    }

    vfs_sql(db, undo ? "ROLLBACK TO s" : "RELEASE s");

    if (undo && random() % 2) {
        vfs_sql(db, "ROLLBACK");

    } else {
        vfs_sql(db, "COMMIT");
        sum = vfs_sum_of_files(path);
    }

    return sum != -1 && sum == vfs_sum(db->handle);
}


UNIT_TEST(what_is_committed_is_in_the_files)
{
    char           path[256];
    unsigned       seed;
    ngx_uint_t     i, right;
    ngx_chat_db_t  db[2];

    seed = (unsigned) time(NULL);
    printf("# seed %u\n", seed);
    srandom(seed);

    snprintf(path, sizeof(path), "%s/random", unit_dir());
    vfs_open(&db[0], path, ngx_chat_vfs_name());
    vfs_open(&db[1], path, ngx_chat_vfs_name());

    right = 0;

    for (i = 0; i < VFS_TURNS; i++) {
        right += vfs_turn(&db[random() % 2], path);

        if (random() % 6 == 0) {
            vfs_sql(&db[0], "PRAGMA wal_checkpoint");
        }
    }

    is_int(right, VFS_TURNS, "each time");

    sqlite3_close(db[0].handle);
    sqlite3_close(db[1].handle);
}


/* what one had spilled when it was rolled back is not written later */

UNIT_TEST(what_was_rolled_back_is_forgotten)
{
    int            spilled, highest;
    char           path[256];
    ngx_uint_t     i;
    ngx_chat_db_t  db[2];

    snprintf(path, sizeof(path), "%s/rolled", unit_dir());
    srandom(3);
    vfs_open(&db[0], path, ngx_chat_vfs_name());
    vfs_open(&db[1], path, ngx_chat_vfs_name());

    ngx_chat_vfs_begin(&db[0]);
    vfs_sql(&db[0], "BEGIN IMMEDIATE");
    writes = 0;

    for (i = 0; i < 16; i++) {
        vfs_row(&db[0]);
    }

    (void) sqlite3_db_status(db[0].handle, SQLITE_DBSTATUS_CACHE_SPILL,
                             &spilled, &highest, 0);
    ok(spilled && writes == 0, "it was spilled, and is held");
    vfs_sql(&db[0], "ROLLBACK");

    vfs_row(&db[1]);

    is_int(vfs_sum(db[0].handle), vfs_sum(db[1].handle), "read by the first");
    is_int(vfs_sum_of_files(path), vfs_sum(db[1].handle), "all is there");

    sqlite3_close(db[0].handle);
    sqlite3_close(db[1].handle);
}


UNIT_TEST(a_write_that_fails_fails_the_commit)
{
    char           path[256];
    int64_t        sum;
    ngx_uint_t     i;
    ngx_chat_db_t  db;

    snprintf(path, sizeof(path), "%s/fails", unit_dir());
    srandom(2);
    vfs_open(&db, path, ngx_chat_vfs_name());
    vfs_row(&db);

    for (i = 0; i < 2; i++) {
        sum = vfs_sum(db.handle);

        ngx_chat_vfs_begin(&db);
        vfs_sql(&db, "BEGIN IMMEDIATE");
        vfs_row(&db);

        fails = 1;
        is_int(sqlite3_exec(db.handle, "COMMIT", NULL, NULL, NULL),
               SQLITE_FULL, "the disk is full");

        if (!sqlite3_get_autocommit(db.handle)) {
            vfs_sql(&db, "ROLLBACK");
        }

        is_int(vfs_sum(db.handle), sum, "nothing of it stands");
        is_int(vfs_sum_of_files(path), sum, "nor in the files");

        ngx_chat_vfs_begin(&db);
        vfs_sql(&db, "BEGIN IMMEDIATE");
        vfs_row(&db);
        vfs_sql(&db, "COMMIT");

        ok(vfs_sum(db.handle) != sum, "the next one does");
        is_int(vfs_sum_of_files(path), vfs_sum(db.handle), "in the files");
    }

    sqlite3_close(db.handle);
}
