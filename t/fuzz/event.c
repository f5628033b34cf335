
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * An event with any bytes for its texts, of any type: what is rendered is one
 * line of JSON that says the same again, for those who may see it.
 */


#include "fuzz.h"
#include "base/json_in.h"
#include "base/text.h"
#include "domain/event.h"


static void fuzz_message(ngx_chat_json_t *root, ngx_chat_event_t *event);
static ngx_chat_json_t *fuzz_member(ngx_chat_json_t *object,
    const char *name);


/* type, author, value, length of the name; then name and text */

static void
fuzz(ngx_pool_t *pool, ngx_str_t *input)
{
    size_t              len;
    ngx_str_t           why;
    ngx_chat_json_t    *root;
    ngx_chat_event_t    event;
    ngx_chat_record_t   record;

    if (input->len < 4) {
        return;
    }

    memset(&event, 0, sizeof(event));

    event.id = 7;
    event.conversation = 12;
    event.visitor = 3;
    event.at = 1764000000123;
    event.type = input->data[0];
    event.author = input->data[1] % 3 + 1;
    event.author_id = 3;
    event.value = (signed char) input->data[2];

    /* what this one holds is JSON already, of our own making */

    if (event.type == NGX_CHAT_EVENT_VISITS) {
        return;
    }

    len = ngx_min((size_t) input->data[3], input->len - 4);

    event.author_name.data = input->data + 4;
    event.author_name.len = len;
    event.text.data = input->data + 4 + len;
    event.text.len = input->len - 4 - len;
    ngx_str_set(&event.client_id, "0123456789");

    if (ngx_chat_event_render(&event, pool, &record) != NGX_OK) {
        return;
    }

    if (record.body.len == 0) {
        must((record.audience & ~NGX_CHAT_TO_WORKERS) == 0);
        return;
    }

    must(ngx_strlchr(record.body.data, record.body.data + record.body.len, LF)
         == NULL);

    root = ngx_chat_json_parse(pool, &record.body, &why);

    if (root == NULL) {

        /* NUL is valid UTF-8, and no text that comes in by a request */

        must(memchr(event.author_name.data, 0, event.author_name.len)
             || memchr(event.text.data, 0, event.text.len));
        return;
    }

    must(fuzz_member(root, "at")->value == event.at);

    if (event.type == NGX_CHAT_EVENT_MESSAGE) {
        fuzz_message(root, &event);
    }
}


static void
fuzz_message(ngx_chat_json_t *root, ngx_chat_event_t *event)
{
    ngx_chat_json_t  *text;

    text = fuzz_member(fuzz_member(root, "data"), "text");

    must(ngx_chat_text_length(&event->text) >= 0);
    must(text->str.len == event->text.len
         && memcmp(text->str.data, event->text.data, text->str.len) == 0);
    must(fuzz_member(root, "id")->value == event->id);
}


static ngx_chat_json_t *
fuzz_member(ngx_chat_json_t *object, const char *name)
{
    ngx_str_t         key;
    ngx_chat_json_t  *member;

    key.data = (u_char *) name;
    key.len = strlen(name);

    member = ngx_chat_json_member(object, &key);
    must(member != NULL);

    return member;
}
