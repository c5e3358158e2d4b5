/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct adduce_scope *scope;

static int open_scope(void **state) {
  (void)state;
  return adduce_scope_open(&scope, 1 << 20) == ADDUCE_OK ? 0 : 1;
}

static int close_scope(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

static void what_is_appended_is_taken(void **state) {
  struct buffer buffer;
  struct adduce_span span;
  (void)state;
  buffer_init(&buffer, scope);
  assert_int_equal(buffer_take(&buffer, &span), ADDUCE_OK);
  assert_int_equal(span.size, 0);
  assert_string_equal((const char *)span.data, "");
  buffer_text(&buffer, "a");
  buffer_byte(&buffer, 'b');
  buffer_span(&buffer, span_text("cd"));
  buffer_append(&buffer, NULL, 0);
  buffer_format(&buffer, "%d-%s", 7, "e");
  assert_int_equal(buffer_take(&buffer, &span), ADDUCE_OK);
  assert_string_equal((const char *)span.data, "abcd7-e");
  assert_int_equal(span.size, 7);
  buffer_reset(&buffer);
  buffer_text(&buffer, "x");
  assert_int_equal(buffer_take(&buffer, &span), ADDUCE_OK);
  assert_string_equal((const char *)span.data, "x");
}

static void it_grows_byte_by_byte_and_at_once(void **state) {
  struct buffer buffer;
  struct adduce_span span;
  static const uint8_t block[70000];
  (void)state;
  buffer_init(&buffer, scope);
  for (size_t i = 0; i < 5000; i++) {
    buffer_byte(&buffer, (uint8_t)i);
    if (i % 100 == 0) assert_non_null(scope_alloc(scope, 1)); /* so that it must move */
  }
  buffer_append(&buffer, block, sizeof block);
  buffer_format(&buffer, "%0300d", 0);
  assert_int_equal(buffer_take(&buffer, &span), ADDUCE_OK);
  assert_int_equal(span.size, 5000 + sizeof block + 300);
  for (size_t i = 0; i < 5000; i++) assert_int_equal(span.data[i], (uint8_t)i);
}

static void after_a_failure_nothing_is_appended(void **state) {
  struct buffer buffer;
  struct adduce_span span;
  static const uint8_t block[1000];
  (void)state;
  buffer_init(&buffer, scope);
  for (int i = 0; i < 2000; i++) buffer_append(&buffer, block, sizeof block);
  assert_true(buffer.failed);
  size_t size = buffer.size;
  buffer_byte(&buffer, 1);
  assert_int_equal(buffer.size, size);
  assert_int_equal(buffer_take(&buffer, &span), ADDUCE_E_MEMORY);
  assert_int_equal(span.size, 0);
  assert_null(span.data);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_appended_is_taken),
      cmocka_unit_test(it_grows_byte_by_byte_and_at_once),
      cmocka_unit_test(after_a_failure_nothing_is_appended),
  };
  return cmocka_run_group_tests(tests, open_scope, close_scope);
}
