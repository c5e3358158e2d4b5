/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/rowdigest.h"

#include "base/bigendian.h"
#include "projection/foldmeta.h"
#include "projection/rowcursor.h"
#include "sys/workers.h"

static void start_digest(struct hash *hash, const struct projection *projection, uint64_t size) {
  uint8_t numbers[12];
  hash_init(hash);
  hash_span(hash, span_text("adduce/projection/v1\n"));
  hash_span(hash, span_text(projection->name));
  bigendian_put32(numbers, projection->version);
  bigendian_put64(numbers + 4, size);
  hash_span(hash, span_text("\n"));
  hash_update(hash, numbers, sizeof numbers);
}

static enum adduce_err hash_rows(struct adduce_scope *scope, struct rowcursor *cursor,
                                 struct hash *hash, uint64_t *rows, uint64_t size) {
  uint64_t seen = 0;
  enum adduce_err err = rowcursor_seek(cursor, span_of("", 1));
  for (; err == ADDUCE_OK; err = rowcursor_next(cursor)) {
    if (cursor->row.index < size) {
      struct adduce_hash digest = row_hash(&cursor->row);
      hash_update(hash, digest.bytes, sizeof digest.bytes);
      ++*rows;
    }
    if (++seen % 65536 == 0) TRY(scope_progress(scope, "digesting", seen, 0));
  }
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

enum adduce_err rowdigest_one(struct adduce_scope *scope, struct store_txn *txn,
                              struct adduce_hash *digest, uint64_t *rows, size_t projection,
                              uint64_t size) {
  struct foldmeta meta;
  struct rowcursor cursor;
  struct runs runs;
  struct hash hash;
  size_t count;
  enum adduce_err err = foldmeta_read(scope, txn, &meta);
  if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && size > meta.reached))
    return scope_fail(scope, ADDUCE_E_POSITION, "the projections do not reach size %llu yet",
                      (unsigned long long)size);
  if (err != ADDUCE_OK) return err;
  TRY(run_load(scope, txn, &runs));
  start_digest(&hash, projection_all(&count) + projection, size);
  *rows = 0;
  TRY(rowcursor_open(scope, &cursor, txn, &runs, (enum registry_number)projection, span_of(NULL, 0),
                     size));
  err = hash_rows(scope, &cursor, &hash, rows, size);
  rowcursor_close(&cursor);
  if (err == ADDUCE_OK) hash_final(&hash, digest);
  return err;
}

/* --- of all ------------------------------------------------------------------------------- */

struct digesting {
  struct store *store;
  struct adduce_hash *digests;
  uint64_t *rows;
  uint64_t size;
};

static enum adduce_err digest_some(void *context, struct adduce_scope *scope, size_t begin,
                                   size_t end) {
  struct digesting *digesting = context;
  struct store_txn *txn;
  TRY(store_begin_read(scope, digesting->store, &txn));
  enum adduce_err err = ADDUCE_OK;
  for (size_t i = begin; i < end && err == ADDUCE_OK; i++)
    err =
        rowdigest_one(scope, txn, &digesting->digests[i], &digesting->rows[i], i, digesting->size);
  store_end_read(&txn);
  return err;
}

enum adduce_err rowdigest_all(struct adduce_scope *scope, struct store *store,
                              struct adduce_hash *digests, uint64_t *rows, uint64_t size,
                              unsigned threads) {
  struct digesting digesting = {store, digests, rows, size};
  return workers_run(scope, REGISTRY_COUNT, 1, threads, digest_some, &digesting);
}
