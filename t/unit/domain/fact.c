
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "domain/fact.h"


static ngx_int_t
read_fact(ngx_uint_t header, const char *value, ngx_chat_facts_t *facts)
{
    ngx_str_t  s;

    s.data = (u_char *) value;
    s.len = strlen(value);

    return ngx_chat_fact_read(header, &s, facts);
}


UNIT_TEST(headers_are_known_by_name)
{
    ngx_str_t  user = ngx_string("X-Chat-User");
    ngx_str_t  cart = ngx_string("x-chat-CART");
    ngx_str_t  other = ngx_string("X-Chat-Users");
    ngx_str_t  none = ngx_string("Server");

    is_int(ngx_chat_fact_header(&user), NGX_CHAT_FACT_USER, "user");
    is_int(ngx_chat_fact_header(&cart), NGX_CHAT_FACT_CART, "case aside");
    is_int(ngx_chat_fact_header(&other), 0, "nearly");
    is_int(ngx_chat_fact_header(&none), 0, "another");
}


UNIT_TEST(good_values_are_read)
{
    ngx_chat_facts_t  f;

    ngx_memzero(&f, sizeof(f));

    is_int(read_fact(NGX_CHAT_FACT_USER,
                     " id=42 ; name=Ada%20L%C3%A9 ;email=a@b", &f), NGX_OK,
           "user");
    is_cstr(f.user, "42", "id");
    is_cstr(f.name, "Ada L\xc3\xa9", "name");
    is_cstr(f.email, "a@b", "e-mail");

    is_int(read_fact(NGX_CHAT_FACT_CART, "amount=12.5;currency=EUR;items=2",
                     &f), NGX_OK, "cart");
    is_cstr(f.amount, "12.5", "amount");
    is_int(f.items, 2, "items");
    is_int(f.cart, 1, "there is one");

    is_int(read_fact(NGX_CHAT_FACT_ORDER, "id=A%3B1;amount=7", &f), NGX_OK,
           "order");
    is_cstr(f.order, "A;1", "encoded");
    is_int(f.said, NGX_CHAT_FACT_USER|NGX_CHAT_FACT_CART|NGX_CHAT_FACT_ORDER,
           "what was said");

    is_int(read_fact(NGX_CHAT_FACT_OTHER, "plan=gold; since=2020", &f),
           NGX_OK, "facts");
    is_int(read_fact(NGX_CHAT_FACT_OTHER, "plan=silver", &f), NGX_OK,
           "again");
    is_int(f.n, 2, "a name stands once");
    is_cstr(f.facts[0].value, "silver", "with its last value");
}


UNIT_TEST(one_of_a_kind_goes_over_another)
{
    ngx_chat_facts_t  f, known;

    ngx_memzero(&f, sizeof(f));

    (void) read_fact(NGX_CHAT_FACT_USER, "id=1;name=Ada;email=a@b", &f);
    (void) read_fact(NGX_CHAT_FACT_CART, "amount=3;currency=EUR;items=1", &f);
    known = f;

    is_int(read_fact(NGX_CHAT_FACT_USER, "id=2", &f), NGX_OK, "another");
    is_cstr(f.user, "2", "its id");
    is_cstr(f.name, "", "and not the name of the first");

    ngx_memzero(&f, sizeof(f));

    is_int(read_fact(NGX_CHAT_FACT_USER, "none", &f), NGX_OK, "nobody");
    is_int(read_fact(NGX_CHAT_FACT_CART, "none", &f), NGX_OK, "no cart");
    is_int(read_fact(NGX_CHAT_FACT_ORDER, "none", &f), NGX_DECLINED,
           "an order can't be taken back");

    ngx_chat_fact_merge(&known, &f);
    is_cstr(known.user, "", "nobody any more");
    is_cstr(known.email, "", "at all");
    is_int(known.cart, 0, "no cart any more");
    is_cstr(known.amount, "", "of no amount");
}


UNIT_TEST(bad_values_change_nothing)
{
    size_t            i;
    char              longer[NGX_CHAT_FACT_HEADER + 2];
    ngx_chat_facts_t  f, before;

    static struct {
        ngx_uint_t    header;
        const char   *value;
    } cases[] = {
        { NGX_CHAT_FACT_USER, "" },
        { NGX_CHAT_FACT_USER, "42" },
        { NGX_CHAT_FACT_USER, "=42" },
        { NGX_CHAT_FACT_USER, "id" },
        { NGX_CHAT_FACT_USER, "id=" },
        { NGX_CHAT_FACT_USER, "id=%20" },
        { NGX_CHAT_FACT_USER, "id=1;id=2" },
        { NGX_CHAT_FACT_USER, "id=1;age=2" },
        { NGX_CHAT_FACT_USER, "name=Ada" },
        { NGX_CHAT_FACT_USER, "id=1;email=x" },
        { NGX_CHAT_FACT_USER, "id=1;email=@x" },
        { NGX_CHAT_FACT_USER, "id=1;email=a b@x" },
        { NGX_CHAT_FACT_USER, "id=%4" },
        { NGX_CHAT_FACT_USER, "id=%xx" },
        { NGX_CHAT_FACT_USER, "id=%00" },
        { NGX_CHAT_FACT_USER, "id=a%0d%0ab" },
        { NGX_CHAT_FACT_USER, "id=\xff" },
        { NGX_CHAT_FACT_USER, "id=0123456789012345678901234567890123456789"
                              "012345678901234567890123" },
        { NGX_CHAT_FACT_CART, "amount=1" },
        { NGX_CHAT_FACT_CART, "amount=1;currency=EU" },
        { NGX_CHAT_FACT_CART, "amount=1;currency=EURO" },
        { NGX_CHAT_FACT_CART, "amount=-1;currency=EUR" },
        { NGX_CHAT_FACT_CART, "amount=1.;currency=EUR" },
        { NGX_CHAT_FACT_CART, "amount=.5;currency=EUR" },
        { NGX_CHAT_FACT_CART, "amount=1.2.3;currency=EUR" },
        { NGX_CHAT_FACT_CART, "amount=1.2345;currency=EUR" },
        { NGX_CHAT_FACT_CART, "amount=1234567890123;currency=EUR" },
        { NGX_CHAT_FACT_CART, "amount=1;currency=EUR;items=65536" },
        { NGX_CHAT_FACT_CART, "amount=1;currency=EUR;items=-1" },
        { NGX_CHAT_FACT_ORDER, "amount=1" },
        { NGX_CHAT_FACT_OTHER, "Plan=x" },
        { NGX_CHAT_FACT_OTHER, "a b=x" },
        { NGX_CHAT_FACT_OTHER, "" },
        { NGX_CHAT_FACT_OTHER, "a=1;b=2;c=3;d=4;e=5;f=6;g=7" },
    };

    ngx_memzero(&before, sizeof(before));
    ngx_memcpy(before.user, "7", 1);
    f = before;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        is_int(read_fact(cases[i].header, cases[i].value, &f), NGX_DECLINED,
               cases[i].value);
        ok(memcmp(&f, &before, sizeof(f)) == 0, "nothing changed");
    }

    memset(longer, ' ', sizeof(longer));
    memcpy(longer, "id=1", 4);
    longer[sizeof(longer) - 1] = '\0';
    is_int(read_fact(NGX_CHAT_FACT_USER, longer, &f), NGX_DECLINED,
           "too long");
}


UNIT_TEST(any_bytes_are_read_or_not)
{
    u_char            value[64];
    ngx_str_t         s = { 0, value };
    ngx_uint_t        i, n;
    ngx_chat_facts_t  f;
    unsigned          seed;

    static const char  likely[] = "id=name;amount=%20.1;a=b@c";

    seed = (unsigned) time(NULL);
    printf("# seed %u\n", seed);

    for (n = 0; n < 20000; n++) {
        s.len = rand_r(&seed) % sizeof(value);

        for (i = 0; i < s.len; i++) {
            value[i] = rand_r(&seed) % 8
                       ? (u_char) likely[rand_r(&seed) % (sizeof(likely) - 1)]
                       : (u_char) rand_r(&seed);
        }

        ngx_memzero(&f, sizeof(f));
        (void) ngx_chat_fact_read((ngx_uint_t) 1 << (rand_r(&seed) % 4), &s,
                                  &f);
    }

    ok(1, "nothing broke");
}


UNIT_TEST(what_is_said_goes_over_what_was_known)
{
    ngx_chat_facts_t  known, said;

    ngx_memzero(&known, sizeof(known));
    ngx_memzero(&said, sizeof(said));

    (void) read_fact(NGX_CHAT_FACT_USER, "id=1;name=Ada", &known);
    (void) read_fact(NGX_CHAT_FACT_OTHER, "plan=gold", &known);
    (void) read_fact(NGX_CHAT_FACT_USER, "id=2", &said);
    (void) read_fact(NGX_CHAT_FACT_OTHER, "plan=none;new=1", &said);

    ngx_chat_fact_merge(&known, &said);

    is_cstr(known.user, "2", "another user");
    is_cstr(known.name, "", "without the name of the one before");
    is_int(known.n, 2, "two facts");
    is_cstr(known.facts[0].value, "none", "the newer value");
}
