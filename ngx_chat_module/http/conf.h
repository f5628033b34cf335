
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What the directives say.  The command table is in module/module.c.
 */

#ifndef NGX_HTTP_CHAT_CONF_H
#define NGX_HTTP_CHAT_CONF_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


#define NGX_CHAT_VERSION  "0.1.0"

typedef struct {
    ngx_path_t       *state;            /* directory of databases and keys */
    size_t            zone_size;
    ngx_uint_t        durability;       /* NGX_HTTP_CHAT_FULL or _NORMAL */
    ngx_int_t         queue;            /* jobs at most in a queue */
    time_t            session;          /* an operator's, seconds */

    time_t            retention;        /* of page views, seconds */

    ngx_uint_t        enabled;          /* some location says "chat" */
    ngx_uint_t        tracked;          /* some one says "chat_track" */
    ngx_uint_t        trusted;          /* or "chat_trust_headers on" */
    ngx_uint_t        widget;           /* or "chat_widget" */
    ngx_uint_t        guarded;          /* or "chat_guard on" */
    ngx_shm_zone_t   *zone;
} ngx_http_chat_main_conf_t;


/* for a flag of locations: where the main configuration notes that one is on */
typedef struct {
    ngx_conf_post_handler_pt  post_handler;
    size_t                    offset;
} ngx_http_chat_wanted_t;


/* of module/element.c */
typedef struct ngx_http_chat_element_s  ngx_http_chat_element_t;


#define NGX_HTTP_CHAT_NORMAL  0
#define NGX_HTTP_CHAT_FULL    1


typedef struct {
    ngx_str_t         prefix;           /* of the server's first "chat" */
} ngx_http_chat_srv_conf_t;


typedef struct {
    ngx_uint_t        enabled;
    ngx_array_t      *origins;          /* ngx_str_t, lower case */
    ngx_msec_t        poll_timeout;
    ngx_uint_t        secure;           /* NGX_HTTP_CHAT_AUTO or _ON */
    ngx_uint_t        metrics;          /* NGX_HTTP_CHAT_OFF, _ON, _LOCAL */
    ngx_str_t         site;
    ngx_str_t         assets;           /* directory, with a final slash */
    ngx_str_t         prefix;           /* the location's, ends with a slash */
    ngx_http_handler_pt  handler;       /* the location's */

    /* of pages; NULL: not said */
    ngx_http_complex_value_t  *track;
    ngx_http_complex_value_t  *consent;
    ngx_http_complex_value_t  *country;
    ngx_int_t         visitor_rate;     /* messages a minute; 0: any */
    ngx_int_t         address_rate;
    ngx_int_t         repeats;          /* of a text; 0: any */
    ngx_int_t         first_links;      /* in a first message; 0: any */
    ngx_msec_t        first_delay;      /* until then; 0: none */
    ngx_flag_t        guard;            /* keeps blocked ones out */
    ngx_flag_t        trust;            /* the backend's X-Chat-* headers */
    ngx_array_t      *secrets;          /* ngx_str_t, of signed identities */
    ngx_uint_t        address;          /* NGX_HTTP_CHAT_TRUNCATED or _FULL */

    ngx_http_complex_value_t  *widget;  /* NULL: off */
    ngx_http_complex_value_t  *nonce;   /* or NULL */
    ngx_uint_t        offline;          /* NGX_HTTP_CHAT_SHOW or _HIDE */
    ngx_str_t         base;             /* of the chat that pages get */
    ngx_str_t         loader;           /* its script, */
    ngx_str_t         needle;           /* and how a page may name that */
    ngx_uint_t        warned;           /* of a page that is compressed */
    ngx_http_chat_element_t  *elements[2][2];  /* tracked, without consent */
    u_char           *widget_file;      /* where "chat_widget" stands */
    ngx_uint_t        widget_line;
} ngx_http_chat_loc_conf_t;


#define NGX_HTTP_CHAT_AUTO    0
#define NGX_HTTP_CHAT_ON      1

#define NGX_HTTP_CHAT_SHOW    0
#define NGX_HTTP_CHAT_HIDE    1
#define NGX_HTTP_CHAT_OFF     2
#define NGX_HTTP_CHAT_LOCAL   3


#define NGX_HTTP_CHAT_TRUNCATED  0      /* and NGX_HTTP_CHAT_FULL */


extern ngx_module_t        ngx_http_chat_module;

extern ngx_conf_enum_t     ngx_http_chat_durabilities[];
extern ngx_conf_enum_t     ngx_http_chat_secures[];
extern ngx_conf_enum_t     ngx_http_chat_addresses[];
extern ngx_conf_enum_t     ngx_http_chat_offlines[];
extern ngx_conf_enum_t     ngx_http_chat_metrics_values[];
extern ngx_conf_num_bounds_t  ngx_http_chat_queue_bounds;
extern ngx_conf_post_t     ngx_http_chat_session_post;
extern ngx_conf_post_t     ngx_http_chat_retention_post;
extern ngx_http_chat_wanted_t  ngx_http_chat_guard_post;
extern ngx_http_chat_wanted_t  ngx_http_chat_trust_post;


/* handlers of directives */

char *ngx_http_chat_conf_chat(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_chat_conf_state(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_chat_conf_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_chat_conf_track(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_chat_conf_origins(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* of the module context */

void *ngx_http_chat_create_main_conf(ngx_conf_t *cf);
char *ngx_http_chat_init_main_conf(ngx_conf_t *cf, void *conf);
void *ngx_http_chat_create_loc_conf(ngx_conf_t *cf);
void *ngx_http_chat_create_srv_conf(ngx_conf_t *cf);
char *ngx_http_chat_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child);

/*
 * Once the whole configuration is read, if a location says "chat": the state
 * directory and the zone.
 */
ngx_int_t ngx_http_chat_conf_finish(ngx_conf_t *cf);


#endif /* NGX_HTTP_CHAT_CONF_H */
