/* SPDX-License-Identifier: Apache-2.0 */
/* Values: the tree form of canonical MessagePack, for claims that are being written and for
 * answers. Hot paths read bytes with codec/cursor.h and build no tree.
 *
 * Builders take the scope and never fail by themselves: when memory runs out they return a
 * shared empty map and the scope is exhausted (base/scope.h), which the caller checks once,
 * at the end, with value_finish. */
#ifndef CODEC_VALUE_H
#define CODEC_VALUE_H

#include "adduce/value.h"
#include "base/buffer.h"

struct value_pair {
  struct adduce_span key; /* a NUL follows */
  struct adduce_value *value;
};

struct adduce_value {
  enum adduce_type type;
  union {
    bool boolean;
    int64_t integer;
    struct adduce_span bytes; /* text and bytes; a NUL follows */
    struct {
      struct adduce_value **items;
      size_t count, capacity;
    } list;
    struct {
      struct value_pair *pairs;
      size_t count, capacity;
    } map;
  } as;
};

struct adduce_value *value_boolean(struct adduce_scope *scope, bool boolean);
struct adduce_value *value_integer(struct adduce_scope *scope, int64_t integer);
struct adduce_value *value_text(struct adduce_scope *scope, const char *text);
struct adduce_value *value_str(struct adduce_scope *scope, struct adduce_span text);
struct adduce_value *value_bytes(struct adduce_scope *scope, struct adduce_span bytes);
struct adduce_value *value_list(struct adduce_scope *scope);
struct adduce_value *value_map(struct adduce_scope *scope);

/* Adds to the end of a list. */
void value_add(struct adduce_scope *scope, struct adduce_value *list, struct adduce_value *item);

/* Sets `key`, keeping the order in which keys were first set. Looks at all keys there are: a
 * large map is better built with value_append. */
void value_set(struct adduce_scope *scope, struct adduce_value *map, const char *key,
               struct adduce_value *value);

/* Sets `key` to a part of another answer, which nothing changes any more; nothing if it is NULL. */
void value_share(struct adduce_scope *scope, struct adduce_value *map, const char *key,
                 const struct adduce_value *value);

/* Adds a pair to the end of a map. The caller knows that `key` is not there yet. */
void value_append(struct adduce_scope *scope, struct adduce_value *map, struct adduce_span key,
                  struct adduce_value *value);

/* What `map` has under a counted key; NULL if nothing, or no map. */
struct adduce_value *value_get(const struct adduce_value *map, struct adduce_span key);

static inline void value_set_text(struct adduce_scope *scope, struct adduce_value *map,
                                  const char *key, const char *text) {
  value_set(scope, map, key, value_text(scope, text));
}
static inline void value_set_bytes32(struct adduce_scope *scope, struct adduce_value *map,
                                     const char *key, const uint8_t *bytes32) {
  value_set(scope, map, key, value_bytes(scope, span_of(bytes32, 32)));
}
static inline void value_set_integer(struct adduce_scope *scope, struct adduce_value *map,
                                     const char *key, int64_t integer) {
  value_set(scope, map, key, value_integer(scope, integer));
}

/* Errors: ADDUCE_E_MEMORY if the scope is exhausted, ADDUCE_OK otherwise. */
MUST_USE enum adduce_err value_finish(struct adduce_scope *scope);

/* Bytewise equality of what they say; the order of map keys does not matter. */
bool value_equal(const struct adduce_value *a, const struct adduce_value *b);

/* The canonical bytes of `value`: map keys sorted, whatever their order here.
 * Errors: ADDUCE_E_VALUE (integer range, duplicate key), ADDUCE_E_TEXT (with the path and the
 * byte offset in the text), ADDUCE_E_TOO_LARGE (depth, number of objects), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err value_encode(struct adduce_scope *scope, struct adduce_span *canonical,
                                      const struct adduce_value *value);

/* The tree of canonical bytes; msgpack-c unpacks them, and because it must never see others they
 * are checked here again. Text and bytes are copied into the scope. Errors: ADDUCE_E_MEMORY; as
 * canonical_require for bytes that have not passed it. */
MUST_USE enum adduce_err value_decode(struct adduce_scope *scope, struct adduce_value **value,
                                      struct adduce_span canonical);

#endif
