/* SPDX-License-Identifier: Apache-2.0 */
/* Revisions of sources: which events say that a source has changed, as far as these stand. */
#ifndef QUERY_REVISED_H
#define QUERY_REVISED_H

#include "query/cache.h"
#include "query/told.h"

struct revised {
  const struct told **items; /* in log order */
  size_t count, capacity;
};

/* The standing revisions of the sources that a claim cites. `sources` is what this has found out of
 * sources by their ids. Both live in the scope of the question.
 * Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err revised_find(struct asked *asked, struct cache *sources,
                                      struct revised *revised, const struct told *told);

#endif
