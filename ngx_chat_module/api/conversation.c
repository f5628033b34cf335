
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What an operator may ask of conversations.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "api/query.h"
#include "api/route.h"
#include "command/conversation.h"
#include "http/worker.h"


#define conversation(field)  offsetof(ngx_chat_conversation_args_t, field)

#define ngx_http_chat_state(s)  (1 << NGX_CHAT_CONVERSATION_##s)


static ngx_int_t ngx_http_chat_conversation_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_conversation_prepare_list(
    ngx_http_chat_ctx_t *ctx, ngx_chat_job_t *job);
static ngx_int_t ngx_http_chat_conversation_typed(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job);


typedef struct {
    ngx_chat_conversation_args_t   conversation;
    ngx_chat_tristate_e            typing;
    ngx_uint_t                     state;       /* index of the names below */
} ngx_http_chat_conversation_more_t;


static ngx_str_t  ngx_http_chat_conversation_states[] = {
    ngx_string("open"),
    ngx_string("waiting"),
    ngx_string("active"),
    ngx_string("closed"),
    ngx_string("all"),
    ngx_null_string
};


static ngx_uint_t  ngx_http_chat_conversation_masks[] = {
    ngx_http_chat_state(WAITING)|ngx_http_chat_state(ACTIVE),
    ngx_http_chat_state(WAITING),
    ngx_http_chat_state(ACTIVE),
    ngx_http_chat_state(CLOSED),
    ngx_http_chat_state(WAITING)|ngx_http_chat_state(ACTIVE)
        |ngx_http_chat_state(CLOSED)
};


static ngx_str_t  ngx_http_chat_conversation_flags[] = {
    ngx_string("0"),
    ngx_string("1"),
    ngx_null_string
};


static ngx_chat_field_t  ngx_http_chat_conversation_list_query[] = {

    { ngx_string("state"), NGX_CHAT_FIELD_ENUM, 0, 0, 0,
      offsetof(ngx_http_chat_conversation_more_t, state),
      ngx_http_chat_conversation_states, NULL, NULL },

    { ngx_string("mine"), NGX_CHAT_FIELD_ENUM, 0, 0, 0, conversation(mine),
      ngx_http_chat_conversation_flags, NULL, NULL },

    ngx_http_chat_query_page(conversation(before), conversation(limit)),

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_conversation_earlier_query[] = {

    ngx_http_chat_query_limit(conversation(limit)),

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_conversation_take_fields[] = {

    { ngx_string("force"), NGX_CHAT_FIELD_BOOL, 0, 0, 0,
      offsetof(ngx_http_chat_conversation_more_t, typing), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_conversation_send_fields[] = {

    { ngx_string("client_id"), NGX_CHAT_FIELD_TOKEN, NGX_CHAT_FIELD_REQUIRED,
      8, 64, conversation(client_id), NULL, "_-", NULL },

    { ngx_string("text"), NGX_CHAT_FIELD_TEXT,
      NGX_CHAT_FIELD_REQUIRED|NGX_CHAT_FIELD_FILLED, 1, NGX_CHAT_TEXT_MAX,
      conversation(text), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_conversation_typing_fields[] = {

    { ngx_string("typing"), NGX_CHAT_FIELD_BOOL, NGX_CHAT_FIELD_REQUIRED,
      0, 0, offsetof(ngx_http_chat_conversation_more_t, typing), NULL, NULL,
      NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


static ngx_chat_field_t  ngx_http_chat_conversation_read_fields[] = {

    { ngx_string("up_to"), NGX_CHAT_FIELD_INT, NGX_CHAT_FIELD_REQUIRED,
      0, NGX_MAX_INT_T_VALUE, conversation(up_to), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_http_chat_route_t  ngx_http_chat_conversation_routes[] = {

    { NGX_HTTP_GET, ngx_string("operator/conversations"),
      NGX_HTTP_CHAT_AGENT, 0, sizeof(ngx_http_chat_conversation_more_t),
      NULL, ngx_http_chat_conversation_list_query,
      ngx_chat_conversation_list, ngx_http_chat_conversation_prepare_list,
      NULL },

    { NGX_HTTP_GET, ngx_string("operator/conversations/:id"),
      NGX_HTTP_CHAT_AGENT, 0, sizeof(ngx_http_chat_conversation_more_t),
      NULL, NULL,
      ngx_chat_conversation_get, ngx_http_chat_conversation_prepare, NULL },

    { NGX_HTTP_GET, ngx_string("operator/conversations/:id/events"),
      NGX_HTTP_CHAT_AGENT, 0, sizeof(ngx_http_chat_conversation_more_t),
      NULL, ngx_http_chat_conversation_list_query,
      ngx_chat_conversation_history, ngx_http_chat_conversation_prepare,
      NULL },

    { NGX_HTTP_GET, ngx_string("operator/conversations/:id/earlier"),
      NGX_HTTP_CHAT_AGENT, 0, sizeof(ngx_http_chat_conversation_more_t),
      NULL, ngx_http_chat_conversation_earlier_query,
      ngx_chat_conversation_earlier, ngx_http_chat_conversation_prepare,
      NULL },

    { NGX_HTTP_POST, ngx_string("operator/conversations/:id/take"),
      NGX_HTTP_CHAT_AGENT, NGX_HTTP_CHAT_WRITE|NGX_HTTP_CHAT_OPTIONAL,
      sizeof(ngx_http_chat_conversation_more_t),
      ngx_http_chat_conversation_take_fields, NULL,
      ngx_chat_conversation_assign, ngx_http_chat_conversation_prepare,
      NULL },

    { NGX_HTTP_POST, ngx_string("operator/conversations/:id/messages"),
      NGX_HTTP_CHAT_AGENT, NGX_HTTP_CHAT_WRITE|NGX_HTTP_CHAT_MESSAGE,
      sizeof(ngx_http_chat_conversation_more_t),
      ngx_http_chat_conversation_send_fields, NULL,
      ngx_chat_conversation_send, ngx_http_chat_conversation_prepare, NULL },

    { NGX_HTTP_POST, ngx_string("operator/conversations/:id/typing"),
      NGX_HTTP_CHAT_AGENT, 0, sizeof(ngx_http_chat_conversation_more_t),
      ngx_http_chat_conversation_typing_fields, NULL,
      ngx_chat_conversation_typing, ngx_http_chat_conversation_prepare,
      ngx_http_chat_conversation_typed },

    { NGX_HTTP_POST, ngx_string("operator/conversations/:id/read"),
      NGX_HTTP_CHAT_AGENT, NGX_HTTP_CHAT_WRITE,
      sizeof(ngx_http_chat_conversation_more_t),
      ngx_http_chat_conversation_read_fields, NULL,
      ngx_chat_conversation_mark, ngx_http_chat_conversation_prepare, NULL },

    { NGX_HTTP_POST, ngx_string("operator/conversations/:id/close"),
      NGX_HTTP_CHAT_AGENT, NGX_HTTP_CHAT_WRITE,
      sizeof(ngx_http_chat_conversation_more_t),
      NULL, NULL,
      ngx_chat_conversation_end, ngx_http_chat_conversation_prepare, NULL },

    { 0, ngx_null_string, 0, 0, 0, NULL, NULL, NULL, NULL, NULL }
};


static ngx_int_t
ngx_http_chat_conversation_prepare(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_chat_conversation_args_t       *args;
    ngx_http_chat_conversation_more_t  *more;

    more = job->args;
    args = &more->conversation;

    args->operator = ctx->identity.operator;
    args->now = ngx_http_chat_now();
    args->id = ctx->id;
    args->force = more->typing == NGX_CHAT_TRUE;

    if (args->limit == 0) {
        args->limit = NGX_HTTP_CHAT_QUERY_LIMIT;
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_chat_conversation_prepare_list(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_http_chat_conversation_more_t  *more;

    more = job->args;

    more->conversation.states = ngx_http_chat_conversation_masks[more->state];

    return ngx_http_chat_conversation_prepare(ctx, job);
}


static ngx_int_t
ngx_http_chat_conversation_typed(ngx_http_chat_ctx_t *ctx,
    ngx_chat_job_t *job)
{
    ngx_chat_event_t                    event;
    ngx_chat_conversation_args_t       *args;
    ngx_http_chat_conversation_more_t  *more;

    more = job->args;
    args = &more->conversation;

    if (job->rc == NGX_OK && args->state != NGX_CHAT_CONVERSATION_CLOSED) {
        ngx_memzero(&event, sizeof(ngx_chat_event_t));

        event.type = NGX_CHAT_EVENT_TYPING;
        event.conversation = args->id;
        event.topic = args->topic;
        event.author = NGX_CHAT_AUTHOR_OPERATOR;
        event.author_id = args->operator;
        event.author_name = args->name;
        event.value = more->typing == NGX_CHAT_TRUE;

        ngx_http_chat_publish(&event);
    }

    return ngx_http_chat_route_answer(ctx, job);
}
