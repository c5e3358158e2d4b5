/* SPDX-License-Identifier: Apache-2.0 */
#include "log/check_priv.h"
#include "log/erase_priv.h"

typedef unsigned long long number; /* what %llu takes */

/* --- the tree -------------------------------------------------------------------------------*/

enum adduce_err check_order_tile(struct adduce_scope *scope, const struct check *check,
                                 unsigned level, uint64_t tile, const struct adduce_hash *hashes,
                                 size_t count) {
  uint8_t room9[9];
  struct adduce_span stored;
  enum adduce_err err =
      store_get(scope, check->txn, LOG_TILES, log_tile_key(room9, level, tile), &stored);
  if (err == ADDUCE_E_NOT_FOUND)
    return scope_fail(scope, ADDUCE_E_FAILED, "tile %u/%llu of the tree is missing", level,
                      (number)tile);
  if (err != ADDUCE_OK) return err;
  for (size_t i = 0; i < count && stored.size >= 32 * (i + 1); i++)
    if (memcmp(stored.data + 32 * i, hashes[i].bytes, 32) != 0)
      return scope_fail(
          scope, ADDUCE_E_FAILED,
          "tile %u/%llu of the tree: hash %zu is not that of the entries from %llu on", level,
          (number)tile, i, (number)((tile * MERKLE_TILE_WIDTH + i) << (8 * level)));
  if (stored.size == 32 * count) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "tile %u/%llu of the tree has %zu bytes; its %zu hashes take %zu", level,
                    (number)tile, stored.size, count, 32 * count);
}

/* The stored tile of leaves that entry `index` is in. */
static enum adduce_err find_leaves(struct adduce_scope *scope, const struct check *check,
                                   struct adduce_span *leaves, uint64_t index) {
  uint8_t room9[9];
  uint64_t tile = index / MERKLE_TILE_WIDTH;
  enum adduce_err err =
      store_get(scope, check->txn, LOG_TILES, log_tile_key(room9, 0, tile), leaves);
  if (err != ADDUCE_E_NOT_FOUND) return err;
  return scope_fail(scope, ADDUCE_E_FAILED, "entry %llu: tile 0/%llu of the tree is missing",
                    (number)index, (number)tile);
}

static enum adduce_err check_leaf(struct adduce_scope *scope, struct adduce_span leaves,
                                  const struct adduce_hash *leaf, uint64_t index) {
  size_t place = (size_t)(index % MERKLE_TILE_WIDTH) * 32;
  if (leaves.size >= place + 32 && memcmp(leaves.data + place, leaf->bytes, 32) == 0)
    return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FAILED, "entry %llu: it is not the leaf that the tree has",
                    (number)index);
}

struct full {
  struct adduce_scope *scope;
  const struct check *check;
};

static enum adduce_err check_full(void *context, unsigned level, uint64_t tile,
                                  const struct adduce_hash *hashes256) {
  const struct full *full = context;
  return check_order_tile(full->scope, full->check, level, tile, hashes256, MERKLE_TILE_WIDTH);
}

/* --- controls -------------------------------------------------------------------------------*/

/* The records of the table of controls, in step with the entries. */
struct controls {
  struct store_cursor cursor;
  bool has_more;
};

static enum adduce_err settle(struct controls *controls, enum adduce_err err) {
  controls->has_more = err == ADDUCE_OK;
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err check_listed(struct adduce_scope *scope, struct controls *controls,
                                    uint64_t index, bool control) {
  uint8_t room8[8];
  struct store_cursor *cursor = &controls->cursor;
  int order = controls->has_more ? span_compare(cursor->key, log_index_key(room8, index)) : 1;
  if (order < 0 || (order == 0 && cursor->value.size != 0))
    return scope_fail(scope, ADDUCE_E_FAILED,
                      "entry %llu: the table of controls has a damaged record there",
                      (number)index);
  if ((order == 0) != control)
    return scope_fail(scope, ADDUCE_E_FAILED, "entry %llu: it is %s, but the table of controls %s",
                      (number)index, control ? "a control entry" : "no control entry",
                      control ? "lacks it" : "has it");
  return order == 0 ? settle(controls, store_cursor_next(scope, cursor)) : ADDUCE_OK;
}

/* --- rules ----------------------------------------------------------------------------------*/

/* A control event is needed whole: its fields are read again. */
static enum adduce_err recall(struct adduce_scope *scope, const struct check *check,
                              struct event *event, const struct check_item *item) {
  struct parsed parsed;
  TRY(parsed_read_stored(scope, &parsed, item->event.claim.parsed.event, item->content));
  event_recall(event, &parsed, rules_vocabulary(check->rules));
  return ADDUCE_OK;
}

/* The checkpoint with which the log's key changed is what later readers judge the change by. Whose
 * signatures it has is seen when the kept checkpoints are walked. */
static enum adduce_err require_handover(struct adduce_scope *scope, const struct check *check,
                                        uint64_t index) {
  uint8_t room8[8];
  struct adduce_span note;
  const struct note_verifier *verifier, *outgoing;
  rules_log_keys(check->rules, index + 1, &verifier, &outgoing);
  if (outgoing == NULL) return ADDUCE_OK;
  enum adduce_err err =
      store_get(scope, check->txn, LOG_CHECKPOINTS, log_index_key(room8, index + 1), &note);
  if (err != ADDUCE_E_NOT_FOUND) return err;
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "the checkpoint of %llu entries, which two log keys signed, is not kept",
                    (number)index + 1);
}

/* Whether an entry is foreign is known only here: of our own, every reference leads somewhere. */
static enum adduce_err require_foreign(struct adduce_scope *scope, const struct check *check,
                                       const struct check_item *item, uint64_t index) {
  if (rules_import_of(check->rules, index) != NULL) return ADDUCE_OK;
  enum adduce_err err = check_ids_find_refs(scope, check->txn, NULL, &item->event.claim, index);
  return err == ADDUCE_OK ? err : scope_wrap(scope, err, "entry %llu: ", (number)index);
}

/* Whether a kind has been declared in this chunk is known only here; what was judged before it
 * was, is judged again. */
static enum adduce_err admit(struct adduce_scope *scope, struct check *check,
                             struct check_item *item, uint64_t index, size_t declared_before) {
  const struct vocabulary *vocabulary = rules_vocabulary(check->rules);
  struct event event = item->event;
  if (event.claim.kind == NULL && vocabulary_declared_count(vocabulary) != declared_before) {
    TRY(check_entries_judge_one(scope, check, check->txn, NULL, item, index));
    event = item->event;
  }
  if (item->control) TRY(recall(scope, check, &event, item));
  if (item->dangles) TRY(require_foreign(scope, check, item, index));
  int64_t time_us = item->recorded_at_us;
  enum adduce_err err = rules_admit(scope, check->rules, index, time_us, &event);
  if (err == ADDUCE_OK) err = rules_apply(scope, check->rules, index, time_us, &event);
  if (err == ADDUCE_OK && item->control) err = require_handover(scope, check, index);
  if (err == ADDUCE_OK && erase_acts(&event, rules_genesis(check->rules))) {
    check->report->erasures++;
    err = erase_check(scope, check->txn, &event);
  }
  return err == ADDUCE_OK ? err : scope_wrap(scope, err, "entry %llu: ", (number)index);
}

static void count_item(const struct check *check, const struct check_item *item) {
  struct log_check_report *report = check->report;
  report->contents += item->content.size != 0;
  report->withheld += item->withheld;
  report->controls += item->control;
  report->foreign += rules_import_of(check->rules, check->edge->size) != NULL;
  report->signatures += !check->options->no_signatures;
}

/* --- one after the other --------------------------------------------------------------------*/

static enum adduce_err enter_item(struct adduce_scope *scope, struct check *check,
                                  struct controls *controls, struct check_item *item,
                                  size_t declared_before) {
  uint64_t index = check->edge->size;
  if (item->recorded_at_us < check->last_recorded_us)
    return scope_fail(scope, ADDUCE_E_FAILED,
                      "entry %llu: it was recorded before the entry it follows", (number)index);
  check->last_recorded_us = item->recorded_at_us;
  if (!check->options->entries_only) {
    struct scope_mark mark = scope_mark(scope);
    TRY(check_listed(scope, controls, index, item->control));
    TRY(admit(scope, check, item, index, declared_before));
    scope_rewind(scope, mark);
    count_item(check, item);
    check_ids_join(&check->ids, &item->id_sum);
  }
  struct full full = {scope, check};
  return merkle_edge_push(check->edge, &item->leaf, check_full, &full);
}

static enum adduce_err enter_items(struct adduce_scope *scope, struct check *check,
                                   struct controls *controls, size_t count) {
  uint64_t first = check->edge->size;
  size_t declared_before = vocabulary_declared_count(rules_vocabulary(check->rules));
  struct adduce_span leaves;
  for (size_t i = 0; i < count; i++) {
    struct check_item *item = &check->items[i];
    if (i == 0 || (first + i) % MERKLE_TILE_WIDTH == 0)
      TRY(find_leaves(scope, check, &leaves, first + i));
    TRY(check_leaf(scope, leaves, &item->leaf, first + i));
    TRY(enter_item(scope, check, controls, item, declared_before));
  }
  return ADDUCE_OK;
}

enum adduce_err check_order_enter(struct adduce_scope *scope, struct check *check, size_t count) {
  uint8_t room8[8];
  struct controls controls;
  TRY(store_cursor_open(scope, &controls.cursor, check->txn, LOG_CONTROLS));
  enum adduce_err err =
      store_cursor_seek(scope, &controls.cursor, log_index_key(room8, check->edge->size));
  err = settle(&controls, err);
  if (err == ADDUCE_OK) err = enter_items(scope, check, &controls, count);
  store_cursor_close(&controls.cursor);
  return err;
}
