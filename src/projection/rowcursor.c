/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/rowcursor.h"

#include "projection/filter.h"

/* --- opening ------------------------------------------------------------------------------ */

enum adduce_err rowcursor_choose(struct adduce_scope *scope, bool **chosen, const struct runs *runs,
                                 enum registry_number table, struct adduce_span prefix,
                                 uint64_t size) {
  struct adduce_span lead = filter_narrow(table, prefix);
  if (lead.size == 0) lead = filter_lead(table, prefix);
  *chosen = scope_array(scope, runs->count, sizeof **chosen);
  if (*chosen == NULL) return scope_no_memory(scope);
  if (lead.size != 0) TRY(run_may_have(scope, runs, *chosen, filter_hash(table, lead)));
  for (size_t i = 0; i < runs->count; i++)
    (*chosen)[i] = runs->items[i].begin < size && ((*chosen)[i] || lead.size == 0);
  return ADDUCE_OK;
}

/* Makes room for so many runs, and opens what they and the tail are read with. */
static enum adduce_err open_sources(struct rowcursor *cursor, struct store_txn *txn,
                                    enum registry_number table, size_t run_count) {
  struct adduce_scope *scope = cursor->scope;
  cursor->runs = scope_alloc(scope, run_count * sizeof *cursor->runs);
  cursor->live = scope_array(scope, run_count + 1, sizeof *cursor->live);
  cursor->heap = scope_array(scope, run_count + 1, sizeof *cursor->heap);
  cursor->tail_row = scope_new(scope, struct row);
  if (cursor->runs == NULL || cursor->live == NULL || cursor->heap == NULL ||
      cursor->tail_row == NULL)
    return scope_no_memory(scope);
  TRY(store_cursor_open(scope, &cursor->tail, txn, table));
  if (run_count == 0) return ADDUCE_OK;
  enum adduce_err err = store_cursor_open(scope, &cursor->blocks, txn, RUN_BLOCKS_TABLE);
  if (err != ADDUCE_OK) store_cursor_close(&cursor->tail);
  return err;
}

/* The room is there; memory for the cursor may not be: then it is closed. */
static enum adduce_err add_run(struct rowcursor *cursor, const struct run *run,
                               enum registry_number table) {
  struct run_cursor *added = run_cursor_take(cursor->scope, cursor->from);
  if (added == NULL) {
    rowcursor_close(cursor);
    return scope_no_memory(cursor->scope);
  }
  run_cursor_init(added, cursor->scope, &cursor->blocks, run->number, table);
  cursor->runs[cursor->run_count++] = added;
  return ADDUCE_OK;
}

enum adduce_err rowcursor_open(struct adduce_scope *scope, struct rowcursor *cursor,
                               struct store_txn *txn, const struct runs *runs,
                               enum registry_number table, struct adduce_span prefix,
                               uint64_t size) {
  bool *chosen;
  size_t count = 0;
  *cursor = (struct rowcursor){.scope = scope, .from = runs, .has_tail = true};
  TRY(rowcursor_choose(scope, &chosen, runs, table, prefix, size));
  for (size_t i = 0; i < runs->count; i++) count += chosen[i];
  TRY(open_sources(cursor, txn, table, count));
  for (size_t i = 0; i < runs->count; i++)
    if (chosen[i]) TRY(add_run(cursor, &runs->items[i], table));
  return ADDUCE_OK;
}

enum adduce_err rowcursor_open_part(struct adduce_scope *scope, struct rowcursor *cursor,
                                    struct store_txn *txn, const struct runs *runs,
                                    const struct run *run, enum registry_number table) {
  *cursor = (struct rowcursor){.scope = scope, .from = runs, .has_tail = run == NULL};
  TRY(open_sources(cursor, txn, table, run != NULL));
  return run == NULL ? ADDUCE_OK : add_run(cursor, run, table);
}

void rowcursor_close(struct rowcursor *cursor) {
  while (cursor->run_count > 0) run_cursor_give(cursor->from, cursor->runs[--cursor->run_count]);
  store_cursor_close(&cursor->tail);
  store_cursor_close(&cursor->blocks);
}

/* --- moving ------------------------------------------------------------------------------- */

static enum adduce_err read_tail(struct rowcursor *cursor, enum adduce_err err) {
  if (err != ADDUCE_OK) return err;
  return row_read(cursor->scope, cursor->tail_row, cursor->tail.key, cursor->tail.value);
}

static const struct row *row_at(const struct rowcursor *cursor, size_t source) {
  return source == cursor->run_count ? cursor->tail_row : &cursor->runs[source]->row;
}

/* Takes note of where a source came to. */
static enum adduce_err note(struct rowcursor *cursor, size_t source, enum adduce_err err) {
  cursor->live[source] = err == ADDUCE_OK;
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static void come_to(struct rowcursor *cursor, size_t source) {
  cursor->row = *row_at(cursor, source);
  cursor->at = source;
}

/* The greatest of the sources' rows. */
static enum adduce_err choose_greatest(struct rowcursor *cursor) {
  bool is_any = false;
  for (size_t i = 0; i <= cursor->run_count; i++) {
    if (!cursor->live[i]) continue;
    if (is_any && span_compare(row_at(cursor, i)->key, cursor->row.key) <= 0) continue;
    is_any = true;
    come_to(cursor, i);
  }
  return is_any ? ADDUCE_OK : ADDUCE_E_NOT_FOUND;
}

/* --- the least ---------------------------------------------------------------------------- */

static bool is_before(const struct rowcursor *cursor, size_t a, size_t b) {
  return span_compare(row_at(cursor, a)->key, row_at(cursor, b)->key) < 0;
}

/* The source at this place of the heap goes down to where it belongs. */
static void sink(struct rowcursor *cursor, size_t at) {
  size_t *heap = cursor->heap, moved = heap[at], child;
  while ((child = 2 * at + 1) < cursor->heap_count) {
    if (child + 1 < cursor->heap_count && is_before(cursor, heap[child + 1], heap[child])) child++;
    if (!is_before(cursor, heap[child], moved)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

static enum adduce_err choose_least(struct rowcursor *cursor) {
  if (cursor->heap_count == 0) return ADDUCE_E_NOT_FOUND;
  come_to(cursor, cursor->heap[0]);
  return ADDUCE_OK;
}

static enum adduce_err order_all(struct rowcursor *cursor) {
  cursor->heap_count = 0;
  for (size_t i = 0; i <= cursor->run_count; i++)
    if (cursor->live[i]) cursor->heap[cursor->heap_count++] = i;
  for (size_t i = cursor->heap_count / 2; i-- > 0;) sink(cursor, i);
  return choose_least(cursor);
}

/* The first source has moved, or has come to its end. */
static enum adduce_err order_first(struct rowcursor *cursor) {
  if (!cursor->live[cursor->at]) cursor->heap[0] = cursor->heap[--cursor->heap_count];
  if (cursor->heap_count != 0) sink(cursor, 0);
  return choose_least(cursor);
}

/* --- seeking ------------------------------------------------------------------------------ */

static enum adduce_err seek_tail(struct rowcursor *cursor, struct adduce_span key) {
  if (!cursor->has_tail) return ADDUCE_E_NOT_FOUND;
  return read_tail(cursor, store_cursor_seek(cursor->scope, &cursor->tail, key));
}

enum adduce_err rowcursor_seek(struct rowcursor *cursor, struct adduce_span key) {
  for (size_t i = 0; i < cursor->run_count; i++)
    TRY(note(cursor, i, run_cursor_seek(cursor->runs[i], key)));
  TRY(note(cursor, cursor->run_count, seek_tail(cursor, key)));
  return order_all(cursor);
}

enum adduce_err rowcursor_seek_back(struct rowcursor *cursor, struct adduce_span key) {
  for (size_t i = 0; i < cursor->run_count; i++)
    TRY(note(cursor, i, run_cursor_seek_back(cursor->runs[i], key)));
  enum adduce_err err = cursor->has_tail ? store_cursor_seek_back(cursor->scope, &cursor->tail, key)
                                         : ADDUCE_E_NOT_FOUND;
  TRY(note(cursor, cursor->run_count, read_tail(cursor, err)));
  return choose_greatest(cursor);
}

enum adduce_err rowcursor_next(struct rowcursor *cursor) {
  enum adduce_err err;
  if (cursor->at == cursor->run_count)
    err = read_tail(cursor, store_cursor_next(cursor->scope, &cursor->tail));
  else
    err = run_cursor_next(cursor->runs[cursor->at]);
  TRY(note(cursor, cursor->at, err));
  return order_first(cursor);
}
