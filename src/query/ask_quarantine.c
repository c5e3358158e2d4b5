/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_quarantine.h"

#include "query/render.h"

static enum adduce_err describe_event(const struct asked *asked, struct adduce_value *map,
                                      const struct world_quarantined *item) {
  struct parsed parsed;
  TRY(parsed_read(asked->scope, &parsed, item->event, item->content));
  struct adduce_id id = event_id(&parsed);
  asked_set_id(asked, map, "id", id.bytes);
  asked_set_str(asked, map, "kind", parsed.kind);
  asked_set_id(asked, map, "author", parsed.author32);
  asked_set_time(asked, map, "claimed_at", parsed.claimed_at_us);
  return parsed.form == PARSED_NO_CONTENT ? ADDUCE_OK
                                          : render_content(asked, map, "content", &parsed);
}

static enum adduce_err add_item(const struct asked *asked, struct adduce_value *list,
                                const struct world_quarantined *item) {
  struct adduce_value *map = value_map(asked->scope);
  asked_set_number(asked, map, "number", item->number);
  asked_set_str(asked, map, "reason", item->reason);
  if (item->is_foreign) {
    asked_set_id(asked, map, "manifest", item->manifest.bytes);
    asked_set_number(asked, map, "source_index", item->source_index);
  }
  if (item->is_refused) {
    asked_set(asked, map, "refused", value_boolean(asked->scope, true));
    asked_set_id(asked, map, "id", item->id.bytes);
  } else {
    TRY(describe_event(asked, map, item));
  }
  value_add(asked->scope, list, map);
  return value_finish(asked->scope);
}

enum adduce_err ask_quarantine(struct adduce_scope *scope, const struct query_world *world,
                               struct adduce_value *answer) {
  struct asked asked = {.scope = scope, .world = world};
  struct adduce_value *list = value_list(scope);
  struct world_quarantined item;
  enum adduce_err err = world->quarantined(world->context, scope, &item, 0);
  while (err == ADDUCE_OK) {
    TRY(add_item(&asked, list, &item));
    err = world->quarantined(world->context, scope, &item, item.number + 1);
  }
  if (err != ADDUCE_E_NOT_FOUND) return err;
  asked_set(&asked, answer, "items", list);
  return value_finish(scope);
}
