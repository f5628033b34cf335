
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * See desk.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/desk.h"


#define NGX_CHAT_DESK_TRIES    2        /* a job may have killed who ran it */

/* of a tray in a turn */

#define NGX_CHAT_DESK_TAKEN      1
#define NGX_CHAT_DESK_CROWDED    2      /* no room for more answers */
#define NGX_CHAT_DESK_OVERTAKEN  3      /* another holder took them, too */


static ngx_uint_t ngx_chat_desk_agree(ngx_chat_desk_terms_t *a,
    ngx_chat_desk_terms_t *b);
static void ngx_chat_desk_take_tray(ngx_chat_desk_turn_t *turn, ngx_uint_t k,
    ngx_chat_tray_t *tray, ngx_chat_jobs_t *jobs, ngx_uint_t n,
    ngx_log_t *log);
static void ngx_chat_desk_pass(ngx_chat_desk_turn_t *turn, ngx_uint_t k,
    ngx_chat_tray_t *tray);
static ngx_chat_job_t *ngx_chat_desk_read(ngx_chat_job_kind_t *kinds,
    ngx_str_t *record, ngx_log_t *log);
static ngx_int_t ngx_chat_desk_args(ngx_chat_job_kind_t *kind,
    ngx_chat_job_t *job, u_char *p, u_char *last);
static ngx_int_t ngx_chat_desk_refuse(ngx_chat_job_t *job, ngx_chat_db_t *db);
static void ngx_chat_desk_overtaken(ngx_chat_desk_t *desk,
    ngx_chat_desk_turn_t *turn);
static void ngx_chat_desk_answer_one(ngx_chat_desk_t *desk,
    ngx_chat_desk_turn_t *turn, ngx_chat_job_t *job);
static ngx_int_t ngx_chat_desk_write(ngx_chat_tray_t *tray,
    ngx_chat_job_t *job);


void
ngx_chat_desk_terms(ngx_chat_desk_terms_t *terms, ngx_chat_job_kind_t *kinds,
    ngx_str_t *state, ngx_uint_t full)
{
    terms->kinds = kinds;
    terms->full = full;

    terms->state = (uint64_t) ngx_murmur_hash2(state->data, state->len) << 32
                   | ngx_crc32_long(state->data, state->len);
}


ngx_chat_tray_t *
ngx_chat_desk_claim(ngx_chat_desk_t *desk, ngx_pid_t pid, ngx_uint_t worker)
{
    ngx_uint_t        i;
    ngx_chat_tray_t  *tray;

    for (i = 0; i < desk->n; i++) {
        tray = desk->trays[i];

        if (tray->owner && !ngx_chat_tray_deserted(tray)) {
            continue;
        }

        __atomic_store_n(&tray->open, 0, __ATOMIC_RELEASE);
        ngx_chat_tray_impatient(tray, 0);

        tray->owner = pid;
        tray->worker = worker;

        return tray;
    }

    return NULL;
}


ngx_int_t
ngx_chat_desk_extend(ngx_chat_desk_t *desk, void *memory, size_t size)
{
    u_char           *p;
    ngx_chat_tray_t  *tray;

    if (desk->n == NGX_CHAT_DESK_TRAYS) {
        return NGX_DECLINED;
    }

    tray = memory;

    p = (u_char *) memory + ngx_align(sizeof(ngx_chat_tray_t), 64);
    tray->jobs = (ngx_chat_pipe_t *) p;

    p += ngx_align(ngx_chat_pipe_memory(size), 64);
    tray->answers = (ngx_chat_pipe_t *) p;

    ngx_chat_pipe_init(tray->jobs, size);
    ngx_chat_pipe_init(tray->answers, 2 * size);

    desk->trays[desk->n] = tray;

    __atomic_store_n(&desk->n, desk->n + 1, __ATOMIC_RELEASE);

    return NGX_OK;
}


ngx_uint_t
ngx_chat_desk_waiting(ngx_chat_desk_t *desk, ngx_chat_desk_terms_t *terms)
{
    ngx_uint_t        i, trays;
    ngx_chat_tray_t  *tray;

    trays = __atomic_load_n(&desk->n, __ATOMIC_ACQUIRE);

    for (i = 0; i < trays; i++) {
        tray = desk->trays[i];

        if (__atomic_load_n(&tray->open, __ATOMIC_ACQUIRE)
            && ngx_chat_desk_agree(&tray->terms, terms)
            && ngx_chat_tray_waiting(tray))
        {
            return 1;
        }
    }

    return 0;
}


ngx_uint_t
ngx_chat_desk_wanted(ngx_chat_desk_t *desk, ngx_chat_tray_t *own)
{
    ngx_uint_t        i, trays;
    ngx_chat_tray_t  *tray;

    trays = __atomic_load_n(&desk->n, __ATOMIC_ACQUIRE);

    for (i = 0; i < trays; i++) {
        tray = desk->trays[i];

        if (tray == own
            || !__atomic_load_n(&tray->open, __ATOMIC_ACQUIRE)
            || tray->terms.state != own->terms.state)
        {
            continue;
        }

        if ((__atomic_load_n(&tray->impatient, __ATOMIC_ACQUIRE)
             || (!ngx_chat_desk_agree(&tray->terms, &own->terms)
                 && ngx_chat_tray_waiting(tray)))
            && !ngx_chat_tray_deserted(tray))
        {
            return 1;
        }
    }

    return 0;
}


void
ngx_chat_desk_take(ngx_chat_desk_t *desk, ngx_chat_desk_turn_t *turn,
    ngx_chat_desk_terms_t *terms, ngx_chat_jobs_t *jobs, ngx_uint_t n,
    ngx_log_t *log)
{
    ngx_uint_t        i, k, trays;
    ngx_chat_tray_t  *tray;

    trays = __atomic_load_n(&desk->n, __ATOMIC_ACQUIRE);

    ngx_memzero(turn->touched, trays);

    turn->first++;
    turn->trays = trays;
    turn->starved = 0;
    turn->overtaken = 0;

    for (i = 0; i < trays; i++) {
        k = (turn->first + i) % trays;
        tray = desk->trays[k];

        if (__atomic_load_n(&tray->open, __ATOMIC_ACQUIRE)
            && ngx_chat_desk_agree(&tray->terms, terms))
        {
            ngx_chat_desk_take_tray(turn, k, tray, jobs, n, log);
        }
    }
}


static ngx_uint_t
ngx_chat_desk_agree(ngx_chat_desk_terms_t *a, ngx_chat_desk_terms_t *b)
{
    return a->kinds == b->kinds && a->state == b->state && a->full == b->full;
}


static void
ngx_chat_desk_take_tray(ngx_chat_desk_turn_t *turn, ngx_uint_t k,
    ngx_chat_tray_t *tray, ngx_chat_jobs_t *jobs, ngx_uint_t n,
    ngx_log_t *log)
{
    uint64_t         pos;
    ngx_str_t        record;
    ngx_chat_job_t  *job;

    pos = ngx_chat_pipe_tail(tray->jobs);
    turn->taken[k] = pos;

    if (ngx_chat_pipe_empty(tray->jobs)) {
        return;
    }

    turn->turns[k] = __atomic_add_fetch(&tray->turns, 1, __ATOMIC_ACQ_REL);

    /* what could not be answered is not run, time and again */

    if (ngx_chat_pipe_reserve(tray->answers, tray->answers->size / 4) == NULL)
    {
        ngx_chat_desk_pass(turn, k, tray);
        return;
    }

    while (jobs->n < n
           && ngx_chat_pipe_next(tray->jobs, &pos, &record) == NGX_OK)
    {
        job = ngx_chat_desk_read(tray->terms.kinds, &record, log);
        if (job == NULL) {
            turn->starved = 1;
            return;
        }

        job->tray = k + 1;
        job->place = pos;

        ngx_chat_jobs_add(jobs, job);

        turn->touched[k] = NGX_CHAT_DESK_TAKEN;
    }
}


static void
ngx_chat_desk_pass(ngx_chat_desk_turn_t *turn, ngx_uint_t k,
    ngx_chat_tray_t *tray)
{
    turn->touched[k] = NGX_CHAT_DESK_CROWDED;

    if (ngx_chat_tray_deserted(tray)) {
        __atomic_store_n(&tray->open, 0, __ATOMIC_RELEASE);
    }
}


/* NULL: no memory now */

static ngx_chat_job_t *
ngx_chat_desk_read(ngx_chat_job_kind_t *kinds, ngx_str_t *record,
    ngx_log_t *log)
{
    u_char               *p, *last;
    ngx_chat_job_t       *job;
    ngx_chat_job_kind_t  *kind;
    ngx_chat_desk_job_t  *header;

    p = record->data;
    last = p + record->len;

    header = (ngx_chat_desk_job_t *) p;
    kind = &kinds[header->kind];

    job = ngx_chat_job_create(kind->run, NULL, kind->size, log);
    if (job == NULL) {
        return NULL;
    }

    job->ticket = header->ticket;

    if (ngx_chat_desk_args(kind, job, p + sizeof(ngx_chat_desk_job_t), last)
        != NGX_OK)
    {
        ngx_chat_job_destroy(job);
        return NULL;
    }

    if (header->tries++ >= NGX_CHAT_DESK_TRIES) {
        job->run = ngx_chat_desk_refuse;
    }

    job->tries = &header->tries;
    job->again = header->begun;

    header->begun = 1;

    return job;
}


static ngx_int_t
ngx_chat_desk_args(ngx_chat_job_kind_t *kind, ngx_chat_job_t *job, u_char *p,
    u_char *last)
{
    ngx_str_t   *s, from;
    ngx_uint_t   i;

    ngx_memcpy(job->args, p, kind->size);

    p += kind->size;

    for (i = 0; i < kind->n; i++) {
        s = (ngx_str_t *) ((u_char *) job->args + kind->strings[i]);

        if (s->data == NULL) {
            continue;
        }

        from.len = s->len;
        from.data = p;

        if (ngx_chat_job_copy(job, s, &from) != NGX_OK) {
            return NGX_ERROR;
        }

        p += from.len;
    }

    return NGX_OK;
}


/* who ran it before died each time, perhaps of it */

static ngx_int_t
ngx_chat_desk_refuse(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    return NGX_ERROR;
}


void
ngx_chat_desk_answer(ngx_chat_desk_t *desk, ngx_chat_desk_turn_t *turn,
    ngx_chat_jobs_t *jobs, void (*wake)(void *ctx, ngx_uint_t worker),
    void *ctx)
{
    ngx_uint_t        i;
    ngx_chat_job_t   *job;
    ngx_chat_jobs_t   own;

    ngx_chat_jobs_init(&own);

    ngx_chat_desk_overtaken(desk, turn);

    for (job = ngx_chat_jobs_take(jobs); job; job = ngx_chat_jobs_take(jobs)) {

        if (job->tray == 0) {
            ngx_chat_jobs_add(&own, job);
            continue;
        }

        ngx_chat_desk_answer_one(desk, turn, job);
        ngx_chat_job_destroy(job);
    }

    ngx_chat_jobs_move(jobs, &own, own.n);

    for (i = 0; i < turn->trays; i++) {

        if (turn->touched[i] && turn->touched[i] != NGX_CHAT_DESK_OVERTAKEN) {
            ngx_chat_pipe_drop(desk->trays[i]->jobs, turn->taken[i]);
            wake(ctx, desk->trays[i]->worker);
        }
    }
}


/* trays whose jobs another holder has taken since, and answers */

static void
ngx_chat_desk_overtaken(ngx_chat_desk_t *desk, ngx_chat_desk_turn_t *turn)
{
    ngx_uint_t  i;

    for (i = 0; i < turn->trays; i++) {

        if (turn->touched[i]
            && __atomic_load_n(&desk->trays[i]->turns, __ATOMIC_ACQUIRE)
               != turn->turns[i])
        {
            turn->touched[i] = NGX_CHAT_DESK_OVERTAKEN;
            turn->overtaken = 1;
        }
    }
}


/* once one has no room, those behind it wait as well: answers have an order */

static void
ngx_chat_desk_answer_one(ngx_chat_desk_t *desk, ngx_chat_desk_turn_t *turn,
    ngx_chat_job_t *job)
{
    ngx_uint_t        k;
    ngx_chat_tray_t  *tray;

    k = job->tray - 1;
    tray = desk->trays[k];

    if (turn->touched[k] == NGX_CHAT_DESK_OVERTAKEN) {
        return;
    }

    if (turn->touched[k] == NGX_CHAT_DESK_TAKEN
        && ngx_chat_desk_write(tray, job) == NGX_OK)
    {
        turn->taken[k] = job->place;
        return;
    }

    /* nobody died of it */

    (*job->tries)--;

    ngx_chat_desk_pass(turn, k, tray);
}


static ngx_int_t
ngx_chat_desk_write(ngx_chat_tray_t *tray, ngx_chat_job_t *job)
{
    size_t                   len;
    u_char                  *p;
    ngx_chat_desk_answer_t  *header;

    len = sizeof(ngx_chat_desk_answer_t) + job->body.len;

    /* one that never fits: the owner runs it again, and has it all */

    if (len > tray->answers->size / 4) {
        job->rc = NGX_AGAIN;
        job->body.len = 0;
        len = sizeof(ngx_chat_desk_answer_t);
    }

    p = ngx_chat_pipe_reserve(tray->answers, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    header = (ngx_chat_desk_answer_t *) p;
    header->ticket = job->ticket;
    header->rc = job->rc;
    header->result = job->result;

    if (job->body.len) {
        ngx_memcpy(p + sizeof(ngx_chat_desk_answer_t), job->body.data,
                   job->body.len);
    }

    ngx_chat_pipe_publish(tray->answers, len);

    return NGX_OK;
}


ngx_uint_t
ngx_chat_desk_crowded(ngx_chat_desk_t *desk, ngx_chat_desk_turn_t *turn,
    ngx_chat_tray_t *tray)
{
    ngx_uint_t  i;

    for (i = 0; i < turn->trays; i++) {
        if (desk->trays[i] == tray) {
            return turn->touched[i] == NGX_CHAT_DESK_CROWDED;
        }
    }

    return 0;
}
