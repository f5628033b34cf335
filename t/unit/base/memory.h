
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * nginx's allocator, in a test that wants to see what happens when memory is
 * out: the linker then takes these and not those of the archive.  Pools of
 * unit tests allocate each piece by itself, so that every one can be refused:
 *
 *     for (n = 0; ; n++) {
 *         memory_refuse(n);
 *         rc = ngx_chat_text_copy(...);
 *
 *         if (!memory_refused()) {
 *             break;
 *         }
 *
 *         ... it must have failed
 *     }
 */


#ifndef _MEMORY_H_INCLUDED_
#define _MEMORY_H_INCLUDED_


#include "unit.h"


ngx_uint_t  ngx_pagesize;
ngx_uint_t  ngx_pagesize_shift;
ngx_uint_t  ngx_cacheline_size;

static long  memory_left = -1;


/* the first n allocations succeed, the next one does not, all others do */

static void
memory_refuse(long n)
{
    memory_left = n;
}


/* whether one was refused; all succeed from now on */

static int
memory_refused(void)
{
    int  refused;

    refused = (memory_left == -2);
    memory_left = -1;

    return refused;
}


void *
ngx_alloc(size_t size, ngx_log_t *log)
{
    if (memory_left == 0) {
        memory_left = -2;
        return NULL;
    }

    if (memory_left > 0) {
        memory_left--;
    }

    return malloc(size);
}


void *
ngx_calloc(size_t size, ngx_log_t *log)
{
    void  *p;

    p = ngx_alloc(size, log);

    return p ? memset(p, 0, size) : NULL;
}


void *
ngx_memalign(size_t alignment, size_t size, ngx_log_t *log)
{
    return ngx_alloc(size, log);
}


#endif /* _MEMORY_H_INCLUDED_ */
