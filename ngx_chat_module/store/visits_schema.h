
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Schema and statements of visits.db.  Constant data; any thread.
 */

#ifndef NGX_CHAT_VISITS_SCHEMA_H
#define NGX_CHAT_VISITS_SCHEMA_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/schema.h"


typedef enum {
    NGX_CHAT_VISITS_VISITOR = 0,
    NGX_CHAT_VISITS_VISITOR_ADD,
    NGX_CHAT_VISITS_VISITOR_SEEN,
    NGX_CHAT_VISITS_VISITOR_USER,
    NGX_CHAT_VISITS_VISITOR_KEEP,
    NGX_CHAT_VISITS_LAST,
    NGX_CHAT_VISITS_ADD,
    NGX_CHAT_VISITS_SEEN,
    NGX_CHAT_VISITS_VIEW_ADD,
    NGX_CHAT_VISITS_VIEW_DWELL,
    NGX_CHAT_VISITS_ORDER_ADD,
    NGX_CHAT_VISITS_FACT_SET,
    NGX_CHAT_VISITS_CRAWLER,
    NGX_CHAT_VISITS_LIST,

    /* of the sweep, in their order; each deletes a part, $1 is the time */
    NGX_CHAT_VISITS_DWELL,
    NGX_CHAT_VISITS_OLD_VIEWS,
    NGX_CHAT_VISITS_OLD_FACTS,
    NGX_CHAT_VISITS_OLD_VISITS,
    NGX_CHAT_VISITS_OLD_VISITORS,
    NGX_CHAT_VISITS_OLD_CRAWLERS,

    NGX_CHAT_VISITS_MAX
} ngx_chat_visits_sql_e;


extern ngx_chat_migration_t   ngx_chat_visits_migrations[];

/* indexed by the enum, a NULL ends them */
extern const char            *ngx_chat_visits_texts[];


#endif /* NGX_CHAT_VISITS_SCHEMA_H */
