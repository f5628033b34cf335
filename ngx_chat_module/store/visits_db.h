
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * visits.db in verbs, as db.h is for chat.db.  A connection belongs to the
 * thread of store/visits.c; a visitor's id is the number that visitors have
 * as a topic in chat.db.  Returns as in db.h.
 */

#ifndef NGX_CHAT_VISITS_DB_H
#define NGX_CHAT_VISITS_DB_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/visit.h"
#include "store/job.h"


#define NGX_CHAT_VISITS_FILE         "visits.db"
#define NGX_CHAT_VISITS_LOCK         "visits.lock"
#define NGX_CHAT_VISITS_APPLICATION  0x63687674     /* "chvt" */

#define NGX_CHAT_VISITS_DAY          86400000       /* ms */


typedef struct {
    int64_t      started_at;
    int64_t      seen_at;
    int64_t      views;
    ngx_str_t    entry;
    ngx_str_t    page;              /* the last one */
    ngx_str_t    referrer;
} ngx_chat_visits_row_t;


/*
 * One page view: the visitor, the visit under way or a new one, the view, and
 * how long the one before was looked at.  *visits is the visitor's number of
 * visits when this view began one, else 0.
 */
ngx_int_t ngx_chat_visits_db_view(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_view_t *view, int64_t *visits);

/* so many views of crawlers, of this view's day, site and status */
ngx_int_t ngx_chat_visits_db_crawler(ngx_chat_db_t *db, ngx_chat_view_t *view,
    ngx_uint_t views);

/* the visitor ages no more */
ngx_int_t ngx_chat_visits_db_keep(ngx_chat_db_t *db, int64_t visitor);

/*
 * Deletes a part of what is older than this: views and, of visitors who never
 * had a conversation, all.  NGX_AGAIN when there may be more.
 */
ngx_int_t ngx_chat_visits_db_sweep(ngx_chat_db_t *db, int64_t before);

/* the visitor's visits, newest first, as an array of rows */
ngx_int_t ngx_chat_visits_db_list(ngx_chat_db_t *db, ngx_pool_t *pool,
    int64_t visitor, ngx_uint_t limit, ngx_array_t *rows);

/* how long this page is looked at, ms on average lately; 0: not known */
ngx_int_t ngx_chat_visits_db_dwell(ngx_chat_db_t *db, ngx_str_t *page,
    int64_t *ms);


#endif /* NGX_CHAT_VISITS_DB_H */
