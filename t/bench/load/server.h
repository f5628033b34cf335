
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * What the kernel says of the server's processes: a master and its workers.
 */


#ifndef _SERVER_H_INCLUDED_
#define _SERVER_H_INCLUDED_


/* their pids; returns how many, at most max */
int server_workers(int master, int *pids, int max);

/* CPU of the workers so far, all threads, in nanoseconds */
double server_cpu(int master);

/* memory of master and workers in bytes: what is shared counts once */
double server_memory(int master);


#endif /* _SERVER_H_INCLUDED_ */
