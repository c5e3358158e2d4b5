/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/fold.h"

#include "projection/batch.h"
#include "projection/foldmeta.h"
#include "projection/foldrefresh.h"
#include "projection/foldtail.h"
#include "projection/rowcheck.h"
#include "projection/rowdigest.h"

#define RESERVE_BYTES ((uint64_t)1 << 20)

const struct store_tables *fold_tables(void) {
  static const char *const names[] = {
#define FOLD_NAME(symbol, file, version) #file,
      REGISTRY_PROJECTIONS(FOLD_NAME)
#undef FOLD_NAME
          [RUN_BLOCKS_TABLE] = "blocks",
      [RUN_META_TABLE] = "meta",
  };
  static const struct store_tables tables = {names, RUN_META_TABLE + 1};
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
  struct runs runs;
  TRY(run_load(scope, txn, &runs));
  TRY(store_count(scope, txn, (unsigned)projection, rows));
  for (size_t i = 0; i < runs.count; i++) *rows += runs.items[i].rows[projection];
  return ADDUCE_OK;
}

/* --- starting anew ------------------------------------------------------------------------ */

/* Empties the tables and, with a genesis, says that nothing of that log is in yet. Blocks are of no
 * run then; emptying their table means reading all of it, which the first step does while the next
 * one is projected. */
static enum adduce_err clear(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  const struct adduce_id *genesis = context;
  for (unsigned table = 0; table <= RUN_META_TABLE; table++)
    if (table != RUN_BLOCKS_TABLE) TRY(store_clear(scope, txn, table));
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

/* --- what to do next ---------------------------------------------------------------------- */

/* How far the store is: its last run, and the tail. */
struct place {
  uint64_t reached, refreshed;
  struct run last; /* its number is 0 when there is none */
};

/* What one step does: a run, that takes the place of the last one where that is not closed, or
 * more of the tail. */
struct plan {
  bool is_run;
  bool replaces;
  uint64_t begin, limit;
};

static struct plan plan_next(const struct fold_feed *feed, const struct place *place,
                             uint64_t size) {
  const struct run *last = &place->last;
  uint64_t partial = last->closed ? 0 : last->end - last->begin;
  uint64_t step = batch_step(feed), least = partial > step ? partial : step;
  struct plan plan = {.is_run = size - last->end >= least, .replaces = partial != 0};
  if (!plan.is_run) return (struct plan){.begin = place->reached, .limit = size};
  plan.begin = plan.replaces ? last->begin : last->end;
  uint64_t most = step * BATCH_CHUNKS;
  plan.limit = size - plan.begin < most ? size : plan.begin + most;
  return plan;
}

/* Where the store is after a step that came to `end`, of a log of `size` entries. */
static struct place place_after(const struct fold_feed *feed, const struct place *place,
                                const struct plan *plan, uint64_t end, uint64_t size) {
  struct place after = *place;
  after.reached = end;
  after.refreshed = size;
  if (!plan->is_run) return after;
  after.last = (struct run){.number = place->last.number + 1, .begin = plan->begin, .end = end};
  after.last.closed = end < plan->limit || end - plan->begin >= batch_step(feed) * BATCH_CHUNKS;
  return after;
}

static enum adduce_err read_place(struct adduce_scope *scope, struct store *store,
                                  const struct adduce_id *genesis, struct place *place) {
  struct fold_status status;
  struct store_txn *txn;
  struct foldmeta meta = {.refreshed = 0};
  struct runs runs = {.count = 0};
  *place = (struct place){.reached = 0};
  TRY(store_begin_read(scope, store, &txn));
  enum adduce_err err = fold_status(scope, txn, &status, genesis);
  if (err == ADDUCE_OK && status.usable) err = foldmeta_read(scope, txn, &meta);
  if (err == ADDUCE_OK) err = run_load(scope, txn, &runs);
  store_end_read(&txn);
  if (err != ADDUCE_OK) return err;
  place->reached = status.reached;
  place->refreshed = meta.refreshed;
  if (runs.count != 0) place->last = runs.items[runs.count - 1];
  return ADDUCE_OK;
}

/* --- writing ------------------------------------------------------------------------------ */

/* The writing of one batch. */
struct step {
  struct store *store;
  const struct batch *batch;       /* of the tail */
  const struct run_packed *packed; /* of a run */
  struct plan plan;
  struct place before, after;
  struct foldmeta meta; /* after it */
  bool outrun;          /* somebody else has moved on meanwhile */
};

/* A run takes in the tail and the run before it, if that was not closed. */
static enum adduce_err write_run(struct adduce_scope *scope, struct store_txn *txn,
                                 struct step *step) {
  struct run *run = &step->after.last;
  memcpy(run->rows, step->packed->rows, sizeof run->rows);
  if (step->plan.replaces) TRY(run_remove(scope, txn, step->before.last.number));
  TRY(foldtail_clear(scope, txn));
  TRY(run_write(scope, txn, run, step->packed));
  return run->closed ? run_group(scope, txn) : ADDUCE_OK;
}

static enum adduce_err write_step(void *context, struct adduce_scope *scope,
                                  struct store_txn *txn) {
  struct step *step = context;
  struct foldmeta meta;
  enum adduce_err err = foldmeta_read(scope, txn, &meta);
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  step->outrun = err != ADDUCE_OK || meta.reached != step->before.reached ||
                 meta.refreshed != step->before.refreshed ||
                 meta.last_run != step->before.last.number ||
                 !hash_equal(&meta.versions, &step->meta.versions) ||
                 memcmp(meta.genesis.bytes, step->meta.genesis.bytes, 32) != 0;
  if (step->outrun) return ADDUCE_OK;
  if (step->before.last.number == 0) TRY(store_clear(scope, txn, RUN_BLOCKS_TABLE));
  if (step->plan.is_run)
    TRY(write_run(scope, txn, step));
  else
    TRY(foldtail_write(scope, txn, step->batch));
  return foldmeta_write(scope, txn, &step->meta);
}

static enum adduce_err run_step(void *context, struct adduce_scope *scope) {
  struct step *step = context;
  uint64_t bytes = RESERVE_BYTES;
  bytes += 2 * (step->plan.is_run ? run_packed_bytes(step->packed) : batch_bytes(step->batch));
  return store_write(scope, step->store, bytes, write_step, step);
}

/* --- keeping in step ---------------------------------------------------------------------- */

struct folding {
  struct store *store;
  const struct fold_feed *feed;
  struct fold_reader *reader;
  struct batch *batch; /* what is to be written next: */
  bool is_projected;   /* whether it has been projected, */
  struct plan plan;    /* by which plan, */
  uint64_t end;        /* and how far it came */
  struct place place;  /* of the store */
  bool is_stale;       /* the rows know of erasures that the reader does not see */
};

static enum adduce_err project_next(struct adduce_scope *scope, struct folding *folding,
                                    const struct place *place, const struct batch_beside *beside) {
  folding->plan = plan_next(folding->feed, place, folding->reader->size);
  return batch_project(scope, folding->batch, folding->plan.is_run ? BATCH_RUN : BATCH_ROWS,
                       &folding->end, folding->plan.begin, folding->plan.limit, beside);
}

static enum adduce_err prepare(struct adduce_scope *scope, struct folding *folding,
                               struct step *step) {
  const struct fold_feed *feed = folding->feed;
  *step = (struct step){.store = folding->store,
                        .batch = folding->batch,
                        .packed = batch_packed(folding->batch),
                        .plan = folding->plan,
                        .before = folding->place};
  step->after =
      place_after(feed, &folding->place, &folding->plan, folding->end, folding->reader->size);
  step->meta = (struct foldmeta){.genesis = feed->genesis,
                                 .versions = foldmeta_versions(),
                                 .reached = step->after.reached,
                                 .refreshed = step->after.refreshed,
                                 .last_run = step->after.last.number};
  return feed->root_at(feed->context, scope, folding->reader, &step->meta.root,
                       step->after.reached);
}

/* Writes what has been projected. If it is a run, which is packed, the next one is projected
 * meanwhile. */
static enum adduce_err fold_step(struct adduce_scope *scope, struct folding *folding) {
  struct step step;
  struct batch_beside beside = {run_step, &step};
  TRY(prepare(scope, folding, &step));
  bool goes_on = step.plan.is_run && step.after.reached < folding->reader->size;
  if (goes_on)
    TRY(project_next(scope, folding, &step.after, &beside));
  else
    TRY(run_step(&step, scope));
  folding->is_projected = goes_on && !step.outrun;
  if (step.outrun)
    return read_place(scope, folding->store, &folding->feed->genesis, &folding->place);
  folding->place = step.after;
  return ADDUCE_OK;
}

/* What was erased of entries that are in already goes before anything is added. */
static enum adduce_err refresh(struct adduce_scope *scope, struct folding *folding) {
  const struct place *place = &folding->place;
  uint64_t size = folding->reader->size;
  bool needed = true;
  while (needed && place->refreshed < size) {
    TRY(foldrefresh_needed(scope, folding->feed, folding->reader, &needed, place->refreshed,
                           place->reached));
    if (!needed) break;
    TRY(foldrefresh_run(scope, folding->store, folding->feed, folding->reader));
    folding->is_projected = false;
    TRY(read_place(scope, folding->store, &folding->feed->genesis, &folding->place));
  }
  folding->is_stale = place->refreshed > size;
  return ADDUCE_OK;
}

static enum adduce_err fold_rest(struct adduce_scope *scope, struct folding *folding) {
  uint64_t size = folding->reader->size;
  while (folding->place.reached < size) {
    struct scope_mark mark = scope_mark(scope);
    TRY(refresh(scope, folding));
    if (folding->is_stale) return ADDUCE_OK;
    TRY(scope_progress(scope, "projecting", folding->place.reached, size));
    if (!folding->is_projected) TRY(project_next(scope, folding, &folding->place, NULL));
    TRY(fold_step(scope, folding));
    scope_rewind(scope, mark);
  }
  return ADDUCE_OK;
}

static enum adduce_err fold_all(struct adduce_scope *scope, struct store *store,
                                const struct fold_feed *feed, struct fold_reader *reader,
                                bool *is_stale) {
  struct folding folding = {.store = store, .feed = feed, .reader = reader};
  TRY(read_place(scope, store, &feed->genesis, &folding.place));
  TRY(batch_open(scope, &folding.batch, feed, reader->size - folding.place.last.begin));
  enum adduce_err err = fold_rest(scope, &folding);
  batch_close(&folding.batch);
  *is_stale = folding.is_stale;
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
                                struct fold_status status, bool *is_stale) {
  bool ours;
  struct adduce_id genesis = feed->genesis;
  TRY(is_ours(scope, feed, reader, &status, &ours));
  if (!ours) {
    if (status.reached != 0) scope_trace(scope, "projections: not of this log; built anew");
    TRY(store_write(scope, store, RESERVE_BYTES, clear, &genesis));
    status.reached = 0;
  }
  if (status.reached == reader->size) return ADDUCE_OK;
  return fold_all(scope, store, feed, reader, is_stale);
}

enum adduce_err fold_catch_up(struct adduce_scope *scope, struct store *store,
                              const struct fold_feed *feed) {
  enum adduce_err err;
  bool is_stale;
  do {
    struct fold_status status;
    struct fold_reader reader;
    is_stale = false;
    /* The log is opened after the rows were looked at, so it is never the shorter one. */
    TRY(read_status(scope, store, &feed->genesis, &status));
    TRY(feed->open(feed->context, scope, &reader));
    err = catch_up(scope, store, feed, &reader, status, &is_stale);
    feed->close(feed->context, &reader);
  } while (err == ADDUCE_OK && is_stale);
  return err;
}

/* --- digests ------------------------------------------------------------------------------ */

enum adduce_err fold_digest(struct adduce_scope *scope, struct store_txn *txn,
                            struct adduce_hash *digest, uint64_t *rows, size_t projection,
                            uint64_t size) {
  return rowdigest_one(scope, txn, digest, rows, projection, &size, 1);
}

enum adduce_err fold_digests(struct adduce_scope *scope, struct store *store,
                             struct adduce_hash *digests, uint64_t *rows, const uint64_t *sizes,
                             size_t count, unsigned threads) {
  return rowdigest_all(scope, store, digests, rows, sizes, count, threads);
}

/* --- checking ----------------------------------------------------------------------------- */

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
  TRY(fold_status(scope, txn, &status, &feed->genesis));
  TRY(check_root(scope, feed, &status));
  return rowcheck_all(scope, txn, feed, status.reached);
}
