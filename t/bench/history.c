
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A state directory with a long history, and lists of requests for it.
 *
 *     history -d directory -m messages
 *
 * Most conversations have some 20 messages, and 50 go on at any time; the
 * first one has a hundredth of all messages and never ends.  A visitor has
 * two conversations or more within some time, so that all that is asked for,
 * but the first conversation, is alike however many messages there are.  The
 * rows come through the store's own statements, as one transaction that
 * nothing syncs: the file is worth nothing until the program has ended.
 *
 * A list is a file NOUN.list; a line of it an address, and after a tab the
 * value of the visitor's cookie, if it is a visitor who asks.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <stdio.h>
#include <stdlib.h>

#include "domain/conversation.h"
#include "domain/event.h"
#include "domain/operator.h"
#include "history/history.h"
#include "store/schema.h"


#define HISTORY_PASSWORD   "a password of the benchmark"
#define HISTORY_OPERATORS  20
#define HISTORY_RECENT     200          /* visitors who may come back */
#define HISTORY_LENGTH     39           /* the longest, but for the first */
#define HISTORY_STEP       250          /* ms from one message to the next */


static const char  *history_words[] = {
    "I", "ordered", "the", "blue", "one", "on", "Monday", "and", "got", "a",
    "red", "can", "you", "send", "it", "back", "please", "parcel", "invoice",
    "address", "delivery", "thank", "where", "is", "my", "tent", "lamp",
    "stove", "size", "colour", "refund", "tomorrow"
};


void
die(const char *what)
{
    fprintf(stderr, "history: %s\n", what);
    exit(1);
}


uint64_t
history_random(history_t *h, uint64_t below)
{
    h->seed ^= h->seed << 13;
    h->seed ^= h->seed >> 7;
    h->seed ^= h->seed << 17;

    return h->seed % below;
}


static void
history_exec(history_t *h, const char *sql)
{
    if (sqlite3_exec(h->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "history: %s: %s\n", sql, sqlite3_errmsg(h->db));
        exit(1);
    }
}


static void
history_step(history_t *h, sqlite3_stmt *stmt)
{
    if (sqlite3_step(stmt) != SQLITE_DONE) {
        die(sqlite3_errmsg(h->db));
    }

    sqlite3_reset(stmt);
}


static void
history_text(sqlite3_stmt *stmt, int n, const char *text)
{
    sqlite3_bind_text(stmt, n, text, -1, SQLITE_TRANSIENT);
}


static void
history_open(history_t *h)
{
    int                    rc, i;
    char                   path[600];
    ngx_chat_migration_t  *m;

    snprintf(path, sizeof(path), "%s/chat.key", h->dir);

    if (ngx_chat_auth_init() != NGX_OK
        || ngx_chat_auth_load_key(&h->key, path, &h->log) != NGX_OK)
    {
        die("no key");
    }

    snprintf(path, sizeof(path), "%s/chat.db", h->dir);

    if (sqlite3_open(path, &h->db) != SQLITE_OK) {
        die(path);
    }

    history_exec(h, "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF;"
                    "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;"
                    "PRAGMA locking_mode = EXCLUSIVE");

    for (m = ngx_chat_migrations; m->version; m++) {
        history_exec(h, m->ddl);
    }

    for (i = NGX_CHAT_SQL_CURSOR; i < NGX_CHAT_SQL_MAX; i++) {
        rc = sqlite3_prepare_v2(h->db, ngx_chat_sql_texts[i], -1, &h->sql[i],
                                NULL);
        if (rc != SQLITE_OK) {
            die(ngx_chat_sql_texts[i]);
        }
    }

    history_exec(h, "BEGIN");
}


static void
history_operators(history_t *h)
{
    int            i;
    char           text[64];
    u_char         hash[NGX_CHAT_PASSWORD_HASH_LEN];
    sqlite3_stmt  *s;

    static ngx_str_t  password = ngx_string(HISTORY_PASSWORD);

    if (ngx_chat_auth_password_hash(&password, hash) != NGX_OK) {
        die("no password");
    }

    s = h->sql[NGX_CHAT_SQL_OPERATOR_ADD];

    for (i = 0; i < HISTORY_OPERATORS; i++) {
        snprintf(text, sizeof(text), "bench%d", i);

        history_text(s, 1, i ? text : "bench");
        history_text(s, 2, i ? text : "Bench");
        history_text(s, 3, (char *) hash);
        sqlite3_bind_int64(s, 4, NGX_CHAT_ROLE_ADMIN);
        sqlite3_bind_int64(s, 5, NGX_CHAT_STATUS_ONLINE);
        sqlite3_bind_int64(s, 6, 0);
        sqlite3_bind_int64(s, 7, h->at);
        history_step(h, s);
    }
}


static int64_t
history_new_visitor(history_t *h)
{
    u_char              uid[NGX_CHAT_UID_LEN];
    sqlite3_stmt       *s;
    history_visitor_t  *v;

    static ngx_str_t  site = ngx_string("default");

    v = &h->visitor[h->visitors];

    ngx_chat_auth_visitor_new(&h->key, &site, uid, v->token);
    v->before = h->conversations;

    s = h->sql[NGX_CHAT_SQL_VISITOR_ADD];

    sqlite3_bind_blob(s, 1, uid, sizeof(uid), SQLITE_TRANSIENT);
    sqlite3_bind_int64(s, 2, ngx_chat_auth_visitor_topic(uid));
    history_text(s, 3, "");
    history_text(s, 4, "en");
    sqlite3_bind_int64(s, 5, h->at);
    history_step(h, s);

    return h->visitors++;
}


/* six of eight are of somebody who has been here, not long ago */

static int64_t
history_begin(history_t *h)
{
    int64_t                  v;
    history_conversation_t  *c;

    v = h->visitors - 1
        - (int64_t) history_random(h, HISTORY_RECENT);

    if (v < 0 || h->visitor[v].talks || history_random(h, 8) < 2) {
        v = history_new_visitor(h);
    }

    h->visitor[v].talks = 1;
    h->visitor[v].conversation = h->conversations;

    c = &h->conversation[h->conversations];
    c->visitor = v + 1;
    c->operator = 1 + history_random(h, HISTORY_OPERATORS);
    c->left = 1 + history_random(h, HISTORY_LENGTH);

    return h->conversations++;
}


/* what an event says depends on its id only */

static void
history_say(int64_t id, char *text, size_t size)
{
    size_t    n, words;
    uint64_t  r;

    r = (uint64_t) id * 0x9e3779b97f4a7c15ULL;
    words = 4 + (r >> 33) % 24;

    for (n = 0; words && n + 16 < size; words--) {
        r = r * 6364136223846793005ULL + 1442695040888963407ULL;
        n += snprintf(text + n, size - n, "%s ", history_words[r >> 59]);
    }

    text[n - 1] = '\0';
}


static void
history_message(history_t *h, history_conversation_t *c, int64_t id)
{
    int            visitor;
    char           text[512], client[40];
    sqlite3_stmt  *s;

    visitor = c->number++ % 2 == 0;

    history_say(id, text, sizeof(text));
    snprintf(client, sizeof(client), "%016llx%016llx",
             (unsigned long long) history_random(h, UINT64_MAX),
             (unsigned long long) history_random(h, UINT64_MAX));

    s = h->sql[NGX_CHAT_SQL_EVENT_ADD];

    sqlite3_bind_int64(s, 1, NGX_CHAT_EVENT_MESSAGE);
    sqlite3_bind_int64(s, 2, c - h->conversation + 1);
    sqlite3_bind_int64(s, 3, h->at + id * HISTORY_STEP);
    sqlite3_bind_int64(s, 4, visitor ? NGX_CHAT_AUTHOR_VISITOR
                                     : NGX_CHAT_AUTHOR_OPERATOR);
    sqlite3_bind_int64(s, 5, visitor ? c->visitor : c->operator);
    history_text(s, 6, client);
    history_text(s, 7, text);
    sqlite3_bind_int64(s, 8, 0);
    history_step(h, s);

    if (c->first == 0) {
        c->first = id;
    }

    c->last = id;
}


/* in the order of the messages, which is that of time */

static void
history_fill(history_t *h)
{
    int64_t                  id;
    uint64_t                 n;
    history_conversation_t  *c;

    (void) history_begin(h);

    h->conversation[0].left = UINT_MAX;

    for (n = 0; n < HISTORY_OPEN; n++) {
        h->open[n] = history_begin(h);
    }

    for (id = 1; id <= h->messages; id++) {

        if (id % HISTORY_LONG == 0) {
            history_message(h, &h->conversation[0], id);
            continue;
        }

        n = history_random(h, HISTORY_OPEN);
        c = &h->conversation[h->open[n]];

        history_message(h, c, id);

        if (--c->left == 0) {
            h->visitor[c->visitor - 1].talks = 0;
            h->open[n] = history_begin(h);
        }
    }
}


static void
history_store(history_t *h, history_conversation_t *c)
{
    int            i;
    int64_t        state, first, last;
    char           text[512];
    sqlite3_stmt  *s;

    state = c->left == 0 ? NGX_CHAT_CONVERSATION_CLOSED
          : c->number > 1 ? NGX_CHAT_CONVERSATION_ACTIVE
                          : NGX_CHAT_CONVERSATION_WAITING;

    first = h->at + c->first * HISTORY_STEP;
    last = h->at + c->last * HISTORY_STEP;

    history_say(c->last, text, sizeof(text));

    s = h->sql[NGX_CHAT_SQL_CONVERSATION_ADD];

    sqlite3_bind_int64(s, 1, state);
    sqlite3_bind_int64(s, 2, c->visitor);

    if (state == NGX_CHAT_CONVERSATION_WAITING) {
        sqlite3_bind_null(s, 3);

    } else {
        sqlite3_bind_int64(s, 3, c->operator);
    }

    sqlite3_bind_int64(s, 4, first);
    sqlite3_bind_int64(s, 5, c->left ? 0 : last);
    sqlite3_bind_int64(s, 6, last);

    /* newest event, and what each side has read: all */

    for (i = 7; i <= 9; i++) {
        sqlite3_bind_int64(s, i, c->last);
    }

    sqlite3_bind_int64(s, 10, 0);
    sqlite3_bind_int64(s, 11, 0);
    history_text(s, 12, text);
    sqlite3_bind_int64(s, 13, last);
    sqlite3_bind_int64(s, 14, c->number % 2 ? NGX_CHAT_AUTHOR_VISITOR
                                            : NGX_CHAT_AUTHOR_OPERATOR);
    history_text(s, 15, "https://shop.example/tents/");
    history_text(s, 16, "Tents");
    history_text(s, 17, "en");
    history_step(h, s);
}


int
main(int argc, char **argv)
{
    int               option;
    int64_t           i;
    static history_t  h;

    h.messages = 10000;
    h.dir = ".";
    h.seed = 88172645463325252ULL;
    h.at = 1760000000000;
    h.log.log_level = NGX_LOG_CRIT;

    while ((option = getopt(argc, argv, "d:m:")) != -1) {

        switch (option) {

        case 'd': h.dir = optarg;              break;
        case 'm': h.messages = atoll(optarg);  break;

        default:
            return 2;
        }
    }

    /* a conversation may have one message only */

    h.conversation = calloc(h.messages + HISTORY_OPEN + 2,
                            sizeof(history_conversation_t));
    h.visitor = calloc(h.messages + HISTORY_OPEN + 2,
                       sizeof(history_visitor_t));

    if (h.messages < 5000 || h.conversation == NULL || h.visitor == NULL) {
        die("too few messages, or too little memory");
    }

    history_open(&h);
    history_operators(&h);
    history_fill(&h);

    for (i = 0; i < h.conversations; i++) {
        history_store(&h, &h.conversation[i]);
    }

    /* those that were about to begin; ids are places, so they had rows */

    history_exec(&h, "DELETE FROM conversation WHERE last_event = 0; COMMIT");
    history_exec(&h, "PRAGMA locking_mode = NORMAL");
    history_exec(&h, "PRAGMA journal_mode = WAL");

    list_write_all(&h);

    for (i = 0; i < NGX_CHAT_SQL_MAX; i++) {
        sqlite3_finalize(h.sql[i]);
    }

    sqlite3_close(h.db);

    printf("%lld messages, %lld conversations, %lld visitors\n",
           (long long) h.messages, (long long) h.conversations,
           (long long) h.visitors);

    return 0;
}
