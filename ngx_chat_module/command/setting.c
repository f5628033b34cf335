
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Store threads, inside a job: setting.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/setting.h"


ngx_int_t
ngx_chat_setting_put(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_setting_t *setting, int64_t operator, int64_t now,
    ngx_chat_json_out_t *o)
{
    ngx_int_t            rc;
    ngx_str_t            json;
    ngx_chat_operator_t  op;

    rc = ngx_chat_command_operator(job, db, operator, NGX_CHAT_ROLE_ADMIN,
                                   &op);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_chat_json_end(o, &json) != NGX_OK
        || ngx_chat_db_setting_put(db, &setting->name, &json) != NGX_OK
        || ngx_chat_db_audit(db, now, op.id, setting->action, 0, NULL)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}
