
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * All strings of a job's arguments must be listed here, and all else must
 * mean the same in every process.  The sizes are checked so that whoever adds
 * an argument comes by.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/conversation.h"
#include "command/kinds.h"
#include "command/visitor.h"


#define NGX_CHAT_KINDS_VISITOR                                                \
    sizeof(ngx_chat_visitor_args_t), 14,                                      \
    { offsetof(ngx_chat_visitor_args_t, uid),                                 \
      offsetof(ngx_chat_visitor_args_t, token),                               \
      offsetof(ngx_chat_visitor_args_t, client_id),                           \
      offsetof(ngx_chat_visitor_args_t, text),                                \
      offsetof(ngx_chat_visitor_args_t, locale),                              \
      offsetof(ngx_chat_visitor_args_t, page_url),                            \
      offsetof(ngx_chat_visitor_args_t, page_title),                          \
      offsetof(ngx_chat_visitor_args_t, said_name),                           \
      offsetof(ngx_chat_visitor_args_t, said_email),                          \
      offsetof(ngx_chat_visitor_args_t, said_facts),                          \
      offsetof(ngx_chat_visitor_args_t, claim.id),                            \
      offsetof(ngx_chat_visitor_args_t, claim.name),                          \
      offsetof(ngx_chat_visitor_args_t, claim.email),                         \
      offsetof(ngx_chat_visitor_args_t, claim.signature) }

/* 11 strings, of which the last is only written */

_Static_assert(sizeof(ngx_chat_visitor_args_t)
               == 11 * sizeof(ngx_str_t) + 11 * sizeof(int64_t)
                  + 2 * sizeof(ngx_chat_block_key_t)
                  + sizeof(ngx_chat_claim_t)
                  + sizeof(ngx_chat_blocks_hit_t)
                  + sizeof(ngx_chat_brake_facts_t),
               "an argument of visitors was added or removed");


#define NGX_CHAT_KINDS_CONVERSATION                                           \
    sizeof(ngx_chat_conversation_args_t), 2,                                  \
    { offsetof(ngx_chat_conversation_args_t, client_id),                      \
      offsetof(ngx_chat_conversation_args_t, text) }

_Static_assert(sizeof(ngx_chat_conversation_args_t)
               == 3 * sizeof(ngx_str_t) + 11 * sizeof(int64_t),
               "an argument of conversations was added or removed");


ngx_chat_job_kind_t  ngx_chat_command_kinds[] = {
    { ngx_chat_visitor_send, NGX_CHAT_KINDS_VISITOR },
    { ngx_chat_visitor_read, NGX_CHAT_KINDS_VISITOR },
    { ngx_chat_conversation_send, NGX_CHAT_KINDS_CONVERSATION },
    { ngx_chat_conversation_mark, NGX_CHAT_KINDS_CONVERSATION },
    { NULL, 0, 0, { 0 } }
};
