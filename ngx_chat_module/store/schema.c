
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The only DDL.  Migrations are numbered by their place and immutable once
 * released: a change of the schema is a new one at the end.  Each runs in one
 * transaction together with its number (user_version), by whoever opens the
 * database first, under the lock.
 *
 * What the first one decides:
 *
 * AUTOINCREMENT, so that an id never stands for two things, and ids of events
 * have no gaps: an undone insert gives its number back.
 *
 * event_client_id makes sending idempotent.  The indexes of conversations
 * are those of the lists, by key, newest activity first; a visitor has few
 * conversations and needs the bare column only.  An index over (x) holds the
 * id as its last column.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/schema.h"


static ngx_int_t ngx_chat_schema_refuse(ngx_chat_db_t *db, int64_t version,
    ngx_uint_t newest);
static ngx_int_t ngx_chat_schema_step(ngx_chat_db_t *db, const char *ddl);


/* "chat" in the file's header: NGX_CHAT_APPLICATION_ID */

static const char  ngx_chat_schema_1[] =

    "PRAGMA application_id = 1667785076;"

    "CREATE TABLE visitor ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " uid BLOB NOT NULL UNIQUE,"
    " topic INTEGER NOT NULL,"
    " name TEXT NOT NULL,"
    " locale TEXT NOT NULL,"
    " created_at INTEGER NOT NULL);"

    "CREATE TABLE operator ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " login TEXT NOT NULL UNIQUE,"
    " name TEXT NOT NULL,"
    " password TEXT NOT NULL,"
    " role INTEGER NOT NULL,"
    " status INTEGER NOT NULL,"
    " disabled INTEGER NOT NULL,"
    " created_at INTEGER NOT NULL);"

    "CREATE TABLE session ("
    " hash BLOB NOT NULL PRIMARY KEY,"
    " operator INTEGER NOT NULL REFERENCES operator (id),"
    " created_at INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL) WITHOUT ROWID;"

    "CREATE INDEX session_operator ON session (operator);"
    "CREATE INDEX session_expires ON session (expires_at);"

    "CREATE TABLE conversation ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " state INTEGER NOT NULL,"
    " visitor INTEGER NOT NULL REFERENCES visitor (id),"
    " operator INTEGER REFERENCES operator (id),"
    " opened_at INTEGER NOT NULL,"
    " closed_at INTEGER NOT NULL,"
    " updated_at INTEGER NOT NULL,"
    " last_event INTEGER NOT NULL,"
    " visitor_read INTEGER NOT NULL,"
    " operator_read INTEGER NOT NULL,"
    " visitor_unread INTEGER NOT NULL,"
    " operator_unread INTEGER NOT NULL,"
    " last_text TEXT NOT NULL,"
    " last_text_at INTEGER NOT NULL,"
    " last_text_by INTEGER NOT NULL,"
    " page_url TEXT NOT NULL,"
    " page_title TEXT NOT NULL,"
    " locale TEXT NOT NULL);"

    "CREATE INDEX conversation_state ON conversation (state, last_event);"
    "CREATE INDEX conversation_operator"
    " ON conversation (operator, state, last_event)"
    " WHERE operator IS NOT NULL;"
    "CREATE INDEX conversation_visitor ON conversation (visitor);"

    "CREATE TABLE event ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " type INTEGER NOT NULL,"
    " conversation INTEGER NOT NULL REFERENCES conversation (id),"
    " at INTEGER NOT NULL,"
    " author INTEGER NOT NULL,"
    " author_id INTEGER NOT NULL,"
    " client_id TEXT,"
    " text TEXT NOT NULL,"
    " value INTEGER NOT NULL);"

    "CREATE INDEX event_conversation ON event (conversation);"
    "CREATE UNIQUE INDEX event_client_id"
    " ON event (author, author_id, client_id) WHERE client_id IS NOT NULL;"

    "CREATE VIEW message AS SELECT id, text FROM event WHERE type = 1;"

    "CREATE VIRTUAL TABLE message_text USING fts5 (text,"
    " content='message', content_rowid='id', columnsize=0,"
    " tokenize='unicode61 remove_diacritics 2');"

    "CREATE TABLE audit ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " at INTEGER NOT NULL,"
    " operator INTEGER,"
    " action TEXT NOT NULL,"
    " object INTEGER NOT NULL,"
    " detail TEXT NOT NULL);"

    "CREATE INDEX audit_operator ON audit (operator);"

    "PRAGMA user_version = 1";


/* nothing asked the index, and it cost nearly half of a message's commit */

static const char  ngx_chat_schema_2[] =

    "DROP TABLE message_text;"
    "DROP VIEW message;"

    "PRAGMA user_version = 2";


/*
 * Blocks, whose history stays.  changed numbers all changes, so that whoever
 * keeps them in memory asks for what is new.  A value has at most one block
 * that nobody lifted.  What a blocked visitor writes is there, and is not for
 * operators: their lists walk an index without it.
 */

static const char  ngx_chat_schema_3[] =

    "CREATE TABLE block ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " changed INTEGER NOT NULL UNIQUE,"
    " kind INTEGER NOT NULL,"
    " mode INTEGER NOT NULL,"
    " address BLOB NOT NULL,"
    " length INTEGER NOT NULL,"
    " network TEXT NOT NULL,"
    " visitor INTEGER REFERENCES visitor (id),"
    " conversation INTEGER REFERENCES conversation (id),"
    " reason TEXT NOT NULL,"
    " author INTEGER NOT NULL REFERENCES operator (id),"
    " created_at INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL,"
    " lifted_at INTEGER NOT NULL,"
    " lifted_by INTEGER REFERENCES operator (id));"

    "CREATE UNIQUE INDEX block_address ON block (address, length)"
    " WHERE lifted_at = 0;"
    "CREATE INDEX block_visitor ON block (visitor)"
    " WHERE visitor IS NOT NULL;"

    "ALTER TABLE event ADD COLUMN ghost INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE conversation ADD COLUMN ghost INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE conversation"
    " ADD COLUMN ghost_event INTEGER NOT NULL DEFAULT 0;"

    "DROP INDEX conversation_state;"
    "CREATE INDEX conversation_state ON conversation (state, last_event)"
    " WHERE ghost = 0;"

    "PRAGMA user_version = 3";


/*
 * What the page's script says of a visitor, and what administrators set: one
 * row each, by the name that the module's own tables give it.
 */

static const char  ngx_chat_schema_4[] =

    "ALTER TABLE visitor ADD COLUMN email TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE visitor ADD COLUMN facts TEXT NOT NULL DEFAULT '';"

    "CREATE TABLE setting ("
    " name TEXT NOT NULL PRIMARY KEY,"
    " value TEXT NOT NULL) WITHOUT ROWID;"

    "PRAGMA user_version = 4";


/*
 * Rules of invitations with what became of them, and of a conversation the
 * rule that it came from: 0 none, -1 an operator's hand.
 */

static const char  ngx_chat_schema_5[] =

    "CREATE TABLE trigger ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " position INTEGER NOT NULL,"
    " name TEXT NOT NULL,"
    " enabled INTEGER NOT NULL,"
    " match_any INTEGER NOT NULL,"
    " conditions TEXT NOT NULL,"
    " days INTEGER NOT NULL,"
    " from_minute INTEGER NOT NULL,"
    " to_minute INTEGER NOT NULL,"
    " share INTEGER NOT NULL,"
    " attended INTEGER NOT NULL,"
    " text TEXT NOT NULL,"
    " sender TEXT NOT NULL,"
    " delay INTEGER NOT NULL,"
    " quiet INTEGER NOT NULL,"
    " shown INTEGER NOT NULL,"
    " opened INTEGER NOT NULL,"
    " dismissed INTEGER NOT NULL,"
    " conversations INTEGER NOT NULL,"
    " orders INTEGER NOT NULL,"
    " created_at INTEGER NOT NULL,"
    " updated_at INTEGER NOT NULL,"
    " deleted_at INTEGER NOT NULL);"

    "CREATE INDEX trigger_position ON trigger (position);"

    "ALTER TABLE conversation ADD COLUMN invited INTEGER NOT NULL DEFAULT 0;"

    "PRAGMA user_version = 5";


/*
 * Orders that rules of invitations led to: of each a keyed number, so that it
 * counts once, and what it came to; nobody's name.  And visitors who said no,
 * by their topic, until when.
 */

static const char  ngx_chat_schema_6[] =

    "CREATE TABLE trigger_order ("
    " id INTEGER PRIMARY KEY,"
    " trigger INTEGER NOT NULL REFERENCES trigger (id),"
    " at INTEGER NOT NULL,"
    " amount INTEGER NOT NULL,"
    " currency TEXT NOT NULL);"

    "CREATE INDEX trigger_order_sales"
    " ON trigger_order (trigger, currency, amount);"

    "CREATE TABLE quiet ("
    " topic INTEGER PRIMARY KEY,"
    " until INTEGER NOT NULL);"

    "CREATE INDEX quiet_until ON quiet (until);"

    "PRAGMA user_version = 6";


/*
 * Who the site has proved that a visitor is, and what a form was filled in
 * with: a JSON text, empty where none was.
 */

static const char  ngx_chat_schema_7[] =

    "ALTER TABLE visitor ADD COLUMN user_id TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE visitor ADD COLUMN user_name TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE visitor ADD COLUMN user_email TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE visitor ADD COLUMN form TEXT NOT NULL DEFAULT '';"

    "CREATE INDEX visitor_user ON visitor (user_id) WHERE user_id <> '';"

    "PRAGMA user_version = 7";


/* what a ghost calls itself: only it ever sees that */

static const char  ngx_chat_schema_8[] =

    "ALTER TABLE visitor ADD COLUMN ghost_name TEXT NOT NULL DEFAULT '';"

    "PRAGMA user_version = 8";


ngx_chat_migration_t  ngx_chat_migrations[] = {
    { 1, ngx_chat_schema_1 },
    { 2, ngx_chat_schema_2 },
    { 3, ngx_chat_schema_3 },
    { 4, ngx_chat_schema_4 },
    { 5, ngx_chat_schema_5 },
    { 6, ngx_chat_schema_6 },
    { 7, ngx_chat_schema_7 },
    { 8, ngx_chat_schema_8 },
    { 0, NULL }
};


ngx_uint_t
ngx_chat_schema_newest(ngx_chat_migration_t *migrations)
{
    ngx_uint_t  newest;

    newest = 0;

    while (migrations->version) {
        newest = migrations->version;
        migrations++;
    }

    return newest;
}


ngx_int_t
ngx_chat_schema_migrate(ngx_chat_db_t *db, ngx_chat_migration_t *migrations)
{
    int64_t     application, version, tables, expected;
    ngx_uint_t  newest;

    if (ngx_chat_sqlite_value(db, "PRAGMA application_id", &application)
        != NGX_OK
        || ngx_chat_sqlite_value(db, "PRAGMA user_version", &version)
           != NGX_OK
        || ngx_chat_sqlite_value(db, "SELECT count(*) FROM sqlite_master",
                                 &tables)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    newest = ngx_chat_schema_newest(migrations);
    expected = db->application ? db->application : NGX_CHAT_APPLICATION_ID;

    if (application == 0 && version == 0 && tables == 0) {
        application = expected;
    }

    if (application != expected) {
        return ngx_chat_schema_refuse(db, -1, newest);
    }

    if (version > (int64_t) newest) {
        return ngx_chat_schema_refuse(db, version, newest);
    }

    for ( /* void */ ; migrations->version; migrations++) {

        if ((int64_t) migrations->version <= version) {
            continue;
        }

        if (ngx_chat_schema_step(db, migrations->ddl) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_chat_schema_refuse(ngx_chat_db_t *db, int64_t version, ngx_uint_t newest)
{
    if (!ngx_chat_fault_raise(db->fault, NGX_CHAT_FAULT_SCHEMA)) {
        return NGX_DECLINED;
    }

    if (version == -1) {
        ngx_log_error(NGX_LOG_CRIT, db->log, 0,
                      "\"%s\" is not a database of this module", db->path);

    } else {
        ngx_log_error(NGX_LOG_CRIT, db->log, 0,
                      "\"%s\" has schema %L, this module knows %ui: "
                      "upgrade the module", db->path, version, newest);
    }

    return NGX_DECLINED;
}


/* the number of the version is written in the same transaction */

static ngx_int_t
ngx_chat_schema_step(ngx_chat_db_t *db, const char *ddl)
{
    if (ngx_chat_sqlite_exec(db, "BEGIN IMMEDIATE") == NGX_OK
        && ngx_chat_sqlite_exec(db, ddl) == NGX_OK
        && ngx_chat_sqlite_exec(db, "COMMIT") == NGX_OK)
    {
        return NGX_OK;
    }

    if (ngx_chat_sqlite_in_transaction(db)) {
        (void) ngx_chat_sqlite_exec(db, "ROLLBACK");
    }

    return NGX_ERROR;
}


ngx_int_t
ngx_chat_schema_check(ngx_chat_db_t *db)
{
    int64_t  application, version;

    if (ngx_chat_sqlite_value(db, "PRAGMA application_id", &application)
        != NGX_OK
        || ngx_chat_sqlite_value(db, "PRAGMA user_version", &version)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return application == NGX_CHAT_APPLICATION_ID
           && version == (int64_t) ngx_chat_schema_newest(ngx_chat_migrations)
           ? NGX_OK : NGX_DECLINED;
}
