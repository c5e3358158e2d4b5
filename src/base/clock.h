/* SPDX-License-Identifier: Apache-2.0 */
/* Time as a value: microseconds since 1970-01-01T00:00:00Z, proleptic Gregorian calendar,
 * no leap seconds. Reading the machine's clock is sys/'s business. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/span.h"

#define CLOCK_DAY_US INT64_C(86400000000)

/* "2025-12-13T10:00:00.123456Z"; 28 bytes with the NUL suffice for years 0 to 9999, and
 * other years show as "year N". */
struct clock_text {
  char text[40];
};

struct clock_text clock_format(int64_t time_us);

/* Reads an instant "2025-12-13T10:00[:SS[.ffffff]](Z|+HH:MM)" or a date "2025-12-13" (midnight
 * UTC). False when the text is neither, or no such day or hour exists. */
MUST_USE bool clock_parse(struct adduce_span text, int64_t *time_us);

/* Days from 1970-01-01 to the given day; months 1 to 12, days 1 to 31. */
int64_t clock_days(int64_t year, int month, int day);

/* How many days the month has. */
int clock_month_days(int64_t year, int month);

#endif
