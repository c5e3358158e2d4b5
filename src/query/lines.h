/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a subject's state. A line is one thing that is said: a value of a field in one
 * mood, a relation to one other, or the state of one thing in one facet; its supports are the
 * claims that say it. Values that compete stand as lines of the same field, none is dropped.
 *
 * Lines stand by section, field (bytewise), status (live first), and the index of their first
 * support. */
#ifndef QUERY_LINES_H
#define QUERY_LINES_H

#include "projection/modality.h"
#include "query/gather.h"

enum lines_section { LINES_FACT, LINES_RELATION, LINES_SANCTION, LINES_RELEASE, LINES_STATE };

struct lines_support {
  const struct gather_item *item;
  const struct told *told;
  enum status_state state;
  struct modality mood;
  struct adduce_span quantity; /* encoded; of a fact that holds for so many */
};

struct line {
  enum lines_section section;
  struct adduce_span field;       /* of a fact; the relation; the noun of a state */
  struct adduce_span value;       /* encoded: of a fact; facets of a state (empty if it has none) */
  struct adduce_span original;    /* the spelling of the source; encoded text, empty if none */
  struct adduce_span other;       /* of a relation; of a release or sanction, its subject */
  uint8_t direction;              /* of a relation: 1 from, 2 to */
  struct modality mood;           /* of a fact or relation: what its supports have in common */
  enum status_state state;        /* the liveliest of its supports' */
  unsigned marks;                 /* of the supports that have this state */
  struct lines_support *supports; /* in log order */
  size_t count, capacity;
};

struct lines {
  struct line *items;
  size_t count, capacity;
};

/* The lines of what was gathered; `field` empty: all; else those of that field, relation or noun.
 * Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err lines_find(struct asked *asked, struct lines *lines,
                                    const struct gathered *gathered, struct adduce_span field);

/* What makes two lines one, as bytes: equal for the same line of two questions.
 * Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err lines_identify(struct asked *asked, const struct line *line,
                                        struct adduce_span *identity);

/* True iff some support stands, in the indicative. */
bool lines_holds(const struct line *line);

#endif
