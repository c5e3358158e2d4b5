/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

#include <nettle/sha2.h>
#include <sodium.h>

#include "base/bigendian.h"

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(((struct hash *)0)->state),
               "struct hash too small");
_Static_assert(_Alignof(struct sha256_ctx) <= _Alignof(struct hash), "struct hash badly aligned");

static struct sha256_ctx *context(struct hash *hash) {
  return (struct sha256_ctx *)(void *)hash->state;
}

void hash_init(struct hash *hash) {
  sha256_init(context(hash));
}

void hash_update(struct hash *hash, const void *data, size_t size) {
  sha256_update(context(hash), size, data);
}

void hash_final(struct hash *hash, struct adduce_hash *digest) {
  sha256_digest(context(hash), sizeof digest->bytes, digest->bytes);
}

/* Of a state that has taken in the padding. Straight to where it is wanted: copied right after it
 * was written word by word, it would wait for the words. */
static void put_digest(struct adduce_hash *digest, const struct sha256_ctx *state) {
  for (size_t i = 0; i < 8; i++) bigendian_put32(digest->bytes + 4 * i, state->state[i]);
}

/* Whole blocks are taken from where they are, and the last is padded here: nettle's own way, in
 * pieces, costs as much as a block does. */
struct adduce_hash hash_bytes(struct adduce_span bytes) {
  uint8_t last[2 * SHA256_BLOCK_SIZE] = {0};
  struct sha256_ctx state;
  struct adduce_hash digest;
  size_t rest = bytes.size % SHA256_BLOCK_SIZE, whole = bytes.size - rest;
  size_t size = rest < SHA256_BLOCK_SIZE - 8 ? SHA256_BLOCK_SIZE : 2 * SHA256_BLOCK_SIZE;
  if (rest != 0) memcpy(last, bytes.data + whole, rest);
  last[rest] = 0x80;
  bigendian_put64(last + size - 8, 8 * (uint64_t)bytes.size);
  sha256_init(&state);
  if (whole != 0) sha256_update(&state, whole, bytes.data);
  sha256_update(&state, size, last);
  put_digest(&digest, &state);
  return digest;
}

struct adduce_hash hash_padded128(const uint8_t *blocks128) {
  struct sha256_ctx state;
  struct adduce_hash digest;
  sha256_init(&state);
  sha256_update(&state, 128, blocks128);
  put_digest(&digest, &state);
  return digest;
}

void hash_keyed128(uint8_t *out16, const uint8_t *key16, struct adduce_span bytes) {
  (void)crypto_shorthash_siphashx24(out16, bytes.data, bytes.size, key16);
}

uint64_t hash_checksum(struct adduce_span bytes) {
  static const uint8_t key[crypto_shorthash_KEYBYTES] = "adduce/checksum";
  uint8_t out[crypto_shorthash_BYTES];
  (void)crypto_shorthash(out, bytes.data, bytes.size, key);
  return bigendian_get64(out);
}
