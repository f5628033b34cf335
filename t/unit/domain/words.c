
/*
 * Copyright (C) ngx_chat_module contributors
 */


/*
 * Words are found as people read them, and nowhere else; a random list finds
 * what a plain search finds.
 */


#include "unit.h"
#include "base/fold.h"
#include "domain/words.h"


static ngx_str_t
text(const char *s)
{
    ngx_str_t  t;

    t.data = (u_char *) s;
    t.len = strlen(s);

    return t;
}


static const char *
folded(const char *s)
{
    size_t         n;
    ngx_str_t      src;
    static u_char  buf[1024];

    src = text(s);
    n = ngx_chat_fold(buf, &src);

    if (n > ngx_chat_fold_size(src.len)) {
        return "too long";
    }

    buf[n] = '\0';

    return (char *) buf;
}


static ngx_uint_t
found(ngx_pool_t *pool, const char *list, const char *said)
{
    u_char                   *buf;
    ngx_str_t                 table, s;
    ngx_chat_words_t          words;
    ngx_chat_words_action_e   action;

    words.action = NGX_CHAT_WORDS_HIDE;
    words.list = text(list);

    if (ngx_chat_words_compile(pool, &words, &table) != NGX_OK) {
        return 99;
    }

    s = text(said);
    buf = ngx_palloc(pool, ngx_chat_fold_size(s.len));

    if (!ngx_chat_words_found(&table, &s, buf, &action)) {
        return 0;
    }

    return action == NGX_CHAT_WORDS_HIDE ? 1 : 98;
}


UNIT_TEST(texts_are_folded)
{
    is_cstr(folded(""), "", "nothing");
    is_cstr(folded(" .,!?\n-"), "", "no word");
    is_cstr(folded("Hello, World!"), " hello world ", "words");
    is_cstr(folded("l'été à 5h"), " l ete a 5h ", "accents");
    is_cstr(folded("e\xcc\x81te\xcc\x81"), " ete ", "accents apart");
    is_cstr(folded("STRASSE Straße STRAẞE"), " strasse strasse strasse ",
            "sharp s");
    is_cstr(folded("Ærø Łódź Œuvre Þór Ĳ"), " aero lodz oeuvre thor ij ",
            "letters of two");
    is_cstr(folded("Ἀ ΆΈΉΊΌΎΏ ς"), " Ἀ αεηιουω σ ", "Greek");
    is_cstr(folded("ПРИВЕТ Ёлка Йод Їжак"), " привет елка иод іжак ",
            "Cyrillic");
    is_cstr(folded("ＣＡＳＩＮＯ９"), " casino9 ", "wide letters");
    is_cstr(folded("ca\xe2\x80\x8bsi\xc2\xadno\xef\xbb\xbf"), " casino ",
            "invisible ones");
    is_cstr(folded("買a東西"), " 買 a 東 西 ", "no spaces between");
    is_cstr(folded("a×b÷c€d"), " a b c d ", "signs");
    is_cstr(folded("💰x"), " 💰 x ", "pictures");
    is_cstr(folded("Việt Nguyễn"), " viet nguyen ", "two accents");
}


UNIT_TEST(words_are_found)
{
    ngx_uint_t  i;

    static struct {
        const char  *list;
        const char  *said;
        ngx_uint_t   found;
    } cases[] = {
        { "", "anything", 0 },
        { " \n\n", "anything", 0 },
        { "!!\n", "anything!!", 0 },
        { "casino", "casino", 1 },
        { "casino", "The CÀSINO.", 1 },
        { "casino", "casinos", 0 },
        { "casino", "xcasino", 0 },
        { "casino", "ca sino", 0 },
        { "free money", "free money", 1 },
        { "free money", "Get FREE,\n money now", 1 },
        { "free money", "free the money", 0 },
        { "free money", "free moneys", 0 },
        { "free", "money free", 1 },
        { "a b\na c d\na", "x a", 1 },
        { "a b\na c d", "a c", 0 },
        { "a b\na c d", "a a c d", 1 },
        { "a b\na c d", "a c b", 0 },
        { "zz\nb\nmm", "the mm", 1 },
        { "zz\nb\nmm", "aa c zzz", 0 },
        { "東西", "我買東西了", 1 },
        { "東西", "東 西", 1 },
        { "東西", "西東", 0 },
        { "idiot", "IDİOT", 1 }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        is_int(found(pool, cases[i].list, cases[i].said), cases[i].found,
               cases[i].said);
    }
}


/* words of one letter of five, so that there is much alike */

static size_t
random_words(char *p, ngx_uint_t n, char end)
{
    char  *start = p;

    while (n--) {
        *p++ = (char) ('a' + rand() % 5);

        if (rand() % 3 == 0) {
            *p++ = (char) ('a' + rand() % 5);
        }

        *p++ = n ? ' ' : end;
    }

    *p = '\0';

    return p - start;
}


UNIT_TEST(as_a_plain_search_finds)
{
    char         list[2048], said[256], *p, *q, *end, one[64];
    unsigned     seed;
    ngx_uint_t   i, k, wanted, hits;

    seed = getenv("CHAT_SEED") ? (unsigned) atoi(getenv("CHAT_SEED"))
                               : (unsigned) time(NULL);
    srand(seed);
    printf("# CHAT_SEED=%u\n", seed);

    for (hits = 0, i = 0; i < 2000; i++) {

        for (p = list, k = rand() % 12; k; k--) {
            p += random_words(p, 2 + rand() % 3, '\n');
        }

        *p = '\0';
        said[0] = ' ';
        random_words(said + 1, 1 + rand() % 12, ' ');

        for (wanted = 0, p = list; *p && !wanted; p = end + 1) {
            end = strchr(p, '\n');
            q = one;
            *q++ = ' ';
            memcpy(q, p, end - p);
            q[end - p] = ' ';
            q[end - p + 1] = '\0';
            wanted = strstr(said, one) != NULL;
        }

        hits += wanted;

        if (found(pool, list, said) != wanted) {
            ok(0, "\"%s\" in \"%s\"", said, list);
            return;
        }
    }

    ok(hits > 100 && hits < 1900, "%lu of 2000 have one",
       (unsigned long) hits);
}


/* ns to look through a text of 600 words, with a list of so many lines */

static double
look_through(ngx_pool_t *pool, ngx_uint_t lines)
{
    char                      list[60000], said[16384], *p;
    double                    began, least;
    u_char                   *buf;
    ngx_str_t                 table, s;
    ngx_uint_t                i, found;
    ngx_chat_words_t          words;
    ngx_chat_words_action_e   action;

    for (p = list, i = 0; i < lines; i++) {
        p += sprintf(p, "word%lu of a longer phrase %lu\n",
                     (unsigned long) i * 7 % 600, (unsigned long) i);
    }

    for (p = said, i = 0; i < 600; i++) {
        p += sprintf(p, "word%lu ", (unsigned long) i);
    }

    words.action = NGX_CHAT_WORDS_REFUSE;
    words.list = text(list);
    is_cstr(ngx_chat_words_wrong(&words) ? "wrong" : "right", "right",
            "a list");
    is_int(ngx_chat_words_compile(pool, &words, &table), NGX_OK, "compiled");

    s = text(said);
    buf = ngx_palloc(pool, ngx_chat_fold_size(s.len));
    least = 1e12;
    found = 0;

    for (i = 0; i < 50; i++) {
        began = unit_worked();
        found += ngx_chat_words_found(&table, &s, buf, &action);
        least = ngx_min(least, unit_worked() - began);
    }

    is_int(found, 0, "nothing is found");

    return least;
}


UNIT_TEST(a_long_list_is_quick)
{
    double  little, all;

    little = look_through(pool, NGX_CHAT_WORDS_LINES / 100);
    all = look_through(pool, NGX_CHAT_WORDS_LINES);

    printf("# 600 words: %.1f us with %d lines, %.1f us with %d\n",
           little / 1e3, NGX_CHAT_WORDS_LINES / 100, all / 1e3,
           NGX_CHAT_WORDS_LINES);

    ok(all < 10 * little, "a text is not compared with each line");
}
