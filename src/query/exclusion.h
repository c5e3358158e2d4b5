/* SPDX-License-Identifier: Apache-2.0 */
/* What a question leaves out: which events are as if they had never been entered. */
#ifndef QUERY_EXCLUSION_H
#define QUERY_EXCLUSION_H

#include "query/asked.h"

/* Settles what `without` and `only` leave out; asked->exclusion stays NULL when they say nothing.
 * Errors: ADDUCE_E_USAGE. */
MUST_USE enum adduce_err exclusion_open(struct asked *asked,
                                        const struct adduce_question *question);

/* Whether the event at this index is left out. `exclusion` may be NULL: nothing is. */
MUST_USE enum adduce_err exclusion_has(struct exclusion *exclusion, bool *is_out, uint64_t index);

#endif
