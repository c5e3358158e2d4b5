/* SPDX-License-Identifier: Apache-2.0 */
/* The public questions: each opens a world, asks, and closes it. What an answer points to is in
 * the scope, not in the world. */
#include "adduce/history.h"

#include "ledger/provenance.h"
#include "ledger/world.h"
#include "query/ask_step.h"
#include "query/position.h"
#include "query/query.h"

/* Runs `question`, an expression that uses `world`, in a world of the ledger. */
#define ASK(scope, ledger, question)                 \
  do {                                               \
    struct ledger_world opened;                      \
    const struct query_world *world = &opened.query; \
    TRY(world_open((scope), &opened, (ledger)));     \
    enum adduce_err asked = (question);              \
    world_close(&opened);                            \
    return asked;                                    \
  } while (0)

enum adduce_err adduce_ask_kinds(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                 const struct adduce_value **answer, const char *kind) {
  struct log_view view;
  if (ledger == NULL) return query_kinds(scope, NULL, answer, kind);
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = query_kinds(scope, rules_vocabulary(view.rules), answer, kind);
  log_view_close(&view);
  return err;
}

enum adduce_err adduce_resolve(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               struct adduce_id *id, uint64_t *index, const char *name) {
  ASK(scope, ledger, query_resolve(scope, world, id, index, name));
}

enum adduce_err adduce_ask_log(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               const struct adduce_value **answer,
                               const struct adduce_log_filter *filter,
                               const struct adduce_question *question) {
  ASK(scope, ledger, query_log(scope, world, answer, filter, question));
}

enum adduce_err adduce_ask_event(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                 const struct adduce_value **answer, const char *name,
                                 const struct adduce_question *question) {
  struct ledger_world world;
  TRY(world_open(scope, &world, ledger));
  enum adduce_err err = query_event(scope, &world.query, answer, name, question);
  if (err == ADDUCE_OK)
    err = provenance_add(scope, ledger, &world, (struct adduce_value *)(uintptr_t)*answer,
                         (uint64_t)adduce_value_integer(adduce_value_get(*answer, "index")));
  world_close(&world);
  return err;
}

enum adduce_err adduce_ask_state(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                 const struct adduce_value **answer, const char *subject,
                                 const struct adduce_question *question) {
  ASK(scope, ledger, query_state(scope, world, answer, subject, question));
}

enum adduce_err adduce_ask_explain(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                   const struct adduce_value **answer, const char *subject_field,
                                   const struct adduce_question *question) {
  ASK(scope, ledger, query_explain(scope, world, answer, subject_field, question));
}

enum adduce_err adduce_ask_sources(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                   const struct adduce_value **answer,
                                   const struct adduce_question *question) {
  ASK(scope, ledger, query_sources(scope, world, answer, question));
}

enum adduce_err adduce_ask_authors(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                   const struct adduce_value **answer,
                                   const struct adduce_question *question) {
  ASK(scope, ledger, query_authors(scope, world, answer, question));
}

enum adduce_err adduce_ask_timeline(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    const struct adduce_value **answer, const char *subject,
                                    const struct adduce_question *question) {
  ASK(scope, ledger, query_timeline(scope, world, answer, subject, question));
}

enum adduce_err adduce_ask_without(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                   const struct adduce_value **answer,
                                   const struct adduce_question *question) {
  ASK(scope, ledger, query_without(scope, world, answer, question));
}

enum adduce_err adduce_ask_policy(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                  const struct adduce_value **answer,
                                  const struct adduce_question *question) {
  ASK(scope, ledger, query_policy(scope, world, answer, question));
}

enum adduce_err adduce_ask_quarantine(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                      const struct adduce_value **answer) {
  ASK(scope, ledger, query_quarantine(scope, world, answer));
}

/* --- history ------------------------------------------------------------------------------ */

enum adduce_err adduce_ask_history(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                   const struct adduce_value **answer, const char *subject_field,
                                   const struct adduce_question *question) {
  ASK(scope, ledger, query_history(scope, world, answer, subject_field, question));
}

enum adduce_err adduce_ask_diff(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                const struct adduce_value **answer,
                                const struct adduce_sides *sides, const char *subject_field,
                                const struct adduce_question *question) {
  ASK(scope, ledger, query_diff(scope, world, answer, sides, subject_field, question));
}

enum adduce_err adduce_ask_step(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                const struct adduce_value **answer, uint64_t index,
                                const char *const *subjects, size_t subject_count,
                                const struct adduce_question *question) {
  ASK(scope, ledger, ask_step(scope, world, answer, index, subjects, subject_count, question));
}

enum adduce_err adduce_position(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                uint64_t *index, const char *position) {
  ASK(scope, ledger, position_find(scope, world, index, position));
}
