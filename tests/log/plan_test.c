/* SPDX-License-Identifier: Apache-2.0 */
#include "log/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "codec/canonical.h"

#define NOW INT64_C(1765620000000000)

static struct adduce_scope *scope;
static struct merkle_edge edge;

static int start(void **state) {
  (void)state;
  merkle_edge_init(&edge);
  return adduce_scope_open(&scope, 0) == ADDUCE_OK ? 0 : 1;
}

static int stop(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

/* What a plan reads of an event: its bytes, its content, its kind, its id. */
static struct event event_of(uint64_t number, size_t size) {
  struct event event = {.id = {{(uint8_t)number, (uint8_t)(number >> 8), 9}}};
  uint8_t *bytes = scope_array(scope, size, 1);
  assert_non_null(bytes);
  for (size_t i = 0; i < 8 && i < size; i++) bytes[i] = (uint8_t)(number >> (8 * i));
  event.claim.parsed.event = span_of(bytes, size);
  event.claim.parsed.content = span_of(bytes, size / 2);
  event.claim.parsed.kind = span_text(number % 3 == 0 ? "policy.set" : "fact.asserted");
  return event;
}

static struct event *events_of(size_t count) {
  struct event *events = scope_array(scope, count, sizeof *events);
  assert_non_null(events);
  for (size_t i = 0; i < count; i++) events[i] = event_of(edge.size + i, 40);
  return events;
}

/* --- entries ------------------------------------------------------------------------------ */

static void an_entry_is_read_as_it_was_written(void **state) {
  (void)state;
  static const uint8_t bytes[] = {1, 2, 3};
  static const uint8_t wanted[] = {0x92, 0x05, 0xc4, 0x03, 1, 2, 3};
  struct adduce_span entry, event;
  int64_t time_us;
  assert_int_equal(plan_entry_encode(scope, &entry, 5, span_of(bytes, sizeof bytes)), ADDUCE_OK);
  assert_true(span_equal(entry, span_of(wanted, sizeof wanted)));
  assert_int_equal(plan_entry_parse(scope, &time_us, &event, entry), ADDUCE_OK);
  assert_int_equal(time_us, 5);
  assert_true(span_equal(event, span_of(bytes, sizeof bytes)));
  assert_ptr_equal(event.data, entry.data + 4);
}

static void the_largest_event_fits_and_no_larger_entry_is_made(void **state) {
  (void)state;
  struct adduce_span entry, event;
  int64_t time_us;
  struct adduce_span largest = event_of(1, PARSED_EVENT_BYTES).claim.parsed.event;
  assert_int_equal(plan_entry_encode(scope, &entry, CANONICAL_INTEGER_MAX, largest), ADDUCE_OK);
  assert_true(entry.size <= 65535);
  assert_int_equal(plan_entry_parse(scope, &time_us, &event, entry), ADDUCE_OK);
  for (size_t size = 65524; size <= 65700; size++) {
    struct adduce_span larger = event_of(1, size).claim.parsed.event;
    assert_int_equal(plan_entry_encode(scope, &entry, NOW, larger), ADDUCE_E_TOO_LARGE);
  }
}

static void what_is_no_entry_is_refused(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    size_t size;
    enum adduce_err err;
  } cases[] = {
      {"", 0, ADDUCE_E_NOT_CANONICAL},
      {"\x92\x05", 2, ADDUCE_E_NOT_CANONICAL},
      {"\x92\x05\xc4\x01x\x00", 6, ADDUCE_E_NOT_CANONICAL},
      {"\x92\xcc\x05\xc4\x01x", 6, ADDUCE_E_NOT_CANONICAL},
      {"\x91\x05", 2, ADDUCE_E_FORM},
      {"\x93\x05\xc4\x01x\x05", 6, ADDUCE_E_FORM},
      {"\x92\xa1x\xc4\x01x", 6, ADDUCE_E_FORM},
      {"\x92\x05\xa1x", 4, ADDUCE_E_FORM},
      {"\x05", 1, ADDUCE_E_FORM},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct adduce_span event;
    int64_t time_us;
    assert_int_equal(
        plan_entry_parse(scope, &time_us, &event, span_of(cases[i].bytes, cases[i].size)),
        cases[i].err);
  }
}

/* --- time --------------------------------------------------------------------------------- */

static enum adduce_err plan_at(struct plan *plan, int64_t now_us, int64_t last_us, bool accept) {
  merkle_edge_init(&edge);
  return plan_append(scope, plan, &edge, events_of(1), 1, now_us, last_us, accept);
}

static void time_never_runs_back(void **state) {
  (void)state;
  struct plan plan;
  assert_int_equal(plan_at(&plan, NOW, NOW - 1, false), ADDUCE_OK);
  assert_int_equal(plan.recorded_at_us, NOW);
  assert_int_equal(plan_at(&plan, NOW - 5 * CLOCK_DAY_US, NOW, false), ADDUCE_OK);
  assert_int_equal(plan.recorded_at_us, NOW);
}

static void a_day_ahead_is_the_most_unless_accepted(void **state) {
  (void)state;
  struct plan plan;
  assert_int_equal(plan_at(&plan, NOW + CLOCK_DAY_US, NOW, false), ADDUCE_OK);
  assert_int_equal(plan_at(&plan, NOW + CLOCK_DAY_US + 1, NOW, false), ADDUCE_E_CLOCK);
  assert_non_null(strstr(adduce_scope_detail(scope), "2025-12-13"));
  assert_int_equal(plan_at(&plan, NOW + CLOCK_DAY_US + 1, NOW, true), ADDUCE_OK);
  assert_int_equal(plan_at(&plan, NOW, INT64_MIN, true), ADDUCE_OK);
  assert_int_equal(plan_at(&plan, INT64_MAX, INT64_MIN, false), ADDUCE_E_CLOCK);
}

static void a_time_no_entry_can_hold_is_refused(void **state) {
  (void)state;
  struct plan plan;
  assert_int_equal(plan_at(&plan, CANONICAL_INTEGER_MAX, NOW, true), ADDUCE_OK);
  assert_int_equal(plan_at(&plan, CANONICAL_INTEGER_MAX + 1, NOW, true), ADDUCE_E_CLOCK);
}

/* --- the plan, against a store of tiles ------------------------------------------------------ */

#define TILES 400 /* of level 0; levels 1 and 2 have fewer */

/* Level 0 keeps what every plan said, as the log's table of tiles would. */
static struct adduce_hash stored[3][TILES][MERKLE_TILE_WIDTH];
static size_t stored_counts[3][TILES];

static void store_tiles(const struct plan *plan) {
  for (size_t i = 0; i < plan->tile_count; i++) {
    const struct plan_tile *tile = &plan->tiles[i];
    assert_true(tile->level < 3 && tile->tile < TILES && tile->count > 0 &&
                tile->count <= MERKLE_TILE_WIDTH);
    assert_true(tile->count > stored_counts[tile->level][tile->tile]); /* it does change */
    stored_counts[tile->level][tile->tile] = tile->count;
    memcpy(stored[tile->level][tile->tile], tile->hashes, tile->count * 32);
  }
}

static enum adduce_err read_stored(void *context, struct adduce_scope *into, unsigned level,
                                   uint64_t first, size_t count, struct adduce_hash *out) {
  (void)context;
  (void)into;
  size_t tile = (size_t)(first / MERKLE_TILE_WIDTH), within = first % MERKLE_TILE_WIDTH;
  assert_true(level < 3 && within + count <= stored_counts[level][tile]);
  memcpy(out, &stored[level][tile][within], count * 32);
  return ADDUCE_OK;
}

static void check_stored(const struct plan *plan) {
  static const struct merkle_reader reader = {read_stored, NULL};
  struct adduce_hash root;
  assert_int_equal(merkle_root(scope, &root, &reader, plan->size), ADDUCE_OK);
  assert_memory_equal(&root, &plan->root, 32);
  for (unsigned level = 0; level < 3; level++) {
    uint64_t have = 0;
    for (size_t tile = 0; tile < TILES; tile++) have += stored_counts[level][tile];
    assert_int_equal(have, merkle_level_count(plan->size, level));
  }
}

static void check_entries(const struct plan *plan, const struct event *events) {
  for (size_t i = 0; i < plan->entry_count; i++) {
    const struct plan_entry *entry = &plan->entries[i];
    struct adduce_span event;
    int64_t time_us;
    uint64_t index = plan->first_index + i;
    assert_int_equal(entry->index, index);
    assert_memory_equal(&entry->id, &events[i].id, 32);
    assert_true(entry->control == (index % 3 == 0));
    assert_true(span_equal(entry->content, events[i].claim.parsed.content));
    assert_int_equal(plan_entry_parse(scope, &time_us, &event, entry->entry), ADDUCE_OK);
    assert_int_equal(time_us, plan->recorded_at_us);
    assert_true(span_equal(event, events[i].claim.parsed.event));
    struct adduce_hash leaf = merkle_leaf(entry->entry);
    assert_memory_equal(&leaf, &stored[0][index / 256][index % 256], 32);
  }
}

/* Batches that end within, at and after tiles, and one that fills a tile of level 1. */
static void plans_write_the_tiles_of_the_tree(void **state) {
  (void)state;
  static const size_t batches[] = {1, 1, 254, 1, 255, 256, 257, 512, 700, 63290, 9, 300};
  merkle_edge_init(&edge);
  memset(stored_counts, 0, sizeof stored_counts);
  uint64_t size = 0;
  for (size_t i = 0; i < sizeof batches / sizeof batches[0]; i++) {
    struct plan plan;
    const struct event *events = events_of(batches[i]);
    assert_int_equal(plan_append(scope, &plan, &edge, events, batches[i], NOW, NOW, false),
                     ADDUCE_OK);
    assert_int_equal(plan.first_index, size);
    size += batches[i];
    assert_int_equal(plan.size, size);
    assert_int_equal(edge.size, size);
    assert_int_equal(plan.entry_count, batches[i]);
    store_tiles(&plan);
    check_stored(&plan);
    check_entries(&plan, events);
  }
  assert_true(size > 65536);
}

static void a_plan_of_nothing_changes_nothing(void **state) {
  (void)state;
  struct plan plan;
  merkle_edge_init(&edge);
  assert_int_equal(plan_append(scope, &plan, &edge, NULL, 0, NOW, NOW, false), ADDUCE_OK);
  struct adduce_hash empty = merkle_empty();
  assert_memory_equal(&plan.root, &empty, 32);
  assert_int_equal(plan.tile_count, 0);
  assert_int_equal(plan.size, 0);
}

static void memory_that_runs_out_is_told(void **state) {
  (void)state;
  struct plan plan;
  struct adduce_scope *small;
  merkle_edge_init(&edge);
  const struct event *events = events_of(2000);
  assert_int_equal(adduce_scope_open(&small, 300000), ADDUCE_OK);
  assert_int_equal(plan_append(small, &plan, &edge, events, 2000, NOW, NOW, false),
                   ADDUCE_E_MEMORY);
  adduce_scope_close(&small);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_entry_is_read_as_it_was_written),
      cmocka_unit_test(the_largest_event_fits_and_no_larger_entry_is_made),
      cmocka_unit_test(what_is_no_entry_is_refused),
      cmocka_unit_test(time_never_runs_back),
      cmocka_unit_test(a_day_ahead_is_the_most_unless_accepted),
      cmocka_unit_test(a_time_no_entry_can_hold_is_refused),
      cmocka_unit_test(plans_write_the_tiles_of_the_tree),
      cmocka_unit_test(a_plan_of_nothing_changes_nothing),
      cmocka_unit_test(memory_that_runs_out_is_told),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
