
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * An operator's account, role and rights.  Pure; any thread.
 */

#ifndef NGX_CHAT_OPERATOR_H
#define NGX_CHAT_OPERATOR_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/json_out.h"


/* stored in the database: never renumber; a higher role may all of a lower */

typedef enum {
    NGX_CHAT_ROLE_AGENT = 1,
    NGX_CHAT_ROLE_SUPERVISOR = 2,
    NGX_CHAT_ROLE_ADMIN = 3
} ngx_chat_role_e;


typedef enum {
    NGX_CHAT_STATUS_OFFLINE = 0,
    NGX_CHAT_STATUS_AWAY = 1,
    NGX_CHAT_STATUS_ONLINE = 2
} ngx_chat_status_e;


typedef struct {
    int64_t             id;
    ngx_str_t           login;
    ngx_str_t           name;
    ngx_str_t           password;       /* hash, only where it is needed */
    ngx_chat_role_e     role;
    ngx_chat_status_e   status;         /* as chosen */
    int64_t             created_at;     /* ms */
    unsigned            disabled:1;
} ngx_chat_operator_t;


/* names as in the API, indexed by the enums; len == 0 ends (index 0 of the
   roles is a name that nobody can send) */
extern ngx_str_t  ngx_chat_role_names[];
extern ngx_str_t  ngx_chat_status_names[];


/* the account as the API shows it, without its password */
void ngx_chat_operator_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_operator_t *op, ngx_uint_t present);

/* what visitors may know of one: id and display name; null for id 0 */
void ngx_chat_operator_ref_json(ngx_chat_json_out_t *o, const char *name,
    int64_t id, ngx_str_t *display);


#endif /* NGX_CHAT_OPERATOR_H */
