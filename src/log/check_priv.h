/* SPDX-License-Identifier: Apache-2.0 */
/* A check under way. The log is walked from entry 0 in chunks, each in a snapshot of its own, so
 * that no reader stands still for as long as a check takes: entries never change, and the snapshot
 * in which the walk reaches the end is the one that the tables as a whole are held against.
 *
 *   log_check -> check_entries_read (spans of a chunk)
 *             -> check_entries_judge (each by itself, on all processors)
 *             -> check_order_enter (one after the other: tree, time, rules)
 *             -> check_tables_finish (what no single entry shows)
 *
 * The table of ids is in the order of ids, so that each lookup in it leads somewhere else. Its
 * records are therefore compared as a set: two sums over hashes under a secret of this check, one
 * over the entries, one over the table. Only a log in which something is wrong is walked again,
 * with each id looked up, to say which entry is the first. */
#ifndef LOG_CHECK_PRIV_H
#define LOG_CHECK_PRIV_H

#include "log/log_priv.h"

#define CHECK_CHUNK_ENTRIES 4096
#define CHECK_CHUNK_BYTES ((size_t)8 << 20)

/* A sum over (id, index) in any order. */
struct check_sum {
  uint64_t lanes[2];
};

/* One entry of the chunk. Spans live as long as the chunk's snapshot. */
struct check_item {
  struct adduce_span entry;
  struct adduce_span content; /* empty when not held */
  /* What check_entries_judge has found; of no meaning unless `good`. */
  bool good;
  bool control;
  struct check_sum id_sum; /* of its id alone */
  bool withheld;           /* content, or a part of it, is not held */
  bool dangles;            /* it refers to what is not before it: only foreign entries may */
  int64_t recorded_at_us;
  struct adduce_hash leaf;
  struct event event; /* without its fields, whose memory is gone */
};

/* Invariants, between two chunks
 *   1. edge is that of the entries before edge->size, which are all good.
 *   2. rules are those after these entries (not used when only entries are checked).
 *   3. txn is NULL. */
struct check {
  struct log *log;
  const struct log_check_options *options;
  struct log_check_report *report;
  struct merkle_edge *edge;
  struct rules *rules;
  int64_t last_recorded_us;
  bool finds_ids; /* looks each id up, because something is wrong */
  uint8_t secret[16];
  struct check_sum ids; /* of the entries before edge->size */
  bool has_lock;
  struct headlock_head lock; /* as it was before the first snapshot */

  /* The chunk. */
  struct store_txn *txn;
  uint64_t size;            /* of the log in this snapshot */
  struct check_item *items; /* CHECK_CHUNK_ENTRIES of them; item 0 is entry edge->size */
  size_t count;
};

/* Where the refs of the claims before led: ids by their first bytes. */
#define CHECK_SEEN 256
struct check_ids_seen {
  struct check_seen {
    struct adduce_id id;
    uint64_t index;
    bool is_held;
  } refs[CHECK_SEEN];
};

/* --- check_entries.c: entries by themselves -------------------------------------------------*/

/* Finds the entries from edge->size on, with their contents, up to the bounds of a chunk. On an
 * error the `count` items before it are there all the same. Errors: ADDUCE_E_FAILED (an entry is
 * missing, a content has no entry), those of the store. */
MUST_USE enum adduce_err check_entries_read(struct adduce_scope *scope, struct check *check);

/* The least key that is greater than those of the entries before `index`, in `room9`. */
struct adduce_span check_entries_after(uint8_t *room9, uint64_t index);

/* Judges each item by itself: form, commitment, signature, id, references (invariants 2 and 7).
 * The error is that of the first bad item, and all before it are judged. */
MUST_USE enum adduce_err check_entries_judge(struct adduce_scope *scope, struct check *check);

/* Judges one item again, under the rules as they are now. `scope` keeps the event's fields. */
MUST_USE enum adduce_err check_entries_judge_one(struct adduce_scope *scope, struct check *check,
                                                 struct store_txn *txn, struct check_ids_seen *seen,
                                                 struct check_item *item, uint64_t index);

/* --- check_ids.c: the table of ids ----------------------------------------------------------*/

/* Adds an id at its index; adds a sum. */
void check_ids_add(struct check_sum *sum, const uint8_t *id32, uint64_t index,
                   const uint8_t *secret16);
void check_ids_join(struct check_sum *sum, const struct check_sum *other);

/* Holds the whole table against the entries (invariant 2), which does not say where it fails. */
MUST_USE enum adduce_err check_ids_finish(struct adduce_scope *scope, const struct check *check);

/* Looks one id up; the refs of a claim, which must lead to entries before `index`. `seen` may be
 * NULL. */
MUST_USE enum adduce_err check_ids_find(struct adduce_scope *scope, struct store_txn *txn,
                                        const struct adduce_id *id, uint64_t index);
MUST_USE enum adduce_err check_ids_find_refs(struct adduce_scope *scope, struct store_txn *txn,
                                             struct check_ids_seen *seen, const struct claim *claim,
                                             uint64_t index);

/* --- check_order.c: one entry after the other -----------------------------------------------*/

/* Enters the first `count` items, which are good: leaves against the stored tiles, time, the
 * table of controls, admission (invariants 3, 5, 6, 8). */
MUST_USE enum adduce_err check_order_enter(struct adduce_scope *scope, struct check *check,
                                           size_t count);

/* Holds a stored tile against its hashes. */
MUST_USE enum adduce_err check_order_tile(struct adduce_scope *scope, const struct check *check,
                                          unsigned level, uint64_t tile,
                                          const struct adduce_hash *hashes, size_t count);

/* --- check_tables.c: the tables as a whole --------------------------------------------------*/

/* With every entry of the snapshot entered: tiles that are not full, records too many,
 * checkpoints, quarantine, head lock (invariants 2, 3, 4, 10). */
MUST_USE enum adduce_err check_tables_finish(struct adduce_scope *scope, struct check *check);

#endif
