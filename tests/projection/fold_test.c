/* SPDX-License-Identifier: Apache-2.0 */
/* The fold: whatever the steps, the same rows; damage is found; what is not ours is built anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "base/bigendian.h"
#include "base/checksum.h"
#include "projection/run.h"
#include "support/generator.h"
#include "support/shelf.h"

#define EVENTS 550 /* more than sixteen runs of 32 */

static struct adduce_scope *scope;
static struct event events[EVENTS];

/* The same events for every test: a realistic ledger. */
static int make_events(void **state) {
  struct generator *generator;
  struct generator_options options = {.seed = 5, .keys_seed = 5, .authors = 4};
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) return 1;
  if (generator_open(scope, &generator, &options) != ADDUCE_OK) return 1;
  if (generator_genesis(scope, generator, &events[0]) != ADDUCE_OK) return 1;
  generator_join(generator, &events[0].id);
  for (size_t i = 1; i < EVENTS; i++)
    if (generator_event(scope, generator, &events[i]) != ADDUCE_OK) return 1;
  generator_close(&generator);
  return 0;
}

static int drop_events(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

static void put(struct shelf *shelf, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) (void)shelf_put(shelf, &events[i]);
}

struct digests {
  struct adduce_hash all[REGISTRY_COUNT];
  uint64_t rows[REGISTRY_COUNT];
};

static struct digests digest(struct shelf *shelf, uint64_t size) {
  struct digests digests;
  struct store_txn *txn;
  assert_int_equal(store_begin_read(shelf->scope, shelf->store, &txn), ADDUCE_OK);
  for (size_t i = 0; i < REGISTRY_COUNT; i++)
    assert_int_equal(fold_digest(shelf->scope, txn, &digests.all[i], &digests.rows[i], i, size),
                     ADDUCE_OK);
  store_end_read(&txn);
  struct digests together;
  assert_int_equal(
      fold_digests(shelf->scope, shelf->store, together.all, together.rows, &size, 1, 2),
      ADDUCE_OK);
  assert_memory_equal(&together, &digests, sizeof digests);
  return digests;
}

static enum adduce_err check(struct shelf *shelf) {
  struct store_txn *txn;
  struct fold_feed feed = shelf_feed(shelf);
  assert_int_equal(store_begin_read(shelf->scope, shelf->store, &txn), ADDUCE_OK);
  enum adduce_err err = fold_check(shelf->scope, txn, &feed);
  store_end_read(&txn);
  return err;
}

static void assert_same(const struct digests *a, const struct digests *b) {
  assert_memory_equal(a->all, b->all, sizeof a->all);
  assert_memory_equal(a->rows, b->rows, sizeof a->rows);
}

/* --- steps -------------------------------------------------------------------------------- */

static void any_steps_give_the_same_rows(void **state) {
  struct shelf whole, steps;
  uint64_t seed = 3;
  (void)state;
  shelf_open(&whole, 1);
  shelf_open(&steps, 1);
  put(&whole, 0, EVENTS);
  shelf_fold(&whole);
  for (size_t at = 0; at < EVENTS;) {
    seed = seed * UINT64_C(6364136223846793005) + 1;
    size_t end = at + 1 + (size_t)(seed >> 33) % 57;
    if (end > EVENTS) end = EVENTS;
    put(&steps, at, end);
    shelf_fold(&steps);
    at = end;
  }
  struct digests once = digest(&whole, EVENTS), often = digest(&steps, EVENTS);
  assert_same(&once, &often);
  assert_int_equal(check(&whole), ADDUCE_OK);
  assert_int_equal(check(&steps), ADDUCE_OK);
  shelf_close(&whole);
  shelf_close(&steps);
}

static void threads_do_not_show_in_the_rows(void **state) {
  struct shelf shelf;
  struct digests before;
  (void)state;
  shelf_open(&shelf, 1);
  put(&shelf, 0, EVENTS);
  for (unsigned threads = 1; threads < 5; threads++) {
    struct fold_feed feed = shelf_feed(&shelf);
    feed.threads = threads;
    assert_int_equal(fold_reset(shelf.scope, shelf.store), ADDUCE_OK);
    assert_int_equal(fold_catch_up(shelf.scope, shelf.store, &feed), ADDUCE_OK);
    struct digests now = digest(&shelf, EVENTS);
    if (threads > 1) assert_same(&before, &now);
    before = now;
  }
  shelf_close(&shelf);
}

/* Many small batches, one written while the next is projected. */
static void batches_in_turn_give_the_same_rows(void **state) {
  struct shelf shelf;
  (void)state;
  shelf_open(&shelf, 1);
  put(&shelf, 0, EVENTS);
  shelf_fold(&shelf);
  struct digests at_once = digest(&shelf, EVENTS);
  for (unsigned threads = 1; threads < 4; threads++) {
    struct fold_feed feed = shelf_feed(&shelf);
    feed.threads = threads;
    feed.step = threads; /* runs of 32, 64 and 96 entries */
    assert_int_equal(fold_reset(shelf.scope, shelf.store), ADDUCE_OK);
    assert_int_equal(fold_catch_up(shelf.scope, shelf.store, &feed), ADDUCE_OK);
    struct digests in_turn = digest(&shelf, EVENTS);
    assert_same(&at_once, &in_turn);
    assert_int_equal(check(&shelf), ADDUCE_OK);
  }
  shelf_close(&shelf);
}

static int count_turns(void *context, const char *what, unsigned long long done,
                       unsigned long long total) {
  int *turns = context;
  (void)what;
  (void)done;
  (void)total;
  return (*turns)-- == 0;
}

/* Runs that grow, are closed, and a tail behind them, as a log grows by odd steps. */
static void runs_grow_with_the_log(void **state) {
  struct shelf shelf, whole;
  uint64_t seed = 11;
  (void)state;
  shelf_open(&shelf, 1);
  shelf_open(&whole, 1);
  for (size_t at = 0; at < EVENTS;) {
    struct fold_feed feed;
    seed = seed * UINT64_C(6364136223846793005) + 1;
    size_t end = at + 1 + (size_t)(seed >> 33) % 23;
    if (end > EVENTS) end = EVENTS;
    put(&shelf, at, end);
    put(&whole, at, end);
    at = end;
    feed = shelf_feed(&shelf);
    feed.step = 4;
    assert_int_equal(fold_catch_up(shelf.scope, shelf.store, &feed), ADDUCE_OK);
    if (seed >> 60 != 0 && at != EVENTS) continue;
    shelf_fold(&whole);
    struct digests runs = digest(&shelf, at), tail = digest(&whole, at);
    assert_same(&runs, &tail);
    assert_int_equal(check(&shelf), ADDUCE_OK);
  }
  shelf_close(&shelf);
  shelf_close(&whole);
}

static void an_interrupted_fold_goes_on(void **state) {
  struct shelf shelf;
  (void)state;
  shelf_open(&shelf, 1);
  put(&shelf, 0, EVENTS);
  struct fold_feed feed = shelf_feed(&shelf);
  feed.step = 1;
  for (int i = 0; i < 5; i++) {
    int turns = i;
    adduce_scope_progress(shelf.scope, count_turns, &turns);
    assert_int_equal(fold_catch_up(shelf.scope, shelf.store, &feed), ADDUCE_E_INTERRUPTED);
  }
  adduce_scope_progress(shelf.scope, NULL, NULL);
  assert_int_equal(fold_catch_up(shelf.scope, shelf.store, &feed), ADDUCE_OK);
  assert_int_equal(check(&shelf), ADDUCE_OK);
  shelf_close(&shelf);
}

static void fold_in_child(const struct shelf *parent) {
  struct shelf child = *parent;
  struct fold_feed feed = shelf_feed(&child);
  const char *folder = scope_format(child.scope, "%s/projections", child.folder);
  feed.step = 1;
  feed.threads = 2;
  child.store = NULL;
  if (fold_open(child.scope, &child.store, folder, STORE_READ_WRITE) != ADDUCE_OK) _exit(2);
  _exit(fold_catch_up(child.scope, child.store, &feed) == ADDUCE_OK ? 0 : 1);
}

static void processes_fold_together(void **state) {
  struct shelf shelf;
  pid_t children[3];
  const char *folder;
  (void)state;
  shelf_open(&shelf, 1);
  put(&shelf, 0, EVENTS);
  store_close(&shelf.store);
  for (int i = 0; i < 3; i++) {
    children[i] = fork();
    if (children[i] == 0) fold_in_child(&shelf);
  }
  for (int i = 0; i < 3; i++) {
    int status = 1;
    assert_int_equal(waitpid(children[i], &status, 0), children[i]);
    assert_int_equal(status, 0);
  }
  folder = scope_format(shelf.scope, "%s/projections", shelf.folder);
  assert_int_equal(fold_open(shelf.scope, &shelf.store, folder, STORE_READ_WRITE), ADDUCE_OK);
  assert_int_equal(digest(&shelf, EVENTS).rows[REGISTRY_BYKIND], EVENTS);
  assert_int_equal(check(&shelf), ADDUCE_OK);
  shelf_close(&shelf);
}

static void a_digest_of_the_past_is_that_of_the_past(void **state) {
  struct shelf shelf;
  struct digests then[4];
  static const size_t sizes[] = {1, 17, 200, 399};
  (void)state;
  shelf_open(&shelf, 1);
  for (size_t i = 0, at = 0; i < 4; at = sizes[i++]) {
    put(&shelf, at, sizes[i]);
    shelf_fold(&shelf);
    then[i] = digest(&shelf, sizes[i]);
  }
  put(&shelf, sizes[3], EVENTS);
  shelf_fold(&shelf);
  for (size_t i = 0; i < 4; i++) {
    struct digests now = digest(&shelf, sizes[i]);
    assert_same(&then[i], &now);
  }
  shelf_close(&shelf);
}

/* One walk over the rows gives what one for each size gives. */
static void digests_of_many_sizes_are_those_of_each(void **state) {
  static const uint64_t sizes[] = {1, 2, 17, 200, 399, EVENTS};
  enum { SIZES = sizeof sizes / sizeof *sizes };
  struct adduce_hash all[REGISTRY_COUNT * SIZES];
  uint64_t rows[REGISTRY_COUNT * SIZES];
  struct shelf shelf;
  (void)state;
  shelf_open(&shelf, 1);
  put(&shelf, 0, EVENTS);
  struct fold_feed feed = shelf_feed(&shelf);
  feed.step = 16;
  assert_int_equal(fold_catch_up(shelf.scope, shelf.store, &feed), ADDUCE_OK);
  assert_int_equal(fold_digests(shelf.scope, shelf.store, all, rows, sizes, SIZES, 2), ADDUCE_OK);
  for (size_t i = 0; i < SIZES; i++) {
    struct digests one = digest(&shelf, sizes[i]);
    for (size_t p = 0; p < REGISTRY_COUNT; p++) {
      assert_memory_equal(&one.all[p], &all[p * SIZES + i], 32);
      assert_int_equal(one.rows[p], rows[p * SIZES + i]);
    }
  }
  shelf_close(&shelf);
}

static void a_digest_of_the_future_is_refused(void **state) {
  struct shelf shelf;
  struct store_txn *txn;
  struct adduce_hash hash;
  uint64_t rows;
  (void)state;
  shelf_open(&shelf, 1);
  put(&shelf, 0, 3);
  shelf_fold(&shelf);
  assert_int_equal(store_begin_read(shelf.scope, shelf.store, &txn), ADDUCE_OK);
  assert_int_equal(fold_digest(shelf.scope, txn, &hash, &rows, 0, 4), ADDUCE_E_POSITION);
  store_end_read(&txn);
  shelf_close(&shelf);
}

static void the_same_words_with_other_salts_have_other_digests(void **state) {
  struct digests digests[2];
  (void)state;
  for (int i = 0; i < 2; i++) {
    struct shelf shelf;
    shelf_open(&shelf, 1);
    (void)shelf_add(&shelf, 0, "fact.asserted",
                    "{\"subject\":\"monitor.example/a\",\"property\":\"p\",\"value\":\"v\"}",
                    (char *)NULL);
    shelf_fold(&shelf);
    digests[i] = digest(&shelf, 1);
    shelf_close(&shelf);
  }
  assert_int_equal(digests[0].rows[REGISTRY_FACTS], 1);
  assert_memory_not_equal(&digests[0].all[REGISTRY_FACTS], &digests[1].all[REGISTRY_FACTS], 32);
  assert_memory_equal(&digests[0].all[REGISTRY_BYKIND], &digests[1].all[REGISTRY_BYKIND], 32);
}

/* --- damage ------------------------------------------------------------------------------- */

struct damage {
  unsigned table;
  int how; /* 0: a bit of the value, 1: the row is gone, 2: a row too many, 3: a bit of the hash */
};

static enum adduce_err do_damage(void *context, struct adduce_scope *inner, struct store_txn *txn) {
  const struct damage *damage = context;
  struct store_cursor cursor;
  uint8_t key[STORE_KEY_BYTES], value[4096];
  TRY(store_cursor_open(inner, &cursor, txn, damage->table));
  enum adduce_err err = store_cursor_seek(inner, &cursor, span_of("", 1));
  if (err != ADDUCE_OK) {
    store_cursor_close(&cursor);
    return err;
  }
  size_t key_size = cursor.key.size, size = cursor.value.size;
  memcpy(key, cursor.key.data, key_size);
  memcpy(value, cursor.value.data, size);
  store_cursor_close(&cursor);
  if (damage->how == 1) return store_delete(inner, txn, damage->table, span_of(key, key_size));
  if (damage->how == 2) key[0] ^= 1;
  if (damage->how == 0) value[size - 1] ^= 1;
  if (damage->how == 3) value[ROW_CHECKSUM_BYTES] ^= 1;
  return store_put(inner, txn, damage->table, span_of(key, key_size), span_of(value, size),
                   STORE_REPLACE);
}

/* A bit in the middle of the first record with a prefix. */
struct run_damage {
  unsigned table;
  struct adduce_span prefix;
};

static enum adduce_err do_run_damage(void *context, struct adduce_scope *inner,
                                     struct store_txn *txn) {
  const struct run_damage *damage = context;
  struct store_cursor cursor;
  TRY(store_cursor_open(inner, &cursor, txn, damage->table));
  enum adduce_err err = store_cursor_seek(inner, &cursor, damage->prefix);
  struct adduce_span key = scope_copy(inner, cursor.key);
  struct adduce_span value = scope_copy(inner, cursor.value);
  store_cursor_close(&cursor);
  if (err != ADDUCE_OK) return err;
  uint8_t *changed = scope_alloc(inner, value.size);
  memcpy(changed, value.data, value.size);
  for (size_t i = 16; i < value.size; i += 48) changed[i] ^= 4; /* every cell of a filter */
  return store_put(inner, txn, damage->table, key, span_of(changed, value.size), STORE_REPLACE);
}

static void damage_is_found(void **state) {
  (void)state;
  for (unsigned table = 0; table < REGISTRY_COUNT; table++) {
    for (int how = 0; how < 4; how++) {
      struct shelf shelf;
      struct damage damage = {table, how};
      struct store_txn *txn;
      struct adduce_hash hash;
      uint64_t rows;
      shelf_open(&shelf, 1);
      put(&shelf, 0, 120);
      shelf_fold(&shelf);
      enum adduce_err err = store_write(shelf.scope, shelf.store, 4096, do_damage, &damage);
      if (err == ADDUCE_E_NOT_FOUND) { /* the generator says nothing of this sort */
        shelf_close(&shelf);
        break;
      }
      assert_int_equal(err, ADDUCE_OK);
      assert_int_equal(check(&shelf), ADDUCE_E_FAILED);
      if (how != 1) {
        assert_int_equal(store_begin_read(shelf.scope, shelf.store, &txn), ADDUCE_OK);
        assert_int_equal(fold_digest(shelf.scope, txn, &hash, &rows, table, 120), ADDUCE_E_CORRUPT);
        store_end_read(&txn);
      }
      assert_int_equal(fold_reset(shelf.scope, shelf.store), ADDUCE_OK);
      shelf_fold(&shelf);
      assert_int_equal(check(&shelf), ADDUCE_OK);
      shelf_close(&shelf);
    }
  }
}

/* A bit of each of the first blocks, of a filter, of a group of filters, and of the directory. */
static void damage_of_runs_is_found(void **state) {
  static const char *const prefixes[] = {"\0\0\0\1\0",   "\0\0\0\1\1",    "\0\0\0\1\12",
                                         "\0\0\0\1\377", "\0\0\0\20\376", "run"};
  (void)state;
  for (size_t i = 0; i < 6; i++) {
    struct shelf shelf;
    bool is_directory = i == 5;
    struct run_damage damage = {is_directory ? RUN_META_TABLE : RUN_BLOCKS_TABLE,
                                span_of(prefixes[i], is_directory ? 3 : 5)};
    shelf_open(&shelf, 1);
    put(&shelf, 0, EVENTS);
    struct fold_feed feed = shelf_feed(&shelf);
    feed.step = i == 4 ? 1 : EVENTS; /* runs of 32 entries, or one */
    assert_int_equal(fold_catch_up(shelf.scope, shelf.store, &feed), ADDUCE_OK);
    assert_int_equal(check(&shelf), ADDUCE_OK);
    assert_int_equal(store_write(shelf.scope, shelf.store, 8192, do_run_damage, &damage),
                     ADDUCE_OK);
    enum adduce_err err = check(&shelf);
    assert_true(err == ADDUCE_E_FAILED || err == ADDUCE_E_CORRUPT);
    assert_int_equal(fold_reset(shelf.scope, shelf.store), ADDUCE_OK);
    shelf_fold(&shelf);
    assert_int_equal(check(&shelf), ADDUCE_OK);
    shelf_close(&shelf);
  }
}

/* What is done to record number `number` of the runs' blocks and filters; with its checksum made
 * right again, as one would who means harm. */
struct forgery {
  size_t number;
  enum { FORGE_BIT, FORGE_KEY, FORGE_LOSS, FORGE_DOUBLE, FORGE_KINDS } how;
  bool in_order; /* the checksum is right */
  uint64_t seed;
};

#define FILTER 0xff

static void repair(uint8_t *value, size_t size, bool is_filter) {
  size_t cell = is_filter ? 64 : size;
  for (size_t at = 0; at < size; at += cell) {
    struct adduce_span covered = span_of(value + at + 8, cell - 8);
    bigendian_put64(value + at, is_filter ? hash_checksum(covered) : checksum_of(covered));
  }
}

static bool is_filter_checksum(const uint8_t *key, size_t at) {
  return key[4] == FILTER && at % 64 < 8;
}

static enum adduce_err do_forge(void *context, struct adduce_scope *inner, struct store_txn *txn) {
  const struct forgery *forgery = context;
  struct store_cursor cursor;
  TRY(store_cursor_open(inner, &cursor, txn, RUN_BLOCKS_TABLE));
  enum adduce_err err = store_cursor_seek(inner, &cursor, span_of("", 1));
  for (size_t i = 0; i < forgery->number && err == ADDUCE_OK; i++)
    err = store_cursor_next(inner, &cursor);
  uint8_t key[STORE_KEY_BYTES], *value = NULL;
  size_t key_size = 0, size = 0;
  if (err == ADDUCE_OK) {
    key_size = cursor.key.size;
    size = cursor.value.size;
    memcpy(key, cursor.key.data, key_size);
    value = scope_alloc(inner, size);
    memcpy(value, cursor.value.data, size);
  }
  store_cursor_close(&cursor);
  if (err != ADDUCE_OK) return err;
  if (forgery->how != FORGE_BIT && forgery->how != FORGE_DOUBLE)
    TRY(store_delete(inner, txn, RUN_BLOCKS_TABLE, span_of(key, key_size)));
  if (forgery->how == FORGE_LOSS) return ADDUCE_OK;
  if (forgery->how == FORGE_DOUBLE && key[4] == FILTER) return ADDUCE_E_NOT_FOUND; /* the last */
  if (forgery->how != FORGE_BIT) key[key_size - 1] ^= 1;
  size_t at = 8 + forgery->seed / 8 % (size - 8); /* behind the checksum */
  if (is_filter_checksum(key, at)) at += 8;
  if (forgery->how == FORGE_BIT) value[at] ^= (uint8_t)(1 << forgery->seed % 8);
  if (forgery->in_order) repair(value, size, key[4] == FILTER);
  return store_put(inner, txn, RUN_BLOCKS_TABLE, span_of(key, key_size), span_of(value, size),
                   STORE_REPLACE);
}

/* Any bit of any block and filter, any key, and any of them missing or there twice. */
static void whatever_changes_in_a_run_is_found(void **state) {
  struct shelf shelf;
  uint64_t seed = 3;
  (void)state;
  shelf_open(&shelf, 1);
  put(&shelf, 0, EVENTS / 4);
  struct fold_feed feed = shelf_feed(&shelf);
  feed.step = EVENTS / 16; /* one run of all */
  size_t i = 0;
  for (;; i++) {
    assert_int_equal(fold_reset(shelf.scope, shelf.store), ADDUCE_OK);
    assert_int_equal(fold_catch_up(shelf.scope, shelf.store, &feed), ADDUCE_OK);
    seed = seed * UINT64_C(6364136223846793005) + 1;
    struct forgery forgery = {i / 8, i % FORGE_KINDS, i % 8 >= 4, seed >> 20};
    enum adduce_err err = store_write(shelf.scope, shelf.store, 8192, do_forge, &forgery);
    if (err == ADDUCE_E_NOT_FOUND) break;
    assert_int_equal(err, ADDUCE_OK);
    err = check(&shelf);
    assert_true(err == ADDUCE_E_FAILED || err == ADDUCE_E_CORRUPT);
    assert_non_null(strstr(adduce_scope_detail(shelf.scope), "projection"));
  }
  assert_true(i > 100);
  shelf_close(&shelf);
}

static void a_damaged_row_is_not_served(void **state) {
  struct shelf shelf;
  struct damage damage = {REGISTRY_SUBJECTS, 0};
  const struct adduce_value *answer;
  (void)state;
  shelf_open(&shelf, 1);
  (void)shelf_add(&shelf, 0, "fact.asserted",
                  "{\"subject\":\"monitor.example/a\",\"property\":\"p\",\"value\":\"v\"}",
                  (char *)NULL);
  shelf_fold(&shelf);
  assert_int_equal(store_write(shelf.scope, shelf.store, 4096, do_damage, &damage), ADDUCE_OK);
  struct query_world world = shelf_see(&shelf);
  assert_int_equal(query_state(shelf.scope, &world, &answer, "a", NULL), ADDUCE_E_CORRUPT);
  shelf_close(&shelf);
}

/* --- whose rows --------------------------------------------------------------------------- */

static void rows_of_another_log_are_dropped(void **state) {
  struct shelf shelf;
  (void)state;
  shelf_open(&shelf, 1);
  put(&shelf, 0, 50);
  shelf_fold(&shelf);
  shelf.count = 0; /* another log takes the place of this one */
  put(&shelf, 1, 80);
  shelf_fold(&shelf);
  assert_int_equal(check(&shelf), ADDUCE_OK);
  shelf_close(&shelf);
}

static void rows_of_a_longer_log_are_dropped(void **state) {
  struct shelf shelf;
  (void)state;
  shelf_open(&shelf, 1);
  put(&shelf, 0, 50);
  shelf_fold(&shelf);
  shelf.count = 40; /* an older copy was put back */
  shelf_fold(&shelf);
  assert_int_equal(check(&shelf), ADDUCE_OK);
  shelf_close(&shelf);
}

static void rows_of_another_history_are_dropped(void **state) {
  struct shelf shelf;
  (void)state;
  shelf_open(&shelf, 1);
  put(&shelf, 0, 50);
  shelf_fold(&shelf);
  shelf.count = 49;
  put(&shelf, 50, 60); /* entry 49 is another one now */
  shelf_fold(&shelf);
  assert_int_equal(check(&shelf), ADDUCE_OK);
  shelf_close(&shelf);
}

static void a_claim_before_its_declaration_stays_unread(void **state) {
  struct shelf shelf, other;
  (void)state;
  shelf_open(&shelf, 1);
  shelf_open(&other, 1);
  shelf_found(&shelf);
  (void)shelf_add(&shelf, 0, "kind.declared",
                  "{\"name\":\"monitor.example:custody.transferred\",\"text\":\"x\","
                  "\"effect\":\"moves\",\"subject\":\"item\",\"state\":\"transferred\","
                  "\"fields\":[{\"name\":\"item\",\"type\":\"subject\",\"required\":true,"
                  "\"frame\":true,\"text\":\"what\"},{\"name\":\"holder\",\"type\":\"subject\","
                  "\"state\":true,\"text\":\"who\"}]}",
                  "ledger", 0, (char *)NULL);
  (void)shelf_add(&shelf, 0, "monitor.example:custody.transferred",
                  "{\"item\":\"monitor.example/tape\",\"holder\":\"monitor.example/lab\"}", "kind",
                  1, (char *)NULL);
  shelf_fold(&shelf);
  assert_int_equal(digest(&shelf, 3).rows[REGISTRY_STATES], 1);
  assert_int_equal(digest(&shelf, 3).rows[REGISTRY_FACTS], 1);
  /* The same claim in front of the declaration. */
  for (int i = 0; i < 3; i++) {
    static const uint64_t order[] = {0, 2, 1};
    struct event event = shelf_event(&shelf, order[i]);
    (void)shelf_put(&other, &event);
    shelf_fold(&other);
  }
  assert_int_equal(digest(&other, 3).rows[REGISTRY_STATES], 0);
  assert_int_equal(check(&other), ADDUCE_OK);
  struct digests stepwise = digest(&other, 3);
  assert_int_equal(fold_reset(other.scope, other.store), ADDUCE_OK);
  shelf_fold(&other);
  struct digests at_once = digest(&other, 3);
  assert_same(&stepwise, &at_once);
  shelf_close(&shelf);
  shelf_close(&other);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_steps_give_the_same_rows),
      cmocka_unit_test(threads_do_not_show_in_the_rows),
      cmocka_unit_test(batches_in_turn_give_the_same_rows),
      cmocka_unit_test(runs_grow_with_the_log),
      cmocka_unit_test(an_interrupted_fold_goes_on),
      cmocka_unit_test(processes_fold_together),
      cmocka_unit_test(a_digest_of_the_past_is_that_of_the_past),
      cmocka_unit_test(digests_of_many_sizes_are_those_of_each),
      cmocka_unit_test(a_digest_of_the_future_is_refused),
      cmocka_unit_test(the_same_words_with_other_salts_have_other_digests),
      cmocka_unit_test(damage_is_found),
      cmocka_unit_test(damage_of_runs_is_found),
      cmocka_unit_test(whatever_changes_in_a_run_is_found),
      cmocka_unit_test(a_damaged_row_is_not_served),
      cmocka_unit_test(rows_of_another_log_are_dropped),
      cmocka_unit_test(rows_of_a_longer_log_are_dropped),
      cmocka_unit_test(rows_of_another_history_are_dropped),
      cmocka_unit_test(a_claim_before_its_declaration_stays_unread),
  };
  return cmocka_run_group_tests_name("fold", tests, make_events, drop_events);
}
