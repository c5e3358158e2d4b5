/* SPDX-License-Identifier: Apache-2.0 */
#include "columns.h"

#include <string.h>

#define GAP 2
#define FLEXIBLE_LEAST 20

void columns_init(struct columns *columns, size_t count) {
  if (count > COLUMNS_MAX) count = COLUMNS_MAX;
  *columns = (struct columns){.count = count, .flexible = count - 1};
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

/* Narrows the flexible column until a row fits the terminal, or the column is as narrow as it may
 * be. */
static void fit(const struct screen *screen, const struct columns *columns, size_t *widths,
                size_t indent) {
  size_t total = indent;
  if (screen->width == 0) return;
  for (size_t column = 0; column < columns->count; column++)
    if (widths[column] > 0) total += widths[column] + (total > indent ? GAP : 0);
  size_t *flexible = &widths[columns->flexible];
  size_t excess = total > screen->width ? total - screen->width : 0;
  if (*flexible <= FLEXIBLE_LEAST) return;
  *flexible = *flexible > FLEXIBLE_LEAST + excess ? *flexible - excess : FLEXIBLE_LEAST;
}

static void spaces(FILE *stream, size_t count) {
  fprintf(stream, "%*s", (int)count, "");
}

/* A line of a row, whose flexible cell is `flexible` and whose other cells are left out if
 * `is_continued`. */
static const char *make_line(const struct columns *columns, const size_t *widths, size_t row,
                             size_t indent, const char *flexible, bool is_continued) {
  struct text line;
  size_t pending = indent; /* spaces owed, so that no line ends in one */
  text_begin(&line);
  for (size_t column = 0; column < columns->count; column++) {
    const char *cell = columns->cells[row * columns->count + column];
    if (widths[column] == 0) continue;
    if (is_continued) cell = "";
    if (column == columns->flexible) cell = flexible;
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

static void print_row(const struct screen *screen, const struct columns *columns,
                      const size_t *widths, size_t row, size_t indent) {
  const char *rest = columns->cells[row * columns->count + columns->flexible];
  size_t width = widths[columns->flexible];
  if (!columns->is_wrapped && text_width(rest) > width) rest = text_cut(rest, width);
  for (bool is_first = true; is_first || rest != NULL; is_first = false) {
    const char *piece = width == 0 ? "" : text_break(&rest, width);
    if (width == 0) rest = NULL;
    screen_line(screen, make_line(columns, widths, row, indent, piece, !is_first));
  }
}

void columns_print(const struct screen *screen, const struct columns *columns, size_t indent) {
  size_t widths[COLUMNS_MAX];
  measure(columns, widths);
  fit(screen, columns, widths, indent);
  for (size_t row = 0; row < columns->rows; row++) print_row(screen, columns, widths, row, indent);
}
