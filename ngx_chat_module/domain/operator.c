
/*
 * Copyright (C) ngx_chat_module contributors
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/operator.h"


/* no JSON string that is let in has a NUL: nobody can ask for role 0 */

ngx_str_t  ngx_chat_role_names[] = {
    ngx_string("\0"),
    ngx_string("agent"),
    ngx_string("supervisor"),
    ngx_string("admin"),
    ngx_null_string
};


ngx_str_t  ngx_chat_status_names[] = {
    ngx_string("offline"),
    ngx_string("away"),
    ngx_string("online"),
    ngx_null_string
};


void
ngx_chat_operator_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_operator_t *op, ngx_uint_t present)
{
    ngx_chat_json_open(o, name);

    ngx_chat_json_int(o, "id", op->id);
    ngx_chat_json_str(o, "login", &op->login);
    ngx_chat_json_str(o, "name", &op->name);
    ngx_chat_json_enum(o, "role", ngx_chat_role_names, op->role);
    ngx_chat_json_enum(o, "status", ngx_chat_status_names, op->status);
    ngx_chat_json_bool(o, "present", present);
    ngx_chat_json_bool(o, "disabled", op->disabled);
    ngx_chat_json_int(o, "created_at", op->created_at);

    ngx_chat_json_close(o);
}


void
ngx_chat_operator_ref_json(ngx_chat_json_out_t *o, const char *name,
    int64_t id, ngx_str_t *display)
{
    if (id == 0) {
        ngx_chat_json_null(o, name);
        return;
    }

    ngx_chat_json_open(o, name);

    ngx_chat_json_int(o, "id", id);
    ngx_chat_json_str(o, "name", display);

    ngx_chat_json_close(o);
}
