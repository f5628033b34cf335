
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "domain/brand.h"


#define brand(field)  offsetof(ngx_chat_brand_t, field)

#define ngx_chat_brand_word(name, n, field, max)                              \
    { ngx_string(name), NGX_CHAT_FIELD_TEXT, 0, 0, max,                       \
      brand(texts[n].field), NULL, NULL, NULL }

#define ngx_chat_brand_words(n)                                               \
    ngx_chat_brand_word("title", n, title, 60),                               \
    ngx_chat_brand_word("welcome", n, welcome, 300),                          \
    ngx_chat_brand_word("away", n, away, 300),                                \
    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }


static void ngx_chat_brand_members(ngx_chat_json_out_t *o,
    ngx_chat_brand_t *brand);
static ngx_uint_t ngx_chat_brand_hex(ngx_str_t *s);


static ngx_str_t  ngx_chat_brand_sides[] = {
    ngx_string("end"), ngx_string("left"), ngx_string("right"),
    ngx_null_string
};

static ngx_str_t  ngx_chat_brand_icons[] = {
    ngx_string("bubble"), ngx_string("square"), ngx_string("help"),
    ngx_null_string
};

static ngx_chat_field_t  ngx_chat_brand_en[] = { ngx_chat_brand_words(0) };
static ngx_chat_field_t  ngx_chat_brand_fr[] = { ngx_chat_brand_words(1) };
static ngx_chat_field_t  ngx_chat_brand_de[] = { ngx_chat_brand_words(2) };

static ngx_chat_field_t  ngx_chat_brand_texts[] = {

    ngx_chat_locale_fields(ngx_chat_brand_en, ngx_chat_brand_fr,
                           ngx_chat_brand_de),

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};

ngx_chat_field_t  ngx_chat_brand_fields[] = {

    { ngx_string("colour"), NGX_CHAT_FIELD_LINE, 0, 0, 7,
      brand(colour), NULL, NULL, NULL },

    { ngx_string("side"), NGX_CHAT_FIELD_ENUM, 0, 0, 0,
      brand(side), ngx_chat_brand_sides, NULL, NULL },

    { ngx_string("x"), NGX_CHAT_FIELD_INT, 0, 0, 200,
      brand(x), NULL, NULL, NULL },

    { ngx_string("y"), NGX_CHAT_FIELD_INT, 0, 0, 200,
      brand(y), NULL, NULL, NULL },

    { ngx_string("icon"), NGX_CHAT_FIELD_ENUM, 0, 0, 0,
      brand(icon), ngx_chat_brand_icons, NULL, NULL },

    { ngx_string("avatar"), NGX_CHAT_FIELD_LINE, 0, 0, 300,
      brand(avatar), NULL, NULL, NULL },

    { ngx_string("texts"), NGX_CHAT_FIELD_OBJECT, 0, 0, 0, 0, NULL, NULL,
      ngx_chat_brand_texts },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL, NULL }
};


ngx_str_t *
ngx_chat_brand_wrong(ngx_chat_brand_t *brand)
{
    static ngx_str_t  colour = ngx_string("colour");
    static ngx_str_t  avatar = ngx_string("avatar");

    if (brand->colour.len && !ngx_chat_brand_hex(&brand->colour)) {
        return &colour;
    }

    if (brand->avatar.len && !ngx_chat_brand_address(&brand->avatar)) {
        return &avatar;
    }

    return NULL;
}


static ngx_uint_t
ngx_chat_brand_hex(ngx_str_t *s)
{
    size_t  i;

    for (i = 1; i < s->len; i++) {
        if (ngx_hextoi(s->data + i, 1) == NGX_ERROR) {
            return 0;
        }
    }

    return s->len == 7 && s->data[0] == '#';
}


ngx_uint_t
ngx_chat_brand_address(ngx_str_t *s)
{
    return (s->len > 1 && s->data[0] == '/' && s->data[1] != '/'
            && s->data[1] != '\\')
           || (s->len > 8 && ngx_strncmp(s->data, "https://", 8) == 0);
}


ngx_uint_t
ngx_chat_brand_plain(ngx_chat_brand_t *brand)
{
    return brand->colour.len == 0
           && brand->side == 0
           && brand->x == 0
           && brand->y == 0
           && brand->icon == 0
           && brand->avatar.len == 0;
}


void
ngx_chat_brand_look_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_brand_t *brand)
{
    ngx_chat_json_open(o, name);
    ngx_chat_brand_members(o, brand);
    ngx_chat_json_close(o);
}


static void
ngx_chat_brand_members(ngx_chat_json_out_t *o, ngx_chat_brand_t *brand)
{
    ngx_chat_json_str(o, "colour", &brand->colour);
    ngx_chat_json_enum(o, "side", ngx_chat_brand_sides, brand->side);
    ngx_chat_json_int(o, "x", brand->x);
    ngx_chat_json_int(o, "y", brand->y);
    ngx_chat_json_enum(o, "icon", ngx_chat_brand_icons, brand->icon);
    ngx_chat_json_str(o, "avatar", &brand->avatar);
}


void
ngx_chat_brand_json(ngx_chat_json_out_t *o, const char *name,
    ngx_chat_brand_t *brand)
{
    ngx_uint_t  i;

    ngx_chat_json_open(o, name);

    ngx_chat_brand_members(o, brand);
    ngx_chat_json_open(o, "texts");

    for (i = 0; i < NGX_CHAT_LOCALES; i++) {
        ngx_chat_texts_json(o, ngx_chat_locales[i], &brand->texts[i]);
    }

    ngx_chat_json_close(o);
    ngx_chat_json_close(o);
}


void
ngx_chat_brand_speak(ngx_chat_brand_t *brand, ngx_uint_t locale,
    ngx_chat_texts_t *texts)
{
    ngx_chat_texts_t  *own;

    own = &brand->texts[locale];

    *texts = ngx_chat_texts[locale];

    texts->title = own->title.len ? own->title : texts->title;
    texts->welcome = own->welcome.len ? own->welcome : texts->welcome;
    texts->away = own->away.len ? own->away : texts->away;
}


void
ngx_chat_brand_read(ngx_pool_t *pool, ngx_str_t *json,
    ngx_chat_brand_t *brand)
{
    ngx_memzero(brand, sizeof(ngx_chat_brand_t));

    if (ngx_chat_fields_parse(pool, json, ngx_chat_brand_fields, brand)
        != NGX_OK
        || ngx_chat_brand_wrong(brand))
    {
        ngx_memzero(brand, sizeof(ngx_chat_brand_t));
    }
}
