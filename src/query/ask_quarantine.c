/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_quarantine.h"

#include "query/render.h"

static enum adduce_err add_item(const struct asked *asked, struct adduce_value *list,
                                const struct world_quarantined *item) {
  struct parsed parsed;
  struct adduce_value *map = value_map(asked->scope);
  asked_set_number(asked, map, "number", item->number);
  asked_set_str(asked, map, "reason", item->reason);
  TRY(parsed_read(asked->scope, &parsed, item->event, item->content));
  struct adduce_id id = event_id(&parsed);
  asked_set_id(asked, map, "id", id.bytes);
  asked_set_str(asked, map, "kind", parsed.kind);
  asked_set_id(asked, map, "author", parsed.author32);
  asked_set_time(asked, map, "claimed_at", parsed.claimed_at_us);
  if (parsed.form != PARSED_NO_CONTENT) TRY(render_content(asked, map, "content", &parsed));
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
