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
  struct attribution_cause *grown =
      scope_room(scope, &line->capacity, line->items, line->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  line->items = grown;
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

static enum adduce_err take_time(void *context, const struct passage_change *change) {
  struct attributing *attributing = context;
  struct attribution_cause cause = {.cause = CAUSE_TIME_PASSED};
  TRY(cause_render_time(attributing->passage, &cause.map, change));
  return add(attributing, change, cause);
}

/* One step of the way; the last one ends where the whole of it did. */
static enum adduce_err go(struct passage *branch, const struct passage *whole, bool is_last,
                          uint64_t index) {
  if (!is_last) return passage_go(branch, index);
  passage_join(branch, whole);
  return ADDUCE_OK;
}

static enum adduce_err go_through(struct passage *branch, const struct passage *whole,
                                  struct cache *lines, const struct worklist *events,
                                  bool time_passes, uint64_t from) {
  struct attributing passing = {.passage = branch, .lines = lines};
  if (time_passes) {
    TRY(go(branch, whole, events->count == 0, from));
    TRY(passage_each(branch, take_time, &passing));
  }
  for (size_t i = 0; i < events->count; i++) {
    struct attributing step = {
        .passage = branch, .lines = lines, .index = worklist_index(events, i)};
    TRY(scope_progress(branch->scope, "comparing", i, events->count));
    TRY(go(branch, whole, i + 1 == events->count, step.index));
    TRY(passage_each(branch, take_change, &step));
  }
  return ADDUCE_OK;
}

enum adduce_err attribution_find(const struct passage *whole, struct cache *lines,
                                 const struct worklist *events, const struct focus *focus,
                                 bool time_passes, uint64_t from) {
  struct passage branch;
  TRY(passage_branch(&branch, whole));
  branch.focus = focus;
  enum adduce_err err = go_through(&branch, whole, lines, events, time_passes, from);
  passage_close(&branch);
  return err;
}
