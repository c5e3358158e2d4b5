/* SPDX-License-Identifier: Apache-2.0 */
#include "log/ids.h"

#include <stdlib.h>

const uint64_t ids_most[IDS_TABLES] = {4096, 16384, UINT64_MAX};

static enum adduce_err fail_size(struct adduce_scope *scope) {
  return scope_fail(scope, ADDUCE_E_CORRUPT, "the table of ids has a record of a wrong size");
}

/* --- reading --------------------------------------------------------------------------------*/

/* The last table first: nearly all ids are there. */
enum adduce_err ids_find(struct adduce_scope *scope, struct store_txn *txn, uint64_t *index,
                         const uint8_t *id32) {
  for (unsigned i = IDS_TABLES; i-- > 0;) {
    struct adduce_span value;
    enum adduce_err err = store_get(scope, txn, ids_table(i), span_of(id32, 32), &value);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    if (value.size != 8) return fail_size(scope);
    *index = bigendian_get64(value.data);
    return ADDUCE_OK;
  }
  return ADDUCE_E_NOT_FOUND;
}

enum adduce_err ids_count(struct adduce_scope *scope, struct store_txn *txn, uint64_t *count) {
  *count = 0;
  for (unsigned i = 0; i < IDS_TABLES; i++) {
    uint64_t more;
    TRY(store_count(scope, txn, ids_table(i), &more));
    *count += more;
  }
  return ADDUCE_OK;
}

static int compare_records(const void *left, const void *right) {
  const struct ids_record *a = left, *b = right;
  return memcmp(a->id.bytes, b->id.bytes, sizeof a->id.bytes);
}

/* Puts a record where it belongs among those found, if it is one of the least. */
static void insert(struct ids_record *records, size_t capacity, size_t *count,
                   const struct ids_record *record) {
  size_t place = *count;
  while (place > 0 && compare_records(record, &records[place - 1]) < 0) place--;
  if (place == capacity) return;
  if (*count < capacity) ++*count;
  for (size_t i = *count - 1; i > place; i--) records[i] = records[i - 1];
  records[place] = *record;
}

static enum adduce_err list_table(struct adduce_scope *scope, struct store_cursor *cursor,
                                  struct ids_record *records, size_t capacity, size_t *count,
                                  const struct adduce_id *first, ids_belongs_fn *belongs,
                                  const void *context) {
  enum adduce_err err = store_cursor_seek(scope, cursor, span_of(first->bytes, 32));
  for (size_t seen = 0; err == ADDUCE_OK && seen < capacity; seen++) {
    struct ids_record record;
    if (cursor->key.size != 32 || cursor->value.size != 8) return fail_size(scope);
    if (!belongs(context, cursor->key.data)) return ADDUCE_OK;
    memcpy(record.id.bytes, cursor->key.data, 32);
    record.index = bigendian_get64(cursor->value.data);
    insert(records, capacity, count, &record);
    err = store_cursor_next(scope, cursor);
  }
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

enum adduce_err ids_list(struct adduce_scope *scope, struct store_txn *txn,
                         struct ids_record *records, size_t capacity, size_t *count,
                         const struct adduce_id *first, ids_belongs_fn *belongs,
                         const void *context) {
  enum adduce_err err = ADDUCE_OK;
  *count = 0;
  for (unsigned i = 0; i < IDS_TABLES && err == ADDUCE_OK; i++) {
    struct store_cursor cursor;
    TRY(store_cursor_open(scope, &cursor, txn, ids_table(i)));
    err = list_table(scope, &cursor, records, capacity, count, first, belongs, context);
    store_cursor_close(&cursor);
  }
  return err;
}

/* --- writing --------------------------------------------------------------------------------*/

/* In the order of keys, so that each page is changed once. */
static enum adduce_err add_sorted(struct adduce_scope *scope, struct store_cursor *to,
                                  const struct ids_record *records, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint8_t room8[8];
    TRY(store_cursor_put(scope, to, span_of(records[i].id.bytes, 32),
                         log_index_key(room8, records[i].index), STORE_NEW));
  }
  return ADDUCE_OK;
}

/* What stands in LMDB's pages is copied out before the next put. */
static enum adduce_err move_records(struct adduce_scope *scope, struct store_cursor *from,
                                    struct store_cursor *to) {
  enum adduce_err err = store_cursor_seek(scope, from, span_of(NULL, 0));
  while (err == ADDUCE_OK) {
    struct ids_record record;
    if (from->key.size != 32 || from->value.size != 8) return fail_size(scope);
    memcpy(record.id.bytes, from->key.data, 32);
    record.index = bigendian_get64(from->value.data);
    err = add_sorted(scope, to, &record, 1);
    if (err == ADDUCE_OK) err = store_cursor_next(scope, from);
  }
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err move_table(struct adduce_scope *scope, struct store_txn *txn, unsigned i) {
  struct store_cursor from, to;
  TRY(store_cursor_open(scope, &from, txn, ids_table(i)));
  enum adduce_err err = store_cursor_open(scope, &to, txn, ids_table(i + 1));
  if (err == ADDUCE_OK) {
    err = move_records(scope, &from, &to);
    store_cursor_close(&to);
  }
  store_cursor_close(&from);
  return err == ADDUCE_OK ? store_clear(scope, txn, ids_table(i)) : err;
}

static enum adduce_err add(struct adduce_scope *scope, struct store_txn *txn,
                           const struct ids_record *records, size_t count) {
  struct store_cursor to;
  TRY(store_cursor_open(scope, &to, txn, LOG_IDS));
  enum adduce_err err = add_sorted(scope, &to, records, count);
  store_cursor_close(&to);
  return err;
}

enum adduce_err ids_add(struct adduce_scope *scope, struct store_txn *txn,
                        struct ids_record *records, size_t count) {
  qsort(records, count, sizeof *records, compare_records);
  TRY(add(scope, txn, records, count));
  for (unsigned i = 0; i + 1 < IDS_TABLES; i++) {
    uint64_t held;
    TRY(store_count(scope, txn, ids_table(i), &held));
    if (held <= ids_most[i]) return ADDUCE_OK;
    TRY(move_table(scope, txn, i));
  }
  return ADDUCE_OK;
}
