/* SPDX-License-Identifier: Apache-2.0 */
/* How far a thing has come: the state of a sanction in one facet, of a release or a meeting, folded
 * from the acts that claims say.
 *
 * Only claims that stand and are indicative move it; denials, possibilities and plans are shown
 * beside it. Acts come in the order in which they are said to have happened: by `valid` (from, or
 * to), else `stated_at`, else when they were recorded; then by index. The last one is the state.
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
  const char *in_force;              /* of a sanction; NULL of others */
  const struct lines_support **acts; /* all supports of the line, in the order of happening */
};

/* Lives in the scope of the question. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err standing_find(struct asked *asked, struct standing *standing,
                                       const struct line *line);

/* When an act is said to have happened, as a first microsecond. */
int64_t standing_time(const struct told *told);

#endif
