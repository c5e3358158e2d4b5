/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "store/store.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "places.h"
#include "store/store_priv.h"

static struct adduce_span text(const char *words) {
  return span_text(words);
}

/* --- making and opening -------------------------------------------------------------------- */

static void a_new_store_is_empty(void **state) {
  (void)state;
  struct store *store = new_store("new");
  assert_int_equal(count_records(store, PLAIN), 0);
  assert_int_equal(count_records(store, OTHER), 0);
  store_close(&store);
  assert_null(store);
  store_close(&store);
}

static void a_store_is_made_only_where_nothing_is(void **state) {
  (void)state;
  const char *path = in_folder("taken");
  assert_int_equal(file_make_folder(scope, path, 0700), ADDUCE_OK);
  assert_int_equal(store_create(scope, path, &place_tables), ADDUCE_E_EXISTS);
  const char *inside = in_folder("no-folder/store");
  assert_int_equal(file_write(scope, in_folder("no-folder"), text("x"), 0600, true), ADDUCE_OK);
  assert_int_not_equal(store_create(scope, inside, &place_tables), ADDUCE_OK);
  assert_int_equal(file_size(in_folder("no-folder")), 1);
}

static enum adduce_err try_open(const char *path, const struct store_tables *tables) {
  struct store *store;
  enum adduce_err err = store_open(scope, &store, path, tables, STORE_READ_WRITE);
  assert_true((err == ADDUCE_OK) == (store != NULL));
  store_close(&store);
  return err;
}

static void what_is_no_store_is_not_opened(void **state) {
  (void)state;
  static const char *const names[] = {"plain", "other", "third"};
  static const struct store_tables more = {names, 3};
  const char *path = in_folder("half");
  assert_int_equal(try_open(path, &place_tables), ADDUCE_E_NOT_A_LEDGER);
  assert_int_equal(file_make_folder(scope, path, 0700), ADDUCE_OK);
  assert_int_equal(try_open(path, &place_tables), ADDUCE_E_NOT_A_LEDGER);
  struct store *store = new_store("whole");
  store_close(&store);
  path = in_folder("whole");
  const char *current = in_folder("whole/CURRENT");
  assert_int_equal(try_open(path, &more), ADDUCE_E_CORRUPT);
  static const char *const bad[] = {"", "\n", "x\n", "1", "1\n\n", "-1\n", "12345678901234567\n"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(file_write(scope, current, text(bad[i]), 0600, false), ADDUCE_OK);
    assert_int_equal(try_open(path, &place_tables), ADDUCE_E_CORRUPT);
  }
  assert_int_equal(file_write(scope, current, text("7\n"), 0600, false), ADDUCE_OK);
  assert_int_equal(try_open(path, &place_tables), ADDUCE_E_NOT_A_LEDGER);
  assert_int_equal(file_type(in_folder("whole/data-7.mdb")), FILE_NONE);
  assert_int_equal(file_write(scope, current, text("1\n"), 0600, false), ADDUCE_OK);
  assert_int_equal(try_open(path, &place_tables), ADDUCE_OK);
}

static void a_process_opens_a_store_once(void **state) {
  (void)state;
  struct store *store = new_store("once");
  assert_int_equal(try_open(in_folder("once"), &place_tables), ADDUCE_E_USAGE);
  assert_int_equal(symlink(in_folder("once"), in_folder("alias")), 0);
  assert_int_equal(try_open(in_folder("alias"), &place_tables), ADDUCE_E_USAGE);
  store_close(&store);
  assert_int_equal(try_open(in_folder("alias"), &place_tables), ADDUCE_OK);
}

static void descriptors_do_not_reach_other_programs(void **state) {
  (void)state;
  unsigned seen = 0;
  struct store *store = new_store("descriptors");
  write_records(store, 0, 1, 10);
  for (int fd = 3; fd < 100; fd++) {
    char target[256] = "";
    const char *link = scope_format(scope, "/proc/self/fd/%d", fd);
    if (readlink(link, target, sizeof target - 1) < 0) continue;
    if (strstr(target, "/descriptors/data-") == NULL) continue;
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    seen++;
  }
  assert_true(seen >= 2);
  store_close(&store);
}

/* --- transactions -------------------------------------------------------------------------- */

static enum adduce_err fill_and_fail(void *context, struct adduce_scope *in,
                                     struct store_txn *txn) {
  TRY(fill(context, in, txn));
  return scope_fail(in, ADDUCE_E_VALUE, "on purpose");
}

static void work_that_fails_leaves_nothing(void **state) {
  (void)state;
  struct store *store = new_store("fails");
  struct filling filling = {0, 100, 100};
  write_records(store, 0, 3, 10);
  assert_int_equal(store_write(scope, store, 0, fill_and_fail, &filling), ADDUCE_E_VALUE);
  assert_string_equal(adduce_scope_detail(scope), "on purpose");
  assert_int_equal(count_records(store, PLAIN), 3);
  store_close(&store);
}

static void a_reader_sees_what_was_there_when_it_began(void **state) {
  (void)state;
  struct store *store = new_store("snapshot");
  struct store_txn *before, *after;
  uint64_t count;
  write_records(store, 0, 5, 10);
  assert_int_equal(store_begin_read(scope, store, &before), ADDUCE_OK);
  write_records(store, 5, 5, 10);
  assert_int_equal(store_begin_read(scope, store, &after), ADDUCE_OK);
  assert_int_equal(store_count(scope, before, PLAIN, &count), ADDUCE_OK);
  assert_int_equal(count, 5);
  assert_int_equal(store_count(scope, after, PLAIN, &count), ADDUCE_OK);
  assert_int_equal(count, 10);
  store_end_read(&before);
  store_end_read(&after);
  assert_null(after);
  store_end_read(&after);
  store_close(&store);
}

static void a_store_opened_for_reading_is_not_written(void **state) {
  (void)state;
  struct store *store = new_store("reading");
  struct filling filling = {0, 1, 1};
  write_records(store, 0, 5, 10);
  store_close(&store);
  assert_int_equal(store_open(scope, &store, in_folder("reading"), &place_tables, STORE_READ_ONLY),
                   ADDUCE_OK);
  assert_int_equal(count_records(store, PLAIN), 5);
  assert_int_equal(store_write(scope, store, 0, fill, &filling), ADDUCE_E_READ_ONLY);
  assert_int_equal(store_compact(scope, store), ADDUCE_E_READ_ONLY);
  store_close(&store);
}

/* --- tables -------------------------------------------------------------------------------- */

static enum adduce_err try_puts(void *context, struct adduce_scope *in, struct store_txn *txn) {
  struct adduce_span value;
  uint64_t count;
  (void)context;
  TRY(store_put(in, txn, PLAIN, text("b"), text("1"), STORE_NEW));
  assert_int_equal(store_put(in, txn, PLAIN, text("b"), text("2"), STORE_NEW), ADDUCE_E_EXISTS);
  assert_int_equal(store_put(in, txn, PLAIN, text("a"), text("2"), STORE_LAST), ADDUCE_E_CORRUPT);
  TRY(store_put(in, txn, PLAIN, text("c"), text(""), STORE_LAST));
  TRY(store_put(in, txn, PLAIN, text("b"), text("three"), STORE_REPLACE));
  TRY(store_get(in, txn, PLAIN, text("b"), &value));
  assert_true(span_is(value, "three"));
  TRY(store_get(in, txn, PLAIN, text("c"), &value));
  assert_int_equal(value.size, 0);
  assert_int_equal(store_get(in, txn, PLAIN, text("d"), &value), ADDUCE_E_NOT_FOUND);
  assert_int_equal(store_get(in, txn, OTHER, text("b"), &value), ADDUCE_E_NOT_FOUND);
  TRY(store_delete(in, txn, PLAIN, text("c")));
  TRY(store_delete(in, txn, PLAIN, text("c")));
  TRY(store_count(in, txn, PLAIN, &count));
  assert_int_equal(count, 1);
  TRY(store_clear(in, txn, PLAIN));
  TRY(store_count(in, txn, PLAIN, &count));
  assert_int_equal(count, 0);
  return store_put(in, txn, OTHER, text("kept"), text("x"), STORE_NEW);
}

static void records_are_put_as_asked(void **state) {
  (void)state;
  struct store *store = new_store("puts");
  assert_int_equal(store_write(scope, store, 0, try_puts, NULL), ADDUCE_OK);
  assert_int_equal(count_records(store, OTHER), 1);
  store_close(&store);
}

static void expect_at(enum adduce_err err, const struct store_cursor *cursor, const char *key) {
  assert_int_equal(err, key == NULL ? ADDUCE_E_NOT_FOUND : ADDUCE_OK);
  if (key != NULL) assert_true(span_is(cursor->key, key));
}

static enum adduce_err put_letters(void *context, struct adduce_scope *in, struct store_txn *txn) {
  for (const char *letter = context; *letter != '\0'; letter++)
    TRY(store_put(in, txn, PLAIN, span_of(letter, 1), span_of(letter, 1), STORE_NEW));
  return ADDUCE_OK;
}

static void cursors_walk_in_the_order_of_keys(void **state) {
  (void)state;
  struct store *store = new_store("cursors");
  struct store_txn *txn;
  struct store_cursor at, nothing;
  char letters[] = "fbd";
  assert_int_equal(store_write(scope, store, 0, put_letters, letters), ADDUCE_OK);
  assert_int_equal(store_begin_read(scope, store, &txn), ADDUCE_OK);
  assert_int_equal(store_cursor_open(scope, &at, txn, PLAIN), ADDUCE_OK);
  expect_at(store_cursor_seek(scope, &at, text("a")), &at, "b");
  expect_at(store_cursor_next(scope, &at), &at, "d");
  expect_at(store_cursor_next(scope, &at), &at, "f");
  expect_at(store_cursor_next(scope, &at), &at, NULL);
  expect_at(store_cursor_seek(scope, &at, text("d")), &at, "d");
  expect_at(store_cursor_previous(scope, &at), &at, "b");
  expect_at(store_cursor_previous(scope, &at), &at, NULL);
  expect_at(store_cursor_seek(scope, &at, text("g")), &at, NULL);
  expect_at(store_cursor_seek(scope, &at, span_of(NULL, 0)), &at, "b");
  expect_at(store_cursor_seek_back(scope, &at, text("e")), &at, "d");
  expect_at(store_cursor_seek_back(scope, &at, text("d")), &at, "d");
  expect_at(store_cursor_seek_back(scope, &at, text("z")), &at, "f");
  expect_at(store_cursor_seek_back(scope, &at, text("a")), &at, NULL);
  store_cursor_close(&at);
  store_cursor_close(&at);
  assert_int_equal(store_cursor_open(scope, &nothing, txn, OTHER), ADDUCE_OK);
  expect_at(store_cursor_seek(scope, &nothing, text("a")), &nothing, NULL);
  expect_at(store_cursor_seek_back(scope, &nothing, text("a")), &nothing, NULL);
  store_cursor_close(&nothing);
  store_end_read(&txn);
  store_close(&store);
}

/* --- the map ------------------------------------------------------------------------------- */

#define SMALL_MAP ((uint64_t)1 << 20)

static struct store *small_store(const char *name) {
  struct store *store;
  assert_int_equal(store_create(scope, in_folder(name), &place_tables), ADDUCE_OK);
  assert_int_equal(
      store_open_sized(scope, &store, in_folder(name), &place_tables, STORE_READ_WRITE, SMALL_MAP),
      ADDUCE_OK);
  return store;
}

static void the_map_grows_by_itself(void **state) {
  (void)state;
  struct store *store = small_store("grows");
  write_records(store, 0, 4000, 4000);
  for (uint64_t i = 0; i < 20; i++) write_records(store, 4000 + 100 * i, 100, 4000);
  assert_int_equal(count_records(store, PLAIN), 6000);
  assert_int_equal(store_check(scope, store), ADDUCE_OK);
  store_close(&store);
}

struct sleeper {
  struct store *store;
  useconds_t sleep_us;
  pthread_barrier_t *reading;
};

/* Reads for a while, then whether what it saw has stayed. */
static void *read_slowly(void *context) {
  struct sleeper *sleeper = context;
  struct adduce_scope *own;
  struct store_txn *txn;
  uint8_t key8[8];
  struct adduce_span value;
  bigendian_put64(key8, 1);
  bool good = adduce_scope_open(&own, 0) == ADDUCE_OK &&
              store_begin_read(own, sleeper->store, &txn) == ADDUCE_OK &&
              store_get(own, txn, PLAIN, span_of(key8, 8), &value) == ADDUCE_OK;
  pthread_barrier_wait(sleeper->reading);
  if (!good) return NULL;
  usleep(sleeper->sleep_us);
  good = value.size == 100 && value.data[99] == 1;
  store_end_read(&txn);
  adduce_scope_close(&own);
  return good ? sleeper : NULL;
}

static void growing_waits_for_readers(void **state) {
  (void)state;
  pthread_t thread;
  void *good;
  pthread_barrier_t reading;
  struct store *store = small_store("waits");
  struct sleeper sleeper = {store, 200000, &reading};
  write_records(store, 0, 10, 100);
  pthread_barrier_init(&reading, NULL, 2);
  assert_int_equal(pthread_create(&thread, NULL, read_slowly, &sleeper), 0);
  pthread_barrier_wait(&reading);
  write_records(store, 100, 2000, 4000);
  assert_int_equal(pthread_join(thread, &good), 0);
  assert_non_null(good);
  pthread_barrier_destroy(&reading);
  assert_int_equal(count_records(store, PLAIN), 2010);
  store_close(&store);
}

static void growing_does_not_wait_for_ever(void **state) {
  (void)state;
  struct store *store = small_store("stuck");
  struct store_txn *txn;
  struct filling filling = {0, 2000, 4000};
  store->wait_seconds = 1;
  assert_int_equal(store_begin_read(scope, store, &txn), ADDUCE_OK);
  assert_int_equal(store_write(scope, store, 0, fill, &filling), ADDUCE_E_IO);
  store_end_read(&txn);
  assert_int_equal(count_records(store, PLAIN), 0);
  assert_int_equal(store_write(scope, store, 0, fill, &filling), ADDUCE_OK);
  store_close(&store);
}

/* --- several processes --------------------------------------------------------------------- */

/* A child that opens the store by itself and ends with the truth of what `act` says. */
static pid_t start(bool (*act)(struct store *store), const char *name) {
  pid_t child = fork();
  assert_true(child >= 0);
  if (child != 0) return child;
  struct store *store;
  bool good =
      store_open(scope, &store, in_folder(name), &place_tables, STORE_READ_WRITE) == ADDUCE_OK &&
      act(store);
  if (good) store_close(&store);
  _exit(good ? 0 : 1);
}

static void expect_good(pid_t child) {
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
}

static bool write_much(struct store *store) {
  struct filling filling = {0, 2000, 4000};
  return store_write(scope, store, 0, fill, &filling) == ADDUCE_OK;
}

/* Open with a small map before the other writes, and asked to read and write after. */
static void adopt(const char *name, int opened, int written) {
  struct store *store;
  struct filling filling = {2000, 1000, 4000};
  char byte;
  bool good = store_open_sized(scope, &store, in_folder(name), &place_tables, STORE_READ_WRITE,
                               SMALL_MAP) == ADDUCE_OK &&
              write(opened, "x", 1) == 1 && read(written, &byte, 1) == 1 &&
              count_records(store, PLAIN) == 2000 &&
              store_write(scope, store, 0, fill, &filling) == ADDUCE_OK;
  _exit(good ? 0 : 1);
}

static void what_another_process_adds_beyond_our_map_is_seen(void **state) {
  (void)state;
  int opened[2], written[2];
  char byte;
  assert_int_equal(pipe(opened), 0);
  assert_int_equal(pipe(written), 0);
  struct store *store = new_store("adopts");
  store_close(&store);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) adopt("adopts", opened[1], written[0]);
  assert_int_equal(read(opened[0], &byte, 1), 1);
  expect_good(start(write_much, "adopts"));
  assert_int_equal(write(written[1], "x", 1), 1);
  expect_good(child);
  assert_int_equal(store_open(scope, &store, in_folder("adopts"), &place_tables, STORE_READ_WRITE),
                   ADDUCE_OK);
  assert_int_equal(count_records(store, PLAIN), 3000);
  store_close(&store);
}

static enum adduce_err add_one(void *context, struct adduce_scope *in, struct store_txn *txn) {
  struct adduce_span value;
  uint8_t sum8[8];
  uint64_t sum = 0;
  (void)context;
  enum adduce_err err = store_get(in, txn, OTHER, text("sum"), &value);
  if (err == ADDUCE_OK) sum = bigendian_get64(value.data);
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  bigendian_put64(sum8, sum + 1);
  return store_put(in, txn, OTHER, text("sum"), span_of(sum8, 8), STORE_REPLACE);
}

static uint64_t sum_of(struct store *store) {
  struct store_txn *txn;
  struct adduce_span value;
  assert_int_equal(store_begin_read(scope, store, &txn), ADDUCE_OK);
  enum adduce_err err = store_get(scope, txn, OTHER, text("sum"), &value);
  uint64_t sum = err == ADDUCE_OK ? bigendian_get64(value.data) : 0;
  store_end_read(&txn);
  return sum;
}

#define ADDS 100

static void *add_often(void *context) {
  struct adduce_scope *own;
  bool good = adduce_scope_open(&own, 0) == ADDUCE_OK;
  for (int i = 0; i < ADDS && good; i++)
    good = store_write(own, context, 0, add_one, NULL) == ADDUCE_OK;
  adduce_scope_close(&own);
  return good ? context : NULL;
}

static bool add_in_threads(struct store *store) {
  pthread_t threads[3];
  bool good = true;
  for (int i = 0; i < 3; i++)
    if (pthread_create(&threads[i], NULL, add_often, store) != 0) return false;
  for (int i = 0; i < 3; i++) {
    void *result;
    if (pthread_join(threads[i], &result) != 0 || result == NULL) good = false;
  }
  return good;
}

static void processes_and_threads_take_turns_to_write(void **state) {
  (void)state;
  struct store *store = new_store("turns");
  store_close(&store);
  pid_t first = start(add_in_threads, "turns"), second = start(add_in_threads, "turns");
  expect_good(first);
  expect_good(second);
  assert_int_equal(store_open(scope, &store, in_folder("turns"), &place_tables, STORE_READ_WRITE),
                   ADDUCE_OK);
  assert_int_equal(sum_of(store), 6 * ADDS);
  store_close(&store);
}

/* --- readers ------------------------------------------------------------------------------- */

static void the_oldest_reader_is_named(void **state) {
  (void)state;
  struct store *store = new_store("oldest");
  struct store_txn *old, *young;
  struct store_stat stat;
  assert_int_equal(store_stat(scope, store, &stat), ADDUCE_OK);
  assert_int_equal(stat.readers, 0);
  assert_int_equal(stat.oldest_pid, 0);
  assert_int_equal(store_begin_read(scope, store, &old), ADDUCE_OK);
  for (uint64_t i = 0; i < 5; i++) write_records(store, i, 1, 10);
  assert_int_equal(store_begin_read(scope, store, &young), ADDUCE_OK);
  assert_int_equal(store_stat(scope, store, &stat), ADDUCE_OK);
  assert_int_equal(stat.readers, 2);
  assert_int_equal(stat.oldest_reader, 5);
  assert_int_equal(stat.oldest_pid, getpid());
  assert_int_equal(stat.generation, 1);
  assert_int_equal(stat.file_bytes, file_size(in_folder("oldest/data-1.mdb")));
  assert_true(stat.used_bytes != 0 && stat.used_bytes + stat.free_bytes <= stat.file_bytes + 4096);
  store_end_read(&old);
  store_end_read(&young);
  store_close(&store);
}

/* Once the byte comes, opens the store, reads, and dies. */
static void read_and_die(const char *name, int gate) {
  struct store *store;
  struct store_txn *txn;
  char byte;
  if (read(gate, &byte, 1) == 1 &&
      store_open(scope, &store, in_folder(name), &place_tables, STORE_READ_WRITE) == ADDUCE_OK &&
      store_begin_read(scope, store, &txn) == ADDUCE_OK)
    (void)kill(getpid(), SIGKILL);
  _exit(1);
}

static void readers_that_died_are_cleared(void **state) {
  (void)state;
  int status, cleared, gate[2];
  assert_int_equal(pipe(gate), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) read_and_die("dead", gate[0]);
  struct store *store = new_store("dead");
  assert_int_equal(write(gate[1], "x", 1), 1);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  assert_int_equal(store_clear_dead_readers(scope, store, &cleared), ADDUCE_OK);
  assert_int_equal(cleared, 1);
  assert_int_equal(store_clear_dead_readers(scope, store, &cleared), ADDUCE_OK);
  assert_int_equal(cleared, 0);
  store_close(&store);
}

static void too_many_readers_are_refused(void **state) {
  (void)state;
  static struct store_txn *txns[513];
  struct store *store = new_store("many");
  size_t begun = 0;
  while (begun < 513 && store_begin_read(scope, store, &txns[begun]) == ADDUCE_OK) begun++;
  assert_int_equal(begun, 512);
  assert_int_equal(store_begin_read(scope, store, &txns[512]), ADDUCE_E_IO);
  write_records(store, 0, 1, 1);
  for (size_t i = 0; i < begun; i++) store_end_read(&txns[i]);
  assert_int_equal(count_records(store, PLAIN), 1);
  store_close(&store);
}

/* --- when things go wrong ------------------------------------------------------------------- */

static bool meets_the_limit(struct store *store) {
  struct filling large = {1000, 1000, 4000};
  enum adduce_err err = store_write(scope, store, 0, fill, &large);
  return (err == ADDUCE_E_DISK_FULL || err == ADDUCE_E_IO) && count_records(store, PLAIN) == 10;
}

static bool write_beyond_a_limit(struct store *store) {
  struct rlimit limit = {file_size(in_folder("limit/data-1.mdb")) + 40960, RLIM_INFINITY};
  struct filling small = {0, 10, 100}, large = {1000, 1000, 4000};
  (void)signal(SIGXFSZ, SIG_IGN);
  if (store_write(scope, store, 0, fill, &small) != ADDUCE_OK) return false;
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return false;
  if (!meets_the_limit(store) || !meets_the_limit(store)) return false;
  limit.rlim_cur = RLIM_INFINITY;
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return false;
  if (store_write(scope, store, 0, fill, &large) != ADDUCE_OK) return false;
  return count_records(store, PLAIN) == 1010 && store_check(scope, store) == ADDUCE_OK;
}

static void a_file_that_may_not_grow_spoils_nothing(void **state) {
  (void)state;
  struct store *store = new_store("limit");
  store_close(&store);
  expect_good(start(write_beyond_a_limit, "limit"));
}

/* A real disk, a small one; where we may not mount one there is nothing to see. */
static void a_full_disk_refuses_and_spoils_nothing(void **state) {
  (void)state;
  struct store *store;
  struct filling large = {1000, 4000, 4000};
  const char *disk = in_folder("disk"), *path = in_folder("disk/store");
  assert_int_equal(file_make_folder(scope, disk, 0700), ADDUCE_OK);
  if (mount("adduce-test", disk, "tmpfs", 0, "size=8m") != 0) skip();
  assert_int_equal(store_create(scope, path, &place_tables), ADDUCE_OK);
  assert_int_equal(store_open(scope, &store, path, &place_tables, STORE_READ_WRITE), ADDUCE_OK);
  write_records(store, 0, 10, 100);
  enum adduce_err once = store_write(scope, store, 0, fill, &large);
  uint64_t kept = count_records(store, PLAIN);
  enum adduce_err check = store_check(scope, store);
  large.count = 10;
  enum adduce_err twice = store_write(scope, store, 0, fill, &large);
  store_close(&store);
  assert_int_equal(umount(disk), 0);
  assert_int_equal(once, ADDUCE_E_DISK_FULL);
  assert_int_equal(kept, 10);
  assert_int_equal(check, ADDUCE_OK);
  assert_true(twice == ADDUCE_OK || twice == ADDUCE_E_DISK_FULL);
}

static void more_than_the_disk_has_is_refused_beforehand(void **state) {
  (void)state;
  struct store *store = new_store("room");
  struct filling filling = {0, 1, 1};
  assert_int_equal(store_write(scope, store, (uint64_t)1 << 60, fill, &filling),
                   ADDUCE_E_DISK_FULL);
  assert_int_equal(count_records(store, PLAIN), 0);
  store_close(&store);
}

/* Adds, and says after each commit that it is done, until it is killed. */
static void add_until_killed(const char *name, int said) {
  struct store *store;
  if (store_open(scope, &store, in_folder(name), &place_tables, STORE_READ_WRITE) != ADDUCE_OK)
    _exit(1);
  while (store_write(scope, store, 0, add_one, NULL) == ADDUCE_OK)
    if (write(said, "x", 1) != 1) break;
  _exit(1);
}

static uint64_t count_bytes(int fd) {
  char bytes[4096];
  uint64_t count = 0;
  ssize_t got;
  while ((got = read(fd, bytes, sizeof bytes)) > 0) count += (uint64_t)got;
  return count;
}

static void what_was_committed_survives_kill(void **state) {
  (void)state;
  struct store *store = new_store("killed");
  uint64_t said = 0;
  store_close(&store);
  for (unsigned round = 0; round < 50; round++) {
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) add_until_killed("killed", pipes[1]);
    close(pipes[1]);
    char byte;
    if (round % 2 == 1) { /* the others die while opening, or whenever */
      assert_int_equal(read(pipes[0], &byte, 1), 1);
      said++;
    }
    usleep(round * 1237 % 20000);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    said += count_bytes(pipes[0]);
    close(pipes[0]);
    assert_int_equal(
        store_open(scope, &store, in_folder("killed"), &place_tables, STORE_READ_WRITE), ADDUCE_OK);
    uint64_t sum = sum_of(store);
    assert_true(sum >= said && sum <= said + 1 + round);
    assert_int_equal(store_check(scope, store), ADDUCE_OK);
    store_close(&store);
  }
  assert_true(said > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_store_is_empty),
      cmocka_unit_test(a_store_is_made_only_where_nothing_is),
      cmocka_unit_test(what_is_no_store_is_not_opened),
      cmocka_unit_test(a_process_opens_a_store_once),
      cmocka_unit_test(descriptors_do_not_reach_other_programs),
      cmocka_unit_test(work_that_fails_leaves_nothing),
      cmocka_unit_test(a_reader_sees_what_was_there_when_it_began),
      cmocka_unit_test(a_store_opened_for_reading_is_not_written),
      cmocka_unit_test(records_are_put_as_asked),
      cmocka_unit_test(cursors_walk_in_the_order_of_keys),
      cmocka_unit_test(the_map_grows_by_itself),
      cmocka_unit_test(growing_waits_for_readers),
      cmocka_unit_test(growing_does_not_wait_for_ever),
      cmocka_unit_test(what_another_process_adds_beyond_our_map_is_seen),
      cmocka_unit_test(processes_and_threads_take_turns_to_write),
      cmocka_unit_test(the_oldest_reader_is_named),
      cmocka_unit_test(readers_that_died_are_cleared),
      cmocka_unit_test(too_many_readers_are_refused),
      cmocka_unit_test(a_file_that_may_not_grow_spoils_nothing),
      cmocka_unit_test(a_full_disk_refuses_and_spoils_nothing),
      cmocka_unit_test(more_than_the_disk_has_is_refused_beforehand),
      cmocka_unit_test(what_was_committed_survives_kill),
  };
  return cmocka_run_group_tests_name("store", tests, open_folder, close_folder);
}
