/* SPDX-License-Identifier: Apache-2.0 */
/* Links between statements: that one is the same as another (same_statement_as), or was made from
 * it (quotes, translates, summarises). The ends are events ("event:ID"), sources and speakers
 * (their subject ids). A corroboration that says that its evidence has the same origin as its
 * target (independence: same_origin) is a link of the first sort as well.
 *
 * A link counts when it stands in the ledger as it is, in the indicative. Whoever is left out, what
 * he said of the ties between statements is heeded: to leave more out never brings a claim back. */
#ifndef QUERY_LINKS_H
#define QUERY_LINKS_H

#include "query/told.h"

enum links_way {
  LINKS_DOWN, /* to what it was made from */
  LINKS_UP,   /* to what was made from it */
};

struct link {
  uint64_t index;           /* of the claim that says so */
  bool is_same;             /* the same statement; else made from it */
  struct adduce_span other; /* the other end, as it is written */
};

struct links {
  struct link *items;
  size_t count, capacity;
};

/* Adds the links of one end; those of the same statement are found either way. `asked` leaves
 * nothing out. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err links_find(struct asked *asked, struct links *links,
                                    struct adduce_span end, enum links_way way);

/* The same of an event. */
MUST_USE enum adduce_err links_of_event(struct asked *asked, struct links *links,
                                        const struct adduce_id *id, enum links_way way);

/* Whether any link has an event for an end: where none has, they need not be looked for. */
MUST_USE enum adduce_err links_of_events(struct asked *asked, bool *are_there);

/* The id in "event:ID"; false if the end is something else. */
bool links_event(struct adduce_span end, struct adduce_id *id);

#endif
