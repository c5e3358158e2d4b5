/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/ranges.h"

#include "logs.h"

static const char *put(const struct ranges *ranges) {
  struct buffer out;
  struct adduce_span text;
  buffer_init(&out, scope);
  ranges_put(&out, ranges);
  assert_int_equal(buffer_take(&out, &text), ADDUCE_OK);
  return (const char *)text.data;
}

/* Every set of indexes below 10 is written and read back as itself, and has a spelling of its own.
 */
static void a_set_is_read_as_it_was_written(void **state) {
  (void)state;
  const char *before = "";
  for (unsigned set = 1; set < 1024; set++) {
    struct ranges ranges = ranges_of(scope), read = ranges_of(scope);
    unsigned found = 0;
    for (unsigned i = 0; i < 10; i++)
      if ((set >> i & 1) != 0) assert_int_equal(ranges_add(&ranges, i), ADDUCE_OK);
    const char *text = put(&ranges);
    assert_string_not_equal(text, before);
    before = text;
    assert_true(ranges_parse(&read, span_text(text), 10));
    for (size_t i = 0; i < read.count; i++)
      for (uint64_t index = read.items[i].first; index <= read.items[i].last; index++)
        found |= 1u << index;
    assert_int_equal(found, set);
    assert_string_equal(put(&read), text);
    /* Not for a log that has not the last of them. */
    unsigned last = 9;
    while ((set >> last & 1) == 0) last--;
    read = ranges_of(scope);
    assert_false(ranges_parse(&read, span_text(text), last));
  }
}

static void every_other_spelling_is_refused(void **state) {
  (void)state;
  static const char *const bad[] = {"",
                                    " ",
                                    "-",
                                    "1-",
                                    "-1",
                                    "1--2",
                                    "2-1",
                                    "1-1",
                                    "1 2",
                                    "1-2 3",
                                    "3 1",
                                    "1 1",
                                    "01",
                                    "1 ",
                                    " 1",
                                    "1  3",
                                    "1\t3",
                                    "1,3",
                                    "0x1",
                                    "1-3 2-5",
                                    "+1",
                                    "1-3-5",
                                    "100",
                                    "0-100",
                                    "1.5",
                                    "9007199254740993",
                                    "18446744073709551616",
                                    "0-18446744073709551615",
                                    "a"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    struct ranges ranges = ranges_of(scope);
    if (ranges_parse(&ranges, span_text(bad[i]), 100)) fail_msg("\"%s\" was taken", bad[i]);
  }
}

static void a_set_may_be_large(void **state) {
  (void)state;
  struct ranges ranges = ranges_of(scope), read = ranges_of(scope);
  for (uint64_t i = 0; i < 5000; i++) assert_int_equal(ranges_add(&ranges, 2 * i), ADDUCE_OK);
  assert_int_equal(ranges.count, 5000);
  assert_true(ranges_parse(&read, span_text(put(&ranges)), 10000));
  assert_int_equal(read.count, 5000);
  assert_int_equal(read.items[4999].last, 9998);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_set_is_read_as_it_was_written),
      cmocka_unit_test(every_other_spelling_is_refused),
      cmocka_unit_test(a_set_may_be_large),
  };
  return cmocka_run_group_tests(tests, open_logs, close_logs);
}
