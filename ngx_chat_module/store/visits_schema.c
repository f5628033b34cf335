
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The rules of schema.c hold here, too.
 *
 * A visit carries its last page and its last view, so that the next view
 * finds all that it needs in one row.  Orders outlive the visit that they were
 * made in: they are the site's figures, and name nobody.  Of crawlers there
 * are only sums.
 *
 * SQLite numbers parameters as they appear: $1 comes before $2 in each text.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/visits_schema.h"


/* a part of a sweep: small enough to let views pass in between */

#define NGX_CHAT_VISITS_PART  "1000"


/* NGX_CHAT_VISITS_APPLICATION */

static const char  ngx_chat_visits_schema_1[] =

    "PRAGMA application_id = 1667790452;"

    "CREATE TABLE visitor ("
    " id INTEGER PRIMARY KEY,"
    " first_at INTEGER NOT NULL,"
    " seen_at INTEGER NOT NULL,"
    " visits INTEGER NOT NULL,"
    " kept INTEGER NOT NULL,"
    " user TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " email TEXT NOT NULL);"

    "CREATE INDEX visitor_seen ON visitor (seen_at) WHERE kept = 0;"

    "CREATE TABLE visit ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " visitor INTEGER NOT NULL REFERENCES visitor (id),"
    " site TEXT NOT NULL,"
    " host TEXT NOT NULL,"
    " started_at INTEGER NOT NULL,"
    " seen_at INTEGER NOT NULL,"
    " views INTEGER NOT NULL,"
    " entry TEXT NOT NULL,"
    " page TEXT NOT NULL,"
    " last_view INTEGER NOT NULL,"
    " referrer TEXT NOT NULL,"
    " language TEXT NOT NULL,"
    " country TEXT NOT NULL,"
    " address TEXT NOT NULL,"
    " device INTEGER NOT NULL,"
    " browser INTEGER NOT NULL,"
    " system INTEGER NOT NULL);"

    "CREATE INDEX visit_visitor ON visit (visitor);"
    "CREATE INDEX visit_seen ON visit (seen_at);"

    "CREATE TABLE page_view ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " visit INTEGER NOT NULL REFERENCES visit (id),"
    " at INTEGER NOT NULL,"
    " page TEXT NOT NULL,"
    " title TEXT NOT NULL,"
    " status INTEGER NOT NULL,"
    " took INTEGER NOT NULL,"
    " dwell INTEGER);"

    "CREATE INDEX page_view_visit ON page_view (visit);"
    "CREATE INDEX page_view_at ON page_view (at);"

    "CREATE TABLE conversion ("
    " site TEXT NOT NULL,"
    " number TEXT NOT NULL,"
    " visit INTEGER NOT NULL,"
    " at INTEGER NOT NULL,"
    " amount INTEGER NOT NULL,"
    " currency TEXT NOT NULL,"
    " PRIMARY KEY (site, number)) WITHOUT ROWID;"

    "CREATE TABLE fact ("
    " visitor INTEGER NOT NULL REFERENCES visitor (id),"
    " name TEXT NOT NULL,"
    " value TEXT NOT NULL,"
    " at INTEGER NOT NULL,"
    " PRIMARY KEY (visitor, name)) WITHOUT ROWID;"

    "CREATE TABLE crawler_day ("
    " day INTEGER NOT NULL,"
    " site TEXT NOT NULL,"
    " status INTEGER NOT NULL,"
    " views INTEGER NOT NULL,"
    " PRIMARY KEY (day, site, status)) WITHOUT ROWID;"

    "PRAGMA user_version = 1";


ngx_chat_migration_t  ngx_chat_visits_migrations[] = {
    { 1, ngx_chat_visits_schema_1 },
    { 0, NULL }
};


const char  *ngx_chat_visits_texts[] = {

    /* NGX_CHAT_VISITS_VISITOR */
    "SELECT visits FROM visitor WHERE id = $1",

    /* NGX_CHAT_VISITS_VISITOR_ADD */
    "INSERT INTO visitor"
    " (id, first_at, seen_at, visits, kept, user, name, email)"
    " VALUES ($1, $2, $2, 1, 0, '', '', '')",

    /* NGX_CHAT_VISITS_VISITOR_SEEN */
    "UPDATE visitor SET seen_at = $1, visits = $2 WHERE id = $3",

    /* NGX_CHAT_VISITS_VISITOR_USER */
    "UPDATE visitor SET user = $1, name = $2, email = $3 WHERE id = $4",

    /* NGX_CHAT_VISITS_VISITOR_KEEP */
    "UPDATE visitor SET kept = 1 WHERE id = $1 AND kept = 0",

    /* NGX_CHAT_VISITS_LAST */
    "SELECT id, seen_at, views, last_view, site FROM visit"
    " WHERE visitor = $1 ORDER BY id DESC LIMIT 1",

    /* NGX_CHAT_VISITS_ADD */
    "INSERT INTO visit (visitor, site, host, started_at, seen_at, views,"
    " entry, page, last_view, referrer, language, country, address, device,"
    " browser, system)"
    " VALUES ($1, $2, $3, $4, $4, 0, $5, $5, 0, $6, $7, $8, $9, $10, $11,"
    " $12)",

    /* NGX_CHAT_VISITS_SEEN */
    "UPDATE visit SET seen_at = $1, views = $2, page = $3, last_view = $4"
    " WHERE id = $5",

    /* NGX_CHAT_VISITS_VIEW_ADD */
    "INSERT INTO page_view (visit, at, page, title, status, took)"
    " VALUES ($1, $2, $3, $4, $5, $6)",

    /* NGX_CHAT_VISITS_VIEW_DWELL */
    "UPDATE page_view SET dwell = $1 WHERE id = $2",

    /* NGX_CHAT_VISITS_ORDER_ADD */
    "INSERT INTO conversion (site, number, visit, at, amount, currency)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (site, number) DO NOTHING",

    /* NGX_CHAT_VISITS_FACT_SET */
    "INSERT INTO fact (visitor, name, value, at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (visitor, name)"
    " DO UPDATE SET value = excluded.value, at = excluded.at",

    /* NGX_CHAT_VISITS_CRAWLER */
    "INSERT INTO crawler_day (day, site, status, views)"
    " VALUES ($1, $2, $3, $4) ON CONFLICT (day, site, status)"
    " DO UPDATE SET views = views + excluded.views",

    /* NGX_CHAT_VISITS_LIST */
    "SELECT started_at, seen_at, views, entry, page, referrer FROM visit"
    " WHERE visitor = $1 ORDER BY id DESC LIMIT $2",

    /* NGX_CHAT_VISITS_DWELL: whatever campaign they came by, the last ones */
    "SELECT CAST(coalesce(avg(dwell), 0) AS INTEGER) FROM"
    " (SELECT page, dwell FROM page_view ORDER BY id DESC LIMIT 20000)"
    " WHERE dwell IS NOT NULL"
    " AND (page = $1 OR substr(page, 1, length($1) + 1) = $1 || '?')",

    /* NGX_CHAT_VISITS_OLD_VIEWS */
    "DELETE FROM page_view WHERE id IN"
    " (SELECT id FROM page_view WHERE at < $1 LIMIT " NGX_CHAT_VISITS_PART ")",

    /* NGX_CHAT_VISITS_OLD_FACTS */
    "DELETE FROM fact WHERE visitor IN"
    " (SELECT v.id FROM visitor v JOIN fact f ON f.visitor = v.id"
    " WHERE v.kept = 0 AND v.seen_at < $1 LIMIT " NGX_CHAT_VISITS_PART ")",

    /* NGX_CHAT_VISITS_OLD_VISITS */
    "DELETE FROM visit WHERE id IN"
    " (SELECT t.id FROM visit t JOIN visitor v ON v.id = t.visitor"
    " WHERE t.seen_at < $1 AND v.kept = 0 LIMIT " NGX_CHAT_VISITS_PART ")",

    /* NGX_CHAT_VISITS_OLD_VISITORS */
    "DELETE FROM visitor WHERE id IN"
    " (SELECT v.id FROM visitor v WHERE v.kept = 0 AND v.seen_at < $1"
    " AND NOT EXISTS (SELECT 1 FROM visit t WHERE t.visitor = v.id)"
    " AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.visitor = v.id)"
    " LIMIT " NGX_CHAT_VISITS_PART ")",

    /* NGX_CHAT_VISITS_OLD_CRAWLERS */
    "DELETE FROM crawler_day WHERE day < $1 / 86400000",

    NULL
};
