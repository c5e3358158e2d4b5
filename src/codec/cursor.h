/* SPDX-License-Identifier: Apache-2.0 */
/* A cursor over bytes that have passed the canonical check: reads them in place, allocates
 * nothing. Because the bytes are known to be canonical, the only thing that can go wrong is a
 * value of another type than the reader wants, or the end: then the call returns false and
 * the cursor stays where it was. */
#ifndef CODEC_CURSOR_H
#define CODEC_CURSOR_H

#include "base/span.h"

struct cursor {
  const uint8_t *at;
  const uint8_t *end;
};

enum cursor_type {
  CURSOR_END,
  CURSOR_BOOL,
  CURSOR_INT,
  CURSOR_STR,
  CURSOR_BIN,
  CURSOR_ARRAY,
  CURSOR_MAP,
};

static inline struct cursor cursor_of(struct adduce_span canonical) {
  struct cursor cursor = {canonical.data, canonical.data};
  if (canonical.size != 0) cursor.end += canonical.size; /* no sum with NULL */
  return cursor;
}

static inline bool cursor_done(const struct cursor *cursor) {
  return cursor->at == cursor->end;
}

/* The type of the next value; CURSOR_END also for bytes that cannot be canonical. */
enum cursor_type cursor_peek(const struct cursor *cursor);

MUST_USE bool cursor_bool(struct cursor *cursor, bool *value);
MUST_USE bool cursor_int(struct cursor *cursor, int64_t *value);
MUST_USE bool cursor_str(struct cursor *cursor, struct adduce_span *text);
MUST_USE bool cursor_bin(struct cursor *cursor, struct adduce_span *bytes);

/* A bin of exactly `size` bytes, borrowed. */
MUST_USE bool cursor_bin_of(struct cursor *cursor, size_t size, const uint8_t **bytes);

/* The header of an array or map; its items or pairs follow. */
MUST_USE bool cursor_array(struct cursor *cursor, uint32_t *count);
MUST_USE bool cursor_map(struct cursor *cursor, uint32_t *count);

/* The whole next value with all that is in it, as it is encoded. */
MUST_USE bool cursor_value(struct cursor *cursor, struct adduce_span *encoded);

/* In the map at the cursor (which does not move), finds `key`; false if absent or no map.
 * `*value` is the encoded value. */
MUST_USE bool cursor_find(const struct cursor *map, const char *key, struct adduce_span *value);

#endif
