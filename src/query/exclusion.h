/* SPDX-License-Identifier: Apache-2.0 */
/* What a question leaves out: which events are as if they had never been entered, while all others
 * keep their places.
 *
 * Two things can be taken away. A *record* is an event: by its author, key, kind, handling or id,
 * or because --only keeps others. A *word* is what somebody said: by its source or origin; it goes
 * wherever it is told. Each event has a level, the least that obeys the rules below. It is left
 * out when its level is not 0.
 *
 *   1  its record is out
 *   2  the word by which it came here is gone as well: what was made from it goes with it
 *   3  its very origin is gone: whatever is the same statement goes with it
 *
 * Rules, all read in the ledger as it is at the question's position, with nothing left out (only
 * the levels themselves grow from each other):
 *
 *   control     what changes rules or rights (ledger.*, key.*, policy.*, kind.*, ...) has level 0
 *   record      what a selector of records selects has at least level 1; with --only, so has what
 *               none selects, but: what the own author or house did to a kept claim (corrected,
 *               retracted, ended) stays, and so do the sources that a kept claim cites, what these
 *               revise, captures of them, and what their own authors did to them
 *   source      the source that source:X selects has level 3, and X is a voice of level 3
 *   origin      a claim that goes back to X has level 3 by origin:X
 *   chain       a claim has level 2 if a speaker of its chain is a voice of level 2 or more, and
 *               level 3 if the innermost one is. The chain is the one the claim has now; all it
 * ever had if an act by which it has this one is left out (words.h) publisher   a source has level
 * 3 if its own subject or its publisher is such a voice support     a claim that cites sources or
 * names evidence has at least the least level of those, but at most 2 by this rule: one that is
 * left is enough to stand on act         an act, revision or capture has at least the least level
 * of what it acts on made        what quotes, translates or summarises an event or voice of level 2
 * or more has its level; a voice then has level 3 same        what is the same statement as an
 * event or voice of level 3 has level 3
 *
 * The rules only ever raise levels, so there is one least solution, and to leave more out never
 * brings a claim back. An event is looked at when it is asked for, with what it leads to, and what
 * was found is kept: the cost of a question grows with its answer. */
#ifndef QUERY_EXCLUSION_H
#define QUERY_EXCLUSION_H

#include "query/asked.h"
#include "query/selector.h"

enum exclusion_level {
  EXCLUSION_IN,
  EXCLUSION_OUT,
  EXCLUSION_UNTOLD,
  EXCLUSION_GONE,
};

/* Why an event is left out; of several reasons the first in this order. */
enum exclusion_reason {
  EXCLUSION_SELECTED, /* itself, by a selector of records or a source */
  EXCLUSION_NOT_KEPT, /* --only keeps others */
  EXCLUSION_ORIGIN,
  EXCLUSION_CHAIN,
  EXCLUSION_PUBLISHER,
  EXCLUSION_SUPPORT,
  EXCLUSION_ACT,
  EXCLUSION_MADE,
  EXCLUSION_SAME,
};

struct exclusion_why {
  enum exclusion_reason reason;
  struct adduce_span voice; /* of CHAIN, PUBLISHER, and links between voices; else empty */
  uint64_t *via;            /* of SUPPORT, ACT, MADE, SAME: the events it falls with; of a link the
                               claim that says so, then the event at its other end */
  size_t via_count;
};

/* Settles what `without` and `only` leave out; asked->exclusion stays NULL when they say nothing.
 * Errors: those of selector_resolve; ADDUCE_E_USAGE (nothing is left that --only keeps). */
MUST_USE enum adduce_err exclusion_open(struct asked *asked,
                                        const struct adduce_question *question);

/* Whether the event at this index is left out. `exclusion` may be NULL: nothing is.
 * Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err exclusion_has(struct exclusion *exclusion, bool *is_out, uint64_t index);

/* Its level. */
MUST_USE enum adduce_err exclusion_level(struct exclusion *exclusion, enum exclusion_level *level,
                                         uint64_t index);

/* Why an event that is left out is so. */
MUST_USE enum adduce_err exclusion_find_why(struct exclusion *exclusion, struct exclusion_why *why,
                                            uint64_t index);

/* Sets `without` and `only` of an answer: the selectors, as they were understood. */
void exclusion_render(const struct asked *asked, struct adduce_value *answer);

/* The question as if nothing were left out; shares its scope and snapshot. */
struct asked *exclusion_whole(struct exclusion *exclusion);

/* The selectors, for walking what they select (closure.h). */
const struct selector *exclusion_without(const struct exclusion *exclusion, size_t *count);
const struct selector *exclusion_only(const struct exclusion *exclusion, size_t *count);

#endif
