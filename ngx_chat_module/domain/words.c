
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * A table is a head, the places of its phrases, and their folded texts in
 * order, each with a space at its end.  So the phrases that begin with one
 * word stand side by side, and a phrase that a text begins with there ends at
 * a word's end in it.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/fold.h"
#include "base/text.h"
#include "domain/words.h"


typedef struct {
    uint32_t    action;
    uint32_t    n;
    uint32_t    places[1];          /* n + 1, from the table's beginning */
} ngx_chat_words_head_t;


static ngx_uint_t ngx_chat_words_next(ngx_str_t *rest, ngx_str_t *line);
static ngx_int_t ngx_chat_words_phrases(ngx_pool_t *pool,
    ngx_chat_words_t *words, ngx_array_t *phrases);
static int ngx_libc_cdecl ngx_chat_words_order(const void *one,
    const void *two);
static void ngx_chat_words_fill(ngx_str_t *table, ngx_uint_t action,
    ngx_array_t *phrases);
static ngx_uint_t ngx_chat_words_first(ngx_chat_words_head_t *t, u_char *base,
    ngx_str_t *word);
static void ngx_chat_words_phrase(ngx_chat_words_head_t *t, u_char *base,
    ngx_uint_t i, ngx_str_t *phrase);
static ngx_uint_t ngx_chat_words_begins(ngx_str_t *text, ngx_str_t *with);


static ngx_str_t  ngx_chat_words_actions[] = {
    ngx_string("refuse"), ngx_string("hide"), ngx_null_string
};

ngx_chat_field_t  ngx_chat_words_fields[] = {

    { ngx_string("action"), NGX_CHAT_FIELD_ENUM, 0, 0, 0,
      offsetof(ngx_chat_words_t, action), ngx_chat_words_actions, NULL,
      NULL },

    { ngx_string("list"), NGX_CHAT_FIELD_TEXT, 0, 0, NGX_CHAT_WORDS_BYTES,
      offsetof(ngx_chat_words_t, list), NULL, NULL, NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


const char *
ngx_chat_words_wrong(ngx_chat_words_t *words)
{
    ngx_str_t   rest, line;
    ngx_uint_t  n;

    if (words->list.len > NGX_CHAT_WORDS_BYTES) {
        return "is longer than 48 KiB";
    }

    rest = words->list;

    for (n = 0; ngx_chat_words_next(&rest, &line); n++) {

        if (n == NGX_CHAT_WORDS_LINES) {
            return "has more than 1000 lines";
        }

        if (ngx_chat_text_length(&line) > NGX_CHAT_WORDS_LINE) {
            return "has a line of more than 100 characters";
        }
    }

    return NULL;
}


/* the next line that shows something; 0: there is none */

static ngx_uint_t
ngx_chat_words_next(ngx_str_t *rest, ngx_str_t *line)
{
    u_char  *end;

    while (rest->len) {
        end = ngx_strlchr(rest->data, rest->data + rest->len, '\n');

        line->data = rest->data;
        line->len = end ? (size_t) (end - rest->data) : rest->len;

        rest->data += line->len + (end != NULL);
        rest->len -= line->len + (end != NULL);

        if (!ngx_chat_text_blank(line)) {
            return 1;
        }
    }

    return 0;
}


void
ngx_chat_words_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_words_t *words)
{
    ngx_chat_json_open(o, name);
    ngx_chat_json_enum(o, "action", ngx_chat_words_actions, words->action);
    ngx_chat_json_str(o, "list", &words->list);
    ngx_chat_json_close(o);
}


void
ngx_chat_words_read(ngx_pool_t *pool, ngx_str_t *json,
    ngx_chat_words_t *words)
{
    ngx_memzero(words, sizeof(ngx_chat_words_t));

    if (ngx_chat_fields_parse(pool, json, ngx_chat_words_fields, words)
        != NGX_OK
        || ngx_chat_words_wrong(words))
    {
        ngx_memzero(words, sizeof(ngx_chat_words_t));
    }
}


ngx_int_t
ngx_chat_words_compile(ngx_pool_t *pool, ngx_chat_words_t *words,
    ngx_str_t *table)
{
    size_t        len;
    ngx_str_t    *phrase;
    ngx_uint_t    i;
    ngx_array_t   phrases;

    ngx_str_null(table);

    if (ngx_chat_words_phrases(pool, words, &phrases) != NGX_OK) {
        return NGX_ERROR;
    }

    if (phrases.nelts == 0) {
        return NGX_OK;
    }

    phrase = phrases.elts;
    len = offsetof(ngx_chat_words_head_t, places) + sizeof(uint32_t);

    for (i = 0; i < phrases.nelts; i++) {
        len += sizeof(uint32_t) + phrase[i].len;
    }

    table->data = ngx_palloc(pool, len);
    if (table->data == NULL) {
        return NGX_ERROR;
    }

    table->len = len;

    ngx_qsort(phrases.elts, phrases.nelts, sizeof(ngx_str_t),
              ngx_chat_words_order);

    ngx_chat_words_fill(table, words->action, &phrases);

    return NGX_OK;
}


/* each folded, without its first space; what is nothing but signs is none */

static ngx_int_t
ngx_chat_words_phrases(ngx_pool_t *pool, ngx_chat_words_t *words,
    ngx_array_t *phrases)
{
    ngx_str_t  rest, line, *phrase;

    if (ngx_array_init(phrases, pool, 64, sizeof(ngx_str_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    rest = words->list;

    while (ngx_chat_words_next(&rest, &line)) {

        phrase = ngx_array_push(phrases);
        if (phrase == NULL) {
            return NGX_ERROR;
        }

        phrase->data = ngx_pnalloc(pool, ngx_chat_fold_size(line.len));
        if (phrase->data == NULL) {
            return NGX_ERROR;
        }

        phrase->len = ngx_chat_fold(phrase->data, &line);

        if (phrase->len == 0) {
            phrases->nelts--;
            continue;
        }

        phrase->data++;
        phrase->len--;
    }

    return NGX_OK;
}


static int ngx_libc_cdecl
ngx_chat_words_order(const void *one, const void *two)
{
    ngx_int_t         rc;
    const ngx_str_t  *a = one;
    const ngx_str_t  *b = two;

    rc = ngx_memcmp(a->data, b->data, ngx_min(a->len, b->len));

    return rc ? (int) rc : a->len < b->len ? -1 : a->len > b->len;
}


static void
ngx_chat_words_fill(ngx_str_t *table, ngx_uint_t action, ngx_array_t *phrases)
{
    u_char                 *p;
    ngx_str_t              *phrase;
    ngx_uint_t              i;
    ngx_chat_words_head_t  *t;

    t = (ngx_chat_words_head_t *) table->data;
    phrase = phrases->elts;

    t->action = (uint32_t) action;
    t->n = (uint32_t) phrases->nelts;

    p = (u_char *) &t->places[t->n + 1];

    for (i = 0; i < t->n; i++) {
        t->places[i] = (uint32_t) (p - table->data);
        p = ngx_cpymem(p, phrase[i].data, phrase[i].len);
    }

    t->places[i] = (uint32_t) (p - table->data);
}


ngx_uint_t
ngx_chat_words_found(ngx_str_t *table, ngx_str_t *text, u_char *buf,
    ngx_chat_words_action_e *action)
{
    u_char                 *p, *last, *space;
    ngx_str_t               rest, word, phrase;
    ngx_uint_t              i;
    ngx_chat_words_head_t  *t;

    if (table->len == 0) {
        return 0;
    }

    t = (ngx_chat_words_head_t *) table->data;
    *action = t->action;

    p = buf;
    last = buf + ngx_chat_fold(buf, text);

    /* from each word on, behind its space */

    for (p++; p < last; p = space + 1) {
        space = ngx_strlchr(p, last, ' ');

        if (space == NULL) {
            break;
        }

        word.data = p;
        word.len = space + 1 - p;

        rest.data = p;
        rest.len = last - p;

        for (i = ngx_chat_words_first(t, table->data, &word); i < t->n; i++) {
            ngx_chat_words_phrase(t, table->data, i, &phrase);

            if (ngx_chat_words_begins(&rest, &phrase)) {
                return 1;
            }

            if (!ngx_chat_words_begins(&phrase, &word)) {
                break;
            }
        }
    }

    return 0;
}


/* the first phrase that is not before the word */

static ngx_uint_t
ngx_chat_words_first(ngx_chat_words_head_t *t, u_char *base, ngx_str_t *word)
{
    ngx_str_t   phrase;
    ngx_uint_t  low, high, i;

    low = 0;
    high = t->n;

    while (low < high) {
        i = (low + high) / 2;

        ngx_chat_words_phrase(t, base, i, &phrase);

        if (ngx_chat_words_order(&phrase, word) < 0) {
            low = i + 1;

        } else {
            high = i;
        }
    }

    return low;
}


static void
ngx_chat_words_phrase(ngx_chat_words_head_t *t, u_char *base, ngx_uint_t i,
    ngx_str_t *phrase)
{
    phrase->data = base + t->places[i];
    phrase->len = t->places[i + 1] - t->places[i];
}


static ngx_uint_t
ngx_chat_words_begins(ngx_str_t *text, ngx_str_t *with)
{
    return text->len >= with->len
           && ngx_memcmp(text->data, with->data, with->len) == 0;
}
