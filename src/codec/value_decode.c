/* SPDX-License-Identifier: Apache-2.0 */
#include <msgpack/unpack.h>

#include "base/invariant.h"
#include "codec/canonical.h"
#include "codec/value.h"

/* The depth of the recursion is bounded by the canonical check. */
static struct adduce_value *convert(struct adduce_scope *scope, const msgpack_object *object) {
  struct adduce_value *value;
  switch (object->type) {
    case MSGPACK_OBJECT_BOOLEAN:
      return value_boolean(scope, object->via.boolean);
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
      return value_integer(scope, (int64_t)object->via.u64);
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
      return value_integer(scope, object->via.i64);
    case MSGPACK_OBJECT_STR:
      return value_str(scope, span_of(object->via.str.ptr, object->via.str.size));
    case MSGPACK_OBJECT_BIN:
      return value_bytes(scope, span_of(object->via.bin.ptr, object->via.bin.size));
    case MSGPACK_OBJECT_ARRAY:
      value = value_list(scope);
      for (uint32_t i = 0; i < object->via.array.size; i++)
        value_add(scope, value, convert(scope, &object->via.array.ptr[i]));
      return value;
    case MSGPACK_OBJECT_MAP:
      value = value_map(scope);
      for (uint32_t i = 0; i < object->via.map.size; i++) {
        const msgpack_object_kv *pair = &object->via.map.ptr[i];
        struct adduce_span key = span_of(pair->key.via.str.ptr, pair->key.via.str.size);
        value_append(scope, value, key, convert(scope, &pair->val));
      }
      return value;
    case MSGPACK_OBJECT_NIL:
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
    case MSGPACK_OBJECT_EXT:
      break;
  }
  INVARIANT(false); /* the canonical check lets none of these pass */
}

enum adduce_err value_decode(struct adduce_scope *scope, struct adduce_value **value,
                             struct adduce_span canonical) {
  *value = NULL;
  TRY(canonical_require(scope, canonical, "the value"));
  msgpack_unpacked unpacked;
  msgpack_unpacked_init(&unpacked);
  size_t used = 0;
  msgpack_unpack_return result =
      msgpack_unpack_next(&unpacked, (const char *)canonical.data, canonical.size, &used);
  enum adduce_err err;
  if (result == MSGPACK_UNPACK_NOMEM_ERROR) {
    err = scope_fail(scope, ADDUCE_E_MEMORY, "no memory left to unpack %zu bytes", canonical.size);
  } else {
    INVARIANT(result == MSGPACK_UNPACK_SUCCESS && used == canonical.size);
    *value = convert(scope, &unpacked.data);
    err = value_finish(scope);
    if (err != ADDUCE_OK) *value = NULL;
  }
  msgpack_unpacked_destroy(&unpacked);
  return err;
}
