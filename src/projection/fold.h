/* SPDX-License-Identifier: Apache-2.0 */
/* The fold: keeps the projection store in step with the log.
 *
 * Rows are immutable and end in the index of their event, so folding is adding: events are
 * projected in parallel, their rows sorted by key and written, a bounded number in one
 * transaction together with how far it got. Interrupted anywhere, the next fold goes on from
 * there; whatever the sizes of the steps, the rows are the same.
 *
 * The store's `meta` says whose rows these are: the ledger's genesis, the versions of vocabulary
 * and projections, how many entries are folded and the log's root at that size (foldmeta.h). When
 * one of them is not what the log says, everything is built anew.
 *
 * The one thing that changes rows is an erasure: it takes content from entries that may have been
 * folded long ago. No row of the erasure's own entry, or of one after it, is written before their
 * rows are made anew (foldrefresh.h). */
#ifndef PROJECTION_FOLD_H
#define PROJECTION_FOLD_H

#include "projection/projection.h"

/* --- what is folded -------------------------------------------------------------------------*/

/* A snapshot of the log, for one thread. */
struct fold_reader {
  void *handle;
  uint64_t size;
  const struct vocabulary *vocabulary; /* of all `size` entries */
};

/* The log, as ledger/ hands it down. Every function may be called by several threads at once, each
 * with a reader of its own. Spans live until the reader is closed. */
struct fold_feed {
  void *context;
  struct adduce_id genesis;
  unsigned threads; /* to project with; 0: one a processor */
  unsigned step;    /* entries that are projected in one go, which sizes runs too; 0: 1,024 */

  enum adduce_err (*open)(void *context, struct adduce_scope *scope, struct fold_reader *reader);
  void (*close)(void *context, struct fold_reader *reader);

  /* The claim of entry `index`, read back (claim_recall) with the reader's vocabulary. What it
   * needs of memory it takes from the scope, which is rewound after each event. Entries are asked
   * for one after the other. */
  enum adduce_err (*entry)(void *context, struct adduce_scope *scope, struct fold_reader *reader,
                           int64_t *recorded_at_us, struct claim *claim, uint64_t index);

  /* The log's root at `size`. */
  enum adduce_err (*root_at)(void *context, struct adduce_scope *scope, struct fold_reader *reader,
                             struct adduce_hash *root, uint64_t size);

  /* The entries before `before` from whose content an entry of [from, reader->size) took something
   * (content.erased), in ascending order; in the scope. NULL: that never happens. */
  enum adduce_err (*changed)(void *context, struct adduce_scope *scope, struct fold_reader *reader,
                             const uint64_t **indexes, size_t *count, uint64_t from,
                             uint64_t before);

  /* The index of an event. Errors: ADDUCE_E_NOT_FOUND. */
  enum adduce_err (*find)(void *context, struct adduce_scope *scope, struct fold_reader *reader,
                          uint64_t *index, const struct adduce_id *id);
};

/* --- the store ------------------------------------------------------------------------------*/

/* The tables of the projection store: one a projection, in the order of projection_all, and
 * `meta`, the last. */
const struct store_tables *fold_tables(void);

/* Makes an empty projection store in `folder`. Errors: as store_create. */
MUST_USE enum adduce_err fold_create(struct adduce_scope *scope, const char *folder);

/* Errors: as store_open. Any of them but ADDUCE_E_USAGE is reason enough to remove the folder and
 * make a new one: everything in it can be built again. */
MUST_USE enum adduce_err fold_open(struct adduce_scope *scope, struct store **store,
                                   const char *folder, enum store_mode mode);

/* --- keeping in step ------------------------------------------------------------------------*/

/* Folds the entries that are not in yet. Several processes may do so at once. When the rows are
 * not this log's or not this program's, all are dropped first. Cheap when there is nothing to do.
 * Errors: those of the feed and of store_write (the rows are those of some earlier size),
 * ADDUCE_E_INTERRUPTED. */
MUST_USE enum adduce_err fold_catch_up(struct adduce_scope *scope, struct store *store,
                                       const struct fold_feed *feed);

/* Drops all rows, so that fold_catch_up builds everything anew. Errors: as store_write. */
MUST_USE enum adduce_err fold_reset(struct adduce_scope *scope, struct store *store);

/* --- what is there --------------------------------------------------------------------------*/

struct fold_status {
  bool usable;      /* format, genesis and versions are those of this log and program */
  uint64_t reached; /* entries folded; 0 when not usable */
  struct adduce_hash root;
};

/* Errors: ADDUCE_E_CORRUPT, ADDUCE_E_IO. */
MUST_USE enum adduce_err fold_status(struct adduce_scope *scope, struct store_txn *txn,
                                     struct fold_status *status, const struct adduce_id *genesis);

/* How many rows projection number `projection` has. */
MUST_USE enum adduce_err fold_rows(struct adduce_scope *scope, struct store_txn *txn,
                                   size_t projection, uint64_t *rows);

/* The digest of a projection as of `size` entries (docs/FORMAT.md): SHA-256 of
 *   "adduce/projection/v1\n" || name || "\n" || u32be version || u64be size
 *   || the row hashes, 32 bytes each, of the rows with an index < size, in ascending key order.
 * `*rows` is how many rows those are. Reads every row and checks its checksum.
 * Errors: ADDUCE_E_CORRUPT (with the row), ADDUCE_E_POSITION (size > reached),
 * ADDUCE_E_INTERRUPTED. */
MUST_USE enum adduce_err fold_digest(struct adduce_scope *scope, struct store_txn *txn,
                                     struct adduce_hash *digest, uint64_t *rows, size_t projection,
                                     uint64_t size);

/* The digests of all projections as of each of `sizes`, which ascend, in one walk over the rows, on
 * several processors (`threads`; 0: one each). Those of projection p begin at digests[p * count],
 * and so do `rows`. Reads in transactions of its own; that others fold on meanwhile changes
 * nothing as of `sizes`. Errors: as fold_digest, and those of store_begin_read. */
MUST_USE enum adduce_err fold_digests(struct adduce_scope *scope, struct store *store,
                                      struct adduce_hash *digests, uint64_t *rows,
                                      const uint64_t *sizes, size_t count, unsigned threads);

/* Replays the log [0, reached) and compares: every row of the replay is there, to the last byte,
 * and there is no other. Reads in bounded memory. Errors: ADDUCE_E_FAILED (with the projection,
 * the event and what is wrong), those of the feed, ADDUCE_E_INTERRUPTED. */
MUST_USE enum adduce_err fold_check(struct adduce_scope *scope, struct store_txn *txn,
                                    const struct fold_feed *feed);

#endif
