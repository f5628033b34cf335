
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/path.h"


UNIT_TEST(numbers)
{
    int64_t     id;
    ngx_str_t   pattern, path;
    ngx_uint_t  i;

    static struct {
        const char  *path;
        int64_t      id;            /* 0: does not fit */
    } cases[] = {
        { "a/12/take", 12 }, { "a/007/take", 7 },
        { "a/9223372036854775807/take", INT64_MAX },
        { "a/9223372036854775808/take", 0 },
        { "a/18446744073709551617/take", 0 },
        { "a/0/take", 0 }, { "a//take", 0 }, { "a/-1/take", 0 },
        { "a/+1/take", 0 }, { "a/1x/take", 0 }, { "a/1/tak", 0 },
        { "a/1/takes", 0 }, { "a/1", 0 }, { "a/", 0 }, { "", 0 },
        { "a/:id/take", 0 }, { "A/1/take", 0 }
    };

    ngx_str_set(&pattern, "a/:id/take");

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        path.len = strlen(cases[i].path);
        path.data = malloc(path.len);
        memcpy(path.data, cases[i].path, path.len);
        id = -5;

        is_int(ngx_chat_path_match(&pattern, &path, &id), cases[i].id > 0,
               cases[i].path);
        is_int(id, cases[i].id ? cases[i].id : -5, "and its number");
        free(path.data);
    }

    ngx_str_set(&pattern, "a/b");
    id = -5;
    is_int(ngx_chat_path_match(&pattern, &pattern, &id), 1, "without one");
    is_int(id, -5, "nothing is left");
}


UNIT_TEST(files)
{
    ngx_str_t   path;
    ngx_uint_t  i;

    static struct {
        const char  *path;
        ngx_uint_t   safe;
    } cases[] = {
        { "w/panel-3F2_x.js.br", 1 }, { "w/a/b/c", 1 }, { "a", 1 },
        { "../key", 0 }, { "w/../key", 0 }, { "w/.key", 0 }, { ".", 0 },
        { "w/..", 0 }, { "w/a b", 0 }, { "w/a%2f", 0 }, { "w\\a", 0 },
        { "w/\xc3\xa9", 0 }, { "w/a..b", 1 }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        path.data = (u_char *) cases[i].path;
        path.len = strlen(cases[i].path);
        is_int(ngx_chat_path_safe(&path), cases[i].safe, cases[i].path);
    }

    ngx_str_set(&path, "w/a\0.js");
    is_int(ngx_chat_path_safe(&path), 0, "a NUL inside");
}
