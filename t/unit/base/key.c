
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/auth.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>


static void key_fails(const char *path, ngx_log_t *log, const char *call,
    const char *name);
static ngx_int_t key_load(const char *path, ngx_log_t *log);
static void key_write(const char *path, size_t len);
static ngx_uint_t key_files(void);
static const char *key_path(const char *name);


/* the linker takes these: what was synced is seen, and both may fail */

static char        key_synced[8][256];
static ngx_uint_t  key_nsynced;
static ngx_uint_t  key_fsync_fails;
static ngx_uint_t  key_link_fails;
static rlim_t      key_file_size = RLIM_INFINITY;


int
fsync(int fd)
{
    char     path[64];
    ssize_t  n;

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

    n = readlink(path, key_synced[key_nsynced % 8], 255);
    key_synced[key_nsynced++ % 8][ngx_max(n, 0)] = '\0';

    if (key_nsynced == key_fsync_fails) {
        errno = EIO;
        return -1;
    }

    return 0;
}


int
link(const char *from, const char *to)
{
    if (key_link_fails) {
        errno = EPERM;
        return -1;
    }

    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}


/* the key can't be had: one line says why, and nothing is left behind */

static void
key_fails(const char *path, ngx_log_t *log, const char *call,
    const char *name)
{
    int         fd, next;
    ngx_uint_t  files;

    files = key_files();
    fd = dup(0);
    close(fd);

    is_int(key_load(path, log), NGX_ERROR, name);
    is_int(unit_logged(NGX_LOG_DEBUG), 1, "logged once");
    is_int(unit_logged(NGX_LOG_EMERG), 1, "gravely");
    ok(strstr(unit_last_log(), call) != NULL, "%s: %s", name, call);
    unit_forget_log();

    next = dup(0);
    close(next);

    is_int(next, fd, "no descriptor stays open");
    is_int(key_files(), files, "no file is left");
}


/* the limit holds for the test's own output, too, so only meanwhile */

static ngx_int_t
key_load(const char *path, ngx_log_t *log)
{
    ngx_int_t       rc;
    struct rlimit   limit, less;
    ngx_chat_key_t  key;

    getrlimit(RLIMIT_FSIZE, &limit);

    less = limit;
    less.rlim_cur = key_file_size;
    setrlimit(RLIMIT_FSIZE, &less);

    rc = ngx_chat_auth_load_key(&key, path, log);

    setrlimit(RLIMIT_FSIZE, &limit);

    return rc;
}


static void
key_write(const char *path, size_t len)
{
    int     fd;
    u_char  buf[64];

    memset(buf, 'k', sizeof(buf));

    fd = open(path, O_WRONLY|O_CREAT|O_TRUNC, 0600);

    if (fd == -1 || write(fd, buf, len) != (ssize_t) len) {
        abort();
    }

    close(fd);
}


static ngx_uint_t
key_files(void)
{
    DIR            *dir;
    ngx_uint_t      n;
    struct dirent  *de;

    n = 0;
    dir = opendir(unit_dir());

    while ((de = readdir(dir)) != NULL) {
        n += (de->d_name[0] != '.');
    }

    closedir(dir);

    return n;
}


static const char *
key_path(const char *name)
{
    static char  path[256];

    snprintf(path, sizeof(path), "%s/%s", unit_dir(), name);

    return path;
}


UNIT_TEST(made_once)
{
    mode_t          mask;
    struct stat     sb;
    const char     *path;
    ngx_chat_key_t  key, again;

    is_int(ngx_chat_auth_init(), NGX_OK, "sodium");

    path = key_path("key");
    mask = umask(0);

    is_int(ngx_chat_auth_load_key(&key, path, log), NGX_OK, "made");
    umask(mask);

    is_int(stat(path, &sb), 0, "there is a file");
    is_int(sb.st_mode & 0777, 0600, "for its owner only");
    is_int(sb.st_size, NGX_CHAT_KEY_LEN, "of 32 bytes");
    is_int(key_files(), 1, "and nothing beside");

    is_int(ngx_chat_auth_load_key(&again, path, log), NGX_OK, "read");
    ok(memcmp(&key, &again, sizeof(key)) == 0, "the same key");

    unlink(path);
    is_int(ngx_chat_auth_load_key(&again, path, log), NGX_OK, "made anew");
    ok(memcmp(&key, &again, sizeof(key)) != 0, "another key");

    unlink(path);
    is_int(unit_logged(NGX_LOG_WARN), 0, "nothing to complain of");
}


UNIT_TEST(of_another_length)
{
    struct stat     sb;
    ngx_uint_t      i;
    const char     *path;
    ngx_chat_key_t  key;

    static size_t  lengths[] = { 0, 1, 31, 33, 64 };

    path = key_path("key");

    for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        key_write(path, lengths[i]);

        is_int(ngx_chat_auth_load_key(&key, path, log), NGX_ERROR, "refused");
        is_int(unit_logged(NGX_LOG_EMERG), 1, "logged once");
        ok(strstr(unit_last_log(), path) != NULL, "with its path");
        unit_forget_log();

        stat(path, &sb);
        is_int(sb.st_size, lengths[i], "and left as it was");
    }

    key_write(path, 32);
    is_int(ngx_chat_auth_load_key(&key, path, log), NGX_OK, "32 bytes");
    is_int(key.secret[31], 'k', "are the key");
    unlink(path);
}


UNIT_TEST(synced)
{
    int             here, fd, next;
    const char     *path;
    ngx_chat_key_t  key;

    path = key_path("key");
    fd = dup(0);
    close(fd);

    key_nsynced = 0;
    is_int(ngx_chat_auth_load_key(&key, path, log), NGX_OK, "made");
    is_int(key_nsynced, 2, "two are synced");
    ok(strncmp(key_synced[0], path, strlen(path)) == 0
       && key_synced[0][strlen(path)] == '.',
       "the key, under another name");
    is_cstr(key_synced[1], unit_dir(), "its directory");

    is_int(ngx_chat_auth_load_key(&key, path, log), NGX_OK, "read");
    is_int(key_nsynced, 2, "nothing to sync");
    unlink(path);

    next = dup(0);
    close(next);
    is_int(next, fd, "no descriptor stays open");

    here = open(".", O_RDONLY);

    if (here == -1 || chdir(unit_dir()) != 0) {
        abort();
    }

    key_nsynced = 0;
    is_int(ngx_chat_auth_load_key(&key, "key", log), NGX_OK, "by its name");
    is_cstr(key_synced[1], unit_dir(), "its directory");
    is_int(unlink("key"), 0, "it is there");

    if (fchdir(here) != 0) {
        abort();
    }

    close(here);
}


UNIT_TEST(out_of_reach)
{
    char            longest[NGX_MAX_PATH + 8];
    size_t          len;
    const char     *path;

    key_fails(key_path("none/key"), log, "open()", "no directory");
    key_fails(unit_dir(), log, "read()", "a directory");

    path = key_path("key");

    if (symlink("nowhere", path) != 0) {
        abort();
    }

    key_fails(path, log, "disappeared", "a link to nowhere");
    unlink(path);

    memset(longest, 'a', sizeof(longest));
    longest[0] = '/';
    longest[NGX_MAX_PATH + 7] = '\0';
    key_fails(longest, log, "open()", "a path without end");

    /* the path fits, the new file's beside it does not */

    len = snprintf(longest, sizeof(longest), "%s", unit_dir());

    while (len < NGX_MAX_PATH - 10) {
        longest[len++] = '/';
        longest[len++] = '.';
    }

    longest[len++] = '/';
    longest[len++] = 'k';
    longest[len] = '\0';
    key_fails(longest, log, "too long", "a path with nearly no end");
}


/* root may read and write everywhere, so somebody else tries */

UNIT_TEST(not_permitted)
{
    int             status;
    pid_t           pid;
    const char     *path;
    ngx_chat_key_t  key;

    path = key_path("key");
    key_write(path, 32);
    pid = fork();

    if (pid == 0) {
        if (geteuid() == 0 && setuid(65534) != 0) {
            _exit(3);
        }

        chmod(unit_dir(), 0);
        _exit(ngx_chat_auth_load_key(&key, path, log) == NGX_ERROR
              && unit_logged(NGX_LOG_EMERG) == 1 ? 0 : 1);
    }

    waitpid(pid, &status, 0);
    chmod(unit_dir(), 0700);
    is_int(status, 0, "no permission");
    unlink(path);
}


UNIT_TEST(broken_disk)
{
    const char  *path;

    path = key_path("key");

    key_nsynced = 0;
    key_fsync_fails = 1;
    key_fails(path, log, "fsync() new key file", "the file is not synced");

    key_link_fails = 1;
    key_fails(path, log, "link()", "the file is not linked");
    key_link_fails = 0;

    signal(SIGXFSZ, SIG_IGN);
    key_file_size = 0;
    key_fails(path, log, "write()", "the disk is full");

    key_file_size = 16;
    key_fails(path, log, "write()", "the disk has room for half of it");

    key_file_size = RLIM_INFINITY;
    signal(SIGXFSZ, SIG_DFL);
}


/* the key is there then, but might not be after a power failure */

UNIT_TEST(directory_not_synced)
{
    const char      *path;
    ngx_chat_key_t   key;

    path = key_path("key");

    key_nsynced = 0;
    key_fsync_fails = 2;
    is_int(ngx_chat_auth_load_key(&key, path, log), NGX_ERROR, "not yet");
    ok(strstr(unit_last_log(), "fsync() directory") != NULL, "the log's word");
    unit_forget_log();

    key_fsync_fails = 0;
    is_int(ngx_chat_auth_load_key(&key, path, log), NGX_OK, "the next time");
    unlink(path);
}


/* processes that start together end with one key */

UNIT_TEST(of_many)
{
    int             start[2], result[2];
    u_char          first[NGX_CHAT_KEY_LEN], next[NGX_CHAT_KEY_LEN];
    ngx_uint_t      i, round, same;
    const char     *path;
    ngx_chat_key_t  key;

    enum { ROUNDS = 20, MANY = 8 };

    path = key_path("key");
    same = 0;

    for (round = 0; round < ROUNDS; round++) {

        if (pipe(start) != 0 || pipe(result) != 0) {
            abort();
        }

        for (i = 0; i < MANY; i++) {
            if (fork() != 0) {
                continue;
            }

            /* until the other end is closed */

            close(start[1]);
            (void) !read(start[0], next, 1);

            memset(&key, 0, sizeof(key));
            ngx_chat_auth_load_key(&key, path, log);
            (void) !write(result[1], key.secret, NGX_CHAT_KEY_LEN);
            _exit(0);
        }

        close(start[0]);
        close(start[1]);
        close(result[1]);

        for (i = 0; read(result[0], next, sizeof(next)) == sizeof(next); i++)
        {
            if (i == 0) {
                memcpy(first, next, sizeof(first));
            }

            same += (memcmp(first, next, sizeof(first)) == 0
                     && next[0] + next[1] + next[2] + next[3] != 0);
        }

        close(result[0]);

        while (wait(NULL) > 0) { /* void */ }

        unlink(path);
    }

    is_int(same, ROUNDS * MANY, "each has the same");
    is_int(key_files(), 0, "nothing is left");
}


UNIT_TEST(quick_numbers_hang_on_the_key)
{
    ngx_str_t       one = ngx_string("one"), two = ngx_string("two");
    ngx_chat_key_t  a, b;

    memset(&a, 1, sizeof(a));
    memset(&b, 2, sizeof(b));

    ok(ngx_chat_auth_quick(&a, &one) == ngx_chat_auth_quick(&a, &one),
       "the same for the same");
    ok(ngx_chat_auth_quick(&a, &one) != ngx_chat_auth_quick(&a, &two),
       "another text");
    ok(ngx_chat_auth_quick(&a, &one) != ngx_chat_auth_quick(&b, &one),
       "another key");
    ok((int64_t) ngx_chat_auth_quick(&a, &one) > 0, "positive");
}
