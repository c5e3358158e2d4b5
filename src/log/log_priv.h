/* SPDX-License-Identifier: Apache-2.0 */
/* What the log's own files see of it: the handle, its tables and their keys. */
#ifndef LOG_LOG_PRIV_H
#define LOG_LOG_PRIV_H

#include <pthread.h>

#include "base/bigendian.h"
#include "log/log.h"

#define LOG_FORMAT 1

enum {
  LOG_ENTRIES,
  LOG_CONTENTS,
  LOG_IDS, /* and the two after it: ids.h */
  LOG_IDS_LATER,
  LOG_IDS_LAST,
  LOG_TILES,
  LOG_CONTROLS,
  LOG_CHECKPOINTS,
  LOG_QUARANTINE,
  LOG_META,
  LOG_TABLE_COUNT,
};

/* Rules at a size, shared by the views that see it; the last of them to go frees it. */
struct log_rules {
  struct rules *rules;
  unsigned references;
};

/* Invariants, whenever `lock` is free
 *   1. rules are those of some size that the log has had; they have one reference from here.
 *   2. edge, if edge_known, is that of a tree of edge.size leaves which the log has had.
 *   3. head, if head_known, is the last one that we have written to the head lock, or found there
 *      and verified: the tree that its note signs is one that the log has had. */
struct log {
  struct adduce_scope *scope; /* its own */
  struct store *store;
  const char *headlock_path; /* NULL when none was asked for */
  bool read_only;
  bool no_lock; /* there is no head lock: nothing may be signed here */

  pthread_mutex_t lock; /* guards the references of rules, and what follows */
  struct log_rules *rules;

  /* The append that is under way, and those that wait for it (append.c). */
  pthread_mutex_t queue_lock;
  pthread_cond_t queue_moved;
  struct append_request *waiting; /* oldest first */
  bool leading;                   /* a thread is appending for all */

  /* Owned by the leading thread. */
  struct adduce_scope *work; /* emptied after each group */
  struct merkle_edge *edge;
  bool edge_known;
  struct headlock_head head;
  bool head_known;
};

/* The key of an index, in `room8`. */
static inline struct adduce_span log_index_key(uint8_t *room8, uint64_t index) {
  bigendian_put64(room8, index);
  return span_of(room8, 8);
}

/* The key of a tile, in `room9`. */
static inline struct adduce_span log_tile_key(uint8_t *room9, unsigned level, uint64_t tile) {
  room9[0] = (uint8_t)level;
  bigendian_put64(room9 + 1, tile);
  return span_of(room9, 9);
}

/* Whether a lock that is ahead of what we saw belongs to the log as it is now: a
 * headlock_grown_fn, whose context is the log. */
enum adduce_err log_lock_grown(void *context, struct adduce_scope *scope,
                               const struct headlock_head *lock);

/* --- view.c ---------------------------------------------------------------------------------*/

/* How many entries a transaction sees. Errors: ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err view_size(struct adduce_scope *scope, struct store_txn *txn,
                                   uint64_t *size);

/* Entry and content as they stand in a transaction. Errors: ADDUCE_E_CORRUPT (none, or a bad
 * form). */
MUST_USE enum adduce_err view_read(struct adduce_scope *scope, struct store_txn *txn,
                                   struct log_entry *entry, uint64_t index);

/* Rules of the first `size` entries that the transaction sees, for sharing: those the log has, if
 * they are of this size or nothing but ordinary claims came since, else folded anew. Hand them
 * back with view_release_rules. */
MUST_USE enum adduce_err view_acquire_rules(struct adduce_scope *scope, struct log *log,
                                            struct store_txn *txn, struct log_rules **rules,
                                            uint64_t size);
void view_release_rules(struct log *log, struct log_rules *rules);

/* Makes rules sharable, with one reference; takes them, on failure too. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err view_share_rules(struct adduce_scope *scope, struct log *log,
                                          struct log_rules **shared, struct rules *rules);

/* Lets the log have these rules, if they are later than those it has. */
void view_install_rules(struct log *log, struct log_rules *rules);

/* A reader of tiles in a transaction. */
struct merkle_reader view_tiles(struct store_txn *txn);

/* The edge of the tree of `size` leaves. Errors: ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err view_edge(struct adduce_scope *scope, struct store_txn *txn,
                                   struct merkle_edge *edge, uint64_t size);

#endif
