/* SPDX-License-Identifier: Apache-2.0 */
#include "support/replayed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "codec/value.h"

struct shelf replayed;
static struct event filler;

/* --- replaying ---------------------------------------------------------------------------- */

/* The last event, beyond the question, makes each such ledger another. */
void replayed_fold(const bool *out, size_t size) {
  struct said end = {.kind = "bundle.exported", .author = REPLAYED_FILLER};
  shelf_empty(&replayed);
  for (size_t i = 0; i < size; i++) {
    struct event event = out[i] ? filler : shelf_event(&sayings.shelf, i);
    (void)shelf_put(&replayed, &event);
  }
  end.content = value_map(replayed.scope);
  struct adduce_value *to = value_list(replayed.scope);
  value_add(replayed.scope, to, value_text(replayed.scope, "nobody"));
  value_set(replayed.scope, end.content, "recipient", to);
  value_set(replayed.scope, end.content, "manifest",
            value_bytes(replayed.scope, span_of(sayings.shelf.entries[0].id.bytes, 32)));
  sayings_put(&replayed, &end);
  shelf_fold(&replayed);
}

/* --- answers ------------------------------------------------------------------------------ */

/* The tests own the answers: what must differ is taken out of them. */
static struct adduce_value *own_value(const struct adduce_value *value) {
  struct adduce_value *mine;
  memcpy(&mine, &value, sizeof mine);
  return mine;
}

static void drop_key(struct adduce_value *map, const char *key) {
  size_t kept = 0;
  for (size_t i = 0; i < map->as.map.count; i++)
    if (!span_is(map->as.map.pairs[i].key, key)) map->as.map.pairs[kept++] = map->as.map.pairs[i];
  map->as.map.count = kept;
}

static bool is_filler(const struct adduce_value *map, const char *key) {
  struct adduce_span author = adduce_value_bytes(adduce_value_get(map, key));
  return author.size == 32 &&
         memcmp(author.data, sayings.shelf.authors[REPLAYED_FILLER].key.bytes, 32) == 0;
}

static void drop_filler(struct adduce_value *answer, const char *list, const char *key) {
  struct adduce_value *items = own_value(adduce_value_get(answer, list));
  size_t kept = 0;
  for (size_t i = 0; items != NULL && i < items->as.list.count; i++)
    if (!is_filler(items->as.list.items[i], key))
      items->as.list.items[kept++] = items->as.list.items[i];
  if (items != NULL) items->as.list.count = kept;
}

enum adduce_err replayed_ask(struct shelf *of, const struct query_world *world,
                             const struct adduce_value **answer, enum replayed_question what,
                             unsigned number, size_t size, const struct adduce_question *question) {
  const char *name = sayings_name(number % SAYINGS_NAMES);
  *answer = NULL;
  switch (what) {
    case REPLAYED_STATE:
      return query_state(of->scope, world, answer, name, question);
    case REPLAYED_EXPLAIN:
      return query_explain(of->scope, world, answer, name, question);
    case REPLAYED_TIMELINE:
      return query_timeline(of->scope, world, answer, name, question);
    case REPLAYED_SHOW:
      name = scope_format(of->scope, "#%u", number % (unsigned)size);
      return query_event(of->scope, world, answer, name, question);
    case REPLAYED_SOURCES:
      return query_sources(of->scope, world, answer, question);
    case REPLAYED_LOG:
      return query_log(of->scope, world, answer, NULL, question);
    case REPLAYED_PEOPLE:
      return query_authors(of->scope, world, answer, question);
    case REPLAYED_LIST:
      return query_state(of->scope, world, answer, NULL, question);
    default:
      return query_timeline(of->scope, world, answer, NULL, question);
  }
}

const char *replayed_text(struct shelf *of, enum replayed_question what, enum adduce_err err,
                          const struct adduce_value *answer, const char *const *dropped) {
  const char *json;
  if (what == REPLAYED_SHOW && (err != ADDUCE_OK || is_filler(answer, "author"))) return "";
  if (err != ADDUCE_OK)
    return scope_format(of->scope, "%s: %s", adduce_error_name(err),
                        adduce_scope_detail(of->scope));
  const struct adduce_value *lines =
      what == REPLAYED_EXPLAIN ? adduce_value_get(answer, "lines") : NULL;
  for (size_t i = 0; i < adduce_value_count(lines); i++)
    for (const char *const *key = dropped; *key != NULL; key++)
      drop_key(own_value(adduce_value_at(lines, i)), *key);
  for (const char *const *key = dropped; *key != NULL; key++) drop_key(own_value(answer), *key);
  if (what == REPLAYED_LOG) drop_filler(own_value(answer), "entries", "author");
  if (what == REPLAYED_PEOPLE) drop_filler(own_value(answer), "authors", "key");
  assert_int_equal(adduce_value_to_json(of->scope, &json, answer, true), ADDUCE_OK);
  return json;
}

/* --- shelves ------------------------------------------------------------------------------ */

/* Thousands of small folds: where the disk need not be waited for, it is not. */
int replayed_open(void **state) {
  (void)state;
  if (getenv("TMPDIR") == NULL && access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 1);
  shelf_open(&sayings.shelf, REPLAYED_FILLER + 1);
  shelf_open(&replayed, REPLAYED_FILLER + 1);
  sayings.shelf.threads = replayed.threads = 1;
  struct said said = {.kind = "bundle.exported", .author = REPLAYED_FILLER};
  const char *json =
      "{\"recipient\":[\"nobody\"],\"manifest\":{\"$id\":\""
      "7bf72ca3a1178be4a126b4f3174ad3ff8c4cc847c1c384c1e4f60cb3d828502f\"}}";
  const struct adduce_value *content;
  assert_int_equal(adduce_value_from_json(sayings.shelf.scope, &content, json, strlen(json)),
                   ADDUCE_OK);
  said.content = own_value(content);
  sayings_put(&sayings.shelf, &said);
  filler = shelf_event(&sayings.shelf, 0);
  sayings.shelf.empty = scope_mark(sayings.shelf.scope);
  return 0;
}

int replayed_close(void **state) {
  (void)state;
  shelf_close(&sayings.shelf);
  shelf_close(&replayed);
  return 0;
}
