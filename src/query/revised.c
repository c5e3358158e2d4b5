/* SPDX-License-Identifier: Apache-2.0 */
#include "query/revised.h"

#include "projection/key.h"
#include "query/range.h"

struct looking {
  struct asked *asked;
  struct revised *revised;
};

static enum adduce_err take_row(void *context, const struct row *row) {
  struct looking *looking = context;
  struct revised *revised = looking->revised;
  const struct told *told;
  TRY(told_get(looking->asked, &told, row->index));
  if (told->status.state == STATUS_RETRACTED) return ADDUCE_OK;
  if (revised->count == revised->capacity) {
    size_t capacity = revised->capacity == 0 ? 4 : 2 * revised->capacity;
    const struct told **grown =
        scope_grow(looking->asked->scope, revised->items, revised->capacity * sizeof(void *),
                   capacity * sizeof(void *));
    if (grown == NULL) return scope_no_memory(looking->asked->scope);
    revised->items = grown;
    revised->capacity = capacity;
  }
  revised->items[revised->count++] = told;
  return ADDUCE_OK;
}

enum adduce_err revised_find(struct asked *asked, struct revised *revised,
                             const struct told *told) {
  struct looking looking = {asked, revised};
  struct cursor refs = told->event.claim.parsed.refs;
  struct parsed_ref ref;
  *revised = (struct revised){.count = 0};
  while (parsed_next_ref(&refs, &ref)) {
    struct key key;
    if (!span_is(ref.role, "cites")) continue;
    key_init(&key);
    key_byte(&key, 2);
    key_id(&key, ref.id32);
    key_text(&key, span_text("revised"));
    TRY(range_each(asked, REGISTRY_SOURCES, key_span(&key), take_row, &looking));
  }
  return ADDUCE_OK;
}
