/* SPDX-License-Identifier: Apache-2.0 */
/* All events that are left out, found by going from what is selected to what rests on it. Only what
 * rows lead to is looked at, so the cost grows with what falls and not with the log; but of --only,
 * of levels of handling and of origins known by a description it grows with the log. */
#ifndef QUERY_CLOSURE_H
#define QUERY_CLOSURE_H

#include "query/exclusion.h"

struct closure {
  uint64_t *items; /* in ascending order */
  size_t count, capacity;
};

/* Lives in the scope. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err closure_find(struct exclusion *exclusion, struct closure *closure);

#endif
