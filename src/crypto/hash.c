/* SPDX-License-Identifier: Apache-2.0 */
/* The low-level calls are marked deprecated in OpenSSL 3.0, but they are the ones that do not
 * fetch an algorithm and allocate a context for every digest: five times faster on the short
 * inputs a tree is made of. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hash.h"

#include <openssl/sha.h>
#include <sodium.h>

#include "base/bigendian.h"
#include "base/invariant.h"

_Static_assert(sizeof(SHA256_CTX) <= sizeof(((struct hash *)0)->state), "struct hash too small");
_Static_assert(_Alignof(SHA256_CTX) <= _Alignof(struct hash), "struct hash badly aligned");

static SHA256_CTX *context(struct hash *hash) {
  return (SHA256_CTX *)(void *)hash->state;
}

void hash_init(struct hash *hash) {
  INVARIANT(SHA256_Init(context(hash)) == 1);
}

void hash_update(struct hash *hash, const void *data, size_t size) {
  if (size != 0) INVARIANT(SHA256_Update(context(hash), data, size) == 1);
}

void hash_final(struct hash *hash, struct adduce_hash *digest) {
  INVARIANT(SHA256_Final(digest->bytes, context(hash)) == 1);
}

struct adduce_hash hash_bytes(struct adduce_span bytes) {
  struct hash hash;
  struct adduce_hash digest;
  hash_init(&hash);
  hash_span(&hash, bytes);
  hash_final(&hash, &digest);
  return digest;
}

uint64_t hash_checksum(struct adduce_span bytes) {
  static const uint8_t key[crypto_shorthash_KEYBYTES] = "adduce/checksum";
  uint8_t out[crypto_shorthash_BYTES];
  (void)crypto_shorthash(out, bytes.data, bytes.size, key);
  return bigendian_get64(out);
}
