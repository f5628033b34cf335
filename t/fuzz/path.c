
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Any path: what fits a pattern is the pattern with its number, and what is
 * safe stays below its directory.
 */


#include "fuzz.h"
#include "base/path.h"


static void fuzz_match(ngx_pool_t *pool, ngx_str_t *input,
    ngx_str_t *pattern);
static ngx_uint_t fuzz_number(ngx_str_t *path, ngx_str_t *pattern,
    int64_t *id);
static void fuzz_safe(ngx_pool_t *pool, ngx_str_t *input);


static ngx_str_t  fuzz_patterns[] = {
    ngx_string("visitor/history"),
    ngx_string("operator/conversations/:id"),
    ngx_string("operator/conversations/:id/take"),
    ngx_null_string
};


static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    ngx_str_t  *p;

    for (p = fuzz_patterns; p->len; p++) {
        fuzz_match(pool, input, p);
    }

    fuzz_safe(pool, input);
}


static void
fuzz_match(ngx_pool_t *pool, ngx_str_t *input, ngx_str_t *pattern)
{
    int64_t     id, expected;
    ngx_uint_t  fits;

    id = -1;
    expected = -1;
    fits = fuzz_number(input, pattern, &expected);

    must(ngx_chat_path_match(pattern, input, &id) == fits);
    must(id == expected);
}


/* the same by other means: what stands before and behind, and strtoll() */

static ngx_uint_t
fuzz_number(ngx_str_t *path, ngx_str_t *pattern, int64_t *id)
{
    char      *colon, *end, digits[32];
    size_t     before, behind, len;
    int64_t    n;

    colon = strchr((char *) pattern->data, ':');

    if (colon == NULL) {
        return path->len == pattern->len
               && memcmp(path->data, pattern->data, path->len) == 0;
    }

    before = colon - (char *) pattern->data;
    behind = strlen(colon + 3);

    if (path->len < before + behind
        || memcmp(path->data, pattern->data, before) != 0
        || memcmp(path->data + path->len - behind, colon + 3, behind) != 0)
    {
        return 0;
    }

    len = path->len - before - behind;

    while (len && path->data[before] == '0') {
        before++;
        len--;
    }

    if (len == 0 || len >= sizeof(digits)) {
        return 0;
    }

    memcpy(digits, path->data + before, len);
    digits[len] = '\0';

    ngx_set_errno(0);
    n = strtoll(digits, &end, 10);

    if (digits[0] < '1' || digits[0] > '9' || *end || end != digits + len
        || ngx_errno == ERANGE)
    {
        return 0;
    }

    *id = n;

    return 1;
}


static void
fuzz_safe(ngx_pool_t *pool, ngx_str_t *input)
{
    char  *path;

    path = ngx_pcalloc(pool, input->len + 1);
    must(path != NULL);
    ngx_memcpy(path, input->data, input->len);

    must(ngx_chat_path_safe(input)
         == (strspn(path, "abcdefghijklmnopqrstuvwxyz-_./"
                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
                == input->len
             && path[0] != '.' && strstr(path, "/.") == NULL));
}
