
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Store threads, inside a job.  The zone's mutex is held for a bucket at a
 * time: page views of all workers wait for it.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/visit.h"
#include "store/visits_db.h"


#define NGX_CHAT_VISIT_HISTORY  20      /* visits that are shown */


typedef struct {
    uint64_t    key;
    int64_t     seen_at;
} ngx_chat_visit_seen_t;


static ngx_array_t *ngx_chat_visit_seen(ngx_chat_job_t *job);
static int ngx_libc_cdecl ngx_chat_visit_later(const void *one,
    const void *two);
static ngx_uint_t ngx_chat_visit_get(ngx_chat_visit_args_t *a, uint64_t key,
    ngx_chat_visit_t *visit);
static void ngx_chat_visit_history_json(ngx_chat_json_out_t *o,
    ngx_array_t *rows);


ngx_int_t
ngx_chat_visit_list(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_visit_args_t *a = job->args;

    ngx_uint_t              i, n;
    ngx_array_t            *all;
    ngx_chat_visit_t        visit;
    ngx_chat_json_out_t    *o;
    ngx_chat_visit_seen_t  *seen;

    o = ngx_chat_json_out(job->pool);
    all = ngx_chat_visit_seen(job);

    if (o == NULL || all == NULL) {
        return NGX_ERROR;
    }

    seen = all->elts;

    if (all->nelts) {
        ngx_qsort(seen, all->nelts, sizeof(ngx_chat_visit_seen_t),
                  ngx_chat_visit_later);
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_json_open_array(o, "visits");

    for (i = 0, n = 0; i < all->nelts && n < a->limit; i++) {

        if (ngx_chat_visit_get(a, seen[i].key, &visit)) {
            ngx_chat_visit_json(o, NULL, &visit, 0);
            n++;
        }
    }

    ngx_chat_json_close_array(o);
    ngx_chat_json_int(o, "total", all->nelts);
    ngx_chat_json_int(o, "at", a->now);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


/* of each only what the order is by: a copy of all would be megabytes */

static ngx_array_t *
ngx_chat_visit_seen(ngx_chat_job_t *job)
{
    ngx_chat_visit_args_t *a = job->args;

    ngx_uint_t              i, k, n;
    ngx_array_t            *all;
    ngx_chat_visit_t       *copy;
    ngx_chat_visit_seen_t  *seen;

    all = ngx_array_create(job->pool, 64, sizeof(ngx_chat_visit_seen_t));
    copy = ngx_palloc(job->pool,
                      NGX_CHAT_VISITS_WAYS * sizeof(ngx_chat_visit_t));

    if (all == NULL || copy == NULL) {
        return NULL;
    }

    for (i = 0; i < a->visits->buckets; i++) {

        ngx_shmtx_lock(a->mutex);
        n = ngx_chat_visits_copy(a->visits, i, a->now, copy);
        ngx_shmtx_unlock(a->mutex);

        for (k = 0; k < n; k++) {
            seen = ngx_array_push(all);
            if (seen == NULL) {
                return NULL;
            }

            seen->key = copy[k].key;
            seen->seen_at = copy[k].seen_at;
        }
    }

    return all;
}


static int ngx_libc_cdecl
ngx_chat_visit_later(const void *one, const void *two)
{
    const ngx_chat_visit_seen_t  *a = one;
    const ngx_chat_visit_seen_t  *b = two;

    return a->seen_at < b->seen_at ? 1 : a->seen_at > b->seen_at ? -1 : 0;
}


static ngx_uint_t
ngx_chat_visit_get(ngx_chat_visit_args_t *a, uint64_t key,
    ngx_chat_visit_t *visit)
{
    ngx_chat_visit_t  *found;

    ngx_shmtx_lock(a->mutex);

    found = ngx_chat_visits_find(a->visits, key, a->now);

    if (found) {
        *visit = *found;
    }

    ngx_shmtx_unlock(a->mutex);

    return found != NULL;
}


ngx_int_t
ngx_chat_visit_show(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_visit_args_t *a = job->args;

    ngx_uint_t            live;
    ngx_array_t           rows;
    ngx_chat_visit_t      visit;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);

    if (o == NULL
        || ngx_array_init(&rows, job->pool, 4, sizeof(ngx_chat_visits_row_t))
           != NGX_OK
        || (a->stored
            && ngx_chat_visits_db_list(db, job->pool, a->id,
                                       NGX_CHAT_VISIT_HISTORY, &rows)
               != NGX_OK))
    {
        return NGX_ERROR;
    }

    live = ngx_chat_visit_get(a, (uint64_t) a->id, &visit);

    if (!live && rows.nelts == 0) {
        return ngx_chat_command_decline(job, NGX_CHAT_RESULT_NOT_FOUND);
    }

    ngx_chat_json_open(o, NULL);

    if (live) {
        ngx_chat_visit_json(o, "visit", &visit, 1);

    } else {
        ngx_chat_json_null(o, "visit");
    }

    ngx_chat_visit_history_json(o, &rows);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


static void
ngx_chat_visit_history_json(ngx_chat_json_out_t *o, ngx_array_t *rows)
{
    ngx_uint_t              i;
    ngx_chat_visits_row_t  *row;

    row = rows->elts;

    ngx_chat_json_open_array(o, "history");

    for (i = 0; i < rows->nelts; i++) {
        ngx_chat_json_open(o, NULL);
        ngx_chat_json_int(o, "started_at", row[i].started_at);
        ngx_chat_json_int(o, "seen_at", row[i].seen_at);
        ngx_chat_json_int(o, "views", row[i].views);
        ngx_chat_json_str(o, "entry", &row[i].entry);
        ngx_chat_json_str(o, "page", &row[i].page);

        if (row[i].referrer.len) {
            ngx_chat_json_str(o, "referrer", &row[i].referrer);
        }

        ngx_chat_json_close(o);
    }

    ngx_chat_json_close_array(o);
}
