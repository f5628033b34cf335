
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * A process takes a job of another one from the desk, commits it, and is
 * killed before it has answered: the next one answers, with what was committed.
 */


#include "fixture.h"
#include "command/kinds.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>


#define KINDS_SIZE  (16 * 1024)


static ngx_uint_t  kinds_die;


static void
kinds_publish(void *ctx, ngx_chat_record_t *records, ngx_uint_t n)
{
    if (kinds_die) {
        (void) kill(getpid(), SIGKILL);
    }

    fixture_publish(ctx, records, n);
}


static void
kinds_wake(void *ctx, ngx_uint_t worker)
{
}


static void
kinds_args(ngx_chat_visitor_args_t *a, const char *uid, const char *text)
{
    memset(a, 0, sizeof(ngx_chat_visitor_args_t));

    a->uid.data = (u_char *) uid;
    a->uid.len = 16;
    a->text.data = (u_char *) text;
    a->text.len = strlen(text);
    a->now = 1000;
    a->limit = 50;

    arg(a, client_id, "once-and-no-more");
}


/* a worker with a job of its own, that dies or does not; how it ended */

static int
kinds_worker(fixture_t *f, ngx_chat_desk_t *desk, const char *uid,
    ngx_uint_t die)
{
    int                      status;
    pid_t                    child;
    answer_t                 answer;
    ngx_chat_visitor_args_t  a;

    child = fork();

    if (child == 0) {
        f->conf.desk = desk;
        f->conf.kinds = ngx_chat_command_kinds;
        f->conf.publish = kinds_publish;
        f->conf.wake = kinds_wake;

        fixture_start(f);

        kinds_die = die;
        kinds_args(&a, uid, "its own");
        command_write(f, &answer, ngx_chat_visitor_send, &a, sizeof(a));

        fixture_stop(f);
        _exit(answer.rc == NGX_OK ? 0 : 1);
    }

    return waitpid(child, &status, 0) == child ? status : -1;
}


UNIT_TEST(who_is_killed_before_the_answer_leaves_it_to_the_next)
{
    int                       status;
    void                     *memory;
    size_t                    size;
    answer_t                  again;
    fixture_t                 f;
    ngx_str_t                 said;
    ngx_chat_job_t           *job;
    ngx_chat_desk_t          *desk;
    ngx_chat_tray_t          *tray;
    ngx_chat_answer_t         answer;
    ngx_chat_visitor_args_t   a;
    ngx_chat_desk_terms_t     terms;

    fixture_init(&f, pool, log);

    size = ngx_chat_tray_memory(KINDS_SIZE);
    desk = mmap(NULL, sizeof(ngx_chat_desk_t), PROT_READ|PROT_WRITE,
                MAP_SHARED|MAP_ANONYMOUS, -1, 0);
    memory = mmap(NULL, size, PROT_READ|PROT_WRITE,
                  MAP_SHARED|MAP_ANONYMOUS, -1, 0);

    is_int(ngx_chat_desk_extend(desk, memory, KINDS_SIZE), NGX_OK, "a tray");

    tray = ngx_chat_desk_claim(desk, getpid(), 0);
    ngx_chat_desk_terms(&terms, ngx_chat_command_kinds, &f.conf.path,
                        f.conf.full);
    ngx_chat_tray_open(tray, &terms);

    kinds_args(&a, "visitor-number-1", "left behind");

    job = ngx_chat_job_create(ngx_chat_visitor_send, NULL, sizeof(a), log);
    memcpy(job->args, &a, sizeof(a));
    job->ticket = 1;
    is_int(ngx_chat_tray_put(tray, job), NGX_OK, "on the desk");
    ngx_chat_job_destroy(job);

    status = kinds_worker(&f, desk, "visitor-number-2", 1);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "one is killed");
    is_int(ngx_chat_tray_answer(tray, &answer), NGX_DONE, "without an answer");
    ok(ngx_chat_tray_waiting(tray), "the job is still there");

    status = kinds_worker(&f, desk, "visitor-number-3", 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "another one comes");

    is_int(ngx_chat_tray_answer(tray, &answer), NGX_OK, "and answers");
    ok(answer.ticket == 1 && answer.rc == NGX_OK, "to the job");
    is_int(answer.result, NGX_CHAT_RESULT_CREATED,
           "which is done for the first time");
    ok(!ngx_chat_tray_waiting(tray), "and is gone");

    /* what is in the database says the same */

    fixture_start(&f);

    command_write(&f, &again, ngx_chat_visitor_send, &a, sizeof(a));
    is_result(&again, OK, "who asks again is told that it was done before");
    said.data = (u_char *) again.body;
    said.len = strlen(again.body);

    ok(said.len == answer.body.len
       && memcmp(said.data, answer.body.data, said.len) == 0,
       "what it says is what was committed");

    command_read(&f, &again, ngx_chat_visitor_history, &a, sizeof(a));
    ok(strstr(again.body, "left behind") != NULL
       && strstr(strstr(again.body, "left behind") + 1, "left behind") == NULL,
       "once");

    fixture_stop(&f);
    (void) munmap(memory, size);
    (void) munmap(desk, sizeof(ngx_chat_desk_t));
}
