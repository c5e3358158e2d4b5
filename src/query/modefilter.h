/* SPDX-License-Identifier: Apache-2.0 */
/* What a question wants of how things are said: by whom (`said_by`), how certain (`certainty`), and
 * whether as so and done (`indicative`). Each takes its share: a claim is let in when it passes all
 * that are given. What is kept out is counted by its mode (voice.h) and told in the answer, so that
 * an empty answer says what is there instead.
 *
 *   said_by primary      a party to it says so, in whatever mode
 *   certainty W          its certainty is W or stronger; unknown is weaker than possible
 *   indicative           its mode is primary or stated: not reported, possible, intended, denied
 *                        or open */
#ifndef QUERY_MODEFILTER_H
#define QUERY_MODEFILTER_H

#include "query/voice.h"

/* Settles what a question wants; asked->modefilter stays NULL when it wants everything.
 * Errors: ADDUCE_E_USAGE (a word that is none of those above; the detail lists them). */
MUST_USE enum adduce_err modefilter_open(struct asked *asked,
                                         const struct adduce_question *question);

/* Whether a claim is let in, in the form that `event` has; what is not is counted, once a claim.
 * Errors: as voice_find. */
MUST_USE enum adduce_err modefilter_admit(struct asked *asked, bool *is_in, const struct told *told,
                                          const struct event *event);

/* The same without counting: of claims that only bear on the answer. */
MUST_USE enum adduce_err modefilter_pass(struct asked *asked, bool *is_in, const struct told *told,
                                         const struct event *event);

/* Of a question that lists no claims: refuses what it wants. Errors: ADDUCE_E_USAGE. */
MUST_USE enum adduce_err modefilter_refuse(const struct asked *asked, const char *why);

/* Sets `filter`, what was wanted, and `left_out` {claims, modes: {mode: count}}; nothing without a
 * filter. */
void modefilter_render(const struct asked *asked, struct adduce_value *answer);

#endif
