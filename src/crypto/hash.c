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

/* --- one piece ---------------------------------------------------------------------------- */

/* Of a state that has taken in the padding. Straight to where it is wanted: copied right after it
 * was written word by word, it would wait for the words. */
static void put_digest(struct adduce_hash *digest, const struct sha256_ctx *state) {
  for (size_t i = 0; i < 8; i++) bigendian_put32(digest->bytes + 4 * i, state->state[i]);
}

static struct adduce_hash hash_blocks(const uint8_t *blocks, size_t size) {
  struct sha256_ctx state;
  struct adduce_hash digest;
  sha256_init(&state);
  sha256_update(&state, size, blocks);
  put_digest(&digest, &state);
  return digest;
}

/* Pads `size` bytes of a message of `message_bytes`, whose whole blocks may have been taken from
 * it; returns how many there are now. */
static size_t pad(uint8_t *bytes, size_t size, size_t message_bytes) {
  size_t padded = (size + 8) / SHA256_BLOCK_SIZE * SHA256_BLOCK_SIZE + SHA256_BLOCK_SIZE;
  bytes[size] = 0x80;
  memset(bytes + size + 1, 0, SHA256_BLOCK_SIZE); /* as many as there can be, so a fixed number */
  bigendian_put64(bytes + padded - 8, 8 * (uint64_t)message_bytes);
  return padded;
}

struct adduce_hash hash_padding(uint8_t *bytes, size_t size) {
  return hash_blocks(bytes, pad(bytes, size, size));
}

/* Whole blocks are taken from where they are, and the last is padded here: nettle's own way, in
 * pieces, costs as much as a block does. */
struct adduce_hash hash_bytes(struct adduce_span bytes) {
  uint8_t last[SHA256_BLOCK_SIZE + HASH_PADDING_BYTES];
  struct sha256_ctx state;
  struct adduce_hash digest;
  size_t rest = bytes.size % SHA256_BLOCK_SIZE, whole = bytes.size - rest;
  if (rest != 0) memcpy(last, bytes.data + whole, rest);
  size_t size = pad(last, rest, bytes.size);
  if (whole == 0) return hash_blocks(last, size);
  sha256_init(&state);
  sha256_update(&state, whole, bytes.data);
  sha256_update(&state, size, last);
  put_digest(&digest, &state);
  return digest;
}

struct adduce_hash hash_padded128(const uint8_t *blocks128) {
  return hash_blocks(blocks128, 128);
}

/* --- many pieces -------------------------------------------------------------------------- */

void hash_init(struct hash *hash) {
  hash->has_begun = false;
  hash->gathered = 0;
}

/* Takes what was gathered into the state. */
static void spill(struct hash *hash) {
  if (!hash->has_begun) sha256_init(context(hash));
  sha256_update(context(hash), hash->gathered, hash->bytes);
  hash->has_begun = true;
  hash->gathered = 0;
}

void hash_update(struct hash *hash, const void *data, size_t size) {
  if (size > HASH_GATHERED_BYTES - hash->gathered) spill(hash);
  if (size > HASH_GATHERED_BYTES) {
    sha256_update(context(hash), size, data);
  } else if (size != 0) {
    memcpy(hash->bytes + hash->gathered, data, size);
    hash->gathered += size;
  }
}

void hash_final(struct hash *hash, struct adduce_hash *digest) {
  if (!hash->has_begun) {
    *digest = hash_padding(hash->bytes, hash->gathered);
    return;
  }
  spill(hash);
  sha256_digest(context(hash), sizeof digest->bytes, digest->bytes);
}

/* --- keyed -------------------------------------------------------------------------------- */

void hash_keyed128(uint8_t *out16, const uint8_t *key16, struct adduce_span bytes) {
  (void)crypto_shorthash_siphashx24(out16, bytes.data, bytes.size, key16);
}

uint64_t hash_checksum(struct adduce_span bytes) {
  static const uint8_t key[crypto_shorthash_KEYBYTES] = "adduce/checksum";
  uint8_t out[crypto_shorthash_BYTES];
  (void)crypto_shorthash(out, bytes.data, bytes.size, key);
  return bigendian_get64(out);
}
