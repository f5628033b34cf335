
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "base/text.h"


typedef struct {
    const char  *name;
    const char  *data;
    size_t       len;
    ngx_int_t    expected;
} text_case_t;


#define TEXT(s)  s, sizeof(s) - 1


static ngx_uint_t text_encode(u_char *p, uint32_t ch);
static ngx_str_t text_exact(const char *data, size_t len);


/* in memory of exactly this size: a byte read behind it is a report */

static ngx_str_t
text_exact(const char *data, size_t len)
{
    ngx_str_t  s;

    s.len = len;
    s.data = malloc(len);

    if (len) {
        memcpy(s.data, data, len);
    }

    return s;
}


static ngx_uint_t
text_encode(u_char *p, uint32_t ch)
{
    if (ch < 0x80) {
        p[0] = ch;
        return 1;
    }

    if (ch < 0x800) {
        p[0] = 0xc0 | (ch >> 6);
        p[1] = 0x80 | (ch & 0x3f);
        return 2;
    }

    if (ch < 0x10000) {
        p[0] = 0xe0 | (ch >> 12);
        p[1] = 0x80 | ((ch >> 6) & 0x3f);
        p[2] = 0x80 | (ch & 0x3f);
        return 3;
    }

    p[0] = 0xf0 | (ch >> 18);
    p[1] = 0x80 | ((ch >> 12) & 0x3f);
    p[2] = 0x80 | ((ch >> 6) & 0x3f);
    p[3] = 0x80 | (ch & 0x3f);

    return 4;
}


UNIT_TEST(length)
{
    ngx_str_t    s;
    ngx_uint_t   i;

    static text_case_t  cases[] = {
        { "empty", TEXT(""), 0 },
        { "ASCII", TEXT("abc"), 3 },
        { "a NUL", TEXT("a\0b"), 3 },
        { "two bytes", TEXT("\xc3\xa9t\xc3\xa9"), 3 },
        { "three bytes", TEXT("\xe2\x82\xac"), 1 },
        { "four bytes", TEXT("\xf0\x9f\x98\x80!"), 2 },
        { "a combining accent counts", TEXT("e\xcc\x81"), 2 },
        { "a lone continuation", TEXT("\x80"), NGX_ERROR },
        { "C0 80 for NUL", TEXT("\xc0\x80"), NGX_ERROR },
        { "C1 BF", TEXT("\xc1\xbf"), NGX_ERROR },
        { "overlong of three", TEXT("\xe0\x9f\xbf"), NGX_ERROR },
        { "overlong of four", TEXT("\xf0\x8f\xbf\xbf"), NGX_ERROR },
        { "the first surrogate", TEXT("\xed\xa0\x80"), NGX_ERROR },
        { "the last surrogate", TEXT("\xed\xbf\xbf"), NGX_ERROR },
        { "a pair of surrogates", TEXT("\xed\xa0\xbd\xed\xb8\x80"),
          NGX_ERROR },
        { "U+110000", TEXT("\xf4\x90\x80\x80"), NGX_ERROR },
        { "F5", TEXT("\xf5\x80\x80\x80"), NGX_ERROR },
        { "FF", TEXT("a\xff"), NGX_ERROR },
        { "five bytes", TEXT("\xf8\x88\x80\x80\x80"), NGX_ERROR },
        { "ASCII in the middle", TEXT("\xe2\x82" "a"), NGX_ERROR },
        { "a lead in the middle", TEXT("\xe2\xc3\xa9"), NGX_ERROR }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        s = text_exact(cases[i].data, cases[i].len);
        is_int(ngx_chat_text_length(&s), cases[i].expected, cases[i].name);
        free(s.data);
    }

    ngx_str_null(&s);
    is_int(ngx_chat_text_length(&s), 0, "no data at all");
}


UNIT_TEST(length_of_every_character)
{
    u_char      buf[4];
    uint32_t    ch;
    ngx_int_t   expected;
    ngx_str_t   s;
    ngx_uint_t  wrong;

    wrong = 0;
    s.data = buf;

    for (ch = 0; ch <= 0x1fffff; ch++) {
        s.len = text_encode(buf, ch);

        expected = (ch > 0x10ffff || (ch >= 0xd800 && ch <= 0xdfff))
                   ? NGX_ERROR : 1;

        if (ngx_chat_text_length(&s) != expected) {
            wrong++;
        }
    }

    is_int(wrong, 0, "each as Unicode has it");
}


/* as many sequences are one character as there are characters */

UNIT_TEST(length_of_every_sequence)
{
    u_char      b[3];
    ngx_str_t   s;
    ngx_uint_t  n, two, three;

    two = 0;
    three = 0;
    s.data = b;

    for (n = 0xc00000; n <= 0xffffff; n++) {
        b[0] = n >> 16;
        b[1] = n >> 8;
        b[2] = n;

        s.len = 3;
        three += (ngx_chat_text_length(&s) == 1);

        if (b[2] == 0) {
            s.len = 2;
            two += (ngx_chat_text_length(&s) == 1);
        }
    }

    is_int(two, 0x800 - 0x80, "of two bytes");
    is_int(three, 0x10000 - 0x800 - 0x800, "of three bytes");
}


/* a first and a second byte fit, or they don't; edges of the other two */

UNIT_TEST(length_of_four_bytes)
{
    u_char      b[4];
    ngx_str_t   s;
    ngx_uint_t  n, i, j, four;

    static u_char  edges[] = { 0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff };

    four = 0;
    s.data = b;
    s.len = 4;

    for (n = 0xe000; n <= 0xffff; n++) {
        b[0] = n >> 8;
        b[1] = n;

        for (i = 0; i < sizeof(edges); i++) {
            for (j = 0; j < sizeof(edges); j++) {
                b[2] = edges[i];
                b[3] = edges[j];

                four += (ngx_chat_text_length(&s) == 1);
            }
        }
    }

    is_int(four, 0x100000 / 0x1000 * 2 * 2, "as many as there are");
}


UNIT_TEST(length_of_truncated_text)
{
    size_t       n;
    ngx_int_t    characters;
    ngx_str_t    s;
    const char  *text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";

    /* what whole characters each prefix has, or none */

    static ngx_int_t  expected[] = { 0, 1, -1, 2, -1, -1, 3, -1, -1, -1, 4 };

    for (n = 0; n <= strlen(text); n++) {
        s = text_exact(text, n);
        characters = ngx_chat_text_length(&s);
        free(s.data);

        ok(characters == expected[n], "%lu bytes", (unsigned long) n);
    }
}


UNIT_TEST(printable)
{
    ngx_str_t   s;
    ngx_uint_t  i;

    /* 0: no, 1: in a text, 2: in a line, too */

    static text_case_t  cases[] = {
        { "empty", TEXT(""), 2 },
        { "words", TEXT("two words"), 2 },
        { "a tab", TEXT("a\tb"), 1 },
        { "a line feed", TEXT("a\nb"), 1 },
        { "a carriage return", TEXT("a\rb"), 0 },
        { "a NUL", TEXT("a\0"), 0 },
        { "U+0008", TEXT("\x08"), 0 },
        { "U+000B", TEXT("\x0b"), 0 },
        { "U+001F", TEXT("\x1f"), 0 },
        { "DEL", TEXT("\x7f"), 0 },
        { "U+0080", TEXT("\xc2\x80"), 0 },
        { "NEL", TEXT("\xc2\x85"), 0 },
        { "U+009F", TEXT("\xc2\x9f"), 0 },
        { "U+00A0", TEXT("\xc2\xa0"), 2 },
        { "U+2027", TEXT("\xe2\x80\xa7"), 2 },
        { "U+202A", TEXT("\xe2\x80\xaa"), 2 },
        { "LINE SEPARATOR", TEXT("a\xe2\x80\xa8" "b"), 1 },
        { "PARAGRAPH SEPARATOR", TEXT("a\xe2\x80\xa9" "b"), 1 },
        { "an emoji", TEXT("\xf0\x9f\x98\x80"), 2 },
        { "not UTF-8", TEXT("a\xff"), 0 },
        { "half a character", TEXT("a\xe2\x82"), 0 }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        s = text_exact(cases[i].data, cases[i].len);

        ok(ngx_chat_text_printable(&s, 0) == (cases[i].expected > 0),
           "%s in a text", cases[i].name);
        ok(ngx_chat_text_printable(&s, 1) == (cases[i].expected > 1),
           "%s in a line", cases[i].name);

        free(s.data);
    }
}


UNIT_TEST(blank)
{
    ngx_str_t   s;
    ngx_uint_t  i;

    static text_case_t  cases[] = {
        { "empty", TEXT(""), 1 },
        { "ASCII's", TEXT(" \t\n\v\f\r"), 1 },
        { "NEL", TEXT("\xc2\x85"), 1 },
        { "no-break space", TEXT(" \xc2\xa0 "), 1 },
        { "soft hyphen", TEXT("\xc2\xad"), 1 },
        { "Ogham space", TEXT("\xe1\x9a\x80"), 1 },
        { "en quad to hair space", TEXT("\xe2\x80\x80\xe2\x80\x8a"), 1 },
        { "zero width space", TEXT("\xe2\x80\x8b"), 1 },
        { "zero width joiner", TEXT("\xe2\x80\x8d"), 1 },
        { "line separator", TEXT("\xe2\x80\xa8"), 1 },
        { "narrow no-break space", TEXT("\xe2\x80\xaf"), 1 },
        { "mathematical space", TEXT("\xe2\x81\x9f"), 1 },
        { "word joiner", TEXT("\xe2\x81\xa0"), 1 },
        { "Braille's blank", TEXT("\xe2\xa0\x80"), 1 },
        { "ideographic space", TEXT("\xe3\x80\x80"), 1 },
        { "Hangul's filler", TEXT("\xe3\x85\xa4"), 1 },
        { "byte order mark", TEXT("\xef\xbb\xbf"), 1 },
        { "a letter", TEXT("a"), 0 },
        { "a letter among blanks", TEXT(" \xe3\x80\x80.\xc2\xa0"), 0 },
        { "a letter at the end", TEXT("    x"), 0 },
        { "a dash", TEXT("\xe2\x80\x90"), 0 },
        { "a zero", TEXT("0"), 0 },
        { "a family", TEXT("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"),
          0 },
        { "not UTF-8", TEXT(" \xff"), 0 }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        s = text_exact(cases[i].data, cases[i].len);
        is_int(ngx_chat_text_blank(&s), cases[i].expected, cases[i].name);
        free(s.data);
    }
}


/* where each range of blanks begins and ends */

UNIT_TEST(blank_ranges)
{
    u_char      buf[4];
    uint32_t    ch;
    ngx_str_t   s;
    ngx_uint_t  i, blank, wrong;

    static uint32_t  ranges[][2] = {
        { 0x9, 0xd }, { ' ', ' ' }, { 0x85, 0x85 }, { 0xa0, 0xa0 },
        { 0xad, 0xad }, { 0x34f, 0x34f }, { 0x115f, 0x1160 },
        { 0x1680, 0x1680 }, { 0x180e, 0x180e }, { 0x2000, 0x200f },
        { 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x2800, 0x2800 },
        { 0x3000, 0x3000 }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },
        { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xe0000, 0xe01ef }
    };

    wrong = 0;
    s.data = buf;

    for (ch = 0; ch <= 0x10ffff; ch++) {

        if (ch == 0xd800) {
            ch = 0xe000;
        }

        for (i = 0, blank = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
            blank |= (ch >= ranges[i][0] && ch <= ranges[i][1]);
        }

        s.len = text_encode(buf, ch);
        wrong += (ngx_chat_text_blank(&s) != blank);
    }

    is_int(wrong, 0, "all other characters are none");
}


UNIT_TEST(cut)
{
    ngx_str_t   s;
    ngx_uint_t  n;

    static const char  text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";
    static size_t      expected[] = { 0, 1, 3, 6, 10, 11, 11, 11 };

    for (n = 0; n < sizeof(expected) / sizeof(expected[0]); n++) {
        s = text_exact(text, sizeof(text) - 1);
        ngx_chat_text_cut(&s, n);

        ok(s.len == expected[n], "after %lu", (unsigned long) n);
        free(s.data);
    }

    s = text_exact("", 0);
    ngx_chat_text_cut(&s, 5);
    is_int(s.len, 0, "nothing to cut");
    free(s.data);
}


UNIT_TEST(newlines)
{
    ngx_str_t   s;
    ngx_uint_t  i;

    static struct {
        const char  *from;
        const char  *to;
    } cases[] = {
        { "", "" },
        { "abc", "abc" },
        { "a\nb", "a\nb" },
        { "a\r\nb", "a\nb" },
        { "a\rb", "a\nb" },
        { "\r\n\r\n", "\n\n" },
        { "\r\r\n\n\r", "\n\n\n\n" },
        { "a\r", "a\n" },
        { "\n\r", "\n\n" }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        s = text_exact(cases[i].from, strlen(cases[i].from));
        ngx_chat_text_newlines(&s);

        ok(s.len == strlen(cases[i].to)
           && memcmp(s.data, cases[i].to, s.len) == 0,
           "case %lu", (unsigned long) i);

        free(s.data);
    }
}


UNIT_TEST(index_among_names)
{
    ngx_str_t   s;
    ngx_uint_t  i;

    static ngx_str_t  names[] = {
        ngx_string("one"), ngx_string("on"), ngx_string("two"),
        ngx_null_string
    };

    static struct {
        const char  *text;
        ngx_int_t    index;
    } cases[] = {
        { "one", 0 },
        { "on", 1 },
        { "two", 2 },
        { "o", NGX_ERROR },
        { "ones", NGX_ERROR },
        { "TWO", NGX_ERROR },
        { "", NGX_ERROR }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        s = text_exact(cases[i].text, strlen(cases[i].text));
        is_int(ngx_chat_text_index(names, &s), cases[i].index, cases[i].text);
        free(s.data);
    }
}


UNIT_TEST(utf8)
{
    u_char      buf[4], *p, *last;
    uint32_t    ch;
    ngx_uint_t  i;

    static uint32_t  chars[] = {
        0x00, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000,
        0x10ffff
    };

    for (i = 0; i < sizeof(chars) / sizeof(chars[0]); i++) {
        last = ngx_chat_text_utf8(buf, chars[i]);
        p = buf;
        ch = *p < 0x80 ? *p++ : ngx_utf8_decode(&p, last - p);

        ok(ch == chars[i] && p == last, "U+%04X comes back", chars[i]);
    }
}


UNIT_TEST(unescaped)
{
    size_t       len;
    u_char      *dst;
    ngx_str_t    s;
    ngx_uint_t   i;

    static struct {
        const char  *text;
        const char  *path;
        const char  *form;          /* NULL: the same */
    } cases[] = {
        { "", "", NULL },
        { "/a", "/a", NULL },
        { "caf%C3%a9", "caf\xc3\xa9", NULL },
        { "a+b%2Bc", "a+b+c", "a b+c" },
        { "%41%42", "AB", NULL },
        { "%", "%", NULL },
        { "a%4", "a%4", NULL },
        { "%4g%g4", "%4g%g4", NULL },
        { "%%41", "%A", NULL },
        { "%2541", "%41", NULL }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        s = text_exact(cases[i].text, strlen(cases[i].text));
        dst = malloc(s.len);

        len = ngx_chat_text_unescape(dst, &s, 0);
        ok(len == strlen(cases[i].path)
           && memcmp(dst, cases[i].path, len) == 0, "%s", cases[i].text);

        if (cases[i].form == NULL) {
            cases[i].form = cases[i].path;
        }

        len = ngx_chat_text_unescape(dst, &s, 1);
        ok(len == strlen(cases[i].form)
           && memcmp(dst, cases[i].form, len) == 0, "%s in a form",
           cases[i].text);

        free(dst);
        free(s.data);
    }
}
