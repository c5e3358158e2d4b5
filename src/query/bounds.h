/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds, not guesses. What standing claims in the indicative say of a number is put together: the
 * greatest "at least" and the least "at most", each with the claims that set it. When these cross,
 * the claims conflict: then the bounds span all that is claimed, and `conflict` says so. The order
 * of the claims does not matter, but for the unit: quantities in another unit than that of the
 * first one that names a unit are left out.
 *
 * Numbers bound each other, and what bounds one from another's number is named as well:
 *
 *   part    for how many of a subject something holds is at most the number of the subject, and the
 *           number of the subject is at least that
 *   part_of what is part of a whole is at most the whole, in the same unit, over any number of
 *           standing, indicative relations (BOUNDS_REACH subjects at most)
 *   sum     parts are added up only where a claim says that they exclude each other: the fact
 *           `disjoint_by` of the subject, whose value is a property. Then the number is at least
 *           the sum over the values of the property, and each part at most what the others leave
 *
 * Bounds from others never cause a span: they apply where what is said of the number itself agrees,
 * and cross it as a conflict. They hold in every world in which the claims hold; they are the
 * narrowest such bounds but for two things that are not looked for: that "a majority of X" bounds X
 * from above, and that other subjects say "114 of X" without a relation to it.
 *
 * "A majority of X" is counted from the bounds of X's own `quantity`, through other majorities, but
 * four at most. "114 of X" as the number of something is a part of it: 114, and no more than X
 * has. */
#ifndef QUERY_BOUNDS_H
#define QUERY_BOUNDS_H

#include "claim/quantity.h"
#include "query/lines.h"

#define BOUNDS_DEPTH 4
#define BOUNDS_REACH 64 /* wholes, parts and groups that are looked at, of each */
#define BOUNDS_FROM 16  /* claims that are named as setting an end, at most */

struct bounds_part {
  int64_t at_least, at_most;
  bool is_derived; /* from the number of something else */
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

/* One bound, and the claim it comes from. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err bounds_part(struct asked *asked, struct bounds *bounds,
                                     const struct bounds_part *part);

/* Settled bounds of another subject's number, by its own claims; `depth` as in bounds_add. */
MUST_USE enum adduce_err bounds_total(struct asked *asked, struct bounds *bounds,
                                      struct adduce_span subject, unsigned depth);

/* Takes in every standing support of a line: of the field `quantity` its value, of others the
 * quantity beside it. */
MUST_USE enum adduce_err bounds_add_line(struct asked *asked, struct bounds *bounds,
                                         const struct line *line);

/* Puts together what was taken in. */
void bounds_settle(struct bounds *bounds);

/* Settles, and sets `bounds` in an answer if anything bounds it. */
void bounds_render(const struct asked *asked, struct adduce_value *map, struct bounds *bounds);

#endif
