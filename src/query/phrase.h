/* SPDX-License-Identifier: Apache-2.0 */
/* What a claim claims, as a clause of English without its beginning capital and full stop: "the
 * asset freeze of the EU on Belavia is imposed". It is the label of a claim in one line, and what
 * follows the last "that" of an attribution. It leaves out who says it and in which mood. */
#ifndef QUERY_PHRASE_H
#define QUERY_PHRASE_H

#include "query/prose.h"

/* Errors: as names_show. */
MUST_USE enum adduce_err phrase_claim(struct asked *asked, struct buffer *out,
                                      const struct told *told);

/* As text, in the scope, with the mood behind it where it is not plain: "(possible)", "(denied)",
 * "(intended, not done)". ADDUCE_E_MEMORY too. */
MUST_USE enum adduce_err phrase_label(struct asked *asked, struct adduce_span *label,
                                      const struct told *told);

#endif
