
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Disks that are full, read-only, gone; files that are corrupt, removed,
 * replaced, locked: jobs fail, one line says why, nothing is half written,
 * and service resumes by itself.
 */


#include "step.h"

#include <fcntl.h>
#include <sys/mount.h>


/* opening is tried again each second: asks until it has been */

static void
until_it_works(fixture_t *f, ngx_chat_job_t *job)
{
    ngx_msec_t  end;

    end = ngx_chat_fault_now() + FIXTURE_WAIT * 1000;

    while (fixture_write(f, job) == NGX_ERROR && fixture_moment(end)) {
        /* void */
    }
}


UNIT_TEST(no_directory_then_one)
{
    char             moved[300];
    fixture_t        f;
    ngx_chat_job_t  *job;

    fixture_init(&f, pool, log);
    snprintf(moved, sizeof(moved), "%s.moved", f.dir);
    rename(f.dir, moved);
    fixture_start(&f);

    job = step(&f, 1, NGX_OK);
    is_int(fixture_write(&f, job), NGX_ERROR, "a write fails");
    is_int(fixture_write(&f, job), NGX_ERROR, "at once");
    is_int(count(&f), -1, "a read, too");
    is_int(unit_logged(NGX_LOG_CRIT), 1, "one line for all");
    ok(strstr(unit_last_log(), "chat.lock") != NULL, "log: %s",
       unit_last_log());

    rename(moved, f.dir);

    until_it_works(&f, job);

    is_int(job->rc, NGX_OK, "service resumes");
    is_int(count(&f), 1, "for readers, too");

    ngx_chat_job_destroy(job);
    fixture_stop(&f);
}


/* both threads have a connection after this */

static sem_t  both_gate, both_entered;


static ngx_int_t
both_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    step_t  *s = job->args;

    sem_post(&both_entered);
    sem_wait(&both_gate);

    return ngx_chat_sqlite_value(db, "PRAGMA cache_size", &s->found);
}


/* how many of them have the cache of a connection that was just opened */

static ngx_uint_t
both_readers(fixture_t *f)
{
    ngx_uint_t       fresh;
    ngx_chat_job_t  *one, *two;

    sem_init(&both_gate, 0, 0);
    sem_init(&both_entered, 0, 0);

    one = fixture_job(f, both_run, sizeof(step_t));
    two = fixture_job(f, both_run, sizeof(step_t));

    ngx_chat_store_read(f->store, one);
    ngx_chat_store_read(f->store, two);

    sem_wait(&both_entered);
    sem_wait(&both_entered);
    sem_post(&both_gate);
    sem_post(&both_gate);

    fixture_drain(f);

    fresh = (step_of(one)->found == -4096) + (step_of(two)->found == -4096);

    ngx_chat_job_destroy(one);
    ngx_chat_job_destroy(two);
    sem_destroy(&both_gate);
    sem_destroy(&both_entered);

    return fresh;
}


static ino_t
inode(fixture_t *f, const char *name)
{
    char         path[300];
    struct stat  sb;

    snprintf(path, sizeof(path), "%s/%s", f->dir, name);

    return stat(path, &sb) == 0 ? sb.st_ino : 0;
}


static void
shell(const char *format, const char *one, const char *two)
{
    char  command[900];

    snprintf(command, sizeof(command), format, one, two);

    if (system(command) != 0) {
        printf("# failed: %s\n", command);
    }
}


UNIT_TEST(a_corrupt_file_and_its_successor)
{
    fixture_t        f;
    ngx_uint_t       lines;
    ngx_chat_job_t  *job;

    fixture_init(&f, pool, log);
    shell("head -c 8192 /dev/zero | tr '\\0' 'x' >%s/chat.db", f.dir, "");
    fixture_start(&f);

    job = step(&f, 1, NGX_OK);
    is_int(fixture_write(&f, job), NGX_ERROR, "a write fails");
    ok(strstr(unit_last_log(), "file is not a database) in \"") != NULL,
       "log: %s", unit_last_log());

    lines = unit_logged(NGX_LOG_CRIT);
    is_int(lines, 1, "one line");

    shell("rm %s/chat.db", f.dir, "");

    until_it_works(&f, job);

    is_int(job->rc, NGX_OK, "service resumes");
    is_int(count(&f), 1, "with a new file");
    is_int(unit_logged(NGX_LOG_CRIT), 1, "and no more lines");

    ngx_chat_job_destroy(job);
    fixture_stop(&f);
}


UNIT_TEST(a_file_replaced_while_it_is_open)
{
    ino_t            shm;
    fixture_t        f, other;
    int64_t          n;
    ngx_chat_job_t  *job;

    /* another database with two rows */

    fixture_open(&other, pool, log);

    for (n = 1; n <= 2; n++) {
        job = step(&other, n, NGX_OK);
        fixture_write(&other, job);
        ngx_chat_job_destroy(job);
    }

    fixture_stop(&other);

    fixture_open(&f, pool, log);

    for (n = 1; n <= 5; n++) {
        job = step(&f, n, NGX_OK);
        fixture_write(&f, job);
        ngx_chat_job_destroy(job);
    }

    is_int(count(&f), 5, "the old one");
    is_int(both_readers(&f), 2, "by both readers");
    shm = inode(&f, "chat.db-shm");

    shell("mv %s/chat.db %s/old.db", f.dir, f.dir);
    shell("mv %s/chat.db %s/chat.db", other.dir, f.dir);

    job = step(&f, 10, NGX_OK);
    is_int(fixture_write(&f, job), NGX_OK, "goes to the new one");
    is_int(step_of(job)->event, 3, "after its rows");
    ngx_chat_job_destroy(job);

    is_int(count(&f), 3, "readers see it");
    is_int(count(&f), 3, "both of them");
    ok(inode(&f, "chat.db-shm") != shm, "nothing of the old one is in use");
    is_int(f.last, 3, "the ring begins anew");
    is_int(unit_logged(NGX_LOG_CRIT), 1, "one line");

    fixture_stop(&f);

    /* and the old rows are in the old file, with no log beside it */

    shell("rm -f %s/chat.db*", f.dir, "");
    shell("mv %s/old.db %s/chat.db", f.dir, f.dir);

    f.last = -1;
    fixture_start(&f);
    is_int(count(&f), 5, "nothing of the old one was lost");
    fixture_stop(&f);
}


/* what an I/O error leaves behind: a connection that can't be trusted */

static ngx_int_t
broken_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_sqlite_exec(db, "PRAGMA cache_size = -1234");

    db->failed = 1;
    db->reopen = 1;

    return NGX_ERROR;
}


static ngx_int_t
mark_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    step_t  *s = job->args;

    return ngx_chat_sqlite_value(db, "PRAGMA cache_size", &s->found);
}


UNIT_TEST(a_connection_that_failed_is_opened_anew)
{
    fixture_t        f;
    ngx_chat_job_t  *job, *mark, *next;

    fixture_open(&f, pool, log);

    job = fixture_job(&f, broken_run, 1);
    is_int(fixture_write(&f, job), NGX_ERROR, "the writer's");

    mark = fixture_job(&f, mark_run, sizeof(step_t));
    is_int(fixture_write(&f, mark), NGX_OK, "works again");
    is_int(step_of(mark)->found, -8192, "it is another one");

    next = step(&f, 1, NGX_OK);
    is_int(fixture_write(&f, next), NGX_OK, "and writes");

    is_int(fixture_read(&f, job), NGX_ERROR, "a reader's");
    is_int(both_readers(&f), 2, "is another one");
    is_int(count(&f), 1, "and reads");

    ngx_chat_job_destroy(job);
    ngx_chat_job_destroy(mark);
    ngx_chat_job_destroy(next);
    fixture_stop(&f);
}


/* until the reader has had it that says so */

static void
until_a_read(fixture_t *f, int64_t wanted)
{
    int64_t     said;
    ngx_msec_t  end;

    end = ngx_chat_fault_now() + FIXTURE_WAIT * 1000;

    while ((said = count(f)) != wanted && ngx_chat_fault_now() < end) {
        (void) sched_yield();
    }

    is_int(said, wanted, "a reader says");
}


static void *
over_run(void *data)
{
    ngx_chat_fault_over(data, "the file");

    return NULL;
}


/* what another thread can do is no sign that this one can */

UNIT_TEST(over_when_each_that_failed_has_succeeded)
{
    pthread_t         thread;
    ngx_chat_fault_t  fault;

    ngx_chat_fault_init(&fault, "reads", log);

    ngx_chat_fault_over(&fault, "the file");
    is_int(unit_logged(NGX_LOG_WARN), 0, "nothing was wrong");

    is_int(ngx_chat_fault_raise(&fault, 14), 1, "the first is said");
    is_int(ngx_chat_fault_raise(&fault, 14), 0, "the second is not");

    fault.last -= 1000;
    pthread_create(&thread, NULL, over_run, &fault);
    pthread_join(thread, NULL);

    is_int(unit_logged(NGX_LOG_WARN), 0, "another thread has its own luck");
    is_int(ngx_chat_fault_raise(&fault, 14), 0, "it is the same outage");

    ngx_chat_fault_over(&fault, "the file");
    is_int(unit_logged(NGX_LOG_WARN), 0, "a second has to pass");

    fault.last -= 1000;
    ngx_chat_fault_over(&fault, "the file");
    is_int(unit_logged(NGX_LOG_WARN), 1, "over");
    is_int(ngx_chat_fault_raise(&fault, 14), 1, "the next one is another");

    ngx_chat_fault_destroy(&fault);
}


/* one reader has the file open still, the other one finds none */

UNIT_TEST(one_reader_of_two_is_one_outage)
{
    char             moved[300];
    fixture_t        f;
    ngx_msec_t       end;
    ngx_chat_job_t  *job;

    fixture_open(&f, pool, log);

    is_int(both_readers(&f), 2, "both are there");

    snprintf(moved, sizeof(moved), "%s.moved", f.dir);
    rename(f.dir, moved);

    job = fixture_job(&f, broken_run, 1);
    is_int(fixture_read(&f, job), NGX_ERROR, "one fails");
    ngx_chat_job_destroy(job);

    job = step(&f, 1, NGX_OK);
    is_int(fixture_write(&f, job), NGX_ERROR, "nor can anything be written");
    ngx_chat_job_destroy(job);

    until_a_read(&f, -1);
    unit_forget_log();
    until_a_read(&f, 0);
    until_a_read(&f, -1);
    is_int(unit_logged(NGX_LOG_CRIT), 0, "of which was one line");

    rename(moved, f.dir);

    job = step(&f, 1, NGX_OK);
    until_it_works(&f, job);
    ngx_chat_job_destroy(job);

    /* the writer may have said so of itself */

    unit_forget_log();
    end = ngx_chat_fault_now() + FIXTURE_WAIT * 1000;

    do {
        (void) both_readers(&f);
    } while (unit_logged(NGX_LOG_WARN) == 0 && fixture_moment(end));

    is_int(unit_logged(NGX_LOG_WARN), 1, "over when both read");
    ok(strstr(unit_last_log(), "reads of ") != NULL, "log: %s",
       unit_last_log());

    fixture_stop(&f);
}


UNIT_TEST(files_removed_while_they_are_open)
{
    fixture_t        f;
    ngx_chat_job_t  *job;

    fixture_open(&f, pool, log);

    job = step(&f, 1, NGX_OK);
    fixture_write(&f, job);
    ngx_chat_job_destroy(job);

    shell("rm %s/chat.db-wal", f.dir, "");

    job = step(&f, 2, NGX_OK);
    is_int(fixture_write(&f, job), NGX_OK, "without the log");
    ngx_chat_job_destroy(job);
    is_int(count(&f), 2, "both rows are there");

    shell("rm %s/*", f.dir, "");

    job = step(&f, 3, NGX_OK);
    is_int(fixture_write(&f, job), NGX_OK, "without any file");
    is_int(step_of(job)->event, 1, "it is a new database");
    ngx_chat_job_destroy(job);
    is_int(count(&f), 1, "with one row");

    fixture_stop(&f);
    fixture_start(&f);
    is_int(count(&f), 1, "which stays");
    fixture_stop(&f);
}


UNIT_TEST(locked_by_another_for_long)
{
    fixture_t        f;
    sqlite3         *db;
    char             path[300];
    ngx_chat_job_t  *job;

    fixture_open(&f, pool, log);
    unit_forget_log();

    snprintf(path, sizeof(path), "%s/chat.db", f.dir);
    sqlite3_open(path, &db);
    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

    job = step(&f, 1, NGX_OK);
    is_int(fixture_write(&f, job), NGX_ERROR, "fails in the end");
    ok(strstr(unit_last_log(), "(5: database is locked)") != NULL, "log: %s",
       unit_last_log());
    is_int(unit_logged(NGX_LOG_ERR), 1, "one line");

    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(db);

    is_int(fixture_write(&f, job), NGX_OK, "and works when it is free");

    ngx_chat_job_destroy(job);
    fixture_stop(&f);
}


/* a file system of its own: root only */

static int
disk(fixture_t *f, const char *options)
{
    if (mount("tmpfs", f->dir, "tmpfs", 0, options) == 0) {
        return 1;
    }

    ok(1, "skipped: mount() needs root");

    return 0;
}


UNIT_TEST(a_full_disk_and_room_again)
{
    char             filler[300];
    int64_t          n, stored;
    fixture_t        f;
    ngx_uint_t       failed, lines;
    ngx_chat_job_t  *job;

    fixture_init(&f, pool, log);

    if (!disk(&f, "size=2m,mode=0700")) {
        return;
    }

    fixture_start(&f);
    unit_forget_log();

    snprintf(filler, sizeof(filler), "%s/filler", f.dir);

    for (n = 1, stored = 0; n <= 20; n++, stored++) {
        job = step(&f, n, NGX_OK);
        is_int(fixture_write(&f, job), NGX_OK, "there is room");
        ngx_chat_job_destroy(job);
    }

    shell("cat /dev/zero >%s/filler 2>/dev/null; true", f.dir, "");

    /* the log has room in itself for some of them, again and again */

    failed = 0;

    for (n = 100; n < 5000 && failed < 40; n++) {
        job = step(&f, n, NGX_OK);

        if (fixture_write(&f, job) == NGX_ERROR) {
            failed++;

        } else {
            stored++;
        }

        ngx_chat_job_destroy(job);
    }

    ok(failed > 0, "the disk is full: %lu fail", (unsigned long) failed);

    lines = unit_logged(NGX_LOG_ERR);
    ok(lines >= 1 && lines <= 2, "%lu lines: %s", (unsigned long) lines,
       unit_last_log());
    ok(strstr(unit_last_log(), "in \"/") != NULL, "with the file");

    is_int(count(&f), stored, "reads go on, and see what was acknowledged");
    is_int(f.last, stored, "nothing else was published");

    unlink(filler);

    job = step(&f, 1000, NGX_OK);

    until_it_works(&f, job);

    is_int(step_of(job)->event, stored + 1, "service resumes");
    ngx_chat_job_destroy(job);
    is_int(count(&f), stored + 1, "with the next id");

    fixture_stop(&f);
    umount2(f.dir, MNT_DETACH);
}


UNIT_TEST(a_disk_that_becomes_read_only)
{
    fixture_t        f;
    ngx_uint_t       i;
    ngx_chat_job_t  *job;

    fixture_init(&f, pool, log);

    if (!disk(&f, "size=8m,mode=0700")) {
        return;
    }

    fixture_start(&f);

    job = step(&f, 1, NGX_OK);
    is_int(fixture_write(&f, job), NGX_OK, "written");
    ngx_chat_job_destroy(job);

    /* files that are open for writing keep it from becoming so */

    fixture_stop(&f);
    unit_forget_log();

    is_int(mount(NULL, f.dir, NULL, MS_REMOUNT|MS_RDONLY, NULL), 0,
           "read-only");

    fixture_start(&f);

    job = step(&f, 2, NGX_OK);

    for (i = 0; i < 3; i++) {
        is_int(fixture_write(&f, job), NGX_ERROR, "fails");
    }

    is_int(unit_logged(NGX_LOG_CRIT), 1, "one line");
    ok(strstr(unit_last_log(), f.dir) != NULL, "log: %s", unit_last_log());

    mount(NULL, f.dir, NULL, MS_REMOUNT, NULL);

    until_it_works(&f, job);

    is_int(job->rc, NGX_OK, "service resumes");
    is_int(count(&f), 2, "with what was there");

    ngx_chat_job_destroy(job);
    fixture_stop(&f);
    umount2(f.dir, MNT_DETACH);
}
