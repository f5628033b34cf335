
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * Texts as people read them, for comparing: words without case, accents and
 * what stands between them.  Any thread.
 */

#ifndef NGX_CHAT_FOLD_H
#define NGX_CHAT_FOLD_H


#include <ngx_config.h>
#include <ngx_core.h>


/* bytes that the folded text of so many bytes may take */
#define ngx_chat_fold_size(len)  (2 * (len) + 2)


/*
 * Writes the words of src, each behind a space, and a space at the end; nothing
 * where there is no word.  Returns the length.
 *
 * A word is a run of letters and digits.  Latin, Greek, Cyrillic and Armenian
 * letters are lower case; Latin, Greek and Cyrillic ones have no accents, and
 * "ß" is "ss", "æ" is "ae".  Marks and invisible characters are left out, wide
 * letters are plain ones.  In scripts that put no space between words, and of
 * symbols, each character is a word.  src must be valid UTF-8.
 */
size_t ngx_chat_fold(u_char *dst, ngx_str_t *src);


#endif /* NGX_CHAT_FOLD_H */
