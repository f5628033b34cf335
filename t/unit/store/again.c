
/*
 * Copyright (C) ngx_chat_module contributors
 */


/* Reads that fail, and nobody who asks again: the outage ends all the same. */


#include "unit.h"
#include "store/fixture.h"

#include <string.h>

#include "store/sqlite.h"


/* what an I/O error leaves behind */

static ngx_int_t
unreadable_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    (void) ngx_chat_fault_raise(db->fault, SQLITE_IOERR);

    db->failed = 1;
    db->reopen = 1;

    return NGX_ERROR;
}


UNIT_TEST(reads_that_failed_are_tried_again)
{
    fixture_t        f;
    ngx_msec_t       end;
    ngx_chat_job_t  *job;

    fixture_open(&f, pool, log);
    unit_forget_log();

    job = fixture_job(&f, unreadable_run, 1);
    is_int(fixture_read(&f, job), NGX_ERROR, "a read fails");
    is_int(unit_logged(NGX_LOG_WARN), 0, "it is not over");
    ngx_chat_job_destroy(job);

    end = ngx_chat_fault_now() + FIXTURE_WAIT * 1000;

    while (unit_logged(NGX_LOG_WARN) == 0 && fixture_moment(end)) {
        /* void */
    }

    ok(strstr(unit_last_log(), "reads of ") != NULL, "log: %s",
       unit_last_log());

    fixture_stop(&f);
}
