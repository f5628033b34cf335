
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * The chat's looks: brand.h.  Store threads, inside a job.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "command/brand.h"
#include "command/setting.h"


static ngx_int_t ngx_chat_brand_load(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_brand_t *brand);
static ngx_int_t ngx_chat_brand_answer(ngx_chat_job_t *job,
    ngx_chat_brand_t *brand);


static ngx_chat_setting_t  ngx_chat_brand_setting = {
    ngx_string("brand"), "brand.put"
};


/* in the job's pool; zeroed when nothing was set */

static ngx_int_t
ngx_chat_brand_load(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_chat_brand_t *brand)
{
    ngx_str_t  json;

    if (ngx_chat_db_setting(db, job->pool, &ngx_chat_brand_setting.name, &json)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_chat_brand_read(job->pool, &json, brand);

    return NGX_OK;
}


ngx_int_t
ngx_chat_brand_welcome(ngx_chat_job_t *job, ngx_chat_db_t *db,
    ngx_str_t *locale, ngx_chat_json_out_t *o)
{
    ngx_chat_brand_t  brand;
    ngx_chat_texts_t  texts;

    if (ngx_chat_brand_load(job, db, &brand) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_chat_brand_speak(&brand, ngx_chat_locale_for(locale), &texts);

    ngx_chat_texts_json(o, "texts", &texts);
    ngx_chat_brand_look_json(o, "brand", &brand);

    return NGX_OK;
}


ngx_int_t
ngx_chat_brand_show(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_brand_t  brand;

    return ngx_chat_brand_load(job, db, &brand) == NGX_OK
           ? ngx_chat_brand_answer(job, &brand) : NGX_ERROR;
}


static ngx_int_t
ngx_chat_brand_answer(ngx_chat_job_t *job, ngx_chat_brand_t *brand)
{
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_json_open(o, NULL);
    ngx_chat_brand_json(o, "brand", brand);
    ngx_chat_texts_all_json(o, "standard");
    ngx_chat_json_close(o);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_brand_look(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_brand_t      brand;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL || ngx_chat_brand_load(job, db, &brand) != NGX_OK) {
        return NGX_ERROR;
    }

    /* pages are not to carry what the loader knows */

    if (ngx_chat_brand_plain(&brand)) {
        return NGX_OK;
    }

    ngx_chat_brand_look_json(o, NULL, &brand);

    return ngx_chat_command_answer(job, o, NGX_CHAT_RESULT_OK);
}


ngx_int_t
ngx_chat_brand_put(ngx_chat_job_t *job, ngx_chat_db_t *db)
{
    ngx_chat_brand_args_t *a = job->args;

    ngx_int_t             rc;
    ngx_chat_json_out_t  *o;

    o = ngx_chat_json_out(job->pool);
    if (o == NULL) {
        return NGX_ERROR;
    }

    ngx_chat_brand_json(o, NULL, &a->brand);

    rc = ngx_chat_setting_put(job, db, &ngx_chat_brand_setting, a->operator,
                              a->now, o);

    return rc == NGX_OK ? ngx_chat_brand_answer(job, &a->brand) : rc;
}
