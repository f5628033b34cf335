
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Settings: db.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/db.h"
#include "store/sqlite.h"


ngx_int_t
ngx_chat_db_setting(ngx_chat_db_t *db, ngx_pool_t *pool, ngx_str_t *name,
    ngx_str_t *value)
{
    ngx_chat_query_t  q;

    ngx_str_null(value);

    ngx_chat_query(&q, db, pool, NGX_CHAT_SQL_SETTING);
    ngx_chat_query_bind_text(&q, name);

    if (ngx_chat_query_step(&q) == NGX_OK) {
        ngx_chat_query_text(&q, value);
    }

    return ngx_chat_query_end(&q);
}


ngx_int_t
ngx_chat_db_setting_put(ngx_chat_db_t *db, ngx_str_t *name, ngx_str_t *value)
{
    ngx_chat_query_t  q;

    ngx_chat_query(&q, db, NULL, NGX_CHAT_SQL_SETTING_PUT);
    ngx_chat_query_bind_text(&q, name);
    ngx_chat_query_bind_text(&q, value);

    return ngx_chat_query_run(&q);
}
