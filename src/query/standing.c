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

int64_t standing_time(const struct told *told) {
  const struct parsed *parsed = told_parsed(told);
  struct worldtime time;
  if (worldtime_parse(told_valid(parsed, "from"), &time)) return time.first_us;
  if (worldtime_parse(told_valid(parsed, "to"), &time)) return time.first_us;
  if (worldtime_parse(parsed_text(parsed, "stated_at"), &time)) return time.first_us;
  return told->recorded_at_us;
}

static int by_time(const void *a, const void *b) {
  const struct lines_support *left = *(const struct lines_support *const *)a;
  const struct lines_support *right = *(const struct lines_support *const *)b;
  int64_t first = standing_time(left->told), second = standing_time(right->told);
  if (first != second) return first < second ? -1 : 1;
  if (left->told->index != right->told->index)
    return left->told->index < right->told->index ? -1 : 1;
  return (left->item > right->item) - (left->item < right->item);
}

static const char *force_of(struct adduce_span state, struct adduce_span degree) {
  if (state.size == 0) return "unclear";
  if (span_is(state, "imposed")) return "yes";
  if (span_is(state, "lifted")) return "no";
  return span_is(degree, "full") ? "no" : "partly";
}

enum adduce_err standing_find(struct asked *asked, struct standing *standing,
                              const struct line *line) {
  *standing = (struct standing){.in_force = NULL};
  standing->acts = scope_array(asked->scope, line->count, sizeof *standing->acts);
  if (standing->acts == NULL) return scope_no_memory(asked->scope);
  for (size_t i = 0; i < line->count; i++) standing->acts[i] = &line->supports[i];
  if (line->count > 1) qsort(standing->acts, line->count, sizeof *standing->acts, by_time);
  for (size_t i = 0; i < line->count; i++) {
    const struct lines_support *act = standing->acts[i];
    if (act->state != STATUS_LIVE || !modality_indicative(&act->mood)) continue;
    standing->state = text_of(act, "state");
    standing->degree = text_of(act, "degree");
  }
  if (line->section == LINES_SANCTION)
    standing->in_force = force_of(standing->state, standing->degree);
  return ADDUCE_OK;
}
