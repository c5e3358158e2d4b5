/* SPDX-License-Identifier: Apache-2.0 */
/* One row as it stands in its table: key -> checksum 8 | value | row hash 32, if it has salts.
 *
 *   value     canonical MessagePack
 *   row hash  SHA-256(0x20 || 92 || key as canonical bin || value || salts), where the salts are
 *             those of the content fields the row derives from, 16 bytes each, in path order. A
 *             row that derives from the header alone has none; its hash is computed when it is
 *             wanted, and is not stored
 *   checksum  SipHash (crypto/hash.h) of key || eight zeros || value || row hash, as eight bytes,
 *             big-endian
 *
 * The hash says what the row is, for digests; the checksum whether these bytes are still what was
 * written. */
#ifndef PROJECTION_ROW_H
#define PROJECTION_ROW_H

#include "base/scope.h"
#include "crypto/hash.h"

#define ROW_CHECKSUM_BYTES 8
#define ROW_HASH_BYTES 32

struct row {
  struct adduce_span key;
  struct adduce_span value;
  const uint8_t *hash32; /* NULL when it is not stored */
  uint64_t index;
};

/* The record of a row, in the scope; empty when memory is out. `rest` is its value, and its hash
 * if that is stored. */
struct adduce_span row_record(struct adduce_scope *scope, struct adduce_span key,
                              struct adduce_span rest);

/* Reads a row; spans borrow from `key` and `record`. Errors: ADDUCE_E_CORRUPT (it is not what was
 * written, with the key), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err row_read(struct adduce_scope *scope, struct row *row,
                                  struct adduce_span key, struct adduce_span record);

#define ROW_HEAD_BYTES 5

/* What is hashed before a key of this size: writes it so that it ends before `key`, where
 * ROW_HEAD_BYTES are free, and gives where it begins. */
uint8_t *row_hash_head(uint8_t *key, size_t key_size);

/* The hash of a row that was read. */
struct adduce_hash row_hash(const struct row *row);

#endif
