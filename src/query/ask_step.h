/* SPDX-License-Identifier: Apache-2.0 */
/* One event with the change it caused. */
#ifndef QUERY_ASK_STEP_H
#define QUERY_ASK_STEP_H

#include "adduce/history.h"
#include "query/world.h"

/* Errors: as adduce_ask_step. */
MUST_USE enum adduce_err ask_step(struct adduce_scope *scope, const struct query_world *world,
                                  const struct adduce_value **answer, uint64_t index,
                                  const char *const *subjects, size_t subject_count,
                                  const struct adduce_question *question);

#endif
