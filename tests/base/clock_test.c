/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void instants_come_back(void **state) {
  static const struct {
    const char *text;
    int64_t time_us;
  } cases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T00:00:00.000001Z", 1},
      {"1969-12-31T23:59:59.999999Z", -1},
      {"2025-12-13T10:00:00.123456Z", INT64_C(1765620000123456)},
      {"2000-02-29T12:34:56Z", INT64_C(951827696000000)},
      {"1600-02-29T00:00:00Z", INT64_C(-11670998400000000)},
      {"0000-01-01T00:00:00Z", INT64_C(-62167219200000000)},
      {"9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999)},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t time_us;
    assert_true(clock_parse(span_text(cases[i].text), &time_us));
    assert_true(time_us == cases[i].time_us);
    assert_string_equal(clock_format(time_us).text, cases[i].text);
  }
  assert_string_equal(clock_format(INT64_C(253402300800000000)).text, "year 10000");
  assert_string_equal(clock_format(INT64_MIN).text, "year -290308");
  assert_string_equal(clock_format(INT64_MAX).text, "year 294247");
}

static void several_texts_say_one_instant(void **state) {
  static const char *const texts[] = {
      "2025-12-13T10:00Z",        "2025-12-13T10:00:00Z",      "2025-12-13T10:00:00.0Z",
      "2025-12-13T13:00+03:00",   "2025-12-12T20:00:00-14:00", "2025-12-13T15:45+05:45",
      "2025-12-13T10:00:00.000Z", "2025-12-13T10:00+00:00",
  };
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    int64_t time_us;
    assert_true(clock_parse(span_text(texts[i]), &time_us));
    assert_true(time_us == INT64_C(1765620000000000));
  }
}

static void what_is_no_time_is_refused(void **state) {
  static const char *const texts[] = {
      "",
      "2025",
      "2025-12",
      "2025-12-00",
      "2025-12-32",
      "2025-13-01",
      "2025-00-01",
      "2025-02-29",
      "1900-02-29",
      "2025-12-13 10:00Z",
      "2025-12-13T10Z",
      "2025-12-13T10:00",
      "2025-12-13T24:00Z",
      "2025-12-13T10:60Z",
      "2025-12-13T10:00:60Z",
      "2025-12-13T10:00:00.Z",
      "2025-12-13T10:00:00.1234567Z",
      "2025-12-13T10:00z",
      "2025-12-13T10:00+3:00",
      "2025-12-13T10:00+15:00",
      "2025-12-13T10:00+03:60",
      "2025-12-13T10:00Zx",
      "2025-12-13x",
      "+025-12-13",
      " 2025-12-13",
  };
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    int64_t time_us;
    if (clock_parse(span_text(texts[i]), &time_us)) fail_msg("\"%s\" is taken", texts[i]);
  }
}

/* Day by day through 10,000 years. */
static void days_follow_each_other(void **state) {
  int64_t days = clock_days(0, 1, 1);
  (void)state;
  for (int year = 0; year < 10000; year++) {
    for (int month = 1; month <= 12; month++) {
      for (int day = 1; day <= clock_month_days(year, month); day++)
        assert_true(clock_days(year, month, day) == days++);
    }
  }
  assert_true(clock_days(1970, 1, 1) == 0);
  assert_true(clock_days(-1, 12, 31) == clock_days(0, 1, 1) - 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(instants_come_back),
      cmocka_unit_test(several_texts_say_one_instant),
      cmocka_unit_test(what_is_no_time_is_refused),
      cmocka_unit_test(days_follow_each_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
