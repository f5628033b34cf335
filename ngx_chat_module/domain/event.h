
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What happened in a conversation, as rows, as records for the ring and as
 * JSON for clients.  Durable events have an id (the cursor), ephemeral ones
 * have none.  Pure; any thread may call it.
 */

#ifndef NGX_CHAT_EVENT_H
#define NGX_CHAT_EVENT_H


#include <ngx_config.h>
#include <ngx_core.h>


/* characters of a message */
#define NGX_CHAT_TEXT_MAX  4000


/* stored in the database: never renumber */

typedef enum {
    NGX_CHAT_EVENT_MESSAGE = 1,
    NGX_CHAT_EVENT_STATE = 2,
    NGX_CHAT_EVENT_ASSIGNED = 3,

    /* ephemeral */
    NGX_CHAT_EVENT_TYPING = 64,
    NGX_CHAT_EVENT_READ = 65,
    NGX_CHAT_EVENT_PRESENCE = 66,
    NGX_CHAT_EVENT_AVAILABILITY = 67,
    NGX_CHAT_EVENT_VISITS = 68,
    NGX_CHAT_EVENT_INVITATION = 69,

    /* among workers only: sessions of .value (an operator) are to be
       looked up again */
    NGX_CHAT_EVENT_REVOKED = 128,

    /* among workers only: who waits on the topic .value (0: anybody) may be
       blocked now */
    NGX_CHAT_EVENT_BLOCKED = 129
} ngx_chat_event_type_e;


typedef enum {
    NGX_CHAT_AUTHOR_VISITOR = 1,
    NGX_CHAT_AUTHOR_OPERATOR = 2,
    NGX_CHAT_AUTHOR_SYSTEM = 3
} ngx_chat_author_e;


/* names as in the API, by ngx_chat_author_e; len == 0 ends */
extern ngx_str_t  ngx_chat_author_names[];


/* who may see an event: bits */

#define NGX_CHAT_TO_VISITOR    0x01
#define NGX_CHAT_TO_OPERATORS  0x02
#define NGX_CHAT_TO_WORKERS    0x04


typedef struct {
    int64_t                 id;             /* 0: ephemeral */
    ngx_chat_event_type_e   type;
    int64_t                 conversation;   /* 0: none */
    int64_t                 visitor;        /* row id, 0: none */
    uint64_t                topic;          /* the visitor's, 0: all of them */
    int64_t                 at;             /* ms since the epoch */
    ngx_chat_author_e       author;
    int64_t                 author_id;      /* operator, visitor row; or 0.
                                               PRESENCE: whose it is */
    ngx_str_t               author_name;    /* may be empty */
    ngx_str_t               client_id;      /* MESSAGE */
    ngx_str_t               text;           /* MESSAGE, TYPING preview;
                                               ASSIGNED: operator's name;
                                               VISITS: their JSON, an array;
                                               INVITATION: what it says */
    int64_t                 value;          /* STATE: conversation state,
                                               ASSIGNED: operator or 0,
                                               TYPING, AVAILABILITY: 0 or 1,
                                               READ: up to, PRESENCE: status,
                                               REVOKED: operator,
                                               BLOCKED: topic or 0 */
    unsigned                present:1;      /* PRESENCE */
    unsigned                ghost:1;        /* of a blocked visitor, who must
                                               not know: not for operators */
} ngx_chat_event_t;


/* an event ready for the ring and for clients; body is complete JSON */

typedef struct {
    int64_t      id;
    uint64_t     topic;
    int64_t      conversation;
    int64_t      subject;                   /* REVOKED: operator, BLOCKED:
                                               topic or 0, STATE: it */
    uint32_t     audience;                  /* NGX_CHAT_TO_* */
    uint32_t     type;
    ngx_str_t    body;
} ngx_chat_record_t;


/* the one filter: who may see events of this type by this author */
ngx_uint_t ngx_chat_event_audience(ngx_chat_event_t *event);

/*
 * Renders the event as docs/api.yaml says, into the pool.  NGX_ERROR when
 * memory is out, or the event holds what no event can (a state that there is
 * not, text that is not UTF-8).  One for workers gets an empty body; so does
 * one of an unknown type, which a later version wrote, for nobody to see.
 */
ngx_int_t ngx_chat_event_render(ngx_chat_event_t *event, ngx_pool_t *pool,
    ngx_chat_record_t *record);


#endif /* NGX_CHAT_EVENT_H */
