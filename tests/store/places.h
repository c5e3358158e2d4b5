/* SPDX-License-Identifier: Apache-2.0 */
/* Store folders of a test group, and the few records its tests write. */
#ifndef TESTS_STORE_PLACES_H
#define TESTS_STORE_PLACES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/bigendian.h"
#include "store/store.h"
#include "sys/folder.h"

enum { PLAIN, OTHER };

static const char *const place_names[] = {"plain", "other"};
static const struct store_tables place_tables = {place_names, 2};

/* A new store, open. */
static inline struct store *new_store(const char *name) {
  struct store *store;
  const char *path = in_folder(name);
  assert_int_equal(store_create(scope, path, &place_tables), ADDUCE_OK);
  assert_int_equal(store_open(scope, &store, path, &place_tables, STORE_READ_WRITE), ADDUCE_OK);
  return store;
}

/* Writes records number first .. first + count - 1 into PLAIN, each of `size` bytes. */
struct filling {
  uint64_t first, count;
  size_t size;
};

static inline enum adduce_err fill(void *context, struct adduce_scope *in, struct store_txn *txn) {
  const struct filling *filling = context;
  uint8_t key8[8];
  uint8_t *value = scope_alloc(in, filling->size);
  if (value == NULL) return scope_no_memory(in);
  for (uint64_t i = filling->first; i < filling->first + filling->count; i++) {
    memset(value, (int)(i & 0xff), filling->size);
    bigendian_put64(key8, i);
    TRY(store_put(in, txn, PLAIN, span_of(key8, 8), span_of(value, filling->size), STORE_REPLACE));
  }
  return ADDUCE_OK;
}

static inline void write_records(struct store *store, uint64_t first, uint64_t count, size_t size) {
  struct filling filling = {first, count, size};
  assert_int_equal(store_write(scope, store, count * size, fill, &filling), ADDUCE_OK);
}

static inline uint64_t count_records(struct store *store, unsigned table) {
  struct store_txn *txn;
  uint64_t count;
  assert_int_equal(store_begin_read(scope, store, &txn), ADDUCE_OK);
  assert_int_equal(store_count(scope, txn, table, &count), ADDUCE_OK);
  store_end_read(&txn);
  return count;
}

#endif
