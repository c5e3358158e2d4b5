/* SPDX-License-Identifier: Apache-2.0 */
/* The questions. Each is one function; the shape of its answer stands with the public call of the
 * same name in adduce/query.h. `question` may be NULL: now, any time, all lines.
 *
 * Every answer is built from rows up to a position and the few events they lead to, so its cost
 * grows with the answer and not with the log. Common errors: ADDUCE_E_POSITION (`at` lies beyond
 * the end or before the first entry), ADDUCE_E_USAGE (`at` or `valid_at` cannot be read),
 * ADDUCE_E_CORRUPT (a damaged row or entry; rows can be rebuilt), ADDUCE_E_MEMORY. */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include "adduce/history.h"
#include "query/world.h"

/* `vocabulary` NULL: the built-in kinds. Errors: ADDUCE_E_KIND. */
MUST_USE enum adduce_err query_kinds(struct adduce_scope *scope,
                                     const struct vocabulary *vocabulary,
                                     const struct adduce_value **answer, const char *kind);

/* "#INDEX", an index, a full id or a prefix of one.
 * Errors: ADDUCE_E_NOT_FOUND, ADDUCE_E_AMBIGUOUS, ADDUCE_E_POSITION, ADDUCE_E_USAGE. */
MUST_USE enum adduce_err query_resolve(struct adduce_scope *scope, const struct query_world *world,
                                       struct adduce_id *id, uint64_t *index, const char *name);

MUST_USE enum adduce_err query_log(struct adduce_scope *scope, const struct query_world *world,
                                   const struct adduce_value **answer,
                                   const struct adduce_log_filter *filter,
                                   const struct adduce_question *question);

/* Errors: also those of query_resolve. */
MUST_USE enum adduce_err query_event(struct adduce_scope *scope, const struct query_world *world,
                                     const struct adduce_value **answer, const char *name,
                                     const struct adduce_question *question);

/* `subject` NULL: the list of subjects. Errors: ADDUCE_E_NOT_FOUND. */
MUST_USE enum adduce_err query_state(struct adduce_scope *scope, const struct query_world *world,
                                     const struct adduce_value **answer, const char *subject,
                                     const struct adduce_question *question);

/* Errors: ADDUCE_E_NOT_FOUND. */
MUST_USE enum adduce_err query_explain(struct adduce_scope *scope, const struct query_world *world,
                                       const struct adduce_value **answer,
                                       const char *subject_field,
                                       const struct adduce_question *question);

MUST_USE enum adduce_err query_sources(struct adduce_scope *scope, const struct query_world *world,
                                       const struct adduce_value **answer,
                                       const struct adduce_question *question);

MUST_USE enum adduce_err query_authors(struct adduce_scope *scope, const struct query_world *world,
                                       const struct adduce_value **answer,
                                       const struct adduce_question *question);

/* `subject` NULL: of all subjects. Errors: ADDUCE_E_NOT_FOUND. */
MUST_USE enum adduce_err query_timeline(struct adduce_scope *scope, const struct query_world *world,
                                        const struct adduce_value **answer, const char *subject,
                                        const struct adduce_question *question);

/* Errors: ADDUCE_E_USAGE (the question leaves nothing out). */
MUST_USE enum adduce_err query_without(struct adduce_scope *scope, const struct query_world *world,
                                       const struct adduce_value **answer,
                                       const struct adduce_question *question);

/* The policy of the question. Errors: also those of a policy that is tried (believed.h). */
MUST_USE enum adduce_err query_policy(struct adduce_scope *scope, const struct query_world *world,
                                      const struct adduce_value **answer,
                                      const struct adduce_question *question);
/* Errors: as adduce_ask_history. */
MUST_USE enum adduce_err query_history(struct adduce_scope *scope, const struct query_world *world,
                                       const struct adduce_value **answer,
                                       const char *subject_field,
                                       const struct adduce_question *question);

/* `subject_field` NULL: all subjects. Errors: as adduce_ask_diff. */
MUST_USE enum adduce_err query_diff(struct adduce_scope *scope, const struct query_world *world,
                                    const struct adduce_value **answer,
                                    const struct adduce_sides *sides, const char *subject_field,
                                    const struct adduce_question *question);

MUST_USE enum adduce_err query_quarantine(struct adduce_scope *scope,
                                          const struct query_world *world,
                                          const struct adduce_value **answer);

#endif
