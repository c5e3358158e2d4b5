/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "store/pages.h"

#include <fcntl.h>
#include <lmdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "places.h"
#include "support/child.h"

#define PAGE 4096

/* A store with branch pages, long values and free pages; its file's path. */
static const char *sample(const char *name) {
  struct store *store = new_store(name);
  write_records(store, 0, 1500, 100);
  write_records(store, 2000, 20, 9000);
  write_records(store, 2000, 10, 5);
  write_records(store, 0, 700, 90);
  store_close(&store);
  return scope_format(scope, "%s/data-1.mdb", in_folder(name));
}

static struct adduce_span bytes_of(const char *path) {
  struct adduce_span bytes;
  assert_int_equal(file_read(scope, &bytes, path, (size_t)1 << 28), ADDUCE_OK);
  return bytes;
}

/* Without the syncs of file_write: this is done a thousand times. */
static void put_bytes(const char *path, struct adduce_span bytes) {
  int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
  assert_true(fd >= 0);
  if (bytes.size != 0) assert_int_equal(write(fd, bytes.data, bytes.size), bytes.size);
  close(fd);
}

static enum adduce_err open_and_close(const char *name) {
  struct store *store;
  enum adduce_err err = store_open(scope, &store, in_folder(name), &place_tables, STORE_READ_WRITE);
  store_close(&store);
  return err;
}

static void what_is_not_lmdbs_is_corrupt(void **state) {
  (void)state;
  const char *path = sample("garbage");
  struct adduce_span whole = bytes_of(path);
  uint8_t *bytes = scope_alloc(scope, whole.size);
  assert_non_null(bytes);
  put_bytes(path, span_of(NULL, 0));
  assert_int_equal(open_and_close("garbage"), ADDUCE_E_CORRUPT);
  memset(bytes, 0, whole.size);
  put_bytes(path, span_of(bytes, whole.size));
  assert_int_equal(open_and_close("garbage"), ADDUCE_E_CORRUPT);
  for (size_t i = 0; i < whole.size; i++) bytes[i] = (uint8_t)(i * i >> 3);
  put_bytes(path, span_of(bytes, whole.size));
  assert_int_equal(open_and_close("garbage"), ADDUCE_E_CORRUPT);
  put_bytes(path, whole);
  assert_int_equal(open_and_close("garbage"), ADDUCE_OK);
}

static void an_impossible_page_size_is_corrupt(void **state) {
  (void)state;
  const char *path = sample("sizes");
  struct adduce_span whole = bytes_of(path);
  static const uint32_t sizes[] = {0, 1, 511, 513, 4095, 131072, UINT32_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (size_t meta = 0; meta < 2; meta++) {
      uint8_t *bytes = (uint8_t *)(uintptr_t)scope_copy(scope, whole).data;
      memcpy(bytes + meta * PAGE + 40, &sizes[i], 4);
      put_bytes(path, span_of(bytes, whole.size));
      assert_int_equal(open_and_close("sizes"), ADDUCE_E_CORRUPT);
    }
}

/* --- truncation ----------------------------------------------------------------------------- */

static void a_truncated_file_is_corrupt_or_lacks_nothing(void **state) {
  (void)state;
  const char *path = sample("short");
  struct adduce_span whole = bytes_of(path);
  unsigned refused = 0;
  for (size_t size = 0; size < whole.size; size += 1000) {
    struct store *store;
    put_bytes(path, span_of(whole.data, size));
    enum adduce_err err =
        store_open(scope, &store, in_folder("short"), &place_tables, STORE_READ_WRITE);
    if (err == ADDUCE_OK) {
      assert_int_equal(store_check(scope, store), ADDUCE_OK);
      assert_int_equal(count_records(store, PLAIN), 1520);
    } else {
      assert_int_equal(err, ADDUCE_E_CORRUPT);
      refused++;
    }
    store_close(&store);
  }
  assert_true(refused > 10);
}

/* LMDB itself, so that no rule of ours is in between: many records put and deleted again in one
 * transaction. The pages they were on are counted, and never written. */
static void make_short_file(const char *path) {
  MDB_env *env;
  MDB_txn *txn;
  MDB_dbi table;
  static uint8_t value[400];
  assert_int_equal(mdb_env_create(&env), 0);
  assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
  assert_int_equal(mdb_env_set_mapsize(env, (size_t)1 << 28), 0);
  assert_int_equal(mdb_env_open(env, path, MDB_NOSUBDIR, 0600), 0);
  for (int round = 0; round < 3; round++) {
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "plain", 0, &table), 0);
    for (int i = 0; i < 3000; i++) {
      uint8_t key8[8];
      MDB_val key = {8, key8}, data = {sizeof value, value};
      bigendian_put64(key8, (uint64_t)(round * 100000 + i));
      assert_int_equal(mdb_put(txn, table, &key, &data, 0), 0);
    }
    for (int i = 2999; i >= 1000; i--) {
      uint8_t key8[8];
      MDB_val key = {8, key8};
      bigendian_put64(key8, (uint64_t)(round * 100000 + i));
      assert_int_equal(mdb_del(txn, table, &key, NULL), 0);
    }
    assert_int_equal(mdb_txn_commit(txn), 0);
  }
  mdb_env_close(env);
}

static void a_file_may_end_before_its_last_page_if_no_tree_needs_it(void **state) {
  (void)state;
  struct store *store = new_store("loose");
  store_close(&store);
  const char *path = in_folder("loose/data-1.mdb");
  make_short_file(path);
  struct adduce_span bytes = bytes_of(path);
  uint64_t last[2];
  memcpy(&last[0], bytes.data + 136, 8);
  memcpy(&last[1], bytes.data + PAGE + 136, 8);
  assert_true((last[0] > last[1] ? last[0] : last[1]) >= bytes.size / PAGE);
  assert_int_equal(store_open(scope, &store, in_folder("loose"), &place_tables, STORE_READ_WRITE),
                   ADDUCE_OK);
  assert_int_equal(count_records(store, PLAIN), 3000);
  assert_int_equal(store_check(scope, store), ADDUCE_OK);
  write_records(store, 500000, 2000, 400);
  assert_int_equal(store_check(scope, store), ADDUCE_OK);
  store_close(&store);
}

/* --- flipped bits --------------------------------------------------------------------------- */

/* Reads every record by LMDB's map, in a process of its own: how it ends is how LMDB bears it. */
static bool lmdb_bears(const char *name) {
  pid_t child = fork();
  assert_true(child >= 0);
  if (child != 0) {
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return !WIFSIGNALED(status);
  }
  child_dies_of_faults();
  struct store *store;
  struct store_txn *txn;
  struct store_cursor cursor;
  uint64_t sum = 0;
  if (store_open(scope, &store, in_folder(name), &place_tables, STORE_READ_ONLY) != ADDUCE_OK ||
      store_begin_read(scope, store, &txn) != ADDUCE_OK ||
      store_cursor_open(scope, &cursor, txn, PLAIN) != ADDUCE_OK)
    _exit(0);
  enum adduce_err err = store_cursor_seek(scope, &cursor, span_of(NULL, 0));
  while (err == ADDUCE_OK) {
    for (size_t i = 0; i < cursor.value.size; i++) sum += cursor.value.data[i];
    err = store_cursor_next(scope, &cursor);
  }
  store_cursor_close(&cursor);
  store_end_read(&txn);
  store_close(&store);
  _exit(sum == 0);
}

static enum adduce_err check_pages(const char *name) {
  struct store *store;
  enum adduce_err err = store_open(scope, &store, in_folder(name), &place_tables, STORE_READ_ONLY);
  if (err == ADDUCE_OK) err = store_check(scope, store);
  store_close(&store);
  return err;
}

/* Bits of the heads of pages, where it hurts, and some elsewhere. */
static size_t place_to_flip(size_t round, size_t size) {
  size_t page = round * 7919 % (size / PAGE);
  size_t within = round % 3 == 0 ? round * 104729 % PAGE : round * 31 % 64;
  return page * PAGE + within;
}

static void what_passes_the_check_lmdb_can_bear(void **state) {
  (void)state;
  const char *path = sample("flips");
  struct adduce_span whole = bytes_of(path);
  unsigned found = 0;
  for (size_t round = 0; round < 300; round++) {
    struct scope_mark mark = scope_mark(scope);
    uint8_t *bytes = (uint8_t *)(uintptr_t)scope_copy(scope, whole).data;
    bytes[place_to_flip(round, whole.size)] ^= (uint8_t)(1u << (round % 8));
    put_bytes(path, span_of(bytes, whole.size));
    enum adduce_err err = check_pages("flips");
    if (err == ADDUCE_OK)
      assert_true(lmdb_bears("flips"));
    else
      found++;
    if (err != ADDUCE_OK) assert_int_equal(err, ADDUCE_E_CORRUPT);
    scope_rewind(scope, mark);
  }
  assert_true(found > 50);
}

/* Opening reads pages too, of the tree of tables and of the tables themselves. */
static void with_pages_first_a_wild_page_is_told_at_the_opening(void **state) {
  (void)state;
  const char *path = sample("wild");
  struct adduce_span whole = bytes_of(path);
  unsigned told = 0, fatal = 0;
  for (size_t page = 2; page < whole.size / PAGE; page++) {
    struct scope_mark mark = scope_mark(scope);
    struct store *store;
    uint8_t *bytes = (uint8_t *)(uintptr_t)scope_copy(scope, whole).data;
    memset(bytes + page * PAGE + 16, 0xff, 64);
    put_bytes(path, span_of(bytes, whole.size));
    enum adduce_err err = store_open(scope, &store, in_folder("wild"), &place_tables,
                                     STORE_READ_ONLY | STORE_PAGES_FIRST);
    store_close(&store);
    if (err == ADDUCE_OK) {
      assert_true(lmdb_bears("wild"));
    } else {
      assert_int_equal(err, ADDUCE_E_CORRUPT);
      told++;
      fatal += !lmdb_bears("wild");
    }
    scope_rewind(scope, mark);
  }
  assert_true(told > 20 && fatal > 0);
  put_bytes(path, whole);
  assert_int_equal(check_pages("wild"), ADDUCE_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_not_lmdbs_is_corrupt),
      cmocka_unit_test(an_impossible_page_size_is_corrupt),
      cmocka_unit_test(a_truncated_file_is_corrupt_or_lacks_nothing),
      cmocka_unit_test(a_file_may_end_before_its_last_page_if_no_tree_needs_it),
      cmocka_unit_test(what_passes_the_check_lmdb_can_bear),
      cmocka_unit_test(with_pages_first_a_wild_page_is_told_at_the_opening),
  };
  return cmocka_run_group_tests_name("pages", tests, open_folder, close_folder);
}
