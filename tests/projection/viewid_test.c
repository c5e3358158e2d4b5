/* SPDX-License-Identifier: Apache-2.0 */
/* The view: what is withheld has a name, which is made here a second time from its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/viewid.h"
#include "support/shelf.h"

static struct shelf shelf;

static int open_shelf(void **state) {
  (void)state;
  shelf_open(&shelf, 1);
  return 0;
}

static int close_shelf(void **state) {
  (void)state;
  shelf_close(&shelf);
  return 0;
}

static struct viewid view_at(uint64_t size) {
  struct store_txn *txn;
  struct viewid view;
  assert_int_equal(store_begin_read(shelf.scope, shelf.store, &txn), ADDUCE_OK);
  assert_int_equal(viewid_find(shelf.scope, txn, &view, &size, 1), ADDUCE_OK);
  store_end_read(&txn);
  return view;
}

/* What content_each_missing says of every event, sorted by event: the view by the other way. */
struct missing {
  uint8_t id[32];
  struct adduce_span path;
};

struct missings {
  struct missing items[64];
  size_t count;
  const struct adduce_id *id;
};

static void note_missing(void *context, struct adduce_span key, int64_t element) {
  struct missings *missings = context;
  struct missing *item = &missings->items[missings->count++];
  struct buffer path;
  assert_true(missings->count <= 64);
  buffer_init(&path, shelf.scope);
  pack_array(&path, key.size == 0 ? 0 : element < 0 ? 1 : 2);
  if (key.size != 0) pack_str(&path, key);
  if (element >= 0) pack_int(&path, element);
  memcpy(item->id, missings->id->bytes, 32);
  assert_int_equal(buffer_take(&path, &item->path), ADDUCE_OK);
}

/* By insertion, which keeps the order of the paths of one event. */
static void sort_by_id(struct missings *missings) {
  for (size_t i = 1; i < missings->count; i++) {
    struct missing item = missings->items[i];
    size_t at = i;
    for (; at > 0 && memcmp(missings->items[at - 1].id, item.id, 32) > 0; at--)
      missings->items[at] = missings->items[at - 1];
    missings->items[at] = item;
  }
}

static struct adduce_hash slowly(uint64_t size, size_t *paths) {
  struct missings missings = {.count = 0};
  struct adduce_hash id;
  struct hash hash;
  for (uint64_t i = 0; i < size; i++) {
    struct event event = shelf_event(&shelf, i);
    missings.id = &event.id;
    content_each_missing(&event.claim.parsed, note_missing, &missings);
  }
  sort_by_id(&missings);
  hash_init(&hash);
  hash_span(&hash, span_text("adduce/view/v1\n"));
  for (size_t i = 0; i < missings.count; i++) {
    hash_update(&hash, missings.items[i].id, 32);
    hash_span(&hash, missings.items[i].path);
  }
  hash_final(&hash, &id);
  *paths = missings.count;
  return id;
}

static void expect_slowly(uint64_t size, uint64_t events, uint64_t paths) {
  size_t found;
  struct viewid view = view_at(size);
  struct adduce_hash id = slowly(size, &found);
  assert_memory_equal(&view.id, &id, 32);
  assert_int_equal(view.paths, found);
  assert_int_equal(view.paths, paths);
  assert_int_equal(view.events, events);
}

static void say_names(unsigned count) {
  for (unsigned i = 0; i < count; i++)
    (void)shelf_add(&shelf, 0, "entity.described",
                    "{\"subject\":\"monitor.example/a\",\"name\":[\"one\",\"two\",\"three\"],"
                    "\"schema\":\"Person\",\"alias\":[\"x\"]}",
                    (char *)NULL);
}

static void nothing_missing_is_the_empty_view(void **state) {
  struct adduce_hash empty = hash_bytes(span_text("adduce/view/v1\n"));
  (void)state;
  shelf_empty(&shelf);
  say_names(3);
  shelf_fold(&shelf);
  struct viewid view = view_at(3);
  assert_memory_equal(&view.id, &empty, 32);
  assert_int_equal(view.events, 0);
  expect_slowly(3, 0, 0);
}

static void fields_elements_and_whole_contents_are_named(void **state) {
  (void)state;
  shelf_empty(&shelf);
  say_names(8);
  shelf_withhold(&shelf, 1, "name", 0);
  shelf_withhold(&shelf, 1, "name", 2);
  shelf_withhold(&shelf, 1, "schema", -1);
  shelf_withhold(&shelf, 3, "subject", -1);
  shelf_withhold(&shelf, 6, "alias", 0);
  shelf.entries[4].content = span_of(NULL, 0); /* not held at all */
  shelf_fold(&shelf);
  expect_slowly(1, 0, 0);
  expect_slowly(2, 1, 3);
  expect_slowly(4, 2, 4);
  expect_slowly(5, 3, 5);
  expect_slowly(8, 4, 6);
}

static void many_views_at_once_are_those_of_each(void **state) {
  static const uint64_t sizes[] = {1, 2, 4, 5, 8};
  struct store_txn *txn;
  struct viewid views[5];
  (void)state;
  fields_elements_and_whole_contents_are_named(state);
  assert_int_equal(store_begin_read(shelf.scope, shelf.store, &txn), ADDUCE_OK);
  assert_int_equal(viewid_find(shelf.scope, txn, views, sizes, 5), ADDUCE_OK);
  store_end_read(&txn);
  for (size_t i = 0; i < 5; i++) {
    struct viewid one = view_at(sizes[i]);
    assert_memory_equal(&views[i], &one, sizeof one);
  }
}

/* An erasure after the fact: rows are built anew, and the view holds for every position. */
static void what_is_erased_later_is_missing_from_the_start(void **state) {
  (void)state;
  shelf_empty(&shelf);
  say_names(5);
  shelf_fold(&shelf);
  struct viewid before = view_at(2);
  shelf_withhold(&shelf, 1, "schema", -1);
  assert_int_equal(fold_reset(shelf.scope, shelf.store), ADDUCE_OK);
  shelf_fold(&shelf);
  struct viewid after = view_at(2), first = view_at(1);
  assert_memory_not_equal(&before.id, &after.id, 32);
  assert_int_equal(after.paths, 1);
  assert_int_equal(first.paths, 0);
}

static enum adduce_err stop_at_once(void *context, uint64_t index, const uint8_t *id32,
                                    struct adduce_span field, int64_t element) {
  unsigned *seen = context;
  (void)index;
  (void)id32;
  (void)field;
  (void)element;
  return ++*seen == 2 ? ADDUCE_E_INTERRUPTED : ADDUCE_OK;
}

static void a_visit_may_end_the_walk(void **state) {
  struct store_txn *txn;
  unsigned seen = 0;
  fields_elements_and_whole_contents_are_named(state);
  assert_int_equal(store_begin_read(shelf.scope, shelf.store, &txn), ADDUCE_OK);
  assert_int_equal(viewid_each(shelf.scope, txn, 8, stop_at_once, &seen), ADDUCE_E_INTERRUPTED);
  store_end_read(&txn);
  assert_int_equal(seen, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_missing_is_the_empty_view),
      cmocka_unit_test(fields_elements_and_whole_contents_are_named),
      cmocka_unit_test(many_views_at_once_are_those_of_each),
      cmocka_unit_test(what_is_erased_later_is_missing_from_the_start),
      cmocka_unit_test(a_visit_may_end_the_walk),
  };
  return cmocka_run_group_tests_name("the view", tests, open_shelf, close_shelf);
}
