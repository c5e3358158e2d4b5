/* SPDX-License-Identifier: Apache-2.0 */
/* Which events a line owes its changes to, between two positions: those, of all the events there
 * are, at which its print changed. They are found by going from candidate to candidate and
 * comparing, so a line that changed twice has two causes, and one that changed and changed back in
 * between names both if it differs in the end. */
#ifndef QUERY_ATTRIBUTION_H
#define QUERY_ATTRIBUTION_H

#include "query/cause.h"
#include "query/focus.h"
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

/* Goes the way that `whole` has come once more, from event to event, all of which lie on it, and
 * puts what each line owes its changes to under its identity, in `lines`, which lives in the scope
 * of the answer. With a
 * `focus` (else NULL) that is exact of the lines that the focus is enough for. With `time_passes`,
 * the time of the world changes first, at `from`. Errors: as passage_go. */
MUST_USE enum adduce_err attribution_find(const struct passage *whole, struct cache *lines,
                                          const struct worklist *events, const struct focus *focus,
                                          bool time_passes, uint64_t from);

#endif
