/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/rowcheck.h"

#include "projection/batch.h"
#include "projection/filter.h"
#include "projection/key.h"

/* The stored rows of one projection in one run, or in the tail. */
struct stored {
  struct adduce_scope *scope;
  const struct run *run; /* NULL: the tail */
  enum registry_number table;
  struct store_cursor cursor;
  struct run_cursor in_run;
  struct row in_tail;
};

static const char *name_of(enum registry_number table) {
  size_t count;
  return projection_all(&count)[table].name;
}

static enum adduce_err fail(const struct stored *stored, struct adduce_span key, const char *what) {
  return scope_fail(stored->scope, ADDUCE_E_FAILED, "projection %s, event %llu: a row %s",
                    name_of(stored->table), (unsigned long long)key_index(key), what);
}

static enum adduce_err read_tail(struct stored *stored, enum adduce_err err) {
  if (err != ADDUCE_OK) return err;
  err = row_read(stored->scope, &stored->in_tail, stored->cursor.key, stored->cursor.value);
  return err == ADDUCE_E_CORRUPT ? fail(stored, stored->cursor.key, "is damaged") : err;
}

static enum adduce_err first(struct stored *stored) {
  struct adduce_span least = span_of("", 1);
  if (stored->run == NULL)
    return read_tail(stored, store_cursor_seek(stored->scope, &stored->cursor, least));
  run_cursor_init(&stored->in_run, stored->scope, &stored->cursor, stored->run->number,
                  stored->table);
  return run_cursor_seek(&stored->in_run, least);
}

static enum adduce_err next(struct stored *stored) {
  if (stored->run == NULL)
    return read_tail(stored, store_cursor_next(stored->scope, &stored->cursor));
  return run_cursor_next(&stored->in_run);
}

/* --- comparing ---------------------------------------------------------------------------- */

static bool same_row(const struct row *row, const struct rows_item *item) {
  struct adduce_span value = rows_item_value(item);
  if (!span_equal(row->value, value) || (row->hash32 != NULL) != item->has_hash) return false;
  return !item->has_hash ||
         memcmp(row->hash32, item->bytes + item->size - ROW_HASH_BYTES, ROW_HASH_BYTES) == 0;
}

static enum adduce_err check_lead(const struct stored *stored, struct adduce_span key,
                                  struct adduce_span lead) {
  bool may = true;
  if (stored->run == NULL || lead.size == 0) return ADDUCE_OK;
  TRY(filter_look(stored->scope, &may, stored->run->filter, filter_hash(stored->table, lead)));
  return may ? ADDUCE_OK : fail(stored, key, "is denied by its filter");
}

static enum adduce_err check_filter(const struct stored *stored, struct adduce_span key) {
  TRY(check_lead(stored, key, filter_lead(stored->table, key)));
  return check_lead(stored, key, filter_narrow(stored->table, key));
}

/* Walks the stored rows beside those of the replay of [begin, end); rows of other entries of the
 * same run are for another batch. */
static enum adduce_err walk(struct stored *stored, const struct rows_item *items, size_t count,
                            uint64_t begin, uint64_t end) {
  size_t at = 0;
  enum adduce_err err = first(stored);
  for (; err == ADDUCE_OK; err = next(stored)) {
    const struct row *row = stored->run == NULL ? &stored->in_tail : &stored->in_run.row;
    if (row->index < begin || row->index >= end) {
      if (stored->run != NULL &&
          (row->index < stored->run->begin || row->index >= stored->run->end))
        return fail(stored, row->key, "stands in a run of other entries");
      continue;
    }
    struct adduce_span wanted = at < count ? rows_item_key(&items[at]) : span_of(NULL, 0);
    if (at == count || span_compare(row->key, wanted) < 0)
      return fail(stored, row->key, "is not in the replay");
    if (span_compare(row->key, wanted) > 0) return fail(stored, wanted, "is missing");
    if (!same_row(row, &items[at])) return fail(stored, wanted, "is not that of the replay");
    TRY(check_filter(stored, wanted));
    at++;
  }
  if (err != ADDUCE_E_NOT_FOUND) return err;
  if (at == count) return ADDUCE_OK;
  return fail(stored, rows_item_key(&items[at]), "is missing");
}

static enum adduce_err check_table(struct adduce_scope *scope, struct store_txn *txn,
                                   const struct run *run, const struct batch *batch,
                                   enum registry_number table, uint64_t begin, uint64_t end) {
  struct stored stored = {.scope = scope, .run = run, .table = table};
  size_t count;
  const struct rows_item *items = batch_rows(batch, table, &count);
  TRY(store_cursor_open(scope, &stored.cursor, txn,
                        run == NULL ? (unsigned)table : RUN_BLOCKS_TABLE));
  enum adduce_err err = walk(&stored, items, count, begin, end);
  store_cursor_close(&stored.cursor);
  return err;
}

/* --- the whole ---------------------------------------------------------------------------- */

struct checking {
  struct adduce_scope *scope;
  struct store_txn *txn;
  struct batch *batch;
  uint64_t reached;
};

static enum adduce_err check_counts(const struct checking *checking, const struct run *run,
                                    const uint64_t *rows) {
  for (unsigned table = 0; table < REGISTRY_COUNT; table++)
    if (rows[table] != run->rows[table])
      return scope_fail(checking->scope, ADDUCE_E_FAILED,
                        "projection %s: a run says another number of rows",
                        name_of((enum registry_number)table));
  return ADDUCE_OK;
}

/* Row by row, entries [begin, end), which are those of a run or of the tail. */
static enum adduce_err check_rows(struct checking *checking, const struct run *run, uint64_t begin,
                                  uint64_t end) {
  struct adduce_scope *scope = checking->scope;
  uint64_t rows[REGISTRY_COUNT] = {0};
  for (uint64_t at = begin; at < end;) {
    struct scope_mark mark = scope_mark(scope);
    uint64_t stop;
    TRY(scope_progress(scope, "checking projections", at, checking->reached));
    TRY(batch_project(scope, checking->batch, BATCH_ROWS, &stop, at, end, NULL));
    for (unsigned table = 0; table < REGISTRY_COUNT; table++) {
      size_t count;
      TRY(check_table(scope, checking->txn, run, checking->batch, (enum registry_number)table, at,
                      stop));
      (void)batch_rows(checking->batch, table, &count);
      rows[table] += count;
    }
    scope_rewind(scope, mark);
    at = stop;
  }
  return run == NULL ? ADDUCE_OK : check_counts(checking, run, rows);
}

/* A run is packed anew, and the bytes are compared. Only where they differ are the rows looked at
 * one by one, to say which is wrong. A run that a batch of this program does not hold whole was
 * packed in other steps. */
static enum adduce_err check_packed(struct checking *checking, const struct run *run) {
  struct adduce_scope *scope = checking->scope;
  const struct run_packed *packed;
  uint64_t end;
  bool same = false;
  TRY(scope_progress(scope, "checking projections", run->begin, checking->reached));
  TRY(batch_project(scope, checking->batch, BATCH_RUN, &end, run->begin, run->end, NULL));
  if (end != run->end) return check_rows(checking, run, run->begin, run->end);
  packed = batch_packed(checking->batch);
  TRY(run_match(scope, checking->txn, run, packed, &same));
  if (same) return check_counts(checking, run, packed->rows);
  TRY(check_rows(checking, run, run->begin, run->end));
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "projections, entries %llu to %llu: the rows are right, but a block of them "
                    "or the filter is not what was written",
                    (unsigned long long)run->begin, (unsigned long long)run->end - 1);
}

/* Rows that stand in the tail and are of no entry there. */
static enum adduce_err check_strays(struct checking *checking, uint64_t begin) {
  for (unsigned table = 0; table < REGISTRY_COUNT; table++) {
    struct stored stored = {.scope = checking->scope, .table = (enum registry_number)table};
    TRY(store_cursor_open(checking->scope, &stored.cursor, checking->txn, table));
    enum adduce_err err = first(&stored);
    while (err == ADDUCE_OK) {
      bool is_stray = stored.in_tail.index < begin || stored.in_tail.index >= checking->reached;
      err = is_stray ? fail(&stored, stored.in_tail.key, "stands in the tail and belongs elsewhere")
                     : next(&stored);
    }
    store_cursor_close(&stored.cursor);
    if (err != ADDUCE_E_NOT_FOUND) return err;
  }
  return ADDUCE_OK;
}

static enum adduce_err check_groups(struct adduce_scope *scope, struct store_txn *txn,
                                    const struct runs *runs) {
  for (size_t group = 0; group < runs->group_count; group++) {
    struct scope_mark mark = scope_mark(scope);
    struct adduce_span bytes;
    TRY(run_group_make(scope, txn, runs, group, &bytes));
    bool is_same = span_equal(bytes, runs->groups[group]);
    scope_rewind(scope, mark);
    if (!is_same)
      return scope_fail(scope, ADDUCE_E_FAILED,
                        "projections: the group of filters of runs %zu to %zu is not made of them",
                        group * FILTER_GROUP, (group + 1) * FILTER_GROUP - 1);
  }
  return ADDUCE_OK;
}

static enum adduce_err check_run(struct checking *checking, struct run run) {
  TRY(run_load_filter(checking->scope, checking->txn, &run));
  return check_packed(checking, &run);
}

static enum adduce_err check_all(struct checking *checking, const struct runs *runs) {
  TRY(check_groups(checking->scope, checking->txn, runs));
  for (size_t i = 0; i < runs->count; i++) TRY(check_run(checking, runs->items[i]));
  TRY(check_rows(checking, NULL, run_end(runs), checking->reached));
  return check_strays(checking, run_end(runs));
}

enum adduce_err rowcheck_all(struct adduce_scope *scope, struct store_txn *txn,
                             const struct fold_feed *feed, uint64_t reached) {
  struct checking checking = {.scope = scope, .txn = txn, .reached = reached};
  struct runs runs;
  TRY(run_load(scope, txn, &runs));
  if (run_end(&runs) > reached)
    return scope_fail(scope, ADDUCE_E_FAILED, "the runs of the projections go beyond entry %llu",
                      (unsigned long long)reached);
  TRY(batch_open(scope, &checking.batch, feed, reached));
  enum adduce_err err = check_all(&checking, &runs);
  batch_close(&checking.batch);
  /* Blocks that cannot be read are what this is here to find. */
  return err == ADDUCE_E_CORRUPT ? scope_wrap(scope, ADDUCE_E_FAILED, "projections: ") : err;
}
