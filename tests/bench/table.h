/* SPDX-License-Identifier: Apache-2.0 */
/* Times, medians, and the table that the benchmark prints: what was measured, the limit measured
 * beside it in the same run, their ratio, what was asked for, and whether it was reached. */
#ifndef TESTS_BENCH_TABLE_H
#define TESTS_BENCH_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/scope.h"

#define TABLE_ROUNDS_MAX 64

/* Seconds on a clock that only goes forward. */
double table_seconds(void);

/* Seconds of processor time that this process has had: for rates per core, which others on the
 * machine then do not disturb. */
double table_processor_seconds(void);

/* The middle one (of an even number, the mean of the two in the middle). Sorts `values`. */
double table_median(double *values, size_t count);

/* Rounds of one row: ours and the limit's, measured in turn, each in the unit of the row. */
struct table_rounds {
  double ours[TABLE_ROUNDS_MAX], limit[TABLE_ROUNDS_MAX];
  size_t count;
};

void table_add(struct table_rounds *rounds, double ours, double limit);

void table_begin(void);

/* A rate beside a limit; reached if the median of the rounds' ratios is at least `target`, or, with
 * `or_rate` above 0, if the median rate is at least that. */
void table_ratio(const char *what, const char *limit_name, struct table_rounds *rounds,
                 double target, double or_rate);

/* A rate that has a target of its own. */
void table_rate(const char *what, double *rates, size_t count, double target);

/* A figure that must stay below a target. `detail` says more about it. */
void table_below(const char *what, double value, const char *unit, double target,
                 const char *detail);

/* A line without a target. */
void table_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How many rows have not reached their target. */
int table_end(void);

/* Ends the program when `err` is one. */
void table_must(struct adduce_scope *scope, enum adduce_err err, const char *what);

#endif
