
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * The program around the tests of one file: runs them in the order of their
 * definition and writes TAP.  Single-threaded but for what a test starts;
 * assertions belong to the main thread.
 */


#include "unit.h"

#include <stdarg.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>


static void unit_run(unit_test_t *test);
static void unit_remove_dir(void);


static unit_test_t   *unit_first;
static unit_test_t  **unit_last = &unit_first;

static ngx_log_t      unit_log = { .log_level = NGX_LOG_DEBUG };

static const char    *unit_name;
static ngx_uint_t     unit_points;
static ngx_uint_t     unit_failed;

static char           unit_dir_name[] = "/tmp/chat-unit-XXXXXX";
static int            unit_dir_made;


void
unit_register(unit_test_t *test)
{
    *unit_last = test;
    unit_last = &test->next;
}


int
main(int argc, char **argv)
{
    unit_test_t         *test;
    static ngx_cycle_t   cycle;

    cycle.log = &unit_log;
    ngx_cycle = &cycle;

    setvbuf(stdout, NULL, _IOLBF, 0);

    ngx_pid = getpid();
    ngx_pagesize = getpagesize();
    ngx_cacheline_size = NGX_CPU_CACHE_LINE;

    for (ngx_uint_t n = ngx_pagesize; n >>= 1; ngx_pagesize_shift++) {
        /* void */
    }

    ngx_time_init();
    ngx_slab_sizes_init();
    ngx_crc32_table_init();

    for (test = unit_first; test; test = test->next) {
        if (argc == 1 || strcmp(argv[1], test->name) == 0) {
            unit_run(test);
        }
    }

    if (unit_dir_made) {
        unit_remove_dir();
    }

    printf("1..%lu\n", (unsigned long) unit_points);

    return unit_failed || unit_points == 0;
}


static void
unit_run(unit_test_t *test)
{
    ngx_uint_t   before;
    ngx_pool_t  *pool;

    unit_name = test->name;
    unit_forget_log();

    pool = ngx_create_pool(4096, &unit_log);
    if (pool == NULL) {
        abort();
    }

    before = unit_points;

    test->run(pool, &unit_log);

    ngx_destroy_pool(pool);

    if (unit_points == before) {
        ok(0, "it asserts nothing");
    }

    if (unit_logged(NGX_LOG_ALERT)) {
        ok(0, "an alert: %s", unit_last_log());
    }
}


int
unit_ok(int holds, const char *file, int line, const char *format, ...)
{
    char     text[1024];
    va_list  args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);

    /* what would end the line or start a directive is no part of a name */

    for (char *p = text; *p; p++) {
        if (*p == '\n' || *p == '#') {
            *p = ' ';
        }
    }

    unit_points++;

    printf("%sok %lu - %s: %s\n", holds ? "" : "not ",
           (unsigned long) unit_points, unit_name, text);

    if (!holds) {
        unit_failed++;
        printf("# failed at %s line %d\n", file, line);
    }

    return holds;
}


int
unit_is_int(long long got, long long expected, const char *file, int line,
    const char *name)
{
    if (got == expected) {
        return unit_ok(1, file, line, "%s", name);
    }

    return unit_ok(0, file, line, "%s: got %lld, expected %lld",
                   name, got, expected);
}


int
unit_is_str(ngx_str_t *got, const char *expected, size_t len,
    const char *file, int line, const char *name)
{
    if (got->len == len && memcmp(got->data, expected, len) == 0) {
        return unit_ok(1, file, line, "%s", name);
    }

    return unit_ok(0, file, line, "%s: got \"%.*s\", expected \"%.*s\"",
                   name, (int) got->len, (char *) got->data,
                   (int) len, expected);
}


const char *
unit_dir(void)
{
    if (!unit_dir_made) {
        if (mkdtemp(unit_dir_name) == NULL) {
            abort();
        }

        unit_dir_made = 1;
    }

    return unit_dir_name;
}


double
unit_worked(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);

    return (double) ts.tv_sec * 1e9 + (double) ts.tv_nsec;
}


static void
unit_remove_dir(void)
{
    char  command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", unit_dir_name);

    if (system(command) != 0) {
        printf("# %s is still there\n", unit_dir_name);
    }
}
