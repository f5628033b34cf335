
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Commands through a real store: each call makes the job, runs it to its end
 * and keeps its answer.
 */


#ifndef _COMMAND_FIXTURE_H_INCLUDED_
#define _COMMAND_FIXTURE_H_INCLUDED_


#include "../store/fixture.h"
#include "command/conversation.h"
#include "command/events.h"
#include "command/operator.h"
#include "command/visitor.h"


/* sets an argument to a literal */

#define arg(a, field, text)  ngx_str_set(&(a)->field, text)


typedef struct {
    ngx_int_t      rc;
    ngx_uint_t     result;
    char           body[65536];
} answer_t;


static inline void
answer_keep(answer_t *answer, ngx_chat_job_t *job)
{
    answer->rc = job->rc;
    answer->result = job->result;

    snprintf(answer->body, sizeof(answer->body), "%.*s",
             job->rc == NGX_OK ? (int) job->body.len : 0,
             (char *) job->body.data);
}


/* writes; the arguments are copied, but not what they point to */

static inline void
command_write(fixture_t *f, answer_t *answer, ngx_chat_job_run_pt run,
    void *args, size_t size)
{
    ngx_chat_job_t  *job;

    job = fixture_job(f, run, size);
    memcpy(job->args, args, size);

    (void) fixture_write(f, job);

    memcpy(args, job->args, size);
    answer_keep(answer, job);

    ngx_chat_job_destroy(job);
}


static inline void
command_read(fixture_t *f, answer_t *answer, ngx_chat_job_run_pt run,
    void *args, size_t size)
{
    ngx_chat_job_t  *job;

    job = fixture_job(f, run, size);
    memcpy(job->args, args, size);

    (void) fixture_read(f, job);

    memcpy(args, job->args, size);
    answer_keep(answer, job);

    ngx_chat_job_destroy(job);
}


#define write_command(f, answer, run, args)                                   \
    command_write(f, answer, run, args, sizeof(*(args)))

#define read_command(f, answer, run, args)                                    \
    command_read(f, answer, run, args, sizeof(*(args)))


#define is_result(answer, expected, name)                                     \
    is_int((answer)->rc == NGX_ERROR ? 1000 : (answer)->result,               \
           NGX_CHAT_RESULT_##expected, name)

#define has(answer, text, name)                                               \
    ok(strstr((answer)->body, text) != NULL, "%s: %s", name, (answer)->body)

#define has_not(answer, text, name)                                           \
    ok(strstr((answer)->body, text) == NULL, "%s: %s", name, (answer)->body)


/* a visitor's message; uid is 16 characters */

static inline void
say(fixture_t *f, answer_t *answer, const char *uid, const char *client_id,
    const char *text)
{
    ngx_chat_visitor_args_t  a;

    memset(&a, 0, sizeof(a));

    a.uid.data = (u_char *) uid;
    a.uid.len = strlen(uid);
    a.topic = (uint64_t) (u_char) uid[0] + 1;
    a.now = 1764000000000;
    a.client_id.data = (u_char *) client_id;
    a.client_id.len = strlen(client_id);
    a.text.data = (u_char *) text;
    a.text.len = strlen(text);
    arg(&a, locale, "fr");
    arg(&a, page_url, "https://shop.example/basket");
    arg(&a, page_title, "Basket");

    write_command(f, answer, ngx_chat_visitor_send, &a);
}


/* an account straight into the database */

typedef struct {
    ngx_chat_operator_t   op;
} hire_t;


static inline ngx_int_t
hire_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    hire_t  *h = job->args;

    return ngx_chat_db_operator_add(db, &h->op);
}


static inline int64_t
hire(fixture_t *f, const char *name, ngx_chat_role_e role)
{
    hire_t    h;
    answer_t  answer;

    memset(&h, 0, sizeof(h));

    h.op.login.data = (u_char *) name;
    h.op.login.len = strlen(name);
    h.op.name = h.op.login;
    arg(&h.op, password, "hash");
    h.op.role = role;
    h.op.created_at = 1;

    write_command(f, &answer, hire_run, &h);

    return answer.rc == NGX_OK ? h.op.id : -1;
}


/* what an operator does with a conversation */

static inline void
act(fixture_t *f, answer_t *answer, ngx_chat_job_run_pt run, int64_t operator,
    int64_t id)
{
    ngx_chat_conversation_args_t  a;

    memset(&a, 0, sizeof(a));

    a.operator = operator;
    a.id = id;
    a.now = 1764000001000;
    a.up_to = 1000;

    write_command(f, answer, run, &a);
}


static inline void
reply(fixture_t *f, answer_t *answer, int64_t operator, int64_t id,
    const char *client_id, const char *text)
{
    ngx_chat_conversation_args_t  a;

    memset(&a, 0, sizeof(a));

    a.operator = operator;
    a.id = id;
    a.now = 1764000002000;
    a.client_id.data = (u_char *) client_id;
    a.client_id.len = strlen(client_id);
    a.text.data = (u_char *) text;
    a.text.len = strlen(text);

    write_command(f, answer, ngx_chat_conversation_send, &a);
}


static inline void
get(fixture_t *f, answer_t *answer, int64_t id)
{
    ngx_chat_conversation_args_t  a;

    memset(&a, 0, sizeof(a));
    a.id = id;

    read_command(f, answer, ngx_chat_conversation_get, &a);
}


#endif /* _COMMAND_FIXTURE_H_INCLUDED_ */
