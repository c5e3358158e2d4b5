/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_history.h"

#include "query/ask_explain.h"
#include "query/ask_state.h"
#include "query/believed.h"
#include "query/candidates.h"
#include "query/cause.h"
#include "query/erased.h"

struct history {
  struct asked *asked;
  struct adduce_value *events;
  struct asked_page page;
  struct passage passage;
  uint64_t index;
  struct adduce_value *event, *changes; /* NULL until the entry at `index` changes something */
  bool is_shown;
};

/* The entry is told when it turns out to have changed something, and once. */
static enum adduce_err tell_event(struct history *history) {
  struct asked *there = &history->passage.after->asked;
  struct adduce_scope *scope = history->asked->scope;
  struct adduce_value *map;
  enum cause cause;
  enum adduce_err err = cause_render(there, &map, &cause, history->index);
  if (err != ADDUCE_OK) return passage_fail(&history->passage, there->scope, err);
  history->event = passage_copy(scope, map);
  history->changes = value_list(scope);
  value_set(scope, history->event, "changes", history->changes);
  value_add(scope, history->events, history->event);
  return value_finish(scope);
}

static enum adduce_err take_change(void *context, const struct passage_change *change) {
  struct history *history = context;
  struct adduce_value *map;
  if (history->event == NULL && !history->is_shown) {
    if (history->page.more) return ADDUCE_OK;
    enum asked_turn turn = asked_turn(history->asked, &history->page);
    history->is_shown = true;
    if (turn == ASKED_SHOW) TRY(tell_event(history));
  }
  if (history->event == NULL) return ADDUCE_OK;
  TRY(passage_render(&history->passage, &map, change));
  value_add(history->asked->scope, history->changes, map);
  return value_finish(history->asked->scope);
}

static enum adduce_err go_through(struct history *history, const struct worklist *candidates) {
  for (size_t i = 0; i < candidates->count && !history->page.more; i++) {
    history->index = worklist_index(candidates, i);
    history->event = NULL;
    history->is_shown = false;
    TRY(scope_progress(history->asked->scope, "comparing", i, candidates->count));
    TRY(passage_go(&history->passage, history->index));
    TRY(passage_each(&history->passage, take_change, history));
  }
  return ADDUCE_OK;
}

/* What was ever said of a field still has a line, if only of what was corrected or retracted. */
static enum adduce_err must_have(struct asked *asked, const struct gathered *gathered,
                                 struct adduce_span subject, struct adduce_span field,
                                 bool was_erased) {
  struct lines lines;
  TRY(lines_find(asked, &lines, gathered, field));
  if (lines.count != 0 || was_erased) return ADDUCE_OK;
  return scope_fail(asked->scope, ADDUCE_E_NOT_FOUND, "nothing is said of the field %.*s of %.*s",
                    SPAN_ARGS(field), SPAN_ARGS(subject));
}

enum adduce_err ask_history(struct asked *asked, struct adduce_value *answer,
                            const struct adduce_question *question, const char *subject_field) {
  struct history history = {.asked = asked, .events = value_list(asked->scope)};
  struct worklist candidates;
  struct gathered gathered;
  struct adduce_span subject, field;
  bool was_erased;
  TRY(believed_open(asked));
  struct asked *whole = asked_everything(asked);
  TRY(ask_explain_divide(whole, subject_field, &subject, &field));
  TRY(gather_subject(whole, &gathered, subject));
  TRY(erased_claims(whole, answer, &was_erased, &gathered, field));
  if (field.size != 0) TRY(must_have(whole, &gathered, subject, field, was_erased));
  if (snapshot_is_local(question))
    TRY(candidates_find(whole, &candidates, subject));
  else
    TRY(candidates_all(whole, &candidates));
  enum adduce_err left = ask_state_gather(asked, &gathered, subject);
  /* What is left out here may have been there. */
  if (left != ADDUCE_OK && (left != ADDUCE_E_NOT_FOUND || asked->exclusion == NULL)) return left;
  TRY(ask_state_head(asked, answer, subject, &gathered.cluster));
  asked_set_str(asked, answer, "field", field);
  TRY(passage_open(&history.passage, asked->scope, asked->world, question, subject, field,
                   PASSAGE_NOWHERE));
  enum adduce_err err = go_through(&history, &candidates);
  passage_close(&history.passage);
  if (err != ADDUCE_OK) return err;
  asked_set(asked, answer, "events", history.events);
  asked_more(asked, answer, &history.page);
  return value_finish(asked->scope);
}
