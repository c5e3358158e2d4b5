/* SPDX-License-Identifier: Apache-2.0 */
/* forge_driver FOLDER OP INDEX: what somebody with write access to a log's files, but without its
 * key, can do to its entries: edit      a byte of the event's refs and commitments is another
 *   author    the event names another author
 *   backdate  the entry was recorded an hour earlier
 *   swap      the entry changes places with the one before it
 *   delete    the entry is gone, and those behind it move up
 *   insert    the entry is there twice, and those behind it move down
 *   truncate  the entry, and all behind it, are gone
 * Contents move with their entries. Tree, ids and checkpoint are left as they are: the key is
 * missing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "codec/pack.h"
#include "log/log_priv.h"

struct forgery {
  const char *op;
  uint64_t index, size;
};

struct record {
  struct adduce_span entry, content;
};

static struct adduce_span get(struct adduce_scope *scope, struct store_txn *txn, unsigned table,
                              uint64_t index) {
  uint8_t room8[8];
  struct adduce_span value;
  if (store_get(scope, txn, table, log_index_key(room8, index), &value) != ADDUCE_OK)
    return span_of(NULL, 0);
  return scope_copy(scope, value);
}

static enum adduce_err set(struct adduce_scope *scope, struct store_txn *txn, unsigned table,
                           uint64_t index, struct adduce_span value) {
  uint8_t room8[8];
  struct adduce_span key = log_index_key(room8, index);
  if (value.size == 0) return store_delete(scope, txn, table, key);
  return store_put(scope, txn, table, key, value, STORE_REPLACE);
}

/* An entry is [recorded_at, event]; an event begins [version, kind, author...]. */
static enum adduce_err change(struct adduce_scope *scope, struct record *record, const char *op) {
  uint8_t *bytes = (uint8_t *)(uintptr_t)record->entry.data;
  size_t size = record->entry.size;
  static const uint8_t key_head[] = {0xc4, 32};
  if (strcmp(op, "edit") == 0)
    bytes[size - 70] ^= 1; /* within the content root, before the signature */
  if (strcmp(op, "author") == 0)
    for (size_t i = 0; i + 34 < size; i++)
      if (memcmp(bytes + i, key_head, 2) == 0) {
        bytes[i + 2] ^= 1;
        break;
      }
  if (strcmp(op, "backdate") == 0) {
    uint64_t recorded = 0; /* behind the head of the array: 0xcf and eight bytes */
    for (size_t i = 0; i < 8; i++) recorded = recorded << 8 | bytes[2 + i];
    bigendian_put64(bytes + 2, recorded - (uint64_t)3600 * 1000000);
  }
  (void)scope;
  return ADDUCE_OK;
}

static void move(struct record *records, struct forgery *forgery) {
  size_t i = forgery->index;
  struct record moved = records[i];
  if (strcmp(forgery->op, "swap") == 0) {
    records[i] = records[i - 1];
    records[i - 1] = moved;
  } else if (strcmp(forgery->op, "delete") == 0) {
    memmove(records + i, records + i + 1, (forgery->size - i) * sizeof *records);
    forgery->size--;
  } else if (strcmp(forgery->op, "insert") == 0) {
    memmove(records + i + 1, records + i, (forgery->size - i) * sizeof *records);
    forgery->size++;
  } else if (strcmp(forgery->op, "truncate") == 0) {
    forgery->size = i;
  }
}

static enum adduce_err forge(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  struct forgery *forgery = context;
  uint64_t size;
  TRY(store_count(scope, txn, LOG_ENTRIES, &size));
  if (forgery->index < 1 || forgery->index >= size)
    return scope_fail(scope, ADDUCE_E_USAGE, "the index is from 1 to %llu",
                      (unsigned long long)size - 1);
  forgery->size = size;
  struct record *records = scope_array(scope, (size_t)size + 2, sizeof *records);
  if (records == NULL) return scope_no_memory(scope);
  for (uint64_t i = 0; i < size; i++)
    records[i] = (struct record){get(scope, txn, LOG_ENTRIES, i), get(scope, txn, LOG_CONTENTS, i)};
  TRY(change(scope, &records[forgery->index], forgery->op));
  move(records, forgery);
  for (uint64_t i = forgery->index - 1; i < size || i < forgery->size; i++) {
    bool is_there = i < forgery->size;
    TRY(set(scope, txn, LOG_ENTRIES, i, is_there ? records[i].entry : span_of(NULL, 0)));
    TRY(set(scope, txn, LOG_CONTENTS, i, is_there ? records[i].content : span_of(NULL, 0)));
  }
  return ADDUCE_OK;
}

int main(int count, char **arguments) {
  struct adduce_scope *scope = NULL;
  struct log *log = NULL;
  const struct log_options options = {.headlock_folder = NULL};
  if (count != 4 || adduce_scope_open(&scope, 0) != ADDUCE_OK) return 2;
  struct forgery forgery = {.op = arguments[2], .index = strtoull(arguments[3], NULL, 10)};
  enum adduce_err err = log_open(scope, &log, arguments[1], &options);
  if (err == ADDUCE_OK) err = store_write(scope, log_store(log), 1 << 20, forge, &forgery);
  if (err != ADDUCE_OK) fprintf(stderr, "forge: %s\n", adduce_scope_detail(scope));
  log_close(&log);
  adduce_scope_close(&scope);
  return err == ADDUCE_OK ? 0 : 1;
}
