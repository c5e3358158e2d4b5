/* SPDX-License-Identifier: Apache-2.0 */
/* Compaction, generations and copies: store_compact and store_copy while others read and write. */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "places.h"

static struct store *reopened(const char *name) {
  struct store *store;
  assert_int_equal(store_open(scope, &store, in_folder(name), &place_tables, STORE_READ_WRITE),
                   ADDUCE_OK);
  return store;
}

static uint64_t generation_of(struct store *store) {
  struct store_stat stat;
  assert_int_equal(store_stat(scope, store, &stat), ADDUCE_OK);
  return stat.generation;
}

static enum adduce_err drop_all(void *context, struct adduce_scope *in, struct store_txn *txn) {
  (void)context;
  return store_clear(in, txn, PLAIN);
}

static void compaction_gives_room_back(void **state) {
  (void)state;
  struct store *store = new_store("room");
  struct store_stat before, after;
  write_records(store, 0, 2000, 4000);
  assert_int_equal(store_write(scope, store, 0, drop_all, NULL), ADDUCE_OK);
  write_records(store, 5000, 10, 100);
  assert_int_equal(store_stat(scope, store, &before), ADDUCE_OK);
  assert_true(before.free_bytes > 8000000);
  assert_int_equal(store_compact(scope, store), ADDUCE_OK);
  assert_int_equal(store_stat(scope, store, &after), ADDUCE_OK);
  assert_int_equal(after.generation, 2);
  assert_true(after.file_bytes < 100000 && after.free_bytes == 0);
  assert_int_equal(count_records(store, PLAIN), 10);
  assert_int_equal(file_type(in_folder("room/data-1.mdb")), FILE_NONE);
  assert_int_equal(file_type(in_folder("room/data-1.mdb-lock")), FILE_NONE);
  write_records(store, 5010, 10, 100);
  store_close(&store);
  store = reopened("room");
  assert_int_equal(count_records(store, PLAIN), 20);
  assert_int_equal(store_check(scope, store), ADDUCE_OK);
  store_close(&store);
}

/* --- erasure ------------------------------------------------------------------------------- */

#define SECRET "the name that must not be found"

static enum adduce_err put_secret(void *context, struct adduce_scope *in, struct store_txn *txn) {
  return store_put(in, txn, OTHER, span_text("key"), span_text(context), STORE_REPLACE);
}

static bool is_anywhere(const char *name, const char *words) {
  const char **names;
  size_t count;
  assert_int_equal(file_list(scope, &names, &count, in_folder(name)), ADDUCE_OK);
  for (size_t i = 0; i < count; i++) {
    struct adduce_span bytes;
    const char *path = scope_format(scope, "%s/%s", in_folder(name), names[i]);
    assert_int_equal(file_read(scope, &bytes, path, (size_t)1 << 28), ADDUCE_OK);
    if (memmem(bytes.data, bytes.size, words, strlen(words)) != NULL) return true;
  }
  return false;
}

static void what_was_replaced_is_gone_after_compaction(void **state) {
  (void)state;
  struct store *store = new_store("erased");
  char secret[] = SECRET, instead[] = "withheld";
  assert_int_equal(store_write(scope, store, 0, put_secret, secret), ADDUCE_OK);
  assert_int_equal(store_write(scope, store, 0, put_secret, instead), ADDUCE_OK);
  assert_true(is_anywhere("erased", SECRET));
  assert_int_equal(store_compact(scope, store), ADDUCE_OK);
  assert_false(is_anywhere("erased", SECRET));
  assert_true(is_anywhere("erased", "withheld"));
  store_close(&store);
}

/* Small ones among others in one page, and a long one that a shorter one replaced in place. */
static enum adduce_err put_many(void *context, struct adduce_scope *in, struct store_txn *txn) {
  char *longer = scope_alloc(in, 8000), *shorter = scope_alloc(in, 5000);
  (void)context;
  if (longer == NULL || shorter == NULL) return scope_no_memory(in);
  memset(longer, 'x', 8000);
  memset(shorter, 'y', 5000);
  memcpy(longer + 7900, SECRET, strlen(SECRET));
  TRY(store_put(in, txn, OTHER, span_text("long"), span_of(longer, 8000), STORE_REPLACE));
  TRY(store_put(in, txn, OTHER, span_text("long"), span_of(shorter, 5000), STORE_REPLACE));
  for (int i = 0; i < 20; i++) {
    const char *key = scope_format(in, "small %d", i);
    TRY(store_put(in, txn, OTHER, span_text(key), span_text(SECRET), STORE_REPLACE));
  }
  return ADDUCE_OK;
}

static enum adduce_err drop_many(void *context, struct adduce_scope *in, struct store_txn *txn) {
  (void)context;
  for (int i = 19; i >= 0; i--) {
    const char *key = scope_format(in, "small %d", i);
    if (i % 3 == 0)
      TRY(store_put(in, txn, OTHER, span_text(key), span_text("-"), STORE_REPLACE));
    else
      TRY(store_delete(in, txn, OTHER, span_text(key)));
  }
  return ADDUCE_OK;
}

static void nothing_is_left_in_gaps(void **state) {
  (void)state;
  struct store *store = new_store("gaps");
  assert_int_equal(store_write(scope, store, 0, put_many, NULL), ADDUCE_OK);
  assert_int_equal(store_write(scope, store, 0, drop_many, NULL), ADDUCE_OK);
  assert_true(is_anywhere("gaps", SECRET));
  assert_int_equal(store_compact(scope, store), ADDUCE_OK);
  assert_false(is_anywhere("gaps", SECRET));
  assert_int_equal(store_check(scope, store), ADDUCE_OK);
  assert_int_equal(count_records(store, OTHER), 8);
  store_close(&store);
}

/* --- readers and writers meanwhile --------------------------------------------------------- */

static void a_reader_finishes_where_it_is(void **state) {
  (void)state;
  struct store *store = new_store("reader");
  struct store_txn *txn;
  struct adduce_span value;
  uint8_t key8[8];
  uint64_t count;
  write_records(store, 0, 500, 1000);
  assert_int_equal(store_begin_read(scope, store, &txn), ADDUCE_OK);
  bigendian_put64(key8, 77);
  assert_int_equal(store_get(scope, txn, PLAIN, span_of(key8, 8), &value), ADDUCE_OK);
  for (uint64_t i = 0; i < 3; i++) {
    assert_int_equal(store_compact(scope, store), ADDUCE_OK);
    write_records(store, 500 + i, 1, 1000);
  }
  assert_int_equal(generation_of(store), 4);
  assert_true(value.size == 1000 && value.data[0] == 77 && value.data[999] == 77);
  assert_int_equal(store_count(scope, txn, PLAIN, &count), ADDUCE_OK);
  assert_int_equal(count, 500);
  store_end_read(&txn);
  assert_int_equal(count_records(store, PLAIN), 503);
  store_close(&store);
}

struct gate {
  int to_child[2], to_parent[2];
};

static void pass(int fd) {
  if (write(fd, "x", 1) != 1) _exit(2);
}

static void await(int fd) {
  char byte;
  if (read(fd, &byte, 1) != 1) _exit(2);
}

/* Opens generation 1, waits for the compaction, and goes on as if nothing were. */
static void live_through_compaction(const char *name, const struct gate *gate) {
  struct store *store;
  struct store_txn *txn;
  struct filling filling = {1000, 5, 100};
  uint64_t count;
  if (store_open(scope, &store, in_folder(name), &place_tables, STORE_READ_WRITE) != ADDUCE_OK ||
      store_begin_read(scope, store, &txn) != ADDUCE_OK)
    _exit(3);
  pass(gate->to_parent[1]);
  await(gate->to_child[0]);
  if (store_count(scope, txn, PLAIN, &count) != ADDUCE_OK || count != 100) _exit(4);
  store_end_read(&txn);
  if (store_write(scope, store, 0, fill, &filling) != ADDUCE_OK) _exit(5);
  if (generation_of(store) != 2 || count_records(store, PLAIN) != 106) _exit(6);
  store_close(&store);
  _exit(0);
}

static void another_process_notices_the_next_generation(void **state) {
  (void)state;
  struct gate gate;
  int status;
  struct store *store = new_store("notices");
  write_records(store, 0, 100, 100);
  store_close(&store);
  assert_int_equal(pipe(gate.to_child), 0);
  assert_int_equal(pipe(gate.to_parent), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) live_through_compaction("notices", &gate);
  await(gate.to_parent[0]);
  store = reopened("notices");
  assert_int_equal(store_compact(scope, store), ADDUCE_OK);
  write_records(store, 500, 1, 100);
  pass(gate.to_child[1]);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_int_equal(count_records(store, PLAIN), 106);
  store_close(&store);
}

struct writing {
  struct store *store;
  uint64_t first, count;
};

static void *write_singly(void *context) {
  const struct writing *writing = context;
  struct adduce_scope *own;
  bool good = adduce_scope_open(&own, 0) == ADDUCE_OK;
  for (uint64_t i = 0; i < writing->count && good; i++) {
    struct filling filling = {writing->first + i, 1, 500};
    good = store_write(own, writing->store, 0, fill, &filling) == ADDUCE_OK;
    adduce_scope_reset(own);
  }
  adduce_scope_close(&own);
  return good ? context : NULL;
}

static void writers_lose_nothing_to_compactions(void **state) {
  (void)state;
  struct store *store = new_store("writers");
  struct writing writing[2] = {{store, 0, 150}, {store, 1000, 150}};
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, write_singly, &writing[i]), 0);
  for (int i = 0; i < 6; i++) assert_int_equal(store_compact(scope, store), ADDUCE_OK);
  for (int i = 0; i < 2; i++) {
    void *good;
    assert_int_equal(pthread_join(threads[i], &good), 0);
    assert_non_null(good);
  }
  assert_int_equal(count_records(store, PLAIN), 300);
  assert_int_equal(generation_of(store), 7);
  assert_int_equal(store_check(scope, store), ADDUCE_OK);
  store_close(&store);
}

/* --- interrupted --------------------------------------------------------------------------- */

static void what_an_interrupted_compaction_left_is_replaced(void **state) {
  (void)state;
  struct store *store = new_store("left");
  write_records(store, 0, 10, 100);
  const char *next = in_folder("left/data-2.mdb");
  assert_int_equal(file_write(scope, next, span_text("half a copy"), 0600, true), ADDUCE_OK);
  assert_int_equal(store_compact(scope, store), ADDUCE_OK);
  assert_int_equal(count_records(store, PLAIN), 10);
  store_close(&store);
}

/* One makes the next generation while the other still removes what was before. */
static void two_compact_one_after_the_other(void **state) {
  (void)state;
  struct store *store = new_store("two");
  int status;
  write_records(store, 0, 20, 1000);
  store_close(&store);
  pid_t child = fork();
  assert_true(child >= 0);
  store = reopened("two");
  for (int i = 0; i < 60; i++) {
    enum adduce_err err = store_compact(scope, store);
    if (child == 0 && err != ADDUCE_OK) _exit(1);
    assert_int_equal(err, ADDUCE_OK);
  }
  assert_int_equal(count_records(store, PLAIN), 20);
  store_close(&store);
  if (child == 0) _exit(0);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
}

static void compact_until_killed(const char *name) {
  struct store *store;
  struct filling filling = {0, 10, 3000};
  if (store_open(scope, &store, in_folder(name), &place_tables, STORE_READ_WRITE) != ADDUCE_OK)
    _exit(1);
  while (store_compact(scope, store) == ADDUCE_OK &&
         store_write(scope, store, 0, fill, &filling) == ADDUCE_OK)
    continue;
  _exit(1);
}

static void a_killed_compaction_leaves_a_whole_store(void **state) {
  (void)state;
  struct store *store = new_store("killed");
  write_records(store, 0, 200, 3000);
  store_close(&store);
  for (unsigned round = 0; round < 40; round++) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) compact_until_killed("killed");
    usleep(1000 + round * 1777 % 30000);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    store = reopened("killed");
    assert_int_equal(count_records(store, PLAIN), 200);
    assert_int_equal(store_check(scope, store), ADDUCE_OK);
    store_close(&store);
  }
}

/* --- copies -------------------------------------------------------------------------------- */

static void a_copy_is_whole_while_others_write(void **state) {
  (void)state;
  struct store *store = new_store("origin");
  struct writing writing = {store, 100, 200};
  pthread_t thread;
  void *good;
  write_records(store, 0, 100, 500);
  assert_int_equal(pthread_create(&thread, NULL, write_singly, &writing), 0);
  for (int i = 0; i < 4; i++) {
    const char *name = scope_format(scope, "copy%d", i);
    assert_int_equal(store_copy(scope, store, in_folder(name)), ADDUCE_OK);
    assert_int_equal(store_copy(scope, store, in_folder(name)), ADDUCE_E_EXISTS);
    struct store *copy = reopened(name);
    uint64_t count = count_records(copy, PLAIN);
    assert_true(count >= 100 && count <= 300);
    assert_int_equal(store_check(scope, copy), ADDUCE_OK);
    store_close(&copy);
  }
  assert_int_equal(pthread_join(thread, &good), 0);
  assert_non_null(good);
  store_close(&store);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(compaction_gives_room_back),
      cmocka_unit_test(what_was_replaced_is_gone_after_compaction),
      cmocka_unit_test(nothing_is_left_in_gaps),
      cmocka_unit_test(a_reader_finishes_where_it_is),
      cmocka_unit_test(another_process_notices_the_next_generation),
      cmocka_unit_test(writers_lose_nothing_to_compactions),
      cmocka_unit_test(what_an_interrupted_compaction_left_is_replaced),
      cmocka_unit_test(two_compact_one_after_the_other),
      cmocka_unit_test(a_killed_compaction_leaves_a_whole_store),
      cmocka_unit_test(a_copy_is_whole_while_others_write),
  };
  return cmocka_run_group_tests_name("compact", tests, open_folder, close_folder);
}
