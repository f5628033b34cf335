
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Preloaded into nginx: a disk that is slow, that fails, or that remembers in
 * which order it was written to and synced, so that a test can tell what a
 * loss of power would have left.
 *
 *   CHAT_DISK_SYNC      microseconds that each fsync() and fdatasync() takes
 *                       longer
 *   CHAT_DISK_UNDER     a directory, absolute: all of this is about files in
 *                       it and itself; without it, about all files
 *   CHAT_DISK_CONTROL   a file of 32 bytes, the words of disk_control_t, which
 *                       all processes map: a test may change it meanwhile
 *   CHAT_DISK_LOG       a file that gets a record for each write, sync and
 *                       change of a directory, in their order; needs
 *                       CHAT_DISK_UNDER
 *
 * A write is recorded when it is done, and a sync before it begins and when
 * it is over: what was recorded before the beginning is on the disk at the
 * end.  Records are appended by one call each; SIGKILL may tear one, so a
 * test stops (SIGSTOP) all processes before it reads how long the log is.
 *
 * Memory that is mapped is not seen: SQLite writes only its index of the log
 * so, which is worth nothing after a loss of power.  Nor are writev(), which
 * nothing of the module's uses for its files, and what stdio writes.
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>


#define DISK_FILES  65536               /* descriptors below this */

#define DISK_WRITE     1                /* offset, bytes */
#define DISK_TRUNCATE  2                /* offset: the new size */
#define DISK_SYNC      3                /* offset: the sync's number */
#define DISK_SYNCED    4
#define DISK_CREATE    5                /* bytes: the name */
#define DISK_UNLINK    6                /* bytes: the name */
#define DISK_RENAME    7                /* bytes: old name, zero, new name */
#define DISK_LINK      8


typedef struct {
    int64_t      delay;                 /* us, beside CHAT_DISK_SYNC */
    int64_t      syncs;                 /* so many have been done */
    int64_t      sync_error;            /* errno of each sync, or 0 */
    int64_t      write_error;           /* of each write, and each change of
                                           a directory, or 0 */
} disk_control_t;


typedef struct {
    uint32_t     type;
    uint32_t     length;                /* of the bytes that follow */
    uint64_t     file;                  /* inode */
    int64_t      offset;
} disk_record_t;


static disk_control_t    disk_nothing;
static disk_control_t   *disk_control = &disk_nothing;
static int64_t           disk_delay;
static const char       *disk_under;
static size_t            disk_under_len;
static int               disk_log = -1;
static uint32_t          disk_number;   /* of the process's last sync */
static pthread_mutex_t   disk_mutex = PTHREAD_MUTEX_INITIALIZER;
static uint64_t          disk_files[DISK_FILES];  /* inode + 1, or 0 */


__attribute__((constructor))
static void
disk_open(void)
{
    int          fd;
    void        *p;
    const char  *name;

    name = getenv("CHAT_DISK_SYNC");

    if (name) {
        disk_delay = atoll(name);
    }

    name = getenv("CHAT_DISK_UNDER");

    if (name) {
        disk_under = strdup(name);
        disk_under_len = disk_under ? strlen(disk_under) : 0;
    }

    name = getenv("CHAT_DISK_CONTROL");
    fd = name ? open(name, O_RDWR|O_CLOEXEC) : -1;

    if (fd != -1) {
        p = mmap(NULL, sizeof(disk_control_t), PROT_READ|PROT_WRITE,
                 MAP_SHARED, fd, 0);

        if (p != MAP_FAILED) {
            disk_control = p;
        }

        (void) close(fd);
    }

    name = getenv("CHAT_DISK_LOG");

    if (name && disk_under) {
        disk_log = open(name, O_WRONLY|O_APPEND|O_CLOEXEC);
    }
}


static int
disk_ours(const char *path)
{
    if (disk_under == NULL) {
        return 1;
    }

    return strncmp(path, disk_under, disk_under_len) == 0
           && (path[disk_under_len] == '/' || path[disk_under_len] == '\0');
}


/* the file's inode + 1 when it is one of those that this is about, or 0 */

static uint64_t
disk_file(int fd)
{
    if (disk_under == NULL) {
        return 1;
    }

    return fd >= 0 && fd < DISK_FILES
           ? __atomic_load_n(&disk_files[fd], __ATOMIC_ACQUIRE) : 0;
}


static void
disk_record(uint32_t type, uint64_t file, int64_t offset, const void *bytes,
    size_t length)
{
    int            err;
    struct iovec   iov[2];
    disk_record_t  record;

    if (disk_log == -1) {
        return;
    }

    err = errno;

    record.type = type;
    record.length = (uint32_t) length;
    record.file = file - 1;
    record.offset = offset;

    iov[0].iov_base = &record;
    iov[0].iov_len = sizeof(record);
    iov[1].iov_base = (void *) bytes;
    iov[1].iov_len = length;

    if (writev(disk_log, iov, 2) != (ssize_t) (sizeof(record) + length)) {
        abort();
    }

    errno = err;
}


static void
disk_record_names(uint32_t type, uint64_t file, const char *from,
    const char *to)
{
    char  names[8192];
    int   n;

    n = snprintf(names, sizeof(names), "%s%c%s", from, 0, to ? to : "");

    if (n > 0 && n < (int) sizeof(names)) {
        disk_record(type, file, 0, names, to ? (size_t) n : strlen(from));
    }
}


/* changes of directories, one at a time over all processes */

static void
disk_lock(int type)
{
    int           err;
    struct flock  lock = { .l_type = type, .l_whence = SEEK_SET };

    if (disk_log == -1) {
        return;
    }

    err = errno;

    if (type == F_WRLCK) {
        (void) pthread_mutex_lock(&disk_mutex);
    }

    while (fcntl(disk_log, F_SETLKW, &lock) == -1 && errno == EINTR);

    if (type == F_UNLCK) {
        (void) pthread_mutex_unlock(&disk_mutex);
    }

    errno = err;
}


static int
disk_fails(int64_t error)
{
    if (error == 0) {
        return 0;
    }

    errno = (int) error;

    return 1;
}


static int
disk_open_file(const char *path, int flags, mode_t mode)
{
    int          fd, created;
    struct stat  sb;

    if (!disk_ours(path)) {
        return (int) syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    }

    if ((flags & (O_WRONLY|O_RDWR|O_CREAT|O_TRUNC))
        && disk_fails(disk_control->write_error))
    {
        return -1;
    }

    disk_lock(F_WRLCK);

    created = (flags & O_CREAT) && lstat(path, &sb) == -1;

    fd = (int) syscall(SYS_openat, AT_FDCWD, path, flags, mode);

    if (fd != -1 && fd < DISK_FILES && fstat(fd, &sb) == 0) {

        __atomic_store_n(&disk_files[fd], (uint64_t) sb.st_ino + 1,
                         __ATOMIC_RELEASE);

        if (created) {
            disk_record_names(DISK_CREATE, disk_files[fd], path, NULL);

        } else if (flags & O_TRUNC) {
            disk_record(DISK_TRUNCATE, disk_files[fd], 0, "", 0);
        }
    }

    disk_lock(F_UNLCK);

    return fd;
}


int
open(const char *path, int flags, ...)
{
    mode_t   mode;
    va_list  args;

    va_start(args, flags);
    mode = flags & (O_CREAT|O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);

    return disk_open_file(path, flags, mode);
}


int
open64(const char *path, int flags, ...)
{
    mode_t   mode;
    va_list  args;

    va_start(args, flags);
    mode = flags & (O_CREAT|O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);

    return disk_open_file(path, flags, mode);
}


int
close(int fd)
{
    if (fd >= 0 && fd < DISK_FILES) {
        __atomic_store_n(&disk_files[fd], 0, __ATOMIC_RELEASE);
    }

    return (int) syscall(SYS_close, fd);
}


/* writing; the offset is -1 where it is the descriptor's own */

static ssize_t
disk_write(int fd, const void *bytes, size_t length, off64_t offset)
{
    ssize_t   n;
    uint64_t  file;

    file = disk_file(fd);

    if (disk_under && file && disk_fails(disk_control->write_error)) {
        return -1;
    }

    if (offset == -1) {
        n = syscall(SYS_write, fd, bytes, length);

        if (n > 0 && file && disk_log != -1) {
            offset = lseek(fd, 0, SEEK_CUR) - n;
        }

    } else {
        n = syscall(SYS_pwrite64, fd, bytes, length, offset);
    }

    if (n > 0 && file) {
        disk_record(DISK_WRITE, file, offset, bytes, n);
    }

    return n;
}


ssize_t
write(int fd, const void *bytes, size_t length)
{
    return disk_write(fd, bytes, length, -1);
}


ssize_t
pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    return disk_write(fd, bytes, length, offset);
}


ssize_t
pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    return disk_write(fd, bytes, length, offset);
}


int
ftruncate64(int fd, off64_t size)
{
    int       rc;
    uint64_t  file;

    file = disk_file(fd);

    if (disk_under && file && disk_fails(disk_control->write_error)) {
        return -1;
    }

    rc = (int) syscall(SYS_ftruncate, fd, size);

    if (rc == 0 && file) {
        disk_record(DISK_TRUNCATE, file, size, "", 0);
    }

    return rc;
}


int
ftruncate(int fd, off_t size)
{
    return ftruncate64(fd, size);
}


/* syncing */

static int
disk_sync(int fd, long call)
{
    int              rc, err;
    int64_t          number, delay;
    uint64_t         file;
    struct timespec  ts;

    file = disk_file(fd);

    if (file == 0) {
        return (int) syscall(call, fd);
    }

    (void) __atomic_add_fetch(&disk_control->syncs, 1, __ATOMIC_ACQ_REL);

    number = (int64_t) getpid() << 32
             | __atomic_add_fetch(&disk_number, 1, __ATOMIC_ACQ_REL);

    disk_record(DISK_SYNC, file, number, "", 0);

    rc = disk_fails(disk_control->sync_error) ? -1 : (int) syscall(call, fd);
    err = errno;

    delay = disk_delay + disk_control->delay;

    if (delay) {
        ts.tv_sec = delay / 1000000;
        ts.tv_nsec = delay % 1000000 * 1000;

        while (nanosleep(&ts, &ts) == -1 && errno == EINTR);
    }

    if (rc == 0) {
        disk_record(DISK_SYNCED, file, number, "", 0);
    }

    errno = err;

    return rc;
}


int
fsync(int fd)
{
    return disk_sync(fd, SYS_fsync);
}


int
fdatasync(int fd)
{
    return disk_sync(fd, SYS_fdatasync);
}


/* names */

static int
disk_names(uint32_t type, const char *from, const char *to)
{
    int  rc;

    if (disk_under && disk_ours(from)
        && disk_fails(disk_control->write_error))
    {
        return -1;
    }

    disk_lock(F_WRLCK);

    rc = (int) (type == DISK_UNLINK
                ? syscall(SYS_unlinkat, AT_FDCWD, from, 0)
                : type == DISK_RENAME
                ? syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to)
                : syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));

    if (rc == 0 && disk_ours(from)) {
        disk_record_names(type, 1, from, to);
    }

    disk_lock(F_UNLCK);

    return rc;
}


int
unlink(const char *path)
{
    return disk_names(DISK_UNLINK, path, NULL);
}


int
rename(const char *from, const char *to)
{
    return disk_names(DISK_RENAME, from, to);
}


int
link(const char *from, const char *to)
{
    return disk_names(DISK_LINK, from, to);
}
