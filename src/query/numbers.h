/* SPDX-License-Identifier: Apache-2.0 */
/* What the numbers of a subject follow from, besides what is said of each of them: bounds.h has the
 * rules. A question prepares it once for its subject. */
#ifndef QUERY_NUMBERS_H
#define QUERY_NUMBERS_H

#include "query/bounds.h"

/* Of which subject. Until this is called the others do nothing. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err numbers_prepare(struct asked *asked, const struct cluster *cluster);

/* Takes in what bounds the number of the subject, from its parts and wholes.
 * Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err numbers_bound_total(struct asked *asked, struct bounds *bounds);

/* Takes in what bounds for how many the value of a line holds, from the number of the subject. */
MUST_USE enum adduce_err numbers_bound_part(struct asked *asked, struct bounds *bounds,
                                            const struct line *line);

#endif
