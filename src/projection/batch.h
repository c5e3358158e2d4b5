/* SPDX-License-Identifier: Apache-2.0 */
/* A batch: the rows of neighbouring entries, projected on several processors, sorted by key, and
 * made ready for where they go. Memory is bounded: a batch ends early when its rows grow beyond
 * their budget. */
#ifndef PROJECTION_BATCH_H
#define PROJECTION_BATCH_H

#include "projection/fold.h"
#include "projection/run.h"

#define BATCH_CHUNK 1024                    /* entries projected in one go, unless the feed says */
#define BATCH_CHUNKS 16                     /* at most, of one batch */
#define BATCH_CHUNK_BYTES ((size_t)2 << 20) /* rows after which a chunk ends early */

struct batch;

/* Entries that are projected in one go. A run begins with as many, and is full with BATCH_CHUNKS
 * times as many. */
uint64_t batch_step(const struct fold_feed *feed);

/* For about `entries` entries in all. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err batch_open(struct adduce_scope *scope, struct batch **batch,
                                    const struct fold_feed *feed, uint64_t entries);
void batch_close(struct batch **batch);

/* Other work to be done beside, by a thread of its own: it waits for the disk. */
struct batch_beside {
  enum adduce_err (*run)(void *context, struct adduce_scope *scope);
  void *context;
};

/* What becomes of the rows: a sorted list of each projection, or the blocks of a run. */
enum batch_use { BATCH_ROWS, BATCH_RUN };

/* Projects entries from `begin` on, up to `limit` at most, and sorts their rows; `*end` is one past
 * the last. Drops the rows that the batch held before, and of what was packed all but the last.
 * `beside` (may be NULL) is run meanwhile. Errors: those of the feed and of `beside`,
 * ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err batch_project(struct adduce_scope *scope, struct batch *batch,
                                       enum batch_use use, uint64_t *end, uint64_t begin,
                                       uint64_t limit, const struct batch_beside *beside);

/* For BATCH_RUN: what is written of the run. Lives until the next but one is projected. */
const struct run_packed *batch_packed(const struct batch *batch);

/* For BATCH_ROWS: the rows of a projection, in ascending order of their keys; and how many bytes
 * they all have, about. */
const struct rows_item *batch_rows(const struct batch *batch, size_t projection, size_t *count);
size_t batch_bytes(const struct batch *batch);

#endif
