
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Migrations, and every statement against a fresh schema: prepared, its
 * parameters in order, its plan by an index.
 */


#include "fixture.h"
#include "store/schema.h"
#include "store/sqlite.h"


typedef struct {
    ngx_chat_db_t      db;
    ngx_chat_fault_t   fault;
    char               path[300];
} schema_t;


static void
schema_open(schema_t *s, ngx_log_t *log, const char *name)
{
    memset(s, 0, sizeof(schema_t));

    snprintf(s->path, sizeof(s->path), "%s/%s.db", unit_dir(), name);

    ngx_chat_fault_init(&s->fault, "writes", log);

    s->db.path = (u_char *) s->path;
    s->db.log = log;
    s->db.fault = &s->fault;
    s->db.writer = 1;

    if (ngx_chat_sqlite_open(&s->db) != NGX_OK) {
        abort();
    }
}


static void
schema_close(schema_t *s)
{
    ngx_chat_sqlite_close(&s->db);
    ngx_chat_fault_destroy(&s->fault);
}


static int64_t
schema_value(schema_t *s, const char *sql)
{
    int64_t  value = -1;

    ngx_chat_sqlite_value(&s->db, sql, &value);

    return value;
}


UNIT_TEST(from_nothing_to_the_newest)
{
    schema_t  s;

    schema_open(&s, log, "fresh");

    is_int(ngx_chat_schema_check(&s.db), NGX_DECLINED, "no schema yet");
    is_int(ngx_chat_schema_migrate(&s.db, ngx_chat_migrations), NGX_OK,
           "migrated");
    is_int(schema_value(&s, "PRAGMA user_version"),
           ngx_chat_schema_newest(ngx_chat_migrations), "version");
    is_int(schema_value(&s, "PRAGMA application_id"),
           NGX_CHAT_APPLICATION_ID, "application");
    is_int(ngx_chat_schema_check(&s.db), NGX_OK, "checked");
    is_int(ngx_chat_schema_migrate(&s.db, ngx_chat_migrations), NGX_OK,
           "again, nothing to do");

    schema_close(&s);
    schema_open(&s, log, "fresh");

    is_int(ngx_chat_schema_migrate(&s.db, ngx_chat_migrations), NGX_OK,
           "and after opening anew");
    is_int(unit_logged(NGX_LOG_WARN), 0, "nothing was logged");

    schema_close(&s);
}


UNIT_TEST(each_migration_writes_its_number)
{
    schema_t               s;
    ngx_chat_migration_t  *m, one[2];

    memset(one, 0, sizeof(one));

    schema_open(&s, log, "numbers");

    for (m = ngx_chat_migrations; m->version; m++) {
        one[0] = *m;

        is_int(m->version, m - ngx_chat_migrations + 1, "place");
        is_int(ngx_chat_schema_migrate(&s.db, one), NGX_OK, "runs");
        is_int(schema_value(&s, "PRAGMA user_version"), m->version, "number");
    }

    schema_close(&s);
}


UNIT_TEST(a_newer_file_is_refused)
{
    char      says[64];
    schema_t  s;

    schema_open(&s, log, "newer");

    ngx_chat_schema_migrate(&s.db, ngx_chat_migrations);
    ngx_chat_sqlite_exec(&s.db, "PRAGMA user_version = 700");

    snprintf(says, sizeof(says), "has schema 700, this module knows %u: ",
             (unsigned) ngx_chat_schema_newest(ngx_chat_migrations));

    is_int(ngx_chat_schema_migrate(&s.db, ngx_chat_migrations), NGX_DECLINED,
           "refused");
    ok(strstr(unit_last_log(), says),
       "the log says why: %s", unit_last_log());
    is_int(unit_logged(NGX_LOG_CRIT), 1, "once");

    ngx_chat_schema_migrate(&s.db, ngx_chat_migrations);

    is_int(unit_logged(NGX_LOG_CRIT), 1, "and only once");
    is_int(schema_value(&s, "PRAGMA user_version"), 700,
           "left alone");
    is_int(ngx_chat_schema_check(&s.db), NGX_DECLINED, "readers, too");

    schema_close(&s);
}


UNIT_TEST(somebody_elses_file_is_refused)
{
    schema_t  s;

    schema_open(&s, log, "foreign");

    ngx_chat_sqlite_exec(&s.db, "CREATE TABLE mine (id INTEGER)");

    is_int(ngx_chat_schema_migrate(&s.db, ngx_chat_migrations), NGX_DECLINED,
           "a file with tables and no number");
    ok(strstr(unit_last_log(), "is not a database of this module"),
       "the log says why: %s", unit_last_log());

    ngx_chat_sqlite_exec(&s.db, "PRAGMA application_id = 5");

    is_int(ngx_chat_schema_migrate(&s.db, ngx_chat_migrations), NGX_DECLINED,
           "another application's number");
    is_int(schema_value(&s, "SELECT count(*) FROM sqlite_master"), 1,
           "nothing was added");

    schema_close(&s);
}


UNIT_TEST(a_migration_is_one_transaction)
{
    schema_t              s;
    ngx_chat_migration_t  broken[] = {
        { 1, "CREATE TABLE one (id INTEGER); PRAGMA user_version = 1" },
        { 2, "CREATE TABLE two (id INTEGER); PRAGMA user_version = 2;"
             "CREATE TABLE one (id INTEGER)" },
        { 3, "CREATE TABLE three (id INTEGER); PRAGMA user_version = 3" },
        { 0, NULL }
    };

    schema_open(&s, log, "broken");

    is_int(ngx_chat_schema_migrate(&s.db, broken), NGX_ERROR, "fails");
    is_int(schema_value(&s, "PRAGMA user_version"), 1, "the first one stands");
    is_int(schema_value(&s, "SELECT count(*) FROM sqlite_master"
                            " WHERE name = 'one'"), 1, "with its table");
    is_int(schema_value(&s, "SELECT count(*) FROM sqlite_master"
                            " WHERE name = 'two'"), 0,
           "nothing of the second");
    is_int(ngx_chat_sqlite_in_transaction(&s.db), 0, "no transaction is open");

    schema_close(&s);
}


UNIT_TEST(every_statement_is_prepared)
{
    schema_t     s;
    char         name[16];
    int          n;
    ngx_uint_t   i;

    schema_open(&s, log, "statements");

    ngx_chat_schema_migrate(&s.db, ngx_chat_migrations);

    if (!is_int(ngx_chat_sqlite_prepare(&s.db), NGX_OK, "prepared")) {
        schema_close(&s);
        return;
    }

    for (i = 0; i < NGX_CHAT_SQL_MAX; i++) {

        for (n = 1; n <= sqlite3_bind_parameter_count(s.db.statements[i]);
             n++)
        {
            snprintf(name, sizeof(name), "$%d", n);

            if (strcmp(sqlite3_bind_parameter_name(s.db.statements[i], n),
                       name)
                != 0)
            {
                ok(0, "parameter %d of \"%s\"", n, ngx_chat_sql_texts[i]);
            }
        }
    }

    schema_close(&s);
}


/* those of a few rows, or of few calls, by the admin */

static ngx_uint_t
schema_may_scan(ngx_uint_t sql)
{
    return sql == NGX_CHAT_SQL_OPERATORS
           || sql == NGX_CHAT_SQL_OPERATOR_COUNT
           || sql == NGX_CHAT_SQL_OPERATOR_ANY;
}


/*
 * Those that sort what is a few pages already: a page of each state, a page
 * of each of a visitor's conversations.
 */

static ngx_uint_t
schema_may_sort(ngx_uint_t sql)
{
    return sql == NGX_CHAT_SQL_CONVERSATIONS
           || sql == NGX_CHAT_SQL_CONVERSATIONS_OF_OPERATOR
           || sql == NGX_CHAT_SQL_VISITOR_EVENTS_AFTER
           || sql == NGX_CHAT_SQL_VISITOR_EVENTS_BEFORE;
}


/* how many tables it walks, and how often it sorts without a bound */

static ngx_uint_t
schema_plan(schema_t *s, ngx_uint_t sql, ngx_log_t *log)
{
    char           text[4096];
    const char    *detail;
    ngx_uint_t     scans;
    sqlite3_stmt  *stmt;

    snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s",
             ngx_chat_sql_texts[sql]);

    if (sqlite3_prepare_v2(s->db.handle, text, -1, &stmt, NULL)
        != SQLITE_OK)
    {
        return 1;
    }

    scans = 0;

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        detail = (const char *) sqlite3_column_text(stmt, 3);

        /* of a subquery that is a page already: s1, s2, s3 */

        if ((strncmp(detail, "SCAN ", 5) == 0
             && !(detail[5] == 's' && strlen(detail) == 7))
            || (strncmp(detail, "USE TEMP B-TREE", 15) == 0
                && !schema_may_sort(sql)))
        {
            printf("# %s: %s\n", detail, ngx_chat_sql_texts[sql]);
            scans++;
        }
    }

    sqlite3_finalize(stmt);

    return scans;
}


/* which index the hot ones walk */

static struct {
    ngx_chat_sql_e   sql;
    const char      *plan;
} schema_plans[] = {
    { NGX_CHAT_SQL_VISITOR_BY_UID, "sqlite_autoindex_visitor_1 (uid=?)" },
    { NGX_CHAT_SQL_VISITOR_CONVERSATION, "conversation_visitor (visitor=?)" },
    { NGX_CHAT_SQL_CONVERSATIONS,
      "conversation_state (state=? AND last_event<?)" },
    { NGX_CHAT_SQL_CONVERSATIONS_OF_OPERATOR,
      "conversation_operator (operator=? AND state=? AND last_event<?)" },
    { NGX_CHAT_SQL_UNREAD, "event_conversation (conversation=? AND rowid>?)" },
    { NGX_CHAT_SQL_EVENT_BY_CLIENT_ID,
      "event_client_id (author=? AND author_id=? AND client_id=?)" },
    { NGX_CHAT_SQL_EVENTS_AFTER, "SEARCH e USING INTEGER PRIMARY KEY" },
    { NGX_CHAT_SQL_CONVERSATION_EVENTS_AFTER,
      "event_conversation (conversation=? AND rowid>?)" },
    { NGX_CHAT_SQL_CONVERSATION_EVENTS_BEFORE,
      "event_conversation (conversation=? AND rowid<?)" },
    { NGX_CHAT_SQL_VISITOR_EVENTS_AFTER,
      "event_conversation (conversation=? AND rowid>?)" },
    { NGX_CHAT_SQL_VISITOR_EVENTS_BEFORE,
      "event_conversation (conversation=? AND rowid<?)" },
    { NGX_CHAT_SQL_SESSION, "PRIMARY KEY (hash=?)" },
    { NGX_CHAT_SQL_MAX, NULL }
};


static ngx_uint_t
schema_walks(schema_t *s, ngx_uint_t sql, const char *plan)
{
    char           text[4096];
    const char    *detail;
    ngx_uint_t     found;
    sqlite3_stmt  *stmt;

    snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s",
             ngx_chat_sql_texts[sql]);

    if (sqlite3_prepare_v2(s->db.handle, text, -1, &stmt, NULL)
        != SQLITE_OK)
    {
        return 0;
    }

    found = 0;

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        detail = (const char *) sqlite3_column_text(stmt, 3);
        found |= strstr(detail, plan) != NULL;
    }

    sqlite3_finalize(stmt);

    return found;
}


static const char  schema_rows[] =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
    " WHERE i < 50) INSERT INTO operator (login, name, password, role,"
    " status, disabled, created_at) SELECT i, i, '', 1, 0, 0, 0 FROM n;"
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
    " WHERE i < 2000) INSERT INTO visitor (uid, topic, name, locale,"
    " created_at) SELECT i, i, '', '', 0 FROM n;"
    "INSERT INTO conversation (state, visitor, operator, opened_at,"
    " closed_at, updated_at, last_event, visitor_read, operator_read,"
    " visitor_unread, operator_unread, last_text, last_text_at,"
    " last_text_by, page_url, page_title, locale)"
    " SELECT 3, id, 1, 0, 0, 0, id * 5, 0, 0, 0, 0, '', 0, 0, '', '', ''"
    " FROM visitor;"
    "INSERT INTO event (type, conversation, at, author, author_id,"
    " client_id, text, value) SELECT 1, c.id, 0, 1, c.visitor,"
    " c.id || '-' || v.id, 'text', 0 FROM conversation c"
    " JOIN visitor v ON v.id <= 5;"
    "ANALYZE;";


UNIT_TEST(no_statement_walks_or_sorts_a_table)
{
    schema_t    s;
    ngx_uint_t  i, scans, round;

    schema_open(&s, log, "plans");

    ngx_chat_schema_migrate(&s.db, ngx_chat_migrations);

    /* empty, then with rows that the planner has counted */

    for (round = 0; round < 2; round++) {

        scans = 0;

        for (i = NGX_CHAT_SQL_CURSOR; i < NGX_CHAT_SQL_MAX; i++) {
            if (!schema_may_scan(i)) {
                scans += schema_plan(&s, i, log);
            }
        }

        is_int(scans, 0, round ? "with statistics" : "without rows");

        for (i = 0; schema_plans[i].plan; i++) {
            ok(schema_walks(&s, schema_plans[i].sql, schema_plans[i].plan),
               "%s", schema_plans[i].plan);
        }

        if (round == 0) {
            is_int(ngx_chat_sqlite_exec(&s.db, schema_rows), NGX_OK, "rows");
        }
    }

    schema_close(&s);
}


UNIT_TEST(what_the_file_is_like)
{
    schema_t     s;
    struct stat  sb;

    schema_open(&s, log, "settings");

    is_int(schema_value(&s, "PRAGMA foreign_keys"), 0, "not at each one");
    is_int(schema_value(&s, "PRAGMA synchronous"), 1, "NORMAL on demand");
    is_int(schema_value(&s, "SELECT count(*) FROM pragma_journal_mode"
                            " WHERE journal_mode = 'wal'"), 1, "WAL");
    is_int(schema_value(&s, "PRAGMA mmap_size"), 0, "no mapping");
    is_int(schema_value(&s, "PRAGMA wal_autocheckpoint"), 0,
           "no checkpoint in a commit");

    stat(s.path, &sb);
    is_int(sb.st_mode & 0777, 0600, "mode");

    schema_close(&s);

    s.db.full = 1;
    s.db.handle = NULL;
    ngx_chat_fault_init(&s.fault, "writes", log);
    ngx_chat_sqlite_open(&s.db);

    is_int(schema_value(&s, "PRAGMA synchronous"), 2, "FULL by default");

    schema_close(&s);
}
