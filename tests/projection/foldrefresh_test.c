/* SPDX-License-Identifier: Apache-2.0 */
/* Refreshing: after an erasure the rows are those of a fold from nothing, wherever they stood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "projection/foldmeta.h"
#include "projection/foldrefresh.h"
#include "support/generator.h"
#include "support/shelf.h"

#define EVENTS 700 /* more than sixteen runs of 32 */
#define ERASED_MAX 64

static struct adduce_scope *scope;
static struct event events[EVENTS];

static int make_events(void **state) {
  struct generator *generator;
  struct generator_options options = {.seed = 11, .keys_seed = 11, .authors = 3};
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

/* --- a log in which entries erase --------------------------------------------------------- */

static struct erased {
  uint64_t by, target; /* the entry at `by` took content of `target` */
} erased[ERASED_MAX];
static size_t erased_count;

static int by_number(const void *a, const void *b) {
  uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
  return left > right ? 1 : left < right ? -1 : 0;
}

static enum adduce_err changed(void *context, struct adduce_scope *in, struct fold_reader *reader,
                               const uint64_t **indexes, size_t *count, uint64_t from,
                               uint64_t before) {
  uint64_t *found = scope_array(in, ERASED_MAX, sizeof *found);
  (void)context;
  if (found == NULL) return scope_no_memory(in);
  *count = 0;
  for (size_t i = 0; i < erased_count; i++)
    if (erased[i].by >= from && erased[i].by < reader->size && erased[i].target < before)
      found[(*count)++] = erased[i].target;
  qsort(found, *count, sizeof *found, by_number);
  *indexes = found;
  return ADDUCE_OK;
}

static struct fold_feed feed_of(struct shelf *shelf) {
  struct fold_feed feed = shelf_feed(shelf);
  feed.changed = changed;
  return feed;
}

static void fold(struct shelf *shelf) {
  struct fold_feed feed = feed_of(shelf);
  assert_int_equal(fold_catch_up(shelf->scope, shelf->store, &feed), ADDUCE_OK);
}

/* Takes a field of an entry away, or all of it; the entry to be put next is the erasure. */
static void erase(struct shelf *shelf, uint64_t target, size_t field) {
  struct event event = shelf_event(shelf, target);
  const struct parsed *parsed = &event.claim.parsed;
  if (parsed->field_count == 0 || vocabulary_control_name(parsed->kind)) return;
  assert_true(erased_count < ERASED_MAX);
  erased[erased_count++] = (struct erased){shelf->count, target};
  field %= parsed->field_count + 1;
  if (field == parsed->field_count)
    shelf->entries[target].content = span_of(NULL, 0);
  else
    shelf_withhold(shelf, target, scope_format(scope, "%.*s", SPAN_ARGS(parsed->fields[field].key)),
                   -1);
}

static void put(struct shelf *shelf, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) (void)shelf_put(shelf, &events[i]);
}

/* --- comparing ---------------------------------------------------------------------------- */

static void assert_fresh(struct shelf *shelf) {
  struct fold_feed feed = feed_of(shelf);
  struct adduce_hash before[REGISTRY_COUNT], after[REGISTRY_COUNT];
  uint64_t rows[REGISTRY_COUNT], size = shelf->count;
  struct store_txn *txn;
  assert_int_equal(store_begin_read(shelf->scope, shelf->store, &txn), ADDUCE_OK);
  enum adduce_err err = fold_check(shelf->scope, txn, &feed);
  if (err != ADDUCE_OK) print_error("%s\n", adduce_scope_detail(shelf->scope));
  assert_int_equal(err, ADDUCE_OK);
  store_end_read(&txn);
  assert_int_equal(fold_digests(shelf->scope, shelf->store, before, rows, &size, 1, 1), ADDUCE_OK);
  assert_int_equal(fold_reset(shelf->scope, shelf->store), ADDUCE_OK);
  fold(shelf);
  assert_int_equal(fold_digests(shelf->scope, shelf->store, after, rows, &size, 1, 1), ADDUCE_OK);
  assert_memory_equal(before, after, sizeof before);
}

static uint64_t random_number(uint64_t *seed, uint64_t below) {
  *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
  return (*seed >> 33) % below;
}

/* --- tests -------------------------------------------------------------------------------- */

static void rows_are_those_of_a_fold_from_nothing(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 6; seed++) {
    struct shelf shelf;
    uint64_t random = seed;
    shelf_open(&shelf, 3);
    shelf.step = 2;
    erased_count = 0;
    for (size_t at = 0; at < EVENTS;) {
      size_t end = at + 1 + (size_t)random_number(&random, 90);
      if (end > EVENTS) end = EVENTS;
      if (at != 0 && random_number(&random, 3) != 0)
        erase(&shelf, random_number(&random, at), (size_t)random_number(&random, 9));
      put(&shelf, at, end);
      fold(&shelf);
      at = end;
    }
    assert_true(erased_count > 5);
    assert_fresh(&shelf);
    shelf_close(&shelf);
  }
}

/* More runs than are made anew in one go: all rows are. */
static void many_runs_at_once_are_built_from_nothing(void **state) {
  struct shelf shelf;
  (void)state;
  shelf_open(&shelf, 3);
  shelf.step = 2;
  erased_count = 0;
  put(&shelf, 0, EVENTS - 1);
  fold(&shelf);
  for (uint64_t target = 5; target < EVENTS - 1; target += 20) erase(&shelf, target, 0);
  put(&shelf, EVENTS - 1, EVENTS);
  fold(&shelf);
  assert_fresh(&shelf);
  shelf_close(&shelf);
}

/* Somebody who still sees the log without the erasure folds meanwhile: his rows do not get in. */
static uint64_t seen_size;
static enum adduce_err (*open_newest)(void *context, struct adduce_scope *in,
                                      struct fold_reader *reader);
static unsigned opened;

static enum adduce_err open_old_once(void *context, struct adduce_scope *in,
                                     struct fold_reader *reader) {
  TRY(open_newest(context, in, reader));
  if (opened++ == 0) reader->size = seen_size;
  return ADDUCE_OK;
}

static void who_sees_an_older_log_looks_again(void **state) {
  struct shelf shelf;
  (void)state;
  shelf_open(&shelf, 3);
  shelf.step = 2;
  erased_count = 0;
  put(&shelf, 0, 100);
  fold(&shelf);
  put(&shelf, 100, 110); /* what the slow one is about to fold */
  seen_size = 110;
  erase(&shelf, 20, 1);
  put(&shelf, 110, 111);
  /* The rows are refreshed by somebody else, and no entry is added. */
  struct fold_feed feed = feed_of(&shelf);
  struct fold_reader reader;
  assert_int_equal(feed.open(feed.context, shelf.scope, &reader), ADDUCE_OK);
  assert_int_equal(foldrefresh_run(shelf.scope, shelf.store, &feed, &reader), ADDUCE_OK);
  feed.close(feed.context, &reader);
  open_newest = feed.open;
  opened = 0;
  feed.open = open_old_once;
  assert_int_equal(fold_catch_up(shelf.scope, shelf.store, &feed), ADDUCE_OK);
  assert_true(opened > 1);
  assert_fresh(&shelf);
  shelf_close(&shelf);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_are_those_of_a_fold_from_nothing),
      cmocka_unit_test(many_runs_at_once_are_built_from_nothing),
      cmocka_unit_test(who_sees_an_older_log_looks_again),
  };
  return cmocka_run_group_tests_name("foldrefresh", tests, make_events, drop_events);
}
