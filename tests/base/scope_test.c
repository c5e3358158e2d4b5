/* SPDX-License-Identifier: Apache-2.0 */
#include "base/scope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define LIMIT ((size_t)1 << 20)

static struct adduce_scope *scope;

static int open_scope(void **state) {
  (void)state;
  return adduce_scope_open(&scope, LIMIT) == ADDUCE_OK ? 0 : 1;
}

static int close_scope(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return scope == NULL ? 0 : 1;
}

static void what_is_allocated_is_aligned_and_apart(void **state) {
  uint8_t *blocks[300];
  (void)state;
  for (size_t i = 0; i < 300; i++) {
    blocks[i] = scope_alloc(scope, i);
    assert_non_null(blocks[i]);
    assert_int_equal((uintptr_t)blocks[i] % 16, 0);
    memset(blocks[i], (int)i, i);
  }
  for (size_t i = 0; i < 300; i++)
    for (size_t j = 0; j < i; j++) assert_int_equal(blocks[i][j], (uint8_t)i);
}

static void arrays_are_cleared_and_do_not_overflow(void **state) {
  (void)state;
  struct scope_mark mark = scope_mark(scope);
  memset(scope_alloc(scope, 4000), 0xff, 4000);
  scope_rewind(scope, mark);
  const uint8_t *array = scope_array(scope, 1000, 4);
  for (size_t i = 0; i < 4000; i++) assert_int_equal(array[i], 0);
  assert_null(scope_array(scope, SIZE_MAX / 2, 4));
  assert_true(scope_exhausted(scope));
}

static void the_limit_is_the_sum_of_what_is_held(void **state) {
  size_t got = 0;
  (void)state;
  while (scope_alloc(scope, 1000) != NULL) got += 1000;
  assert_true(scope_exhausted(scope));
  assert_true(got <= LIMIT && got > LIMIT / 2);
  adduce_scope_reset(scope);
  assert_false(scope_exhausted(scope));
  assert_null(scope_alloc(scope, LIMIT + 1));
  assert_true(scope_exhausted(scope));
}

static void a_rewind_gives_back_what_came_after(void **state) {
  (void)state;
  for (int i = 0; i < 10000; i++) {
    struct scope_mark mark = scope_mark(scope);
    assert_non_null(scope_alloc(scope, 100));
    assert_non_null(scope_alloc(scope, 100000));
    scope_rewind(scope, mark);
  }
  char *kept = scope_alloc(scope, 5);
  memcpy(kept, "kept", 5);
  struct scope_mark mark = scope_mark(scope);
  memset(scope_alloc(scope, 500000), 1, 500000);
  scope_rewind(scope, mark);
  memset(scope_alloc(scope, 100), 2, 100);
  assert_string_equal(kept, "kept");
  assert_false(scope_exhausted(scope));
}

static void growing_keeps_the_bytes(void **state) {
  size_t size = 1;
  uint8_t *data = scope_alloc(scope, size);
  (void)state;
  data[0] = 7;
  for (; size < 100000; size *= 2) {
    if (size % 3 == 1) assert_non_null(scope_alloc(scope, 1)); /* then not in place */
    data = scope_grow(scope, data, size, 2 * size);
    assert_non_null(data);
    memset(data + size, 7, size);
  }
  for (size_t i = 0; i < size; i++) assert_int_equal(data[i], 7);
  assert_null(scope_grow(scope, data, size, LIMIT + 1));
  assert_int_equal(data[0], 7);
}

static void room_for_one_more_until_there_is_none(void **state) {
  size_t capacity = 0, count = 0, i;
  uint32_t *items = NULL, *room;
  (void)state;
  while ((room = scope_room(scope, &capacity, items, count, sizeof *items)) != NULL) {
    assert_true(capacity > count && capacity <= 2 * count + 4);
    items = room;
    items[count] = (uint32_t)count;
    count++;
  }
  assert_true(count >= 4 && count == capacity && scope_exhausted(scope));
  for (i = 0; i < count; i++) assert_int_equal(items[i], i);
}

static void copies_and_formats_end_with_a_nul(void **state) {
  struct adduce_span copy = scope_copy(scope, span_of("abc", 2));
  (void)state;
  assert_string_equal((const char *)copy.data, "ab");
  assert_int_equal(copy.size, 2);
  copy = scope_copy(scope, span_of(NULL, 0));
  assert_non_null(copy.data);
  assert_string_equal(scope_format(scope, "%d %s", 7, "x"), "7 x");
}

static void the_detail_is_that_of_the_last_failure(void **state) {
  char lengthy[3000];
  (void)state;
  assert_string_equal(adduce_scope_detail(scope), "");
  assert_int_equal(scope_fail(scope, ADDUCE_E_VALUE, "byte %d", 5), ADDUCE_E_VALUE);
  assert_string_equal(adduce_scope_detail(scope), "byte 5");
  assert_int_equal(scope_wrap(scope, ADDUCE_E_TEXT, "line %d: ", 7), ADDUCE_E_TEXT);
  assert_string_equal(adduce_scope_detail(scope), "line 7: byte 5");
  struct adduce_scope *other;
  assert_int_equal(adduce_scope_open(&other, 0), ADDUCE_OK);
  assert_int_equal(scope_relay(other, ADDUCE_E_TEXT, scope), ADDUCE_E_TEXT);
  assert_string_equal(adduce_scope_detail(other), "line 7: byte 5");
  adduce_scope_close(&other);
  memset(lengthy, 'x', sizeof lengthy - 1);
  lengthy[sizeof lengthy - 1] = '\0';
  assert_int_equal(scope_fail(scope, ADDUCE_E_VALUE, "%s", lengthy), ADDUCE_E_VALUE);
  assert_int_equal(scope_wrap(scope, ADDUCE_E_VALUE, "%s", lengthy), ADDUCE_E_VALUE);
  assert_true(strlen(adduce_scope_detail(scope)) > 500);
  adduce_scope_reset(scope);
  assert_string_equal(adduce_scope_detail(scope), "");
}

static void note_line(void *context, const char *line) {
  (void)snprintf(context, 64, "%s", line);
}

static int stop_at_ten(void *context, const char *what, unsigned long long done,
                       unsigned long long total) {
  (void)context;
  (void)what;
  (void)total;
  return done >= 10;
}

static void trace_and_progress_go_to_their_sinks(void **state) {
  char line[64] = "";
  (void)state;
  scope_trace(scope, "unheard");
  assert_int_equal(scope_progress(scope, "work", 99, 100), ADDUCE_OK);
  adduce_scope_trace(scope, note_line, line);
  scope_trace(scope, "opened %d", 3);
  assert_string_equal(line, "opened 3");
  adduce_scope_progress(scope, stop_at_ten, NULL);
  assert_int_equal(scope_progress(scope, "work", 9, 100), ADDUCE_OK);
  assert_int_equal(scope_progress(scope, "work", 10, 100), ADDUCE_E_INTERRUPTED);
}

static void closing_nothing_is_fine(void **state) {
  struct adduce_scope *none = NULL;
  (void)state;
  adduce_scope_close(&none);
  assert_null(none);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scope, close_scope)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_is_allocated_is_aligned_and_apart),
      TEST(arrays_are_cleared_and_do_not_overflow),
      TEST(the_limit_is_the_sum_of_what_is_held),
      TEST(a_rewind_gives_back_what_came_after),
      TEST(growing_keeps_the_bytes),
      TEST(room_for_one_more_until_there_is_none),
      TEST(copies_and_formats_end_with_a_nul),
      TEST(the_detail_is_that_of_the_last_failure),
      TEST(trace_and_progress_go_to_their_sinks),
      TEST(closing_nothing_is_fine),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
