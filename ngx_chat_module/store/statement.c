
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The texts of all statements.  Constant data; any thread.
 *
 * Lists are pages by key: each inner select walks one index from its bound
 * and stops at the limit, so that the cost does not grow with the table.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/statement.h"


#define NGX_CHAT_SQL_CONVERSATION_COLUMNS                                     \
    " c.id, c.state, c.visitor, v.topic, v.name, v.email, v.facts,"           \
    " v.user_id, v.user_name, v.user_email, v.form,"                          \
    " coalesce(c.operator, 0), coalesce(o.name, ''),"                         \
    " c.opened_at, c.closed_at, c.updated_at, c.last_event,"                  \
    " c.visitor_read, c.operator_read, c.visitor_unread, c.operator_unread,"  \
    " c.last_text, c.last_text_at, c.last_text_by,"                           \
    " c.page_url, c.page_title, c.locale, c.ghost, c.ghost_event,"            \
    " c.invited,"                                                             \
    " CASE WHEN c.invited > 0 THEN"                                           \
    " (SELECT t.name FROM trigger t WHERE t.id = c.invited) ELSE '' END"


/* what a visitor is called by the team, and as it called itself at last */

#define NGX_CHAT_SQL_TEAMS_NAME  "v.name"

#define NGX_CHAT_SQL_OWN_NAME                                                 \
    "CASE v.ghost_name WHEN '' THEN v.name ELSE v.ghost_name END"


#define NGX_CHAT_SQL_VISITOR_COLUMNS(name)                                    \
    " v.id, v.uid, v.topic, " name ", v.email, v.facts, v.locale,"            \
    " v.created_at, v.user_id, v.user_name, v.user_email, v.form"


#define NGX_CHAT_SQL_CONVERSATION_ROW                                         \
    "SELECT" NGX_CHAT_SQL_CONVERSATION_COLUMNS                                \
    " FROM conversation c"                                                    \
    " JOIN visitor v ON v.id = c.visitor"                                     \
    " LEFT JOIN operator o ON o.id = c.operator"


#define NGX_CHAT_SQL_EVENT_ROW(name)                                          \
    "SELECT e.id, e.type, e.conversation, c.visitor, v.topic, e.at,"          \
    " e.author, e.author_id,"                                                 \
    " CASE e.author WHEN 1 THEN " name                                        \
    " WHEN 2 THEN coalesce(o.name, '') ELSE '' END,"                          \
    " coalesce(e.client_id, ''), e.text, e.value, e.ghost"                    \
    " FROM event e"                                                           \
    " JOIN conversation c ON c.id = e.conversation"                           \
    " JOIN visitor v ON v.id = c.visitor"                                     \
    " LEFT JOIN operator o ON o.id = e.author_id AND e.author = 2"


#define NGX_CHAT_SQL_BLOCK_ROW                                                \
    "SELECT b.id, b.changed, b.kind, b.mode, b.address, b.length,"            \
    " coalesce(b.visitor, 0), coalesce(v.topic, 0), coalesce(v.name, ''),"    \
    " coalesce(b.conversation, 0), b.reason, b.author, a.name,"               \
    " b.created_at, b.expires_at, b.lifted_at, coalesce(b.lifted_by, 0),"     \
    " coalesce(l.name, '')"                                                   \
    " FROM block b"                                                           \
    " JOIN operator a ON a.id = b.author"                                     \
    " LEFT JOIN visitor v ON v.id = b.visitor"                                \
    " LEFT JOIN operator l ON l.id = b.lifted_by"


/* a page of blocks: 1 those that act, 2 those that don't, 0 both */

#define NGX_CHAT_SQL_BLOCKS_WHERE(visitor, limit)                             \
    NGX_CHAT_SQL_BLOCK_ROW                                                    \
    " WHERE b.id < $1"                                                        \
    " AND ($2 = 0 OR ($2 = 1) = (b.lifted_at = 0"                             \
    " AND (b.expires_at = 0 OR b.expires_at > $3)))"                          \
    " AND ($4 = '' OR b.network LIKE $4 ESCAPE '!'"                           \
    " OR b.reason LIKE $4 ESCAPE '!' OR v.name LIKE $4 ESCAPE '!'"            \
    " OR a.name LIKE $4 ESCAPE '!')" visitor                                  \
    " ORDER BY b.id DESC LIMIT " limit


#define NGX_CHAT_SQL_TRIGGER_ROW                                              \
    "SELECT id, position, name, enabled, match_any, conditions, days,"        \
    " from_minute, to_minute, share, attended, text, sender, delay, quiet,"   \
    " shown, opened, dismissed, conversations, orders, created_at,"           \
    " updated_at, deleted_at FROM trigger"


#define NGX_CHAT_SQL_OPERATOR_ROW                                             \
    "SELECT id, login, name, password, role, status, disabled, created_at"    \
    " FROM operator"


/* the newest ones of one state, when its bit is in the mask $1 */

#define NGX_CHAT_SQL_CONVERSATIONS_IN(bit, state, operator, limit)            \
    "SELECT id FROM (SELECT id FROM conversation"                             \
    " WHERE state = " state " AND ($1 & " bit ") <> 0"                        \
    " AND last_event < $2 AND ghost = 0" operator                             \
    " ORDER BY last_event DESC LIMIT " limit ") AS s" state


#define NGX_CHAT_SQL_CONVERSATIONS_WHERE(operator, limit)                     \
    NGX_CHAT_SQL_CONVERSATION_ROW                                             \
    " WHERE c.id IN ("                                                        \
    NGX_CHAT_SQL_CONVERSATIONS_IN("2", "1", operator, limit)                  \
    " UNION ALL "                                                             \
    NGX_CHAT_SQL_CONVERSATIONS_IN("4", "2", operator, limit)                  \
    " UNION ALL "                                                             \
    NGX_CHAT_SQL_CONVERSATIONS_IN("8", "3", operator, limit)                  \
    ") ORDER BY c.last_event DESC LIMIT " limit


const char  *ngx_chat_sql_texts[] = {

    /* NGX_CHAT_SQL_BEGIN_WRITE */
    "BEGIN IMMEDIATE",

    /* NGX_CHAT_SQL_BEGIN_READ */
    "BEGIN",

    /* NGX_CHAT_SQL_COMMIT */
    "COMMIT",

    /* NGX_CHAT_SQL_ROLLBACK */
    "ROLLBACK",

    /* NGX_CHAT_SQL_SAVEPOINT */
    "SAVEPOINT job",

    /* NGX_CHAT_SQL_RELEASE */
    "RELEASE SAVEPOINT job",

    /* NGX_CHAT_SQL_UNDO */
    "ROLLBACK TO SAVEPOINT job",

    /* NGX_CHAT_SQL_DATA_VERSION */
    "PRAGMA data_version",

    /* NGX_CHAT_SQL_CURSOR */
    "SELECT coalesce(max(id), 0) FROM event",

    /* NGX_CHAT_SQL_SETTING */
    "SELECT value FROM setting WHERE name = $1",

    /* NGX_CHAT_SQL_SETTING_PUT */
    "INSERT INTO setting (name, value) VALUES ($1, $2)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",

    /* NGX_CHAT_SQL_VISITOR */
    "SELECT" NGX_CHAT_SQL_VISITOR_COLUMNS(NGX_CHAT_SQL_TEAMS_NAME)
    " FROM visitor v"
    " WHERE v.id = $1",

    /* NGX_CHAT_SQL_VISITOR_BY_UID */
    "SELECT" NGX_CHAT_SQL_VISITOR_COLUMNS(NGX_CHAT_SQL_OWN_NAME)
    " FROM visitor v"
    " WHERE v.uid = $1",

    /* NGX_CHAT_SQL_VISITOR_ADD */
    "INSERT INTO visitor (uid, topic, name, email, facts, locale,"
    " created_at, user_id, user_name, user_email, form)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",

    /* NGX_CHAT_SQL_VISITOR_SAY */
    "UPDATE visitor SET name = $1, email = $2, facts = $3, user_id = $4,"
    " user_name = $5, user_email = $6, form = $7, ghost_name = ''"
    " WHERE id = $8",

    /* NGX_CHAT_SQL_VISITOR_FORM */
    "UPDATE visitor SET form = $1 WHERE id = $2",

    /* NGX_CHAT_SQL_VISITOR_GHOST */
    "UPDATE visitor SET ghost_name = $1 WHERE id = $2",

    /* NGX_CHAT_SQL_CONVERSATION */
    NGX_CHAT_SQL_CONVERSATION_ROW
    " WHERE c.id = $1",

    /* NGX_CHAT_SQL_VISITOR_CONVERSATION */
    "SELECT" NGX_CHAT_SQL_VISITOR_COLUMNS(NGX_CHAT_SQL_OWN_NAME) ","
    NGX_CHAT_SQL_CONVERSATION_COLUMNS
    " FROM visitor v"
    " LEFT JOIN conversation c"
    " ON c.id = (SELECT max(id) FROM conversation WHERE visitor = v.id)"
    " LEFT JOIN operator o ON o.id = c.operator"
    " WHERE v.uid = $1",

    /* NGX_CHAT_SQL_CONVERSATION_ADD */
    "INSERT INTO conversation (state, visitor, operator, opened_at,"
    " closed_at, updated_at, last_event, visitor_read, operator_read,"
    " visitor_unread, operator_unread, last_text, last_text_at,"
    " last_text_by, page_url, page_title, locale, ghost, invited)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
    " $15, $16, $17, $18, $19)",

    /* NGX_CHAT_SQL_CONVERSATION_UPDATE */
    "UPDATE conversation SET updated_at = $1, last_event = $2,"
    " visitor_read = $3, operator_read = $4, visitor_unread = $5,"
    " operator_unread = $6, last_text = $7, last_text_at = $8,"
    " last_text_by = $9 WHERE id = $10",

    /* NGX_CHAT_SQL_CONVERSATION_MOVE */
    "UPDATE conversation SET state = $1, operator = $2, closed_at = $3"
    " WHERE id = $4",

    /* NGX_CHAT_SQL_CONVERSATION_GHOST */
    "UPDATE conversation SET ghost = $1, ghost_event = $2 WHERE id = $3",

    /* NGX_CHAT_SQL_CONVERSATIONS */
    NGX_CHAT_SQL_CONVERSATIONS_WHERE("", "$3"),

    /* NGX_CHAT_SQL_CONVERSATIONS_OF_OPERATOR */
    NGX_CHAT_SQL_CONVERSATIONS_WHERE(" AND operator = $3", "$4"),

    /* NGX_CHAT_SQL_CONVERSATIONS_EARLIER */
    NGX_CHAT_SQL_CONVERSATION_ROW
    " WHERE c.id IN ("
    "SELECT id FROM conversation WHERE visitor = $1"
    " UNION "
    "SELECT e.id FROM visitor w JOIN conversation e ON e.visitor = w.id"
    " WHERE w.user_id = $2 AND w.user_id <> ''"
    ") AND c.id <> $3 AND c.ghost = 0 ORDER BY c.id DESC LIMIT $4",

    /* NGX_CHAT_SQL_UNREAD */
    "SELECT count(*) FROM event"
    " WHERE conversation = $1 AND id > $2 AND author = $3 AND type = 1"
    " AND ghost = 0",

    /* NGX_CHAT_SQL_EVENT_ADD */
    "INSERT INTO event (type, conversation, at, author, author_id,"
    " client_id, text, value, ghost)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",

    /* NGX_CHAT_SQL_EVENT_BY_CLIENT_ID */
    NGX_CHAT_SQL_EVENT_ROW(NGX_CHAT_SQL_OWN_NAME)
    " WHERE e.author = $1 AND e.author_id = $2 AND e.client_id = $3",

    /* NGX_CHAT_SQL_EVENTS_AFTER */
    NGX_CHAT_SQL_EVENT_ROW(NGX_CHAT_SQL_TEAMS_NAME)
    " WHERE e.id > $1 ORDER BY e.id LIMIT $2",

    /* NGX_CHAT_SQL_EVENTS_BEFORE */
    NGX_CHAT_SQL_EVENT_ROW(NGX_CHAT_SQL_TEAMS_NAME)
    " WHERE e.id < $1 ORDER BY e.id DESC LIMIT $2",

    /* NGX_CHAT_SQL_CONVERSATION_EVENTS_AFTER */
    NGX_CHAT_SQL_EVENT_ROW(NGX_CHAT_SQL_TEAMS_NAME)
    " WHERE e.id > $1 AND e.conversation = $2 ORDER BY e.id LIMIT $3",

    /* NGX_CHAT_SQL_CONVERSATION_EVENTS_BEFORE */
    NGX_CHAT_SQL_EVENT_ROW(NGX_CHAT_SQL_TEAMS_NAME)
    " WHERE e.id < $1 AND e.conversation = $2 ORDER BY e.id DESC LIMIT $3",

    /* NGX_CHAT_SQL_VISITOR_EVENTS_AFTER */
    NGX_CHAT_SQL_EVENT_ROW(NGX_CHAT_SQL_OWN_NAME)
    " WHERE (c.last_event > $1 OR c.ghost_event > $1)"
    " AND c.visitor = $2 AND e.id IN"
    " (SELECT id FROM event WHERE conversation = c.id AND id > $1"
    " ORDER BY id LIMIT $3) ORDER BY e.id LIMIT $3",

    /* NGX_CHAT_SQL_VISITOR_EVENTS_BEFORE */
    NGX_CHAT_SQL_EVENT_ROW(NGX_CHAT_SQL_OWN_NAME)
    " WHERE e.id < $1 AND c.visitor = $2 AND e.id IN"
    " (SELECT id FROM event WHERE conversation = c.id AND id < $1"
    " ORDER BY id DESC LIMIT $3) ORDER BY e.id DESC LIMIT $3",

    /* NGX_CHAT_SQL_OPERATOR */
    NGX_CHAT_SQL_OPERATOR_ROW
    " WHERE id = $1",

    /* NGX_CHAT_SQL_OPERATOR_BY_LOGIN */
    NGX_CHAT_SQL_OPERATOR_ROW
    " WHERE login = $1",

    /* NGX_CHAT_SQL_OPERATORS */
    NGX_CHAT_SQL_OPERATOR_ROW
    " WHERE disabled <= $1 ORDER BY name, id",

    /* NGX_CHAT_SQL_OPERATOR_ADD */
    "INSERT INTO operator (login, name, password, role, status, disabled,"
    " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (login) DO NOTHING",

    /* NGX_CHAT_SQL_OPERATOR_UPDATE */
    "UPDATE operator SET name = $1, password = $2, role = $3, status = $4,"
    " disabled = $5 WHERE id = $6",

    /* NGX_CHAT_SQL_OPERATOR_COUNT */
    "SELECT count(*) FROM operator WHERE role >= $1 AND disabled = 0",

    /* NGX_CHAT_SQL_OPERATOR_ANY */
    "SELECT count(*) FROM (SELECT id FROM operator LIMIT 1) AS one",

    /* NGX_CHAT_SQL_SESSION */
    "SELECT operator, created_at, expires_at FROM session WHERE hash = $1",

    /* NGX_CHAT_SQL_SESSION_ADD */
    "INSERT INTO session (hash, operator, created_at, expires_at)"
    " VALUES ($1, $2, $3, $4)",

    /* NGX_CHAT_SQL_SESSION_DELETE */
    "DELETE FROM session WHERE hash = $1",

    /* NGX_CHAT_SQL_SESSIONS_DELETE */
    "DELETE FROM session WHERE operator = $1 AND hash <> $2",

    /* NGX_CHAT_SQL_SESSIONS_EXPIRE */
    "DELETE FROM session WHERE expires_at <= $1",

    /* NGX_CHAT_SQL_SESSIONS_ANY */
    "SELECT count(*) FROM session WHERE operator = $1 AND expires_at > $2",

    /* NGX_CHAT_SQL_AUDIT */
    "INSERT INTO audit (at, operator, action, object, detail)"
    " VALUES ($1, $2, $3, $4, $5)",

    /* NGX_CHAT_SQL_BLOCK */
    NGX_CHAT_SQL_BLOCK_ROW
    " WHERE b.id = $1",

    /* NGX_CHAT_SQL_BLOCK_BY_ADDRESS */
    NGX_CHAT_SQL_BLOCK_ROW
    " WHERE b.address = $1 AND b.length = $2 AND b.lifted_at = 0",

    /* NGX_CHAT_SQL_BLOCK_ADD */
    "INSERT INTO block (changed, kind, mode, address, length, network,"
    " visitor, conversation, reason, author, created_at, expires_at,"
    " lifted_at) VALUES ((SELECT coalesce(max(changed), 0) + 1 FROM block),"
    " $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)",

    /* NGX_CHAT_SQL_BLOCK_LIFT */
    "UPDATE block SET lifted_at = $1, lifted_by = $2,"
    " changed = (SELECT max(changed) + 1 FROM block) WHERE id = $3",

    /* NGX_CHAT_SQL_BLOCKS */
    NGX_CHAT_SQL_BLOCKS_WHERE("", "$5"),

    /* NGX_CHAT_SQL_BLOCKS_OF_VISITOR */
    NGX_CHAT_SQL_BLOCKS_WHERE(" AND b.visitor = $5", "$6"),

    /* NGX_CHAT_SQL_BLOCKS_AFTER */
    NGX_CHAT_SQL_BLOCK_ROW
    " WHERE b.changed > $1 AND (b.lifted_at = 0 OR $2 = 0)"
    " ORDER BY b.changed LIMIT $3",

    /* NGX_CHAT_SQL_BLOCKS_CHANGED */
    "SELECT coalesce(max(changed), 0) FROM block",

    /* NGX_CHAT_SQL_TRIGGER */
    NGX_CHAT_SQL_TRIGGER_ROW " WHERE id = $1",

    /* NGX_CHAT_SQL_TRIGGERS */
    NGX_CHAT_SQL_TRIGGER_ROW
    " WHERE position > 0 AND deleted_at = 0 AND enabled >= $1"
    " ORDER BY position, id",

    /* NGX_CHAT_SQL_TRIGGER_ADD */
    "INSERT INTO trigger (name, enabled, match_any, conditions, days,"
    " from_minute, to_minute, share, attended, text, sender, delay, quiet,"
    " created_at, updated_at, deleted_at, position, shown, opened, dismissed,"
    " conversations, orders)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
    " $14, 0, (SELECT coalesce(max(position), 0) + 1 FROM trigger),"
    " 0, 0, 0, 0, 0)",

    /* NGX_CHAT_SQL_TRIGGER_UPDATE */
    "UPDATE trigger SET name = $1, enabled = $2, match_any = $3,"
    " conditions = $4, days = $5, from_minute = $6, to_minute = $7,"
    " share = $8, attended = $9, text = $10, sender = $11, delay = $12,"
    " quiet = $13, updated_at = $14 WHERE id = $15",

    /* NGX_CHAT_SQL_TRIGGER_STATE */
    "UPDATE trigger SET enabled = $1, position = $2, deleted_at = $3,"
    " updated_at = $4 WHERE id = $5",

    /* NGX_CHAT_SQL_TRIGGER_ROOM */
    "UPDATE trigger SET position = position + 1"
    " WHERE position >= $1 AND id != $2",

    /* NGX_CHAT_SQL_TRIGGER_COUNT */
    "UPDATE trigger SET shown = shown + ($1 = 0),"
    " opened = opened + ($1 = 1), dismissed = dismissed + ($1 = 2),"
    " conversations = conversations + ($1 = 3), orders = orders + ($1 = 4)"
    " WHERE id = $2",

    /* NGX_CHAT_SQL_VISITOR_CHATS */
    "SELECT count(*), coalesce(max(updated_at), 0) FROM conversation"
    " WHERE visitor = $1",

    /* NGX_CHAT_SQL_VISITOR_INVITED */
    "SELECT c.invited, c.opened_at FROM conversation c"
    " WHERE c.visitor = (SELECT id FROM visitor WHERE uid = $1)"
    " AND c.invited <> 0 AND c.ghost = 0 ORDER BY c.id DESC LIMIT 1",

    /* NGX_CHAT_SQL_ORDER_ADD */
    "INSERT INTO trigger_order (id, trigger, at, amount, currency)"
    " SELECT $1, id, $2, $3, $4 FROM trigger WHERE id = $5"
    " ON CONFLICT (id) DO NOTHING",

    /* NGX_CHAT_SQL_SALES */
    "SELECT currency, sum(amount) FROM trigger_order WHERE trigger = $1"
    " GROUP BY currency",

    /* NGX_CHAT_SQL_QUIET */
    "SELECT until FROM quiet WHERE topic = $1",

    /* NGX_CHAT_SQL_QUIET_PUT */
    "INSERT INTO quiet (topic, until) VALUES ($1, $2)"
    " ON CONFLICT (topic) DO UPDATE SET until = excluded.until"
    " WHERE excluded.until > quiet.until",

    /* NGX_CHAT_SQL_QUIET_OVER */
    "DELETE FROM quiet WHERE topic IN"
    " (SELECT topic FROM quiet WHERE until <= $1 LIMIT 100)",

    /* NGX_CHAT_SQL_CONVERSATION_COUNT */
    "SELECT count(*) FROM conversation WHERE state = $1 AND ghost = 0",

    /* NGX_CHAT_SQL_SESSION_COUNT */
    "SELECT count(*) FROM session WHERE expires_at > $1"
};
