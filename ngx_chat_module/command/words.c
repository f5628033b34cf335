
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Words that messages may not have: words.h.  Store threads, inside a job.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/words.h"
#include "command/setting.h"


static ngx_int_t ngx_chat_words_answer(ngx_chat_job_t *job,
    ngx_chat_words_t *words);


static ngx_chat_setting_t  ngx_chat_words_setting = {
    ngx_string("words"), "words.put"
};


ngx_int_t
ngx_chat_words_show(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_str_t         json;
    ngx_chat_words_t  words;

    if (ngx_chat_db_setting(db, job->pool, &ngx_chat_words_setting.name, &json)
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
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_words_json(o, NULL, &a->words);

    rc = ngx_chat_setting_put(job, db, &ngx_chat_words_setting, a->operator,
                              a->now, o);

    return rc == NGX_OK ? ngx_chat_words_answer(job, &a->words) : rc;
}


ngx_int_t
ngx_chat_words_look(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_words_look_t *a = job->args;

    uint64_t          version;
    ngx_str_t         json;
    ngx_chat_words_t  words;

    if (ngx_chat_db_setting(db, job->pool, &ngx_chat_words_setting.name, &json)
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
