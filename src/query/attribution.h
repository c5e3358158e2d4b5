/* SPDX-License-Identifier: Apache-2.0 */
/* Which events a line owes its changes to, between two positions: those, of all the events there
 * are, at which its print changed. They are found by going from candidate to candidate and
 * comparing, so a line that changed twice has two causes, and one that changed and changed back in
 * between names both if it differs in the end. */
#ifndef QUERY_ATTRIBUTION_H
#define QUERY_ATTRIBUTION_H

#include "query/cause.h"
#include "query/worklist.h"

struct attribution_cause {
  enum cause cause;
  struct adduce_value *map; /* in the scope of the answer */
};

/* The causes of one line. */
struct attribution {
  struct attribution_cause *items; /* in the order in which they came */
  size_t count, capacity;
};

/* Goes from `from` to `to` through the candidates between them and puts what each line owes its
 * changes to under its identity, in `lines`, which lives in the scope of the answer. `passage` is
 * opened at `from`. Errors: as passage_go. */
MUST_USE enum adduce_err attribution_find(struct passage *passage, struct cache *lines,
                                          const struct worklist *candidates, uint64_t from,
                                          uint64_t to);

/* The same through every entry: slow, and what the candidates must come to. */
MUST_USE enum adduce_err attribution_find_slowly(struct passage *passage, struct cache *lines,
                                                 uint64_t from, uint64_t to);

/* Adds time as a cause of what differs in the passage's two snapshots. */
MUST_USE enum adduce_err attribution_add_time(struct passage *passage, struct cache *lines);

#endif
