/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_diff.h"

#include "query/ask_explain.h"
#include "query/attribution.h"
#include "query/believed.h"
#include "query/candidates.h"
#include "query/groupview.h"
#include "query/passed.h"
#include "query/position.h"

struct side {
  uint64_t index;
  const char *valid_at;
  struct asked asked; /* in the scope of the work */
};

struct diff {
  struct adduce_scope *scope; /* of the answer */
  const struct query_world *world;
  struct adduce_question question;
  struct adduce_scope *work; /* what is found out on the way */
  struct side from, to;
  const char *asked_for; /* NULL: all subjects */
  struct adduce_span subject, field;
  struct touch touch; /* what the entries between touch, of all subjects */

  struct adduce_value *subjects;
  struct asked_page page;
  uint64_t differences, subject_count, appeared, gone, changed, causes[CAUSE_COUNT];

  /* Of the group that is looked at: */
  const struct grouping_group *group;
  struct passage whole;      /* from side to side */
  struct cache lines;        /* by identity: struct attribution */
  bool is_unexplained;       /* some line differs, and no candidate changed it */
  struct adduce_value *list; /* NULL until a difference is shown */
};

/* --- the two sides ------------------------------------------------------------------------ */

static enum adduce_err open_side(struct diff *diff, struct side *side) {
  struct adduce_question question = diff->question;
  question.at = scope_format(diff->work, "#%llu", (unsigned long long)side->index);
  question.valid_at = side->valid_at;
  TRY(side == &diff->to ? asked_open(&side->asked, diff->work, diff->world, &question)
                        : asked_open_on_way(&side->asked, diff->work, diff->world, &question));
  return believed_open(&side->asked);
}

static enum adduce_err open_sides(struct diff *diff, const struct adduce_sides *sides) {
  const char *both = diff->question.valid_at;
  diff->from.index = diff->to.index = diff->world->size - 1;
  diff->from.valid_at = sides->from_valid_at != NULL ? sides->from_valid_at : both;
  diff->to.valid_at = sides->to_valid_at != NULL ? sides->to_valid_at : both;
  if (sides->from != NULL)
    TRY(position_find(diff->work, diff->world, &diff->from.index, sides->from));
  if (sides->to != NULL) TRY(position_find(diff->work, diff->world, &diff->to.index, sides->to));
  if (diff->from.index > diff->to.index)
    return scope_fail(diff->work, ADDUCE_E_USAGE,
                      "#%llu comes after #%llu; the older position is the first one",
                      (unsigned long long)diff->from.index, (unsigned long long)diff->to.index);
  if ((diff->from.valid_at == NULL) != (diff->to.valid_at == NULL))
    return scope_fail(diff->work, ADDUCE_E_USAGE,
                      "a time of the world is needed on both sides, or on neither");
  TRY(open_side(diff, &diff->from));
  return open_side(diff, &diff->to);
}

static bool time_passes(const struct diff *diff) {
  return diff->from.valid_at != NULL && strcmp(diff->from.valid_at, diff->to.valid_at) != 0;
}

/* --- which subjects ----------------------------------------------------------------------- */

static enum adduce_err touch_entries(struct diff *diff, struct touch *touch) {
  if (!snapshot_is_local(&diff->question)) return touch_all(touch);
  for (uint64_t index = diff->from.index + 1; index <= diff->to.index; index++) {
    TRY(scope_progress(diff->scope, "reading", index - diff->from.index,
                       diff->to.index - diff->from.index));
    TRY(touch_event(touch, index));
  }
  return time_passes(diff) ? passed_touch(touch, &diff->from.asked, &diff->to.asked) : ADDUCE_OK;
}

static enum adduce_err find_subjects(struct diff *diff, struct grouping *grouping) {
  struct asked *from = &diff->from.asked, *to = &diff->to.asked;
  /* What does not count under one policy may under the other, and touches all the same. */
  struct asked *at[] = {from, to, asked_everything(from), asked_everything(to)};
  touch_init(&diff->touch, at[3]);
  if (diff->asked_for == NULL) {
    TRY(touch_entries(diff, &diff->touch));
    TRY(touch_finish(&diff->touch, at, 4));
  } else {
    TRY(ask_explain_divide(at[3], diff->asked_for, &diff->subject, &diff->field));
    TRY(worklist_put(&diff->touch.subjects, diff->subject));
  }
  return grouping_find(grouping, &diff->touch.subjects, from, to);
}

/* --- why ---------------------------------------------------------------------------------- */

/* The candidates between the two sides, or every entry. */
static enum adduce_err find_events(struct diff *diff, struct worklist *events, bool is_slow) {
  struct worklist candidates;
  worklist_init(events, diff->work);
  if (is_slow) {
    for (uint64_t index = diff->from.index + 1; index <= diff->to.index; index++)
      TRY(worklist_put_index(events, index));
    return ADDUCE_OK;
  }
  /* The newer snapshot has read most of what they are found by. */
  struct asked *asked = believed_whole(&diff->whole.after->asked);
  enum adduce_err err = candidates_find(asked, &candidates, diff->whole.subject);
  if (err != ADDUCE_OK) return passage_fail(&diff->whole, asked->scope, err);
  for (size_t i = 0; i < candidates.count; i++) {
    uint64_t index = worklist_index(&candidates, i);
    if (index > diff->from.index && index <= diff->to.index) TRY(worklist_put_index(events, index));
  }
  return ADDUCE_OK;
}

/* A policy makes count, at the entries after it, what no entry touches. */
static enum adduce_err has_policy(struct asked *asked, bool *is_there,
                                  const struct worklist *events) {
  *is_there = false;
  for (size_t i = 0; i < events->count && !*is_there; i++) {
    const struct told *told;
    TRY(told_get(asked, &told, worklist_index(events, i)));
    *is_there = span_is(told->event.claim.parsed.kind, "policy.set");
  }
  return ADDUCE_OK;
}

/* Of all subjects it is known what the entries touch; of one, it is found from its candidates. */
static enum adduce_err find_touched(struct diff *diff, struct asked *asked,
                                    const struct cache **touched, const struct worklist *events) {
  *touched = &diff->touch.events.seen;
  if (diff->asked_for == NULL) return ADDUCE_OK;
  struct touch *touch = scope_new(asked->scope, struct touch);
  if (touch == NULL) return scope_no_memory(asked->scope);
  touch_init(touch, asked);
  for (size_t i = 0; i < events->count; i++) TRY(touch_event(touch, worklist_index(events, i)));
  *touched = &touch->events.seen;
  return ADDUCE_OK;
}

/* What the way is looked at for; `*is_wide` if that must be everything. What is read on the way is
 * kept with the newer snapshot. */
static enum adduce_err find_focus(struct diff *diff, struct focus *focus, bool *is_wide,
                                  const struct worklist *events) {
  struct asked *asked = believed_whole(&diff->whole.after->asked);
  const struct cache *touched;
  enum adduce_err err = has_policy(asked, is_wide, events);
  if (err == ADDUCE_OK && *is_wide) return ADDUCE_OK;
  if (err == ADDUCE_OK) err = find_touched(diff, asked, &touched, events);
  if (err == ADDUCE_OK) err = focus_find(focus, asked->scope, &diff->whole, touched);
  return err == ADDUCE_OK ? ADDUCE_OK : passage_fail(&diff->whole, asked->scope, err);
}

/* Time first, then the log. */
static enum adduce_err attribute(struct diff *diff, bool is_slow) {
  struct worklist events;
  struct focus focus;
  bool is_wide = is_slow;
  struct scope_mark mark = scope_mark(diff->work);
  diff->lines = (struct cache){.count = 0};
  TRY(find_events(diff, &events, is_slow));
  if (!is_slow) TRY(find_focus(diff, &focus, &is_wide, &events));
  TRY(attribution_find(&diff->whole, &diff->lines, &events, is_wide ? NULL : &focus,
                       time_passes(diff), diff->from.index));
  scope_rewind(diff->work, mark);
  return ADDUCE_OK;
}

static struct attribution *attribution_of(const struct diff *diff,
                                          const struct passage_change *change) {
  return cache_get(&diff->lines,
                   change->after != NULL ? change->after->identity : change->before->identity);
}

static enum adduce_err is_explained(void *context, const struct passage_change *change) {
  struct diff *diff = context;
  if (attribution_of(diff, change) == NULL) diff->is_unexplained = true;
  return ADDUCE_OK;
}

/* --- what differs ------------------------------------------------------------------------- */

static void count(struct diff *diff, const struct passage_change *change,
                  const struct attribution *causes) {
  bool has[CAUSE_COUNT] = {false};
  diff->differences++;
  diff->appeared += change->before == NULL;
  diff->gone += change->after == NULL;
  diff->changed += change->before != NULL && change->after != NULL;
  for (size_t i = 0; causes != NULL && i < causes->count; i++) {
    diff->causes[causes->items[i].cause] += !has[causes->items[i].cause];
    has[causes->items[i].cause] = true;
  }
}

static enum adduce_err show_group(struct diff *diff) {
  struct adduce_value *map;
  TRY(groupview_head(diff->scope, &map, &diff->to.asked, diff->group, diff->whole.subject));
  diff->list = value_list(diff->scope);
  value_set(diff->scope, map, "differences", diff->list);
  value_add(diff->scope, diff->subjects, map);
  return value_finish(diff->scope);
}

/* Every difference is counted; those that were asked for are shown. */
static enum adduce_err take_difference(void *context, const struct passage_change *change) {
  struct diff *diff = context;
  struct asked paging = {.limit = diff->question.limit, .skip = diff->question.skip};
  const struct attribution *causes = attribution_of(diff, change);
  struct adduce_value *map, *list = value_list(diff->scope);
  count(diff, change, causes);
  if (diff->page.more || asked_turn(&paging, &diff->page) != ASKED_SHOW) return ADDUCE_OK;
  if (diff->list == NULL) TRY(show_group(diff));
  TRY(passage_render(&diff->whole, &map, change));
  for (size_t i = 0; causes != NULL && i < causes->count; i++)
    value_add(diff->scope, list, causes->items[i].map);
  value_set(diff->scope, map, "causes", list);
  value_add(diff->scope, diff->list, map);
  return value_finish(diff->scope);
}

static enum adduce_err note_change(void *context, const struct passage_change *change) {
  bool *differs = context;
  (void)change;
  *differs = true;
  return ADDUCE_OK;
}

static enum adduce_err compare(struct diff *diff) {
  bool differs = false;
  diff->whole.question.valid_at = diff->to.valid_at;
  TRY(passage_go(&diff->whole, diff->to.index));
  TRY(passage_each(&diff->whole, note_change, &differs));
  if (!differs) return ADDUCE_OK;
  diff->list = NULL;
  diff->is_unexplained = false;
  TRY(attribute(diff, !snapshot_is_local(&diff->question)));
  TRY(passage_each(&diff->whole, is_explained, diff));
  if (diff->is_unexplained) {
    /* Candidates are never too few; should that ever be untrue, the answer still is. */
    scope_trace(diff->scope, "diff: the candidates of %.*s explain too little",
                SPAN_ARGS(diff->whole.subject));
    TRY(attribute(diff, true));
  }
  diff->subject_count++;
  return passage_each(&diff->whole, take_difference, diff);
}

static enum adduce_err look_at(struct diff *diff, const struct grouping_group *group) {
  struct adduce_question question = diff->question;
  question.valid_at = diff->from.valid_at;
  diff->group = group;
  TRY(passage_open(&diff->whole, diff->scope, diff->world, &question, group->subjects[0],
                   diff->field, diff->from.index));
  enum adduce_err err = compare(diff);
  passage_close(&diff->whole);
  return err;
}

/* --- the answer --------------------------------------------------------------------------- */

static void set_side(struct diff *diff, struct adduce_value *answer, const char *key,
                     const struct side *side) {
  struct adduce_value *at =
      passage_copy(diff->scope, adduce_value_get(asked_answer(&side->asked), "at"));
  if (side->valid_at != NULL) value_set_text(diff->scope, at, "valid_at", side->valid_at);
  value_set(diff->scope, answer, key, at);
}

/* What was left out, as it was understood at the newer position. */
static void set_left_out(struct diff *diff, struct adduce_value *answer) {
  static const char *const keys[] = {"without", "only"};
  const struct adduce_value *there = asked_answer(&diff->to.asked);
  for (size_t i = 0; i < 2; i++) {
    const struct adduce_value *selectors = adduce_value_get(there, keys[i]);
    if (selectors == NULL) continue;
    value_set(diff->scope, answer, keys[i], passage_copy(diff->scope, selectors));
  }
}

static void set_counts(struct diff *diff, struct adduce_value *answer) {
  struct adduce_scope *scope = diff->scope;
  struct adduce_value *counts = value_map(scope), *causes = value_map(scope);
  value_set_integer(scope, counts, "differences", (int64_t)diff->differences);
  value_set_integer(scope, counts, "subjects", (int64_t)diff->subject_count);
  value_set_integer(scope, counts, "appeared", (int64_t)diff->appeared);
  value_set_integer(scope, counts, "gone", (int64_t)diff->gone);
  value_set_integer(scope, counts, "changed", (int64_t)diff->changed);
  for (unsigned i = 0; i < CAUSE_COUNT; i++)
    if (diff->causes[i] != 0)
      value_set_integer(scope, causes, cause_name((enum cause)i), (int64_t)diff->causes[i]);
  value_set(scope, counts, "causes", causes);
  value_set(scope, answer, "counts", counts);
}

/* Of a subject that was asked for by name and is not there, on either side, it is said. */
static enum adduce_err refuse_nothing(struct diff *diff) {
  struct gathered gathered;
  if (diff->asked_for == NULL) return ADDUCE_OK;
  return gather_subject(asked_everything(&diff->to.asked), &gathered, diff->subject);
}

static enum adduce_err run(struct diff *diff, struct adduce_value *answer,
                           const struct adduce_sides *sides) {
  struct grouping grouping;
  TRY(open_sides(diff, sides));
  set_side(diff, answer, "from", &diff->from);
  set_side(diff, answer, "to", &diff->to);
  set_left_out(diff, answer);
  TRY(find_subjects(diff, &grouping));
  TRY(refuse_nothing(diff));
  for (size_t i = 0; i < grouping.count; i++) {
    TRY(scope_progress(diff->scope, "comparing", i, grouping.count));
    TRY(look_at(diff, grouping.items[i]));
  }
  if (diff->subject.size != 0)
    value_set(diff->scope, answer, "subject", value_str(diff->scope, diff->subject));
  if (diff->field.size != 0)
    value_set(diff->scope, answer, "field", value_str(diff->scope, diff->field));
  set_counts(diff, answer);
  value_set(diff->scope, answer, "subjects", diff->subjects);
  value_set(diff->scope, answer, "more", value_boolean(diff->scope, diff->page.more));
  return value_finish(diff->scope);
}

enum adduce_err ask_diff(struct adduce_scope *scope, const struct query_world *world,
                         struct adduce_value *answer, const struct adduce_sides *sides,
                         const char *subject_field, const struct adduce_question *question) {
  static const struct adduce_question anything = ADDUCE_QUESTION_DEFAULT;
  struct diff diff = {.scope = scope,
                      .world = world,
                      .question = question == NULL ? anything : *question,
                      .asked_for = subject_field,
                      .subjects = value_list(scope)};
  if (world->size == 0) return scope_fail(scope, ADDUCE_E_POSITION, "there is no entry yet");
  if (diff.question.at != NULL)
    return scope_fail(scope, ADDUCE_E_USAGE, "a comparison has its positions in its two sides");
  if (adduce_scope_open(&diff.work, 0) != ADDUCE_OK) return scope_no_memory(scope);
  enum adduce_err err = run(&diff, answer, sides);
  if (err != ADDUCE_OK && adduce_scope_detail(diff.work)[0] != '\0')
    err = scope_relay(scope, err, diff.work);
  adduce_scope_close(&diff.work);
  return err;
}
