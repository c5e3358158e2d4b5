/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <stdio.h>

/* Both conversions count in eras of 400 years that begin on 1 March, so that the leap day is
 * the last day of a year and of an era. */
int64_t clock_days(int64_t year, int month, int day) {
  if (month <= 2) year--;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, int64_t *year, int *month, int *day) {
  days += 719468;
  int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  int64_t day_of_era = days - era * 146097;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int shifted_month = (int)((5 * day_of_year + 2) / 153);
  *day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

int clock_month_days(int64_t year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

struct clock_text clock_format(int64_t time_us) {
  struct clock_text out;
  int64_t days = time_us / CLOCK_DAY_US;
  int64_t rest = time_us % CLOCK_DAY_US;
  if (rest < 0) {
    rest += CLOCK_DAY_US;
    days--;
  }
  int64_t year;
  int month, day;
  civil_from_days(days, &year, &month, &day);
  if (year < 0 || year > 9999) {
    (void)snprintf(out.text, sizeof out.text, "year %lld", (long long)year);
    return out;
  }
  int seconds = (int)(rest / 1000000);
  int fraction = (int)(rest % 1000000);
  int used = snprintf(out.text, sizeof out.text, "%04d-%02d-%02dT%02d:%02d:%02d", (int)year, month,
                      day, seconds / 3600, seconds / 60 % 60, seconds % 60);
  (void)snprintf(out.text + used, sizeof out.text - (size_t)used, fraction == 0 ? "Z" : ".%06dZ",
                 fraction);
  return out;
}

/* Takes exactly `count` digits from the front of `text`. */
static bool take_digits(struct adduce_span *text, int count, int64_t *number) {
  if (text->size < (size_t)count) return false;
  *number = 0;
  for (int i = 0; i < count; i++) {
    if (text->data[i] < '0' || text->data[i] > '9') return false;
    *number = *number * 10 + (text->data[i] - '0');
  }
  *text = span_of(text->data + count, text->size - (size_t)count);
  return true;
}

static bool take_char(struct adduce_span *text, char wanted) {
  if (text->size == 0 || text->data[0] != (uint8_t)wanted) return false;
  *text = span_of(text->data + 1, text->size - 1);
  return true;
}

static bool take_date(struct adduce_span *text, int64_t *days) {
  int64_t year, month, day;
  if (!take_digits(text, 4, &year) || !take_char(text, '-') || !take_digits(text, 2, &month) ||
      !take_char(text, '-') || !take_digits(text, 2, &day))
    return false;
  if (month < 1 || month > 12 || day < 1 || day > clock_month_days(year, (int)month)) return false;
  *days = clock_days(year, (int)month, (int)day);
  return true;
}

/* "[.ffffff]", one to six digits. */
static bool take_fraction(struct adduce_span *text, int64_t *fraction_us) {
  *fraction_us = 0;
  if (!take_char(text, '.')) return true;
  int64_t unit = 100000, digit;
  if (!take_digits(text, 1, &digit)) return false;
  do {
    *fraction_us += digit * unit;
    unit /= 10;
  } while (unit > 0 && take_digits(text, 1, &digit));
  return true;
}

static bool take_zone(struct adduce_span *text, int64_t *offset_minutes) {
  *offset_minutes = 0;
  if (take_char(text, 'Z')) return true;
  int sign = take_char(text, '+') ? 1 : take_char(text, '-') ? -1 : 0;
  int64_t hours, minutes;
  if (sign == 0 || !take_digits(text, 2, &hours) || !take_char(text, ':') ||
      !take_digits(text, 2, &minutes) || hours > 14 || minutes > 59)
    return false;
  *offset_minutes = sign * (hours * 60 + minutes);
  return true;
}

bool clock_parse(struct adduce_span text, int64_t *time_us) {
  int64_t days, hours, minutes, seconds = 0, fraction_us = 0, offset_minutes;
  if (!take_date(&text, &days)) return false;
  *time_us = days * CLOCK_DAY_US;
  if (text.size == 0) return true;
  if (!take_char(&text, 'T') || !take_digits(&text, 2, &hours) || !take_char(&text, ':') ||
      !take_digits(&text, 2, &minutes))
    return false;
  if (take_char(&text, ':') &&
      (!take_digits(&text, 2, &seconds) || !take_fraction(&text, &fraction_us)))
    return false;
  if (!take_zone(&text, &offset_minutes) || text.size != 0) return false;
  if (hours > 23 || minutes > 59 || seconds > 59) return false;
  *time_us += ((hours * 60 + minutes - offset_minutes) * 60 + seconds) * 1000000 + fraction_us;
  return true;
}
