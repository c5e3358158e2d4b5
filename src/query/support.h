/* SPDX-License-Identifier: Apache-2.0 */
/* What carries a claim: the least sets of events of which one must be there for the claim to stand.
 *
 * A claim is carried by itself, together with one of the sources it cites or the pieces of evidence
 * it names, if it names any, and with one of the claims it acts on, if it is an act; and so on for
 * each of those. Control entries carry everything and are not listed. What was said in the place of
 * something else is carried by the corrections that put it there as well.
 *
 * So to leave records out is a test of sets: a claim stands iff one of its sets has no event in
 * common with what is left out, and nothing else says so (a word that is taken away takes its
 * claims itself: exclusion.h, levels 2 and 3). The number of sets is bounded; when there are more,
 * that is said, and the test then only proves that a claim stands, not that it falls. */
#ifndef QUERY_SUPPORT_H
#define QUERY_SUPPORT_H

#include "query/lines.h"

#define SUPPORT_SETS 16
#define SUPPORT_EVENTS 24 /* of one set */

struct support_set {
  uint64_t events[SUPPORT_EVENTS]; /* in ascending order */
  size_t count;
};

struct support {
  struct support_set sets[SUPPORT_SETS];
  size_t count;
  bool more;
};

/* The sets of an event. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err support_of_event(struct asked *asked, struct support *support,
                                          uint64_t index);

/* Those of a line: of any of its claims that have its state. */
MUST_USE enum adduce_err support_of_line(struct asked *asked, struct support *support,
                                         const struct line *line);

/* Sets `carried_by`, a list of lists of ids, and `carried_by_more` if there are more. */
MUST_USE enum adduce_err support_render(struct asked *asked, struct adduce_value *map,
                                        const struct support *support);

#endif
