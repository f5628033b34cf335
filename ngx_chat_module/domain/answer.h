
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What a visitor fills the form in with (form.h): checked here, whatever the
 * browser has checked.  Pure; any thread.
 */

#ifndef NGX_CHAT_ANSWER_H
#define NGX_CHAT_ANSWER_H


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/form.h"
#include "domain/visitor.h"


#define NGX_CHAT_ANSWER_LINE  200       /* characters, of a line or address */
#define NGX_CHAT_ANSWER_TEXT  1000


/*
 * Reads an array of {"name":...,"value":...}.  Name and e-mail address become
 * the visitor's, as it says; all else becomes visitor->form, an array of
 * {"type":...,"label":...,"value":...} with the label that the form has first.
 * What is empty is left out.  known as in ngx_chat_form_missing().  NGX_ERROR
 * with *err: the first wrong one, or one that is missing; the visitor is as it
 * was.
 */
ngx_int_t ngx_chat_answers_read(ngx_pool_t *pool, ngx_chat_form_t *form,
    ngx_chat_json_t *answers, ngx_uint_t known, ngx_chat_visitor_t *visitor,
    ngx_chat_field_error_t *err);


#endif /* NGX_CHAT_ANSWER_H */
