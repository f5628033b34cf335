
/*
 * Copyright (C) ngx_chat_module contributors
 */


#define _GNU_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/load.h"


#define SIDE_API       "/chat/api/v1"
#define SIDE_PASSWORD  "a password of the benchmark"


static size_t side_post(char *p, const char *path, const char *cookie,
    const char *body);
static size_t side_text(load_t *load, talk_t *talk, char *p);
static int side_cookie(answer_t *a, char *cookie);
static int64_t side_number(answer_t *a, const char *name);
static void side_copy(answer_t *a, const char *name, char *to);
static int ours_open(load_t *load, talk_t *talk);
static size_t ours_send(load_t *load, talk_t *talk, char *p);
static size_t ours_wait(load_t *load, waiter_t *w, char *p);
static void ours_cursor(waiter_t *w, answer_t *a);
static void ours_streamed(waiter_t *w, const char *p, size_t len);
static size_t nchan_send(load_t *load, talk_t *talk, char *p);
static size_t nchan_wait(load_t *load, waiter_t *w, char *p);
static void nchan_cursor(waiter_t *w, answer_t *a);
static size_t get_send(load_t *load, talk_t *talk, char *p);


const side_t  side_ours = {
    "ours", ours_open, ours_send, ours_wait, ours_cursor, ours_streamed
};

const side_t  side_nchan = {
    "nchan", NULL, nchan_send, nchan_wait, nchan_cursor, NULL
};

const side_t  side_get = {
    "get", NULL, get_send, NULL, NULL, NULL
};


int
side_worker(conn_t *c)
{
    answer_t  a;

    static const char  request[] = "GET /pid HTTP/1.1\r\nHost: bench\r\n\r\n";

    if (conn_ask(c, request, sizeof(request) - 1, &a) == -1
        || a.status != 200)
    {
        return -1;
    }

    return atoi(a.body);
}


static size_t
side_post(char *p, const char *path, const char *cookie, const char *body)
{
    return snprintf(p, LOAD_REQUEST,
                    "POST " SIDE_API "%s HTTP/1.1\r\nHost: bench\r\n"
                    "Origin: %s://bench\r\n%s"
                    "Content-Type: application/json\r\n"
                    "Content-Length: %zu\r\n\r\n%s",
                    path, conn_scheme(), cookie, strlen(body), body);
}


static size_t
side_text(load_t *load, talk_t *talk, char *p)
{
    size_t  n;

    n = snprintf(p, LOAD_REQUEST, "~%x.%x.%llx~", talk->id, talk->next,
                 (unsigned long long) talk->since);

    while (n < load->size) {
        p[n++] = 'x';
    }

    p[n] = '\0';

    return n;
}


/* "Cookie: name=value\r\n" of the Set-Cookie */

static int
side_cookie(answer_t *a, char *cookie)
{
    size_t       len;
    const char  *value;

    value = conn_header(a, "set-cookie", &len);

    if (value == NULL) {
        return -1;
    }

    len = strcspn(value, ";\r");

    return snprintf(cookie, LOAD_COOKIE, "Cookie: %.*s\r\n", (int) len, value)
           < LOAD_COOKIE ? 0 : -1;
}


/* the last one of this name */

static int64_t
side_number(answer_t *a, const char *name)
{
    size_t       n;
    const char  *p;

    n = strlen(name);

    for (p = a->body + a->body_len - n; p >= a->body; p--) {

        if (*p == '"' && memcmp(p, name, n) == 0) {
            return atoll(p + n);
        }
    }

    return 0;
}


int
side_operator(load_t *load)
{
    int        rc;
    char       path[512], code[64], body[512], request[LOAD_REQUEST];
    FILE      *file;
    conn_t     c;
    answer_t   a;

    memset(&c, 0, sizeof(conn_t));

    if (conn_open(&c) == -1) {
        return -1;
    }

    snprintf(path, sizeof(path), "%s/setup-code", load->state);

    file = fopen(path, "r");

    if (file) {
        if (fscanf(file, "%63s", code) != 1) {
            code[0] = '\0';
        }

        fclose(file);

        snprintf(body, sizeof(body), "{\"code\":\"%s\",\"login\":\"bench\","
                 "\"name\":\"Bench\",\"password\":\"" SIDE_PASSWORD "\"}",
                 code);

        if (conn_ask(&c, request,
                     side_post(request, "/operator/setup", "", body), &a)
            == -1)
        {
            return -1;
        }
    }

    rc = conn_ask(&c, request,
                  side_post(request, "/operator/session", "",
                            "{\"login\":\"bench\",\"password\":\""
                            SIDE_PASSWORD "\"}"),
                  &a);

    if (rc == -1 || a.status != 201) {
        return -1;
    }

    load->inbox_cursor = side_number(&a, "\"cursor\":");
    rc = side_cookie(&a, load->operator);

    conn_close(&c);

    return rc;
}


static int
ours_open(load_t *load, talk_t *talk)
{
    char      request[LOAD_REQUEST];
    answer_t  a;

    if (conn_ask(&talk->conn, request,
                 side_post(request, "/visitor/session", "", "{}"), &a)
        == -1
        || a.status != 200)
    {
        return -1;
    }

    talk->cursor = side_number(&a, "\"cursor\":");

    return side_cookie(&a, talk->cookie);
}


static size_t
ours_send(load_t *load, talk_t *talk, char *p)
{
    int   n;
    char  body[LOAD_REQUEST];

    n = snprintf(body, sizeof(body), "{\"client_id\":\"%08x-%08x\","
                 "\"text\":\"", load->nonce, talk->next);
    n += side_text(load, talk, body + n);

    snprintf(body + n, sizeof(body) - n, "\"}");

    return side_post(p, "/visitor/messages", talk->cookie, body);
}


static size_t
ours_wait(load_t *load, waiter_t *w, char *p)
{
    char  wait[32];

    wait[0] = '\0';

    if (load->wait) {
        snprintf(wait, sizeof(wait), "&wait=%u", load->wait);
    }

    return snprintf(p, LOAD_REQUEST,
                    "GET " SIDE_API "/%s/events?after=%lld%s HTTP/1.1\r\n"
                    "Host: bench\r\n%s%s\r\n",
                    w->talk ? "visitor" : "operator", (long long) w->cursor,
                    wait,
                    w->talk ? w->talk->cookie : load->operator,
                    load->stream ? "Accept: text/event-stream\r\n" : "");
}


static void
ours_cursor(waiter_t *w, answer_t *a)
{
    w->cursor = side_number(a, "\"cursor\":");
}


/* the last "id: N", which may be cut: it never goes back */

static void
ours_streamed(waiter_t *w, const char *p, size_t len)
{
    int64_t      id;
    const char  *last;

    last = memrchr(p, '\n', len);

    while (last && last > p) {

        if (p + len - last > 5 && memcmp(last, "\nid: ", 5) == 0) {
            id = atoll(last + 5);
            w->cursor = id > w->cursor ? id : w->cursor;
            return;
        }

        last = memrchr(p, '\n', last - p);
    }
}


static size_t
nchan_send(load_t *load, talk_t *talk, char *p)
{
    size_t  n;
    char    body[LOAD_REQUEST];

    n = side_text(load, talk, body);

    return snprintf(p, LOAD_REQUEST,
                    "POST /pub/%x-%x HTTP/1.1\r\nHost: bench\r\n"
                    "Content-Type: text/plain\r\nContent-Length: %zu\r\n\r\n"
                    "%s", load->nonce, talk->id, n, body);
}


static size_t
nchan_wait(load_t *load, waiter_t *w, char *p)
{
    size_t  n;

    n = snprintf(p, LOAD_REQUEST, "GET /sub/%x-%x HTTP/1.1\r\nHost: bench\r\n",
                 load->nonce, w->talk->id);

    if (w->etag[0]) {
        n += snprintf(p + n, LOAD_REQUEST - n,
                      "If-Modified-Since: %s\r\nIf-None-Match: %s\r\n",
                      w->modified, w->etag);
    }

    return n + snprintf(p + n, LOAD_REQUEST - n, "%s\r\n",
                        load->stream ? "Accept: text/event-stream\r\n" : "");
}


static void
nchan_cursor(waiter_t *w, answer_t *a)
{
    side_copy(a, "last-modified", w->modified);
    side_copy(a, "etag", w->etag);
}


static void
side_copy(answer_t *a, const char *name, char *to)
{
    size_t       len;
    const char  *value;

    value = conn_header(a, name, &len);

    if (value) {
        snprintf(to, LOAD_TAG, "%.*s", (int) len, value);
    }
}


static size_t
get_send(load_t *load, talk_t *talk, char *p)
{
    int          len;
    const char  *line, *tab;

    line = load->path;

    if (load->lines) {
        line = load->line[((uint64_t) talk->next * load->talks + talk->id)
                          % load->lines];
    }

    tab = strchr(line, '\t');

    if (tab) {
        len = tab - line;

        return snprintf(p, LOAD_REQUEST, "GET %.*s HTTP/1.1\r\nHost: bench\r\n"
                        "Cookie: chat_visitor=%s\r\n\r\n", len, line,
                        tab + 1);
    }

    return snprintf(p, LOAD_REQUEST, "GET %s HTTP/1.1\r\nHost: bench\r\n"
                    "%s\r\n", line, load->operator);
}
