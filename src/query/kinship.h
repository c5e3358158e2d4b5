/* SPDX-License-Identifier: Apache-2.0 */
/* Wholes and parts, over any number of relations `part_of`, whatever became of these: from whose
 * numbers a number may follow (numbers.h), at one position or another. */
#ifndef QUERY_KINSHIP_H
#define QUERY_KINSHIP_H

#include "query/told.h"
#include "query/worklist.h"

enum kinship { KINSHIP_WHOLES = 1, KINSHIP_PARTS = 2 }; /* the direction of the rows */

/* Goes on from the subjects that are in the list, to their wholes or their parts, and puts these to
 * it; the relations, and corrections that may have made them ones, into `events`, which may be
 * NULL. Errors: as told_get. */
MUST_USE enum adduce_err kinship_walk(struct asked *asked, struct worklist *subjects,
                                      struct worklist *events, enum kinship direction);

/* Whether a claim says, or may ever have said, that something is part of something. */
bool kinship_says(const struct told *told);

#endif
