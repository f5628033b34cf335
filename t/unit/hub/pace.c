
/*
 * Copyright (C) ngx_chat_module contributors
 */


#include "unit.h"
#include "hub/pace.h"


static ngx_chat_pace_t  pace;


UNIT_TEST(a_window)
{
    ngx_uint_t  i, passed;

    memset(&pace, 0, sizeof(pace));

    for (i = 0, passed = 0; i < 100; i++) {
        passed += ngx_chat_pace(&pace, 5, 10, 2000, 7000 + i);
    }

    is_int(passed, 10, "the first ones of a window");

    is_int(ngx_chat_pace(&pace, 5, 10, 2000, 8999), 0, "until it is over");
    is_int(ngx_chat_pace(&pace, 5, 10, 2000, 9000), 1, "then anew");
    is_int(ngx_chat_pace(&pace, 6, 10, 2000, 7100), 1, "others are others");
}


UNIT_TEST(places)
{
    ngx_uint_t  i, passed;

    memset(&pace, 0, sizeof(pace));

    is_int(ngx_chat_pace(&pace, 0, 1, 2000, 0), 1, "zero is somebody, too");
    is_int(ngx_chat_pace(&pace, 0, 1, 2000, 0), 0, "and is counted");

    /* two on one place, by turns: neither is held up */

    for (i = 0, passed = 0; i < 50; i++) {
        passed += ngx_chat_pace(&pace, 1, 1, 2000, i);
        passed += ngx_chat_pace(&pace, 1 + NGX_CHAT_PACE_SLOTS, 1, 2000, i);
    }

    is_int(passed, 100, "whoever takes a place begins anew");
}


UNIT_TEST(clocks)
{
    memset(&pace, 0, sizeof(pace));

    is_int(ngx_chat_pace(&pace, 9, 1, 2000, (ngx_msec_t) -1), 1,
           "before the clock wraps");
    is_int(ngx_chat_pace(&pace, 9, 1, 2000, 0), 0, "a moment after");
    is_int(ngx_chat_pace(&pace, 9, 1, 2000, 2000), 1, "a window after");
}
