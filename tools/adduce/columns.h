/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of cells; each column but the last is as wide as its widest cell, and a column that is empty
 * in every row is left out. */
#ifndef ADDUCE_CLI_COLUMNS_H
#define ADDUCE_CLI_COLUMNS_H

#include "screen.h"

#define COLUMNS_MAX 8

struct columns {
  size_t count;
  size_t
      flexible; /* the column that gives way where the terminal is too narrow; the last at first */
  bool is_wrapped;            /* it goes on in the next lines, instead of being cut */
  bool is_right[COLUMNS_MAX]; /* aligned to the right; set after columns_init */
  const char **cells;         /* row by row */
  size_t rows, capacity;
};

void columns_init(struct columns *columns, size_t count);

/* Adds a row of `count` cells; NULL is an empty one. Cells are clean texts, perhaps in a style. */
void columns_add(struct columns *columns, const char *const *cells);

/* Prints the rows, each `indent` spaces in, cut to the terminal. */
void columns_print(const struct screen *screen, const struct columns *columns, size_t indent);

#endif
