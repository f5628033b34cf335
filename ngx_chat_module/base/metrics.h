
/*
 * Copyright (C) ngx_chat_module contributors
 *
 * What is counted, for the page of metrics (exposition.h).  One list says all
 * of it: a metric more is one entry more.
 *
 * A worker process has a slot in the shared zone, a slot has lanes, and a
 * lane is written by one thread at a time: counting is a load, an addition
 * and a store, without a lock and without a locked bus.  Who asks adds up the
 * lanes of all slots.
 *
 * A slot belongs to a process, not to a worker's number: during a reload two
 * workers have the same number.  A process that comes takes a slot whose
 * owner is gone and counts on from there, so counters outlive reloads and
 * kills; gauges begin at 0, and those of an owner who is gone don't count.
 */

#ifndef NGX_CHAT_METRICS_H
#define NGX_CHAT_METRICS_H


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CHAT_METRICS_SLOTS   512    /* processes at one time */
#define NGX_CHAT_METRICS_BOUNDS  16     /* of a histogram, at most */


/*
 * _(id, type, from, name, labels, help); rows of one name follow each other,
 * and the first one's help is that of all.
 *
 * type: COUNTER, GAUGE, or MICRO, a counter of microseconds that is shown in
 * seconds.  from: what is shown of many values:
 *
 *     SUM      over all slots
 *     MAX      of the slots of those who live
 *     WORKER   one for each worker's number, of those who live
 *     ALL      of the lane that all processes share
 *     GIVEN    the one that who asks knows
 */

#define NGX_CHAT_METRICS(_)                                                   \
    _(SENT_VISITOR_NEW, COUNTER, SUM, "ngx_chat_messages_total",              \
      "author=\"visitor\",result=\"new\"",                                    \
      "Messages that were sent, by what became of them.")                     \
    _(SENT_VISITOR_REPEATED, COUNTER, SUM, "ngx_chat_messages_total",         \
      "author=\"visitor\",result=\"repeated\"", "")                           \
    _(SENT_VISITOR_REFUSED, COUNTER, SUM, "ngx_chat_messages_total",          \
      "author=\"visitor\",result=\"refused\"", "")                            \
    _(SENT_VISITOR_FAILED, COUNTER, SUM, "ngx_chat_messages_total",           \
      "author=\"visitor\",result=\"failed\"", "")                             \
    _(SENT_OPERATOR_NEW, COUNTER, SUM, "ngx_chat_messages_total",             \
      "author=\"operator\",result=\"new\"", "")                               \
    _(SENT_OPERATOR_REPEATED, COUNTER, SUM, "ngx_chat_messages_total",        \
      "author=\"operator\",result=\"repeated\"", "")                          \
    _(SENT_OPERATOR_REFUSED, COUNTER, SUM, "ngx_chat_messages_total",         \
      "author=\"operator\",result=\"refused\"", "")                           \
    _(SENT_OPERATOR_FAILED, COUNTER, SUM, "ngx_chat_messages_total",          \
      "author=\"operator\",result=\"failed\"", "")                            \
    _(VIEWS_TAKEN, COUNTER, SUM, "ngx_chat_page_views_total",                 \
      "result=\"taken\"", "Page views that chat_track saw.")                  \
    _(VIEWS_CRAWLER, COUNTER, SUM, "ngx_chat_page_views_total",               \
      "result=\"crawler\"", "")                                               \
    _(VIEWS_STORED, COUNTER, SUM, "ngx_chat_page_views_total",                \
      "result=\"stored\"", "")                                                \
    _(VIEWS_DROPPED, COUNTER, SUM, "ngx_chat_page_views_total",               \
      "result=\"dropped\"", "")                                               \
    _(VIEWS_FAILED, COUNTER, SUM, "ngx_chat_page_views_total",                \
      "result=\"failed\"", "")                                                \
    _(DELIVERED_POLL, COUNTER, SUM, "ngx_chat_deliveries_total",              \
      "by=\"poll\"", "Events that were handed to clients who waited.")        \
    _(DELIVERED_STREAM, COUNTER, SUM, "ngx_chat_deliveries_total",            \
      "by=\"stream\"", "")                                                    \
    _(WAITERS_VISITOR_POLL, GAUGE, SUM, "ngx_chat_waiters",                   \
      "who=\"visitor\",by=\"poll\"", "Clients who wait for events.")          \
    _(WAITERS_VISITOR_STREAM, GAUGE, SUM, "ngx_chat_waiters",                 \
      "who=\"visitor\",by=\"stream\"", "")                                    \
    _(WAITERS_OPERATOR_POLL, GAUGE, SUM, "ngx_chat_waiters",                  \
      "who=\"operator\",by=\"poll\"", "")                                     \
    _(WAITERS_OPERATOR_STREAM, GAUGE, SUM, "ngx_chat_waiters",                \
      "who=\"operator\",by=\"stream\"", "")                                   \
    _(TOPICS, GAUGE, SUM, "ngx_chat_topics", "",                              \
      "What can be waited for, in all workers.")                              \
    _(WINDOW_BYTES, GAUGE, SUM, "ngx_chat_window_bytes", "",                  \
      "Recent events that workers keep for those who wait.")                  \
    _(CATCH_UPS, COUNTER, SUM, "ngx_chat_catch_ups_total", "",                \
      "Reads of the database for a waiter whom memory could not serve.")      \
    _(RESYNCS, COUNTER, SUM, "ngx_chat_resyncs_total", "",                    \
      "Times that a worker lost its place in the ring; ephemeral events may " \
      "be lost then, durable ones are read from the database.")               \
    _(SLOW_READERS, COUNTER, SUM, "ngx_chat_slow_readers_total", "",          \
      "Streams that were closed as the client took nothing.")                 \
    _(REFUSED_LOGIN, COUNTER, SUM, "ngx_chat_refused_total",                  \
      "cause=\"throttled\"", "Requests that were answered with a problem.")   \
    _(REFUSED_BUSY, COUNTER, SUM, "ngx_chat_refused_total",                   \
      "cause=\"busy\"", "")                                                   \
    _(REFUSED_UNAVAILABLE, COUNTER, SUM, "ngx_chat_refused_total",            \
      "cause=\"unavailable\"", "")                                            \
    _(REFUSED_IDENTITY, COUNTER, SUM, "ngx_chat_refused_total",               \
      "cause=\"identity\"", "")                                               \
    _(REFUSED_CREDENTIALS, COUNTER, SUM, "ngx_chat_refused_total",            \
      "cause=\"credentials\"", "")                                            \
    _(REFUSED_ORIGIN, COUNTER, SUM, "ngx_chat_refused_total",                 \
      "cause=\"origin\"", "")                                                 \
    _(REFUSED_OTHER, COUNTER, SUM, "ngx_chat_refused_total",                  \
      "cause=\"other\"", "")                                                  \
    _(BLOCKS, GAUGE, GIVEN, "ngx_chat_blocks", "",                            \
      "Visitors and networks that are blocked.")                              \
    _(BLOCKS_ROOM, GAUGE, GIVEN, "ngx_chat_blocks_free", "",                  \
      "For how many more the shared zone has room.")                          \
    _(BLOCKED_GHOST, COUNTER, SUM, "ngx_chat_blocked_total",                  \
      "mode=\"ghost\"", "Messages and requests that met a block.")            \
    _(BLOCKED_REFUSE, COUNTER, SUM, "ngx_chat_blocked_total",                 \
      "mode=\"refuse\"", "")                                                  \
    _(BLOCKED_CLOSE, COUNTER, SUM, "ngx_chat_blocked_total",                  \
      "mode=\"close\"", "")                                                   \
    _(BRAKED_VISITOR, COUNTER, SUM, "ngx_chat_braked_total",                  \
      "brake=\"visitor\"", "Visitors' messages that a brake held.")           \
    _(BRAKED_ADDRESS, COUNTER, SUM, "ngx_chat_braked_total",                  \
      "brake=\"address\"", "")                                                \
    _(BRAKED_REPEAT, COUNTER, SUM, "ngx_chat_braked_total",                   \
      "brake=\"repeat\"", "")                                                 \
    _(BRAKED_DELAY, COUNTER, SUM, "ngx_chat_braked_total",                    \
      "brake=\"delay\"", "")                                                  \
    _(BRAKED_LINKS, COUNTER, SUM, "ngx_chat_braked_total",                    \
      "brake=\"links\"", "")                                                  \
    _(BRAKED_FORM, COUNTER, SUM, "ngx_chat_braked_total",                     \
      "brake=\"form\"", "")                                                   \
    _(BRAKED_WORDS, COUNTER, SUM, "ngx_chat_braked_total",                    \
      "brake=\"words\"", "")                                                  \
    _(CLAIMS_VERIFIED, COUNTER, SUM, "ngx_chat_identities_total",             \
      "result=\"verified\"", "Signed identities that came with messages.")    \
    _(CLAIMS_WRONG, COUNTER, SUM, "ngx_chat_identities_total",                \
      "result=\"wrong\"", "")                                                 \
    _(CLAIMS_EXPIRED, COUNTER, SUM, "ngx_chat_identities_total",              \
      "result=\"expired\"", "")                                               \
    _(CLAIMS_UNKNOWN, COUNTER, SUM, "ngx_chat_identities_total",              \
      "result=\"unknown\"", "")                                               \
    _(QUEUE_WRITES, GAUGE, WORKER, "ngx_chat_queue_jobs",                     \
      "queue=\"writes\"", "Jobs that wait for a thread, of each worker.")     \
    _(QUEUE_READS, GAUGE, WORKER, "ngx_chat_queue_jobs",                      \
      "queue=\"reads\"", "")                                                  \
    _(QUEUE_LIMIT, GAUGE, GIVEN, "ngx_chat_queue_limit_jobs", "",             \
      "Jobs that may wait in one queue of a worker (chat_queue).")            \
    _(QUEUE_FULL_WRITES, COUNTER, SUM, "ngx_chat_queue_full_total",           \
      "queue=\"writes\"", "Jobs that found their queue full.")                \
    _(QUEUE_FULL_READS, COUNTER, SUM, "ngx_chat_queue_full_total",            \
      "queue=\"reads\"", "")                                                  \
    _(COMMIT_FAILURES, COUNTER, SUM, "ngx_chat_commit_failures_total", "",    \
      "Transactions that failed as a whole.")                                 \
    _(WAL_PAGES, GAUGE, ALL, "ngx_chat_wal_pages", "",                        \
      "Pages in the write-ahead log after the last commit.")                  \
    _(CHECKPOINTS_WRITER, COUNTER, SUM, "ngx_chat_checkpoints_total",         \
      "thread=\"writer\"",                                                    \
      "Times that the write-ahead log was moved into the database.")          \
    _(CHECKPOINTS_READER, COUNTER, SUM, "ngx_chat_checkpoints_total",         \
      "thread=\"reader\"", "")                                                \
    _(CHECKPOINT_TIME_WRITER, MICRO, SUM,                                     \
      "ngx_chat_checkpoint_seconds_total", "thread=\"writer\"",               \
      "Time that checkpoints took.")                                          \
    _(CHECKPOINT_TIME_READER, MICRO, SUM,                                     \
      "ngx_chat_checkpoint_seconds_total", "thread=\"reader\"", "")           \
    _(OUTAGES_WRITES, COUNTER, SUM, "ngx_chat_outages_total",                 \
      "of=\"writes\"",                                                        \
      "Times that the database began to fail, counted in each worker.")       \
    _(OUTAGES_READS, COUNTER, SUM, "ngx_chat_outages_total",                  \
      "of=\"reads\"", "")                                                     \
    _(DOWN_WRITES, GAUGE, MAX, "ngx_chat_down", "of=\"writes\"",              \
      "Whether some worker's last attempts failed: 1 or 0.")                  \
    _(DOWN_READS, GAUGE, MAX, "ngx_chat_down", "of=\"reads\"", "")            \
    _(ZONE_BYTES, GAUGE, GIVEN, "ngx_chat_zone_bytes", "",                    \
      "Pages of the shared zone (chat_zone).")                                \
    _(ZONE_FREE, GAUGE, GIVEN, "ngx_chat_zone_free_bytes", "",                \
      "Those of them that are free.")                                         \
    _(RING_BYTES, GAUGE, GIVEN, "ngx_chat_ring_bytes", "",                    \
      "Size of the ring of recent events.")                                   \
    _(RING_WRITTEN, COUNTER, GIVEN, "ngx_chat_ring_written_bytes_total", "",  \
      "Bytes that were written to the ring.")                                 \
    _(DATABASE_BYTES, GAUGE, GIVEN, "ngx_chat_database_bytes",                \
      "file=\"chat.db\"", "Size of the files of the database.")               \
    _(DATABASE_WAL_BYTES, GAUGE, GIVEN, "ngx_chat_database_bytes",            \
      "file=\"chat.db-wal\"", "")                                             \
    _(CONVERSATIONS_WAITING, GAUGE, GIVEN, "ngx_chat_conversations",          \
      "state=\"waiting\"", "Conversations that are open.")                    \
    _(CONVERSATIONS_ACTIVE, GAUGE, GIVEN, "ngx_chat_conversations",           \
      "state=\"active\"", "")                                                 \
    _(SESSIONS, GAUGE, GIVEN, "ngx_chat_sessions", "",                        \
      "Operators' sessions that are valid.")                                  \
    _(OPERATORS_PRESENT, GAUGE, GIVEN, "ngx_chat_operators_present", "",      \
      "Operators who are online.")                                            \
    _(WORKERS, GAUGE, SUM, "ngx_chat_workers", "",                            \
      "Worker processes, with those that a reload sends away.")               \
    _(WORKER_STARTS, COUNTER, SUM, "ngx_chat_worker_starts_total", "",        \
      "Worker processes that were started.")                                  \
    _(LOADS, COUNTER, ALL, "ngx_chat_configuration_loads_total", "",          \
      "Configurations that were loaded, the first one included.")             \
    _(BUILD, GAUGE, GIVEN, "ngx_chat_build_info", NULL,                       \
      "1, with the versions in use.")


/* _(id, unit, name, help, bounds): bounds are in us for MICRO */

#define NGX_CHAT_HISTOGRAMS(_)                                                \
    _(COMMIT, MICRO, "ngx_chat_commit_seconds",                               \
      "Time of a transaction, from its beginning until it is committed.",     \
      ngx_chat_metrics_times)                                                 \
    _(BATCH, PLAIN, "ngx_chat_commit_jobs",                                   \
      "Jobs in a transaction.", ngx_chat_metrics_sizes)


#define NGX_CHAT_METRIC_ID(id, type, from, name, labels, help)                \
    NGX_CHAT_METRIC_##id,

typedef enum {
    NGX_CHAT_METRICS(NGX_CHAT_METRIC_ID)
    NGX_CHAT_METRIC_MAX
} ngx_chat_metric_e;


#define NGX_CHAT_HISTOGRAM_ID(id, unit, name, help, bounds)                   \
    NGX_CHAT_HISTOGRAM_##id,

typedef enum {
    NGX_CHAT_HISTOGRAMS(NGX_CHAT_HISTOGRAM_ID)
    NGX_CHAT_HISTOGRAM_MAX
} ngx_chat_histogram_e;


typedef enum {
    NGX_CHAT_TYPE_COUNTER = 0,
    NGX_CHAT_TYPE_MICRO,
    NGX_CHAT_TYPE_GAUGE,
    NGX_CHAT_TYPE_PLAIN                 /* of a histogram */
} ngx_chat_type_e;


typedef enum {
    NGX_CHAT_FROM_SUM = 0,
    NGX_CHAT_FROM_MAX,
    NGX_CHAT_FROM_WORKER,
    NGX_CHAT_FROM_ALL,
    NGX_CHAT_FROM_GIVEN
} ngx_chat_from_e;


typedef struct {
    ngx_chat_type_e     type;
    ngx_chat_from_e     from;
    const char         *name;
    const char         *labels;         /* NULL: whoever asks gives them */
    const char         *help;
} ngx_chat_metric_t;


typedef struct {
    ngx_chat_type_e     unit;
    const char         *name;
    const char         *help;
    const uint64_t     *bounds;         /* 0 ends them */
} ngx_chat_histogram_t;


/* who counts: reader threads have one each */

typedef enum {
    NGX_CHAT_LANE_LOOP = 0,
    NGX_CHAT_LANE_WRITER,
    NGX_CHAT_LANE_READERS,
    NGX_CHAT_LANE_VISITS = NGX_CHAT_LANE_READERS + 2,
    NGX_CHAT_LANE_MAX
} ngx_chat_lane_e;


/*
 * Lanes don't share cache lines.  The last of the buckets is that of values
 * beyond all bounds.
 */

typedef struct {
    uint64_t            cells[NGX_CHAT_METRIC_MAX];

    struct {
        uint64_t        buckets[NGX_CHAT_METRICS_BOUNDS + 1];
        uint64_t        sum;
    } histograms[NGX_CHAT_HISTOGRAM_MAX];

} __attribute__((aligned(64))) ngx_chat_lane_t;


typedef struct {
    ngx_chat_lane_t     lanes[NGX_CHAT_LANE_MAX];
    uint64_t            pid;            /* of the owner, 0: none */
    uint64_t            worker;         /* its number */
} ngx_chat_slot_t;


/* zeroed memory that all processes share */

typedef struct {
    ngx_chat_lane_t     all;
    uint64_t            n;              /* slots */
    ngx_chat_slot_t    *slots[NGX_CHAT_METRICS_SLOTS];
} ngx_chat_metrics_t;


extern const ngx_chat_metric_t     ngx_chat_metrics[];
extern const ngx_chat_histogram_t  ngx_chat_histograms[];


/*
 * A slot for this process, its gauges 0; NULL when all are taken: hand over
 * memory for one more and ask again.  The caller holds the zone's mutex, for
 * both; the slot must be zeroed, and is not taken when there are 512.
 */
ngx_chat_slot_t *ngx_chat_metrics_claim(ngx_chat_metrics_t *m, ngx_pid_t pid,
    ngx_uint_t worker);
ngx_int_t ngx_chat_metrics_extend(ngx_chat_metrics_t *m,
    ngx_chat_slot_t *slot);

/* the owner leaves, and writes no more: its gauges go, the rest stays */
void ngx_chat_metrics_release(ngx_chat_slot_t *slot);

/* any process: whether the owner of a slot is there */
ngx_uint_t ngx_chat_metrics_alive(ngx_chat_slot_t *slot);


/*
 * The lane's owner, or whoever holds the lock under which a cell is written;
 * without a lane nothing is counted.
 */

static ngx_inline void
ngx_chat_metric_set(ngx_chat_lane_t *lane, ngx_chat_metric_e metric,
    uint64_t value)
{
    if (lane) {
        __atomic_store_n(&lane->cells[metric], value, __ATOMIC_RELAXED);
    }
}


/* to take away, add the negative */

static ngx_inline void
ngx_chat_metric_add(ngx_chat_lane_t *lane, ngx_chat_metric_e metric,
    uint64_t n)
{
    if (lane) {
        __atomic_store_n(&lane->cells[metric],
                         __atomic_load_n(&lane->cells[metric],
                                         __ATOMIC_RELAXED) + n,
                         __ATOMIC_RELAXED);
    }
}


/* none of no slot */

static ngx_inline ngx_chat_lane_t *
ngx_chat_metrics_lane(ngx_chat_slot_t *slot, ngx_uint_t lane)
{
    return slot ? &slot->lanes[lane] : NULL;
}


/* one more in a histogram, in the unit of its bounds; lane may be NULL */
void ngx_chat_metric_observe(ngx_chat_lane_t *lane,
    ngx_chat_histogram_e histogram, uint64_t value);


/* monotonic microseconds, any thread */
uint64_t ngx_chat_metrics_now(void);


#endif /* NGX_CHAT_METRICS_H */
