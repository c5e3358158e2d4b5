/* SPDX-License-Identifier: Apache-2.0 */
/* The selected indexes of a bundle, as they stand in its manifest: for each run of indexes the
 * pair (u32be gap, u32be length): how many are left out since the run before (or since 0), and
 * how many follow. Invariant: lengths are at least 1, gaps too but the first, so one set has one
 * spelling. */
#ifndef EXCHANGE_INDEXES_H
#define EXCHANGE_INDEXES_H

#include "base/buffer.h"

#define INDEXES_RUNS_MAX ((size_t)1 << 20)
#define INDEXES_RUN_BYTES 8
#define INDEXES_NONE UINT64_MAX

/* Checks the form, and that all lie below `size`; `*count` is how many there are. Errors:
 * ADDUCE_E_FORM (with the run), ADDUCE_E_TOO_LARGE (more than INDEXES_RUNS_MAX runs). */
MUST_USE enum adduce_err indexes_check(struct adduce_scope *scope, uint64_t *count,
                                       struct adduce_span bytes, uint64_t size);

/* Walks over indexes that have been checked. */
struct indexes {
  struct adduce_span rest; /* runs that have not begun */
  uint64_t next, end;      /* of this run */
};

struct indexes indexes_of(struct adduce_span checked);

/* The next index, or INDEXES_NONE; it stays the next. */
uint64_t indexes_peek(struct indexes *indexes);

/* Goes beyond the next one. */
void indexes_skip(struct indexes *indexes);

/* True iff `index` is one of them. */
bool indexes_have(struct adduce_span checked, uint64_t index);

/* True iff all of [first, end) are. */
bool indexes_cover(struct adduce_span checked, uint64_t first, uint64_t end);

/* Writes them: indexes are put in ascending order. */
struct indexes_writer {
  struct buffer *out;
  uint64_t first, end; /* the run that is not written yet; none if equal */
  uint64_t written;    /* the end of the last run that is */
  size_t runs;
};

struct indexes_writer indexes_writer_of(struct buffer *out);

/* Errors: ADDUCE_E_TOO_LARGE (too many runs, or a gap over 2^32 - 1). */
MUST_USE enum adduce_err indexes_put(struct adduce_scope *scope, struct indexes_writer *writer,
                                     uint64_t index);
MUST_USE enum adduce_err indexes_finish(struct adduce_scope *scope, struct indexes_writer *writer);

#endif
