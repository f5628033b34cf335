
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "load/server.h"


#define SERVER_WORKERS  256


static double server_cpu_of(int pid);
static double server_memory_of(int pid);


double
server_cpu(int master)
{
    int     i, n, pids[SERVER_WORKERS];
    double  ns;

    ns = 0;
    n = server_workers(master, pids, SERVER_WORKERS);

    for (i = 0; i < n; i++) {
        ns += server_cpu_of(pids[i]);
    }

    return ns;
}


double
server_memory(int master)
{
    int     i, n, pids[SERVER_WORKERS];
    double  bytes;

    bytes = server_memory_of(master);
    n = server_workers(master, pids, SERVER_WORKERS);

    for (i = 0; i < n; i++) {
        bytes += server_memory_of(pids[i]);
    }

    return bytes;
}


int
server_workers(int master, int *pids, int max)
{
    int    n;
    char   path[64];
    FILE  *file;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", master, master);

    file = fopen(path, "r");
    if (file == NULL) {
        return 0;
    }

    for (n = 0; n < max; n++) {

        if (fscanf(file, "%d", &pids[n]) != 1) {
            break;
        }
    }

    fclose(file);

    return n;
}


static double
server_cpu_of(int pid)
{
    DIR            *dir;
    FILE           *file;
    char            path[300];
    double          ns, sum;
    struct dirent  *entry;

    sum = 0;

    snprintf(path, sizeof(path), "/proc/%d/task", pid);

    dir = opendir(path);
    if (dir == NULL) {
        return 0;
    }

    while ((entry = readdir(dir)) != NULL) {

        if (entry->d_name[0] == '.') {
            continue;
        }

        snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", pid,
                 entry->d_name);

        file = fopen(path, "r");
        if (file == NULL) {
            continue;
        }

        if (fscanf(file, "%lf", &ns) == 1) {
            sum += ns;
        }

        fclose(file);
    }

    closedir(dir);

    return sum;
}


static double
server_memory_of(int pid)
{
    FILE   *file;
    char    line[256];
    double  kb;

    kb = 0;

    snprintf(line, sizeof(line), "/proc/%d/smaps_rollup", pid);

    file = fopen(line, "r");
    if (file == NULL) {
        return 0;
    }

    while (fgets(line, sizeof(line), file)) {

        if (sscanf(line, "Pss: %lf kB", &kb) == 1) {
            break;
        }
    }

    fclose(file);

    return kb * 1024;
}
