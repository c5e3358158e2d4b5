/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256, from nettle, which uses the processor's instructions for it (measured at four to five
 * times libsodium's portable code). Pure: no scope, cannot fail. */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include "base/span.h"

/* Messages are put together from many small pieces: up to so many bytes they are gathered first. */
#define HASH_GATHERED_BYTES 1024

/* What padding may add to a message: room for it stands behind whatever is padded in place. */
#define HASH_PADDING_BYTES 72

/* A hash under way. Plain memory: may be copied, needs no release. */
struct hash {
  _Alignas(8) uint8_t state[112]; /* of no meaning before has_begun */
  bool has_begun;                 /* the bytes before those gathered are in the state */
  size_t gathered;
  uint8_t bytes[HASH_GATHERED_BYTES + HASH_PADDING_BYTES];
};

void hash_init(struct hash *hash);
void hash_update(struct hash *hash, const void *data, size_t size);
void hash_final(struct hash *hash, struct adduce_hash *digest);

static inline void hash_span(struct hash *hash, struct adduce_span span) {
  hash_update(hash, span.data, span.size);
}

/* The digest of one piece of memory. */
struct adduce_hash hash_bytes(struct adduce_span bytes);

/* The same of `size` bytes behind which there is room for HASH_PADDING_BYTES, which is written to:
 * nothing is copied. */
struct adduce_hash hash_padding(uint8_t *bytes, size_t size);

/* The digest of a message that the caller has padded to exactly two blocks (FIPS 180-4, 5.1.1): for
 * the inner nodes of trees, of which there are many; an eighth faster than hash_bytes. */
struct adduce_hash hash_padded128(const uint8_t *blocks128);

static inline bool hash_equal(const struct adduce_hash *a, const struct adduce_hash *b) {
  return memcmp(a->bytes, b->bytes, 32) == 0;
}

/* SipHash-2-4 of 16 bytes under a secret key: what nobody who does not know the key can foresee. */
void hash_keyed128(uint8_t *out16, const uint8_t *key16, struct adduce_span bytes);

/* A fast keyed checksum of 8 bytes (SipHash-2-4 under a fixed key): finds damage, not
 * deceit. */
uint64_t hash_checksum(struct adduce_span bytes);

#endif
