/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_explain.h"

#include "claim/spelling.h"
#include "projection/key.h"
#include "query/ask_state.h"
#include "query/believed.h"
#include "query/erased.h"
#include "query/lineview.h"
#include "query/modefilter.h"
#include "query/origins.h"
#include "query/range.h"
#include "query/support.h"

/* --- which subject, which field ------------------------------------------------------------*/

static enum adduce_err is_known(const struct asked *asked, bool *known,
                                struct adduce_span subject) {
  struct range range;
  struct key key;
  key_init(&key);
  key_text(&key, subject);
  TRY(range_open(asked, &range, REGISTRY_SUBJECTS, key_span(&key)));
  enum adduce_err err = range_next(&range);
  range_close(&range);
  *known = err == ADDUCE_OK;
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

/* Ids have dots of their own, so a whole id that is known wins; then the last dot divides. */
enum adduce_err ask_explain_divide(const struct asked *asked, const char *subject_field,
                                   struct adduce_span *subject, struct adduce_span *field) {
  bool known;
  const char *dot = strrchr(subject_field, '.');
  *subject = asked_subject(asked, subject_field);
  *field = span_of(NULL, 0);
  TRY(is_known(asked, &known, *subject));
  if (known || dot == NULL || !spelling_word(span_text(dot + 1))) return ADDUCE_OK;
  *subject = asked_subject(
      asked, scope_format(asked->scope, "%.*s", (int)(dot - subject_field), subject_field));
  *field = span_text(dot + 1);
  return ADDUCE_OK;
}

/* --- one line ----------------------------------------------------------------------------- */

static bool is_dispute(const struct status_act *act) {
  return act->effective && (span_is(act->state, "disputed") || span_is(act->opinion, "disagree") ||
                            span_is(act->opinion, "strongly_disagree"));
}

static enum adduce_err set_disputes(struct asked *asked, struct adduce_value *map,
                                    const struct line *line) {
  struct adduce_value *list = value_list(asked->scope);
  for (size_t i = 0; i < line->count; i++) {
    const struct status *status = &line->supports[i].told->status;
    for (size_t j = 0; j < status->act_count; j++) {
      const struct told *told;
      if (!is_dispute(&status->acts[j])) continue;
      TRY(told_get(asked, &told, status->acts[j].index));
      TRY(render_add_claim(asked, list, told, RENDER_FULL));
    }
  }
  asked_set(asked, map, "disputes", list);
  return value_finish(asked->scope);
}

/* The targets of a correction that names this claim as what should have been said. */
static enum adduce_err add_replaced(struct asked *asked, struct adduce_value *list,
                                    const struct status_act *act) {
  const struct told *correction, *target;
  struct parsed_ref ref;
  if (!act->holds || !act->whole || !span_is(act->role, "replacement")) return ADDUCE_OK;
  TRY(told_get(asked, &correction, act->index));
  struct cursor refs = correction->event.claim.parsed.refs;
  while (parsed_next_role(&refs, &ref, "target")) {
    enum adduce_err err = told_find(asked, &target, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    TRY(render_add_claim(asked, list, target, RENDER_BODY));
  }
  return ADDUCE_OK;
}

static bool supports(const struct line *line, const struct told *told) {
  for (size_t i = 0; i < line->count; i++)
    if (line->supports[i].told == told) return true;
  return false;
}

/* What the same claims said of the field before they were corrected. */
static enum adduce_err add_before(struct asked *asked, struct adduce_value *list,
                                  const struct lines *lines, const struct line *line,
                                  const struct told *told) {
  for (size_t i = 0; i < lines->count; i++) {
    const struct line *other = &lines->items[i];
    if (other->section != line->section || other->state != STATUS_CORRECTED ||
        !span_equal(other->field, line->field) || !supports(other, told))
      continue;
    struct adduce_value *map = value_map(asked->scope);
    TRY(asked_set_encoded(asked, map, "value", other->value));
    TRY(render_claim(asked, map, told, RENDER_LINE));
    value_add(asked->scope, list, map);
  }
  return ADDUCE_OK;
}

static enum adduce_err set_superseded(struct asked *asked, struct adduce_value *map,
                                      const struct lines *lines, const struct line *line) {
  struct adduce_value *list = value_list(asked->scope);
  for (size_t i = 0; i < line->count; i++) {
    const struct lines_support *support = &line->supports[i];
    const struct status *status = &support->told->status;
    for (size_t j = 0; j < status->act_count; j++) TRY(add_replaced(asked, list, &status->acts[j]));
    if (support->told->is_corrected && line->state != STATUS_CORRECTED)
      TRY(add_before(asked, list, lines, line, support->told));
  }
  asked_set(asked, map, "superseded", list);
  return value_finish(asked->scope);
}

static void set_section(const struct asked *asked, struct adduce_value *map,
                        const struct line *line) {
  static const char *const sections[] = {[LINES_FACT] = "fact",
                                         [LINES_RELATION] = "relation",
                                         [LINES_SANCTION] = "sanction",
                                         [LINES_RELEASE] = "release",
                                         [LINES_STATE] = "state"};
  asked_set_text(asked, map, "section", sections[line->section]);
  asked_set_str(asked, map, "field", line->field);
}

/* The sentence is that of the first support that stands, or of the first. */
static enum adduce_err set_sentence(struct asked *asked, struct adduce_value *map,
                                    const struct line *line) {
  const struct told *told = line->supports[0].told;
  struct adduce_span sentence;
  for (size_t i = line->count; i-- > 0;)
    if (line->supports[i].state == line->state) told = line->supports[i].told;
  TRY(sentence_claim(asked, &sentence, told));
  asked_set_str(asked, map, "sentence", sentence);
  return ADDUCE_OK;
}

static enum adduce_err set_support(struct asked *asked, struct adduce_value *map,
                                   const struct line *line) {
  struct support support;
  TRY(support_of_line(asked, &support, line));
  return support_render(asked, map, &support);
}

static enum adduce_err add_line(struct asked *asked, struct adduce_value *list,
                                const struct lines *lines, const struct line *line) {
  struct adduce_value *map = value_map(asked->scope);
  set_section(asked, map, line);
  TRY(lineview_line(asked, map, line));
  TRY(set_sentence(asked, map, line));
  TRY(lineview_support(asked, map, line, RENDER_FULL));
  TRY(origins_render(asked, map, line));
  TRY(set_support(asked, map, line));
  TRY(set_disputes(asked, map, line));
  TRY(set_superseded(asked, map, lines, line));
  value_add(asked->scope, list, map);
  return value_finish(asked->scope);
}

/* --- the answer --------------------------------------------------------------------------- */

static enum adduce_err set_lines(struct asked *asked, struct adduce_value *answer,
                                 const struct lines *lines) {
  struct adduce_value *list = value_list(asked->scope);
  struct asked_page page = {.seen = 0};
  for (size_t i = 0; i < lines->count; i++) {
    enum asked_turn turn = asked_turn(asked, &page);
    if (turn == ASKED_STOP) break;
    if (turn == ASKED_SHOW) TRY(add_line(asked, list, lines, &lines->items[i]));
  }
  asked_set(asked, answer, "lines", list);
  asked_more(asked, answer, &page);
  return value_finish(asked->scope);
}

enum adduce_err ask_explain(struct asked *asked, struct adduce_value *answer,
                            const char *subject_field) {
  struct adduce_span subject, field;
  struct gathered gathered;
  struct bounds bounds = {.count = 0};
  struct lines lines;
  bool was_erased;
  TRY(believed_open(asked));
  TRY(ask_explain_divide(believed_whole(asked), subject_field, &subject, &field));
  TRY(ask_state_gather(asked, &gathered, subject));
  TRY(numbers_prepare(asked, &gathered.cluster));
  TRY(lines_find(asked, &lines, &gathered, field));
  TRY(erased_claims(asked, answer, &was_erased, &gathered, field));
  if (field.size != 0 && lines.count == 0 && asked->modefilter == NULL && asked->believed == NULL &&
      !was_erased)
    return scope_fail(asked->scope, ADDUCE_E_NOT_FOUND, "nothing is said of the field %.*s of %.*s",
                      SPAN_ARGS(field), SPAN_ARGS(subject));
  TRY(ask_state_head(asked, answer, subject, &gathered.cluster));
  asked_set_str(asked, answer, "field", field);
  for (size_t i = 0; i < lines.count; i++)
    if (lines.items[i].section == LINES_FACT && span_is(lines.items[i].field, "quantity"))
      TRY(bounds_add_line(asked, &bounds, &lines.items[i]));
  if (field.size == 0 || span_is(field, "quantity")) TRY(numbers_bound_total(asked, &bounds));
  bounds_render(asked, answer, &bounds);
  modefilter_render(asked, answer);
  TRY(believed_render(asked, answer, &gathered.cluster));
  return set_lines(asked, answer, &lines);
}
