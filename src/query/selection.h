/* SPDX-License-Identifier: Apache-2.0 */
/* Where to look for what a selector selects: the events that rows lead to, some of which it may not
 * select after all. Of an event each is visited at least once.
 *
 * Sources, speakers, authors, keys, kinds and events have rows. Levels of handling have none, nor
 * has an origin that is known by a description: there every event of the log is visited. */
#ifndef QUERY_SELECTION_H
#define QUERY_SELECTION_H

#include "query/selector.h"

/* Until it returns ADDUCE_E_NOT_FOUND, which is not passed on. */
typedef enum adduce_err selection_visit_fn(void *context, uint64_t index);

/* `asked` leaves nothing out. A source leads to itself, to what has it in a chain, and to what
 * cites it. Errors: others of `visit`, ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err selection_each(struct asked *asked, const struct selector *selector,
                                        selection_visit_fn *visit, void *context);

/* What may have this subject in its chain, or for its publisher or its own id. */
MUST_USE enum adduce_err selection_each_of_voice(struct asked *asked, struct adduce_span subject,
                                                 selection_visit_fn *visit, void *context);

/* The targets of corrections that give a claim another chain; no row says whose. */
MUST_USE enum adduce_err selection_each_rechained(struct asked *asked, selection_visit_fn *visit,
                                                  void *context);

/* What names an event in its refs. */
MUST_USE enum adduce_err selection_each_naming(struct asked *asked, const struct adduce_id *id,
                                               selection_visit_fn *visit, void *context);

#endif
