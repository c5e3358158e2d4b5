/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/invariant.h"
#include "codec/canonical.h"
#include "codec/pack.h"
#include "codec/place.h"
#include "codec/value.h"

struct encoder {
  struct adduce_scope *scope;
  struct buffer buffer;
  size_t objects;
};

static enum adduce_err encode_value(struct encoder *encoder, const struct adduce_value *value,
                                    const struct place *place);

static enum adduce_err refuse_text(struct encoder *encoder, const struct place *place,
                                   struct adduce_span text, size_t offset) {
  enum canonical_rule rule = text.data[offset] == 0 ? CANONICAL_NUL : CANONICAL_UTF8;
  return scope_fail(encoder->scope, ADDUCE_E_TEXT, "%s: %s, at byte %zu",
                    place_name(encoder->scope, place), canonical_rule_text(rule), offset);
}

static enum adduce_err refuse_size(struct encoder *encoder, const struct place *place,
                                   size_t size) {
  return scope_fail(encoder->scope, ADDUCE_E_TOO_LARGE, "%s: %zu bytes, more than 2^32 - 1",
                    place_name(encoder->scope, place), size);
}

static enum adduce_err encode_text(struct encoder *encoder, const struct adduce_value *value,
                                   const struct place *place) {
  size_t offset;
  if (!canonical_text(value->as.bytes, &offset))
    return refuse_text(encoder, place, value->as.bytes, offset);
  if (value->as.bytes.size > UINT32_MAX) return refuse_size(encoder, place, value->as.bytes.size);
  pack_str(&encoder->buffer, value->as.bytes);
  return ADDUCE_OK;
}

static enum adduce_err encode_bytes(struct encoder *encoder, const struct adduce_value *value,
                                    const struct place *place) {
  if (value->as.bytes.size > UINT32_MAX) return refuse_size(encoder, place, value->as.bytes.size);
  pack_bin(&encoder->buffer, value->as.bytes.data, value->as.bytes.size);
  return ADDUCE_OK;
}

static enum adduce_err encode_integer(struct encoder *encoder, const struct adduce_value *value,
                                      const struct place *place) {
  int64_t integer = value->as.integer;
  if (integer > CANONICAL_INTEGER_MAX || integer < -CANONICAL_INTEGER_MAX)
    return scope_fail(encoder->scope, ADDUCE_E_VALUE,
                      "%s: the integer %lld lies beyond 2^53 - 1; write it as text",
                      place_name(encoder->scope, place), (long long)integer);
  pack_int(&encoder->buffer, integer);
  return ADDUCE_OK;
}

/* Counts what a container holds before any of it is packed. */
static enum adduce_err count_objects(struct encoder *encoder, size_t count,
                                     const struct place *place) {
  if (count > CANONICAL_OBJECTS - encoder->objects)
    return scope_fail(encoder->scope, ADDUCE_E_TOO_LARGE,
                      "%s: with this the value has more than %d objects",
                      place_name(encoder->scope, place), CANONICAL_OBJECTS);
  encoder->objects += count;
  return ADDUCE_OK;
}

static enum adduce_err encode_list(struct encoder *encoder, const struct adduce_value *list,
                                   const struct place *place) {
  TRY(count_objects(encoder, list->as.list.count, place));
  pack_array(&encoder->buffer, list->as.list.count);
  for (size_t i = 0; i < list->as.list.count; i++) {
    struct place inner = place_item(place, i);
    TRY(encode_value(encoder, list->as.list.items[i], &inner));
  }
  return ADDUCE_OK;
}

static int compare_keys(const void *a, const void *b) {
  const struct value_pair *const *left = a, *const *right = b;
  return span_compare((*left)->key, (*right)->key);
}

/* The pairs of `map` in the order of their keys. */
static enum adduce_err sort_pairs(struct encoder *encoder, const struct value_pair ***sorted,
                                  const struct adduce_value *map, const struct place *place) {
  size_t count = map->as.map.count;
  const struct value_pair **pairs = scope_array(encoder->scope, count, sizeof *pairs);
  if (pairs == NULL) return scope_no_memory(encoder->scope);
  for (size_t i = 0; i < count; i++) pairs[i] = &map->as.map.pairs[i];
  if (count > 1) qsort(pairs, count, sizeof *pairs, compare_keys);
  for (size_t i = 1; i < count; i++) {
    if (!span_equal(pairs[i - 1]->key, pairs[i]->key)) continue;
    return scope_fail(encoder->scope, ADDUCE_E_VALUE, "%s: the key \"%.*s\" stands twice",
                      place_name(encoder->scope, place), SPAN_ARGS(pairs[i]->key));
  }
  *sorted = pairs;
  return ADDUCE_OK;
}

static enum adduce_err encode_map(struct encoder *encoder, const struct adduce_value *map,
                                  const struct place *place) {
  size_t count = map->as.map.count;
  if (count > CANONICAL_OBJECTS) count = CANONICAL_OBJECTS; /* twice that is too many as well */
  TRY(count_objects(encoder, 2 * count, place));
  const struct value_pair **pairs = NULL;
  TRY(sort_pairs(encoder, &pairs, map, place));
  pack_map(&encoder->buffer, count);
  for (size_t i = 0; i < count; i++) {
    const struct value_pair *pair = pairs[i];
    struct place inner = place_key(place, pair->key);
    struct adduce_value key = {.type = ADDUCE_TEXT, .as.bytes = pair->key};
    enum adduce_err err = encode_value(encoder, &key, &inner);
    if (err != ADDUCE_OK) return scope_wrap(encoder->scope, err, "the key of ");
    TRY(encode_value(encoder, pair->value, &inner));
  }
  return ADDUCE_OK;
}

static enum adduce_err encode_value(struct encoder *encoder, const struct adduce_value *value,
                                    const struct place *place) {
  if (place->depth > CANONICAL_DEPTH)
    return scope_fail(encoder->scope, ADDUCE_E_TOO_LARGE, "%s: nested more than %d deep",
                      place_name(encoder->scope, place), CANONICAL_DEPTH);
  switch (value->type) {
    case ADDUCE_BOOLEAN:
      pack_bool(&encoder->buffer, value->as.boolean);
      return ADDUCE_OK;
    case ADDUCE_INTEGER:
      return encode_integer(encoder, value, place);
    case ADDUCE_TEXT:
      return encode_text(encoder, value, place);
    case ADDUCE_BYTES:
      return encode_bytes(encoder, value, place);
    case ADDUCE_LIST:
      return encode_list(encoder, value, place);
    case ADDUCE_MAP:
      return encode_map(encoder, value, place);
  }
  INVARIANT(false);
}

enum adduce_err value_encode(struct adduce_scope *scope, struct adduce_span *canonical,
                             const struct adduce_value *value) {
  struct encoder encoder = {.scope = scope, .objects = 1};
  struct place top = place_top();
  struct canonical_fault fault;
  *canonical = span_of(NULL, 0);
  TRY(value_finish(scope)); /* a builder that ran out of memory left holes */
  buffer_init(&encoder.buffer, scope);
  TRY(encode_value(&encoder, value, &top));
  TRY(buffer_take(&encoder.buffer, canonical));
  INVARIANT(canonical_check(*canonical, &fault));
  return ADDUCE_OK;
}
