
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Time, and the CPU that a thread has used.
 */


#ifndef _CLOCK_H_INCLUDED_
#define _CLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>


static inline double
now(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return ts.tv_sec + ts.tv_nsec / 1e9;
}


/* CPU of this thread, in seconds */

static inline double
cpu(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);

    return ts.tv_sec + ts.tv_nsec / 1e9;
}


/* CPU of the thread of this name so far, as the kernel counts it */

static inline double
cpu_of_thread(const char *thread)
{
    char            name[64];
    DIR            *dir;
    FILE           *file;
    double          ns;
    struct dirent  *entry;
    char            path[300];

    ns = 0;

    dir = opendir("/proc/self/task");
    if (dir == NULL) {
        return 0;
    }

    while ((entry = readdir(dir)) != NULL) {
        snprintf(path, sizeof(path), "/proc/self/task/%s/comm",
                 entry->d_name);

        file = fopen(path, "r");
        if (file == NULL) {
            continue;
        }

        if (fgets(name, sizeof(name), file) == NULL) {
            name[0] = '\0';
        }

        fclose(file);

        if (strncmp(name, thread, strlen(thread)) != 0) {
            continue;
        }

        snprintf(path, sizeof(path), "/proc/self/task/%s/schedstat",
                 entry->d_name);

        file = fopen(path, "r");
        if (file == NULL || fscanf(file, "%lf", &ns) != 1) {
            ns = 0;
        }

        if (file) {
            fclose(file);
        }
    }

    closedir(dir);

    return ns / 1e9;
}


#endif /* _CLOCK_H_INCLUDED_ */
