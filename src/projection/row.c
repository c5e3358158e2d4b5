/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/row.h"

#include "base/bigendian.h"
#include "base/hex.h"
#include "codec/cursor.h"
#include "projection/key.h"

#define STACK_BYTES 2048
#define TAG_ROW 0x20

static enum adduce_err refuse(struct adduce_scope *scope, struct adduce_span key,
                              const char *what) {
  char *hex = scope_alloc(scope, 2 * key.size + 1);
  if (hex == NULL) return scope_no_memory(scope);
  hex_encode(key, hex);
  return scope_fail(scope, ADDUCE_E_CORRUPT,
                    "projection row %s: %s; `adduce rebuild` builds the projections anew", hex,
                    what);
}

static uint64_t compute(uint8_t *room, struct adduce_span key, struct adduce_span record) {
  size_t size = key.size + record.size;
  memcpy(room, key.data, key.size);
  memcpy(room + key.size, record.data, record.size);
  memset(room + key.size, 0, ROW_CHECKSUM_BYTES);
  return hash_checksum(span_of(room, size));
}

enum adduce_err row_read(struct adduce_scope *scope, struct row *row, struct adduce_span key,
                         struct adduce_span record) {
  uint8_t stack[STACK_BYTES];
  if (key.size <= KEY_INDEX_BYTES || record.size <= ROW_CHECKSUM_BYTES)
    return refuse(scope, key, "it is too short");
  struct scope_mark mark = scope_mark(scope);
  size_t size = key.size + record.size;
  uint8_t *room = size <= sizeof stack ? stack : scope_alloc(scope, size);
  if (room == NULL) return scope_no_memory(scope);
  uint64_t checksum = compute(room, key, record);
  scope_rewind(scope, mark);
  if (checksum != bigendian_get64(record.data)) return refuse(scope, key, "its checksum is wrong");
  struct cursor cursor =
      cursor_of(span_of(record.data + ROW_CHECKSUM_BYTES, record.size - ROW_CHECKSUM_BYTES));
  if (!cursor_value(&cursor, &row->value)) return refuse(scope, key, "its value cannot be read");
  size_t rest = (size_t)(cursor.end - cursor.at);
  if (rest != 0 && rest != ROW_HASH_BYTES) return refuse(scope, key, "its hash is cut short");
  row->key = key;
  row->hash32 = rest == 0 ? NULL : cursor.at;
  row->index = key_index(key);
  return ADDUCE_OK;
}

struct adduce_span row_record(struct adduce_scope *scope, struct adduce_span key,
                              struct adduce_span rest) {
  size_t size = key.size + ROW_CHECKSUM_BYTES + rest.size;
  uint8_t *bytes = scope_alloc(scope, size);
  if (bytes == NULL) return span_of(NULL, 0);
  uint8_t *record = bytes + key.size;
  memcpy(bytes, key.data, key.size);
  memset(record, 0, ROW_CHECKSUM_BYTES);
  memcpy(record + ROW_CHECKSUM_BYTES, rest.data, rest.size);
  bigendian_put64(record, hash_checksum(span_of(bytes, size)));
  return span_of(record, size - key.size);
}

uint8_t *row_hash_head(uint8_t *key, size_t key_size) {
  uint8_t *head = key - (key_size > UINT8_MAX ? 5 : 4);
  head[0] = TAG_ROW;
  head[1] = 0x92;
  head[2] = key_size > UINT8_MAX ? 0xc5 : 0xc4;
  if (key_size > UINT8_MAX)
    bigendian_put16(head + 3, (uint16_t)key_size);
  else
    head[3] = (uint8_t)key_size;
  return head;
}

/* Of a key and a value that may be too large for the stack. */
static struct adduce_hash hash_in_parts(struct adduce_span head, struct adduce_span value) {
  struct adduce_hash digest;
  struct hash hash;
  hash_init(&hash);
  hash_span(&hash, head);
  hash_span(&hash, value);
  hash_final(&hash, &digest);
  return digest;
}

struct adduce_hash row_hash(const struct row *row) {
  uint8_t bytes[STACK_BYTES], *key = bytes + ROW_HEAD_BYTES;
  if (row->hash32 != NULL) {
    struct adduce_hash digest;
    memcpy(digest.bytes, row->hash32, sizeof digest.bytes);
    return digest;
  }
  memcpy(key, row->key.data, row->key.size);
  uint8_t *head = row_hash_head(key, row->key.size), *end = key + row->key.size;
  if (row->value.size > (size_t)(bytes + sizeof bytes - end))
    return hash_in_parts(span_of(head, (size_t)(end - head)), row->value);
  memcpy(end, row->value.data, row->value.size);
  return hash_bytes(span_of(head, (size_t)(end - head) + row->value.size));
}
