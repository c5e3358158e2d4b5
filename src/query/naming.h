/* SPDX-License-Identifier: Apache-2.0 */
/* Whom and what a claim names, wherever a correction may have put it. */
#ifndef QUERY_NAMING_H
#define QUERY_NAMING_H

#include "query/told.h"
#include "query/worklist.h"

/* The subjects of which a claim says something (projection/subjects.c, moves.c): as it was signed,
 * as it reads now, and whatever id a correction of it names, in effect or not.
 * Errors: as told_get. */
MUST_USE enum adduce_err naming_subjects(struct asked *asked, struct worklist *subjects,
                                         const struct told *told);

/* The subjects whose numbers bound a number that the claim gives ("a majority of X", "114 of X"),
 * likewise. */
MUST_USE enum adduce_err naming_totals(struct asked *asked, struct worklist *subjects,
                                       const struct told *told);

/* Whether the claim gives a number, likewise. */
MUST_USE enum adduce_err naming_number(struct asked *asked, bool *gives, const struct told *told);

/* The targets of an event: what its refs name in the role in which its kind acts, as far as it is
 * known here, as indexes. Errors: as told_find. */
MUST_USE enum adduce_err naming_targets(struct asked *asked, struct worklist *events,
                                        const struct told *told);

/* Whether the event is a source that was revised. */
bool naming_revision(const struct told *told);

#endif
