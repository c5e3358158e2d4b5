/* SPDX-License-Identifier: Apache-2.0 */
#include "log/walk.h"

#include "log/log_priv.h"

enum adduce_err log_walk_open(struct adduce_scope *scope, struct log_walk *walk,
                              struct log_view *view) {
  *walk = (struct log_walk){.view = view};
  TRY(store_cursor_open(scope, &walk->entries, view->txn, LOG_ENTRIES));
  enum adduce_err err = store_cursor_open(scope, &walk->contents, view->txn, LOG_CONTENTS);
  if (err != ADDUCE_OK) store_cursor_close(&walk->entries);
  return err;
}

void log_walk_close(struct log_walk *walk) {
  store_cursor_close(&walk->entries);
  store_cursor_close(&walk->contents);
}

static enum adduce_err missing(struct adduce_scope *scope, uint64_t index) {
  return scope_fail(scope, ADDUCE_E_CORRUPT, "entry %llu is missing from the log",
                    (unsigned long long)index);
}

/* Not every entry has a content: its cursor waits until an entry has come as far as it is. */
static enum adduce_err move_contents(struct adduce_scope *scope, struct log_walk *walk,
                                     struct adduce_span key, bool seeks) {
  enum adduce_err err = ADDUCE_OK;
  if (seeks)
    err = store_cursor_seek(scope, &walk->contents, key);
  else if (walk->has_content && span_compare(walk->contents.key, key) < 0)
    err = store_cursor_next(scope, &walk->contents);
  if (seeks || err == ADDUCE_E_NOT_FOUND) walk->has_content = err == ADDUCE_OK;
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err move(struct adduce_scope *scope, struct log_walk *walk,
                            struct adduce_span key, uint64_t index) {
  bool seeks = !walk->is_under_way || index != walk->index + 1;
  walk->is_under_way = false;
  enum adduce_err err = seeks ? store_cursor_seek(scope, &walk->entries, key)
                              : store_cursor_next(scope, &walk->entries);
  if (err == ADDUCE_E_NOT_FOUND) return missing(scope, index);
  if (err != ADDUCE_OK) return err;
  if (!span_equal(walk->entries.key, key)) return missing(scope, index);
  TRY(move_contents(scope, walk, key, seeks));
  walk->is_under_way = true;
  walk->index = index;
  return ADDUCE_OK;
}

static enum adduce_err read(struct adduce_scope *scope, struct log_walk *walk,
                            struct log_entry *entry, struct claim *claim, struct adduce_span key) {
  struct parsed parsed;
  entry->entry = walk->entries.value;
  if (walk->has_content && span_equal(walk->contents.key, key))
    entry->content = walk->contents.value;
  enum adduce_err err =
      plan_entry_parse(scope, &entry->recorded_at_us, &entry->event, entry->entry);
  if (err == ADDUCE_OK) err = parsed_read_stored(scope, &parsed, entry->event, entry->content);
  if (err == ADDUCE_OK) claim_recall(claim, &parsed, rules_vocabulary(walk->view->rules));
  return err;
}

enum adduce_err log_walk_claim(struct adduce_scope *scope, struct log_walk *walk,
                               struct log_entry *entry, struct claim *claim, uint64_t index) {
  uint8_t room8[8];
  struct adduce_span key = log_index_key(room8, index);
  *entry = (struct log_entry){.index = index};
  if (index >= walk->view->size)
    return scope_fail(scope, ADDUCE_E_POSITION, "there is no entry %llu; the log has 0 to %llu",
                      (unsigned long long)index, (unsigned long long)walk->view->size - 1);
  TRY(move(scope, walk, key, index));
  enum adduce_err err = read(scope, walk, entry, claim, key);
  if (err == ADDUCE_OK || err == ADDUCE_E_MEMORY) return err;
  return scope_wrap(scope, ADDUCE_E_CORRUPT, "entry %llu: ", (unsigned long long)index);
}
