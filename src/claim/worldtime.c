/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/worldtime.h"

#include "base/clock.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define DURATION_DIGITS 9

/* Text that is read from the front. */
struct reader {
  const uint8_t *at;
  const uint8_t *end;
};

static struct reader reader_of(struct adduce_span text) {
  struct reader reader = {text.data, text.data};
  if (text.size != 0) reader.end += text.size;
  return reader;
}

static bool take(struct reader *reader, char byte) {
  bool is_there = reader->at < reader->end && *reader->at == (uint8_t)byte;
  if (is_there) reader->at++;
  return is_there;
}

/* Exactly `count` digits, of a number from `least` to `most`. */
static bool take_number(struct reader *reader, int count, int least, int most, int *number) {
  if (reader->end - reader->at < count) return false;
  *number = 0;
  for (int i = 0; i < count; i++, reader->at++) {
    if (*reader->at < '0' || *reader->at > '9') return false;
    *number = *number * 10 + (*reader->at - '0');
  }
  return *number >= least && *number <= most;
}

/* What the parts say; those beyond the precision are the first of their kind. */
struct parts {
  int year, month, day, hour, minute, second;
  int offset_minutes;
};

static bool take_zone(struct reader *reader, struct parts *parts) {
  int hours, minutes;
  if (take(reader, 'Z')) return true;
  bool is_west = take(reader, '-');
  if (!is_west && !take(reader, '+')) return false;
  if (!take_number(reader, 2, 0, 14, &hours) || !take(reader, ':')) return false;
  if (!take_number(reader, 2, 0, 59, &minutes)) return false;
  parts->offset_minutes = (is_west ? -1 : 1) * (60 * hours + minutes);
  return true;
}

static bool take_parts(struct reader *reader, struct parts *parts,
                       enum worldtime_precision *precision) {
  *precision = WORLDTIME_YEAR;
  if (!take_number(reader, 4, 0, 9999, &parts->year)) return false;
  if (!take(reader, '-')) return true;
  *precision = WORLDTIME_MONTH;
  if (!take_number(reader, 2, 1, 12, &parts->month)) return false;
  if (!take(reader, '-')) return true;
  *precision = WORLDTIME_DAY;
  int last_day = clock_month_days(parts->year, parts->month);
  if (!take_number(reader, 2, 1, last_day, &parts->day)) return false;
  if (!take(reader, 'T')) return true;
  *precision = WORLDTIME_MINUTE;
  if (!take_number(reader, 2, 0, 23, &parts->hour) || !take(reader, ':')) return false;
  if (!take_number(reader, 2, 0, 59, &parts->minute)) return false;
  if (take(reader, ':')) {
    *precision = WORLDTIME_SECOND;
    if (!take_number(reader, 2, 0, 59, &parts->second)) return false;
  }
  return take_zone(reader, parts);
}

static int64_t length_us(const struct parts *parts, enum worldtime_precision precision) {
  switch (precision) {
    case WORLDTIME_YEAR:
      return (clock_days(parts->year + 1, 1, 1) - clock_days(parts->year, 1, 1)) * CLOCK_DAY_US;
    case WORLDTIME_MONTH:
      return clock_month_days(parts->year, parts->month) * CLOCK_DAY_US;
    case WORLDTIME_DAY:
      return CLOCK_DAY_US;
    case WORLDTIME_MINUTE:
      return MINUTE_US;
    case WORLDTIME_SECOND:
      return SECOND_US;
  }
  return 0;
}

bool worldtime_parse(struct adduce_span text, struct worldtime *time) {
  struct reader reader = reader_of(text);
  struct parts parts = {.month = 1, .day = 1};
  if (!take_parts(&reader, &parts, &time->precision) || reader.at != reader.end) return false;
  int64_t minutes = parts.hour * 60 + parts.minute - parts.offset_minutes;
  time->first_us = clock_days(parts.year, parts.month, parts.day) * CLOCK_DAY_US +
                   minutes * MINUTE_US + parts.second * SECOND_US;
  time->last_us = time->first_us + length_us(&parts, time->precision) - 1;
  return true;
}

/* --- durations ---------------------------------------------------------------------------- */

/* A number and its unit, which must come later in `*units` than the ones before. */
static bool take_unit(struct reader *reader, const char **units) {
  int digits = 0;
  while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
    reader->at++;
    digits++;
  }
  if (digits == 0 || digits > DURATION_DIGITS || reader->at == reader->end) return false;
  const char *unit = *reader->at == 0 ? NULL : strchr(*units, *reader->at);
  if (unit == NULL) return false;
  reader->at++;
  *units = unit + 1;
  return true;
}

/* One or more numbers with units, up to the end or a 'T'. */
static bool take_units(struct reader *reader, const char *units) {
  do {
    if (!take_unit(reader, &units)) return false;
  } while (reader->at < reader->end && *reader->at != 'T');
  return true;
}

bool worldtime_duration_valid(struct adduce_span text) {
  struct reader reader = reader_of(text);
  if (!take(&reader, 'P') || reader.at == reader.end) return false;
  if (reader.end[-1] == 'W') {
    const char *weeks = "W";
    return take_unit(&reader, &weeks) && reader.at == reader.end;
  }
  if (*reader.at != 'T' && !take_units(&reader, "YMD")) return false;
  if (reader.at == reader.end) return true;
  return take(&reader, 'T') && take_units(&reader, "HMS") && reader.at == reader.end;
}
