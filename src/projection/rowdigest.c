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

/* The digests of one projection under way, one for each size. */
struct walk {
  const uint64_t *sizes; /* ascending */
  size_t count;
  struct hash *hashes;
  uint64_t *rows;
};

/* A row belongs to the digests of all sizes beyond its index. */
static void take_row(const struct walk *walk, const struct row *row) {
  if (row->index >= walk->sizes[walk->count - 1]) return;
  struct adduce_hash digest = row_hash(row);
  for (size_t i = walk->count; i-- > 0 && row->index < walk->sizes[i];) {
    hash_update(&walk->hashes[i], digest.bytes, sizeof digest.bytes);
    walk->rows[i]++;
  }
}

static enum adduce_err walk_rows(struct adduce_scope *scope, struct rowcursor *cursor,
                                 const struct walk *walk) {
  uint64_t seen = 0;
  enum adduce_err err = rowcursor_seek(cursor, span_of("", 1));
  for (; err == ADDUCE_OK; err = rowcursor_next(cursor)) {
    take_row(walk, &cursor->row);
    if (++seen % 65536 == 0) TRY(scope_progress(scope, "digesting", seen, 0));
  }
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err check_reach(struct adduce_scope *scope, struct store_txn *txn,
                                   uint64_t size) {
  struct foldmeta meta;
  enum adduce_err err = foldmeta_read(scope, txn, &meta);
  if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && size > meta.reached))
    return scope_fail(scope, ADDUCE_E_POSITION, "the projections do not reach size %llu yet",
                      (unsigned long long)size);
  return err;
}

enum adduce_err rowdigest_one(struct adduce_scope *scope, struct store_txn *txn,
                              struct adduce_hash *digests, uint64_t *rows, size_t projection,
                              const uint64_t *sizes, size_t count) {
  struct walk walk = {sizes, count, scope_array(scope, count, sizeof(struct hash)), rows};
  struct rowcursor cursor;
  struct runs runs;
  size_t all;
  if (count == 0) return ADDUCE_OK;
  if (walk.hashes == NULL) return scope_no_memory(scope);
  TRY(check_reach(scope, txn, sizes[count - 1]));
  TRY(run_load(scope, txn, &runs));
  for (size_t i = 0; i < count; i++) {
    start_digest(&walk.hashes[i], projection_all(&all) + projection, sizes[i]);
    rows[i] = 0;
  }
  TRY(rowcursor_open(scope, &cursor, txn, &runs, (enum registry_number)projection, span_of(NULL, 0),
                     sizes[count - 1]));
  enum adduce_err err = walk_rows(scope, &cursor, &walk);
  rowcursor_close(&cursor);
  for (size_t i = 0; i < count && err == ADDUCE_OK; i++) hash_final(&walk.hashes[i], &digests[i]);
  return err;
}

/* --- of all ------------------------------------------------------------------------------- */

struct digesting {
  struct store *store;
  struct adduce_hash *digests;
  uint64_t *rows;
  const uint64_t *sizes;
  size_t count;
};

static enum adduce_err digest_some(void *context, struct adduce_scope *scope, size_t begin,
                                   size_t end) {
  const struct digesting *all = context;
  struct store_txn *txn;
  TRY(store_begin_read(scope, all->store, &txn));
  enum adduce_err err = ADDUCE_OK;
  for (size_t i = begin; i < end && err == ADDUCE_OK; i++)
    err = rowdigest_one(scope, txn, &all->digests[i * all->count], &all->rows[i * all->count], i,
                        all->sizes, all->count);
  store_end_read(&txn);
  return err;
}

enum adduce_err rowdigest_all(struct adduce_scope *scope, struct store *store,
                              struct adduce_hash *digests, uint64_t *rows, const uint64_t *sizes,
                              size_t count, unsigned threads) {
  struct digesting digesting = {store, digests, rows, sizes, count};
  return workers_run(scope, REGISTRY_COUNT, 1, threads, digest_some, &digesting);
}
