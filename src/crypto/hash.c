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

struct adduce_hash hash_bytes(struct adduce_span bytes) {
  struct hash hash;
  struct adduce_hash digest;
  hash_init(&hash);
  hash_span(&hash, bytes);
  hash_final(&hash, &digest);
  return digest;
}

struct adduce_hash hash_padded128(const uint8_t *blocks128) {
  struct sha256_ctx state;
  struct adduce_hash digest;
  sha256_init(&state);
  sha256_update(&state, 128, blocks128);
  for (size_t i = 0; i < 8; i++) bigendian_put32(digest.bytes + 4 * i, state.state[i]);
  return digest;
}

uint64_t hash_checksum(struct adduce_span bytes) {
  static const uint8_t key[crypto_shorthash_KEYBYTES] = "adduce/checksum";
  uint8_t out[crypto_shorthash_BYTES];
  (void)crypto_shorthash(out, bytes.data, bytes.size, key);
  return bigendian_get64(out);
}
