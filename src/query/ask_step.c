/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_step.h"

#include "query/believed.h"
#include "query/cause.h"
#include "query/groupview.h"

struct stepping {
  struct adduce_scope *scope; /* of the answer */
  const struct query_world *world;
  struct adduce_question question;
  struct adduce_scope *work;  /* what only this step needs */
  struct asked before, after; /* `before` is not there of entry 0 */
  uint64_t index;
  const char *const *wanted;
  size_t wanted_count;
  struct adduce_value *groups;
  struct passage passage;
  struct adduce_value *changes; /* of the group that is looked at */
};

static enum adduce_err open(struct stepping *stepping) {
  struct adduce_question question = stepping->question;
  unsigned long long index = stepping->index;
  question.at = scope_format(stepping->work, "#%llu", index);
  TRY(asked_open_on_way(&stepping->after, stepping->work, stepping->world, &question));
  TRY(believed_open(&stepping->after));
  if (index == 0) return ADDUCE_OK;
  question.at = scope_format(stepping->work, "#%llu", index - 1);
  TRY(asked_open_on_way(&stepping->before, stepping->work, stepping->world, &question));
  return believed_open(&stepping->before);
}

static enum adduce_err find_groups(struct stepping *stepping, struct grouping *grouping) {
  struct asked *after = &stepping->after, *before = &stepping->before;
  bool is_first = stepping->index == 0;
  struct asked *at[] = {after, asked_everything(after), before,
                        is_first ? before : asked_everything(before)};
  struct touch touch;
  touch_init(&touch, at[1]);
  if (snapshot_is_local(&stepping->question))
    TRY(touch_event(&touch, stepping->index));
  else
    TRY(touch_all(&touch));
  TRY(touch_finish(&touch, at, is_first ? 2 : 4));
  return grouping_find(grouping, &touch.subjects, is_first ? NULL : &stepping->before,
                       &stepping->after);
}

static enum adduce_err take_change(void *context, const struct passage_change *change) {
  struct stepping *stepping = context;
  struct adduce_value *map;
  TRY(passage_render(&stepping->passage, &map, change));
  value_add(stepping->scope, stepping->changes, map);
  return value_finish(stepping->scope);
}

/* The id by which a group is looked at: one that was asked for, if any was. */
static bool choose(const struct stepping *stepping, const struct grouping_group *group,
                   struct adduce_span *subject) {
  *subject = group->subjects[0];
  for (size_t i = 0; i < stepping->wanted_count; i++) {
    struct adduce_span wanted = asked_subject(&stepping->after, stepping->wanted[i]);
    for (size_t j = 0; j < group->count; j++) {
      if (!span_equal(group->subjects[j], wanted)) continue;
      *subject = wanted;
      return true;
    }
  }
  return stepping->wanted_count == 0;
}

static enum adduce_err look_at(struct stepping *stepping, const struct grouping_group *group) {
  struct adduce_span subject, all = {NULL, 0};
  struct adduce_value *map;
  uint64_t before = stepping->index == 0 ? PASSAGE_NOWHERE : stepping->index - 1;
  if (!choose(stepping, group, &subject)) return ADDUCE_OK;
  TRY(passage_open(&stepping->passage, stepping->scope, stepping->world, &stepping->question,
                   subject, all, before));
  stepping->changes = value_list(stepping->scope);
  enum adduce_err err = passage_go(&stepping->passage, stepping->index);
  if (err == ADDUCE_OK) err = passage_each(&stepping->passage, take_change, stepping);
  passage_close(&stepping->passage);
  if (err != ADDUCE_OK || adduce_value_count(stepping->changes) == 0) return err;
  TRY(groupview_head(stepping->scope, &map, &stepping->after, group, subject));
  value_set(stepping->scope, map, "changes", stepping->changes);
  value_add(stepping->scope, stepping->groups, map);
  return value_finish(stepping->scope);
}

static enum adduce_err step(struct stepping *stepping, struct adduce_value **answer) {
  struct adduce_scope *scope = stepping->scope;
  struct grouping grouping;
  struct adduce_value *event;
  enum cause cause;
  TRY(open(stepping));
  TRY(cause_render(believed_whole(&stepping->after), &event, &cause, stepping->index));
  *answer = passage_copy(scope, asked_answer(&stepping->after));
  for (size_t i = 0; i < event->as.map.count; i++) {
    const struct value_pair *pair = &event->as.map.pairs[i];
    value_append(scope, *answer, scope_copy(scope, pair->key), passage_copy(scope, pair->value));
  }
  TRY(find_groups(stepping, &grouping));
  for (size_t i = 0; i < grouping.count; i++) TRY(look_at(stepping, grouping.items[i]));
  value_set(scope, *answer, "changes", stepping->groups);
  return value_finish(scope);
}

enum adduce_err ask_step(struct adduce_scope *scope, const struct query_world *world,
                         const struct adduce_value **answer, uint64_t index,
                         const char *const *subjects, size_t subject_count,
                         const struct adduce_question *question) {
  static const struct adduce_question anything = ADDUCE_QUESTION_DEFAULT;
  struct stepping stepping = {.scope = scope,
                              .world = world,
                              .question = question == NULL ? anything : *question,
                              .index = index,
                              .wanted = subjects,
                              .wanted_count = subject_count,
                              .groups = value_list(scope)};
  struct adduce_value *value = NULL;
  if (index >= world->size)
    return scope_fail(scope, ADDUCE_E_POSITION, "there is no entry #%llu; there are %llu",
                      (unsigned long long)index, (unsigned long long)world->size);
  if (adduce_scope_open(&stepping.work, 0) != ADDUCE_OK) return scope_no_memory(scope);
  enum adduce_err err = step(&stepping, &value);
  if (err != ADDUCE_OK && adduce_scope_detail(stepping.work)[0] != '\0')
    err = scope_relay(scope, err, stepping.work);
  adduce_scope_close(&stepping.work);
  *answer = value;
  return err;
}
