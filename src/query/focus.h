/* SPDX-License-Identifier: Apache-2.0 */
/* Which claims are enough to say at which events between two positions a line changed.
 *
 * A claim that no event between the two touches (touch.h) reads the same at every position between
 * them. So of a line that differs, such a claim stands among the supports at both ends, or at none
 * of the positions; and of these lines, and of those of `quantity`, which bound a number together,
 * the rest of what is said of the subject says nothing. That holds of the claims about ids that are
 * the subject at both ends. About others all are needed: they may have been the subject in between.
 * Where a policy changes on the way nothing of this holds, and there is no focus. */
#ifndef QUERY_FOCUS_H
#define QUERY_FOCUS_H

#include "query/worklist.h"

struct passage;

struct focus {
  const struct cache *touched; /* by index: claims that are touched */
  struct worklist claims;      /* by index: others that are needed */
  struct worklist members;     /* ids about which no claim but those is needed */
};

/* For what differs between the two ends of a passage. Lives in `scope`, and as long as `touched`.
 * Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err focus_find(struct focus *focus, struct adduce_scope *scope,
                                    struct passage *whole, const struct cache *touched);

/* Whether a claim about this id is needed, by its index. `focus` may be NULL: all are. */
bool focus_has(const struct focus *focus, struct adduce_span member, uint64_t index);

#endif
