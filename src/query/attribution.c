/* SPDX-License-Identifier: Apache-2.0 */
#include "query/attribution.h"

struct attributing {
  struct passage *passage;
  struct cache *lines;
  struct attribution_cause cause; /* its map is NULL until some line needs it */
  uint64_t index;
};

static enum adduce_err add(struct attributing *attributing, const struct passage_change *change,
                           struct attribution_cause cause) {
  struct adduce_scope *scope = attributing->passage->scope;
  struct adduce_span identity =
      change->after != NULL ? change->after->identity : change->before->identity;
  struct attribution *line = cache_get(attributing->lines, identity);
  if (line == NULL) {
    line = scope_new(scope, struct attribution);
    if (line == NULL) return scope_no_memory(scope);
    TRY(cache_put(scope, attributing->lines, identity, line));
  }
  if (line->count == line->capacity) {
    size_t capacity = line->capacity == 0 ? 2 : 2 * line->capacity;
    struct attribution_cause *grown =
        scope_grow(scope, line->items, line->capacity * sizeof *grown, capacity * sizeof *grown);
    if (grown == NULL) return scope_no_memory(scope);
    line->items = grown;
    line->capacity = capacity;
  }
  line->items[line->count++] = cause;
  return ADDUCE_OK;
}

/* An event is told once, however many lines owe it something. */
static enum adduce_err take_change(void *context, const struct passage_change *change) {
  struct attributing *attributing = context;
  struct passage *passage = attributing->passage;
  if (attributing->cause.map == NULL) {
    struct asked *asked = &passage->after->asked;
    struct adduce_value *map;
    enum adduce_err err = cause_render(asked, &map, &attributing->cause.cause, attributing->index);
    if (err != ADDUCE_OK) return passage_fail(passage, asked->scope, err);
    attributing->cause.map = passage_copy(passage->scope, map);
  }
  return add(attributing, change, attributing->cause);
}

static enum adduce_err step(struct passage *passage, struct cache *lines, uint64_t index) {
  struct attributing attributing = {.passage = passage, .lines = lines, .index = index};
  TRY(scope_progress(passage->scope, "comparing", index, passage->world->size));
  TRY(passage_go(passage, index));
  return passage_each(passage, take_change, &attributing);
}

enum adduce_err attribution_find(struct passage *passage, struct cache *lines,
                                 const struct worklist *candidates, uint64_t from, uint64_t to) {
  for (size_t i = 0; i < candidates->count; i++) {
    uint64_t index = worklist_index(candidates, i);
    if (index > from && index <= to) TRY(step(passage, lines, index));
  }
  return ADDUCE_OK;
}

enum adduce_err attribution_find_slowly(struct passage *passage, struct cache *lines, uint64_t from,
                                        uint64_t to) {
  for (uint64_t index = from + 1; index <= to; index++) TRY(step(passage, lines, index));
  return ADDUCE_OK;
}

static enum adduce_err take_time(void *context, const struct passage_change *change) {
  struct attributing *attributing = context;
  struct attribution_cause cause = {.cause = CAUSE_TIME_PASSED};
  TRY(cause_render_time(attributing->passage, &cause.map, change));
  return add(attributing, change, cause);
}

enum adduce_err attribution_add_time(struct passage *passage, struct cache *lines) {
  struct attributing attributing = {.passage = passage, .lines = lines};
  return passage_each(passage, take_time, &attributing);
}
