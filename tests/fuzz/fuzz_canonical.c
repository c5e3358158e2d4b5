/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever passes the canonical check is decoded, encoded to the same bytes, and read by the
 * cursor to its end; and neither a prefix of it nor an extension passes. */
#include "base/invariant.h"
#include "codec/canonical.h"
#include "codec/cursor.h"
#include "codec/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads one value with the cursor, item by item. */
static void walk(struct cursor *cursor) {
  struct adduce_span span;
  int64_t integer;
  uint32_t count = 0;
  bool truth;
  enum cursor_type type = cursor_peek(cursor);
  switch (type) {
    case CURSOR_BOOL:
      INVARIANT(cursor_bool(cursor, &truth));
      break;
    case CURSOR_INT:
      INVARIANT(cursor_int(cursor, &integer));
      break;
    case CURSOR_STR:
      INVARIANT(cursor_str(cursor, &span));
      break;
    case CURSOR_BIN:
      INVARIANT(cursor_bin(cursor, &span));
      break;
    case CURSOR_ARRAY:
      INVARIANT(cursor_array(cursor, &count));
      break;
    case CURSOR_MAP:
      INVARIANT(cursor_map(cursor, &count));
      break;
    case CURSOR_END:
      INVARIANT(false);
  }
  for (uint32_t i = 0; i < count; i++) {
    if (type == CURSOR_MAP) INVARIANT(cursor_str(cursor, &span));
    walk(cursor);
  }
}

static void check_neighbours(struct adduce_scope *scope, struct adduce_span bytes) {
  struct canonical_fault fault;
  uint8_t *longer = scope_alloc(scope, bytes.size + 1);
  INVARIANT(longer != NULL);
  memcpy(longer, bytes.data, bytes.size);
  longer[bytes.size] = bytes.data[bytes.size / 2];
  INVARIANT(!canonical_check(span_of(longer, bytes.size + 1), &fault));
  INVARIANT(fault.rule == CANONICAL_TRAILING && fault.offset == bytes.size);
  INVARIANT(!canonical_check(span_of(bytes.data, bytes.size - 1), &fault));
  INVARIANT(!canonical_check(span_of(bytes.data, bytes.data[0] % bytes.size), &fault));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_span bytes = span_of(data, size), again;
  struct adduce_scope *scope;
  struct adduce_value *value;
  struct canonical_fault fault;
  if (!canonical_check(bytes, &fault)) {
    INVARIANT(fault.rule != CANONICAL_FINE && fault.offset <= size);
    return 0;
  }
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  INVARIANT(value_decode(scope, &value, bytes) == ADDUCE_OK);
  INVARIANT(value_encode(scope, &again, value) == ADDUCE_OK);
  INVARIANT(span_equal(bytes, again));
  struct cursor cursor = cursor_of(bytes);
  walk(&cursor);
  INVARIANT(cursor_done(&cursor));
  cursor = cursor_of(bytes);
  INVARIANT(cursor_value(&cursor, &again) && span_equal(bytes, again));
  check_neighbours(scope, bytes);
  adduce_scope_close(&scope);
  return 0;
}
