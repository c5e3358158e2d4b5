/* SPDX-License-Identifier: Apache-2.0 */
#include "columns.h"

#include <string.h>

#define GAP 2

void columns_init(struct columns *columns, size_t count) {
  *columns = (struct columns){.count = count > COLUMNS_MAX ? COLUMNS_MAX : count};
}

void columns_add(struct columns *columns, const char *const *cells) {
  size_t used = columns->rows * columns->count;
  if (columns->rows == columns->capacity) {
    size_t capacity = columns->capacity == 0 ? 64 : columns->capacity * 2;
    const char **grown = text_allocate(capacity * columns->count * sizeof *grown);
    if (used > 0) memcpy(grown, columns->cells, used * sizeof *grown);
    columns->cells = grown;
    columns->capacity = capacity;
  }
  for (size_t i = 0; i < columns->count; i++)
    columns->cells[used + i] = cells[i] == NULL ? "" : cells[i];
  columns->rows++;
}

static void measure(const struct columns *columns, size_t *widths) {
  for (size_t column = 0; column < columns->count; column++) {
    widths[column] = 0;
    for (size_t row = 0; row < columns->rows; row++) {
      size_t width = text_width(columns->cells[row * columns->count + column]);
      if (width > widths[column]) widths[column] = width;
    }
  }
}

static void spaces(FILE *stream, size_t count) {
  fprintf(stream, "%*s", (int)count, "");
}

static const char *make_line(const struct columns *columns, const size_t *widths, size_t row,
                             size_t indent) {
  struct text line;
  size_t pending = indent; /* spaces owed, so that no line ends in one */
  text_begin(&line);
  for (size_t column = 0; column < columns->count; column++) {
    const char *cell = columns->cells[row * columns->count + column];
    if (widths[column] == 0) continue;
    size_t fill = widths[column] - text_width(cell);
    if (columns->is_right[column]) pending += fill;
    if (cell[0] != '\0') {
      spaces(line.stream, pending);
      fputs(cell, line.stream);
      pending = 0;
    }
    pending += GAP + (columns->is_right[column] ? 0 : fill);
  }
  return text_end(&line);
}

void columns_print(const struct screen *screen, const struct columns *columns, size_t indent) {
  size_t widths[COLUMNS_MAX];
  measure(columns, widths);
  for (size_t row = 0; row < columns->rows; row++)
    screen_line(screen, make_line(columns, widths, row, indent));
}
