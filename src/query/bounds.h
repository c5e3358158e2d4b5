/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds, not guesses. What standing claims in the indicative say of a number is put together: the
 * greatest "at least" and the least "at most", each with the claims that set it. When these cross,
 * the claims conflict: then the bounds span all that is claimed, and `conflict` says so. The order
 * of the claims does not matter, but for the unit: quantities in another unit than that of the
 * first one that names a unit are left out.
 *
 * "A majority of X" is counted from the bounds of X's own `quantity`, through other majorities, but
 * four at most. "114 of X" as the number of something is a part of it: at least 114, and at most
 * what X has. */
#ifndef QUERY_BOUNDS_H
#define QUERY_BOUNDS_H

#include "claim/quantity.h"
#include "query/lines.h"

#define BOUNDS_DEPTH 4
#define BOUNDS_FROM 16 /* claims that are named as setting an end, at most */

struct bounds_part {
  int64_t at_least, at_most;
  const struct told *told;
};

struct bounds {
  int64_t at_least, at_most; /* 0 and QUANTITY_UNBOUNDED where nothing is said; once settled */
  bool conflict;
  struct bounds_part *parts;
  size_t count, capacity;
  struct adduce_span unit; /* empty until one is named */
};

/* Takes in the encoded quantity of a claim; `is_own`: the number of the subject itself, of which
 * "114 of X" is a part. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err bounds_add(struct asked *asked, struct bounds *bounds,
                                    struct adduce_span quantity, bool is_own,
                                    const struct told *told, unsigned depth);

/* Takes in every standing support of a line: of the field `quantity` its value, of others the
 * quantity beside it. */
MUST_USE enum adduce_err bounds_add_line(struct asked *asked, struct bounds *bounds,
                                         const struct line *line);

/* Puts together what was taken in. */
void bounds_settle(struct bounds *bounds);

/* Settles, and sets `bounds` in an answer if anything bounds it. */
void bounds_render(const struct asked *asked, struct adduce_value *map, struct bounds *bounds);

#endif
