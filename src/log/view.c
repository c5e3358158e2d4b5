/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "base/invariant.h"
#include "log/ids.h"

/* --- reading in a transaction ---------------------------------------------------------------*/

enum adduce_err view_size(struct adduce_scope *scope, struct store_txn *txn, uint64_t *size) {
  return store_count(scope, txn, LOG_ENTRIES, size);
}

static enum adduce_err missing(struct adduce_scope *scope, uint64_t index) {
  return scope_fail(scope, ADDUCE_E_CORRUPT, "entry %llu is missing from the log",
                    (unsigned long long)index);
}

enum adduce_err view_read(struct adduce_scope *scope, struct store_txn *txn,
                          struct log_entry *entry, uint64_t index) {
  uint8_t room8[8];
  struct adduce_span key = log_index_key(room8, index);
  *entry = (struct log_entry){.index = index};
  enum adduce_err err = store_get(scope, txn, LOG_ENTRIES, key, &entry->entry);
  if (err == ADDUCE_E_NOT_FOUND) return missing(scope, index);
  if (err != ADDUCE_OK) return err;
  err = plan_entry_parse(scope, &entry->recorded_at_us, &entry->event, entry->entry);
  if (err != ADDUCE_OK)
    return scope_wrap(scope, ADDUCE_E_CORRUPT, "entry %llu: ", (unsigned long long)index);
  err = store_get(scope, txn, LOG_CONTENTS, key, &entry->content);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err read_tile(void *context, struct adduce_scope *scope, unsigned level,
                                 uint64_t first, size_t count, struct adduce_hash *out) {
  uint8_t room9[9];
  struct adduce_span hashes;
  uint64_t tile = first / MERKLE_TILE_WIDTH;
  size_t begin = (size_t)(first % MERKLE_TILE_WIDTH) * 32;
  enum adduce_err err =
      store_get(scope, context, LOG_TILES, log_tile_key(room9, level, tile), &hashes);
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  if (err == ADDUCE_E_NOT_FOUND || hashes.size < begin + count * 32)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "tile %u/%llu of the tree is missing or short",
                      level, (unsigned long long)tile);
  memcpy(out, hashes.data + begin, count * 32);
  return ADDUCE_OK;
}

struct merkle_reader view_tiles(struct store_txn *txn) {
  return (struct merkle_reader){read_tile, txn};
}

enum adduce_err view_edge(struct adduce_scope *scope, struct store_txn *txn,
                          struct merkle_edge *edge, uint64_t size) {
  merkle_edge_init(edge);
  edge->size = size;
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
    uint64_t count = merkle_level_count(size, level);
    unsigned width = (unsigned)(count % MERKLE_TILE_WIDTH);
    edge->widths[level] = width;
    if (width != 0) TRY(read_tile(txn, scope, level, count - width, width, edge->tiles[level]));
  }
  return ADDUCE_OK;
}

static enum adduce_err next_control(struct adduce_scope *scope, struct store_txn *txn,
                                    uint64_t *index, uint64_t from) {
  uint8_t room8[8];
  struct store_cursor cursor;
  TRY(store_cursor_open(scope, &cursor, txn, LOG_CONTROLS));
  enum adduce_err err = store_cursor_seek(scope, &cursor, log_index_key(room8, from));
  if (err == ADDUCE_OK && cursor.key.size != 8)
    err = scope_fail(scope, ADDUCE_E_CORRUPT, "a key of the controls table is no index");
  if (err == ADDUCE_OK) *index = bigendian_get64(cursor.key.data);
  store_cursor_close(&cursor);
  return err;
}

/* --- rules ----------------------------------------------------------------------------------*/

/* Folds the control entries before `size`. */
static enum adduce_err fold_rules(struct adduce_scope *scope, struct store_txn *txn,
                                  struct rules *rules, uint64_t size) {
  uint64_t index = 0;
  for (;; index++) {
    struct log_entry entry;
    struct parsed parsed;
    struct event event;
    enum adduce_err err = next_control(scope, txn, &index, index);
    if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && index >= size)) return ADDUCE_OK;
    if (err != ADDUCE_OK) return err;
    TRY(view_read(scope, txn, &entry, index));
    TRY(parsed_read_stored(scope, &parsed, entry.event, entry.content));
    event_recall(&event, &parsed, rules_vocabulary(rules));
    err = rules_apply(scope, rules, index, entry.recorded_at_us, &event);
    if (err != ADDUCE_OK)
      return scope_wrap(scope, ADDUCE_E_CORRUPT, "control entry %llu: ", (unsigned long long)index);
  }
}

static enum adduce_err make_rules(struct adduce_scope *scope, struct log *log,
                                  struct store_txn *txn, struct log_rules **made, uint64_t size) {
  struct rules *rules = NULL;
  TRY(rules_open(scope, &rules));
  enum adduce_err err = fold_rules(scope, txn, rules, size);
  if (err != ADDUCE_OK) {
    rules_close(&rules);
    return err;
  }
  return view_share_rules(scope, log, made, rules);
}

enum adduce_err view_share_rules(struct adduce_scope *scope, struct log *log,
                                 struct log_rules **shared, struct rules *rules) {
  /* A few bytes for each change of the rules, as long as the log is open. */
  pthread_mutex_lock(&log->lock);
  struct log_rules *made = scope_new(log->scope, struct log_rules);
  pthread_mutex_unlock(&log->lock);
  if (made == NULL) {
    rules_close(&rules);
    return scope_no_memory(scope);
  }
  *made = (struct log_rules){rules, 1};
  *shared = made;
  return ADDUCE_OK;
}

static void release_locked(struct log_rules *rules) {
  INVARIANT(rules->references != 0);
  if (--rules->references == 0) rules_close(&rules->rules);
}

void view_release_rules(struct log *log, struct log_rules *rules) {
  if (rules == NULL) return;
  pthread_mutex_lock(&log->lock);
  release_locked(rules);
  pthread_mutex_unlock(&log->lock);
}

void view_install_rules(struct log *log, struct log_rules *rules) {
  pthread_mutex_lock(&log->lock);
  struct log_rules *old = log->rules;
  if (old == NULL || rules_next_index(rules->rules) > rules_next_index(old->rules)) {
    rules->references++;
    log->rules = rules;
    if (old != NULL) release_locked(old);
  }
  pthread_mutex_unlock(&log->lock);
}

enum adduce_err view_acquire_rules(struct adduce_scope *scope, struct log *log,
                                   struct store_txn *txn, struct log_rules **rules, uint64_t size) {
  pthread_mutex_lock(&log->lock);
  struct log_rules *known = log->rules;
  if (known != NULL) known->references++;
  pthread_mutex_unlock(&log->lock);
  if (known != NULL && rules_next_index(known->rules) <= size) {
    uint64_t index;
    enum adduce_err err = next_control(scope, txn, &index, rules_next_index(known->rules));
    if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && index >= size)) {
      *rules = known;
      return ADDUCE_OK;
    }
  }
  view_release_rules(log, known);
  TRY(make_rules(scope, log, txn, rules, size));
  view_install_rules(log, *rules);
  return ADDUCE_OK;
}

/* --- views ----------------------------------------------------------------------------------*/

enum adduce_err log_view_open(struct adduce_scope *scope, struct log_view *view, struct log *log) {
  *view = (struct log_view){.log = log};
  TRY(store_begin_read(scope, log->store, &view->txn));
  enum adduce_err err = view_size(scope, view->txn, &view->size);
  if (err == ADDUCE_OK) err = view_acquire_rules(scope, log, view->txn, &view->shared, view->size);
  if (err != ADDUCE_OK) {
    store_end_read(&view->txn);
    return err;
  }
  view->rules = view->shared->rules;
  return ADDUCE_OK;
}

void log_view_close(struct log_view *view) {
  view_release_rules(view->log, view->shared);
  store_end_read(&view->txn);
  view->shared = NULL;
  view->rules = NULL;
}

enum adduce_err log_view_entry(struct adduce_scope *scope, struct log_view *view,
                               struct log_entry *entry, uint64_t index) {
  if (index >= view->size)
    return scope_fail(scope, ADDUCE_E_POSITION, "there is no entry %llu; the log has 0 to %llu",
                      (unsigned long long)index, (unsigned long long)view->size - 1);
  return view_read(scope, view->txn, entry, index);
}

enum adduce_err log_view_event(struct adduce_scope *scope, struct log_view *view,
                               struct log_entry *entry, struct event *event, uint64_t index) {
  struct parsed parsed;
  TRY(log_view_entry(scope, view, entry, index));
  enum adduce_err err = parsed_read_stored(scope, &parsed, entry->event, entry->content);
  if (err == ADDUCE_E_MEMORY) return err;
  if (err != ADDUCE_OK)
    return scope_wrap(scope, ADDUCE_E_CORRUPT, "entry %llu: ", (unsigned long long)index);
  event_recall(event, &parsed, rules_vocabulary(view->rules));
  return ADDUCE_OK;
}

enum adduce_err log_view_find(struct adduce_scope *scope, struct log_view *view, uint64_t *index,
                              const struct adduce_id *id) {
  enum adduce_err err = ids_find(scope, view->txn, index, id->bytes);
  if (err != ADDUCE_E_NOT_FOUND) return err;
  return scope_fail(scope, err, "no event %s is in this log", hex_text32(id->bytes).text);
}

/* --- shortened ids --------------------------------------------------------------------------*/

#define AMBIGUOUS_SHOWN 5

/* The digits, padded with zeros, as the first id they can begin. */
static bool first_id(struct adduce_span digits, struct adduce_id *id) {
  char padded[65];
  memset(padded, '0', 64);
  padded[64] = '\0';
  memcpy(padded, digits.data, digits.size);
  return hex_decode(span_of(padded, 64), id->bytes, 32);
}

static bool begins_with(const void *context, const uint8_t *id32) {
  const struct adduce_span digits = *(const struct adduce_span *)context;
  struct adduce_id first;
  if (!first_id(digits, &first)) return false;
  size_t whole = digits.size / 2;
  if (memcmp(id32, first.bytes, whole) != 0) return false;
  return digits.size % 2 == 0 || (id32[whole] & 0xf0) == first.bytes[whole];
}

static enum adduce_err refuse_ambiguous(struct adduce_scope *scope, struct adduce_span digits,
                                        const struct ids_record *found, size_t count) {
  const char *shown = "";
  for (size_t i = 0; i < count; i++)
    shown = scope_format(scope, "%s%s%.16s", shown, i == 0 ? "" : ", ",
                         hex_text32(found[i].id.bytes).text);
  return scope_fail(scope, ADDUCE_E_AMBIGUOUS,
                    "%.*s begins the ids of several events; give more digits: %s%s",
                    SPAN_ARGS(digits), shown, count == AMBIGUOUS_SHOWN ? " ..." : "");
}

enum adduce_err log_view_find_prefix(struct adduce_scope *scope, struct log_view *view,
                                     uint64_t *index, struct adduce_span digits) {
  struct adduce_id first;
  struct ids_record found[AMBIGUOUS_SHOWN];
  size_t count;
  if (digits.size < 4 || digits.size > 64 || !first_id(digits, &first))
    return scope_fail(scope, ADDUCE_E_USAGE,
                      "\"%.*s\" names no event: give 4 to 64 hex digits of its id, or #INDEX",
                      SPAN_ARGS(digits));
  TRY(ids_list(scope, view->txn, found, AMBIGUOUS_SHOWN, &count, &first, begins_with, &digits));
  if (count == 0)
    return scope_fail(scope, ADDUCE_E_NOT_FOUND, "no event's id begins with %.*s",
                      SPAN_ARGS(digits));
  if (count > 1) return refuse_ambiguous(scope, digits, found, count);
  *index = found[0].index;
  return ADDUCE_OK;
}

/* --- positions ------------------------------------------------------------------------------*/

/* Recorded times never decrease, so this is a search by halves. */
enum adduce_err log_view_at_time(struct adduce_scope *scope, struct log_view *view, uint64_t *index,
                                 int64_t time_us) {
  uint64_t begin = 0, end = view->size; /* entries before begin are in time, from end on late */
  while (begin < end) {
    struct log_entry entry;
    uint64_t middle = begin + (end - begin) / 2;
    TRY(view_read(scope, view->txn, &entry, middle));
    if (entry.recorded_at_us <= time_us)
      begin = middle + 1;
    else
      end = middle;
  }
  if (begin == 0) return scope_fail(scope, ADDUCE_E_POSITION, "the log begins after that time");
  *index = begin - 1;
  return ADDUCE_OK;
}

enum adduce_err log_view_next_control(struct adduce_scope *scope, struct log_view *view,
                                      uint64_t *index, uint64_t from) {
  return next_control(scope, view->txn, index, from);
}

struct merkle_reader log_view_tree(struct log_view *view) {
  return view_tiles(view->txn);
}

enum adduce_err log_view_checkpoint(struct adduce_scope *scope, struct log_view *view,
                                    struct adduce_span *note) {
  enum adduce_err err = store_get(scope, view->txn, LOG_META, span_text("latest"), note);
  if (err == ADDUCE_E_NOT_FOUND)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "the log has no checkpoint");
  return err;
}
