
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * The first account, logging in and out with its races, passwords.
 */


#include "session.h"


/* where the one-time code is, and what it is */

static void
setup_code(char *path, size_t size, char *code, size_t len)
{
    FILE  *file;

    snprintf(path, size, "%s/setup-code", f.dir);
    memset(code, 0, len);

    file = fopen(path, "r");
    ok(file && fread(code, 1, len - 1, file) > 0, "the code");

    if (file) {
        fclose(file);
    }

    code[strcspn(code, "\n")] = '\0';
}


UNIT_TEST(the_first_account)
{
    char         path[300], code[64];
    struct stat  sb;

    begin(pool, log);

    setup_code(path, sizeof(path), code, sizeof(code));

    a.now = 7;
    arg(&a, login, "root");
    arg(&a, name, "Root");
    arg(&a, hash, "hash");
    arg(&a, code, "XXXX-XXXX-XXXX-XXXX-XXXX");

    write_command(&f, &answer, ngx_chat_operator_setup, &a);
    is_result(&answer, CODE, "a wrong code");

    a.code.len = 0;
    write_command(&f, &answer, ngx_chat_operator_setup, &a);
    is_result(&answer, CODE, "no code");
    is_int(stat(path, &sb), 0, "the file is there still");

    a.code.data = (u_char *) code;
    a.code.len = strlen(code);
    write_command(&f, &answer, ngx_chat_operator_setup, &a);
    is_result(&answer, CREATED, "the right code");
    is_cstr(answer.body, "{\"operator\":{\"id\":1,\"login\":\"root\","
            "\"name\":\"Root\",\"role\":\"admin\",\"status\":\"offline\","
            "\"present\":false,\"disabled\":false,\"created_at\":7}}",
            "an administrator");
    is_int(stat(path, &sb), -1, "the file is gone");

    write_command(&f, &answer, ngx_chat_operator_setup, &a);
    is_result(&answer, SET_UP, "only once");

    fixture_stop(&f);
    unit_forget_log();
    fixture_start(&f);

    is_int(stat(path, &sb), -1, "nor is there a new one");
    is_int(unit_logged(NGX_LOG_NOTICE), 0, "nor a word about it");

    fixture_stop(&f);
}


UNIT_TEST(without_the_file_there_is_no_setup)
{
    char  path[300], code[64];

    begin(pool, log);
    setup_code(path, sizeof(path), code, sizeof(code));

    unlink(path);

    arg(&a, login, "root");
    arg(&a, name, "Root");
    arg(&a, hash, "hash");

    write_command(&f, &answer, ngx_chat_operator_setup, &a);
    is_result(&answer, CODE, "an empty code is not that of no file");

    fixture_stop(&f);
}


static ngx_int_t
both_run(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    /* refused after the account was added: the code must survive */

    if (ngx_chat_operator_setup(job, db) != NGX_OK) {
        return NGX_ERROR;
    }

    return NGX_DECLINED;
}


UNIT_TEST(the_code_stays_when_nothing_is_committed)
{
    char         path[300], code[64];
    struct stat  sb;

    begin(pool, log);
    setup_code(path, sizeof(path), code, sizeof(code));

    arg(&a, login, "root");
    arg(&a, name, "Root");
    arg(&a, hash, "hash");
    a.code.data = (u_char *) code;
    a.code.len = strlen(code);

    write_command(&f, &answer, both_run, &a);
    is_int(answer.rc, NGX_DECLINED, "undone");
    is_int(stat(path, &sb), 0, "the file is there still");

    write_command(&f, &answer, ngx_chat_operator_setup, &a);
    is_result(&answer, CREATED, "and its code works");

    fixture_stop(&f);
}


UNIT_TEST(logging_in)
{
    int64_t          admin;
    ngx_uint_t       i;
    ngx_chat_job_t  *job;

    static struct {
        const char  *login;
        const char  *password;
    } wrong[] = {
        { "lea", "wrong password" },
        { "lea", "" },
        { "nobody", "correct horse" },
        { "nobody", "" },
        { "Lea", "correct horse" }
    };

    begin(pool, log);

    admin = hire(&f, "admin", NGX_CHAT_ROLE_ADMIN);
    is_int(employ(pool, admin, "lea", "correct horse", NGX_CHAT_ROLE_AGENT),
           NGX_OK, "an account");

    for (i = 0; i < 5; i++) {
        is_int(verify(pool, wrong[i].login, wrong[i].password, &job),
               NGX_DECLINED, wrong[i].login);
        is_int(job->result, NGX_CHAT_RESULT_CREDENTIALS, "refused");
        ngx_chat_job_destroy(job);
    }

    is_int(verify(pool, "lea", "correct horse", &job), NGX_OK, "verified");
    is_int(((ngx_chat_operator_args_t *) job->args)->current.data[0], 0,
           "the password is wiped");
    is_int(log_in(job, HASH_A, 1000), NGX_OK, "logged in");
    is_int(job->result, NGX_CHAT_RESULT_CREATED, "created");
    answer_keep(&answer, job);
    has(&answer, "\"expires_at\":1000,\"cursor\":0}", "the answer");
    ngx_chat_job_destroy(job);

    who(HASH_A, 999);
    is_result(&answer, OK, "known");
    has(&answer, "{\"operator\":{\"id\":2,\"login\":\"lea\"", "who");
    has(&answer, "\"expires_at\":1000,\"cursor\":0}", "until when");
    is_int(a.expires_at, 1000, "for the cache");
    is_int(a.found.id, 2, "for the cache");

    who(HASH_A, 1000);
    is_result(&answer, CREDENTIALS, "expired");

    who(HASH_B, 10);
    is_result(&answer, CREDENTIALS, "never heard of");

    memset(&a, 0, sizeof(a));
    arg(&a, session, HASH_A);
    a.operator = 2;
    f.records.nelts = 0;

    write_command(&f, &answer, ngx_chat_operator_logout, &a);
    is_result(&answer, EMPTY, "logged out");
    is_int(f.records.nelts, 1, "the workers are told");
    is_int(fixture_record(&f, 0)->type, NGX_CHAT_EVENT_REVOKED, "to look");
    is_int(fixture_record(&f, 0)->subject, 2, "at this account");

    who(HASH_A, 999);
    is_result(&answer, CREDENTIALS, "gone");

    write_command(&f, &answer, ngx_chat_operator_logout, &a);
    is_result(&answer, EMPTY, "once more");

    fixture_stop(&f);
}


UNIT_TEST(a_log_in_ends_the_session_before_it)
{
    int64_t                    admin;
    ngx_chat_job_t            *job;
    ngx_chat_operator_args_t  *args;

    begin(pool, log);

    admin = hire(&f, "admin", NGX_CHAT_ROLE_ADMIN);
    employ(pool, admin, "lea", "correct horse", NGX_CHAT_ROLE_AGENT);

    verify(pool, "lea", "correct horse", &job);
    is_int(log_in(job, HASH_A, 1000), NGX_OK, "logged in");
    ngx_chat_job_destroy(job);

    verify(pool, "lea", "correct horse", &job);
    args = job->args;
    args->replaced.data = (u_char *) HASH_A;
    args->replaced.len = 32;
    f.records.nelts = 0;

    is_int(log_in(job, HASH_B, 1000), NGX_OK, "and again, in this browser");
    is_int(f.records.nelts, 1, "the workers are told");
    is_int(fixture_record(&f, 0)->subject, 2, "of this account");
    ngx_chat_job_destroy(job);

    who(HASH_A, 500);
    is_result(&answer, CREDENTIALS, "the old one is over");
    who(HASH_B, 500);
    is_result(&answer, OK, "the new one is not");

    verify(pool, "lea", "correct horse", &job);
    args = job->args;
    args->replaced.data = (u_char *) HASH_A;
    args->replaced.len = 32;
    f.records.nelts = 0;

    is_int(log_in(job, HASH_C, 1000), NGX_OK, "a session that is nobody's");
    is_int(f.records.nelts, 0, "ends nothing");
    ngx_chat_job_destroy(job);

    fixture_stop(&f);
}


UNIT_TEST(hashing_a_new_password)
{
    ngx_chat_job_t            *job;
    ngx_chat_operator_args_t  *args;

    begin(pool, log);

    job = fixture_job(&f, ngx_chat_operator_verify, sizeof(*args));
    job->heavy = 1;
    args = job->args;
    arg(args, login, "new");
    secret(&args->password, job->pool, "battery staple");

    is_int(fixture_read(&f, job), NGX_OK, "hashed");
    ok(args->hash.len > 20
       && ngx_strncmp(args->hash.data, "$argon2id$", 10) == 0, "argon2id");
    is_int(args->password.data[0], 0, "the password is wiped");
    is_int(args->found.id, 0, "nobody was verified");

    ngx_chat_job_destroy(job);
    fixture_stop(&f);
}


UNIT_TEST(nothing_to_verify_is_no_proof)
{
    begin(pool, log);
    hire(&f, "lea", NGX_CHAT_ROLE_ADMIN);

    arg(&a, login, "lea");
    read_command(&f, &answer, ngx_chat_operator_verify, &a);
    is_result(&answer, CREDENTIALS, "a login alone");

    memset(&a, 0, sizeof(a));
    a.operator = 1;
    a.id = 1;
    arg(&a, hash, "new");
    write_command(&f, &answer, ngx_chat_operator_password, &a);
    is_result(&answer, CREDENTIALS, "one's own password unverified");

    fixture_stop(&f);
}


UNIT_TEST(what_changes_between_verifying_and_logging_in)
{
    int64_t          admin;
    ngx_chat_job_t  *job;

    begin(pool, log);

    admin = hire(&f, "admin", NGX_CHAT_ROLE_ADMIN);
    employ(pool, admin, "lea", "correct horse", NGX_CHAT_ROLE_AGENT);

    verify(pool, "lea", "correct horse", &job);

    memset(&a, 0, sizeof(a));
    a.operator = admin;
    a.id = 2;
    arg(&a, hash, "another");
    write_command(&f, &answer, ngx_chat_operator_password, &a);
    is_result(&answer, EMPTY, "the password");

    is_int(log_in(job, HASH_A, 1000), NGX_DECLINED, "refused");
    is_int(job->result, NGX_CHAT_RESULT_CREDENTIALS, "with that reason");
    ngx_chat_job_destroy(job);

    employ(pool, admin, "bo", "correct horse", NGX_CHAT_ROLE_AGENT);
    verify(pool, "bo", "correct horse", &job);

    memset(&a, 0, sizeof(a));
    a.operator = admin;
    a.id = 3;
    a.disabled = NGX_CHAT_TRUE;
    write_command(&f, &answer, ngx_chat_operator_update, &a);
    is_result(&answer, OK, "disabled");

    is_int(log_in(job, HASH_A, 1000), NGX_DECLINED, "refused");
    ngx_chat_job_destroy(job);

    is_int(verify(pool, "bo", "correct horse", &job), NGX_DECLINED,
           "and not verified any more");
    ngx_chat_job_destroy(job);

    fixture_stop(&f);
}


UNIT_TEST(changing_a_password)
{
    int64_t                    admin;
    ngx_chat_job_t            *job;
    ngx_chat_operator_args_t  *args;

    begin(pool, log);

    admin = hire(&f, "admin", NGX_CHAT_ROLE_ADMIN);
    employ(pool, admin, "lea", "correct horse", NGX_CHAT_ROLE_AGENT);

    verify(pool, "lea", "correct horse", &job);
    log_in(job, HASH_A, 1000);
    log_in(job, HASH_B, 1000);

    /* one's own, with the job that verified it: this session stays */

    args = job->args;
    args->operator = 2;
    args->id = 2;
    arg(args, hash, "new hash");
    args->session.data = (u_char *) HASH_B;
    job->run = ngx_chat_operator_password;

    is_int(fixture_write(&f, job), NGX_OK, "one's own");
    is_int(job->result, NGX_CHAT_RESULT_EMPTY, "done");
    ngx_chat_job_destroy(job);

    who(HASH_A, 10);
    is_result(&answer, CREDENTIALS, "other sessions end");
    who(HASH_B, 10);
    is_result(&answer, OK, "this one stays");

    memset(&a, 0, sizeof(a));
    a.operator = 2;
    a.id = admin;
    arg(&a, hash, "mine now");
    write_command(&f, &answer, ngx_chat_operator_password, &a);
    is_result(&answer, ROLE, "another's needs an admin");

    a.operator = admin;
    a.id = 99;
    write_command(&f, &answer, ngx_chat_operator_password, &a);
    is_result(&answer, NOT_FOUND, "of nobody");

    a.id = 2;
    arg(&a, session, HASH_B);
    write_command(&f, &answer, ngx_chat_operator_password, &a);
    is_result(&answer, EMPTY, "by an admin");
    who(HASH_B, 10);
    is_result(&answer, CREDENTIALS, "all sessions end");

    fixture_stop(&f);
}
