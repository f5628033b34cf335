
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Words that messages may not have: words.h.  Store threads, inside a job.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/words.h"


static ngx_int_t ngx_chat_words_answer(ngx_chat_job_t *job,
    ngx_chat_words_t *words);


static ngx_str_t  ngx_chat_words_name = ngx_string("words");


ngx_int_t
ngx_chat_words_show(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_str_t         json;
    ngx_chat_words_t  words;

    if (ngx_chat_db_setting(db, job->pool, &ngx_chat_words_name, &json)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_words_read(job->pool, &json, &words);

    return ngx_chat_words_answer(job, &words);
}


static ngx_int_t
ngx_chat_words_answer(ngx_chat_job_t *job, ngx_chat_words_t *words)
{
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_words_json(o, "words", words);
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_words_put(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_words_args_t *a = job->args;

    ngx_int_t             rc;
    ngx_str_t             json;
    ngx_chat_operator_t   op;
    ngx_chat_json_out_t  *o;

    rc = ngx_chat_command_operator(job, db, a->operator, NGX_CHAT_ROLE_ADMIN,
                                   &op);
    if (rc != NGX_OK) {
        return rc;
    }

    o = ngx_chat_json_out(job->pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_words_json(o, NULL, &a->words);

    if (ngx_chat_json_end(o, &json) != NGX_OK
        || ngx_chat_db_setting_put(db, &ngx_chat_words_name, &json) != NGX_OK
        || ngx_chat_db_audit(db, a->now, op.id, "words.put", 0, NULL)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_chat_words_answer(job, &a->words);
}


ngx_int_t
ngx_chat_words_look(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_words_look_t *a = job->args;

    uint64_t          version;
    ngx_str_t         json;
    ngx_chat_words_t  words;

    if (ngx_chat_db_setting(db, job->pool, &ngx_chat_words_name, &json)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    version = json.len == 0
              ? 0 : (uint64_t) ngx_murmur_hash2(json.data, json.len) << 32
                    | ngx_crc32_long(json.data, json.len) | 1;

    if (version == a->version) {
        job->result = NGX_CHAT_RESULT_EMPTY;
        return NGX_OK;
    }

    a->version = version;
    job->result = NGX_CHAT_RESULT_OK;

    ngx_chat_words_read(job->pool, &json, &words);

    return ngx_chat_words_compile(job->pool, &words, &job->body);
}
