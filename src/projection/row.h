/* SPDX-License-Identifier: Apache-2.0 */
/* One row as it stands in its table: key -> checksum 8 | row hash 32 | value.
 *
 *   value     canonical MessagePack
 *   row hash  SHA-256(0x20 || 92 || key as canonical bin || value || salts), where the salts are
 *             those of the content fields the row derives from, 16 bytes each, in path order
 *   checksum  SipHash-2-4 (crypto/hash.h) of key || eight zeros || row hash || value, as eight
 *             bytes, big-endian
 *
 * The hash says what the row is, for digests; the checksum whether these bytes are still what was
 * written. */
#ifndef PROJECTION_ROW_H
#define PROJECTION_ROW_H

#include "base/scope.h"

#define ROW_CHECKSUM_BYTES 8
#define ROW_HASH_BYTES 32
#define ROW_HEAD_BYTES (ROW_CHECKSUM_BYTES + ROW_HASH_BYTES)

struct row {
  struct adduce_span key;
  struct adduce_span value;
  const uint8_t *hash32;
  uint64_t index;
};

/* Puts the checksum into a row laid out as key || record, whose value and hash are there. */
void row_seal(uint8_t *bytes, size_t key_size, size_t size);

/* Reads a row; spans borrow from `key` and `record`. Errors: ADDUCE_E_CORRUPT (it is not what was
 * written, with the key), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err row_read(struct adduce_scope *scope, struct row *row,
                                  struct adduce_span key, struct adduce_span record);

#endif
