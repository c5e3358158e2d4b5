/* SPDX-License-Identifier: Apache-2.0 */
#include "query/revised.h"

#include "projection/key.h"
#include "query/range.h"

struct looking {
  struct asked *asked;
  struct revised *revised;
};

static enum adduce_err add(struct asked *asked, struct revised *revised, const struct told *told) {
  const struct told **grown =
      scope_room(asked->scope, &revised->capacity, revised->items, revised->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(asked->scope);
  revised->items = grown;
  revised->items[revised->count++] = told;
  return ADDUCE_OK;
}

static enum adduce_err take_row(void *context, const struct row *row) {
  struct looking *looking = context;
  const struct told *told;
  TRY(told_get(looking->asked, &told, row->index));
  if (told->status.state == STATUS_RETRACTED) return ADDUCE_OK;
  return add(looking->asked, looking->revised, told);
}

/* Of one source. */
static enum adduce_err look_up(struct asked *asked, struct cache *sources, struct revised **revised,
                               const uint8_t *id32) {
  struct key key;
  *revised = cache_get(sources, span_of(id32, 32));
  if (*revised != NULL) return ADDUCE_OK;
  *revised = scope_new(asked->scope, struct revised);
  if (*revised == NULL) return scope_no_memory(asked->scope);
  struct looking looking = {asked, *revised};
  key_init(&key);
  key_byte(&key, 2);
  key_id(&key, id32);
  key_text(&key, span_text("revised"));
  TRY(range_each(asked, REGISTRY_SOURCES, key_span(&key), take_row, &looking));
  return cache_put(asked->scope, sources, span_of(id32, 32), *revised);
}

enum adduce_err revised_find(struct asked *asked, struct cache *sources, struct revised *revised,
                             const struct told *told) {
  struct cursor refs = told->event.claim.parsed.refs;
  struct parsed_ref ref;
  *revised = (struct revised){.count = 0};
  while (parsed_next_role(&refs, &ref, "cites")) {
    struct revised *one;
    TRY(look_up(asked, sources, &one, ref.id32));
    for (size_t i = 0; i < one->count; i++) TRY(add(asked, revised, one->items[i]));
  }
  return ADDUCE_OK;
}
