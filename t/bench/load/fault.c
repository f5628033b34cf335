
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A reload, or the death of a worker, in the middle of the load; and how long
 * the workers that there were live on.  In a thread of its own.
 */


#include <signal.h>
#include <unistd.h>

#include "load/load.h"
#include "load/server.h"


#define FAULT_WINDOW  1000000000LL      /* ns after it: what is called during */
#define FAULT_LOOK    500               /* us */
#define FAULT_WORKERS 256


static int fault_alive(const int *pids, int n);


void *
fault_run(void *data)
{
    load_t *load = data;

    int      n, pids[FAULT_WORKERS];
    int64_t  at;

    n = server_workers(load->master, pids, FAULT_WORKERS);

    if (n == 0) {
        die("there are no workers");
    }

    at = load->start + (int64_t) (load->fault * 1e9);

    usleep((useconds_t) ((at - meter_now()) / 1000));

    at = meter_now();

    if (load->fault_signal == SIGHUP) {
        (void) kill(load->master, SIGHUP);

    } else {
        (void) kill(pids[0], load->fault_signal);
        n = 1;
    }

    while (fault_alive(pids, n)) {

        if (meter_now() > load->end) {
            break;
        }

        usleep(FAULT_LOOK);
    }

    load->gone = meter_now() - at;

    return NULL;
}


static int
fault_alive(const int *pids, int n)
{
    int  i;

    for (i = 0; i < n; i++) {
        if (kill(pids[i], 0) == 0) {
            return 1;
        }
    }

    return 0;
}


int
fault_during(load_t *load, int64_t since)
{
    int64_t  at;

    if (load->fault_signal == 0) {
        return 0;
    }

    at = load->start + (int64_t) (load->fault * 1e9);

    return since >= at && since < at + FAULT_WINDOW;
}
