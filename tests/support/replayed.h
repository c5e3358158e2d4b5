/* SPDX-License-Identifier: Apache-2.0 */
/* A random ledger (sayings.h) replayed as if some of its events had never been entered: in their
 * places stands what says nothing, so that all others keep theirs. Answers of both can be compared
 * as text.
 *
 * Calls end the test that makes them when anything fails. */
#ifndef TESTS_SUPPORT_REPLAYED_H
#define TESTS_SUPPORT_REPLAYED_H

#include "support/sayings.h"

#define REPLAYED_FILLER SAYINGS_AUTHORS /* the author of what stands in the place of the others */

extern struct shelf replayed;

/* Opens both shelves, and closes them: a group's setup and teardown. */
int replayed_open(void **state);
int replayed_close(void **state);

/* Replays the first `size` events without those that are out, and folds them. */
void replayed_fold(const bool *out, size_t size);

enum replayed_question {
  REPLAYED_STATE,
  REPLAYED_EXPLAIN,
  REPLAYED_TIMELINE,
  REPLAYED_SHOW,
  REPLAYED_SOURCES,
  REPLAYED_LOG,
  REPLAYED_PEOPLE,
  REPLAYED_LIST,
  REPLAYED_WHEN,
  REPLAYED_QUESTIONS,
};

/* The answer, NULL and an error in its place. `number` picks the subject or, below `size`, the
 * event. */
enum adduce_err replayed_ask(struct shelf *of, const struct query_world *world,
                             const struct adduce_value **answer, enum replayed_question what,
                             unsigned number, size_t size, const struct adduce_question *question);

/* The answer as text, without what stands in the place of others; "" of an event that is out or is
 * such a one. `dropped`, which ends in NULL, are keys that are left away. */
const char *replayed_text(struct shelf *of, enum replayed_question what, enum adduce_err err,
                          const struct adduce_value *answer, const char *const *dropped);

#endif
