/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of rows, put together part by part. Parts are laid out so that bytewise order of keys is
 * order by part, and no part is the beginning of another:
 *
 *   text    its bytes (at most 128), then 00. Longer text, and text in which U+0001 stands: its
 *           first 95 bytes, or those before the U+0001, then 01 and SHA-256 of the whole. (No text
 *           holds U+0000.)
 *   byte    itself
 *   id, key 32 bytes
 *   number  8 bytes, big-endian
 *
 * The last part of every row's key is the index of its event, which rows_add appends. */
#ifndef PROJECTION_KEY_H
#define PROJECTION_KEY_H

#include "base/bigendian.h"
#include "base/span.h"
#include "store/store.h"

#define KEY_TEXT_BYTES 128
#define KEY_HEAD_BYTES 95 /* of a longer text */
#define KEY_INDEX_BYTES 8

struct key {
  uint8_t bytes[STORE_KEY_BYTES + 1];
  size_t size;
};

static inline void key_init(struct key *key) {
  key->size = 0;
}

void key_text(struct key *key, struct adduce_span text);
void key_byte(struct key *key, uint8_t byte);
void key_id(struct key *key, const uint8_t *id32);
void key_number(struct key *key, uint64_t number);

static inline struct adduce_span key_span(const struct key *key) {
  return span_of(key->bytes, key->size);
}

/* --- reading ------------------------------------------------------------------------------- */

/* The index at the end of a row's key; 0 when it is too short, which no row's key is. */
static inline uint64_t key_index(struct adduce_span key) {
  return key.size < KEY_INDEX_BYTES ? 0 : bigendian_get64(key.data + key.size - KEY_INDEX_BYTES);
}

/* The key without its index: what rows of one thing have in common. */
static inline struct adduce_span key_stem(struct adduce_span key) {
  return span_of(key.data, key.size < KEY_INDEX_BYTES ? 0 : key.size - KEY_INDEX_BYTES);
}

/* Takes the text part at the head of `*rest`; `*whole` is false when only its head is there.
 * False when there is no text part. */
MUST_USE bool key_take_text(struct adduce_span *rest, struct adduce_span *text, bool *whole);

#endif
