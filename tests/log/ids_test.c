/* SPDX-License-Identifier: Apache-2.0 */
/* The index of ids through all its tables, against a sorted array. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hex.h"
#include "log/ids.h"
#include "support/bed.h"

#define ALL 30000 /* more than the first two tables hold */
#define BATCH 1500

static struct bed test;
static struct ids_record all[ALL]; /* in the order in which they came */
static size_t made;

static int open_bed(void **state) {
  (void)state;
  bed_open(&test);
  return 0;
}

static int close_bed(void **state) {
  (void)state;
  bed_close(&test);
  return 0;
}

static void must(enum adduce_err err) {
  if (err != ADDUCE_OK) fail_msg("%s: %s", adduce_error_name(err), adduce_scope_detail(test.scope));
}

/* --- by itself ------------------------------------------------------------------------------*/

struct part {
  size_t begin, end;
};

static enum adduce_err add_part(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  const struct part *part = context;
  static struct ids_record records[BATCH];
  memcpy(records, all + part->begin, (part->end - part->begin) * sizeof *records);
  return ids_add(scope, txn, records, part->end - part->begin);
}

static enum adduce_err add_again(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  struct ids_record record = *(const struct ids_record *)context;
  return ids_add(scope, txn, &record, 1);
}

/* The ids are hashes of their numbers, and every third shares its first bytes with another. */
static void make_ids(void) {
  for (made = 0; made < ALL; made++) {
    uint8_t number8[8];
    bigendian_put64(number8, made % 3 == 2 ? made - 1 : made);
    struct adduce_hash hash = hash_bytes(span_of(number8, 8));
    memcpy(all[made].id.bytes, hash.bytes, 32);
    if (made % 3 == 2) all[made].id.bytes[20] ^= 1;
    all[made].index = made + 1; /* 0 is the genesis */
  }
}

static int compare(const void *left, const void *right) {
  const struct ids_record *a = left, *b = right;
  return memcmp(a->id.bytes, b->id.bytes, 32);
}

static bool begins_with_3_bytes(const void *context, const uint8_t *id32) {
  return memcmp(context, id32, 3) == 0;
}

/* What the list should be: a walk over all, sorted. */
static size_t list_slowly(struct ids_record *found, size_t capacity, const struct adduce_id *first,
                          const struct ids_record *sorted, size_t count) {
  size_t found_count = 0;
  for (size_t i = 0; i < count && found_count < capacity; i++)
    if (memcmp(sorted[i].id.bytes, first->bytes, 32) >= 0 &&
        begins_with_3_bytes(first->bytes, sorted[i].id.bytes))
      found[found_count++] = sorted[i];
  return found_count;
}

static void expect_lists(struct store_txn *txn, const struct ids_record *sorted) {
  for (size_t i = 0; i < ALL; i += 997) {
    struct ids_record found[5], expected[5];
    struct adduce_id first = sorted[i].id;
    size_t count, capacity = 1 + i % 5;
    memset(first.bytes + 3, 0, 29);
    must(ids_list(test.scope, txn, found, capacity, &count, &first, begins_with_3_bytes,
                  first.bytes));
    assert_int_equal(count, list_slowly(expected, capacity, &first, sorted, ALL));
    assert_true(count > 0);
    for (size_t k = 0; k < count; k++) {
      assert_memory_equal(found[k].id.bytes, expected[k].id.bytes, 32);
      assert_int_equal(found[k].index, expected[k].index);
    }
  }
}

static void expect_found(struct store_txn *txn, size_t count) {
  for (size_t i = 0; i < ALL; i++) {
    uint64_t index = 0;
    enum adduce_err err = ids_find(test.scope, txn, &index, all[i].id.bytes);
    assert_int_equal(err, i < count ? ADDUCE_OK : ADDUCE_E_NOT_FOUND);
    if (i < count) assert_int_equal(index, all[i].index);
  }
}

static void expect_tables(struct store_txn *txn, size_t count) {
  uint64_t sum = 0, held;
  for (unsigned i = 0; i < IDS_TABLES; i++) {
    must(store_count(test.scope, txn, ids_table(i), &held));
    assert_true(held <= ids_most[i]);
    sum += held;
  }
  assert_int_equal(sum, count + 1); /* and the genesis */
  must(ids_count(test.scope, txn, &held));
  assert_int_equal(held, sum);
}

static void ids_are_found_in_whichever_table_they_are(void **state) {
  (void)state;
  struct store *store = log_store(test.log);
  struct store_txn *txn;
  static struct ids_record sorted[ALL];
  make_ids();
  for (size_t i = 0, size = 1; i < ALL; size = size * 7 % BATCH + 1) {
    struct part part = {i, ALL - i < size ? ALL : i + size};
    must(store_write(test.scope, store, 0, add_part, &part));
    must(store_begin_read(test.scope, store, &txn));
    expect_tables(txn, part.end);
    if (i % 8 == 0) expect_found(txn, part.end);
    store_end_read(&txn);
    i = part.end;
  }
  must(store_begin_read(test.scope, store, &txn));
  memcpy(sorted, all, sizeof all);
  qsort(sorted, ALL, sizeof *sorted, compare);
  expect_found(txn, ALL);
  expect_lists(txn, sorted);
  store_end_read(&txn);
}

static void an_id_is_not_added_twice(void **state) {
  (void)state;
  struct ids_record record = {test.genesis.id, 7};
  assert_int_equal(store_write(test.scope, log_store(test.log), 0, add_again, &record),
                   ADDUCE_E_EXISTS);
}

/* --- in a log -------------------------------------------------------------------------------*/

#define EVENTS 4200

static struct log_appended appended[EVENTS];

static void fill_log(void) {
  static struct event events[700];
  for (size_t size = 0; size < EVENTS; size += 700) {
    struct log_receipt receipt;
    const struct log_append_options options = {.now_us = test.now_us};
    for (size_t i = 0; i < 700; i++) events[i] = bed_claim(&test, 0);
    must(bed_append_to(&test, appended + size, &receipt, events, 700, &options));
  }
}

static enum adduce_err duplicate_id(void *context, struct adduce_scope *scope,
                                    struct store_txn *txn) {
  const struct log_appended *one = context;
  uint8_t room8[8];
  return store_put(scope, txn, LOG_IDS, span_of(one->id.bytes, 32),
                   log_index_key(room8, one->index), STORE_NEW);
}

static enum adduce_err remove_id(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  const struct log_appended *one = context;
  return store_delete(scope, txn, LOG_IDS, span_of(one->id.bytes, 32));
}

/* All of them in the first table, which does not take so many. */
static enum adduce_err move_back(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  (void)context;
  TRY(store_clear(scope, txn, LOG_IDS_LATER));
  TRY(store_clear(scope, txn, LOG_IDS));
  for (size_t i = 0; i < EVENTS; i++) TRY(duplicate_id(&appended[i], scope, txn));
  struct log_appended genesis = {.index = 0, .id = test.genesis.id};
  return duplicate_id(&genesis, scope, txn);
}

static void a_log_that_outgrew_the_first_table_is_whole(void **state) {
  (void)state;
  struct log_view view;
  fill_log();
  must(bed_reopen(&test));
  must(bed_check(&test));
  must(log_view_open(test.scope, &view, test.log));
  for (size_t i = 0; i < EVENTS; i++) {
    uint64_t index = 0;
    struct hex64 hex = hex_text32(appended[i].id.bytes);
    must(log_view_find(test.scope, &view, &index, &appended[i].id));
    assert_int_equal(index, i + 1);
    must(log_view_find_prefix(test.scope, &view, &index, span_of(hex.text, 20)));
    assert_int_equal(index, i + 1);
  }
  log_view_close(&view);
}

static void records_in_the_wrong_table_are_damage(void **state) {
  (void)state;
  struct store *store = log_store(test.log);
  must(store_write(test.scope, store, 0, duplicate_id, &appended[9]));
  assert_int_equal(bed_check(&test), ADDUCE_E_FAILED);
  bed_said(&test, "the table ids has 4202 records");
  must(store_write(test.scope, store, 0, remove_id, &appended[9]));
  must(bed_check(&test));
  must(store_write(test.scope, store, 0, move_back, NULL));
  assert_int_equal(bed_check(&test), ADDUCE_E_FAILED);
  bed_said(&test, "the table ids has 4201 records, and may have 4096");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(ids_are_found_in_whichever_table_they_are, open_bed,
                                      close_bed),
      cmocka_unit_test_setup_teardown(an_id_is_not_added_twice, open_bed, close_bed),
      cmocka_unit_test_setup(a_log_that_outgrew_the_first_table_is_whole, open_bed),
      cmocka_unit_test_teardown(records_in_the_wrong_table_are_damage, close_bed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
