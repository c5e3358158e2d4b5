/* SPDX-License-Identifier: Apache-2.0 */
/* What was erased here of a claim, by whom and why.
 *
 * An erasure holds for every position: what is gone is gone from questions about an earlier index
 * too, and those answer "erased", not "withheld". So the erasures of a claim are looked for in the
 * whole log, wherever the question stands, and whatever it leaves out. */
#ifndef QUERY_ERASED_H
#define QUERY_ERASED_H

#include "query/gather.h"
#include "query/told.h"

/* Whether anything of the event's content was erased here. Costs nothing where all is held.
 * Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err erased_any(struct asked *asked, bool *any, const struct event *event);

/* Sets `withheld`, the paths that are not here and were not erased, and `erased`:
 *   [EVENT + {paths: [path, "*" for all], reason, legal_basis?, captures?}]
 * each where there are any. Errors: as above. */
MUST_USE enum adduce_err erased_render(struct asked *asked, struct adduce_value *map,
                                       const struct event *event);

/* Sets `erased`, the claims of a subject of which a field of this name was erased, or with an empty
 * name anything, as CLAIMs with their bodies, if there are any; `*any` may be NULL. Errors: as
 * above. */
MUST_USE enum adduce_err erased_claims(struct asked *asked, struct adduce_value *answer, bool *any,
                                       const struct gathered *gathered, struct adduce_span field);

#endif
