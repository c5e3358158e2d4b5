/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/worldtime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"

/* The first and last instants the text covers, as text. */
static void assert_covers(const char *text, enum worldtime_precision precision, const char *first,
                          const char *last) {
  struct worldtime time;
  assert_true(worldtime_parse(span_text(text), &time));
  assert_int_equal(time.precision, precision);
  assert_string_equal(clock_format(time.first_us).text, first);
  assert_string_equal(clock_format(time.last_us).text, last);
}

static void a_time_covers_what_its_precision_says(void **state) {
  (void)state;
  assert_covers("2025", WORLDTIME_YEAR, "2025-01-01T00:00:00Z", "2025-12-31T23:59:59.999999Z");
  assert_covers("1600", WORLDTIME_YEAR, "1600-01-01T00:00:00Z", "1600-12-31T23:59:59.999999Z");
  assert_covers("2024-02", WORLDTIME_MONTH, "2024-02-01T00:00:00Z", "2024-02-29T23:59:59.999999Z");
  assert_covers("2025-12-13", WORLDTIME_DAY, "2025-12-13T00:00:00Z", "2025-12-13T23:59:59.999999Z");
  assert_covers("2025-12-13T10:00Z", WORLDTIME_MINUTE, "2025-12-13T10:00:00Z",
                "2025-12-13T10:00:59.999999Z");
  assert_covers("2025-12-13T10:00:07Z", WORLDTIME_SECOND, "2025-12-13T10:00:07Z",
                "2025-12-13T10:00:07.999999Z");
  assert_covers("2025-12-13T01:30:00+02:00", WORLDTIME_SECOND, "2025-12-12T23:30:00Z",
                "2025-12-12T23:30:00.999999Z");
  assert_covers("2025-12-31T23:59-05:30", WORLDTIME_MINUTE, "2026-01-01T05:29:00Z",
                "2026-01-01T05:29:59.999999Z");
}

static void what_is_no_time_is_refused(void **state) {
  (void)state;
  static const char *const texts[] = {
      "",
      "25",
      "202",
      "20255",
      "2025-",
      "2025-0",
      "2025-00",
      "2025-13",
      "2025-12-",
      "2025-12-00",
      "2025-12-32",
      "2025-02-29",
      "1900-02-29",
      "2025-1-1",
      "2025-12-13T",
      "2025-12-13T10",
      "2025-12-13T10:00",
      "2025-12-13T24:00Z",
      "2025-12-13T10:60Z",
      "2025-12-13T10:00:60Z",
      "2025-12-13T10:00:00",
      "2025-12-13T10:00:00.5Z",
      "2025-12-13 10:00Z",
      "2025-12-13T10:00z",
      "2025-12-13T10:00+2:00",
      "2025-12-13T10:00+0200",
      "2025-12-13T10:00+15:00",
      "2025-12-13T10:00+02:60",
      "2025-12-13T10:00ZZ",
      "2025-12-13Z",
      "-2025",
      "+2025",
      "2025 ",
      " 2025",
      "yesterday",
      ("2025-12-13T10:00\xe2\x88\x92"
       "02:00"),
  };
  struct worldtime time;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    if (!worldtime_parse(span_text(texts[i]), &time)) continue;
    print_error("\"%s\" is accepted\n", texts[i]);
    fail();
  }
}

static void every_day_of_a_leap_year_is_a_time(void **state) {
  (void)state;
  int64_t next_us = clock_days(2024, 1, 1) * CLOCK_DAY_US;
  for (int month = 1; month <= 12; month++) {
    for (int day = 1; day <= clock_month_days(2024, month); day++) {
      char text[32];
      struct worldtime time;
      (void)snprintf(text, sizeof text, "2024-%02d-%02d", month, day);
      assert_true(worldtime_parse(span_text(text), &time));
      assert_true(time.first_us == next_us);
      next_us = time.last_us + 1;
    }
  }
  assert_true(next_us == clock_days(2025, 1, 1) * CLOCK_DAY_US);
}

static void durations(void **state) {
  (void)state;
  static const char *const good[] = {"P2D", "P1Y",  "P1Y2M3D", "P1YT1S",     "PT1H30M",
                                     "P3W", "PT0S", "P1MT1M",  "P1DT2H3M4S", "P999999999D"};
  static const char *const bad[] = {"",       "P",       "PT",    "P1",    "1D",   "P1DT",
                                    "P1D2M",  "PT1S1M",  "P1W2D", "P1H",   "PT1D", "P-1D",
                                    "P1.5D",  "p1d",     "P1D ",  "P1D1D", "PW",   "P1000000000D",
                                    "P1WT1S", "PT1HT1S", "P1DP1D"};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
    assert_true(worldtime_duration_valid(span_text(good[i])));
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    if (!worldtime_duration_valid(span_text(bad[i]))) continue;
    print_error("\"%s\" is accepted\n", bad[i]);
    fail();
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_time_covers_what_its_precision_says),
      cmocka_unit_test(what_is_no_time_is_refused),
      cmocka_unit_test(every_day_of_a_leap_year_is_a_time),
      cmocka_unit_test(durations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
