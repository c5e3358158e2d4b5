/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/foldmeta.h"

#include "base/bigendian.h"

#define FORMAT "adduce/projections/v5\n"
#define NAME "state"
/* genesis 32 | versions 32 | reached u64be | root 32 | last run u32be | refreshed u64be |
 * checksum 8 */
#define BYTES (32 + 32 + 8 + 32 + 4 + 8)

struct adduce_hash foldmeta_versions(void) {
  struct hash hash;
  struct adduce_hash digest;
  uint8_t number[4];
  hash_init(&hash);
  hash_span(&hash, span_text(FORMAT));
  bigendian_put32(number, VOCABULARY_VERSION);
  hash_update(&hash, number, sizeof number);
  size_t count;
  const struct projection *all = projection_all(&count);
  for (size_t i = 0; i < count; i++) {
    hash_update(&hash, all[i].name, strlen(all[i].name) + 1);
    bigendian_put32(number, all[i].version);
    hash_update(&hash, number, sizeof number);
  }
  hash_final(&hash, &digest);
  return digest;
}

enum adduce_err foldmeta_read(struct adduce_scope *scope, struct store_txn *txn,
                              struct foldmeta *meta) {
  struct adduce_span bytes;
  TRY(store_get(scope, txn, RUN_META_TABLE, span_text(NAME), &bytes));
  if (bytes.size != BYTES + 8) return ADDUCE_E_NOT_FOUND;
  uint64_t checksum = hash_checksum(span_of(bytes.data, BYTES));
  if (bigendian_get64(bytes.data + BYTES) != checksum) return ADDUCE_E_NOT_FOUND;
  memcpy(meta->genesis.bytes, bytes.data, 32);
  memcpy(meta->versions.bytes, bytes.data + 32, 32);
  meta->reached = bigendian_get64(bytes.data + 64);
  memcpy(meta->root.bytes, bytes.data + 72, 32);
  meta->last_run = bigendian_get32(bytes.data + 104);
  meta->refreshed = bigendian_get64(bytes.data + 108);
  return ADDUCE_OK;
}

enum adduce_err foldmeta_write(struct adduce_scope *scope, struct store_txn *txn,
                               const struct foldmeta *meta) {
  uint8_t bytes[BYTES + 8];
  memcpy(bytes, meta->genesis.bytes, 32);
  memcpy(bytes + 32, meta->versions.bytes, 32);
  bigendian_put64(bytes + 64, meta->reached);
  memcpy(bytes + 72, meta->root.bytes, 32);
  bigendian_put32(bytes + 104, meta->last_run);
  bigendian_put64(bytes + 108, meta->refreshed);
  bigendian_put64(bytes + BYTES, hash_checksum(span_of(bytes, BYTES)));
  return store_put(scope, txn, RUN_META_TABLE, span_text(NAME), span_of(bytes, sizeof bytes),
                   STORE_REPLACE);
}
