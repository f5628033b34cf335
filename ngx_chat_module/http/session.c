
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "command/operator.h"
#include "http/session.h"
#include "http/worker.h"


typedef struct {
    ngx_rbtree_node_t    node;          /* key: of the hash's first bytes */
    ngx_queue_t          queue;         /* oldest first */
    u_char               hash[NGX_CHAT_SESSION_HASH_LEN];
    int64_t              operator;
    ngx_chat_role_e      role;
    ngx_chat_status_e    status;
    int64_t              at;            /* ms, when the database was asked */
    int64_t              expires_at;    /* ms */
    size_t               len;
    u_char               name[1];
} ngx_http_chat_session_t;


static ngx_http_chat_session_t *ngx_http_chat_session_lookup(u_char *hash);
static ngx_rbtree_key_t ngx_http_chat_session_key(u_char *hash);
static void ngx_http_chat_session_insert(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel);
static void ngx_http_chat_session_delete(ngx_http_chat_session_t *s);


static struct {
    ngx_rbtree_t         tree;
    ngx_rbtree_node_t    sentinel;
    ngx_queue_t          queue;
    ngx_uint_t           count;
    ngx_uint_t           generation;
} ngx_http_chat_sessions;


ngx_int_t
ngx_http_chat_session_find(u_char *hash, int64_t now, ngx_pool_t *pool,
    ngx_http_chat_identity_t *identity)
{
    ngx_http_chat_session_t  *s;

    s = ngx_http_chat_session_lookup(hash);

    if (s == NULL || now < s->at || now >= s->expires_at
        || now - s->at >= NGX_HTTP_CHAT_SESSION_TRUST)
    {
        return NGX_DECLINED;
    }

    identity->operator = s->operator;
    identity->role = s->role;
    identity->status = s->status;
    identity->expires_at = s->expires_at;

    identity->name.len = s->len;
    identity->name.data = ngx_pnalloc(pool, s->len);
    if (identity->name.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(identity->name.data, s->name, s->len);

    return NGX_OK;
}


ngx_uint_t
ngx_http_chat_session_known(u_char *hash)
{
    return ngx_http_chat_session_lookup(hash) != NULL;
}


ngx_uint_t
ngx_http_chat_session_generation(void)
{
    return ngx_http_chat_sessions.generation;
}


void
ngx_http_chat_session_keep(u_char *hash, ngx_chat_operator_t *op,
    int64_t expires_at, int64_t now, ngx_uint_t generation)
{
    ngx_http_chat_session_t  *s;

    if (generation != ngx_http_chat_sessions.generation) {
        return;
    }

    s = ngx_http_chat_session_lookup(hash);

    if (s) {
        ngx_http_chat_session_delete(s);
    }

    if (ngx_http_chat_sessions.count >= NGX_HTTP_CHAT_SESSIONS) {
        ngx_http_chat_session_delete(
            ngx_queue_data(ngx_queue_head(&ngx_http_chat_sessions.queue),
                           ngx_http_chat_session_t, queue));
    }

    s = ngx_alloc(offsetof(ngx_http_chat_session_t, name) + op->name.len,
                  ngx_cycle->log);
    if (s == NULL) {
        return;
    }

    s->node.key = ngx_http_chat_session_key(hash);
    s->operator = op->id;
    s->role = op->role;
    s->status = op->status;
    s->at = now;
    s->expires_at = expires_at;
    s->len = op->name.len;

    ngx_memcpy(s->hash, hash, NGX_CHAT_SESSION_HASH_LEN);
    ngx_memcpy(s->name, op->name.data, op->name.len);

    ngx_rbtree_insert(&ngx_http_chat_sessions.tree, &s->node);
    ngx_queue_insert_tail(&ngx_http_chat_sessions.queue, &s->queue);
    ngx_http_chat_sessions.count++;
}


void
ngx_http_chat_session_forget(int64_t operator)
{
    ngx_queue_t              *q, *next;
    ngx_http_chat_session_t  *s;

    ngx_http_chat_sessions.generation++;

    if (ngx_http_chat_sessions.count == 0) {
        return;
    }

    for (q = ngx_queue_head(&ngx_http_chat_sessions.queue);
         q != ngx_queue_sentinel(&ngx_http_chat_sessions.queue);
         q = next)
    {
        next = ngx_queue_next(q);
        s = ngx_queue_data(q, ngx_http_chat_session_t, queue);

        if (operator == 0 || s->operator == operator) {
            ngx_http_chat_session_delete(s);
        }
    }
}


void
ngx_http_chat_session_expire(int64_t now)
{
    ngx_http_chat_session_t  *s;

    while (ngx_http_chat_sessions.count) {
        s = ngx_queue_data(ngx_queue_head(&ngx_http_chat_sessions.queue),
                           ngx_http_chat_session_t, queue);

        if (now >= s->at && now - s->at < NGX_HTTP_CHAT_SESSION_KNOWN) {
            break;
        }

        ngx_http_chat_session_delete(s);
    }
}


/*
 * They let nobody in as they are: in the database they are only in the way.
 * Not when the wall clock says that an hour is over: one that is wrong for a
 * moment would log everybody out for good.
 */

void
ngx_http_chat_session_sweep(void)
{
    uint32_t                 now;
    ngx_chat_job_t          *job;
    ngx_http_chat_worker_t  *w;

    w = ngx_http_chat_worker;

    now = (uint32_t) (ngx_current_msec / 1000);

    if (now - w->zone->expired < NGX_HTTP_CHAT_SESSION_SWEEP || ngx_exiting) {
        return;
    }

    job = ngx_chat_job_create(ngx_chat_operator_expire,
                              ngx_chat_job_destroy,
                              sizeof(ngx_chat_operator_args_t), w->log);
    if (job == NULL) {
        return;
    }

    ((ngx_chat_operator_args_t *) job->args)->now = ngx_http_chat_now();

    if (ngx_chat_store_write(w->store, job) != NGX_OK) {
        ngx_chat_job_destroy(job);
        return;
    }

    w->zone->expired = now;
}


static ngx_http_chat_session_t *
ngx_http_chat_session_lookup(u_char *hash)
{
    ngx_int_t                 rc;
    ngx_rbtree_key_t          key;
    ngx_rbtree_node_t        *node;
    ngx_http_chat_session_t  *s;

    if (ngx_http_chat_sessions.tree.root == NULL) {
        ngx_rbtree_init(&ngx_http_chat_sessions.tree,
                        &ngx_http_chat_sessions.sentinel,
                        ngx_http_chat_session_insert);
        ngx_queue_init(&ngx_http_chat_sessions.queue);
    }

    key = ngx_http_chat_session_key(hash);
    node = ngx_http_chat_sessions.tree.root;

    while (node != &ngx_http_chat_sessions.sentinel) {

        if (key != node->key) {
            node = key < node->key ? node->left : node->right;
            continue;
        }

        s = (ngx_http_chat_session_t *) node;
        rc = ngx_memcmp(hash, s->hash, NGX_CHAT_SESSION_HASH_LEN);

        if (rc == 0) {
            return s;
        }

        node = rc < 0 ? node->left : node->right;
    }

    return NULL;
}


static ngx_rbtree_key_t
ngx_http_chat_session_key(u_char *hash)
{
    ngx_rbtree_key_t  key;

    ngx_memcpy(&key, hash, sizeof(ngx_rbtree_key_t));

    return key;
}


static void
ngx_http_chat_session_insert(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel)
{
    ngx_int_t            rc;
    ngx_rbtree_node_t  **p;

    for ( ;; ) {

        if (node->key != temp->key) {
            rc = node->key < temp->key ? -1 : 1;

        } else {
            rc = ngx_memcmp(((ngx_http_chat_session_t *) node)->hash,
                            ((ngx_http_chat_session_t *) temp)->hash,
                            NGX_CHAT_SESSION_HASH_LEN);
        }

        p = rc < 0 ? &temp->left : &temp->right;

        if (*p == sentinel) {
            break;
        }

        temp = *p;
    }

    *p = node;

    node->parent = temp;
    node->left = sentinel;
    node->right = sentinel;
    ngx_rbt_red(node);
}


static void
ngx_http_chat_session_delete(ngx_http_chat_session_t *s)
{
    ngx_rbtree_delete(&ngx_http_chat_sessions.tree, &s->node);
    ngx_queue_remove(&s->queue);
    ngx_http_chat_sessions.count--;

    ngx_free(s);
}
