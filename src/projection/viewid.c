/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/viewid.h"

#include "codec/cursor.h"
#include "codec/pack.h"
#include "projection/key.h"
#include "projection/rowcursor.h"

#define DOMAIN "adduce/view/v1\n"
#define ROWS_BETWEEN_SIGNS 65536

/* --- the rows ----------------------------------------------------------------------------- */

static enum adduce_err damaged(struct adduce_scope *scope, const struct row *row) {
  return scope_fail(scope, ADDUCE_E_CORRUPT,
                    "projection withheld, event %llu: its row cannot be read; `adduce rebuild` "
                    "builds the projections anew",
                    (unsigned long long)row->index);
}

struct visiting {
  struct adduce_scope *scope;
  const struct row *row;
  viewid_visit_fn *visit;
  void *context;
};

static enum adduce_err visit_path(const struct visiting *visiting, struct adduce_span field,
                                  int64_t element) {
  return visiting->visit(visiting->context, visiting->row->index, visiting->row->key.data, field,
                         element);
}

static enum adduce_err visit_field(const struct visiting *visiting, struct cursor *cursor) {
  struct adduce_span field;
  bool is_whole;
  uint32_t count;
  int64_t element;
  if (!cursor_str(cursor, &field)) return damaged(visiting->scope, visiting->row);
  if (cursor_bool(cursor, &is_whole)) return visit_path(visiting, field, -1);
  if (!cursor_array(cursor, &count)) return damaged(visiting->scope, visiting->row);
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_int(cursor, &element)) return damaged(visiting->scope, visiting->row);
    TRY(visit_path(visiting, field, element));
  }
  return ADDUCE_OK;
}

static enum adduce_err visit_row(const struct visiting *visiting) {
  struct cursor cursor = cursor_of(visiting->row->value);
  uint32_t count;
  if (visiting->row->key.size != 32 + KEY_INDEX_BYTES || !cursor_map(&cursor, &count))
    return damaged(visiting->scope, visiting->row);
  if (count == 0) return visit_path(visiting, span_of(NULL, 0), -1);
  for (uint32_t i = 0; i < count; i++) TRY(visit_field(visiting, &cursor));
  return ADDUCE_OK;
}

static enum adduce_err visit_rows(struct adduce_scope *scope, struct rowcursor *rows, uint64_t size,
                                  viewid_visit_fn *visit, void *context) {
  const struct visiting visiting = {scope, &rows->row, visit, context};
  uint64_t seen = 0;
  enum adduce_err err = rowcursor_seek(rows, span_of("", 1));
  for (; err == ADDUCE_OK; err = rowcursor_next(rows)) {
    if (rows->row.index < size) TRY(visit_row(&visiting));
    if (++seen % ROWS_BETWEEN_SIGNS == 0) TRY(scope_progress(scope, "what is withheld", seen, 0));
  }
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

enum adduce_err viewid_each(struct adduce_scope *scope, struct store_txn *txn, uint64_t size,
                            viewid_visit_fn *visit, void *context) {
  struct rowcursor rows;
  struct runs runs;
  TRY(run_load(scope, txn, &runs));
  TRY(rowcursor_open(scope, &rows, txn, &runs, REGISTRY_WITHHELD, span_of(NULL, 0), size));
  enum adduce_err err = visit_rows(scope, &rows, size, visit, context);
  rowcursor_close(&rows);
  return err;
}

/* --- ids ---------------------------------------------------------------------------------- */

struct finding {
  struct viewid *views;
  const uint64_t *sizes;
  size_t count;
  struct hash *hashes;
  uint64_t last; /* the event that came last, + 1 */
  struct buffer path;
};

static enum adduce_err take_path(void *context, uint64_t index, const uint8_t *id32,
                                 struct adduce_span field, int64_t element) {
  struct finding *finding = context;
  bool is_new = finding->last != index + 1;
  finding->last = index + 1;
  buffer_reset(&finding->path);
  buffer_append(&finding->path, id32, 32);
  pack_array(&finding->path, field.size == 0 ? 0 : element < 0 ? 1 : 2);
  if (field.size != 0) pack_str(&finding->path, field);
  if (element >= 0) pack_int(&finding->path, element);
  if (finding->path.failed) return ADDUCE_E_MEMORY;
  for (size_t i = finding->count; i-- > 0 && finding->sizes[i] > index;) {
    hash_update(&finding->hashes[i], finding->path.data, finding->path.size);
    finding->views[i].paths++;
    finding->views[i].events += is_new;
  }
  return ADDUCE_OK;
}

enum adduce_err viewid_find(struct adduce_scope *scope, struct store_txn *txn, struct viewid *views,
                            const uint64_t *sizes, size_t count) {
  struct finding finding = {views, sizes, count, scope_array(scope, count, sizeof(struct hash)),
                            0,     {0}};
  if (count == 0) return ADDUCE_OK;
  if (finding.hashes == NULL) return scope_no_memory(scope);
  buffer_init(&finding.path, scope);
  for (size_t i = 0; i < count; i++) {
    views[i] = (struct viewid){.events = 0};
    hash_init(&finding.hashes[i]);
    hash_span(&finding.hashes[i], span_text(DOMAIN));
  }
  TRY(viewid_each(scope, txn, sizes[count - 1], take_path, &finding));
  for (size_t i = 0; i < count; i++) hash_final(&finding.hashes[i], &views[i].id);
  return ADDUCE_OK;
}
