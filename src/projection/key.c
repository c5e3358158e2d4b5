/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/key.h"

#include "base/invariant.h"
#include "crypto/hash.h"

static uint8_t *take_room(struct key *key, size_t size) {
  INVARIANT(key->size + size <= sizeof key->bytes);
  uint8_t *room = key->bytes + key->size;
  key->size += size;
  return room;
}

static void add(struct key *key, const void *data, size_t size) {
  uint8_t *room = take_room(key, size);
  if (size != 0) memcpy(room, data, size);
}

void key_byte(struct key *key, uint8_t byte) {
  *take_room(key, 1) = byte;
}

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* True iff none of eight bytes is 00 or 01; may be false for others, which are then looked at. */
static bool are_plain(const uint8_t *bytes8) {
  uint64_t word;
  memcpy(&word, bytes8, sizeof word);
  return ((word - 2 * EACH_BYTE) & ~word & 0x80 * EACH_BYTE) == 0;
}

/* How many bytes stand before the first 00 or 01. */
static size_t measure_plain(struct adduce_span text) {
  size_t size = 0;
  while (size + 8 <= text.size && are_plain(text.data + size)) size += 8;
  while (size < text.size && text.data[size] > 1) size++;
  return size;
}

void key_text(struct key *key, struct adduce_span text) {
  size_t plain = measure_plain(text);
  if (text.size <= KEY_TEXT_BYTES && plain == text.size) {
    add(key, text.data, text.size);
    key_byte(key, 0);
    return;
  }
  struct adduce_hash digest = hash_bytes(text);
  add(key, text.data, plain < KEY_HEAD_BYTES ? plain : KEY_HEAD_BYTES);
  key_byte(key, 1);
  add(key, digest.bytes, sizeof digest.bytes);
}

void key_id(struct key *key, const uint8_t *id32) {
  add(key, id32, 32);
}

void key_number(struct key *key, uint64_t number) {
  bigendian_put64(take_room(key, 8), number);
}

bool key_take_text(struct adduce_span *rest, struct adduce_span *text, bool *whole) {
  size_t end = 0;
  while (end < rest->size && rest->data[end] > 1) end++;
  if (end == rest->size) return false;
  *whole = rest->data[end] == 0;
  size_t used = *whole ? end + 1 : end + 1 + 32;
  if (used > rest->size) return false;
  *text = span_of(rest->data, end);
  *rest = span_of(rest->data + used, rest->size - used);
  return true;
}
