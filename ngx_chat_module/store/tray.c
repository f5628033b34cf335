
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * See tray.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <signal.h>
#include "store/tray.h"


size_t
ngx_chat_tray_memory(size_t size)
{
    return ngx_align(sizeof(ngx_chat_tray_t), 64)
           + ngx_align(ngx_chat_pipe_memory(size), 64)
           + ngx_chat_pipe_memory(2 * size);
}


void
ngx_chat_tray_open(ngx_chat_tray_t *tray, ngx_chat_desk_terms_t *terms)
{
    tray->terms = *terms;

    ngx_chat_pipe_init(tray->jobs, tray->jobs->size);
    ngx_chat_pipe_init(tray->answers, tray->answers->size);

    __atomic_store_n(&tray->open, 1, __ATOMIC_RELEASE);
}


void
ngx_chat_tray_release(ngx_chat_tray_t *tray)
{
    __atomic_store_n(&tray->open, 0, __ATOMIC_RELEASE);
    __atomic_store_n(&tray->owner, 0, __ATOMIC_RELEASE);
}


ngx_int_t
ngx_chat_tray_put(ngx_chat_tray_t *tray, ngx_chat_job_t *job)
{
    size_t                len;
    u_char               *p;
    ngx_str_t            *s;
    ngx_uint_t            i, k;
    ngx_chat_desk_job_t  *header;
    ngx_chat_job_kind_t  *kind;

    if (job->stays) {
        return NGX_DECLINED;
    }

    for (k = 0; tray->terms.kinds[k].run != job->run; k++) {
        if (tray->terms.kinds[k].run == NULL) {
            return NGX_DECLINED;
        }
    }

    kind = &tray->terms.kinds[k];
    len = sizeof(ngx_chat_desk_job_t) + kind->size;

    for (i = 0; i < kind->n; i++) {
        s = (ngx_str_t *) ((u_char *) job->args + kind->strings[i]);
        len += s->len;
    }

    if (len > tray->jobs->size / 4) {
        return NGX_DECLINED;
    }

    p = ngx_chat_pipe_reserve(tray->jobs, len);
    if (p == NULL) {
        return NGX_BUSY;
    }

    header = (ngx_chat_desk_job_t *) p;
    header->ticket = job->ticket;
    header->kind = (uint16_t) k;
    header->begun = 0;
    header->tries = 0;

    p = ngx_cpymem(p + sizeof(ngx_chat_desk_job_t), job->args, kind->size);

    for (i = 0; i < kind->n; i++) {
        s = (ngx_str_t *) ((u_char *) job->args + kind->strings[i]);

        if (s->len) {
            p = ngx_cpymem(p, s->data, s->len);
        }
    }

    ngx_chat_pipe_publish(tray->jobs, len);

    return NGX_OK;
}


ngx_uint_t
ngx_chat_tray_waiting(ngx_chat_tray_t *tray)
{
    return !ngx_chat_pipe_empty(tray->jobs);
}


void
ngx_chat_tray_impatient(ngx_chat_tray_t *tray, ngx_uint_t yes)
{
    __atomic_store_n(&tray->impatient, yes ? 1 : 0, __ATOMIC_RELEASE);
}


ngx_uint_t
ngx_chat_tray_deserted(ngx_chat_tray_t *tray)
{
    return kill(tray->owner, 0) == -1 && ngx_errno == NGX_ESRCH;
}


ngx_int_t
ngx_chat_tray_answer(ngx_chat_tray_t *tray, ngx_chat_answer_t *a)
{
    uint64_t                 pos;
    ngx_str_t                record;
    ngx_chat_desk_answer_t  *header;

    pos = ngx_chat_pipe_tail(tray->answers);

    if (ngx_chat_pipe_next(tray->answers, &pos, &record) != NGX_OK) {
        return NGX_DONE;
    }

    header = (ngx_chat_desk_answer_t *) record.data;

    a->ticket = header->ticket;
    a->rc = (ngx_int_t) header->rc;
    a->result = (ngx_uint_t) header->result;
    a->body.data = record.data + sizeof(ngx_chat_desk_answer_t);
    a->body.len = record.len - sizeof(ngx_chat_desk_answer_t);

    return NGX_OK;
}


void
ngx_chat_tray_drop(ngx_chat_tray_t *tray)
{
    uint64_t   pos;
    ngx_str_t  record;

    pos = ngx_chat_pipe_tail(tray->answers);

    if (ngx_chat_pipe_next(tray->answers, &pos, &record) == NGX_OK) {
        ngx_chat_pipe_drop(tray->answers, pos);
    }
}
