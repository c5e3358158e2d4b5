/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/foldrefresh.h"

#include "projection/batch.h"
#include "projection/foldmeta.h"
#include "projection/foldtail.h"

#define RUNS_MAX 8 /* that are made anew in one transaction: its pages are in memory */
#define RESERVE_BYTES ((uint64_t)64 << 20)

struct refresh {
  const struct fold_feed *feed;
  struct fold_reader *reader;
  struct batch *batch;
};

/* The entries before `reached` that lost content since. */
struct changed {
  const uint64_t *indexes; /* ascending */
  size_t count;
};

static enum adduce_err find_changed(struct adduce_scope *scope, const struct fold_feed *feed,
                                    struct fold_reader *reader, struct changed *changed,
                                    uint64_t refreshed, uint64_t reached) {
  *changed = (struct changed){NULL, 0};
  if (feed->changed == NULL || reached == 0 || refreshed >= reader->size) return ADDUCE_OK;
  return feed->changed(feed->context, scope, reader, &changed->indexes, &changed->count, refreshed,
                       reached);
}

enum adduce_err foldrefresh_needed(struct adduce_scope *scope, const struct fold_feed *feed,
                                   struct fold_reader *reader, bool *needed, uint64_t refreshed,
                                   uint64_t reached) {
  struct changed changed;
  TRY(find_changed(scope, feed, reader, &changed, refreshed, reached));
  *needed = changed.count != 0;
  return ADDUCE_OK;
}

/* Whether one of them is among entries [begin, end). */
static bool is_within(const struct changed *changed, uint64_t begin, uint64_t end) {
  size_t low = 0, high = changed->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (changed->indexes[middle] < begin)
      low = middle + 1;
    else
      high = middle;
  }
  return low < changed->count && changed->indexes[low] < end;
}

static size_t count_touched(const struct runs *runs, const struct changed *changed) {
  size_t count = 0;
  for (size_t i = 0; i < runs->count; i++)
    count += is_within(changed, runs->items[i].begin, runs->items[i].end);
  return count;
}

/* `*whole` is false when the rows of these entries do not fit where the old ones did. */
static enum adduce_err project(struct adduce_scope *scope, struct refresh *refresh,
                               enum batch_use use, uint64_t begin, uint64_t end, bool *whole) {
  uint64_t came_to;
  TRY(batch_project(scope, refresh->batch, use, &came_to, begin, end, NULL));
  *whole = came_to == end;
  return ADDUCE_OK;
}

static enum adduce_err make_runs(struct adduce_scope *scope, struct store_txn *txn,
                                 struct refresh *refresh, const struct runs *runs,
                                 const struct changed *changed, bool *whole) {
  for (size_t i = 0; i < runs->count && *whole; i++) {
    struct run run = runs->items[i];
    if (!is_within(changed, run.begin, run.end)) continue;
    TRY(project(scope, refresh, BATCH_RUN, run.begin, run.end, whole));
    const struct run_packed *packed = batch_packed(refresh->batch);
    memcpy(run.rows, packed->rows, sizeof run.rows);
    if (*whole) TRY(run_replace(scope, txn, runs, i, &run, packed));
  }
  return ADDUCE_OK;
}

static enum adduce_err make_tail(struct adduce_scope *scope, struct store_txn *txn,
                                 struct refresh *refresh, uint64_t begin, uint64_t end,
                                 bool *whole) {
  TRY(project(scope, refresh, BATCH_ROWS, begin, end, whole));
  if (!*whole) return ADDUCE_OK;
  TRY(foldtail_clear(scope, txn));
  return foldtail_write(scope, txn, refresh->batch);
}

/* What cannot be made anew in place is dropped: catching up builds it. */
static enum adduce_err drop_all(struct adduce_scope *scope, struct store_txn *txn,
                                const struct foldmeta *meta) {
  struct foldmeta empty = {.genesis = meta->genesis, .versions = meta->versions};
  TRY(foldtail_clear(scope, txn));
  TRY(store_clear(scope, txn, RUN_BLOCKS_TABLE));
  TRY(store_clear(scope, txn, RUN_META_TABLE));
  return foldmeta_write(scope, txn, &empty);
}

static enum adduce_err make_anew(struct adduce_scope *scope, struct store_txn *txn,
                                 struct refresh *refresh, struct foldmeta *meta,
                                 const struct changed *changed) {
  struct runs runs;
  TRY(run_load(scope, txn, &runs));
  uint64_t tail = run_end(&runs);
  bool whole = count_touched(&runs, changed) <= RUNS_MAX;
  if (whole) TRY(make_runs(scope, txn, refresh, &runs, changed, &whole));
  if (whole && is_within(changed, tail, meta->reached))
    TRY(make_tail(scope, txn, refresh, tail, meta->reached, &whole));
  if (!whole) return drop_all(scope, txn, meta);
  meta->refreshed = refresh->reader->size;
  return foldmeta_write(scope, txn, meta);
}

static enum adduce_err work(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  struct refresh *refresh = context;
  struct foldmeta meta;
  struct changed changed;
  enum adduce_err err = foldmeta_read(scope, txn, &meta);
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  if (err != ADDUCE_OK || meta.refreshed >= refresh->reader->size) return err;
  TRY(find_changed(scope, refresh->feed, refresh->reader, &changed, meta.refreshed, meta.reached));
  TRY(batch_open(scope, &refresh->batch, refresh->feed, meta.reached));
  err = make_anew(scope, txn, refresh, &meta, &changed);
  batch_close(&refresh->batch);
  return err;
}

enum adduce_err foldrefresh_run(struct adduce_scope *scope, struct store *store,
                                const struct fold_feed *feed, struct fold_reader *reader) {
  struct refresh refresh = {.feed = feed, .reader = reader};
  return store_write(scope, store, RESERVE_BYTES, work, &refresh);
}
