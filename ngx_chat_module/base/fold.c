
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "base/fold.h"
#include "base/text.h"


typedef enum {
    NGX_CHAT_FOLD_SPACE = 0,        /* ends a word */
    NGX_CHAT_FOLD_NOTHING,          /* is as if it were not there */
    NGX_CHAT_FOLD_ALONE             /* is a word of its own */
} ngx_chat_fold_e;


typedef struct {
    uint32_t          first;
    uint32_t          last;
    ngx_chat_fold_e   is;
} ngx_chat_fold_range_t;


typedef struct {
    uint32_t          first;
    const char       *letters;      /* one for each character from .first;
                                       a digit: two letters; '.': itself */
} ngx_chat_fold_latin_t;


static uint32_t ngx_chat_fold_letter(uint32_t ch, const char **two);
static uint32_t ngx_chat_fold_latin(uint32_t ch, const char **two);
static uint32_t ngx_chat_fold_greek(uint32_t ch);
static uint32_t ngx_chat_fold_cyrillic(uint32_t ch);
static ngx_int_t ngx_chat_fold_kind(uint32_t ch);


static const char  *ngx_chat_fold_pairs[] = { "ae", "th", "ss", "ij", "oe" };

static ngx_chat_fold_latin_t  ngx_chat_fold_latins[] = {

    { 0x00c0,
      "aaaaaa1ceeeeiiiidnooooo ouuuuy23aaaaaa1ceeeeiiiidnooooo ouuuuy2y"
      "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii44jjkkklllllll"
      "lllnnnnnnnnnoooooo55rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs" },

    { 0x01cd,
      "aaiioouuuuuuuuuu.aaaa11ggggkkoooo..j...gg..nnaa11ooaaaaeeeeiiiio"
      "ooorrrruuuusstt..hh..oo..aaeeooooooooyy" },

    { 0x1e00,
      "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
      "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
      "wwwwwwwwwwxxxxyyzzzzzzhtwy.s..3.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
      "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......" }
};


/* of U+0386 and on, and of U+0430 and on: accented, plain */

static uint16_t  ngx_chat_fold_greeks[][2] = {
    { 0x0386, 0x03b1 }, { 0x0388, 0x03b5 }, { 0x0389, 0x03b7 },
    { 0x038a, 0x03b9 }, { 0x038c, 0x03bf }, { 0x038e, 0x03c5 },
    { 0x038f, 0x03c9 }, { 0x0390, 0x03b9 }, { 0x03aa, 0x03b9 },
    { 0x03ab, 0x03c5 }, { 0x03ac, 0x03b1 }, { 0x03ad, 0x03b5 },
    { 0x03ae, 0x03b7 }, { 0x03af, 0x03b9 }, { 0x03b0, 0x03c5 },
    { 0x03c2, 0x03c3 }, { 0x03ca, 0x03b9 }, { 0x03cb, 0x03c5 },
    { 0x03cc, 0x03bf }, { 0x03cd, 0x03c5 }, { 0x03ce, 0x03c9 },
    { 0, 0 }
};

static uint16_t  ngx_chat_fold_cyrillics[][2] = {
    { 0x0439, 0x0438 }, { 0x0450, 0x0435 }, { 0x0451, 0x0435 },
    { 0x0453, 0x0433 }, { 0x0457, 0x0456 }, { 0x045c, 0x043a },
    { 0x045d, 0x0438 }, { 0x045e, 0x0443 }, { 0, 0 }
};


/* what is no letter of a word; in order, those below U+0080 are not here */

static ngx_chat_fold_range_t  ngx_chat_fold_ranges[] = {
    { 0x0080, 0x00a9, NGX_CHAT_FOLD_SPACE },
    { 0x00ab, 0x00ac, NGX_CHAT_FOLD_SPACE },
    { 0x00ad, 0x00ad, NGX_CHAT_FOLD_NOTHING },
    { 0x00ae, 0x00b4, NGX_CHAT_FOLD_SPACE },
    { 0x00b6, 0x00b9, NGX_CHAT_FOLD_SPACE },
    { 0x00bb, 0x00bf, NGX_CHAT_FOLD_SPACE },
    { 0x0300, 0x036f, NGX_CHAT_FOLD_NOTHING },
    { 0x0e00, 0x0eff, NGX_CHAT_FOLD_ALONE },
    { 0x1000, 0x109f, NGX_CHAT_FOLD_ALONE },
    { 0x1680, 0x1680, NGX_CHAT_FOLD_SPACE },
    { 0x1780, 0x17ff, NGX_CHAT_FOLD_ALONE },
    { 0x180e, 0x180e, NGX_CHAT_FOLD_NOTHING },
    { 0x1ab0, 0x1aff, NGX_CHAT_FOLD_NOTHING },
    { 0x1dc0, 0x1dff, NGX_CHAT_FOLD_NOTHING },
    { 0x2000, 0x200a, NGX_CHAT_FOLD_SPACE },
    { 0x200b, 0x200f, NGX_CHAT_FOLD_NOTHING },
    { 0x2010, 0x2029, NGX_CHAT_FOLD_SPACE },
    { 0x202a, 0x202e, NGX_CHAT_FOLD_NOTHING },
    { 0x202f, 0x205f, NGX_CHAT_FOLD_SPACE },
    { 0x2060, 0x206f, NGX_CHAT_FOLD_NOTHING },
    { 0x20a0, 0x20cf, NGX_CHAT_FOLD_SPACE },
    { 0x20d0, 0x20ff, NGX_CHAT_FOLD_NOTHING },
    { 0x2190, 0x2bff, NGX_CHAT_FOLD_ALONE },
    { 0x2e00, 0x2e7f, NGX_CHAT_FOLD_SPACE },
    { 0x2e80, 0x2fff, NGX_CHAT_FOLD_ALONE },
    { 0x3000, 0x3003, NGX_CHAT_FOLD_SPACE },
    { 0x3008, 0x3020, NGX_CHAT_FOLD_SPACE },
    { 0x3021, 0xa4cf, NGX_CHAT_FOLD_ALONE },
    { 0xac00, 0xd7ff, NGX_CHAT_FOLD_ALONE },
    { 0xf900, 0xfaff, NGX_CHAT_FOLD_ALONE },
    { 0xfe00, 0xfe0f, NGX_CHAT_FOLD_NOTHING },
    { 0xfe10, 0xfe6f, NGX_CHAT_FOLD_SPACE },
    { 0xfeff, 0xfeff, NGX_CHAT_FOLD_NOTHING },
    { 0xff00, 0xff65, NGX_CHAT_FOLD_SPACE },
    { 0xff66, 0xff9f, NGX_CHAT_FOLD_ALONE },
    { 0xffe0, 0xffff, NGX_CHAT_FOLD_SPACE },
    { 0x1f000, 0x1faff, NGX_CHAT_FOLD_ALONE },
    { 0x20000, 0x3ffff, NGX_CHAT_FOLD_ALONE },
    { 0xe0000, 0xe01ef, NGX_CHAT_FOLD_NOTHING }
};


size_t
ngx_chat_fold(u_char *dst, ngx_str_t *src)
{
    u_char      *p, *last, *out;
    uint32_t     ch;
    ngx_int_t    kind;
    ngx_uint_t   within;
    const char  *two;

    p = src->data;
    last = p + src->len;
    out = dst;

    for (within = 0; p < last; /* void */) {
        ch = *p < 0x80 ? *p++ : ngx_utf8_decode(&p, last - p);

        two = NULL;
        ch = ngx_chat_fold_letter(ch, &two);
        kind = ngx_chat_fold_kind(ch);

        if (kind == NGX_CHAT_FOLD_NOTHING) {
            continue;
        }

        if (kind == NGX_CHAT_FOLD_SPACE) {
            within = 0;
            continue;
        }

        if (!within || kind == NGX_CHAT_FOLD_ALONE) {
            *out++ = ' ';
        }

        within = kind != NGX_CHAT_FOLD_ALONE;

        if (two) {
            *out++ = (u_char) two[0];
            *out++ = (u_char) two[1];

        } else {
            out = ngx_chat_text_utf8(out, ch);
        }
    }

    if (out != dst) {
        *out++ = ' ';
    }

    return out - dst;
}


/* of the same case and without accents; *two: it is these two letters */

static uint32_t
ngx_chat_fold_letter(uint32_t ch, const char **two)
{
    if (ch < 0x80) {
        return ch >= 'A' && ch <= 'Z' ? ch | 0x20 : ch;
    }

    switch (ch) {
    case 0xaa:
        return 'a';
    case 0xb5:
        return 0x03bc;
    case 0xba:
        return 'o';
    }

    if (ch >= 0xff10 && ch <= 0xff5a) {
        ch -= 0xfee0;
        return ch >= 'A' && ch <= 'Z' ? ch | 0x20 : ch;
    }

    if (ch >= 0x0370 && ch <= 0x03ff) {
        return ngx_chat_fold_greek(ch);
    }

    if (ch >= 0x0400 && ch <= 0x052f) {
        return ngx_chat_fold_cyrillic(ch);
    }

    if (ch >= 0x0531 && ch <= 0x0556) {
        return ch + 0x30;
    }

    return ngx_chat_fold_latin(ch, two);
}


static uint32_t
ngx_chat_fold_latin(uint32_t ch, const char **two)
{
    char                    letter;
    ngx_uint_t              i;
    ngx_chat_fold_latin_t  *latin;

    for (i = 0;
         i < sizeof(ngx_chat_fold_latins) / sizeof(ngx_chat_fold_latins[0]);
         i++)
    {
        latin = &ngx_chat_fold_latins[i];

        if (ch < latin->first
            || ch >= latin->first + ngx_strlen(latin->letters))
        {
            continue;
        }

        letter = latin->letters[ch - latin->first];

        if (letter >= '1' && letter <= '5') {
            *two = ngx_chat_fold_pairs[letter - '1'];
            return 'a';
        }

        return letter == '.' ? ch : (u_char) letter;
    }

    return ch;
}


static uint32_t
ngx_chat_fold_greek(uint32_t ch)
{
    ngx_uint_t  i;

    for (i = 0; ngx_chat_fold_greeks[i][0]; i++) {
        if (ngx_chat_fold_greeks[i][0] == ch) {
            return ngx_chat_fold_greeks[i][1];
        }
    }

    return ch >= 0x0391 && ch <= 0x03a9 ? ch + 0x20 : ch;
}


static uint32_t
ngx_chat_fold_cyrillic(uint32_t ch)
{
    ngx_uint_t  i;

    if (ch < 0x0410) {
        ch += 0x50;

    } else if (ch < 0x0430) {
        ch += 0x20;

    } else if (ch >= 0x04c1 && ch <= 0x04ce) {
        return ch + (ch & 1);

    } else if ((ch >= 0x0460 && ch <= 0x0481) || ch >= 0x048a) {
        return ch | 1;
    }

    for (i = 0; ngx_chat_fold_cyrillics[i][0]; i++) {
        if (ngx_chat_fold_cyrillics[i][0] == ch) {
            return ngx_chat_fold_cyrillics[i][1];
        }
    }

    return ch;
}


/* NGX_DECLINED: a letter or a digit */

static ngx_int_t
ngx_chat_fold_kind(uint32_t ch)
{
    ngx_uint_t              low, high, i;
    ngx_chat_fold_range_t  *r;

    if (ch < 0x80) {
        return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z')
               ? NGX_DECLINED : NGX_CHAT_FOLD_SPACE;
    }

    low = 0;
    high = sizeof(ngx_chat_fold_ranges) / sizeof(ngx_chat_fold_ranges[0]);

    while (low < high) {
        i = (low + high) / 2;
        r = &ngx_chat_fold_ranges[i];

        if (ch < r->first) {
            high = i;

        } else if (ch > r->last) {
            low = i + 1;

        } else {
            return r->is;
        }
    }

    return NGX_DECLINED;
}
