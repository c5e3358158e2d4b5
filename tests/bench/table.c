/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sys/machine.h"

static int rows, missed;

double table_seconds(void) {
  return (double)machine_monotonic_ns() / 1e9;
}

double table_processor_seconds(void) {
  struct timespec used;
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0) return 0;
  return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b) {
  double left, right;
  memcpy(&left, a, sizeof left);
  memcpy(&right, b, sizeof right);
  return (left > right) - (left < right);
}

double table_median(double *values, size_t count) {
  if (count == 0) return 0;
  qsort(values, count, sizeof *values, compare);
  return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

void table_add(struct table_rounds *rounds, double ours, double limit) {
  if (rounds->count == TABLE_ROUNDS_MAX) return;
  rounds->ours[rounds->count] = ours;
  rounds->limit[rounds->count++] = limit;
}

/* 1234567.8 as "1,234,568". */
static const char *grouped(char *out, double value) {
  char digits[32];
  int size = snprintf(digits, sizeof digits, "%.0f", value), used = 0;
  for (int i = 0; i < size; i++) {
    if (i != 0 && (size - i) % 3 == 0) out[used++] = ',';
    out[used++] = digits[i];
  }
  out[used] = '\0';
  return out;
}

static void row(const char *what, const char *measured, const char *limit, const char *ratio,
                const char *target, bool is_reached) {
  printf("%-47s %14s  %-26s %-18s %-21s %s\n", what, measured, limit, ratio, target,
         is_reached ? "yes" : "NO");
  (void)fflush(stdout);
  rows++;
  missed += !is_reached;
}

void table_begin(void) {
  printf("%-47s %14s  %-26s %-18s %-21s %s\n", "what", "measured", "limit", "ratio", "target",
         "reached");
}

void table_ratio(const char *what, const char *limit_name, struct table_rounds *rounds,
                 double target, double or_rate) {
  double ratios[TABLE_ROUNDS_MAX];
  char measured[48], limit[80], ratio[48], wanted[64], number[48], bound[48];
  for (size_t i = 0; i < rounds->count; i++) ratios[i] = rounds->ours[i] / rounds->limit[i];
  double middle = table_median(ratios, rounds->count);
  double rate = table_median(rounds->ours, rounds->count);
  (void)snprintf(measured, sizeof measured, "%s/s", grouped(number, rate));
  (void)snprintf(limit, sizeof limit, "%s/s %s",
                 grouped(number, table_median(rounds->limit, rounds->count)), limit_name);
  (void)snprintf(ratio, sizeof ratio, "%.2f (%.2f-%.2f)", middle, ratios[0],
                 ratios[rounds->count - 1]);
  (void)snprintf(wanted, sizeof wanted, ">= %.2f%s%s%s", target, or_rate > 0 ? " or " : "",
                 or_rate > 0 ? grouped(bound, or_rate) : "", or_rate > 0 ? "/s" : "");
  row(what, measured, limit, ratio, wanted, middle >= target || (or_rate > 0 && rate >= or_rate));
}

void table_rate(const char *what, double *rates, size_t count, double target) {
  char measured[48], wanted[64], spread[80], number[48], low[48], high[48];
  double rate = table_median(rates, count);
  (void)snprintf(measured, sizeof measured, "%s/s", grouped(number, rate));
  (void)snprintf(wanted, sizeof wanted, ">= %s/s", grouped(number, target));
  (void)snprintf(spread, sizeof spread, "%s-%s", grouped(low, rates[0]),
                 grouped(high, rates[count - 1]));
  row(what, measured, spread, "", wanted, rate >= target);
}

void table_below(const char *what, double value, const char *unit, double target,
                 const char *detail) {
  char measured[48], wanted[48];
  (void)snprintf(measured, sizeof measured, "%.1f %s", value, unit);
  (void)snprintf(wanted, sizeof wanted, "< %.0f %s", target, unit);
  row(what, measured, detail, "", wanted, value < target);
}

void table_note(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)vprintf(format, arguments);
  va_end(arguments);
  (void)putchar('\n');
  (void)fflush(stdout);
}

int table_end(void) {
  printf("%d of %d reached\n", rows - missed, rows);
  return missed;
}

void table_must(struct adduce_scope *scope, enum adduce_err err, const char *what) {
  if (err == ADDUCE_OK) return;
  (void)fprintf(stderr, "bench: %s: %s (%s)\n", what, adduce_error_sentence(err),
                adduce_scope_detail(scope));
  exit(1);
}
