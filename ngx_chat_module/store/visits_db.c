
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/sqlite.h"
#include "store/visits_db.h"
#include "store/visits_schema.h"


typedef struct {
    int64_t      id;                /* 0: none */
    int64_t      seen_at;
    int64_t      views;
    int64_t      last_view;
    ngx_str_t    site;
} ngx_chat_visits_last_t;


static ngx_int_t ngx_chat_visits_db_visitor(ngx_chat_db_t *db,
    ngx_chat_view_t *view, int64_t *visits);
static ngx_int_t ngx_chat_visits_db_last(ngx_chat_db_t *db,
    ngx_pool_t *pool, ngx_chat_view_t *view, ngx_chat_visits_last_t *last);
static ngx_int_t ngx_chat_visits_db_begin(ngx_chat_db_t *db,
    ngx_chat_view_t *view, ngx_chat_visits_last_t *last);
static ngx_int_t ngx_chat_visits_db_page(ngx_chat_db_t *db,
    ngx_chat_view_t *view, ngx_chat_visits_last_t *last);
static ngx_int_t ngx_chat_visits_db_facts(ngx_chat_db_t *db,
    ngx_chat_view_t *view, int64_t visit);
static ngx_int_t ngx_chat_visits_db_user(ngx_chat_db_t *db,
    ngx_chat_view_t *view);
static void ngx_chat_visits_db_row(ngx_chat_query_t *q, void *row);
static void ngx_chat_visits_query(ngx_chat_query_t *q, ngx_chat_db_t *db,
    ngx_pool_t *pool, ngx_chat_visits_sql_e sql);
static void ngx_chat_visits_bind(ngx_chat_query_t *q, u_char *text);


ngx_int_t
ngx_chat_visits_db_view(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_view_t *view, int64_t *visits)
{
    int64_t                 number;
    ngx_int_t               rc;
    ngx_uint_t              begins;
    ngx_chat_query_t        q;
    ngx_chat_visits_last_t  last;

    *visits = 0;

    rc = ngx_chat_visits_db_visitor(db, view, &number);

    if (rc == NGX_ERROR
        || ngx_chat_visits_db_last(db, pool, view, &last) != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* times come from several workers: a little earlier is no new visit */

    begins = last.id == 0
             || view->at - last.seen_at >= NGX_CHAT_VISIT_IDLE
             || last.site.len != view->site.len
             || ngx_strncmp(last.site.data, view->site.data, view->site.len)
                != 0;

    if (begins) {

        /* a visitor who was added just now has this one already */

        if (rc == NGX_OK) {
            number++;
        }

        *visits = number;

        if (ngx_chat_visits_db_begin(db, view, &last) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_VISITOR_SEEN);
    ngx_chat_query_bind_int(&q, view->at);
    ngx_chat_query_bind_int(&q, number);
    ngx_chat_query_bind_int(&q, (int64_t) view->key);

    if (ngx_chat_query_run(&q) != NGX_OK
        || ngx_chat_visits_db_page(db, view, &last) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return view->facts ? ngx_chat_visits_db_facts(db, view, last.id) : NGX_OK;
}


/* NGX_OK, or NGX_DECLINED when the row was not there and is now */

static ngx_int_t
ngx_chat_visits_db_visitor(ngx_chat_db_t *db, ngx_chat_view_t *view,
    int64_t *visits)
{
    ngx_int_t         rc;
    ngx_chat_query_t  q;

    ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_VISITOR);
    ngx_chat_query_bind_int(&q, (int64_t) view->key);

    rc = ngx_chat_query_step(&q);

    if (rc == NGX_OK) {
        *visits = ngx_chat_query_int(&q);
    }

    if (ngx_chat_query_end(&q) != NGX_OK) {
        return NGX_ERROR;
    }

    if (rc == NGX_OK) {
        return NGX_OK;
    }

    *visits = 1;

    ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_VISITOR_ADD);
    ngx_chat_query_bind_int(&q, (int64_t) view->key);
    ngx_chat_query_bind_int(&q, view->at);

    return ngx_chat_query_run(&q) == NGX_OK ? NGX_DECLINED : NGX_ERROR;
}


static ngx_int_t
ngx_chat_visits_db_last(ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_view_t *view, ngx_chat_visits_last_t *last)
{
    ngx_chat_query_t  q;

    ngx_memzero(last, sizeof(ngx_chat_visits_last_t));

    ngx_chat_visits_query(&q, db, pool, NGX_CHAT_VISITS_LAST);
    ngx_chat_query_bind_int(&q, (int64_t) view->key);

    if (ngx_chat_query_step(&q) == NGX_OK) {
        last->id = ngx_chat_query_int(&q);
        last->seen_at = ngx_chat_query_int(&q);
        last->views = ngx_chat_query_int(&q);
        last->last_view = ngx_chat_query_int(&q);
        ngx_chat_query_text(&q, &last->site);
    }

    return ngx_chat_query_end(&q);
}


static ngx_int_t
ngx_chat_visits_db_begin(ngx_chat_db_t *db, ngx_chat_view_t *view,
    ngx_chat_visits_last_t *last)
{
    ngx_chat_query_t  q;

    ngx_memzero(last, sizeof(ngx_chat_visits_last_t));

    ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_ADD);
    ngx_chat_query_bind_int(&q, (int64_t) view->key);
    ngx_chat_query_bind_text(&q, &view->site);
    ngx_chat_query_bind_text(&q, &view->host);
    ngx_chat_query_bind_int(&q, view->at);
    ngx_chat_query_bind_text(&q, &view->page);
    ngx_chat_query_bind_text(&q, &view->referrer);
    ngx_chat_query_bind_text(&q, &view->language);
    ngx_chat_query_bind_text(&q, &view->country);
    ngx_chat_query_bind_text(&q, &view->address);
    ngx_chat_query_bind_int(&q, view->agent.device);
    ngx_chat_query_bind_int(&q, view->agent.browser);
    ngx_chat_query_bind_int(&q, view->agent.system);

    return ngx_chat_query_insert(&q, &last->id);
}


static ngx_int_t
ngx_chat_visits_db_page(ngx_chat_db_t *db, ngx_chat_view_t *view,
    ngx_chat_visits_last_t *last)
{
    int64_t           id;
    ngx_chat_query_t  q;

    if (last->last_view && view->at >= last->seen_at) {
        ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_VIEW_DWELL);
        ngx_chat_query_bind_int(&q, view->at - last->seen_at);
        ngx_chat_query_bind_int(&q, last->last_view);

        if (ngx_chat_query_run(&q) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_VIEW_ADD);
    ngx_chat_query_bind_int(&q, last->id);
    ngx_chat_query_bind_int(&q, view->at);
    ngx_chat_query_bind_text(&q, &view->page);
    ngx_chat_query_bind_text(&q, &view->title);
    ngx_chat_query_bind_int(&q, view->status);
    ngx_chat_query_bind_int(&q, view->took);

    if (ngx_chat_query_insert(&q, &id) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_SEEN);
    ngx_chat_query_bind_int(&q, ngx_max(view->at, last->seen_at));
    ngx_chat_query_bind_int(&q, last->views + 1);
    ngx_chat_query_bind_text(&q, &view->page);
    ngx_chat_query_bind_int(&q, id);
    ngx_chat_query_bind_int(&q, last->id);

    return ngx_chat_query_run(&q);
}


static ngx_int_t
ngx_chat_visits_db_facts(ngx_chat_db_t *db, ngx_chat_view_t *view,
    int64_t visit)
{
    ngx_uint_t         i;
    ngx_chat_facts_t  *f;
    ngx_chat_query_t   q;

    f = view->facts;

    /* who has logged out since is still who was here */

    if (f->user[0] && ngx_chat_visits_db_user(db, view) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (f->said & NGX_CHAT_FACT_ORDER) {
        ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_ORDER_ADD);
        ngx_chat_query_bind_text(&q, &view->site);
        ngx_chat_visits_bind(&q, f->order);
        ngx_chat_query_bind_int(&q, visit);
        ngx_chat_query_bind_int(&q, view->at);
        ngx_chat_query_bind_int(&q,
                                ngx_chat_amount_thousandths(f->order_amount));
        ngx_chat_visits_bind(&q, f->order_currency);

        if (ngx_chat_query_run(&q) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    for (i = 0; i < f->n; i++) {
        ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_FACT_SET);
        ngx_chat_query_bind_int(&q, (int64_t) view->key);
        ngx_chat_visits_bind(&q, f->facts[i].name);
        ngx_chat_visits_bind(&q, f->facts[i].value);
        ngx_chat_query_bind_int(&q, view->at);

        if (ngx_chat_query_run(&q) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_chat_visits_db_user(ngx_chat_db_t *db, ngx_chat_view_t *view)
{
    ngx_chat_query_t  q;

    ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_VISITOR_USER);
    ngx_chat_visits_bind(&q, view->facts->user);
    ngx_chat_visits_bind(&q, view->facts->name);
    ngx_chat_visits_bind(&q, view->facts->email);
    ngx_chat_query_bind_int(&q, (int64_t) view->key);

    return ngx_chat_query_run(&q);
}


ngx_int_t
ngx_chat_visits_db_crawler(ngx_chat_db_t *db, ngx_chat_view_t *view,
    ngx_uint_t views)
{
    ngx_chat_query_t  q;

    ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_CRAWLER);
    ngx_chat_query_bind_int(&q, view->at / NGX_CHAT_VISITS_DAY);
    ngx_chat_query_bind_text(&q, &view->site);
    ngx_chat_query_bind_int(&q, view->status);
    ngx_chat_query_bind_int(&q, views);

    return ngx_chat_query_run(&q);
}


ngx_int_t
ngx_chat_visits_db_keep(ngx_chat_db_t *db, int64_t visitor)
{
    ngx_chat_query_t  q;

    ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_VISITOR_KEEP);
    ngx_chat_query_bind_int(&q, visitor);

    return ngx_chat_query_run(&q);
}


ngx_int_t
ngx_chat_visits_db_sweep(ngx_chat_db_t *db, int64_t before)
{
    int64_t                changes;
    ngx_uint_t             i;
    ngx_chat_query_t       q;

    static ngx_chat_visits_sql_e  parts[] = {
        NGX_CHAT_VISITS_OLD_VIEWS,
        NGX_CHAT_VISITS_OLD_FACTS,
        NGX_CHAT_VISITS_OLD_VISITS,
        NGX_CHAT_VISITS_OLD_VISITORS,
        NGX_CHAT_VISITS_OLD_CRAWLERS,
        NGX_CHAT_VISITS_MAX
    };

    changes = ngx_chat_sqlite_changes(db);

    for (i = 0; parts[i] != NGX_CHAT_VISITS_MAX; i++) {
        ngx_chat_visits_query(&q, db, NULL, parts[i]);
        ngx_chat_query_bind_int(&q, before);

        if (ngx_chat_query_run(&q) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_chat_sqlite_changes(db) == changes ? NGX_OK : NGX_AGAIN;
}


ngx_int_t
ngx_chat_visits_db_list(ngx_chat_db_t *db, ngx_pool_t *pool, int64_t visitor,
    ngx_uint_t limit, ngx_array_t *rows)
{
    ngx_chat_query_t  q;

    ngx_chat_visits_query(&q, db, pool, NGX_CHAT_VISITS_LIST);
    ngx_chat_query_bind_int(&q, visitor);
    ngx_chat_query_bind_int(&q, limit);

    return ngx_chat_query_all(&q, ngx_chat_visits_db_row, rows);
}


static void
ngx_chat_visits_db_row(ngx_chat_query_t *q, void *row)
{
    ngx_chat_visits_row_t *visit = row;

    visit->started_at = ngx_chat_query_int(q);
    visit->seen_at = ngx_chat_query_int(q);
    visit->views = ngx_chat_query_int(q);
    ngx_chat_query_text(q, &visit->entry);
    ngx_chat_query_text(q, &visit->page);
    ngx_chat_query_text(q, &visit->referrer);
}


ngx_int_t
ngx_chat_visits_db_dwell(ngx_chat_db_t *db, ngx_str_t *page, int64_t *ms)
{
    ngx_chat_query_t  q;

    ngx_chat_visits_query(&q, db, NULL, NGX_CHAT_VISITS_DWELL);
    ngx_chat_query_bind_text(&q, page);

    return ngx_chat_query_number(&q, ms);
}


/* the connection's table of texts is that of visits.db */

static void
ngx_chat_visits_query(ngx_chat_query_t *q, ngx_chat_db_t *db,
    ngx_pool_t *pool, ngx_chat_visits_sql_e sql)
{
    ngx_chat_query(q, db, pool, (ngx_chat_sql_e) sql);
}


static void
ngx_chat_visits_bind(ngx_chat_query_t *q, u_char *text)
{
    ngx_str_t  s;

    s.data = text;
    s.len = ngx_strlen(text);

    ngx_chat_query_bind_text(q, &s);
}
