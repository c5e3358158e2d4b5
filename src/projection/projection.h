/* SPDX-License-Identifier: Apache-2.0 */
/* Projections: event in, rows out.
 *
 * A projection turns one event into rows, looking at nothing but that event and its index. A row's
 * key ends in the index of the event it came from (u64be), so a row is never changed by later
 * events; what changes is which rows there are. The state of a subject is folded from its few
 * rows when it is asked for (query/). From this follow, for every projection at once:
 * determinism, resumption at any index, parallel rebuilding, the state as of any index (rows
 * up to it) and without any event (rows of others), and a digest for any position.
 * docs/decisions/ says what was weighed.
 *
 * A row's hash is SHA-256(0x20 || canonical [key, value] || the salts of the fields it derives
 * from, in path order), so that a digest is no test for an erased value. Beside the value stand a
 * checksum of the whole row and, where it derives from fields, that hash; a row that fails its
 * checksum is never served (ADDUCE_E_CORRUPT, and the projections are rebuilt).
 *
 * Tables of the projection store: one a projection (row.h), and `meta` (foldmeta.h): whose rows
 * these are, of which versions, how many entries are folded and the log's root at that size.
 *
 * Invariants
 *   1. Every table holds exactly the rows of entries [0, reached).
 *   2. root is the log's root at size reached; otherwise all is rebuilt.
 *   3. vocabulary and projection versions in meta are this program's; otherwise rebuilt. */
#ifndef PROJECTION_PROJECTION_H
#define PROJECTION_PROJECTION_H

#include "event/event.h"
#include "store/store.h"

/* One event at its place; its id need not be set. `organization` and rights are not known here:
 * rows depend on the event alone. */
struct projection_input {
  uint64_t index;
  int64_t recorded_at_us;
  const struct event *event;
};

/* Where rows go. */
struct rows;

/* Adds a row; `key` without the index, which is appended. `fields` are the content fields that the
 * row derives from: bit n for field n of the parsed content (rows.h). Bytes are copied. */
void rows_add(struct rows *rows, struct adduce_span key, struct adduce_span value, uint64_t fields);

struct projection {
  const char *name;
  unsigned version;
  void (*project)(struct rows *rows, const struct projection_input *input);
};

/* All projections, in the order of their tables (registry.h). */
const struct projection *projection_all(size_t *count);

/* True iff the event's claim may say something of the world: it is understood and complete. What
 * is not is kept and shown, and projects nothing but what its header says. */
static inline bool projection_says(const struct projection_input *input) {
  return input->event->claim.standing == CLAIM_UNDERSTOOD;
}

#endif
