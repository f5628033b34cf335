
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Paths of requests against what there is.  Pure; any thread may call it.
 */

#ifndef NGX_CHAT_PATH_H
#define NGX_CHAT_PATH_H


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Whether path is as pattern says: ":id" stands for a positive decimal number,
 * which is left in *id; untouched when the pattern has none, or does not fit.
 */
ngx_uint_t ngx_chat_path_match(ngx_str_t *pattern, ngx_str_t *path,
    int64_t *id);

/*
 * Whether path names a file below a directory as the build makes them:
 * letters, digits, "-_./" and no name that begins with a dot.
 */
ngx_uint_t ngx_chat_path_safe(ngx_str_t *path);


#endif /* NGX_CHAT_PATH_H */
