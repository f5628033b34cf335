
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
 * rows come by the store's own functions, as one transaction that nothing
 * syncs: the file is worth nothing until the program has ended.
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
#include "domain/visitor.h"
#include "history/history.h"
#include "store/db.h"
#include "store/schema.h"


#define HISTORY_PASSWORD   "a password of the benchmark"
#define HISTORY_OPERATORS  20
#define HISTORY_RECENT     200          /* visitors who may come back */
#define HISTORY_LENGTH     39           /* the longest, but for the first */
#define HISTORY_STEP       250          /* ms from one message to the next */
#define HISTORY_BATCH      1000         /* messages, until they are forgotten */


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
history_done(history_t *h, ngx_int_t rc)
{
    if (rc != NGX_OK) {
        die(sqlite3_errmsg(h->db.handle));
    }
}


static void
history_exec(history_t *h, const char *sql)
{
    history_done(h, ngx_chat_sqlite_exec(&h->db, sql));
}


static ngx_str_t
history_text(const char *text)
{
    ngx_str_t  s;

    s.data = (u_char *) text;
    s.len = strlen(text);

    return s;
}


static void
history_open(history_t *h)
{
    ngx_chat_migration_t  *m;

    static char  path[600];             /* the connection keeps it */

    snprintf(path, sizeof(path), "%s/chat.key", h->dir);

    if (ngx_chat_auth_init() != NGX_OK
        || ngx_chat_auth_load_key(&h->key, path, &h->log) != NGX_OK)
    {
        die("no key");
    }

    snprintf(path, sizeof(path), "%s/chat.db", h->dir);

    h->db.path = (u_char *) path;
    h->db.log = &h->log;
    h->db.fault = &h->fault;

    /* not the store's own way to open one: nothing is synced here */

    if (sqlite3_open(path, &h->db.handle) != SQLITE_OK) {
        die(path);
    }

    history_exec(h, "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF;"
                    "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;"
                    "PRAGMA locking_mode = EXCLUSIVE");

    for (m = ngx_chat_migrations; m->version; m++) {
        history_exec(h, m->ddl);
    }

    history_done(h, ngx_chat_sqlite_prepare(&h->db));
    history_exec(h, "BEGIN");
}


static void
history_operators(history_t *h)
{
    int                  i;
    char                 text[64];
    u_char               hash[NGX_CHAT_PASSWORD_HASH_LEN];
    ngx_chat_operator_t  op;

    static ngx_str_t  password = ngx_string(HISTORY_PASSWORD);

    if (ngx_chat_auth_password_hash(&password, hash) != NGX_OK) {
        die("no password");
    }

    ngx_memzero(&op, sizeof(op));

    op.password = history_text((char *) hash);
    op.role = NGX_CHAT_ROLE_ADMIN;
    op.status = NGX_CHAT_STATUS_ONLINE;
    op.created_at = h->at;

    for (i = 0; i < HISTORY_OPERATORS; i++) {
        snprintf(text, sizeof(text), "bench%d", i);

        op.login = history_text(i ? text : "bench");
        op.name = history_text(i ? text : "Bench");

        history_done(h, ngx_chat_db_operator_add(&h->db, &op));
    }
}


static int64_t
history_new_visitor(history_t *h)
{
    u_char               uid[NGX_CHAT_UID_LEN];
    history_visitor_t   *v;
    ngx_chat_visitor_t   visitor;

    static ngx_str_t  site = ngx_string("default");

    v = &h->visitor[h->visitors];

    ngx_chat_auth_visitor_new(&h->key, &site, uid, v->token);
    v->before = h->conversations;

    ngx_memzero(&visitor, sizeof(visitor));

    visitor.uid.data = uid;
    visitor.uid.len = sizeof(uid);
    visitor.topic = ngx_chat_auth_visitor_topic(uid);
    visitor.locale = history_text("en");
    visitor.created_at = h->at;

    history_done(h, ngx_chat_db_visitor_add(&h->db, &visitor));

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


/* what an event is rendered into, as for those who wait, is thrown away */

static void
history_forget(history_t *h)
{
    if (h->db.pool) {
        ngx_destroy_pool(h->db.pool);
    }

    h->db.pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, &h->log);

    if (h->db.pool == NULL
        || ngx_array_init(&h->db.records, h->db.pool, HISTORY_BATCH,
                          sizeof(ngx_chat_record_t))
           != NGX_OK)
    {
        die("no memory");
    }
}


static void
history_message(history_t *h, history_conversation_t *c, int64_t id)
{
    char              text[512], client[40];
    ngx_uint_t        visitor;
    ngx_chat_event_t  event;

    visitor = c->number++ % 2 == 0;

    history_say(id, text, sizeof(text));
    snprintf(client, sizeof(client), "%016llx%016llx",
             (unsigned long long) history_random(h, UINT64_MAX),
             (unsigned long long) history_random(h, UINT64_MAX));

    ngx_memzero(&event, sizeof(event));

    event.type = NGX_CHAT_EVENT_MESSAGE;
    event.conversation = c - h->conversation + 1;
    event.at = h->at + id * HISTORY_STEP;
    event.author = visitor ? NGX_CHAT_AUTHOR_VISITOR
                           : NGX_CHAT_AUTHOR_OPERATOR;
    event.author_id = visitor ? c->visitor : c->operator;
    event.client_id = history_text(client);
    event.text = history_text(text);

    if (id % HISTORY_BATCH == 1) {
        history_forget(h);
    }

    history_done(h, ngx_chat_db_event_add(&h->db, &event));

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
    char                     text[512];
    int64_t                  last;
    ngx_chat_conversation_t  row;

    last = h->at + c->last * HISTORY_STEP;

    history_say(c->last, text, sizeof(text));

    ngx_memzero(&row, sizeof(row));

    row.state = c->left == 0 ? NGX_CHAT_CONVERSATION_CLOSED
              : c->number > 1 ? NGX_CHAT_CONVERSATION_ACTIVE
                              : NGX_CHAT_CONVERSATION_WAITING;

    if (row.state != NGX_CHAT_CONVERSATION_WAITING) {
        row.operator = c->operator;
    }

    row.visitor = c->visitor;
    row.opened_at = h->at + c->first * HISTORY_STEP;
    row.closed_at = c->left ? 0 : last;
    row.updated_at = last;

    /* newest event, and what each side has read: all */

    row.last_event = c->last;
    row.visitor_read = c->last;
    row.operator_read = c->last;

    row.last_text = history_text(text);
    row.last_text_at = last;
    row.last_text_by = c->number % 2 ? NGX_CHAT_AUTHOR_VISITOR
                                     : NGX_CHAT_AUTHOR_OPERATOR;
    row.page_url = history_text("https://shop.example/tents/");
    row.page_title = history_text("Tents");
    row.locale = history_text("en");

    history_done(h, ngx_chat_db_conversation_add(&h->db, &row));
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

    ngx_chat_sqlite_close(&h.db);

    printf("%lld messages, %lld conversations, %lld visitors\n",
           (long long) h.messages, (long long) h.conversations,
           (long long) h.visitors);

    return 0;
}
