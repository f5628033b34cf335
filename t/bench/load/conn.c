
/*
 * Copyright (C) ngx_chat_module contributors
 */


#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load/conn.h"


#define CONN_BUFFER   (512 * 1024)
#define CONN_SOURCES  8             /* addresses that loopback comes from */


static int conn_connect(conn_t *c, int flags);
static void conn_source(int fd);
static int conn_shake(conn_t *c);
static ssize_t conn_read(conn_t *c, char *p, size_t len);
static ssize_t conn_write(conn_t *c, const char *p, size_t len);
static ssize_t conn_tls_result(conn_t *c, int rc);
static size_t conn_parse(conn_t *c, const char *p, size_t len);
static long conn_answer(const char *p, size_t len, answer_t *a);
static long conn_body(answer_t *a, const char *p, size_t len);
static void conn_keep(conn_t *c, const char *p, size_t len);
static void conn_gone(conn_t *c);


struct sockaddr_in  conn_address;

static SSL_CTX        *conn_tls;        /* NULL: without */

static __thread char  conn_buffer[CONN_BUFFER];


int
conn_use_tls(void)
{
    conn_tls = SSL_CTX_new(TLS_client_method());

    if (conn_tls == NULL) {
        return -1;
    }

    SSL_CTX_set_verify(conn_tls, SSL_VERIFY_NONE, NULL);

    SSL_CTX_set_mode(conn_tls, SSL_MODE_ENABLE_PARTIAL_WRITE
                               | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                               | SSL_MODE_RELEASE_BUFFERS);

    return 0;
}


const char *
conn_scheme(void)
{
    return conn_tls ? "https" : "http";
}


int
conn_open(conn_t *c)
{
    if (conn_connect(c, 0) == -1) {
        return -1;
    }

    if (conn_tls && conn_shake(c) == -1) {
        conn_close(c);
        return -1;
    }

    return 0;
}


int
conn_reopen(conn_t *c, int epoll)
{
    if (conn_tls ? conn_open(c) == -1 : conn_connect(c, SOCK_NONBLOCK) == -1) {
        return -1;
    }

    return conn_watch(c, epoll);
}


static int
conn_connect(conn_t *c, int flags)
{
    int  one;

    one = 1;
    c->streaming = 0;
    c->used = 0;
    c->out_len = 0;
    c->rest_len = 0;

    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

    if (c->fd == -1) {
        return -1;
    }

    (void) setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(int));

    conn_source(c->fd);

    if (connect(c->fd, (struct sockaddr *) &conn_address,
                sizeof(struct sockaddr_in))
        == -1 && errno != EINPROGRESS)
    {
        close(c->fd);
        c->fd = -1;
        return -1;
    }

    return 0;
}


/* one address has too few ports for all that come back after a reload */

static void
conn_source(int fd)
{
    int                 one;
    struct sockaddr_in  source;

    static unsigned  n;

    source = conn_address;

    if (ntohl(source.sin_addr.s_addr) >> 24 != 127) {
        return;
    }

    one = 1;
    source.sin_port = 0;
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK
                                   + __atomic_fetch_add(&n, 1,
                                                        __ATOMIC_RELAXED)
                                     % CONN_SOURCES);

    (void) setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one,
                      sizeof(int));
    (void) bind(fd, (struct sockaddr *) &source, sizeof(source));
}


static int
conn_shake(conn_t *c)
{
    c->tls = SSL_new(conn_tls);

    if (c->tls == NULL || SSL_set_fd(c->tls, c->fd) != 1) {
        return -1;
    }

    return SSL_connect(c->tls) == 1 ? 0 : -1;
}


/* as read(): with TLS, too, all that is there and fits */

static ssize_t
conn_read(conn_t *c, char *p, size_t len)
{
    int      rc;
    size_t   n;

    if (c->tls == NULL) {
        return read(c->fd, p, len);
    }

    ERR_clear_error();

    for (n = 0; n < len; n += rc) {
        rc = SSL_read(c->tls, p + n, len - n);

        if (rc <= 0) {
            return n ? (ssize_t) n : conn_tls_result(c, rc);
        }

        if (SSL_pending(c->tls) == 0 && c->epoll == 0) {
            return n + rc;
        }
    }

    return n;
}


static ssize_t
conn_write(conn_t *c, const char *p, size_t len)
{
    int  rc;

    if (c->tls == NULL) {
        return send(c->fd, p, len, MSG_NOSIGNAL);
    }

    ERR_clear_error();

    rc = SSL_write(c->tls, p, len);

    return rc > 0 ? rc : conn_tls_result(c, rc);
}


static ssize_t
conn_tls_result(conn_t *c, int rc)
{
    switch (SSL_get_error(c->tls, rc)) {

    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        errno = EAGAIN;
        return -1;

    default:
        return 0;
    }
}


int
conn_ask(conn_t *c, const char *request, size_t len, answer_t *a)
{
    size_t   n;
    ssize_t  got;

    if (conn_write(c, request, len) != (ssize_t) len) {
        return -1;
    }

    for (n = 0; n < CONN_BUFFER; n += got) {
        got = conn_read(c, conn_buffer + n, CONN_BUFFER - n);

        if (got <= 0) {
            return -1;
        }

        if (conn_answer(conn_buffer, n + got, a) > 0) {
            return 0;
        }
    }

    return -1;
}


int
conn_watch(conn_t *c, int epoll)
{
    struct epoll_event  ee;

    c->epoll = epoll;

    if (fcntl(c->fd, F_SETFL, O_NONBLOCK) == -1) {
        return -1;
    }

    ee.events = EPOLLIN|EPOLLOUT|EPOLLRDHUP|EPOLLET;
    ee.data.ptr = c;

    return epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &ee);
}


void
conn_send(conn_t *c, const char *request, size_t len)
{
    char     *out;
    ssize_t   n;

    if (c->fd == -1) {
        return;
    }

    n = c->out_len ? 0 : conn_write(c, request, len);

    if (n == (ssize_t) len) {
        return;
    }

    if (n < 0) {
        n = 0;
    }

    out = realloc(c->out, c->out_len + len - n);
    if (out == NULL) {
        return;
    }

    memcpy(out + c->out_len, request + n, len - n);

    c->out = out;
    c->out_len += len - n;
}


void
conn_event(conn_t *c, unsigned events)
{
    size_t   done;
    ssize_t  n;

    if ((events & EPOLLOUT) && c->out_len) {
        n = conn_write(c, c->out, c->out_len);

        if (n > 0) {
            c->out_len -= n;
            memmove(c->out, c->out + n, c->out_len);
        }
    }

    while (events & (EPOLLIN|EPOLLRDHUP|EPOLLHUP|EPOLLERR)) {

        if (c->rest_len) {
            memcpy(conn_buffer, c->rest, c->rest_len);
        }

        n = conn_read(c, conn_buffer + c->rest_len,
                      CONN_BUFFER - c->rest_len);

        if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }

        if (n <= 0) {
            conn_gone(c);
            return;
        }

        n += c->rest_len;
        c->rest_len = 0;

        done = conn_parse(c, conn_buffer, n);

        conn_keep(c, conn_buffer + done, n - done);

        if (c->fd == -1) {
            return;
        }

        /* not all was read: a full buffer, or the end is behind it */

        if (!(events & ~(EPOLLIN|EPOLLOUT)) && n < CONN_BUFFER) {
            return;
        }
    }
}


static void
conn_keep(conn_t *c, const char *p, size_t len)
{
    char  *rest;

    if (len == 0 || len >= CONN_BUFFER) {
        return;
    }

    rest = realloc(c->rest, len);
    if (rest == NULL) {
        return;
    }

    memcpy(rest, p, len);

    c->rest = rest;
    c->rest_len = len;
}


static void
conn_gone(conn_t *c)
{
    conn_close(c);
    c->gone(c);
}


void
conn_close(conn_t *c)
{
    SSL_free(c->tls);
    close(c->fd);

    c->tls = NULL;
    c->fd = -1;
    c->out_len = 0;
    c->rest_len = 0;
    c->streaming = 0;
}


/* returns how many bytes are done with */

static size_t
conn_parse(conn_t *c, const char *p, size_t len)
{
    long        n;
    answer_t    a;
    size_t      done;
    const char *end;

    done = 0;

    while (done < len && !c->streaming) {

        if (c->stream) {
            end = memmem(p + done, len - done, "\r\n\r\n", 4);

            if (end == NULL) {
                return done;
            }

            if (memcmp(p + done + 9, "200", 3) == 0) {
                c->streaming = 1;
                done = end + 4 - p;
                break;
            }
        }

        n = conn_answer(p + done, len - done, &a);

        if (n <= 0) {
            return done;
        }

        done += n;
        c->used = 1;

        /* who is told that nothing more can be asked does not ask here */

        if (a.close) {
            conn_close(c);
        }

        c->answer(c, &a);

        if (a.close) {

            if (c->fd == -1) {
                c->gone(c);
            }

            return len;
        }
    }

    if (c->streaming && done < len) {
        done += c->bytes(c, p + done, len - done);
    }

    return done;
}


/* its length; 0 when it is not all there */

static long
conn_answer(const char *p, size_t len, answer_t *a)
{
    long         n;
    size_t       value_len;
    const char  *end, *value;

    end = memmem(p, len, "\r\n\r\n", 4);

    if (end == NULL || end - p < 12) {
        return 0;
    }

    end += 4;

    a->status = atoi(p + 9);
    a->head = p;
    a->head_len = end - p;

    value = conn_header(a, "connection", &value_len);
    a->close = value && value_len == 5 && strncasecmp(value, "close", 5) == 0;

    n = conn_body(a, end, len - a->head_len);

    return n < 0 ? 0 : (long) a->head_len + n;
}


/* its length, -1 when it is not all there */

static long
conn_body(answer_t *a, const char *p, size_t len)
{
    size_t       n, ignore;
    const char  *value;

    a->body = p;
    a->body_len = 0;

    if (a->status == 204 || a->status == 304) {
        return 0;
    }

    value = conn_header(a, "content-length", &ignore);

    if (value) {
        n = strtoul(value, NULL, 10);
        a->body_len = n;

        return n <= len ? (long) n : -1;
    }

    /* in chunks, which nobody here has to put together */

    value = memmem(p, len, "0\r\n\r\n", 5);

    if (value == NULL) {
        return -1;
    }

    a->body_len = value - p;

    return value + 5 - p;
}


const char *
conn_header(answer_t *a, const char *name, size_t *len)
{
    size_t       n;
    const char  *p, *end, *eol;

    n = strlen(name);
    end = a->head + a->head_len;

    for (p = a->head; p < end; p = eol + 1) {
        eol = memchr(p, '\n', end - p);

        if (eol == NULL) {
            break;
        }

        if ((size_t) (eol - p) > n + 2 && p[n] == ':'
            && strncasecmp(p, name, n) == 0)
        {
            *len = eol - 1 - (p + n + 2);
            return p + n + 2;
        }
    }

    return NULL;
}
