
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * See checkpoint.h.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "store/checkpoint.h"
#include "store/sqlite.h"


/*
 * Pages of 4 KiB in the log.  From the first number on, a reader moves them
 * into the database beside the commits, again and again until so few are
 * left that the writer can move them itself in a moment, with the lock, so
 * that the next commit begins the log anew: under constant load a reader
 * never comes to the end.  The longer the log has become, the more may be
 * left: one page for each few above the first number.  From the last number
 * on the writer does it whatever it takes.
 *
 * A log that begins anew costs four syncs in a row instead of one, so not
 * often; and pages that change all the time are moved once for all changes.
 * sqlite.c keeps files of this length: cutting them takes longer than that.
 */
#define NGX_CHAT_CHECKPOINT_PAGES  12000
#define NGX_CHAT_CHECKPOINT_LEFT   200
#define NGX_CHAT_CHECKPOINT_FEW    8
#define NGX_CHAT_CHECKPOINT_MAX    32000

/*
 * The database grows by what is moved into it.  Where the disk has no room
 * for twice that, it is moved now: a log that has filled the disk can't be.
 */
#define NGX_CHAT_CHECKPOINT_ROOM  64        /* pages from look to look */


void
ngx_chat_checkpoint(ngx_chat_checkpoint_t *c, ngx_chat_db_t *db,
    ngx_chat_reader_t *reader)
{
    int  pages, moved, left;

    pages = db->wal_pages;
    moved = ngx_chat_reader_moved(reader);
    left = NGX_CHAT_CHECKPOINT_LEFT
           + (pages - NGX_CHAT_CHECKPOINT_PAGES) / NGX_CHAT_CHECKPOINT_FEW;

    if (pages < c->room - NGX_CHAT_CHECKPOINT_ROOM) {
        c->room = NGX_CHAT_CHECKPOINT_ROOM;
    }

    if (pages >= c->room) {
        c->room = pages + NGX_CHAT_CHECKPOINT_ROOM;

        if (!ngx_chat_sqlite_room(db, 2 * pages)) {
            (void) ngx_chat_sqlite_checkpoint(db);
            return;
        }
    }

    if (pages < NGX_CHAT_CHECKPOINT_PAGES) {
        c->pages = NGX_CHAT_CHECKPOINT_PAGES;
        c->pages_max = NGX_CHAT_CHECKPOINT_MAX;
        return;
    }

    /* a reader's snapshot may keep the log from being begun anew: not again
       at each turn */

    if (pages >= c->pages_max
        || (moved && pages - moved <= left))
    {
        c->pages = pages + NGX_CHAT_CHECKPOINT_PAGES;
        c->pages_max = pages + NGX_CHAT_CHECKPOINT_PAGES;
        (void) ngx_chat_sqlite_checkpoint(db);

    } else if (moved || pages >= c->pages) {
        c->pages = pages + NGX_CHAT_CHECKPOINT_PAGES;
        ngx_chat_reader_checkpoint(reader);
    }
}
