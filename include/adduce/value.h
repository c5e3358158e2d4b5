/* SPDX-License-Identifier: Apache-2.0 */
/* Values: how claims come in and how answers go out.
 *
 * A value is text, an integer, a truth value, bytes, a list or a map with text keys: what
 * canonical MessagePack can say, and nothing else (no floats, no null). Every answer of the
 * library is a value whose shape stands with the question that gives it. Values are read-only
 * and live in the scope that made them.
 *
 * JSON says all of it but bytes. Bytes of 32 (ids, keys, digests) are {"$id": "<64 hex>"},
 * other bytes {"$bytes": "<base64>"}; a map whose only key begins with "$" has that "$"
 * doubled. Integers lie within +-(2^53 - 1); a number with a fraction or an exponent is
 * refused, as are null and duplicate keys. Reading what was written gives the same value. */
#ifndef ADDUCE_VALUE_H
#define ADDUCE_VALUE_H

#include "adduce/scope.h"
#include "adduce/types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum adduce_type {
  ADDUCE_BOOLEAN,
  ADDUCE_INTEGER,
  ADDUCE_TEXT,
  ADDUCE_BYTES,
  ADDUCE_LIST,
  ADDUCE_MAP,
};

struct adduce_value;

ADDUCE_API enum adduce_type adduce_value_type(const struct adduce_value *value);

/* The truth value, integer or bytes. Of another type: false, 0, an empty span. Text and bytes
 * live as long as the value. Text is followed by a NUL that its size does not count. */
ADDUCE_API bool adduce_value_boolean(const struct adduce_value *value);
ADDUCE_API int64_t adduce_value_integer(const struct adduce_value *value);
ADDUCE_API struct adduce_span adduce_value_bytes(const struct adduce_value *value);

/* The text, NUL-terminated; "" of another type. */
ADDUCE_API const char *adduce_value_text(const struct adduce_value *value);

/* How many items a list or pairs a map has; 0 of another type and of NULL. */
ADDUCE_API size_t adduce_value_count(const struct adduce_value *value);

/* Item `index` of a list, or the value of pair `index` of a map; NULL beyond the end. */
ADDUCE_API const struct adduce_value *adduce_value_at(const struct adduce_value *value,
                                                      size_t index);

/* The key of pair `index` of a map, NUL-terminated; "" beyond the end. */
ADDUCE_API const char *adduce_value_key(const struct adduce_value *map, size_t index);

/* What `map` has under `key`; NULL if it has nothing there, is no map or is NULL. */
ADDUCE_API const struct adduce_value *adduce_value_get(const struct adduce_value *map,
                                                       const char *key);

/* Reads one JSON text of `size` bytes.
 * Errors: ADDUCE_E_JSON (syntax, a float, null, a duplicate key, nesting over 16, with line
 * and column in the detail), ADDUCE_E_TEXT, ADDUCE_E_VALUE (integer beyond 2^53 - 1),
 * ADDUCE_E_MEMORY. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_value_from_json(struct adduce_scope *scope,
                                                                  const struct adduce_value **value,
                                                                  const char *json, size_t size);

/* Writes `value` as JSON, NUL-terminated: one line, or indented by two spaces if `pretty`.
 * Keys keep their order. Errors: ADDUCE_E_MEMORY. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_value_to_json(struct adduce_scope *scope,
                                                                const char **json,
                                                                const struct adduce_value *value,
                                                                bool pretty);

#ifdef __cplusplus
}
#endif
#endif
