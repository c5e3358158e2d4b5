/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the rows of a projection in key order, wherever they are: in runs or in the tail. Runs
 * whose filter denies what all keys begin with are not touched. */
#ifndef PROJECTION_ROWCURSOR_H
#define PROJECTION_ROWCURSOR_H

#include "projection/run.h"

struct rowcursor {
  struct adduce_scope *scope;
  struct store_cursor tail, blocks;
  const struct runs *from; /* borrowed */
  struct run_cursor **runs;
  size_t run_count;
  bool has_tail;
  bool *live;   /* which runs are at a row; [run_count] is the tail */
  size_t *heap; /* those that are, the one with the least row first; none is before its parent */
  size_t heap_count;
  struct row *tail_row;
  size_t at;      /* the source of `row` */
  struct row row; /* the row it is at. Its key lives until the cursor moves, its value as long as
                   the transaction */
};

/* For rows of the entries before `size` whose keys begin with `prefix` (which may be empty).
 * Errors: ADDUCE_E_CORRUPT, ADDUCE_E_IO, ADDUCE_E_MEMORY; there is nothing to close then. */
MUST_USE enum adduce_err rowcursor_open(struct adduce_scope *scope, struct rowcursor *cursor,
                                        struct store_txn *txn, const struct runs *runs,
                                        enum registry_number table, struct adduce_span prefix,
                                        uint64_t size);

/* The same for one run alone, or with `run` NULL for the tail. */
MUST_USE enum adduce_err rowcursor_open_part(struct adduce_scope *scope, struct rowcursor *cursor,
                                             struct store_txn *txn, const struct runs *runs,
                                             const struct run *run, enum registry_number table);

/* Which runs may have such rows: sets `*chosen`, one a run. Errors: as rowcursor_open. */
MUST_USE enum adduce_err rowcursor_choose(struct adduce_scope *scope, bool **chosen,
                                          const struct runs *runs, enum registry_number table,
                                          struct adduce_span prefix, uint64_t size);

void rowcursor_close(struct rowcursor *cursor);

/* To the first row with a key >= `key`; to the last one with a key <= `key`; to the next one
 * (after rowcursor_seek or rowcursor_next). Errors: ADDUCE_E_NOT_FOUND, ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err rowcursor_seek(struct rowcursor *cursor, struct adduce_span key);
MUST_USE enum adduce_err rowcursor_seek_back(struct rowcursor *cursor, struct adduce_span key);
MUST_USE enum adduce_err rowcursor_next(struct rowcursor *cursor);

#endif
