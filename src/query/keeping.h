/* SPDX-License-Identifier: Apache-2.0 */
/* What --only keeps: the claims that a selector selects, what their own authors or houses did to
 * them, and the sources they cite. */
#ifndef QUERY_KEEPING_H
#define QUERY_KEEPING_H

#include "query/selector.h"

struct keeping {
  struct asked *whole;
  const struct selector *only;
  size_t count;
  struct cache claims, sources; /* by index: what was found already, 'y' or 'n' */
};

void keeping_init(struct keeping *keeping, struct asked *whole, const struct selector *only,
                  size_t count);

/* Whether a selector selects the event itself. A source is selected with every claim that has it in
 * its chain or cites it. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err keeping_selects(struct keeping *keeping, bool *is_selected,
                                         const struct profile *profile);

/* Whether the event stays. */
MUST_USE enum adduce_err keeping_has(struct keeping *keeping, bool *is_kept,
                                     const struct profile *profile);

#endif
