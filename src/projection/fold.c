/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/fold.h"

#include "base/bigendian.h"
#include "projection/batch.h"
#include "projection/foldmeta.h"
#include "projection/row.h"

#define META_NAME "meta"
#define RESERVE_BYTES ((uint64_t)1 << 20)

const struct store_tables *fold_tables(void) {
  static const char *const names[] = {
#define FOLD_NAME(symbol, file, version) #file,
      REGISTRY_PROJECTIONS(FOLD_NAME)
#undef FOLD_NAME
          META_NAME,
  };
  static const struct store_tables tables = {names, REGISTRY_COUNT + 1};
  return &tables;
}

enum adduce_err fold_create(struct adduce_scope *scope, const char *folder) {
  return store_create(scope, folder, fold_tables());
}

enum adduce_err fold_open(struct adduce_scope *scope, struct store **store, const char *folder,
                          enum store_mode mode) {
  return store_open(scope, store, folder, fold_tables(), mode);
}

/* --- what is there ------------------------------------------------------------------------ */

enum adduce_err fold_status(struct adduce_scope *scope, struct store_txn *txn,
                            struct fold_status *status, const struct adduce_id *genesis) {
  struct foldmeta meta;
  struct adduce_hash versions = foldmeta_versions();
  *status = (struct fold_status){.usable = false};
  enum adduce_err err = foldmeta_read(scope, txn, &meta);
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  if (err != ADDUCE_OK) return err;
  if (memcmp(meta.genesis.bytes, genesis->bytes, 32) != 0 || !hash_equal(&meta.versions, &versions))
    return ADDUCE_OK;
  *status = (struct fold_status){true, meta.reached, meta.root};
  return ADDUCE_OK;
}

enum adduce_err fold_rows(struct adduce_scope *scope, struct store_txn *txn, size_t projection,
                          uint64_t *rows) {
  return store_count(scope, txn, (unsigned)projection, rows);
}

/* --- starting anew ------------------------------------------------------------------------ */

/* Empties every table and, with a genesis, says that nothing of that log is in yet. */
static enum adduce_err clear(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  const struct adduce_id *genesis = context;
  for (unsigned table = 0; table <= FOLDMETA_TABLE; table++) TRY(store_clear(scope, txn, table));
  if (genesis == NULL) return ADDUCE_OK;
  struct foldmeta meta = {.genesis = *genesis, .versions = foldmeta_versions()};
  return foldmeta_write(scope, txn, &meta);
}

enum adduce_err fold_reset(struct adduce_scope *scope, struct store *store) {
  return store_write(scope, store, RESERVE_BYTES, clear, NULL);
}

static enum adduce_err read_status(struct adduce_scope *scope, struct store *store,
                                   const struct adduce_id *genesis, struct fold_status *status) {
  struct store_txn *txn;
  TRY(store_begin_read(scope, store, &txn));
  enum adduce_err err = fold_status(scope, txn, status, genesis);
  store_end_read(&txn);
  return err;
}

/* --- keeping in step ---------------------------------------------------------------------- */

/* The writing of one batch. */
struct step {
  struct store *store;
  const struct batch *batch;
  struct foldmeta after;
  uint64_t begin;
  bool outrun; /* somebody else has moved the marker meanwhile */
};

/* Whether a key comes after everything in the table: then rows are appended, which is quicker. */
static enum adduce_err is_beyond(struct adduce_scope *scope, struct store_cursor *cursor,
                                 struct adduce_span key, bool *beyond) {
  static const uint8_t last[STORE_KEY_BYTES] = {[0 ... STORE_KEY_BYTES - 1] = 0xff};
  enum adduce_err err = store_cursor_seek_back(scope, cursor, span_of(last, sizeof last));
  *beyond = err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && span_compare(key, cursor->key) > 0);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err write_rows(struct adduce_scope *scope, struct store_cursor *cursor,
                                  const struct rows_item *items, size_t count) {
  bool beyond = false;
  TRY(is_beyond(scope, cursor, span_of(items[0].bytes, items[0].key_size), &beyond));
  for (size_t i = 0; i < count; i++) {
    const struct rows_item *item = &items[i];
    TRY(store_cursor_put(scope, cursor, span_of(item->bytes, item->key_size),
                         span_of(item->bytes + item->key_size, item->size - item->key_size),
                         beyond ? STORE_LAST : STORE_NEW));
  }
  return ADDUCE_OK;
}

static enum adduce_err write_table(struct adduce_scope *scope, struct store_txn *txn,
                                   const struct batch *batch, unsigned table) {
  struct store_cursor cursor;
  size_t count;
  const struct rows_item *items = batch_rows(batch, table, &count);
  if (count == 0) return ADDUCE_OK;
  TRY(store_cursor_open(scope, &cursor, txn, table));
  enum adduce_err err = write_rows(scope, &cursor, items, count);
  store_cursor_close(&cursor);
  return err;
}

static enum adduce_err write_step(void *context, struct adduce_scope *scope,
                                  struct store_txn *txn) {
  struct step *step = context;
  struct fold_status status;
  TRY(fold_status(scope, txn, &status, &step->after.genesis));
  step->outrun = !status.usable || status.reached != step->begin;
  if (step->outrun) return ADDUCE_OK;
  for (unsigned table = 0; table < REGISTRY_COUNT; table++)
    TRY(write_table(scope, txn, step->batch, table));
  return foldmeta_write(scope, txn, &step->after);
}

static enum adduce_err run_step(void *context, struct adduce_scope *scope) {
  struct step *step = context;
  uint64_t bytes = RESERVE_BYTES + 2 * batch_bytes(step->batch);
  return store_write(scope, step->store, bytes, write_step, step);
}

/* Two batches take turns: one is written while the other is projected. */
struct folding {
  struct store *store;
  const struct fold_feed *feed;
  struct fold_reader *reader;
  struct batch *batches[2];
  unsigned turn;    /* the batch that is to be written next */
  uint64_t reached; /* entries the store holds */
  uint64_t end;     /* one past the last entry of that batch; `reached` when it is empty */
};

static enum adduce_err reread(struct adduce_scope *scope, struct folding *folding) {
  struct fold_status status;
  TRY(read_status(scope, folding->store, &folding->feed->genesis, &status));
  folding->reached = folding->end = status.reached;
  return ADDUCE_OK;
}

/* Writes the batch whose turn it is and projects the next one meanwhile. */
static enum adduce_err fold_step(struct adduce_scope *scope, struct folding *folding) {
  struct batch *batch = folding->batches[folding->turn];
  struct batch *next = folding->batches[1 - folding->turn];
  const struct fold_feed *feed = folding->feed;
  struct step step = {.store = folding->store, .batch = batch, .begin = folding->reached};
  struct batch_beside beside = {run_step, &step};
  uint64_t end = folding->end;
  step.after.genesis = feed->genesis;
  step.after.versions = foldmeta_versions();
  step.after.reached = end;
  TRY(feed->root_at(feed->context, scope, folding->reader, &step.after.root, end));
  if (end < folding->reader->size)
    TRY(batch_project(scope, next, &folding->end, end, folding->reader->size, &beside));
  else
    TRY(run_step(&step, scope));
  if (step.outrun) return reread(scope, folding);
  folding->reached = end;
  folding->turn = 1 - folding->turn;
  return ADDUCE_OK;
}

static enum adduce_err fold_rest(struct adduce_scope *scope, struct folding *folding) {
  uint64_t size = folding->reader->size;
  while (folding->reached < size) {
    struct scope_mark mark = scope_mark(scope);
    TRY(scope_progress(scope, "projecting", folding->reached, size));
    if (folding->end == folding->reached)
      TRY(batch_project(scope, folding->batches[folding->turn], &folding->end, folding->reached,
                        size, NULL));
    TRY(fold_step(scope, folding));
    scope_rewind(scope, mark);
  }
  return ADDUCE_OK;
}

static enum adduce_err fold_all(struct adduce_scope *scope, struct store *store,
                                const struct fold_feed *feed, struct fold_reader *reader,
                                uint64_t reached) {
  struct folding folding = {store, feed, reader, {NULL, NULL}, 0, reached, reached};
  enum adduce_err err = batch_open(scope, &folding.batches[0], feed);
  if (err == ADDUCE_OK) err = batch_open(scope, &folding.batches[1], feed);
  if (err == ADDUCE_OK) err = fold_rest(scope, &folding);
  batch_close(&folding.batches[0]);
  batch_close(&folding.batches[1]);
  return err;
}

/* Whether the rows are those of this log up to where they are. */
static enum adduce_err is_ours(struct adduce_scope *scope, const struct fold_feed *feed,
                               struct fold_reader *reader, const struct fold_status *status,
                               bool *ours) {
  struct adduce_hash root;
  *ours = status->usable && status->reached <= reader->size;
  if (!*ours || status->reached == 0) return ADDUCE_OK;
  TRY(feed->root_at(feed->context, scope, reader, &root, status->reached));
  *ours = hash_equal(&root, &status->root);
  return ADDUCE_OK;
}

static enum adduce_err catch_up(struct adduce_scope *scope, struct store *store,
                                const struct fold_feed *feed, struct fold_reader *reader,
                                struct fold_status status) {
  bool ours;
  struct adduce_id genesis = feed->genesis;
  TRY(is_ours(scope, feed, reader, &status, &ours));
  if (!ours) {
    if (status.reached != 0) scope_trace(scope, "projections: not of this log; built anew");
    TRY(store_write(scope, store, RESERVE_BYTES, clear, &genesis));
    status.reached = 0;
  }
  if (status.reached == reader->size) return ADDUCE_OK;
  return fold_all(scope, store, feed, reader, status.reached);
}

enum adduce_err fold_catch_up(struct adduce_scope *scope, struct store *store,
                              const struct fold_feed *feed) {
  struct fold_status status;
  struct fold_reader reader;
  /* The log is opened after the rows were looked at, so it is never the shorter one. */
  TRY(read_status(scope, store, &feed->genesis, &status));
  TRY(feed->open(feed->context, scope, &reader));
  enum adduce_err err = catch_up(scope, store, feed, &reader, status);
  feed->close(feed->context, &reader);
  return err;
}

/* --- digests ------------------------------------------------------------------------------ */

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

static enum adduce_err hash_rows(struct adduce_scope *scope, struct store_cursor *cursor,
                                 struct hash *hash, uint64_t *rows, uint64_t size) {
  uint64_t seen = 0;
  enum adduce_err err = store_cursor_seek(scope, cursor, span_of("", 1));
  for (; err == ADDUCE_OK; err = store_cursor_next(scope, cursor)) {
    struct row row;
    TRY(row_read(scope, &row, cursor->key, cursor->value));
    if (row.index < size) {
      struct adduce_hash digest = row_hash(&row);
      hash_update(hash, digest.bytes, sizeof digest.bytes);
      ++*rows;
    }
    if (++seen % 65536 == 0) TRY(scope_progress(scope, "digesting", seen, 0));
  }
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

enum adduce_err fold_digest(struct adduce_scope *scope, struct store_txn *txn,
                            struct adduce_hash *digest, uint64_t *rows, size_t projection,
                            uint64_t size) {
  struct foldmeta meta;
  struct store_cursor cursor;
  struct hash hash;
  size_t count;
  enum adduce_err err = foldmeta_read(scope, txn, &meta);
  if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && size > meta.reached))
    return scope_fail(scope, ADDUCE_E_POSITION, "the projections do not reach size %llu yet",
                      (unsigned long long)size);
  if (err != ADDUCE_OK) return err;
  start_digest(&hash, projection_all(&count) + projection, size);
  *rows = 0;
  TRY(store_cursor_open(scope, &cursor, txn, (unsigned)projection));
  err = hash_rows(scope, &cursor, &hash, rows, size);
  store_cursor_close(&cursor);
  if (err == ADDUCE_OK) hash_final(&hash, digest);
  return err;
}

/* --- checking ----------------------------------------------------------------------------- */

static const char *name_of(size_t projection) {
  size_t count;
  return projection_all(&count)[projection].name;
}

static enum adduce_err compare_row(struct adduce_scope *scope, struct store_txn *txn,
                                   unsigned table, const struct rows_item *item) {
  struct adduce_span key = span_of(item->bytes, item->key_size);
  struct adduce_span wanted = span_of(item->bytes + key.size, item->size - key.size);
  struct adduce_span found;
  enum adduce_err err = store_get(scope, txn, table, key, &found);
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  if (err == ADDUCE_OK && span_equal(wanted, found)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FAILED, "projection %s, event %llu: a row of the replay %s",
                    name_of(table), (unsigned long long)key_index(key),
                    err == ADDUCE_OK ? "is not what is stored" : "is missing");
}

static enum adduce_err compare_batch(struct adduce_scope *scope, struct store_txn *txn,
                                     const struct batch *batch, uint64_t *counts) {
  for (unsigned table = 0; table < REGISTRY_COUNT; table++) {
    size_t count;
    const struct rows_item *items = batch_rows(batch, table, &count);
    for (size_t i = 0; i < count; i++) TRY(compare_row(scope, txn, table, &items[i]));
    counts[table] += count;
  }
  return ADDUCE_OK;
}

static enum adduce_err compare_counts(struct adduce_scope *scope, struct store_txn *txn,
                                      const uint64_t *counts) {
  for (unsigned table = 0; table < REGISTRY_COUNT; table++) {
    uint64_t stored;
    TRY(store_count(scope, txn, table, &stored));
    if (stored == counts[table]) continue;
    return scope_fail(scope, ADDUCE_E_FAILED,
                      "projection %s has %llu rows where the replay has %llu", name_of(table),
                      (unsigned long long)stored, (unsigned long long)counts[table]);
  }
  return ADDUCE_OK;
}

static enum adduce_err compare_all(struct adduce_scope *scope, struct store_txn *txn,
                                   struct batch *batch, uint64_t reached) {
  uint64_t counts[REGISTRY_COUNT] = {0};
  for (uint64_t at = 0; at < reached;) {
    struct scope_mark mark = scope_mark(scope);
    TRY(scope_progress(scope, "checking projections", at, reached));
    TRY(batch_project(scope, batch, &at, at, reached, NULL));
    TRY(compare_batch(scope, txn, batch, counts));
    scope_rewind(scope, mark);
  }
  return compare_counts(scope, txn, counts);
}

static enum adduce_err check_root(struct adduce_scope *scope, const struct fold_feed *feed,
                                  const struct fold_status *status) {
  struct fold_reader reader;
  bool ours = false;
  TRY(feed->open(feed->context, scope, &reader));
  enum adduce_err err = is_ours(scope, feed, &reader, status, &ours);
  feed->close(feed->context, &reader);
  if (err == ADDUCE_OK && !ours)
    err = scope_fail(scope, ADDUCE_E_FAILED,
                     "the projections are not those of this log and this program");
  return err;
}

enum adduce_err fold_check(struct adduce_scope *scope, struct store_txn *txn,
                           const struct fold_feed *feed) {
  struct fold_status status;
  struct batch *batch;
  TRY(fold_status(scope, txn, &status, &feed->genesis));
  TRY(check_root(scope, feed, &status));
  TRY(batch_open(scope, &batch, feed));
  enum adduce_err err = compare_all(scope, txn, batch, status.reached);
  batch_close(&batch);
  return err;
}
