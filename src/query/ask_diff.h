/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between two positions, and why. Only subjects are looked at that the entries between
 * them touch, so the cost is that of these entries, however long the log. */
#ifndef QUERY_ASK_DIFF_H
#define QUERY_ASK_DIFF_H

#include "adduce/history.h"
#include "query/world.h"

/* Errors: as adduce_ask_diff. */
MUST_USE enum adduce_err ask_diff(struct adduce_scope *scope, const struct query_world *world,
                                  struct adduce_value *answer, const struct adduce_sides *sides,
                                  const char *subject_field,
                                  const struct adduce_question *question);

#endif
