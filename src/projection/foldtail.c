/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/foldtail.h"

#include "projection/rows.h"

static enum adduce_err write_rows(struct adduce_scope *scope, struct store_cursor *cursor,
                                  const struct rows_item *items, size_t count) {
  for (size_t i = 0; i < count; i++) {
    struct scope_mark mark = scope_mark(scope);
    struct adduce_span record = rows_item_record(scope, &items[i]);
    if (record.size == 0) return scope_no_memory(scope);
    TRY(store_cursor_put(scope, cursor, rows_item_key(&items[i]), record, STORE_NEW));
    scope_rewind(scope, mark);
  }
  return ADDUCE_OK;
}

enum adduce_err foldtail_write(struct adduce_scope *scope, struct store_txn *txn,
                               const struct batch *batch) {
  for (unsigned table = 0; table < REGISTRY_COUNT; table++) {
    struct store_cursor cursor;
    size_t count;
    const struct rows_item *items = batch_rows(batch, table, &count);
    if (count == 0) continue;
    TRY(store_cursor_open(scope, &cursor, txn, table));
    enum adduce_err err = write_rows(scope, &cursor, items, count);
    store_cursor_close(&cursor);
    if (err != ADDUCE_OK) return err;
  }
  return ADDUCE_OK;
}

enum adduce_err foldtail_clear(struct adduce_scope *scope, struct store_txn *txn) {
  for (unsigned table = 0; table < REGISTRY_COUNT; table++) TRY(store_clear(scope, txn, table));
  return ADDUCE_OK;
}
