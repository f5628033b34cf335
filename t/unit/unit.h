
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A unit test is a file of functions, each registered by its definition:
 *
 *     #include "unit.h"
 *     #include "base/text.h"
 *
 *     UNIT_TEST(a_surrogate_is_refused)
 *     {
 *         ngx_str_t  s = ngx_string("\xed\xa0\x80");
 *
 *         is_int(ngx_chat_text_check(&s), NGX_ERROR, "high surrogate");
 *     }
 *
 * Each runs with a pool of its own ("pool"), and each assertion is a point of
 * the TAP stream that the program writes.  Everything, nginx's own code too,
 * is built with ASan and UBSan, and pools malloc() each block.
 */


#ifndef _UNIT_H_INCLUDED_
#define _UNIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


typedef struct unit_test_s  unit_test_t;

typedef void (*unit_pt)(ngx_pool_t *pool, ngx_log_t *log);

struct unit_test_s {
    const char   *name;
    unit_pt       run;
    unit_test_t  *next;
};


void unit_register(unit_test_t *test);

/* each returns whether it holds, so that a test may stop early */

int unit_ok(int holds, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int unit_is_int(long long got, long long expected, const char *file, int line,
    const char *name);
int unit_is_str(ngx_str_t *got, const char *expected, size_t len,
    const char *file, int line, const char *name);

/* a directory for this program's files, removed at its end */

const char *unit_dir(void);

/*
 * ns that this thread has worked: what else the machine does is not in it.  A
 * bound is on how many times another piece of work it is, the least of several.
 */

double unit_worked(void);

/* so many times as long may work take where a sanitizer looks on */

#if (__SANITIZE_ADDRESS__ || __SANITIZE_THREAD__)
#define UNIT_SLOWER  5
#else
#define UNIT_SLOWER  1
#endif

/* how many lines were logged at this level or a graver one, and the last */

ngx_uint_t unit_logged(ngx_uint_t level);
const char *unit_last_log(void);
void unit_forget_log(void);


#define UNIT_TEST(test)                                                       \
    static void test(ngx_pool_t *pool, ngx_log_t *log);                       \
    static void __attribute__((constructor)) test##_register(void)            \
    {                                                                         \
        static unit_test_t  t = { #test, test, NULL };                        \
        unit_register(&t);                                                    \
    }                                                                         \
    static void test(ngx_pool_t *pool, ngx_log_t *log)


#define ok(holds, ...)                                                        \
    unit_ok((holds) ? 1 : 0, __FILE__, __LINE__, __VA_ARGS__)

#define is_int(got, expected, name)                                           \
    unit_is_int((long long) (got), (long long) (expected),                    \
                __FILE__, __LINE__, name)

/* got is an ngx_str_t *, expected a literal (which may hold NULs) */

#define is_str(got, expected, name)                                           \
    unit_is_str(got, expected, sizeof(expected) - 1, __FILE__, __LINE__, name)

#define is_cstr(got, expected, name)                                          \
    ok(strcmp((const char *) (got), expected) == 0, "%s: \"%s\"", name,       \
       (const char *) (got))


#endif /* _UNIT_H_INCLUDED_ */
