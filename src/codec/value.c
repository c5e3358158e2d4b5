/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/value.h"

/* What builders return when memory is out. It is never changed: value_add and value_set know
 * it. */
static const struct adduce_value nothing = {.type = ADDUCE_MAP};

static struct adduce_value *make(struct adduce_scope *scope, enum adduce_type type) {
  struct adduce_value *value = scope_new(scope, struct adduce_value);
  if (value == NULL) return (struct adduce_value *)(uintptr_t)&nothing;
  value->type = type;
  return value;
}

static struct adduce_value *make_bytes(struct adduce_scope *scope, enum adduce_type type,
                                       struct adduce_span bytes) {
  struct adduce_span copy = scope_copy(scope, bytes);
  if (copy.data == NULL) return (struct adduce_value *)(uintptr_t)&nothing;
  struct adduce_value *value = make(scope, type);
  if (value != &nothing) value->as.bytes = copy;
  return value;
}

struct adduce_value *value_boolean(struct adduce_scope *scope, bool boolean) {
  struct adduce_value *value = make(scope, ADDUCE_BOOLEAN);
  if (value != &nothing) value->as.boolean = boolean;
  return value;
}

struct adduce_value *value_integer(struct adduce_scope *scope, int64_t integer) {
  struct adduce_value *value = make(scope, ADDUCE_INTEGER);
  if (value != &nothing) value->as.integer = integer;
  return value;
}

struct adduce_value *value_text(struct adduce_scope *scope, const char *text) {
  return make_bytes(scope, ADDUCE_TEXT, span_text(text));
}

struct adduce_value *value_str(struct adduce_scope *scope, struct adduce_span text) {
  return make_bytes(scope, ADDUCE_TEXT, text);
}

struct adduce_value *value_bytes(struct adduce_scope *scope, struct adduce_span bytes) {
  return make_bytes(scope, ADDUCE_BYTES, bytes);
}

struct adduce_value *value_list(struct adduce_scope *scope) {
  return make(scope, ADDUCE_LIST);
}

struct adduce_value *value_map(struct adduce_scope *scope) {
  return make(scope, ADDUCE_MAP);
}

void value_add(struct adduce_scope *scope, struct adduce_value *list, struct adduce_value *item) {
  if (list->type != ADDUCE_LIST) return;
  struct adduce_value **items = scope_room(scope, &list->as.list.capacity, list->as.list.items,
                                           list->as.list.count, sizeof *items);
  if (items == NULL) return;
  list->as.list.items = items;
  items[list->as.list.count++] = item;
}

void value_append(struct adduce_scope *scope, struct adduce_value *map, struct adduce_span key,
                  struct adduce_value *value) {
  if (map == &nothing || map->type != ADDUCE_MAP) return;
  struct adduce_span copy = scope_copy(scope, key);
  if (copy.data == NULL) return;
  struct value_pair *pairs =
      scope_room(scope, &map->as.map.capacity, map->as.map.pairs, map->as.map.count, sizeof *pairs);
  if (pairs == NULL) return;
  map->as.map.pairs = pairs;
  pairs[map->as.map.count++] = (struct value_pair){copy, value};
}

static struct value_pair *find(const struct adduce_value *map, struct adduce_span key) {
  if (map == NULL || map->type != ADDUCE_MAP) return NULL;
  for (size_t i = 0; i < map->as.map.count; i++)
    if (span_equal(map->as.map.pairs[i].key, key)) return &map->as.map.pairs[i];
  return NULL;
}

void value_set(struct adduce_scope *scope, struct adduce_value *map, const char *key,
               struct adduce_value *value) {
  struct value_pair *pair = find(map, span_text(key));
  if (pair != NULL)
    pair->value = value;
  else
    value_append(scope, map, span_text(key), value);
}

void value_share(struct adduce_scope *scope, struct adduce_value *map, const char *key,
                 const struct adduce_value *value) {
  if (value != NULL) value_set(scope, map, key, (struct adduce_value *)(uintptr_t)value);
}

struct adduce_value *value_get(const struct adduce_value *map, struct adduce_span key) {
  struct value_pair *pair = find(map, key);
  return pair == NULL ? NULL : pair->value;
}

enum adduce_err value_finish(struct adduce_scope *scope) {
  return scope_exhausted(scope) ? scope_no_memory(scope) : ADDUCE_OK;
}

static bool lists_equal(const struct adduce_value *a, const struct adduce_value *b) {
  if (a->as.list.count != b->as.list.count) return false;
  for (size_t i = 0; i < a->as.list.count; i++)
    if (!value_equal(a->as.list.items[i], b->as.list.items[i])) return false;
  return true;
}

static bool maps_equal(const struct adduce_value *a, const struct adduce_value *b) {
  if (a->as.map.count != b->as.map.count) return false;
  for (size_t i = 0; i < a->as.map.count; i++) {
    const struct value_pair *pair = &a->as.map.pairs[i];
    /* Maps that were made alike have their keys in the same places. */
    const struct value_pair *other = &b->as.map.pairs[i];
    if (!span_equal(pair->key, other->key)) other = find(b, pair->key);
    if (other == NULL || !value_equal(pair->value, other->value)) return false;
  }
  return true;
}

bool value_equal(const struct adduce_value *a, const struct adduce_value *b) {
  if (a == b) return true;
  if (a == NULL || b == NULL || a->type != b->type) return false;
  switch (a->type) {
    case ADDUCE_BOOLEAN:
      return a->as.boolean == b->as.boolean;
    case ADDUCE_INTEGER:
      return a->as.integer == b->as.integer;
    case ADDUCE_TEXT:
    case ADDUCE_BYTES:
      return span_equal(a->as.bytes, b->as.bytes);
    case ADDUCE_LIST:
      return lists_equal(a, b);
    case ADDUCE_MAP:
      return maps_equal(a, b);
  }
  return false;
}

/* --- the public getters --- */

enum adduce_type adduce_value_type(const struct adduce_value *value) {
  return value->type;
}

bool adduce_value_boolean(const struct adduce_value *value) {
  return value != NULL && value->type == ADDUCE_BOOLEAN && value->as.boolean;
}

int64_t adduce_value_integer(const struct adduce_value *value) {
  return value != NULL && value->type == ADDUCE_INTEGER ? value->as.integer : 0;
}

struct adduce_span adduce_value_bytes(const struct adduce_value *value) {
  bool has_bytes = value != NULL && (value->type == ADDUCE_TEXT || value->type == ADDUCE_BYTES);
  return has_bytes ? value->as.bytes : span_of(NULL, 0);
}

const char *adduce_value_text(const struct adduce_value *value) {
  if (value == NULL || value->type != ADDUCE_TEXT) return "";
  return (const char *)value->as.bytes.data;
}

size_t adduce_value_count(const struct adduce_value *value) {
  if (value == NULL) return 0;
  if (value->type == ADDUCE_LIST) return value->as.list.count;
  return value->type == ADDUCE_MAP ? value->as.map.count : 0;
}

const struct adduce_value *adduce_value_at(const struct adduce_value *value, size_t index) {
  if (index >= adduce_value_count(value)) return NULL;
  if (value->type == ADDUCE_LIST) return value->as.list.items[index];
  return value->as.map.pairs[index].value;
}

const char *adduce_value_key(const struct adduce_value *map, size_t index) {
  if (map == NULL || map->type != ADDUCE_MAP || index >= map->as.map.count) return "";
  return (const char *)map->as.map.pairs[index].key.data;
}

const struct adduce_value *adduce_value_get(const struct adduce_value *map, const char *key) {
  return value_get(map, span_text(key));
}
