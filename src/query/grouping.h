/* SPDX-License-Identifier: Apache-2.0 */
/* Subjects of which the same is said at two positions, because they are one at both: they are
 * looked at together, and named together. */
#ifndef QUERY_GROUPING_H
#define QUERY_GROUPING_H

#include "query/touch.h"

struct grouping_group {
  struct adduce_span *subjects; /* in order of ids */
  size_t count, capacity;
};

struct grouping {
  struct grouping_group **items; /* in order of their first ids */
  size_t count, capacity;
};

/* Divides subjects, which are in order; `before` may be NULL: before the first entry. Lives in the
 * scope of `after`. Errors: as cluster_find. */
MUST_USE enum adduce_err grouping_find(struct grouping *grouping, const struct worklist *subjects,
                                       struct asked *before, struct asked *after);

#endif
