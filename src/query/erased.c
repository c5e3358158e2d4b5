/* SPDX-License-Identifier: Apache-2.0 */
#include "query/erased.h"

#include "claim/spelling.h"
#include "projection/rowcursor.h"
#include "query/range.h"
#include "query/render.h"

/* --- finding them ---------------------------------------------------------------------------*/

/* The erasures of one event, as entries. */
struct erasures {
  struct world_entry *items;
  size_t count, capacity;
};

static bool names_this_ledger(const struct asked *asked, const struct event *event) {
  struct parsed_ref ref;
  return span_is(event->claim.parsed.kind, "content.erased") &&
         parsed_find_ref(&event->claim.parsed, "ledger", &ref) &&
         memcmp(ref.id32, asked->world->genesis.bytes, 32) == 0;
}

static enum adduce_err take(struct asked *asked, struct erasures *erasures, uint64_t index) {
  struct world_entry *grown = scope_room(asked->scope, &erasures->capacity, erasures->items,
                                         erasures->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(asked->scope);
  erasures->items = grown;
  struct world_entry *entry = &erasures->items[erasures->count];
  TRY(told_read(asked, entry, index));
  erasures->count += names_this_ledger(asked, &entry->event);
  return ADDUCE_OK;
}

static enum adduce_err walk(struct asked *asked, struct erasures *erasures, struct rowcursor *rows,
                            const uint8_t *id32) {
  enum adduce_err err = rowcursor_seek(rows, span_of(id32, 32));
  while (err == ADDUCE_OK && rows->row.key.size > 32 && memcmp(rows->row.key.data, id32, 32) == 0) {
    if (rows->row.index < asked->world->size && span_is(range_text(&rows->row, "state"), "erased"))
      TRY(take(asked, erasures, rows->row.index));
    err = rowcursor_next(rows);
  }
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err find(struct asked *asked, struct erasures *erasures,
                            const struct event *event) {
  const uint8_t *id32 = event->id.bytes;
  struct rowcursor rows;
  *erasures = (struct erasures){.count = 0};
  if (!parsed_has_withheld(&event->claim.parsed)) return ADDUCE_OK;
  TRY(rowcursor_open(asked->scope, &rows, asked->world->rows, &asked->runs, REGISTRY_LIFE,
                     span_of(id32, 32), asked->world->size));
  enum adduce_err err = walk(asked, erasures, &rows, id32);
  rowcursor_close(&rows);
  return err;
}

enum adduce_err erased_any(struct asked *asked, bool *any, const struct event *event) {
  struct erasures erasures;
  TRY(find(asked, &erasures, event));
  *any = erasures.count != 0;
  return ADDUCE_OK;
}

/* --- which paths ----------------------------------------------------------------------------*/

/* The paths of an erasure; false when it is of everything. */
static bool open_paths(struct adduce_scope *scope, const struct event *erasure,
                       struct cursor *paths, uint32_t *count) {
  *paths = cursor_of(parsed_value(scope, &erasure->claim.parsed, "paths"));
  return cursor_array(paths, count);
}

static bool takes(struct adduce_scope *scope, const struct event *erasure, struct adduce_span key,
                  int64_t element) {
  struct cursor paths;
  struct adduce_span text, field;
  uint32_t count;
  int64_t index;
  if (!open_paths(scope, erasure, &paths, &count)) return true;
  for (uint32_t i = 0; i < count; i++)
    if (cursor_str(&paths, &text) && spelling_path(text, &field, &index) &&
        span_equal(field, key) && (index < 0 || index == element))
      return true;
  return false;
}

struct sorting {
  struct asked *asked;
  const struct erasures *erasures;
  struct adduce_value *withheld;
};

static void sort_path(void *context, struct adduce_span key, int64_t element) {
  const struct sorting *sorting = context;
  struct adduce_scope *scope = sorting->asked->scope;
  const char *path = key.size == 0 ? "*" : scope_format(scope, "%.*s", SPAN_ARGS(key));
  for (size_t i = 0; i < sorting->erasures->count; i++)
    if (takes(scope, &sorting->erasures->items[i].event, key, element)) return;
  if (element >= 0) path = scope_format(scope, "%.*s.%lld", SPAN_ARGS(key), (long long)element);
  value_add(scope, sorting->withheld, value_text(scope, path));
}

/* --- saying them ----------------------------------------------------------------------------*/

static struct adduce_value *list_paths(struct adduce_scope *scope, const struct event *erasure) {
  struct adduce_value *list = value_list(scope);
  struct cursor paths;
  struct adduce_span text;
  uint32_t count;
  if (!open_paths(scope, erasure, &paths, &count)) {
    value_add(scope, list, value_text(scope, "*"));
    return list;
  }
  for (uint32_t i = 0; i < count && cursor_str(&paths, &text); i++)
    value_add(scope, list, value_str(scope, text));
  return list;
}

static enum adduce_err add_erasure(struct asked *asked, struct adduce_value *list,
                                   const struct world_entry *entry) {
  const struct parsed *parsed = &entry->event.claim.parsed;
  struct adduce_value *map = value_map(asked->scope);
  const struct person *author;
  TRY(people_get(asked, &author, parsed->author32));
  asked_set_id(asked, map, "id", entry->event.id.bytes);
  asked_set_number(asked, map, "index", entry->index);
  asked_set_str(asked, map, "kind", parsed->kind);
  asked_set_id(asked, map, "author", parsed->author32);
  asked_set_str(asked, map, "author_name", author->name);
  asked_set_time(asked, map, "recorded_at", entry->recorded_at_us);
  asked_set(asked, map, "paths", list_paths(asked->scope, &entry->event));
  asked_set_str(asked, map, "reason", parsed_text(parsed, "reason"));
  asked_set_str(asked, map, "legal_basis", parsed_text(parsed, "legal_basis"));
  asked_set_flag(asked, map, "captures", parsed_field(parsed, "captures") != NULL);
  value_add(asked->scope, list, map);
  return value_finish(asked->scope);
}

enum adduce_err erased_render(struct asked *asked, struct adduce_value *map,
                              const struct event *event) {
  struct erasures erasures;
  struct adduce_value *list = value_list(asked->scope);
  TRY(find(asked, &erasures, event));
  struct sorting sorting = {asked, &erasures, value_list(asked->scope)};
  content_each_missing(&event->claim.parsed, sort_path, &sorting);
  for (size_t i = 0; i < erasures.count; i++) TRY(add_erasure(asked, list, &erasures.items[i]));
  if (adduce_value_count(sorting.withheld) != 0)
    asked_set(asked, map, "withheld", sorting.withheld);
  if (erasures.count != 0) asked_set(asked, map, "erased", list);
  return value_finish(asked->scope);
}

/* --- the claims of a subject ----------------------------------------------------------------*/

static bool names(struct adduce_scope *scope, const struct event *erasure,
                  struct adduce_span field) {
  struct cursor paths;
  struct adduce_span text, key;
  uint32_t count;
  if (field.size == 0 || !open_paths(scope, erasure, &paths, &count)) return true;
  for (uint32_t i = 0; i < count; i++)
    if (cursor_str(&paths, &text) && spelling_path(text, &key, NULL) && span_equal(key, field))
      return true;
  return false;
}

static enum adduce_err add_claims(struct asked *asked, struct adduce_value *list,
                                  const struct told *const *claims, size_t count,
                                  struct adduce_span field) {
  for (size_t i = 0; i < count; i++) {
    struct erasures erasures;
    bool is_named = false;
    if (!status_has(&claims[i]->status, STATUS_ERASED)) continue;
    TRY(find(asked, &erasures, &claims[i]->event));
    for (size_t k = 0; k < erasures.count && !is_named; k++)
      is_named = names(asked->scope, &erasures.items[k].event, field);
    if (is_named) TRY(render_add_claim(asked, list, claims[i], RENDER_BODY));
  }
  return ADDUCE_OK;
}

enum adduce_err erased_claims(struct asked *asked, struct adduce_value *answer, bool *any,
                              const struct gathered *gathered, struct adduce_span field) {
  struct adduce_value *list = value_list(asked->scope);
  TRY(add_claims(asked, list, gathered->erased, gathered->erased_count, field));
  TRY(add_claims(asked, list, gathered->incomplete, gathered->incomplete_count, field));
  if (any != NULL) *any = adduce_value_count(list) != 0;
  if (adduce_value_count(list) != 0) asked_set(asked, answer, "erased", list);
  return ADDUCE_OK;
}
