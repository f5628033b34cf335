
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What is asked for, each kind in a list of its own.
 */


#include <stdio.h>

#include "history/history.h"


#define LIST_API    "/chat/api/v1"
#define LIST_LINES  2000


typedef struct {
    const char   *name;
    void        (*line)(history_t *h, FILE *file);
} list_t;


static history_visitor_t *
list_any_visitor(history_t *h)
{
    history_visitor_t  *v;

    do {
        v = &h->visitor[1 + history_random(h, h->visitors - 1)];
    } while (h->conversation[v->conversation].number == 0
             || h->conversation[v->before].number == 0);

    return v;
}


static void
list_newest(history_t *h, FILE *file)
{
    int64_t  c;

    do {
        c = history_random(h, h->conversations);
    } while (h->conversation[c].number == 0);

    fprintf(file, LIST_API "/operator/conversations/%lld/events\n",
            (long long) c + 1);
}


static void
list_long_newest(history_t *h, FILE *file)
{
    fprintf(file, LIST_API "/operator/conversations/1/events\n");
}


static void
list_long_oldest(history_t *h, FILE *file)
{
    fprintf(file, LIST_API "/operator/conversations/1/events?before=%llu\n",
            (unsigned long long) (50 + history_random(h, 20)) * HISTORY_LONG);
}


static void
list_visitor_newest(history_t *h, FILE *file)
{
    fprintf(file, LIST_API "/visitor/history\t%.*s\n",
            NGX_CHAT_VISITOR_TOKEN_LEN, list_any_visitor(h)->token);
}


static void
list_visitor_oldest(history_t *h, FILE *file)
{
    history_visitor_t  *v;

    v = list_any_visitor(h);

    fprintf(file, LIST_API "/visitor/history?before=%lld\t%.*s\n",
            (long long) h->conversation[v->before].last + 1,
            NGX_CHAT_VISITOR_TOKEN_LEN, v->token);
}


/* who was away for the whole of the last conversation */

static void
list_visitor_missed(history_t *h, FILE *file)
{
    history_visitor_t  *v;

    v = list_any_visitor(h);

    fprintf(file, LIST_API "/visitor/events?wait=0&after=%lld\t%.*s\n",
            (long long) h->conversation[v->conversation].first - 1,
            NGX_CHAT_VISITOR_TOKEN_LEN, v->token);
}


/* an operator who was away: from anywhere on */

static void
list_inbox_missed(history_t *h, FILE *file)
{
    fprintf(file, LIST_API "/operator/events?wait=0&after=%llu\n",
            (unsigned long long) history_random(h, h->messages - 200));
}


static void
list_conversations(history_t *h, FILE *file)
{
    static const char  *of[] = {
        "state=open", "state=closed", "state=all", "state=all&mine=1"
    };

    fprintf(file, LIST_API "/operator/conversations?%s", of[
                                                  history_random(h, 4)]);

    if (history_random(h, 2)) {
        fprintf(file, "&before=%llu",
                (unsigned long long) (h->messages
                                      - history_random(h, h->messages / 2)));
    }

    fprintf(file, "\n");
}


static list_t  list_all[] = {
    { "newest", list_newest },
    { "long-newest", list_long_newest },
    { "long-oldest", list_long_oldest },
    { "visitor-newest", list_visitor_newest },
    { "visitor-oldest", list_visitor_oldest },
    { "visitor-missed", list_visitor_missed },
    { "inbox-missed", list_inbox_missed },
    { "conversations", list_conversations },
    { NULL, NULL }
};


void
list_write_all(history_t *h)
{
    int              n;
    char             path[600];
    FILE            *file;
    list_t  *list;

    for (list = list_all; list->name; list++) {
        snprintf(path, sizeof(path), "%s/%s.list", h->dir, list->name);

        file = fopen(path, "w");
        if (file == NULL) {
            die(path);
        }

        for (n = 0; n < LIST_LINES; n++) {
            list->line(h, file);
        }

        if (fclose(file) != 0) {
            die(path);
        }
    }
}
