/* SPDX-License-Identifier: Apache-2.0 */
#include "query/query.h"

#include "query/ask_authors.h"
#include "query/ask_diff.h"
#include "query/ask_event.h"
#include "query/ask_explain.h"
#include "query/ask_history.h"
#include "query/ask_kinds.h"
#include "query/ask_log.h"
#include "query/ask_policy.h"
#include "query/ask_quarantine.h"
#include "query/ask_sources.h"
#include "query/ask_state.h"
#include "query/ask_timeline.h"
#include "query/ask_without.h"

enum adduce_err query_kinds(struct adduce_scope *scope, const struct vocabulary *vocabulary,
                            const struct adduce_value **answer, const char *kind) {
  struct adduce_value *value;
  TRY(ask_kinds(scope, vocabulary, &value, kind));
  *answer = value;
  return value_finish(scope);
}

enum adduce_err query_resolve(struct adduce_scope *scope, const struct query_world *world,
                              struct adduce_id *id, uint64_t *index, const char *name) {
  return ask_event_resolve(scope, world, id, index, name);
}

/* What each question has before and after it. */
static enum adduce_err open(struct adduce_scope *scope, const struct query_world *world,
                            struct asked *asked, struct adduce_value **answer,
                            const struct adduce_question *question) {
  TRY(asked_open(asked, scope, world, question));
  *answer = asked_answer(asked);
  return value_finish(scope);
}

static enum adduce_err close(struct adduce_scope *scope, enum adduce_err err,
                             const struct adduce_value **answer, const struct adduce_value *value) {
  if (err != ADDUCE_OK) return err;
  *answer = value;
  return value_finish(scope);
}

enum adduce_err query_log(struct adduce_scope *scope, const struct query_world *world,
                          const struct adduce_value **answer,
                          const struct adduce_log_filter *filter,
                          const struct adduce_question *question) {
  struct asked asked;
  struct adduce_value *value;
  TRY(open(scope, world, &asked, &value, question));
  return close(scope, ask_log(&asked, value, filter), answer, value);
}

enum adduce_err query_event(struct adduce_scope *scope, const struct query_world *world,
                            const struct adduce_value **answer, const char *name,
                            const struct adduce_question *question) {
  struct asked asked;
  struct adduce_value *value;
  TRY(open(scope, world, &asked, &value, question));
  return close(scope, ask_event(&asked, value, name), answer, value);
}

enum adduce_err query_state(struct adduce_scope *scope, const struct query_world *world,
                            const struct adduce_value **answer, const char *subject,
                            const struct adduce_question *question) {
  struct asked asked;
  struct adduce_value *value;
  TRY(open(scope, world, &asked, &value, question));
  enum adduce_err err = subject == NULL
                            ? ask_state_list(&asked, value)
                            : ask_state_subject(&asked, value, asked_subject(&asked, subject));
  return close(scope, err, answer, value);
}

enum adduce_err query_explain(struct adduce_scope *scope, const struct query_world *world,
                              const struct adduce_value **answer, const char *subject_field,
                              const struct adduce_question *question) {
  struct asked asked;
  struct adduce_value *value;
  TRY(open(scope, world, &asked, &value, question));
  return close(scope, ask_explain(&asked, value, subject_field), answer, value);
}

enum adduce_err query_sources(struct adduce_scope *scope, const struct query_world *world,
                              const struct adduce_value **answer,
                              const struct adduce_question *question) {
  struct asked asked;
  struct adduce_value *value;
  TRY(open(scope, world, &asked, &value, question));
  return close(scope, ask_sources(&asked, value), answer, value);
}

enum adduce_err query_authors(struct adduce_scope *scope, const struct query_world *world,
                              const struct adduce_value **answer,
                              const struct adduce_question *question) {
  struct asked asked;
  struct adduce_value *value;
  TRY(open(scope, world, &asked, &value, question));
  return close(scope, ask_authors(&asked, value), answer, value);
}

enum adduce_err query_timeline(struct adduce_scope *scope, const struct query_world *world,
                               const struct adduce_value **answer, const char *subject,
                               const struct adduce_question *question) {
  struct asked asked;
  struct adduce_value *value;
  TRY(open(scope, world, &asked, &value, question));
  return close(scope, ask_timeline(&asked, value, subject), answer, value);
}

enum adduce_err query_without(struct adduce_scope *scope, const struct query_world *world,
                              const struct adduce_value **answer,
                              const struct adduce_question *question) {
  struct asked asked;
  struct adduce_value *value;
  TRY(open(scope, world, &asked, &value, question));
  return close(scope, ask_without(&asked, value), answer, value);
}

enum adduce_err query_policy(struct adduce_scope *scope, const struct query_world *world,
                             const struct adduce_value **answer,
                             const struct adduce_question *question) {
  struct asked asked;
  struct adduce_value *value;
  TRY(open(scope, world, &asked, &value, question));
  return close(scope, ask_policy(&asked, value), answer, value);
}

enum adduce_err query_history(struct adduce_scope *scope, const struct query_world *world,
                              const struct adduce_value **answer, const char *subject_field,
                              const struct adduce_question *question) {
  static const struct adduce_question anything = ADDUCE_QUESTION_DEFAULT;
  struct asked asked;
  struct adduce_value *value;
  if (question == NULL) question = &anything;
  TRY(open(scope, world, &asked, &value, question));
  return close(scope, ask_history(&asked, value, question, subject_field), answer, value);
}

enum adduce_err query_diff(struct adduce_scope *scope, const struct query_world *world,
                           const struct adduce_value **answer, const struct adduce_sides *sides,
                           const char *subject_field, const struct adduce_question *question) {
  struct adduce_value *value = value_map(scope);
  return close(scope, ask_diff(scope, world, value, sides, subject_field, question), answer, value);
}

enum adduce_err query_quarantine(struct adduce_scope *scope, const struct query_world *world,
                                 const struct adduce_value **answer) {
  struct adduce_value *value = value_map(scope);
  return close(scope, ask_quarantine(scope, world, value), answer, value);
}
