/* SPDX-License-Identifier: Apache-2.0 */
/* Runs: the rows of neighbouring entries, written once, sorted and packed into blocks, never
 * changed. Most entries are in runs; only the last ones are in the tail, where every row is a
 * record of its own in its projection's table (row.h).
 *
 * A full run holds the rows of 16,384 entries (of fewer, if they have very many rows). The last run
 * may be smaller, but has 1,024 at least; while the log grows, new rows go to the tail until there
 * are as many entries in the tail as in that run; then both are projected anew into one larger run.
 * So a row is written at most five times, small appends stay small, and a rebuild writes full runs
 * alone.
 *
 * Table `blocks`: run u32be | projection u8 | key of the first row -> block (block.h)
 *                 run u32be | ff                                   -> filter (filter.h)
 *                 run u32be | fe  -> the group of the filters of this run and the 15 before it; of
 *                                    every sixteenth run, once it is closed
 * Table `meta`:   "run" | run u32be -> begin, end, closed, rows of each projection (run.c)
 *
 * Invariants
 *   1. Runs are in order: each begins where the one before it ends; the first begins at 0; the
 *      tail begins where the last one ends and ends at `reached`.
 *   2. A run has the rows of its entries and no other; so has the tail. */
#ifndef PROJECTION_RUN_H
#define PROJECTION_RUN_H

#include "projection/block.h"
#include "projection/registry.h"

#define RUN_BLOCKS_TABLE REGISTRY_COUNT
#define RUN_META_TABLE (REGISTRY_COUNT + 1)

struct run {
  uint32_t number;
  uint64_t begin, end; /* entries [begin, end) */
  bool closed;         /* it is full, in entries or in bytes: the next run begins at its end */
  uint64_t rows[REGISTRY_COUNT];
  struct adduce_span filter; /* borrowed from the transaction; empty if a group answers for it */
};

struct runs {
  struct run *items;
  size_t count;
  struct run_spare *spare;    /* cursors to be used again */
  struct adduce_span *groups; /* each of FILTER_GROUP runs, from the first on; borrowed */
  size_t group_count;
};

/* All runs, in order. Errors: ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err run_load(struct adduce_scope *scope, struct store_txn *txn,
                                  struct runs *runs);

/* Where the tail begins. */
static inline uint64_t run_end(const struct runs *runs) {
  return runs->count == 0 ? 0 : runs->items[runs->count - 1].end;
}

/* What is written of a run: its blocks by projection and how many rows they have, and its filter.
 */
struct run_packed {
  struct blocks blocks[REGISTRY_COUNT];
  uint64_t rows[REGISTRY_COUNT];
  struct adduce_span filter;
};

/* How many bytes that is, about. */
size_t run_packed_bytes(const struct run_packed *packed);

/* Writes a run, whose number is greater than that of every run there is, or was. */
MUST_USE enum adduce_err run_write(struct adduce_scope *scope, struct store_txn *txn,
                                   const struct run *run, const struct run_packed *packed);

/* Reads a filter that run_load left out. Errors: ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err run_load_filter(struct adduce_scope *scope, struct store_txn *txn,
                                         struct run *run);

/* Makes the group of the last runs, if they want one. Everything that counts is in the filters: a
 * group is checked by making it again. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err run_group(struct adduce_scope *scope, struct store_txn *txn);
MUST_USE enum adduce_err run_group_make(struct adduce_scope *scope, struct store_txn *txn,
                                        const struct runs *runs, size_t group,
                                        struct adduce_span *bytes);

/* Which runs may have rows that begin with the lead of this hash: sets `may`, of runs->count.
 * Errors: ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err run_may_have(struct adduce_scope *scope, const struct runs *runs,
                                      bool *may, uint64_t hash);

/* Writes run number `position` of `runs` anew, over the same entries, and its group. */
MUST_USE enum adduce_err run_replace(struct adduce_scope *scope, struct store_txn *txn,
                                     const struct runs *runs, size_t position,
                                     const struct run *run, const struct run_packed *packed);

/* Removes a run that is not closed. */
MUST_USE enum adduce_err run_remove(struct adduce_scope *scope, struct store_txn *txn,
                                    uint32_t number);

/* Whether a run is stored just as it is packed here, to the last byte. Errors: ADDUCE_E_IO. */
MUST_USE enum adduce_err run_match(struct adduce_scope *scope, struct store_txn *txn,
                                   const struct run *run, const struct run_packed *packed,
                                   bool *same);

/* --- reading ------------------------------------------------------------------------------ */

/* Walks the rows of one projection in one run, in key order. */
struct run_cursor {
  struct store_cursor *blocks; /* borrowed: a cursor of the blocks' table; may be shared */
  struct adduce_scope *scope;
  uint32_t number;
  uint8_t table;
  struct adduce_span block; /* the one it is in; empty before the first and after the last */
  const uint8_t *checked;   /* the block whose checksum was looked at last */
  uint8_t block_key[STORE_KEY_BYTES];
  size_t block_key_size;
  struct block_reader reader;
  struct row row;
  struct run_cursor *next_spare;
};

/* Cursors are large and a question opens hundreds, one after another; so they are given back.
 * For one thread. */
struct run_spare {
  struct run_cursor *first;
};

/* A cursor that was given back, or a new one; NULL when memory is short. */
struct run_cursor *run_cursor_take(struct adduce_scope *scope, const struct runs *runs);
void run_cursor_give(const struct runs *runs, struct run_cursor *cursor);

void run_cursor_init(struct run_cursor *cursor, struct adduce_scope *scope,
                     struct store_cursor *blocks, uint32_t number, enum registry_number table);

/* To the first row with a key >= `key`; to the last one with a key <= `key`; to the next.
 * Errors: ADDUCE_E_NOT_FOUND (there is none), ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err run_cursor_seek(struct run_cursor *cursor, struct adduce_span key);
MUST_USE enum adduce_err run_cursor_seek_back(struct run_cursor *cursor, struct adduce_span key);
MUST_USE enum adduce_err run_cursor_next(struct run_cursor *cursor);

#endif
