
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * One SQLite connection with its prepared statements, and how a statement is
 * run.  The only place that knows SQLite's header; included by the store's
 * own files only.  A connection belongs to one thread.
 */

#ifndef NGX_CHAT_SQLITE_H
#define NGX_CHAT_SQLITE_H


#include <ngx_config.h>
#include <ngx_core.h>
#include <sqlite3.h>
#include "base/metrics.h"
#include "domain/event.h"
#include "domain/visitor.h"
#include "store/fault.h"
#include "store/job.h"
#include "store/statement.h"


#define NGX_CHAT_DB_FILE  "chat.db"



typedef struct {
    dev_t                dev;
    ino_t                ino;
} ngx_chat_db_file_t;


struct ngx_chat_db_s {
    sqlite3             *handle;
    sqlite3_stmt        *statements[NGX_CHAT_SQL_MAX];
    const char         **texts;         /* of the statements, a NULL ends
                                           them; or NULL: chat.db's */
    int64_t              application;   /* in the header; 0: chat.db's */
    u_char              *path;          /* NUL-terminated */
    ngx_str_t            state;         /* directory */
    ngx_log_t           *log;
    ngx_chat_fault_t    *fault;
    ngx_chat_lane_t     *lane;          /* this thread's; or NULL */

    ngx_pool_t          *pool;          /* writer: the batch's */
    ngx_array_t          records;       /* writer: ngx_chat_record_t */

    ngx_chat_db_file_t   file;          /* what stood at the paths */
    ngx_chat_db_file_t   wal;           /*   when they were opened */
    ngx_chat_db_file_t   shm;

    int                  wal_pages;     /* in the log after the last commit */
    ngx_uint_t           blocks;        /* that this batch added */
    int                  wal_moved;     /* of them, by the last checkpoint */

    unsigned             full:1;        /* synchronous */
    unsigned             writer:1;
    unsigned             failed:1;      /* the transaction can't go on */
    unsigned             reopen:1;      /* the connection is of no use */
    unsigned             accounts:1;    /* this batch added an operator */
    unsigned             blocked:1;     /* this batch changed blocks */
};


/* event loop, in each process before its first connection */
void ngx_chat_sqlite_setup(void);

/*
 * db->texts, .application, .path, .state, .log, .fault, .full, .writer are set
 * by the caller.  Open leaves the handle without statements, as the schema may
 * not be there yet.
 */
ngx_int_t ngx_chat_sqlite_open(ngx_chat_db_t *db);
ngx_int_t ngx_chat_sqlite_prepare(ngx_chat_db_t *db);
void ngx_chat_sqlite_close(ngx_chat_db_t *db);

/* constant texts of one or more statements without rows: schema, pragmas */
ngx_int_t ngx_chat_sqlite_exec(ngx_chat_db_t *db, const char *sql);

/* the first column of the first row of a constant text, an integer */
ngx_int_t ngx_chat_sqlite_value(ngx_chat_db_t *db, const char *sql,
    int64_t *value);

/* logs the failure of a call and remembers what it means; NGX_ERROR */
ngx_int_t ngx_chat_sqlite_failed(ngx_chat_db_t *db, const char *call);

/* rows that were inserted, updated or deleted since it was opened */
int64_t ngx_chat_sqlite_changes(ngx_chat_db_t *db);

/* true while the connection is inside a transaction */
ngx_uint_t ngx_chat_sqlite_in_transaction(ngx_chat_db_t *db);

/* remembers the files that are open; once the first transaction is over */
ngx_int_t ngx_chat_sqlite_remember(ngx_chat_db_t *db);

/* true when another file, or none, stands at the path of an open one */
ngx_uint_t ngx_chat_sqlite_replaced(ngx_chat_db_t *db);

/*
 * Closes a connection whose files were replaced or removed: the log is
 * emptied into the file that it belongs to, and leaves the path, lest it be
 * taken for the new file's.  With the lock.
 */
void ngx_chat_sqlite_abandon(ngx_chat_db_t *db);

/* 1 when the disk has room for so many pages, or does not tell */
ngx_uint_t ngx_chat_sqlite_room(ngx_chat_db_t *db, int pages);

/* moves what it can of the log into the file; never waits for readers */
ngx_int_t ngx_chat_sqlite_checkpoint(ngx_chat_db_t *db);


/*
 * A run of a statement.  Parameters are bound and columns read in their
 * order; failures stick and come out of _end().
 */

typedef struct {
    ngx_chat_db_t    *db;
    ngx_pool_t       *pool;         /* of the strings that are read */
    sqlite3_stmt     *stmt;
    int               parameter;
    int               column;
    unsigned          failed:1;
} ngx_chat_query_t;


/* reads the columns of a row, in their order */

typedef void (*ngx_chat_query_read_pt)(ngx_chat_query_t *q, void *row);


/* begins one; pool is for the strings of its rows, NULL if there are none */
void ngx_chat_query(ngx_chat_query_t *q, ngx_chat_db_t *db, ngx_pool_t *pool,
    ngx_chat_sql_e sql);

/* the strings must live until _end(); an empty one is '', not NULL */
void ngx_chat_query_bind_int(ngx_chat_query_t *q, int64_t value);
void ngx_chat_query_bind_text(ngx_chat_query_t *q, ngx_str_t *value);
void ngx_chat_query_bind_blob(ngx_chat_query_t *q, ngx_str_t *value);

/* NULL for 0, and for an empty string */
void ngx_chat_query_bind_ref(ngx_chat_query_t *q, int64_t value);
void ngx_chat_query_bind_option(ngx_chat_query_t *q, ngx_str_t *value);

/* NGX_OK: a row; NGX_DONE: no more; NGX_ERROR */
ngx_int_t ngx_chat_query_step(ngx_chat_query_t *q);

int64_t ngx_chat_query_int(ngx_chat_query_t *q);
void ngx_chat_query_text(ngx_chat_query_t *q, ngx_str_t *value);

/* NGX_OK or NGX_ERROR */
ngx_int_t ngx_chat_query_end(ngx_chat_query_t *q);

/*
 * A statement with rows, to its end: into *row, NGX_DECLINED when there is
 * none; all of them, onto the end of rows; one number, which stays as it was
 * when there is none.
 */
ngx_int_t ngx_chat_query_one(ngx_chat_query_t *q, ngx_chat_query_read_pt read,
    void *row);
ngx_int_t ngx_chat_query_all(ngx_chat_query_t *q, ngx_chat_query_read_pt read,
    ngx_array_t *rows);
ngx_int_t ngx_chat_query_number(ngx_chat_query_t *q, int64_t *n);

/*
 * A statement without rows, to its end; NGX_DECLINED when it changed none.
 * Insert gives the id of the new row.
 */
ngx_int_t ngx_chat_query_run(ngx_chat_query_t *q);
ngx_int_t ngx_chat_query_change(ngx_chat_query_t *q);
ngx_int_t ngx_chat_query_insert(ngx_chat_query_t *q, int64_t *id);

/* a statement without parameters and rows: transactions */
ngx_int_t ngx_chat_query_plain(ngx_chat_db_t *db, ngx_chat_sql_e sql);


/* the columns of a visitor, an ngx_chat_visitor_t, from the next one on */
void ngx_chat_db_visitor_row(ngx_chat_query_t *q, void *row);


#endif /* NGX_CHAT_SQLITE_H */
