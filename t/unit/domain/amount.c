
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "domain/amount.h"


UNIT_TEST(amounts_are_thousandths)
{
    is_int(ngx_chat_amount_thousandths((u_char *) "129.90"), 129900, "cents");
    is_int(ngx_chat_amount_thousandths((u_char *) "7"), 7000, "whole");
    is_int(ngx_chat_amount_thousandths((u_char *) "0.005"), 5, "the smallest");
    is_int(ngx_chat_amount_thousandths((u_char *) "999999999999.999"),
           999999999999999, "the largest");
    is_int(ngx_chat_amount_thousandths((u_char *) ""), 0, "none");
}


UNIT_TEST(sums_are_decimals_again)
{
    ngx_uint_t  i;
    u_char      text[NGX_CHAT_AMOUNT_SUM];

    static struct {
        int64_t      n;
        const char  *text;
    } cases[] = {
        { 0, "0.00" }, { 5, "0.005" }, { 10, "0.01" }, { 129900, "129.90" },
        { 129905, "129.905" }, { 7000, "7.00" },
        { 9223372036854775807, "9223372036854775.807" }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ngx_chat_amount_decimals(cases[i].n, text);
        is_cstr((char *) text, cases[i].text, "decimals");
    }
}
