/* SPDX-License-Identifier: Apache-2.0 */
/* Plain values: fixed sizes, no pointers to free, copied freely. */
#ifndef ADDUCE_TYPES_H
#define ADDUCE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes. `data` may be NULL only where `size` is 0. Who lends them, and for how
 * long, is said where a span is returned. */
struct adduce_span {
  const uint8_t *data;
  size_t size; /* bytes */
};

/* A SHA-256 digest: a tree hash, a content root, the digest of a capture. */
struct adduce_hash {
  uint8_t bytes[32];
};

/* An event's id: SHA-256 of its signed bytes. */
struct adduce_id {
  uint8_t bytes[32];
};

/* An Ed25519 public key. */
struct adduce_key {
  uint8_t bytes[32];
};

/* An Ed25519 signature. */
struct adduce_signature {
  uint8_t bytes[64];
};

/* TLP 2.0. The numbers are the format's. */
enum adduce_handling {
  ADDUCE_CLEAR = 0,
  ADDUCE_GREEN = 1,
  ADDUCE_AMBER = 2,
  ADDUCE_AMBER_STRICT = 3,
  ADDUCE_RED = 4,
};

#endif
