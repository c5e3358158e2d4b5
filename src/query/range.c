/* SPDX-License-Identifier: Apache-2.0 */
#include "query/range.h"

#include "codec/cursor.h"
#include "projection/key.h"
#include "query/believed.h"
#include "query/exclusion.h"

enum adduce_err range_open(const struct asked *asked, struct range *range,
                           enum registry_number table, struct adduce_span prefix) {
  *range = (struct range){.asked = asked, .prefix = prefix};
  return rowcursor_open(asked->scope, &range->cursor, asked->world->rows, &asked->runs, table,
                        prefix, asked->size);
}

void range_close(struct range *range) {
  rowcursor_close(&range->cursor);
}

static enum adduce_err step(struct range *range) {
  if (range->is_started) return rowcursor_next(&range->cursor);
  range->is_started = true;
  return rowcursor_seek(&range->cursor, range->prefix.size == 0 ? span_of("", 1) : range->prefix);
}

static bool is_inside(const struct range *range) {
  struct adduce_span key = range->cursor.row.key, prefix = range->prefix;
  return key.size > prefix.size &&
         (prefix.size == 0 || memcmp(key.data, prefix.data, prefix.size) == 0);
}

/* To the first row after all that have the stem of the one the cursor is at. */
static enum adduce_err pass_stem(struct range *range) {
  uint8_t bytes[STORE_KEY_BYTES];
  struct adduce_span stem = key_stem(range->cursor.row.key);
  size_t size = stem.size + KEY_INDEX_BYTES;
  memcpy(bytes, stem.data, stem.size);
  memset(bytes + stem.size, 0xff, KEY_INDEX_BYTES);
  enum adduce_err err = rowcursor_seek(&range->cursor, span_of(bytes, size));
  if (err != ADDUCE_OK || !span_equal(range->cursor.row.key, span_of(bytes, size))) return err;
  return rowcursor_next(&range->cursor);
}

/* From where the cursor is to the first row that is visible. */
static enum adduce_err settle(struct range *range, enum adduce_err err) {
  for (; err == ADDUCE_OK && is_inside(range);) {
    bool is_out = false;
    if (range->cursor.row.index >= range->asked->size) {
      err = pass_stem(range);
      continue;
    }
    if (range->asked->exclusion != NULL)
      TRY(exclusion_has(range->asked->exclusion, &is_out, range->cursor.row.index));
    if (!is_out && range->asked->believed != NULL)
      TRY(believed_has(range->asked->believed, &is_out, range->cursor.row.index));
    if (!is_out) break;
    err = rowcursor_next(&range->cursor);
  }
  if (err != ADDUCE_OK) return err;
  range->row = range->cursor.row;
  return is_inside(range) ? ADDUCE_OK : ADDUCE_E_NOT_FOUND;
}

enum adduce_err range_next(struct range *range) {
  return settle(range, step(range));
}

enum adduce_err range_next_stem(struct range *range) {
  return settle(range, pass_stem(range));
}

enum adduce_err range_each(const struct asked *asked, enum registry_number table,
                           struct adduce_span prefix, range_visit_fn *visit, void *context) {
  struct range range;
  TRY(range_open(asked, &range, table, prefix));
  enum adduce_err err = range_next(&range);
  while (err == ADDUCE_OK) {
    err = visit(context, &range.row);
    if (err == ADDUCE_OK) err = range_next(&range);
  }
  range_close(&range);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

/* The rows of one part of the log: of a run, or with `run` NULL of the tail. */
static enum adduce_err visit_part(const struct asked *asked, enum registry_number table,
                                  struct adduce_span prefix, const struct run *run,
                                  range_visit_fn *visit, void *context) {
  struct range range = {.asked = asked, .prefix = prefix};
  struct row *rows = NULL;
  size_t count = 0, capacity = 0;
  TRY(rowcursor_open_part(asked->scope, &range.cursor, asked->world->rows, &asked->runs, run,
                          table));
  enum adduce_err err = range_next(&range);
  for (; err == ADDUCE_OK; err = range_next(&range)) {
    rows = scope_room(asked->scope, &capacity, rows, count, sizeof *rows);
    if (rows == NULL) break;
    rows[count] = range.row;
    rows[count++].key = span_of(NULL, 0);
  }
  range_close(&range);
  if (err == ADDUCE_OK) return scope_no_memory(asked->scope);
  if (err == ADDUCE_E_NOT_FOUND) err = ADDUCE_OK;
  while (err == ADDUCE_OK && count > 0) err = visit(context, &rows[--count]);
  return err;
}

enum adduce_err range_each_back(const struct asked *asked, enum registry_number table,
                                struct adduce_span prefix, range_visit_fn *visit, void *context) {
  const struct runs *runs = &asked->runs;
  bool *chosen;
  enum adduce_err err = ADDUCE_OK;
  TRY(rowcursor_choose(asked->scope, &chosen, runs, table, prefix, asked->size));
  if (run_end(runs) < asked->size) err = visit_part(asked, table, prefix, NULL, visit, context);
  for (size_t i = runs->count; i > 0 && err == ADDUCE_OK; i--)
    if (chosen[i - 1]) err = visit_part(asked, table, prefix, &runs->items[i - 1], visit, context);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

enum adduce_err range_count(const struct asked *asked, uint64_t *count, enum registry_number table,
                            struct adduce_span prefix) {
  struct range range;
  *count = 0;
  TRY(range_open(asked, &range, table, prefix));
  enum adduce_err err = settle(&range, step(&range));
  for (; err == ADDUCE_OK; err = settle(&range, step(&range))) ++*count;
  range_close(&range);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

struct adduce_span range_value(const struct row *row, const char *key) {
  struct adduce_span encoded;
  struct cursor map = cursor_of(row->value);
  return cursor_find(&map, key, &encoded) ? encoded : span_of(NULL, 0);
}

struct adduce_span range_text(const struct row *row, const char *key) {
  struct adduce_span text;
  struct cursor cursor = cursor_of(range_value(row, key));
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}
