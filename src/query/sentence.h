/* SPDX-License-Identifier: Apache-2.0 */
/* Who says it, on whose word, and in which mood, as one English sentence:
 *
 *   monitor.example/outlet reported that the presidency of Belarus stated, as certain,
 *   ("according to the presidency") that ...
 *
 * Hops come in the order of the chain, the outermost first; markers stand in quotation marks, as
 * the source has them; a speaker nobody names is described as the source describes it; denials,
 * certainty and polarity are said at the place where they stand, and a certainty only where it is
 * written. Without a chain the author of the claim speaks. */
#ifndef QUERY_SENTENCE_H
#define QUERY_SENTENCE_H

#include "query/phrase.h"

/* The sentence for a claim. Errors: as names_show. */
MUST_USE enum adduce_err sentence_claim(struct asked *asked, struct adduce_span *sentence,
                                        const struct told *told);

/* True iff the claim has an attribution of which a hop is open. */
bool sentence_attributed(const struct told *told);

#endif
