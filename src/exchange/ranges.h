/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of indexes that come in runs, like those of control entries, in one line of text:
 *
 *     0-4 17 30-31
 *
 * Invariant: items are in order and do not touch: items[i].last + 1 < items[i + 1].first, so one
 * set has one spelling. */
#ifndef EXCHANGE_RANGES_H
#define EXCHANGE_RANGES_H

#include "base/buffer.h"

struct range {
  uint64_t first, last;
};

struct ranges {
  struct adduce_scope *scope; /* in which the items live */
  struct range *items;
  size_t count, capacity;
};

static inline struct ranges ranges_of(struct adduce_scope *scope) {
  return (struct ranges){.scope = scope};
}

/* Adds an index above all that are there. Errors: ADDUCE_E_MEMORY (detail in the set's scope). */
MUST_USE enum adduce_err ranges_add(struct ranges *ranges, uint64_t index);

/* Writes the line, without a newline. */
void ranges_put(struct buffer *out, const struct ranges *ranges);

/* Reads one, of indexes below `size`; at least one. False for every other spelling, and when memory
 * is out (then the set's scope is exhausted). */
MUST_USE bool ranges_parse(struct ranges *ranges, struct adduce_span line, uint64_t size);

#endif
