/* SPDX-License-Identifier: Apache-2.0 */
/* How many independent origins a line has: how many people say it of their own knowledge, and not
 * how many articles do.
 *
 * Each claim that stands has a ground: its origin (origin.h), the single source it cites, and
 * whatever those or the claim itself were made from or are the same as, by links that stand. Two
 * claims are one when their grounds have something in common; but a source that two claims with
 * named speakers cite is no tie between these speakers: one article can quote two people. What is
 * said in an author's own voice with a source beside it is that source's word, whatever the
 * author's house.
 *
 * The claims with the smallest grounds come first, and each of the others joins the first of them
 * with which it shares something: so a summary of two reports is no third origin, and does not make
 * the two one. */
#ifndef QUERY_ORIGINS_H
#define QUERY_ORIGINS_H

#include "query/lines.h"

/* Sets `origins`: [{origin, sort, claims: [ids], same?: [{claims: [id, id], because, via?:
 * [ids]}]}], and `independent`, their number. `because` is in words; `via` are the claims that say
 * so, or the source in common. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err origins_render(struct asked *asked, struct adduce_value *map,
                                        const struct line *line);

#endif
