/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cursor.h"

#include "codec/head.h"

static inline size_t room_of(const struct cursor *cursor) {
  return (size_t)(cursor->end - cursor->at);
}

/* The head of the next value, if it has one of two kinds. */
static inline bool read_kind(const struct cursor *cursor, struct head *head, enum head_kind kind,
                             enum head_kind other) {
  size_t room = room_of(cursor);
  return room != 0 && head_read(head, cursor->at, room) &&
         (head->kind == kind || head->kind == other);
}

enum cursor_type cursor_peek(const struct cursor *cursor) {
  struct head head;
  if (cursor_done(cursor) || !head_read(&head, cursor->at, room_of(cursor))) return CURSOR_END;
  switch (head.kind) {
    case HEAD_UINT:
    case HEAD_INT:
      return CURSOR_INT;
    case HEAD_BOOL:
      return CURSOR_BOOL;
    case HEAD_STR:
      return CURSOR_STR;
    case HEAD_BIN:
      return CURSOR_BIN;
    case HEAD_ARRAY:
      return CURSOR_ARRAY;
    case HEAD_MAP:
      return CURSOR_MAP;
    case HEAD_NIL:
    case HEAD_FLOAT:
    case HEAD_EXT:
    case HEAD_RESERVED:
      return CURSOR_END;
  }
  return CURSOR_END;
}

bool cursor_bool(struct cursor *cursor, bool *value) {
  struct head head;
  if (!read_kind(cursor, &head, HEAD_BOOL, HEAD_BOOL)) return false;
  *value = head.value != 0;
  cursor->at += head.size;
  return true;
}

bool cursor_int(struct cursor *cursor, int64_t *value) {
  struct head head;
  if (!read_kind(cursor, &head, HEAD_UINT, HEAD_INT)) return false;
  *value = (int64_t)head.value;
  cursor->at += head.size;
  return true;
}

static bool read_body(struct cursor *cursor, struct adduce_span *body, enum head_kind kind) {
  struct head head;
  if (!read_kind(cursor, &head, kind, kind)) return false;
  if (head.value > room_of(cursor) - head.size) return false;
  *body = span_of(cursor->at + head.size, (size_t)head.value);
  cursor->at = body->data + body->size;
  return true;
}

bool cursor_str(struct cursor *cursor, struct adduce_span *text) {
  return read_body(cursor, text, HEAD_STR);
}

bool cursor_bin(struct cursor *cursor, struct adduce_span *bytes) {
  return read_body(cursor, bytes, HEAD_BIN);
}

bool cursor_bin_of(struct cursor *cursor, size_t size, const uint8_t **bytes) {
  struct cursor next = *cursor;
  struct adduce_span body;
  if (!read_body(&next, &body, HEAD_BIN) || body.size != size) return false;
  *bytes = body.data;
  *cursor = next;
  return true;
}

static bool read_container(struct cursor *cursor, uint32_t *count, enum head_kind kind) {
  struct head head;
  if (!read_kind(cursor, &head, kind, kind)) return false;
  *count = (uint32_t)head.value;
  cursor->at += head.size;
  return true;
}

bool cursor_array(struct cursor *cursor, uint32_t *count) {
  return read_container(cursor, count, HEAD_ARRAY);
}

bool cursor_map(struct cursor *cursor, uint32_t *count) {
  return read_container(cursor, count, HEAD_MAP);
}

/* Where a value that takes no look inside ends, if it is one that ends before `end`: small integers
 * and short text, which most values of maps are. NULL otherwise. */
static inline const uint8_t *pass_short(const uint8_t *at, const uint8_t *end) {
  uint8_t byte = *at;
  bool is_text = (byte & 0xe0) == 0xa0;
  if (byte >= 0x80 && !is_text) return NULL;
  size_t size = is_text ? 1u + (byte & 31u) : 1u;
  return (size_t)(end - at) >= size ? at + size : NULL;
}

/* Whatever is not short. */
static bool pass_value(struct cursor *cursor, struct adduce_span *encoded) {
  const uint8_t *at = cursor->at;
  uint64_t owed = 1; /* values not yet passed over */
  while (owed != 0) {
    size_t room = (size_t)(cursor->end - at);
    struct head head;
    if (owed > room || !head_read(&head, at, room)) return false;
    at += head.size;
    owed--;
    if (head.kind == HEAD_STR || head.kind == HEAD_BIN) {
      if (head.value > room - head.size) return false;
      at += head.value;
    } else if (head.kind == HEAD_ARRAY) {
      owed += head.value;
    } else if (head.kind == HEAD_MAP) {
      owed += 2 * head.value;
    }
  }
  *encoded = span_of(cursor->at, (size_t)(at - cursor->at));
  cursor->at = at;
  return true;
}

bool cursor_value(struct cursor *cursor, struct adduce_span *encoded) {
  const uint8_t *at = cursor->at, *next = at == cursor->end ? NULL : pass_short(at, cursor->end);
  if (next == NULL) return pass_value(cursor, encoded);
  *encoded = span_of(at, (size_t)(next - at));
  cursor->at = next;
  return true;
}

/* Keys ascend, and most are told apart by their first byte. */
static inline int compare_keys(struct adduce_span found, struct adduce_span sought) {
  if (found.size != 0 && sought.size != 0 && found.data[0] != sought.data[0])
    return found.data[0] < sought.data[0] ? -1 : 1;
  return span_compare(found, sought);
}

bool cursor_find(const struct cursor *map, const char *key, struct adduce_span *value) {
  struct cursor cursor = *map;
  struct adduce_span sought = span_text(key);
  uint32_t count;
  if (!cursor_map(&cursor, &count)) return false;
  for (uint32_t i = 0; i < count; i++) {
    struct adduce_span found, encoded;
    if (!cursor_str(&cursor, &found)) return false;
    int order = compare_keys(found, sought);
    if (order > 0 || !cursor_value(&cursor, &encoded)) return false;
    if (order == 0) {
      *value = encoded;
      return true;
    }
  }
  return false;
}
