/* SPDX-License-Identifier: Apache-2.0 */
/* Which events may have changed what is said of a subject: the claims about it and about every id
 * that a judgement ever tied to it, the acts on them and on these acts, revisions of the sources
 * they cite, what was done about their authors' keys, the numbers they count by, and policies. They
 * may be too many and never too few; they grow with the subject's events, and not with the log. */
#ifndef QUERY_CANDIDATES_H
#define QUERY_CANDIDATES_H

#include "query/asked.h"
#include "query/worklist.h"

/* The indexes, ascending, up to the question's position. Errors: as told_get. */
MUST_USE enum adduce_err candidates_find(struct asked *asked, struct worklist *events,
                                         struct adduce_span subject);

/* Every index up to the question's position. */
MUST_USE enum adduce_err candidates_all(struct asked *asked, struct worklist *events);

#endif
