
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A histogram of times in nanoseconds: 64 steps an octave, so what it says is
 * right within 1.6 %; the least and the greatest are exact.
 */


#ifndef _METER_H_INCLUDED_
#define _METER_H_INCLUDED_


#include <stdint.h>
#include <time.h>


#define METER_STEPS    64
#define METER_BUCKETS  (58 * METER_STEPS)


typedef struct {
    uint64_t   n;
    int64_t    min;
    int64_t    max;
    uint32_t   bucket[METER_BUCKETS];
} meter_t;


static inline int64_t
meter_now(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}


static inline void
meter_add(meter_t *m, int64_t ns)
{
    unsigned  shift;

    if (ns < 0) {
        ns = 0;
    }

    if (m->n == 0 || ns < m->min) {
        m->min = ns;
    }

    if (ns > m->max) {
        m->max = ns;
    }

    shift = 57 - __builtin_clzll((uint64_t) ns | METER_STEPS);

    m->bucket[shift * METER_STEPS + (ns >> shift)]++;
    m->n++;
}


static inline void
meter_merge(meter_t *m, const meter_t *from)
{
    unsigned  i;

    if (from->n == 0) {
        return;
    }

    if (m->n == 0 || from->min < m->min) {
        m->min = from->min;
    }

    if (from->max > m->max) {
        m->max = from->max;
    }

    for (i = 0; i < METER_BUCKETS; i++) {
        m->bucket[i] += from->bucket[i];
    }

    m->n += from->n;
}


/* in microseconds; part: of all, 0.5 is the median */

static inline double
meter_at(const meter_t *m, double part)
{
    double    value;
    uint64_t  n, rank;
    unsigned  i, shift;

    if (m->n == 0) {
        return 0;
    }

    n = 0;
    rank = (uint64_t) (part * (m->n - 1)) + 1;

    for (i = 0; i < METER_BUCKETS - 1; i++) {
        n += m->bucket[i];

        if (n >= rank) {
            break;
        }
    }

    /* the steps of an octave are those from 64 to 127 */

    shift = i < 2 * METER_STEPS ? 0 : i / METER_STEPS - 1;
    value = (i - shift * METER_STEPS + 0.5) * (double) (1ULL << shift);

    if (value > m->max) {
        value = m->max;
    }

    return (value < m->min ? m->min : value) / 1000;
}


#endif /* _METER_H_INCLUDED_ */
