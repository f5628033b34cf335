
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What the settings share that administrators make: each is one row, a JSON
 * text that its subject renders and reads (brand.c, form.c, words.c).
 */

#ifndef NGX_CHAT_COMMAND_SETTING_H
#define NGX_CHAT_COMMAND_SETTING_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/command.h"


typedef struct {
    ngx_str_t     name;             /* the row's */
    const char   *action;           /* in the audit */
} ngx_chat_setting_t;


/*
 * Stores what was rendered into o, and ends o.  NGX_OK, or as
 * ngx_chat_command_operator() for an administrator.
 */
ngx_int_t ngx_chat_setting_put(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_setting_t *setting, int64_t operator, int64_t now,
    ngx_chat_json_out_t *o);


#endif /* NGX_CHAT_COMMAND_SETTING_H */
