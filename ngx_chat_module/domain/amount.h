
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Amounts of money: decimals as a backend writes them, thousandths for sums.
 * Pure; any thread.
 */

#ifndef NGX_CHAT_AMOUNT_H
#define NGX_CHAT_AMOUNT_H


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CHAT_AMOUNT_LEN  18             /* "123456789012.345" */
#define NGX_CHAT_AMOUNT_SUM  24             /* of many of them */


/*
 * NGX_OK for at most 12 digits, and 3 after the point, else NGX_DECLINED: a
 * refund is no amount.
 */
ngx_int_t ngx_chat_amount_check(ngx_str_t *value);

/* one that was checked, NUL-terminated; an empty one is 0 */
int64_t ngx_chat_amount_thousandths(u_char *amount);

/* and back, with two or three decimals; dst has NGX_CHAT_AMOUNT_SUM bytes, the
   final NUL included */
void ngx_chat_amount_decimals(int64_t thousandths, u_char *dst);


#endif /* NGX_CHAT_AMOUNT_H */
