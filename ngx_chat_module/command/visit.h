
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What operators see of the site's visitors: the live list in the shared
 * zone, and visits.db.
 */

#ifndef NGX_CHAT_COMMAND_VISIT_H
#define NGX_CHAT_COMMAND_VISIT_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"
#include "hub/visits.h"


typedef struct {
    ngx_chat_visits_t  *visits;
    ngx_shmtx_t        *mutex;          /* the zone's */
    int64_t             now;            /* ms */
    int64_t             id;             /* show: the visitor's key */
    ngx_uint_t          limit;          /* list */
    ngx_uint_t          stored;         /* show: there is a visits.db, and the
                                           job is run by its thread */
    ngx_str_t           url;            /* a page that a script reports */
    ngx_str_t           title;
} ngx_chat_visit_args_t;


/* reads: {"visits":[...],"total":...,"at":...}, seen last first */
ngx_int_t ngx_chat_visit_list(ngx_chat_job_t *job, ngx_chat_db_t *db);

/* reads: {"visit":...|null,"history":[...]}, or NOT_FOUND */
ngx_int_t ngx_chat_visit_show(ngx_chat_job_t *job, ngx_chat_db_t *db);


#endif /* NGX_CHAT_COMMAND_VISIT_H */
