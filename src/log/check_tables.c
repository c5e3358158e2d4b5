/* SPDX-License-Identifier: Apache-2.0 */
#include "log/check_priv.h"
#include "log/erase_priv.h"
#include "log/ids.h"

typedef unsigned long long number; /* what %llu takes */

/* --- tiles and records too many -------------------------------------------------------------*/

static enum adduce_err check_partial_tiles(struct adduce_scope *scope, const struct check *check) {
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
    unsigned width = check->edge->widths[level];
    uint64_t tile = merkle_level_count(check->edge->size, level) / MERKLE_TILE_WIDTH;
    if (width != 0)
      TRY(check_order_tile(scope, check, level, tile, check->edge->tiles[level], width));
  }
  return ADDUCE_OK;
}

static enum adduce_err compare_count(struct adduce_scope *scope, const struct check *check,
                                     const char *name, uint64_t count, uint64_t expected) {
  if (count == expected) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FAILED, "the table %s has %llu records; %llu entries have %llu",
                    name, (number)count, (number)check->size, (number)expected);
}

static enum adduce_err require_count(struct adduce_scope *scope, const struct check *check,
                                     unsigned table, const char *name, uint64_t expected) {
  uint64_t count;
  TRY(store_count(scope, check->txn, table, &count));
  return compare_count(scope, check, name, count, expected);
}

static enum adduce_err require_ids(struct adduce_scope *scope, const struct check *check) {
  uint64_t count;
  TRY(ids_count(scope, check->txn, &count));
  return compare_count(scope, check, "ids", count, check->size);
}

static uint64_t count_tiles(uint64_t size) {
  uint64_t count = 0;
  for (unsigned level = 0; level < MERKLE_LEVELS; level++)
    count += (merkle_level_count(size, level) + MERKLE_TILE_WIDTH - 1) / MERKLE_TILE_WIDTH;
  return count;
}

/* Every content before the end has been met; nothing may stand behind it. */
static enum adduce_err check_last_content(struct adduce_scope *scope, const struct check *check) {
  uint8_t room9[9];
  struct store_cursor cursor;
  TRY(store_cursor_open(scope, &cursor, check->txn, LOG_CONTENTS));
  enum adduce_err err = store_cursor_seek(scope, &cursor, check_entries_after(room9, check->size));
  store_cursor_close(&cursor);
  if (err != ADDUCE_OK) return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "the table contents has a record after that of entry %llu, the last",
                    (number)check->size - 1);
}

static enum adduce_err check_records(struct adduce_scope *scope, const struct check *check) {
  TRY(require_count(scope, check, LOG_TILES, "tiles", count_tiles(check->size)));
  if (check->options->entries_only) return ADDUCE_OK;
  TRY(require_ids(scope, check));
  TRY(check_ids_finish(scope, check));
  TRY(check_last_content(scope, check));
  return require_count(scope, check, LOG_CONTROLS, "controls", check->report->controls);
}

/* --- checkpoints ----------------------------------------------------------------------------*/

/* Opens a checkpoint with the log keys in force at its size. */
static enum adduce_err open_checkpoint(struct adduce_scope *scope, struct checkpoint *checkpoint,
                                       struct adduce_span bytes, const struct rules *rules) {
  struct note note;
  const struct note_verifier *verifier, *outgoing;
  TRY(checkpoint_parse(scope, checkpoint, &note, bytes));
  rules_log_keys(rules, checkpoint->size, &verifier, &outgoing);
  if (verifier == NULL)
    return scope_fail(scope, ADDUCE_E_SIGNATURE, "no log key is in force at size %llu",
                      (number)checkpoint->size);
  TRY(checkpoint_open(scope, checkpoint, bytes, verifier));
  return outgoing == NULL ? ADDUCE_OK : note_verify(scope, &note, outgoing);
}

static enum adduce_err fail_short(struct adduce_scope *scope, const struct check *check,
                                  const struct checkpoint *checkpoint) {
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "entry %llu: it is missing; there is a checkpoint of %llu entries",
                    (number)check->size, (number)checkpoint->size);
}

static enum adduce_err check_root(struct adduce_scope *scope, const struct check *check,
                                  const struct checkpoint *checkpoint) {
  struct adduce_hash root;
  struct merkle_reader tree = view_tiles(check->txn);
  if (checkpoint->size > check->size) return fail_short(scope, check, checkpoint);
  TRY(merkle_root(scope, &root, &tree, checkpoint->size));
  if (hash_equal(&root, &checkpoint->root)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "the checkpoint of size %llu has another root than the first %llu entries",
                    (number)checkpoint->size, (number)checkpoint->size);
}

/* Whether the log ends where its latest checkpoint says. */
static enum adduce_err check_end(struct adduce_scope *scope, const struct check *check,
                                 struct adduce_span *bytes) {
  struct checkpoint latest;
  struct note note;
  enum adduce_err err = store_get(scope, check->txn, LOG_META, span_text("latest"), bytes);
  if (err == ADDUCE_E_NOT_FOUND)
    return scope_fail(scope, ADDUCE_E_FAILED, "the log has no latest checkpoint");
  if (err != ADDUCE_OK) return err;
  err = checkpoint_parse(scope, &latest, &note, *bytes);
  if (err != ADDUCE_OK) return scope_wrap(scope, err, "the latest checkpoint: ");
  if (latest.size > check->size) return fail_short(scope, check, &latest);
  if (latest.size == check->size) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "entry %llu: the latest checkpoint does not cover it; it is of %llu entries",
                    (number)latest.size, (number)latest.size);
}

static enum adduce_err check_latest(struct adduce_scope *scope, const struct check *check,
                                    const struct rules *rules, struct adduce_span bytes) {
  struct checkpoint latest;
  enum adduce_err err = open_checkpoint(scope, &latest, bytes, rules);
  if (err != ADDUCE_OK) return scope_wrap(scope, err, "the latest checkpoint: ");
  return check_root(scope, check, &latest);
}

static enum adduce_err check_kept(struct adduce_scope *scope, const struct check *check,
                                  const struct rules *rules, const struct store_cursor *cursor) {
  struct checkpoint kept;
  if (cursor->key.size != 8)
    return scope_fail(scope, ADDUCE_E_FAILED, "the table checkpoints has a key of %zu bytes",
                      cursor->key.size);
  number size = bigendian_get64(cursor->key.data);
  enum adduce_err err = open_checkpoint(scope, &kept, cursor->value, rules);
  if (err != ADDUCE_OK) return scope_wrap(scope, err, "the checkpoint kept of size %llu: ", size);
  if (kept.size != size)
    return scope_fail(scope, ADDUCE_E_FAILED, "the checkpoint kept of size %llu says %llu", size,
                      (number)kept.size);
  return check_root(scope, check, &kept);
}

static enum adduce_err walk_kept(struct adduce_scope *scope, const struct check *check,
                                 const struct rules *rules) {
  struct store_cursor cursor;
  TRY(store_cursor_open(scope, &cursor, check->txn, LOG_CHECKPOINTS));
  enum adduce_err err = store_cursor_seek(scope, &cursor, span_of(NULL, 0));
  while (err == ADDUCE_OK) {
    struct scope_mark mark = scope_mark(scope);
    err = check_kept(scope, check, rules, &cursor);
    scope_rewind(scope, mark);
    if (err != ADDUCE_OK) break;
    check->report->checkpoints++;
    err = store_cursor_next(scope, &cursor);
  }
  store_cursor_close(&cursor);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

/* --- what stands beside the entries ---------------------------------------------------------*/

static enum adduce_err check_meta(struct adduce_scope *scope, const struct check *check) {
  struct adduce_span origin;
  uint64_t marks;
  enum adduce_err err = store_get(scope, check->txn, LOG_META, span_text("origin"), &origin);
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  if (err == ADDUCE_E_NOT_FOUND || !span_equal(origin, rules_origin(check->rules)))
    return scope_fail(scope, ADDUCE_E_FAILED, "entry 0: the table meta has another origin");
  TRY(erase_check_mark(scope, check->txn, &marks));
  return require_count(scope, check, LOG_META, "meta", 3 + marks);
}

static enum adduce_err check_quarantined(struct adduce_scope *scope, const struct check *check,
                                         struct adduce_span key) {
  struct log_view view = {.log = check->log, .txn = check->txn, .size = check->size};
  struct log_quarantined item;
  if (key.size == 8) return log_view_quarantined(scope, &view, &item, bigendian_get64(key.data));
  return scope_fail(scope, ADDUCE_E_FAILED, "the table quarantine has a key of %zu bytes",
                    key.size);
}

static enum adduce_err walk_quarantine(struct adduce_scope *scope, const struct check *check) {
  struct store_cursor cursor;
  TRY(store_cursor_open(scope, &cursor, check->txn, LOG_QUARANTINE));
  enum adduce_err err = store_cursor_seek(scope, &cursor, span_of(NULL, 0));
  while (err == ADDUCE_OK) {
    err = check_quarantined(scope, check, cursor.key);
    if (err != ADDUCE_OK) break;
    check->report->quarantined++;
    err = store_cursor_next(scope, &cursor);
  }
  store_cursor_close(&cursor);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err check_lock(struct adduce_scope *scope, const struct check *check) {
  struct merkle_reader tree = view_tiles(check->txn);
  return check->has_lock ? headlock_judge(scope, &check->lock, &tree, check->size) : ADDUCE_OK;
}

/* An import is appended whole. */
static enum adduce_err check_last_import(struct adduce_scope *scope, const struct check *check,
                                         const struct rules *rules) {
  uint64_t missing = rules_foreign_missing(rules, check->size);
  if (missing == 0) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "the last bundle.imported announces %llu entries more than follow it",
                    (number)missing);
}

static enum adduce_err finish_under(struct adduce_scope *scope, struct check *check,
                                    const struct rules *rules) {
  struct adduce_span latest;
  TRY(check_end(scope, check, &latest));
  TRY(check_partial_tiles(scope, check));
  TRY(check_latest(scope, check, rules, latest));
  TRY(check_records(scope, check));
  check->report->root = merkle_edge_root(check->edge);
  if (check->options->entries_only) return check_lock(scope, check);
  TRY(check_meta(scope, check));
  TRY(check_last_import(scope, check, rules));
  TRY(walk_kept(scope, check, rules));
  TRY(walk_quarantine(scope, check));
  return check_lock(scope, check);
}

enum adduce_err check_tables_finish(struct adduce_scope *scope, struct check *check) {
  struct log_rules *shared = NULL;
  if (!check->options->entries_only) return finish_under(scope, check, check->rules);
  /* The events were not read: the keys are those of the control entries as the log has them. */
  TRY(view_acquire_rules(scope, check->log, check->txn, &shared, check->size));
  enum adduce_err err = finish_under(scope, check, shared->rules);
  view_release_rules(check->log, shared);
  return err;
}
