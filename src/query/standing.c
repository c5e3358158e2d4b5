/* SPDX-License-Identifier: Apache-2.0 */
#include "query/standing.h"

#include <stdlib.h>

static struct adduce_span text_of(const struct lines_support *support, const char *key) {
  struct adduce_span encoded, text;
  struct cursor map = cursor_of(support->item->value);
  if (!cursor_find(&map, key, &encoded)) return span_of(NULL, 0);
  struct cursor cursor = cursor_of(encoded);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

/* When an act is said to have happened: its first microsecond. False if that is not said. */
static bool find_time(const struct lines_support *act, int64_t *time_us) {
  const struct parsed *parsed = told_parsed(act->told);
  struct worldtime time;
  bool is_dated = worldtime_parse(told_valid(parsed, "from"), &time) ||
                  worldtime_parse(told_valid(parsed, "to"), &time) ||
                  worldtime_parse(parsed_text(parsed, "stated_at"), &time);
  *time_us = is_dated ? time.first_us : INT64_MAX;
  return is_dated;
}

static int by_time(const void *a, const void *b) {
  const struct lines_support *left = *(const struct lines_support *const *)a;
  const struct lines_support *right = *(const struct lines_support *const *)b;
  int64_t first, second;
  bool is_dated = find_time(left, &first), other_dated = find_time(right, &second);
  if (is_dated != other_dated) return is_dated ? -1 : 1;
  if (first != second) return first < second ? -1 : 1;
  if (left->told->index != right->told->index)
    return left->told->index < right->told->index ? -1 : 1;
  return (left->item > right->item) - (left->item < right->item);
}

/* How much of a sanction an act leaves: 2 all, 1 a part, 0 nothing. */
static unsigned force_of(const struct lines_support *act) {
  struct adduce_span state = text_of(act, "state");
  if (span_is(state, "imposed")) return 2;
  if (span_is(state, "lifted") || span_is(text_of(act, "degree"), "full")) return 0;
  return 1;
}

static bool differs(const struct lines_support *a, const struct lines_support *b) {
  return !span_equal(text_of(a, "state"), text_of(b, "state")) ||
         !span_equal(text_of(a, "degree"), text_of(b, "degree"));
}

/* Which of the last dated and the last undated act is the state; either may be NULL. */
static const struct lines_support *choose(struct standing *standing, bool is_sanction,
                                          const struct lines_support *dated,
                                          const struct lines_support *undated) {
  if (dated == NULL || undated == NULL) return dated == NULL ? undated : dated;
  if (!is_sanction) return dated->told->index > undated->told->index ? dated : undated;
  standing->competing = differs(dated, undated);
  return force_of(dated) >= force_of(undated) ? dated : undated;
}

enum adduce_err standing_find(struct asked *asked, struct standing *standing,
                              const struct line *line) {
  static const char *const force[] = {"no", "partly", "yes"};
  const struct lines_support *dated = NULL, *undated = NULL;
  bool is_sanction = line->section == LINES_SANCTION;
  int64_t time_us;
  *standing = (struct standing){.in_force = is_sanction ? "unclear" : NULL};
  standing->acts = scope_array(asked->scope, line->count, sizeof *standing->acts);
  if (standing->acts == NULL) return scope_no_memory(asked->scope);
  for (size_t i = 0; i < line->count; i++) standing->acts[i] = &line->supports[i];
  if (line->count > 1) qsort(standing->acts, line->count, sizeof *standing->acts, by_time);
  for (size_t i = 0; i < line->count; i++) {
    const struct lines_support *act = standing->acts[i];
    if (act->state != STATUS_LIVE || !modality_indicative(&act->mood)) continue;
    if (find_time(act, &time_us))
      dated = act;
    else
      undated = act;
  }
  const struct lines_support *last = choose(standing, is_sanction, dated, undated);
  if (last == NULL) return ADDUCE_OK;
  standing->last = last;
  standing->state = text_of(last, "state");
  standing->degree = text_of(last, "degree");
  if (is_sanction) standing->in_force = force[force_of(last)];
  return ADDUCE_OK;
}

bool standing_agrees(const struct standing *standing, const struct lines_support *act) {
  return standing->last != NULL && act->state == STATUS_LIVE && modality_indicative(&act->mood) &&
         !differs(act, standing->last);
}
