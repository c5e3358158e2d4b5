/* SPDX-License-Identifier: Apache-2.0 */
/* The passage of one subject from a position to a later one: two snapshots, and what is not the
 * same in them. Only these two are held, each in a scope of its own, however long the way. */
#ifndef QUERY_PASSAGE_H
#define QUERY_PASSAGE_H

#include "query/snapshot.h"

#define PASSAGE_NOWHERE UINT64_MAX /* before the first entry */

struct passage {
  struct adduce_scope *scope; /* of the answer */
  const struct query_world *world;
  struct adduce_question question; /* its `valid_at` may be changed between steps */
  struct adduce_span subject, field;
  const struct focus *focus; /* of a branch: what it is looked at for; NULL: everything */
  struct adduce_scope *scopes[2];
  struct snapshot snapshots[2]; /* which stay where they are, since questions may point to theirs */
  struct snapshot *before, *after;
};

/* Both snapshots at `index`, or nowhere. Errors: as snapshot_take; there is nothing to close then.
 */
MUST_USE enum adduce_err passage_open(struct passage *passage, struct adduce_scope *scope,
                                      const struct query_world *world,
                                      const struct adduce_question *question,
                                      struct adduce_span subject, struct adduce_span field,
                                      uint64_t index);
void passage_close(struct passage *passage);

/* What was after is before; after is at `index`. Errors: as snapshot_take. */
MUST_USE enum adduce_err passage_go(struct passage *passage, uint64_t index);

/* Another way from where `whole` began to where it has come: `branch` begins with the one snapshot
 * of it, and ends, when it is joined, with the other, and takes neither a second time. It is closed
 * before `whole` goes on. Errors: ADDUCE_E_MEMORY; there is nothing to close then. */
MUST_USE enum adduce_err passage_branch(struct passage *branch, const struct passage *whole);
void passage_join(struct passage *branch, const struct passage *whole);

/* A line that is not the same: `before` is NULL when it has appeared, `after` when it is gone. */
struct passage_change {
  const struct snapshot_line *before, *after;
};

/* Calls `visit` for each, in order of identity. Errors: those of `visit`. */
typedef enum adduce_err passage_visit_fn(void *context, const struct passage_change *change);
MUST_USE enum adduce_err passage_each(struct passage *passage, passage_visit_fn *visit,
                                      void *context);

/* {change: appeared|gone|changed, section, field?, other?, before?: LINE, after?: LINE} in the
 * scope of the answer. Errors: as snapshot_render. */
MUST_USE enum adduce_err passage_render(struct passage *passage, struct adduce_value **map,
                                        const struct passage_change *change);

/* Whatever was asked of the passage's own scopes failed: its detail, where the caller looks. */
enum adduce_err passage_fail(const struct passage *passage, const struct adduce_scope *at,
                             enum adduce_err err);

/* A copy of a value in another scope. */
struct adduce_value *passage_copy(struct adduce_scope *scope, const struct adduce_value *value);

#endif
