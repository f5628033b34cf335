
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A keep-alive HTTP/1.1 connection of one thread: one request at a time, the
 * answers come to .answer.  With .stream set, what follows a 200's header
 * comes to .bytes, with the chunks' framing in it.
 */


#ifndef _CONN_H_INCLUDED_
#define _CONN_H_INCLUDED_


#include <netinet/in.h>
#include <stddef.h>


typedef struct conn_s  conn_t;

typedef struct {
    int            status;
    const char    *head;
    size_t         head_len;
    const char    *body;
    size_t         body_len;
    int            close;               /* the last one of its connection */
} answer_t;


struct conn_s {
    int            fd;
    int            epoll;               /* 0: it still blocks */
    void          *data;
    struct ssl_st *tls;                 /* NULL: without */

    void         (*answer)(conn_t *c, answer_t *a);

    /* returns how many bytes are done with; the rest comes again with more */
    size_t       (*bytes)(conn_t *c, const char *p, size_t len);

    /* closed by the other side */
    void         (*gone)(conn_t *c);

    char          *out;                 /* not sent yet */
    size_t         out_len;
    char          *rest;                /* not understood yet */
    size_t         rest_len;

    unsigned       stream:1;
    unsigned       streaming:1;         /* its header was there */
    unsigned       used:1;              /* an answer came through it */
};


extern struct sockaddr_in  conn_address;


/* all connections from here on speak TLS, and believe any certificate */
int conn_use_tls(void);

/* "http" or "https" */
const char *conn_scheme(void);

/* blocks until connected; -1 when it can't be */
int conn_open(conn_t *c);

/* a new one in place of one that was closed; does not block, but for TLS */
int conn_reopen(conn_t *c, int epoll);

/* an exchange that blocks, for what is done before the measuring; the answer
   is good until the next */
int conn_ask(conn_t *c, const char *request, size_t len, answer_t *a);

/* from here on with events of this epoll */
int conn_watch(conn_t *c, int epoll);

void conn_send(conn_t *c, const char *request, size_t len);
void conn_event(conn_t *c, unsigned events);
void conn_close(conn_t *c);

/* the value of a header of the answer as it stands, its length in *len */
const char *conn_header(answer_t *a, const char *name, size_t *len);


#endif /* _CONN_H_INCLUDED_ */
