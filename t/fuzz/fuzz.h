
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A fuzz target defines fuzz(): it gets the bytes in memory of exactly their
 * size and a pool, and calls must() for what has to hold for any bytes.
 */


#ifndef _FUZZ_H_INCLUDED_
#define _FUZZ_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#define must(holds)                                                           \
    if (!(holds)) {                                                           \
        fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__,      \
                #holds);                                                      \
        abort();                                                              \
    }


static void fuzz(ngx_pool_t *pool, ngx_str_t *input);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ngx_str_t          input;
    ngx_pool_t        *pool;
    static ngx_log_t   log;

    ngx_pagesize = 4096;

    pool = ngx_create_pool(1024, &log);
    input.data = malloc(size);
    input.len = size;

    if (pool == NULL || input.data == NULL) {
        abort();
    }

    ngx_memcpy(input.data, data, size);

    fuzz(pool, &input);

    free(input.data);
    ngx_destroy_pool(pool);

    return 0;
}


#endif /* _FUZZ_H_INCLUDED_ */
