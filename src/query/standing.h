/* SPDX-License-Identifier: Apache-2.0 */
/* How far a thing has come: the state of a sanction in one facet, of a release or a meeting, folded
 * from the acts that claims say.
 *
 * Only claims that stand and are indicative move it; denials, possibilities and plans are shown
 * beside it. Acts that are said to have happened at a time (`valid` from or to, else `stated_at`)
 * are in that order; those without a time are in log order, and stand in no order to the former.
 * So there can be two last acts, a dated and an undated one. Of a sanction that which leaves more
 * in force is the state, and `competing` is set if they differ; of other things the one recorded
 * later.
 *
 * A sanction is in force: `yes` after it was imposed; `partly` after an easing that is partial, by
 * waiver or licence, or of no said degree; `no` after it was lifted or eased in full; `unclear`
 * when nothing in the indicative is said. A partial easing is not a lifting, and what one issuer
 * lifts does not touch another issuer's measure: that is another line. */
#ifndef QUERY_STANDING_H
#define QUERY_STANDING_H

#include "query/lines.h"

struct standing {
  struct adduce_span state;          /* "imposed"; empty when nothing moves it */
  struct adduce_span degree;         /* of the last act */
  const struct lines_support *last;  /* the act that is the state; NULL when nothing moves it */
  const char *in_force;              /* of a sanction; NULL of others */
  bool competing;                    /* of a sanction: a dated and an undated act disagree */
  const struct lines_support **acts; /* all supports of the line, dated ones first */
};

/* Lives in the scope of the question. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err standing_find(struct asked *asked, struct standing *standing,
                                       const struct line *line);

/* Whether an act stands, is indicative and says the state that the line has. */
bool standing_agrees(const struct standing *standing, const struct lines_support *act);

#endif
